"""What went out before was kept in Odoo's mails and messages alone: record it, with
what is still there of it."""

from odoo import SUPERUSER_ID, api
from odoo.tools import html2plaintext
from odoo.tools.misc import split_every

BATCH = 500

# From the state of Odoo's mail to that of its recipients.
MAIL_STATES = {
    "outgoing": "waiting",
    "sent": "sent",
    "received": "sent",
    "exception": "failed",
    "cancel": "cancelled",
}
# The same of notifications, which follow SMS and posted letters.
NOTIFICATION_STATES = {
    "ready": "waiting",
    "process": "sent",
    "pending": "sent",
    "sent": "sent",
    "bounce": "bounced",
    "exception": "failed",
    "canceled": "cancelled",
}
LETTER_STATES = {
    "pending": "waiting",
    "sent": "sent",
    "error": "failed",
    "canceled": "cancelled",
}


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {"active_test": False})
    cr.execute(
        """
        SELECT action.id
          FROM dunning_action action
         WHERE (
               action.mail_id IS NOT NULL
            OR action.sent_message_id IS NOT NULL
            OR action.letter_id IS NOT NULL AND action.state = 'done'
               )
           AND NOT EXISTS (
               SELECT FROM dunning_sending WHERE action_id = action.id
               )
      ORDER BY action.id
        """
    )
    for ids in split_every(BATCH, [id_ for (id_,) in cr.fetchall()]):
        record_sendings(env["dunning.action"].browse(ids))
        env.flush_all()
        env.invalidate_all()


def record_sendings(actions):
    """Record what the actions have sent.

    :param actions: ``dunning.action`` with an e-mail, a message or a letter
    """
    letters = actions.env["snailmail.letter"].search(
        [("message_id", "in", actions.sent_message_id.ids)], order="id desc"
    )
    posts = {letter.message_id: letter for letter in letters}
    actions._record_sendings({action: get_content(action, posts) for action in actions})


def get_content(action, posts):
    """Return the values of what an action has sent.

    :param posts: dict of message to letter that Odoo posts
    """
    if mail := action.mail_id:
        content = get_mail_content(action, mail)
    elif action.channel == "sms":
        content = get_sms_content(action)
    else:
        content = get_letter_content(action, posts)
    message = action.sent_message_id
    date = message.date or action.date_done or action.write_date
    return content | {"date": date, "message_sent_id": message.id}


def get_mail_content(action, mail):
    state = MAIL_STATES[mail.state]
    # What came back has failed its action.
    if state == "sent" and action.state == "failed":
        state = "bounced"
    outcome = {"state": state, "mail_id": mail.id, "failure": mail.failure_reason}
    recipients = [action._prepare_recipient(contact) for contact in mail.recipient_ids]
    for kind, addresses in (("to", mail.email_to), ("cc", mail.email_cc)):
        if addresses:
            recipients += action._prepare_addresses(kind, addresses)
    return {
        "channel": "email",
        "subject": mail.subject,
        "body": mail.body_html,
        "email_from": mail.email_from,
        "email_cc": mail.email_cc,
        "reply_to": mail.reply_to,
        "header_id": mail.message_id,
        "author_name": mail.author_id.name,
        "recipients": [recipient | outcome for recipient in recipients],
        "files": mail.attachment_ids,
    }


def get_sms_content(action):
    message = action.sent_message_id
    notification = message.notification_ids[:1]
    contact = notification.res_partner_id or action.contact_id
    recipient = {
        "partner_id": contact.id,
        "name": contact.name,
        "address": notification.sms_number or contact.phone,
        "state": NOTIFICATION_STATES.get(notification.notification_status, "sent"),
    }
    # By which the service goes on telling what becomes of it.
    if uuid := notification.sms_tracker_ids[:1].sms_uuid:
        recipient["token"] = uuid
    return {
        "text": html2plaintext(message.body or ""),
        "author_name": message.author_id.name,
        "recipients": [recipient],
    }


def get_letter_content(action, posts):
    message = action.sent_message_id
    post = posts.get(message, action.env["snailmail.letter"])
    lines = action._get_address_lines()
    recipient = {
        "partner_id": action._get_addressee().id,
        "name": lines[0] if lines else False,
        "address": ", ".join(lines),
        "state": LETTER_STATES.get(post.state, "sent"),
        "post_id": post.id,
    }
    return {
        "author_name": message.author_id.name or action.done_user_id.name,
        "recipients": [recipient],
        "files": action.letter_id,
    }
