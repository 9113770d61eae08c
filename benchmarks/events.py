"""What accountants wait for: a payment registered on an invoice, a bank line
reconciled with it."""

import contextlib
import time

from odoo import Command

from benchmarks import clock

CUSTOMERS = 20
AMOUNT = 120


def prepare(env):
    """Give some customers of the ledger an overdue invoice made by Odoo itself."""
    partners = env["res.partner"].search([("ref", "=", "BENCH")], limit=CUSTOMERS)
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


def measure(env, rounds=2):
    """Time both events on each invoice; nothing of them stays.

    :return: dict of lists of seconds
    """
    moves = env["account.move"].search([("ref", "=", "EVENT")], order="id")
    journal = env["account.journal"].search(
        [("type", "=", "bank"), ("company_id", "=", env.company.id)], limit=1
    )
    figures = {"payment": [], "reconciliation": []}
    for number in range(rounds + 1):
        for move in moves if number else moves[:5]:
            payment = _time_payment(env, move, journal)
            reconciliation = _time_reconciliation(env, move, journal)
            # The first ones fill the caches.
            if number:
                figures["payment"].append(payment)
                figures["reconciliation"].append(reconciliation)
    return figures


def _time_payment(env, move, journal):
    with _undone(env):
        wizard = env["account.payment.register"].with_context(
            active_model="account.move", active_ids=move.ids
        )
        start = time.perf_counter()
        wizard.create({"journal_id": journal.id}).action_create_payments()
        env.flush_all()
        return time.perf_counter() - start


def _time_reconciliation(env, move, journal):
    with _undone(env):
        statement_line = env["account.bank.statement.line"].create(
            {
                "journal_id": journal.id,
                "date": clock.first_day(),
                "payment_ref": move.name,
                "partner_id": move.partner_id.id,
                "amount": AMOUNT,
            }
        )
        env.flush_all()
        item = move.line_ids.filtered(lambda line: line.display_type == "payment_term")
        start = time.perf_counter()
        _match(statement_line, item)
        env.flush_all()
        return time.perf_counter() - start


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


@contextlib.contextmanager
def _undone(env):
    """Take back what the block does, caches included."""
    savepoint = env.cr.savepoint()
    try:
        yield
    finally:
        savepoint.close(rollback=True)
        env.invalidate_all(flush=False)
