"""Run in Odoo's shell, after an update: print what is not known of what was sent, and
what of it others can read."""

actions = env["dunning.action"].search(
    [
        ("state", "=", "done"),
        ("channel", "in", ("email", "letter", "registered", "sms")),
    ]
)
assert {"email", "letter"} <= set(actions.mapped("channel")), actions
for action in actions:
    sending = action.sending_id
    if not sending.recipient_ids.filtered("address"):
        print("not known to whom it went:", action.display_name)
    if action.channel == "email" and not (sending.subject and sending.body):
        print("not known what it said:", action.display_name)
    if action.channel == "letter" and not sending.file_ids.filtered("sha256"):
        print("not known what the letter said:", action.display_name)
discreet = env.ref("account_dunning.mt_dunning")
messages = env["mail.message"].search(
    [
        ("model", "=", "res.partner"),
        ("message_type", "=", "email_outgoing"),
        ("subtype_id", "!=", discreet.id),
    ]
)
for message in messages:
    print("read by everybody:", message.subject)
