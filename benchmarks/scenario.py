"""The rules of the benchmark, and the history of a ledger that follows them."""

from odoo import Command
from odoo.tools import SQL

from benchmarks import clock

TEMPLATES = ("reminder_1", "reminder_2", "final")
GAP_DAYS = 10
CONTACT_GAP_DAYS = 7


def set_up(env):
    """Have the whole ledger follow one scenario of three e-mails."""
    scenario = env["dunning.scenario"].create(
        {
            "name": "Benchmark",
            "contact_gap_days": CONTACT_GAP_DAYS,
            "level_ids": [
                Command.create(
                    {
                        "name": f"Reminder {number}",
                        "delay_days": delay,
                        "gap_days": GAP_DAYS,
                        "channel": "email",
                        "execution": "automatic",
                        "attach_invoices": False,
                        "mail_template_id": env.ref(
                            f"account_dunning.mail_template_{template}"
                        ).id,
                    }
                )
                for number, (delay, template) in enumerate(
                    zip(clock.DELAYS, TEMPLATES, strict=True), 1
                )
            ],
        }
    )
    env.company.dunning_scenario_id = scenario
    (env["dunning.scenario"].search([]) - scenario).active = False
    env.company.email = "ledger@company.example"


def mark_done(env):
    """Have everything that was planned happen on the first day."""
    told = env["dunning.action.line"].search([("state", "=", "todo")]).move_line_id.ids
    env.cr.execute(DONE, {"day": clock.first_day(), "uid": env.uid})
    env.invalidate_all()
    env["dunning.item.state"]._rebuild(told)


def invent_history(env, share):
    """Have the customers contacted on the first day, but for a share of them."""
    parameters = {
        "day": clock.first_day(),
        "uid": env.uid,
        "every": round(1 / share),
        "company": env.company.id,
        "level": env.company.dunning_scenario_id.level_ids.sorted("delay_days")[0].id,
        "rank": env["dunning.plan"]._get_rank_sql("level"),
    }
    env.cr.execute(SQL(HISTORY, **parameters))
    env.cr.execute("ANALYZE dunning_action; ANALYZE dunning_item_state")


DONE = """
    UPDATE dunning_action_line line
       SET state = 'done'
      FROM dunning_action action
     WHERE action.id = line.action_id AND action.state = 'todo';

    UPDATE dunning_action
       SET state = 'done', date_done = %(day)s, done_user_id = %(uid)s
     WHERE state = 'todo';
"""

HISTORY = """
    CREATE TEMPORARY TABLE contacted ON COMMIT DROP AS
    SELECT id
      FROM (
               SELECT id, ROW_NUMBER() OVER (ORDER BY id) AS number
                 FROM res_partner
                WHERE ref = 'BENCH'
           ) customer
     WHERE number %% %(every)s != 0;

    INSERT INTO dunning_action (
        partner_id, company_id, kind, channel, execution, date, state, date_done,
        done_user_id
    )
    SELECT id, %(company)s, 'step', 'email', 'automatic', %(day)s, 'done', %(day)s,
           %(uid)s
      FROM contacted;

    INSERT INTO dunning_item_state (move_line_id, level_id, date, tone)
    SELECT line.id, level.id, %(day)s, %(rank)s
      FROM account_move_line line
      JOIN contacted ON contacted.id = line.partner_id
      JOIN dunning_level level ON level.id = %(level)s
     WHERE line.display_type = 'payment_term';
"""
