"""Figures as of a day, on a ledger with three paid items for each open one, over three
years: aged balance, indicators, history, forecast, dashboard."""

import datetime

from odoo import fields
from odoo.tools import SQL

from benchmarks import clock, ledger

PAID_PER_OPEN = 3
DAYS = 1095
PAST_DAYS = 180


def prepare(env):
    """Write the paid items: an invoice, its payment, and what reconciles them.

    :return: dict with the number of open and of paid items
    """
    journal = env["account.journal"].search(
        [("type", "=", "bank"), ("company_id", "=", env.company.id)], limit=1
    )
    parameters = {
        "bank_journal": journal.id,
        "bank": journal.default_account_id.id,
        "copies": PAID_PER_OPEN,
        "days": DAYS,
        "day": clock.first_day(),
        **ledger.get_records(env),
    }
    indexes = ledger.drop_indexes(env)
    for statement in (INVOICES, INVOICE_LINES, PAYMENTS, PAYMENT_LINES, PARTIALS):
        env.cr.execute(statement, parameters)
    for index in indexes:
        env.cr.execute(index)
    env.cr.commit()
    ledger.analyze(env)
    env.cr.execute("SELECT COUNT(*) FROM account_partial_reconcile")
    (paid,) = env.cr.fetchone()
    return {"paid": paid}


def balance_today(env):
    """What a list of customers reads, as of today."""
    return _time(env, lambda: env.company._dunning_aged_balance(clock.first_day()))


def balance_past(env):
    """The same half a year ago."""
    day = clock.first_day() - datetime.timedelta(days=PAST_DAYS)
    return _time(env, lambda: env.company._dunning_aged_balance(day))


def screen(env):
    """What the screen reads: customers with their columns, the count, and a page."""
    balance = env["dunning.aged.balance"]
    names = ["amount_not_due", "amount_company"]
    names += [f"amount_age_{number}" for number in range(1, 5)]

    def read():
        balance.formatted_read_group(
            [], ["partner_id"], [f"{name}:sum" for name in names], limit=80
        )
        rows = balance.search([("days_late", ">", 30)], limit=80)
        return [rows.read(["partner_id", "date_due", *names])]

    return _time(env, read)


def indicators(env):
    """All indicators of the company."""
    return _time(env, lambda: [env.company._dunning_indicators(clock.first_day())])


def history(env):
    """Those of 24 months."""
    return _time(env, lambda: env.company._dunning_indicator_history(clock.first_day()))


def check(env):
    """Say by how much totals differ from the ledger's accounts: by nothing."""
    clock.pretend(env, clock.first_day())
    worst = 0.0
    for back in (0, 30, PAST_DAYS, 700):
        day = clock.first_day() - datetime.timedelta(days=back)
        rows = env.company._dunning_aged_balance(day)
        env.cr.execute(
            SQL(
                """
                SELECT COALESCE(SUM(balance), 0)
                  FROM account_move_line line
                 WHERE parent_state = 'posted' AND date <= %s AND %s
                """,
                fields.Date.to_string(day),
                env["dunning.balance"]._get_receivable_sql("line"),
            )
        )
        (expected,) = env.cr.fetchone()
        found = sum(row["total_company"] for row in rows)
        worst = max(worst, abs(round(found - expected, 2)))
    return {"seconds": 0.0, "difference": worst}


def _time(env, read):
    clock.pretend(env, clock.first_day())
    figures = {}
    with clock.stopwatch(figures):
        rows = read()
    return {**figures, "rows": len(rows)}


# Copies of the open invoices, sold over three years and paid by the habit of their
# customer: around a number of days of its own; some pay on Thursdays alone.
INVOICES = """
    INSERT INTO account_move (
        name, ref, state, move_type, journal_id, company_id, currency_id, date,
        invoice_date, invoice_date_due, partner_id, commercial_partner_id,
        payment_state, auto_post, invoice_currency_rate,
        amount_untaxed, amount_total, amount_residual,
        amount_untaxed_signed, amount_total_signed, amount_residual_signed,
        amount_untaxed_in_currency_signed, amount_total_in_currency_signed
    )
    SELECT replace(open.name, 'BENCH/', 'PAID/' || copy || '/'), 'PAID', 'posted',
           'out_invoice', open.journal_id, open.company_id, open.currency_id,
           sold.date, sold.date, sold.date + 30, open.partner_id,
           open.commercial_partner_id, 'paid', 'no', 1,
           open.amount_total, open.amount_total, 0, open.amount_total,
           open.amount_total, 0, open.amount_total, open.amount_total
      FROM account_move open
CROSS JOIN generate_series(1, %(copies)s) copy
CROSS JOIN LATERAL (
               SELECT %(day)s::date - 90 - (open.id * 7 + copy * 397) %% %(days)s
                      AS date
           ) sold
     WHERE open.name LIKE 'BENCH/%%'
"""

INVOICE_LINES = """
    INSERT INTO account_move_line (
        move_id, move_name, name, parent_state, journal_id, company_id,
        company_currency_id, currency_id, account_id, partner_id, date,
        invoice_date, date_maturity, debit, credit, balance, amount_currency,
        amount_residual, amount_residual_currency, reconciled, display_type,
        no_followup, sequence
    )
    SELECT move.id, move.name, move.name, 'posted', move.journal_id, move.company_id,
           move.currency_id, move.currency_id, side.account, move.partner_id, move.date,
           move.date, CASE WHEN side.sign > 0 THEN move.invoice_date_due END,
           GREATEST(side.sign, 0) * move.amount_total,
           GREATEST(-side.sign, 0) * move.amount_total,
           side.sign * move.amount_total, side.sign * move.amount_total, 0, 0,
           side.sign > 0,
           CASE WHEN side.sign > 0 THEN 'payment_term' ELSE 'product' END,
           FALSE, 100
      FROM account_move move
CROSS JOIN (VALUES (1, %(receivable)s), (-1, %(income)s)) side(sign, account)
     WHERE move.ref = 'PAID'
"""

PAYMENTS = """
    INSERT INTO account_move (
        name, ref, state, move_type, journal_id, company_id, currency_id, date,
        partner_id, commercial_partner_id, payment_state, auto_post, amount_total,
        amount_total_signed
    )
    SELECT 'BANK/' || id, 'BANK', 'posted', 'entry', %(bank_journal)s, company_id,
           currency_id,
           paid.date + CASE WHEN partner_id %% 5 = 0
                            THEN (11 - EXTRACT(ISODOW FROM paid.date)::int) %% 7
                            WHEN EXTRACT(ISODOW FROM paid.date) > 5
                            THEN 8 - EXTRACT(ISODOW FROM paid.date)::int
                            ELSE 0
                       END,
           partner_id, commercial_partner_id, 'not_paid', 'no', amount_total,
           amount_total
      FROM account_move
CROSS JOIN LATERAL (
               SELECT invoice_date_due - 5 + (partner_id * 7) %% 45
                      + HASHINT4(id) %% 9 AS date
           ) paid
     WHERE ref = 'PAID'
"""

PAYMENT_LINES = """
    INSERT INTO account_move_line (
        move_id, move_name, name, parent_state, journal_id, company_id,
        company_currency_id, currency_id, account_id, partner_id, date, debit, credit,
        balance, amount_currency, amount_residual, amount_residual_currency,
        reconciled, display_type, no_followup, sequence
    )
    SELECT move.id, move.name, move.name, 'posted', move.journal_id, move.company_id,
           move.currency_id, move.currency_id, side.account, move.partner_id, move.date,
           GREATEST(side.sign, 0) * move.amount_total,
           GREATEST(-side.sign, 0) * move.amount_total,
           side.sign * move.amount_total, side.sign * move.amount_total, 0, 0,
           side.sign < 0, 'product', TRUE, 100
      FROM account_move move
CROSS JOIN (VALUES (-1, %(receivable)s), (1, %(bank)s)) side(sign, account)
     WHERE move.ref = 'BANK'
"""

PARTIALS = """
    INSERT INTO account_partial_reconcile (
        debit_move_id, credit_move_id, amount, debit_amount_currency,
        credit_amount_currency, debit_currency_id, credit_currency_id, company_id,
        max_date
    )
    SELECT debit.id, credit.id, debit.balance, debit.balance, debit.balance,
           debit.currency_id, credit.currency_id, debit.company_id,
           GREATEST(debit.date, credit.date)
      FROM account_move_line credit
      JOIN account_move_line debit
        ON debit.move_id = substr(credit.move_name, 6)::int
       AND debit.account_id = %(receivable)s
     WHERE credit.move_name LIKE 'BANK/%%' AND credit.account_id = %(receivable)s
"""
