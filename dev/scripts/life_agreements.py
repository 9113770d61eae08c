"""Run in Odoo's shell, after ``life_dunning.py``: e-mails that left, letters, calls
and what was agreed in them, and decisions of people."""

from datetime import timedelta

from odoo import fields

today = fields.Date.today()
partners = env["res.partner"].search([("name", "=like", "Customer %")], order="id")
actions = env["dunning.action"]
items = env["dunning.item"]


def plan(partner, channel, **values):
    return actions.create({"partner_id": partner.id, "channel": channel, **values})


def call(partner, outcome, **values):
    """Record the outcome of a call, as the dialog does."""
    window = plan(partner, "call").action_open_outcome(outcome)
    dialogs = env["dunning.call.outcome"].with_context(**window["context"])
    dialog = dialogs.create(values)
    # Version 1.3 showed it by itself.
    if dialog.confirm and hasattr(dialog, "get_confirmation"):
        shown = dialog.get_confirmation()
        dialog.write(
            {"confirm_subject": shown["subject"], "confirm_body": shown["body"]}
        )
    dialog.action_apply()


open_partners = items.search([]).partner_id & partners
promising, waiting, disputing, absent, written = open_partners[-5:]
call(promising, "promise", date=today + timedelta(days=10), confirm=True)
call(waiting, "not_approved", next_date=today + timedelta(days=6))
reason = env.ref("account_dunning.reason_quality")
call(disputing, "dispute", all_items=True, reason_id=reason.id)
call(absent, "no_answer")
by_post = plan(written, "letter")
by_post.action_print()
env["dunning.hold"].create(
    {
        "partner_id": written.id,
        "company_id": env.company.id,
        "reason_id": reason.id,
        "date_end": today + timedelta(days=30),
    }
)
# What was written leaves.
env["mail.mail"].process_email_queue()
if "dunning.sending" in env:
    sendings = env["dunning.sending"].search([])
    assert {"email", "letter"} <= set(sendings.mapped("channel")), sendings
assert by_post.state == "done", (by_post.state, by_post.failure)
assert env["dunning.promise"].search([]), "nothing promised"
env.cr.commit()
