"""A ledger of any size, written by SQL in minutes.

Built on Odoo without the addon, so that installing on a full ledger can be measured
and every competitor gets the same one. Each customer has some invoices with one open
item each, due long before the first day; but every so many customers one whose items
reach the first level on the day after.
"""

from benchmarks import clock

LATE_DAYS = 80
TABLES = ("account_move", "account_move_line")


def build(env, items, per_customer=8, moving_share=0.01):
    """Write the ledger and refresh the statistics of the database.

    :param items: number of open items
    :param per_customer: items of each customer
    :param moving_share: share of the customers whose first level is a day later
    """
    parameters = {
        "customers": items // per_customer,
        "per_customer": per_customer,
        "every": round(1 / moving_share),
        "day": clock.first_day(),
        "first_delay": clock.DELAYS[0],
        "late_days": LATE_DAYS,
        **get_records(env),
    }
    figures = {}
    with clock.stopwatch(figures):
        indexes = drop_indexes(env)
        for statement in (PARTNERS, MOVES, ITEMS, COUNTERPARTS):
            env.cr.execute(statement, parameters)
        for index in indexes:
            env.cr.execute(index)
    env.cr.commit()
    analyze(env)
    return figures


def analyze(env):
    """Give the database the statistics that it would have on any other day."""
    env.cr.commit()
    env.cr._cnx.autocommit = True
    env.cr.execute("VACUUM ANALYZE")
    env.cr._cnx.autocommit = False


def get_records(env):
    company = env.company
    accounts = env["account.account"].search([("company_ids", "in", company.ids)])
    receivable = accounts.filtered(
        lambda account: (
            account.account_type == "asset_receivable" and not account.non_trade
        )
    )
    income = accounts.filtered(lambda account: account.account_type == "income")
    journal = env["account.journal"].search(
        [("type", "=", "sale"), ("company_id", "=", company.id)], limit=1
    )
    return {
        "company": company.id,
        "currency": company.currency_id.id,
        "journal": journal.id,
        "receivable": receivable[0].id,
        "income": income[0].id,
    }


def drop_indexes(env):
    """Drop the indexes of the tables, for writing into them row by row would take
    most of the time.

    :return: the statements that make them again
    """
    env.cr.execute(
        """
        SELECT 'DROP INDEX ' || quote_ident(indexname), indexdef
          FROM pg_indexes
         WHERE tablename = ANY(%s)
           AND schemaname = current_schema
           AND indexname NOT IN (SELECT conname FROM pg_constraint)
        """,
        [list(TABLES)],
    )
    found = env.cr.fetchall()
    for drop, _definition in found:
        env.cr.execute(drop)
    return [definition for _drop, definition in found]


PARTNERS = """
    INSERT INTO res_partner (
        name, complete_name, email, email_normalized, lang, type, ref,
        active, is_company, autopost_bills
    )
    SELECT 'Customer ' || number, 'Customer ' || number,
           'customer' || number || '@ledger.example',
           'customer' || number || '@ledger.example',
           'en_US', 'contact', 'BENCH', TRUE, TRUE, 'ask'
      FROM generate_series(1, %(customers)s) number;

    UPDATE res_partner SET commercial_partner_id = id WHERE ref = 'BENCH';
"""

# The customers take turns, as they do in a ledger that has grown.
MOVES = """
    INSERT INTO account_move (
        name, state, move_type, journal_id, company_id, currency_id, date,
        invoice_date, invoice_date_due, partner_id, commercial_partner_id,
        payment_state, auto_post, invoice_currency_rate,
        amount_untaxed, amount_total, amount_residual,
        amount_untaxed_signed, amount_total_signed, amount_residual_signed,
        amount_untaxed_in_currency_signed, amount_total_in_currency_signed
    )
    SELECT 'BENCH/' || customer.number || '/' || turn,
           'posted', 'out_invoice', %(journal)s, %(company)s, %(currency)s,
           due.date - 30, due.date - 30, due.date, customer.id, customer.id,
           'not_paid', 'no', 1,
           due.amount, due.amount, due.amount, due.amount, due.amount, due.amount,
           due.amount, due.amount
      FROM generate_series(1, %(per_customer)s) turn
CROSS JOIN (
               SELECT id, ROW_NUMBER() OVER (ORDER BY id) AS number
                 FROM res_partner
                WHERE ref = 'BENCH'
           ) customer
CROSS JOIN LATERAL (
               SELECT CASE WHEN customer.number %% %(every)s = 0
                           THEN %(day)s::date + 1 - %(first_delay)s
                           ELSE %(day)s::date - %(first_delay)s - 1
                                - (customer.number * 7 + turn * 11)::int
                                  %% %(late_days)s
                      END AS date,
                      100 + (customer.number * 13 + turn) %% 900 AS amount
           ) due
"""

ITEMS = """
    INSERT INTO account_move_line (
        move_id, move_name, name, parent_state, journal_id, company_id,
        company_currency_id, currency_id, account_id, partner_id, date,
        invoice_date, date_maturity, debit, credit, balance, amount_currency,
        amount_residual, amount_residual_currency, reconciled, display_type,
        no_followup, sequence
    )
    SELECT id, name, name, state, journal_id, company_id,
           currency_id, currency_id, %(receivable)s, partner_id, date,
           invoice_date, invoice_date_due, amount_total, 0, amount_total,
           amount_total, amount_total, amount_total, FALSE, 'payment_term',
           FALSE, 10000
      FROM account_move
     WHERE name LIKE 'BENCH/%%'
"""

COUNTERPARTS = """
    INSERT INTO account_move_line (
        move_id, move_name, name, parent_state, journal_id, company_id,
        company_currency_id, currency_id, account_id, partner_id, date,
        invoice_date, debit, credit, balance, amount_currency, quantity,
        price_unit, price_subtotal, price_total, amount_residual,
        amount_residual_currency, reconciled, display_type, no_followup, sequence
    )
    SELECT id, name, 'Goods', state, journal_id, company_id,
           currency_id, currency_id, %(income)s, partner_id, date,
           invoice_date, 0, amount_total, -amount_total, -amount_total, 1,
           amount_total, amount_total, amount_total, 0, 0, FALSE, 'product',
           FALSE, 100
      FROM account_move
     WHERE name LIKE 'BENCH/%%'
"""
