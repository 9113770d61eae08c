"""Run in Odoo's shell: dunning that leaves something of everything: done, failed,
cancelled and open actions of each kind, a hold, a released one."""

from datetime import timedelta

from odoo import Command, fields

today = fields.Date.today()
template = env["mail.template"].create(
    {
        "name": "Reminder",
        "model_id": env["ir.model"]._get_id("dunning.action"),
        "subject": "Reminder",
        "body_html": "<p>Please pay.</p>",
    }
)
LEVELS = ((5, "email", "automatic"), (15, "email", "validate"), (60, "call", "manual"))
company = env.company
company.dunning_scenario_id = env["dunning.scenario"].create(
    {
        "name": "Life",
        "company_id": company.id,
        "contact_gap_days": 0,
        "level_ids": [
            Command.create(
                {
                    "name": f"Level {days}",
                    "delay_days": days,
                    "gap_days": 1,
                    "channel": channel,
                    "execution": execution,
                    "mail_template_id": template.id,
                }
            )
            for days, channel, execution in LEVELS
        ],
    }
)
company.dunning_user_id = env.ref("base.user_admin")
partners = env["res.partner"].search([("name", "=like", "Customer %")], order="id")
holds = env["dunning.hold"].create(
    [{"partner_id": partner.id, "company_id": company.id} for partner in partners[:2]]
)
holds[0].action_release()
# A working day in any calendar, so that the history is the same on each day.
day = today - timedelta(days=today.weekday())
actions = company._dunning_run(day).action_ids.sorted("partner_id")
actions[:6].action_execute()
actions[6].action_skip("They called")
actions[7].action_postpone(today + timedelta(days=9), "On holiday")
company._dunning_run(day + timedelta(days=7))
if "dunning.dispute" in env:
    # The first version knew no disputes.
    item = env["dunning.item"].search([("partner_id", "=", partners[8].id)], limit=1)
    dispute = env["dunning.dispute"].create(
        {
            "move_line_ids": [Command.set(item.ids)],
            "reason_id": env.ref("account_dunning.reason_price").id,
        }
    )
    dispute.action_ask(False, "Is that so?", env.ref("base.user_admin").id)
    dispute.action_reject(text="The price is right")
env.cr.commit()
states = env["dunning.action"].search([]).mapped("state")
print(*sorted(set(states)))
