"""What accountants wait for: a payment registered on an invoice, a bank line
reconciled with it."""

import gc
import itertools
import random
import time
from collections import defaultdict

from odoo import SUPERUSER_ID, Command, api
from odoo.modules.registry import Registry

from benchmarks import clock

CUSTOMERS = 20
WARM_UP = 5
ACCOUNTANT = "accountant"
AMOUNT = 120


def prepare(env):
    """Give some customers of the ledger, and as many who owe nothing else, an overdue
    invoice made by Odoo itself; and the ledger an accountant."""
    env["res.users"].create(
        {
            "name": "Accountant",
            "login": ACCOUNTANT,
            "group_ids": env.ref("account.group_account_user").ids,
        }
    )
    partners = env["res.partner"].search([("ref", "=", "BENCH")], limit=CUSTOMERS)
    partners += env["res.partner"].create(
        [
            {"name": f"Single {number}", "email": f"single{number}@customer.example"}
            for number in range(CUSTOMERS)
        ]
    )
    moves = env["account.move"].create(
        [
            {
                "move_type": "out_invoice",
                "partner_id": partner.id,
                "invoice_date": clock.first_day().replace(day=1),
                "invoice_date_due": clock.first_day().replace(day=1),
                "invoice_payment_term_id": False,
                "ref": "EVENT",
                "invoice_line_ids": [
                    Command.create(
                        {"name": "Goods", "price_unit": AMOUNT, "tax_ids": []}
                    )
                ],
            }
            for partner in partners
        ]
    )
    moves.action_post()


def compare(env, databases, rounds=2):
    """Time both events on each invoice of several databases, one after the other: the
    machine is now faster, now slower, and so it is for all of them. The order is drawn
    anew each time, for what an event leaves in the processor's caches helps or hinders
    the next one. Nothing stays.

    :param databases: dict of kind to name
    :return: dict of kind to dict of event to lists of seconds, for all kinds in the
        same order; events are named ``last_…`` where the customer owes nothing else
    """
    figures = {kind: defaultdict(list) for kind in databases}
    for number in range(rounds + 1):
        # Three registries are more garbage to look through than a server has.
        gc.collect()
        gc.freeze()
        # The first ones fill the caches.
        for invoice in range(2 * CUSTOMERS if number else WARM_UP):
            turns = list(itertools.product(databases.items(), EVENTS))
            random.shuffle(turns)
            for (kind, name), event in turns:
                seconds = _time(name, EVENTS[event], invoice)
                if number:
                    last = "last_" if invoice >= CUSTOMERS else ""
                    figures[kind][f"{last}{event}"].append(seconds)
    return figures


def _time(name, event, invoice):
    """Time an event in a transaction of its own, as a server does.

    :param name: of the database
    :param event: takes the invoice, and returns the function that is timed
    :param invoice: number of the invoice
    :return: seconds
    """
    with Registry(name).cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        clock.pretend(env, clock.first_day())
        # Rights are checked, as they are for those who wait.
        env = env(user=env["res.users"].search([("login", "=", ACCOUNTANT)]))
        moves = env["account.move"].search([("ref", "=", "EVENT")], order="id")
        function = event(moves[invoice])
        env.flush_all()
        start = time.perf_counter()
        function()
        env.flush_all()
        seconds = time.perf_counter() - start
        cr.rollback()
    return seconds


def _prepare_payment(move):
    register = move.env["account.payment.register"].with_context(
        active_model="account.move", active_ids=move.ids
    )
    journal = _get_journal(move.env)
    return lambda: register.create({"journal_id": journal.id}).action_create_payments()


def _prepare_reconciliation(move):
    statement_line = move.env["account.bank.statement.line"].create(
        {
            "journal_id": _get_journal(move.env).id,
            "date": clock.first_day(),
            "payment_ref": move.name,
            "partner_id": move.partner_id.id,
            "amount": AMOUNT,
        }
    )
    item = move.line_ids.filtered(lambda line: line.display_type == "payment_term")
    return lambda: _match(statement_line, item)


def _get_journal(env):
    return env["account.journal"].search(
        [("type", "=", "bank"), ("company_id", "=", env.company.id)], limit=1
    )


def _match(statement_line, item):
    """Match a bank line with an item, as the reconciliation screens do: the line that
    waits gives way to one on the account of the item, and both are reconciled."""
    liquidity, suspense, _others = statement_line._seek_for_lines()
    entry = statement_line.move_id.with_context(
        skip_account_move_synchronization=True,
        skip_invoice_sync=True,
        force_delete=True,
        skip_readonly_check=True,
    )
    payment = {
        "name": statement_line.payment_ref,
        "account_id": item.account_id.id,
        "partner_id": item.partner_id.id,
        "currency_id": suspense.currency_id.id,
        "balance": suspense.balance,
        "amount_currency": suspense.amount_currency,
    }
    entry.line_ids = [Command.delete(suspense.id), Command.create(payment)]
    (entry.line_ids - liquidity + item).reconcile()


EVENTS = {"payment": _prepare_payment, "reconciliation": _prepare_reconciliation}
