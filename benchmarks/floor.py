"""The least that any engine has to do on the same tables: read the open items with
a plain join, write the same rows by plain SQL."""

from benchmarks import clock

TABLES = ("dunning_action", "dunning_action_line")

SELECT = """
    SELECT partner.commercial_partner_id, COUNT(*), SUM(line.amount_residual)
      FROM account_move_line line
      JOIN account_account account ON account.id = line.account_id
      JOIN res_partner partner ON partner.id = line.partner_id
     WHERE account.account_type = 'asset_receivable'
       AND line.parent_state = 'posted'
       AND line.reconciled IS NOT TRUE
       AND line.company_id = %s
       AND line.date_maturity < %s
  GROUP BY partner.commercial_partner_id
"""


def write(env):
    """Write the rows of the first run anew, into the emptied tables with their
    indexes and foreign keys; nothing of it stays."""
    for table in TABLES:
        env.cr.execute(f"CREATE TEMPORARY TABLE copy_{table} AS TABLE {table}")
        env.cr.execute(f"ANALYZE copy_{table}")
    env.cr.execute("TRUNCATE dunning_action CASCADE")
    figures = {}
    with clock.stopwatch(figures):
        env.cr.execute(SELECT, [env.company.id, clock.first_day()])
        env.cr.fetchall()
        for table in TABLES:
            env.cr.execute(f"INSERT INTO {table} TABLE copy_{table}")
    figures["rows"] = env.cr.rowcount
    env.cr.rollback()
    return figures
