"""A ledger with a past: three times as many items that were paid as are open, by
customers with habits, written by SQL."""

from datetime import timedelta

from benchmarks import clock, ledger

PAID_PER_OPEN = 3
WEEKS = 13


def build(env, items, per_customer=8):
    """Write the ledger: items that are open, due lately or soon, and those that were
    paid in the two years before.

    :param items: number of open items
    :param per_customer: open items of each customer
    """
    bank = env["account.journal"].search(
        [("type", "=", "bank"), ("company_id", "=", env.company.id)], limit=1
    )
    parameters = {
        "customers": items // per_customer,
        "open": per_customer,
        "all": per_customer * (1 + PAID_PER_OPEN),
        "day": clock.first_day(),
        "bank": bank.id,
        **ledger._get_records(env),
    }
    figures = {}
    with clock.stopwatch(figures):
        indexes = ledger._drop_indexes(env)
        for statement in (ledger.PARTNERS, HISTORY, INVOICES, ITEMS, PAYMENTS, PAID):
            env.cr.execute(statement, parameters)
        for index in indexes:
            env.cr.execute(index)
    env.cr.commit()
    ledger.analyze(env)
    return figures


def forecast(env):
    """The forecast of a quarter, its band included."""
    figures = {}
    with clock.stopwatch(figures):
        rows = env.company._dunning_forecast(clock.first_day(), WEEKS)
    return {**figures, "expected": sum(row["amount"] for row in rows)}


def forecast_past(env):
    """The same as of a day a quarter ago."""
    day = clock.first_day() - timedelta(7 * WEEKS)
    figures = {}
    with clock.stopwatch(figures):
        rows = env.company._dunning_forecast(day, WEEKS)
    return {**figures, "expected": sum(row["amount"] for row in rows)}


# Each customer pays around a number of days of its own; the noise is that of its number
# and the turn, so that the ledger is the same each time.
HISTORY = """
    CREATE TEMPORARY TABLE history ON COMMIT DROP AS
    SELECT nextval(pg_get_serial_sequence('account_move', 'id')) AS move_id,
           nextval(pg_get_serial_sequence('account_move_line', 'id')) AS item_id,
           nextval(pg_get_serial_sequence('account_move', 'id')) AS payment_id,
           nextval(pg_get_serial_sequence('account_move_line', 'id')) AS credit_id,
           customer.id AS partner_id,
           due.date AS due,
           due.date + (customer.number * 7)::int %% 45 - 5
               + (HASHINT4(customer.number::int * 64 + turn) %% 9) AS paid,
           turn <= %(open)s AS is_open,
           100 + (customer.number * 13 + turn) %% 900 AS amount
      FROM generate_series(1, %(all)s) turn
CROSS JOIN (
               SELECT id, ROW_NUMBER() OVER (ORDER BY id) AS number
                 FROM res_partner
                WHERE ref = 'BENCH'
           ) customer
CROSS JOIN LATERAL (
               SELECT CASE WHEN turn <= %(open)s
                           THEN %(day)s::date + 40
                                - (customer.number * 3 + turn * 11)::int %% 60
                           ELSE %(day)s::date - 70
                                - (customer.number * 5 + turn * 29)::int %% 660
                      END AS date
           ) due
"""

INVOICES = """
    INSERT INTO account_move (
        id, name, state, move_type, journal_id, company_id, currency_id, date,
        invoice_date, invoice_date_due, partner_id, commercial_partner_id,
        payment_state, auto_post, invoice_currency_rate, amount_total, amount_residual
    )
    SELECT move_id, 'BENCH/' || move_id, 'posted', 'out_invoice', %(journal)s,
           %(company)s, %(currency)s, due - 40, due - 40, due, partner_id, partner_id,
           CASE WHEN is_open THEN 'not_paid' ELSE 'paid' END, 'no', 1, amount,
           CASE WHEN is_open THEN amount ELSE 0 END
      FROM history
"""

ITEMS = """
    INSERT INTO account_move_line (
        id, move_id, move_name, name, parent_state, journal_id, company_id,
        company_currency_id, currency_id, account_id, partner_id, date,
        invoice_date, date_maturity, debit, credit, balance, amount_currency,
        amount_residual, amount_residual_currency, reconciled, display_type,
        no_followup, sequence
    )
    SELECT item_id, move_id, 'BENCH/' || move_id, 'Invoice', 'posted', %(journal)s,
           %(company)s, %(currency)s, %(currency)s, %(receivable)s, partner_id,
           due - 40, due - 40, due, amount, 0, amount, amount,
           CASE WHEN is_open THEN amount ELSE 0 END,
           CASE WHEN is_open THEN amount ELSE 0 END,
           NOT is_open, 'payment_term', FALSE, 10000
      FROM history
"""

PAYMENTS = """
    INSERT INTO account_move (
        id, name, state, move_type, journal_id, company_id, currency_id, date,
        partner_id, commercial_partner_id, payment_state, auto_post,
        invoice_currency_rate, amount_total
    )
    SELECT payment_id, 'BENCH/P/' || payment_id, 'posted', 'entry', %(bank)s,
           %(company)s, %(currency)s, paid, partner_id, partner_id, 'not_paid', 'no', 1,
           amount
      FROM history
     WHERE NOT is_open;

    INSERT INTO account_move_line (
        id, move_id, move_name, name, parent_state, journal_id, company_id,
        company_currency_id, currency_id, account_id, partner_id, date, debit, credit,
        balance, amount_currency, amount_residual, amount_residual_currency,
        reconciled, display_type, no_followup, sequence
    )
    SELECT credit_id, payment_id, 'BENCH/P/' || payment_id, 'Payment', 'posted',
           %(bank)s, %(company)s, %(currency)s, %(currency)s, %(receivable)s,
           partner_id, paid, 0, amount, -amount, -amount, 0, 0, TRUE, 'product', FALSE,
           10
      FROM history
     WHERE NOT is_open
"""

PAID = """
    INSERT INTO account_partial_reconcile (
        debit_move_id, credit_move_id, amount, debit_amount_currency,
        credit_amount_currency, debit_currency_id, credit_currency_id, company_id,
        max_date
    )
    SELECT item_id, credit_id, amount, amount, amount, %(currency)s, %(currency)s,
           %(company)s, paid
      FROM history
     WHERE NOT is_open
"""
