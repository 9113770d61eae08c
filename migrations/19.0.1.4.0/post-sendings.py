"""What went out before was kept in Odoo's mails and messages alone: record it, with
what is still there of it. E-mails are many, and recorded in SQL."""

from odoo import SUPERUSER_ID, api
from odoo.tools import SQL, html2plaintext
from odoo.tools.misc import split_every

BATCH = 500
MAIL_BATCH = 5000

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
    env.flush_all()
    hashes = {}
    for ids in split_every(MAIL_BATCH, get_ids(env, SQL("mail_id IS NOT NULL"))):
        record_mails(env, ids, hashes)
    others = SQL(
        "mail_id IS NULL AND ("
        "sent_message_id IS NOT NULL OR letter_id IS NOT NULL AND state = 'done')"
    )
    for ids in split_every(BATCH, get_ids(env, others)):
        record_others(env["dunning.action"].browse(ids))
        env.flush_all()
        env.invalidate_all()


def get_ids(env, condition):
    """Return the actions that have sent something of which nothing is recorded.

    :param condition: SQL on ``dunning_action``
    """
    rows = env.execute_query(
        SQL(
            """
            SELECT id
              FROM dunning_action
             WHERE (%s)
               AND id NOT IN (SELECT action_id FROM dunning_sending)
          ORDER BY id
            """,
            condition,
        )
    )
    return [id_ for (id_,) in rows]


# -- e-mails -------------------------------------------------------------------


def record_mails(env, ids, hashes):
    """Record e-mails with their recipients and files.

    :param ids: of actions
    :param hashes: dict of Odoo's checksum to SHA-256, filled on the way
    """
    env.cr.execute(
        SQL(
            """
            INSERT INTO dunning_sending (
                       action_id, partner_id, company_id, channel, is_beside, date,
                       state, subject, body, email_from, email_cc, reply_to, header_id,
                       author_name, message_sent_id,
                       create_uid, create_date, write_uid, write_date
                   )
            SELECT action.id, action.partner_id, action.company_id, 'email', FALSE,
                   COALESCE(sent.date, action.date_done, action.write_date),
                   -- What came back has failed its action.
                   CASE WHEN known.state = 'sent' AND action.state = 'failed'
                        THEN 'bounced'
                        ELSE COALESCE(known.state, 'sent')
                   END,
                   message.subject, mail.body_html, message.email_from, mail.email_cc,
                   message.reply_to, message.message_id, author.name, sent.id,
                   %(user)s, now() AT TIME ZONE 'UTC',
                   %(user)s, now() AT TIME ZONE 'UTC'
              FROM dunning_action action
              JOIN mail_mail mail ON mail.id = action.mail_id
              JOIN mail_message message ON message.id = mail.mail_message_id
         LEFT JOIN res_partner author ON author.id = message.author_id
         LEFT JOIN mail_message sent ON sent.id = action.sent_message_id
         LEFT JOIN UNNEST(%(states)s, %(outcomes)s) AS known (mail_state, state)
                ON known.mail_state = mail.state
             WHERE action.id = ANY(%(ids)s)
          ORDER BY action.id
         RETURNING id
            """,
            user=SUPERUSER_ID,
            states=list(MAIL_STATES),
            outcomes=list(MAIL_STATES.values()),
            ids=list(ids),
        )
    )
    sending_ids = [id_ for (id_,) in env.cr.fetchall()]
    record_recipients(env, sending_ids)
    record_addresses(env, sending_ids)
    record_files(env, sending_ids, hashes)
    env.invalidate_all()


def record_recipients(env, sending_ids):
    """Record the contacts to whom e-mails were written."""
    env.cr.execute(
        SQL(
            """
            INSERT INTO dunning_sending_recipient (
                       sending_id, kind, partner_id, name, address, state, failure,
                       date_state, token, mail_id,
                       create_uid, create_date, write_uid, write_date
                   )
            SELECT sending.id, 'to', partner.id, partner.name,
                   -- The one address; of several, all of them.
                   CASE WHEN partner.email ~ '[,;]' THEN partner.email
                        ELSE COALESCE(partner.email_normalized, partner.email)
                   END,
                   sending.state, mail.failure_reason, sending.write_date,
                   REPLACE(gen_random_uuid()::text, '-', ''), mail.id,
                   %(user)s, sending.write_date, %(user)s, sending.write_date
              FROM dunning_sending sending
              JOIN dunning_action action ON action.id = sending.action_id
              JOIN mail_mail mail ON mail.id = action.mail_id
              JOIN mail_mail_res_partner_rel addressed
                ON addressed.mail_mail_id = mail.id
              JOIN res_partner partner ON partner.id = addressed.res_partner_id
             WHERE sending.id = ANY(%(ids)s)
          ORDER BY sending.id, partner.id
            """,
            user=SUPERUSER_ID,
            ids=sending_ids,
        )
    )


def record_addresses(env, sending_ids):
    """Record the addresses without contact to which e-mails, or copies, went."""
    rows = env.execute_query(
        SQL(
            """
            SELECT sending.id, sending.state, mail.id, mail.failure_reason,
                   mail.email_to, mail.email_cc
              FROM dunning_sending sending
              JOIN dunning_action action ON action.id = sending.action_id
              JOIN mail_mail mail ON mail.id = action.mail_id
             WHERE sending.id = ANY(%s)
               AND (mail.email_to != '' OR mail.email_cc != '')
            """,
            sending_ids,
        )
    )
    actions = env["dunning.action"]
    env["dunning.sending.recipient"].create(
        [
            {
                "sending_id": sending_id,
                "state": state,
                "mail_id": mail_id,
                "failure": failure,
                **line,
            }
            for sending_id, state, mail_id, failure, email_to, email_cc in rows
            for kind, addresses in (("to", email_to), ("cc", email_cc))
            if addresses
            for line in actions._prepare_addresses(kind, addresses)
        ]
    )
    env.flush_all()


def record_files(env, sending_ids, hashes):
    """Record the files of e-mails: copies, as those of
    ``dunning.sending.file``, ``_keep``."""
    files = SQL(
        """
        SELECT sending.id AS sending_id, file.*
          FROM dunning_sending sending
          JOIN dunning_action action ON action.id = sending.action_id
          JOIN mail_mail mail ON mail.id = action.mail_id
          JOIN message_attachment_rel attached
            ON attached.message_id = mail.mail_message_id
          JOIN ir_attachment file ON file.id = attached.attachment_id
         WHERE sending.id = ANY(%s)
        """,
        sending_ids,
    )
    rows = env.execute_query(
        SQL("SELECT checksum, MAX(id) FROM (%s) file GROUP BY checksum", files)
    )
    for checksum, id_ in rows:
        if checksum not in hashes:
            hashes[checksum] = env["ir.attachment"].browse(id_)._dunning_get_sha256()
    known = {checksum: hashes[checksum] for checksum, __ in rows if hashes[checksum]}
    env.cr.execute(
        SQL(
            """
            WITH file AS MATERIALIZED (
                     SELECT file.*, nextval('ir_attachment_id_seq') AS copy_id
                       FROM (%(files)s ORDER BY sending.id, file.id) file
                 ),
                 copied AS (
                     INSERT INTO ir_attachment (
                                id, name, type, url, res_model, res_id, public,
                                store_fname, db_datas, checksum, file_size, mimetype,
                                create_uid, create_date, write_uid, write_date
                            )
                     SELECT copy_id, name, type, url, 'dunning.sending', sending_id,
                            FALSE, store_fname, db_datas, checksum, file_size, mimetype,
                            %(user)s, now() AT TIME ZONE 'UTC',
                            %(user)s, now() AT TIME ZONE 'UTC'
                       FROM file
                  RETURNING id
                 )
            INSERT INTO dunning_sending_file (
                       sending_id, name, mimetype, file_size, sha256, attachment_id,
                       create_uid, create_date, write_uid, write_date
                   )
            SELECT sending_id, name, mimetype, file_size, known.sha256, copied.id,
                   %(user)s, now() AT TIME ZONE 'UTC',
                   %(user)s, now() AT TIME ZONE 'UTC'
              FROM file
              JOIN copied ON copied.id = file.copy_id
         LEFT JOIN UNNEST(%(checksums)s::varchar[], %(hashes)s::varchar[])
                   AS known (checksum, sha256) USING (checksum)
          ORDER BY copied.id
            """,
            files=files,
            user=SUPERUSER_ID,
            checksums=list(known),
            hashes=list(known.values()),
        )
    )


# -- SMS and letters -----------------------------------------------------------


def record_others(actions):
    """Record SMS and letters.

    :param actions: ``dunning.action`` with a message or a letter
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
    if action.channel == "sms":
        content = get_sms_content(action)
    else:
        content = get_letter_content(action, posts)
    message = action.sent_message_id
    date = message.date or action.date_done or action.write_date
    return content | {"date": date, "message_sent_id": message.id}


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
