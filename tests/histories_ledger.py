"""Payment histories as entries of a ledger, written by SQL in seconds."""

PAGE = 20000


def write(env, history, records, prefix="HIST"):
    """Write a history into the ledger of a company.

    :param records: dict of ids ``company, currency, journal`` (of sales), ``bank``
        (journal), ``receivable, income, liquidity`` (accounts)
    :param history: see ``histories.py``
    :param prefix: of the names of what is written
    :return: ids of the customers, in their order
    """
    customers = 1 + max((row[0] for row in history.invoices), default=-1)
    env.cr.execute(
        """
        WITH made AS (
            INSERT INTO res_partner (
                name, complete_name, type, active, is_company, autopost_bills
            )
            SELECT name, name, 'contact', TRUE, TRUE, 'ask'
              FROM (SELECT %s || ' ' || LPAD(number::text, 7, '0') AS name
                      FROM generate_series(1, %s) number) named
            RETURNING id, name
        )
        SELECT id FROM made ORDER BY name
        """,
        [prefix, customers],
    )
    ids = [id_ for (id_,) in env.cr.fetchall()]
    env.cr.execute(
        "UPDATE res_partner SET commercial_partner_id = id WHERE id = ANY(%s)", [ids]
    )
    paid = [0.0] * len(history.invoices)
    for invoice, _day, amount in history.payments:
        paid[invoice] += amount
    items = []
    for begin in range(0, len(history.invoices), PAGE):
        rows = [
            (ids[customer], date, due, amount, round(amount - paid[begin + number], 2))
            for number, (customer, date, due, amount) in enumerate(
                history.invoices[begin : begin + PAGE]
            )
        ]
        items += _insert(env, INVOICES, rows, {"prefix": f"{prefix}/I", **records})
    for begin in range(0, len(history.payments), PAGE):
        rows = [
            (
                items[invoice],
                ids[history.invoices[invoice][0]],
                day,
                max(day, history.invoices[invoice][1]),
                amount,
            )
            for invoice, day, amount in history.payments[begin : begin + PAGE]
        ]
        _insert(env, PAYMENTS, rows, {"prefix": f"{prefix}/P", **records})
    env.invalidate_all()
    return ids


def get_records(env, company=None):
    """Return what :func:`write` needs to know of a company."""
    company = company or env.company
    accounts = env["account.account"].search([("company_ids", "in", company.ids)])
    journals = env["account.journal"].search([("company_id", "=", company.id)])

    def account(kind):
        return accounts.filtered(
            lambda account: account.account_type == kind and not account.non_trade
        )[:1].id

    bank = journals.filtered(lambda journal: journal.type == "bank")[:1]
    return {
        "company": company.id,
        "currency": company.currency_id.id,
        "journal": journals.filtered(lambda journal: journal.type == "sale")[:1].id,
        "bank": bank.id,
        "receivable": account("asset_receivable"),
        "income": account("income"),
        "liquidity": bank.default_account_id.id,
    }


def _insert(env, statement, rows, parameters):
    columns = [list(column) for column in zip(*rows, strict=True)]
    named = {f"column_{number}": column for number, column in enumerate(columns)}
    env.cr.execute(statement, {**parameters, **named})
    return [id_ for (id_,) in env.cr.fetchall()]


# Items come back in the order in which they were given.
INVOICES = """
    WITH given AS (
             SELECT *
               FROM UNNEST(
                        %(column_0)s::int[], %(column_1)s::date[], %(column_2)s::date[],
                        %(column_3)s::numeric[], %(column_4)s::numeric[]
                    ) WITH ORDINALITY
                    AS given(partner_id, date, due, amount, residual, number)
         ),
         numbered AS (
             SELECT given.*,
                    nextval(pg_get_serial_sequence('account_move', 'id')) AS move_id,
                    nextval(pg_get_serial_sequence('account_move_line', 'id'))
                        AS line_id
               FROM (SELECT * FROM given ORDER BY number) given
         ),
         move AS (
             INSERT INTO account_move (
                 id, name, state, move_type, journal_id, company_id, currency_id, date,
                 invoice_date, invoice_date_due, partner_id, commercial_partner_id,
                 payment_state, auto_post, invoice_currency_rate, amount_untaxed,
                 amount_total, amount_residual, amount_untaxed_signed,
                 amount_total_signed, amount_residual_signed,
                 amount_untaxed_in_currency_signed, amount_total_in_currency_signed
             )
             SELECT move_id, %(prefix)s || '/' || move_id, 'posted', 'out_invoice',
                    %(journal)s, %(company)s, %(currency)s, date, date, due, partner_id,
                    partner_id,
                    CASE WHEN residual = 0 THEN 'paid'
                         WHEN residual < amount THEN 'partial'
                         ELSE 'not_paid' END,
                    'no', 1, amount, amount, residual, amount, amount, residual, amount,
                    amount
               FROM numbered
         ),
         line AS (
             INSERT INTO account_move_line (
                 id, move_id, move_name, name, parent_state, journal_id, company_id,
                 company_currency_id, currency_id, account_id, partner_id, date,
                 invoice_date, date_maturity, debit, credit, balance, amount_currency,
                 amount_residual, amount_residual_currency, reconciled, display_type,
                 no_followup, sequence
             )
             SELECT line_id, move_id, %(prefix)s || '/' || move_id, 'Invoice', 'posted',
                    %(journal)s, %(company)s, %(currency)s, %(currency)s,
                    %(receivable)s, partner_id, date, date, due, amount, 0, amount,
                    amount, residual, residual, residual = 0, 'payment_term', FALSE,
                    10000
               FROM numbered
              UNION ALL
             SELECT nextval(pg_get_serial_sequence('account_move_line', 'id')),
                    move_id, %(prefix)s || '/' || move_id, 'Goods', 'posted',
                    %(journal)s, %(company)s, %(currency)s, %(currency)s, %(income)s,
                    partner_id, date, date, NULL, 0, amount, -amount, -amount, 0, 0,
                    FALSE, 'product', FALSE, 100
               FROM numbered
         )
    SELECT line_id FROM numbered ORDER BY number
"""

PAYMENTS = """
    WITH given AS (
             SELECT *
               FROM UNNEST(
                        %(column_0)s::int[], %(column_1)s::int[], %(column_2)s::date[],
                        %(column_3)s::date[], %(column_4)s::numeric[]
                    ) AS given(item_id, partner_id, date, max_date, amount)
         ),
         numbered AS (
             SELECT given.*,
                    nextval(pg_get_serial_sequence('account_move', 'id')) AS move_id,
                    nextval(pg_get_serial_sequence('account_move_line', 'id'))
                        AS line_id
               FROM given
         ),
         move AS (
             INSERT INTO account_move (
                 id, name, state, move_type, journal_id, company_id, currency_id, date,
                 partner_id, commercial_partner_id, payment_state, auto_post,
                 invoice_currency_rate, amount_total
             )
             SELECT move_id, %(prefix)s || '/' || move_id, 'posted', 'entry', %(bank)s,
                    %(company)s, %(currency)s, date, partner_id, partner_id, 'not_paid',
                    'no', 1, amount
               FROM numbered
         ),
         line AS (
             INSERT INTO account_move_line (
                 id, move_id, move_name, name, parent_state, journal_id, company_id,
                 company_currency_id, currency_id, account_id, partner_id, date, debit,
                 credit, balance, amount_currency, amount_residual,
                 amount_residual_currency, reconciled, display_type, no_followup,
                 sequence
             )
             SELECT line_id, move_id, %(prefix)s || '/' || move_id, 'Payment', 'posted',
                    %(bank)s, %(company)s, %(currency)s, %(currency)s, %(receivable)s,
                    partner_id, date, 0, amount, -amount, -amount, 0, 0, TRUE,
                    'product', FALSE, 10
               FROM numbered
              UNION ALL
             SELECT nextval(pg_get_serial_sequence('account_move_line', 'id')),
                    move_id, %(prefix)s || '/' || move_id, 'Payment', 'posted',
                    %(bank)s, %(company)s, %(currency)s, %(currency)s, %(liquidity)s,
                    partner_id, date, amount, 0, amount, amount, 0, 0, FALSE,
                    'product', FALSE, 20
               FROM numbered
         )
    INSERT INTO account_partial_reconcile (
        debit_move_id, credit_move_id, amount, debit_amount_currency,
        credit_amount_currency, debit_currency_id, credit_currency_id, company_id,
        max_date
    )
    SELECT item_id, line_id, amount, amount, amount, %(currency)s, %(currency)s,
           %(company)s, max_date
      FROM numbered
 RETURNING id
"""
