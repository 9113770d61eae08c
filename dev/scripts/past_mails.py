"""Run in Odoo's shell on the demo database: put the reminders of its past where those
of today will be, so that one can open what the customers have received.

Prints how many.
"""

from odoo.addons.account_dunning_dev.models.ir_mail_server import MailFolder

# Of an e-mail as Odoo's queue prepares it, what its message is built from.
PARTS = (
    "attachments",
    "body",
    "body_alternative",
    "email_cc",
    "headers",
    "message_id",
    "object_id",
    "references",
    "reply_to",
    "subject",
)


def save(mail, folder):
    """Write the messages of an e-mail that was sent, as they left."""
    count = 0
    for email in mail._prepare_outgoing_list():
        message = env["ir.mail_server"]._build_email__(
            email_from=mail.email_from,
            email_to=email["email_to"],
            subtype="html",
            subtype_alternative="plain",
            **{part: email[part] for part in PARTS},
        )
        folder.save(message, email["email_to_normalized"], mail.date)
        count += 1
    return count


mails = env["mail.mail"].search(
    [("state", "=", "sent"), ("message_type", "=", "email_outgoing")], order="id"
)
folder = MailFolder()
print(sum(save(mail, folder) for mail in mails))
# Nothing of it is to be kept by a script that comes after.
env.cr.rollback()
