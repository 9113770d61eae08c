"""Penalties of a whole ledger as of a day: every open item is late, and of ten, three
were partly paid."""

import datetime

from benchmarks import clock, ledger

PARTLY_PAID = 0.3


def prepare(env):
    """Give three items of ten a partial payment, and enter the rates that are missing.

    :return: dict with the number of items and of payments
    """
    day = clock.first_day()
    rates = env["dunning.rate"].search([("reference_missing", "=", True)])
    rates.write({"reference": 2.15})
    last = env.ref("account_dunning.rate_fr_business_2026_2")
    last.date_to = max(last.date_to, day + datetime.timedelta(days=366))
    first = env.ref("account_dunning.rate_fr_business_2024_2")
    first.date_from = datetime.date(2000, 1, 1)
    env.company.country_id = env.ref("base.fr")
    env.flush_all()
    env.cr.execute("UPDATE res_partner SET is_company = TRUE")
    env.cr.execute(PARTIALS, {"day": day, "share": PARTLY_PAID * 100})
    payments = env.cr.rowcount
    env.cr.commit()
    ledger.analyze(env)
    return {"payments": payments}


def sums(env):
    """Interest on all items, and what is owed of indemnities."""
    clock.pretend(env, clock.first_day())
    scope = env["dunning.interest"]._get_scope(env.company, clock.first_day())
    figures = {}
    with clock.stopwatch(figures):
        rows = env["dunning.interest"]._fetch_sums(scope)
    return {
        **figures,
        "rows": len(rows),
        "interest": round(sum(row["interest"] for row in rows), 2),
    }


def check(env):
    """Say by how much a sample differs from what is worked out item by item: by
    nothing."""
    day = clock.first_day()
    env.cr.execute(
        "SELECT debit_move_id FROM account_partial_reconcile ORDER BY id LIMIT 500"
    )
    items = env["account.move.line"].browse({id_ for (id_,) in env.cr.fetchall()})
    single = items._dunning_interest(day)
    model = env["dunning.interest"]
    rows = model._fetch_sums(model._get_scope(env.company, day, items))
    worst = max(
        abs(row["interest"] - sum(period.amount for period in single[row["id"]]))
        for row in rows
    )
    return {"seconds": 0.0, "items": len(rows), "difference": round(worst, 2)}


# Partial payments between the due date and the day, by entries that are not there: only
# the pairs are read.
PARTIALS = """
    INSERT INTO account_partial_reconcile (
        debit_move_id, credit_move_id, amount, debit_amount_currency,
        credit_amount_currency, debit_currency_id, credit_currency_id, company_id,
        max_date
    )
    SELECT line.id, line.id, line.balance / 3, ROUND(line.balance / 3, 2),
           ROUND(line.balance / 3, 2), line.currency_id, line.currency_id,
           line.company_id,
           LEAST(line.date_maturity + (line.id %% 60)::int, %(day)s::date)
      FROM account_move_line line
     WHERE line.date_maturity IS NOT NULL
       AND line.balance > 0
       AND line.parent_state = 'posted'
       AND NOT line.reconciled
       AND line.id %% 100 < %(share)s
"""
