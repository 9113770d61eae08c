"""A bank import that pays every item of the ledger, while each of them is promised and
every second one disputed in part."""

from odoo import Command, fields

from benchmarks import clock, ledger

# An item is disputed for one third, which is not promised.
DISPUTED = 1 / 3
PAYMENT_DAYS = 5


def prepare(env):
    """Write a payment of each item, to be reconciled."""
    journal = env["account.journal"].search(
        [("type", "=", "bank"), ("company_id", "=", env.company.id)], limit=1
    )
    parameters = {
        "journal": journal.id,
        "account": journal.default_account_id.id,
        "day": clock.first_day(),
    }
    for statement in (MOVES, ITEMS, COUNTERPARTS):
        env.cr.execute(statement, parameters)
    ledger.analyze(env)


def claim(env):
    """Have each item promised, and every second one disputed.

    :return: dict with the number of promises and disputes
    """
    clock.pretend(env, clock.first_day())
    env = env(context={**env.context, "tracking_disable": True})
    items = env["account.move.line"].browse(_find_items(env))
    disputes = _dispute(env, items[::2])
    promises = _promise(env, items)
    ledger.analyze(env)
    return {"promises": len(promises), "disputes": len(disputes)}


def _dispute(env, items):
    reason = env["dunning.reason"].create({"name": "Benchmark"})
    return env["dunning.dispute"].create(
        [
            {
                "move_line_ids": [Command.set(item.ids)],
                "reason_id": reason.id,
                "amount": item.currency_id.round(item.amount_residual * DISPUTED),
            }
            for item in items
        ]
    )


def _promise(env, items):
    """Make promises in bulk: people make one after the other."""
    promises = env["dunning.promise"]
    day = clock.first_day()
    make = type(promises)._make
    type(promises)._make = lambda promise: None
    promises = promises.create(
        [
            {
                "partner_id": item.partner_id.id,
                "move_line_ids": [Command.set(item.ids)],
                "line_ids": [
                    Command.create(
                        {
                            "date": fields.Date.add(day, days=PAYMENT_DAYS),
                            "amount": left,
                        }
                    )
                ],
            }
            for item, left in promises._get_available(items).items()
        ]
    )
    type(promises)._make = make
    promises.write({"date": day, "baseline": []})
    promises._settle()
    return promises


def reconcile(env):
    """Reconcile every payment with its item at once; nothing of it stays.

    :return: dict with the seconds, and how many promises and disputes it settled
    """
    clock.pretend(env, clock.first_day())
    items = _find_items(env)
    payments = _find_payments(env)
    lines = env["account.move.line"]
    pairs = [lines.browse(pair) for pair in zip(items, payments, strict=True)]
    figures = {"items": len(pairs)}
    with clock.stopwatch(figures):
        lines._reconcile_plan(pairs)
        env.flush_all()
    if "dunning.promise" in env:
        kept = env["dunning.promise"].search_count([("state", "=", "kept")])
        closed = env["dunning.dispute"].search_count([("closed_by", "=", "paid")])
        figures |= {"kept": kept, "closed": closed}
    env.cr.rollback()
    return figures


def _find_items(env):
    return _find_ids(env, "BENCH/%")


def _find_payments(env):
    return _find_ids(env, "PAYMENT/BENCH/%")


def _find_ids(env, pattern):
    """Return the receivable items of entries, in an order that both have."""
    env.cr.execute(
        """
        SELECT item.id
          FROM account_move move
          JOIN account_move_line item ON item.move_id = move.id
         WHERE move.name LIKE %s
           AND item.display_type = 'payment_term'
      ORDER BY move.name
        """,
        [pattern],
    )
    return [id_ for (id_,) in env.cr.fetchall()]


MOVES = """
    INSERT INTO account_move (
        name, state, move_type, journal_id, company_id, currency_id, date, partner_id,
        commercial_partner_id, payment_state, auto_post, invoice_currency_rate,
        amount_untaxed, amount_total, amount_residual,
        amount_untaxed_signed, amount_total_signed, amount_residual_signed,
        amount_untaxed_in_currency_signed, amount_total_in_currency_signed
    )
    SELECT 'PAYMENT/' || name, 'posted', 'entry', %(journal)s, company_id, currency_id,
           %(day)s, partner_id, commercial_partner_id, 'not_paid', 'no', 1,
           0, amount_total, 0, 0, amount_total, 0, 0, amount_total
      FROM account_move
     WHERE name LIKE 'BENCH/%%'
"""

ITEMS = """
    INSERT INTO account_move_line (
        move_id, move_name, name, parent_state, journal_id, company_id,
        company_currency_id, currency_id, account_id, partner_id, date, date_maturity,
        debit, credit, balance, amount_currency, amount_residual,
        amount_residual_currency, reconciled, display_type, no_followup, sequence
    )
    SELECT payment.id, payment.name, payment.name, 'posted', payment.journal_id,
           item.company_id, item.currency_id, item.currency_id, item.account_id,
           item.partner_id, payment.date, payment.date,
           0, item.debit, -item.balance, -item.balance, -item.balance,
           -item.balance, FALSE, 'payment_term', TRUE, 1
      FROM account_move payment
      JOIN account_move_line item
        ON 'PAYMENT/' || item.move_name = payment.name
       AND item.display_type = 'payment_term'
     WHERE payment.name LIKE 'PAYMENT/BENCH/%%'
"""

COUNTERPARTS = """
    INSERT INTO account_move_line (
        move_id, move_name, name, parent_state, journal_id, company_id,
        company_currency_id, currency_id, account_id, partner_id, date,
        debit, credit, balance, amount_currency, amount_residual,
        amount_residual_currency, reconciled, display_type, no_followup, sequence
    )
    SELECT id, name, name, state, journal_id, company_id, currency_id, currency_id,
           %(account)s, partner_id, date, amount_total, 0, amount_total, amount_total,
           0, 0, FALSE, 'product', TRUE, 2
      FROM account_move
     WHERE name LIKE 'PAYMENT/BENCH/%%'
"""
