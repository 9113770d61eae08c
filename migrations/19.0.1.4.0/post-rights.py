"""Hide what dunning has written on customers and invoices from those who have no right
on dunning, and know the activities that stand for actions."""

from odoo.tools import SQL
from odoo.tools.translate import code_translations

ADDON = "account_dunning"
NAMING = '%data-oe-model="dunning.action"%'
# What former versions wrote on customers without naming an action.
NOTES = ("Undone: %s",)
ACTIVITIES = ("Go on trading with this customer?", "Answer to “%s”")


def migrate(cr, version):
    hide_messages(cr)
    hide_sent_beside(cr)
    hide_notes(cr)
    hide_replies(cr)
    hide_activities(cr)
    know_reminders(cr)
    close_settings(cr)


def get_patterns(cr, sources):
    """Return patterns of texts, in each language they may have been written in."""
    cr.execute("SELECT code FROM res_lang WHERE active")
    known = [
        code_translations.get_python_translations(ADDON, code)
        for (code,) in cr.fetchall()
    ]
    texts = {texts.get(source, source) for source in sources for texts in [{}, *known]}
    return [text.replace("%s", "%") for text in texts]


def hide(cr, condition):
    """Give messages of customers and invoices the subtype that few may read.

    :param condition: SQL on ``message``; ``subtype.res_id`` is the subtype
    """
    cr.execute(
        SQL(
            """
            UPDATE mail_message message
               SET subtype_id = subtype.res_id
              FROM ir_model_data subtype
             WHERE subtype.module = %s
               AND subtype.name = 'mt_dunning'
               AND message.model IN ('res.partner', 'account.move')
               AND message.subtype_id IS DISTINCT FROM subtype.res_id
               AND (%s)
            """,
            ADDON,
            condition,
        )
    )


def hide_messages(cr):
    """What names an action, and what was sent by one."""
    hide(
        cr,
        SQL(
            """
            message.body LIKE %s
            OR message.id IN (SELECT sent_message_id FROM dunning_action)
            """,
            NAMING,
        ),
    )


def hide_sent_beside(cr):
    """What was sent as well: confirmations and copies, written at the moment at which
    their call was noted, and former attempts."""
    hide(
        cr,
        SQL(
            """
            message.message_type = 'email_outgoing'
            AND EXISTS (
                SELECT
                  FROM mail_message known
                 WHERE known.subtype_id = subtype.res_id
                   AND known.model = message.model
                   AND known.res_id = message.res_id
                   AND (
                       known.create_date = message.create_date
                       AND known.body LIKE %s
                    OR known.subject = message.subject
                       AND known.id IN (SELECT sent_message_id FROM dunning_action)
                   )
            )
            """,
            NAMING,
        ),
    )


def hide_notes(cr):
    """What was noted on customers in other words."""
    # As Odoo writes HTML.
    patterns, asked = (
        [pattern.replace("\N{NO-BREAK SPACE}", "&nbsp;") for pattern in found]
        for found in (get_patterns(cr, NOTES), get_patterns(cr, ACTIVITIES))
    )
    hide(
        cr,
        SQL(
            """
            message.model = 'res.partner'
            AND message.res_id IN (SELECT partner_id FROM dunning_action)
            AND (
                message.message_type = 'notification'
                AND REGEXP_REPLACE(message.body, '^(<[^>]*>)+', '') LIKE ANY (%s)
             OR message.mail_activity_type_id IS NOT NULL
                AND message.body LIKE ANY (%s)
            )
            """,
            patterns,
            [f"%{pattern}%" for pattern in asked],
        ),
    )


def hide_replies(cr):
    """What customers have answered quotes what was sent."""
    hide(
        cr,
        SQL(
            """
            message.parent_id IN (
                SELECT id
                  FROM mail_message
                 WHERE subtype_id = subtype.res_id
                   AND message_type = 'email_outgoing'
            )
            """
        ),
    )


def hide_activities(cr):
    """What is to be done about customers because of dunning."""
    cr.execute(
        SQL(
            """
            UPDATE mail_activity
               SET dunning_discreet = TRUE
             WHERE res_model = 'res.partner'
               AND res_id IN (SELECT partner_id FROM dunning_action)
               AND summary LIKE ANY (%s)
            """,
            get_patterns(cr, ACTIVITIES),
        )
    )


def know_reminders(cr):
    cr.execute(
        """
        UPDATE mail_activity activity
           SET dunning_reminder = TRUE
          FROM dunning_action action, ir_model_data type
         WHERE activity.res_model = 'dunning.action'
           AND activity.res_id = action.id
           AND activity.user_id = action.user_id
           AND action.state IN ('todo', 'failed')
           AND action.execution = 'manual'
           AND type.module = 'mail'
           AND type.name IN ('mail_activity_data_call', 'mail_activity_data_todo')
           AND activity.activity_type_id = type.res_id
        """
    )


def close_settings(cr):
    """Administrators had the menu of the settings, which are the credit manager's: an
    update only adds groups."""
    cr.execute(
        """
        DELETE FROM ir_ui_menu_group_rel
              USING ir_model_data menu, ir_model_data administrators
              WHERE menu.module = 'account_dunning'
                AND menu.name = 'menu_settings'
                AND menu_id = menu.res_id
                AND administrators.module = 'base'
                AND administrators.name = 'group_system'
                AND gid = administrators.res_id
        """
    )
