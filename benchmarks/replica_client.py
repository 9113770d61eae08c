"""What people and the system do while a replica follows, lags or is gone."""

import time

from dateutil.relativedelta import relativedelta

from odoo import Command

from benchmarks import clock, engine, ledger, scenario
from benchmarks.screens import Asker, find
from benchmarks.webclient import WebClient

# Payers have two invoices each: one pays both, the other the first.
PAYERS = ("Pays All", "Pays One")
AMOUNTS = (100, 50)
LATE_DAYS = 40


def prepare(env):
    """Plan a reminder for each customer of a ledger, and for two who are about to
    pay."""
    scenario.set_up(env)
    # No day off: it is tried on any day. Nor do customers get time for late invoices.
    env.company.resource_calendar_id = False
    env.company.dunning_first_contact_days = 0
    partners = env["res.partner"].create(
        [{"name": name, "email": "payer@ledger.example"} for name in PAYERS]
    )
    due = clock.first_day() - relativedelta(days=LATE_DAYS)
    moves = env["account.move"].create(
        [
            {
                "move_type": "out_invoice",
                "partner_id": partner.id,
                "invoice_date": due,
                "invoice_date_due": due,
                "invoice_payment_term_id": False,
                "invoice_line_ids": [
                    Command.create(
                        {"name": "Goods", "price_unit": amount, "tax_ids": []}
                    )
                ],
            }
            for partner in partners
            for amount in AMOUNTS
        ]
    )
    moves.action_post()
    ledger.analyze(env)
    engine.first_run(env)
    env["dunning.plan.keeper"]._keep_up(env.company)
    ledger.analyze(env)
    return {"actions": [_find_action(env, name).id for name in PAYERS]}


def begin(env):
    """Find what there is to ask for, and ask for nothing."""
    find(env)


def ask(env, port):
    """Ask once for everything that screens show and people export.

    :return: seconds it took, how many questions, and those that were refused
    """
    found = find(env)
    partner = env["res.partner"].search([("ref", "=", "BENCH")], limit=1)
    parts = _get_parts(env)
    database = env.cr.dbname
    env.cr.commit()
    client = WebClient(port, database)
    asker = Asker(client, found["uid"], turns=1)
    start = time.perf_counter()
    asker.ask_all(found)
    for part in parts:
        client.call("dunning.dashboard", part, [])
    for method in ("get_explained", "get_history", "get_comparison"):
        client.call("dunning.indicator", method, [])
    client.call("res.partner", "dunning_get_timeline", [partner.ids])
    return {"seconds": time.perf_counter() - start, "pages": len(asker.seconds)}


def _get_parts(env):
    """The parts of the dashboard, which the screen asks for side by side."""
    parts = dir(type(env["dunning.dashboard"]))
    any_model = dir(type(env["base"]))
    return [name for name in parts if name.startswith("get_") and name not in any_model]


def pay(env):
    """Register payments: all of one customer, the first invoice of the other."""
    for name, count in zip(PAYERS, (2, 1), strict=True):
        moves = env["account.move"].search(
            [("partner_id.name", "=", name)], order="id", limit=count
        )
        register = env["account.payment.register"].with_context(
            active_model="account.move", active_ids=moves.ids
        )
        register.create({"group_payment": True})._create_payments()


def look(env, port, actions):
    """Return what the screen says of actions: state, and amount as told there."""
    client = WebClient(port, env.cr.dbname)
    rows = client.call(
        "dunning.action", "web_read", [actions], specification={"state": {}}
    )
    return {"states": [row["state"] for row in rows]}


def execute(env, port, actions):
    """Send by the button, one after the other; return what was refused."""
    client = WebClient(port, env.cr.dbname)
    refused = []
    for action in actions:
        try:
            client.call("dunning.action", "action_execute", [[action]])
        except RuntimeError as error:
            refused.append(str(error).splitlines()[-1])
    return {"refused": refused}


def send(env):
    """Send all the rest, as the scheduled action does."""
    env["dunning.action"]._cron_execute()


def export(env):
    """Have a workbook made in the background, as the scheduled action does."""
    workbook = env["dunning.workbook"]._order_new({"name": "Workbook"})
    env.cr.commit()
    # The replica hears of it in a moment.
    time.sleep(1)
    env["dunning.workbook"]._cron_make()
    env.invalidate_all()
    return {"state": workbook.state, "items": workbook.item_count}


def tell(env):
    """Return what the primary knows: state of the payers' actions, what was sent to
    them and for how much, what they owe, and how often each action was sent."""
    actions = env["dunning.action"].union(*(_find_action(env, x) for x in PAYERS))
    env.cr.execute("SELECT COUNT(*), COUNT(DISTINCT action_id) FROM dunning_sending")
    sendings, sent = env.cr.fetchone()
    return {
        "states": actions.mapped("state"),
        "claimed": [
            sum(x.amount_residual for x in action.line_ids if x.state == "done")
            for action in actions
        ],
        "owed": [
            sum(
                env["account.move"]
                .search([("partner_id", "=", action.partner_id.id)])
                .filtered(lambda move: move.move_type == "out_invoice")
                .mapped("amount_residual")
            )
            for action in actions
        ],
        "todo": env["dunning.action"].search_count([("state", "=", "todo")]),
        "sendings": sendings,
        "sent": sent,
    }


def _find_action(env, name):
    return env["dunning.action"].search([("partner_id.name", "=", name)])
