from odoo import models
from odoo.tools import SQL, format_date

# What people write to each other; notes of the system are no exchange.
EXCHANGE_TYPES = ("comment", "email", "sms")


class ResPartner(models.Model):
    """What was said last to or by the customer, shown on agenda and lists."""

    _inherit = "res.partner"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _dunning_get_last_exchanges(self):
        """Return the last exchange with each customer, in the current company.

        :return: dict of partner id to (date, short text)
        """
        exchanges, company = {}, self.env.company
        for action in self._dunning_get_last_actions():
            channels = dict(action._fields["channel"]._description_selection(self.env))
            # How something was planned says nothing of what it was.
            what = action.level_id.name if action.kind == "manual" else action.title
            parts = [channels[action.channel], what]
            note = action._get_result() or action.reason_id.name or action.note
            text = " – ".join(part for part in (*parts, note) if part)
            exchanges[action.partner_id.id] = (action.date_done, text)
        for partner_id, message_sudo in self._dunning_get_last_messages():
            # The days of actions are those of the company, too.
            date = company._dunning_get_local(message_sudo.date).date()
            last_date, __ = exchanges.get(partner_id, (None, None))
            if not last_date or date > last_date:
                who = message_sudo.author_id.name or message_sudo.email_from or ""
                text = message_sudo.preview or message_sudo.subject or ""
                exchanges[partner_id] = (date, f"{who} – {text}" if who else text)
        return {
            partner_id: (date, f"{format_date(self.env, date)} – {text}")
            for partner_id, (date, text) in exchanges.items()
        }

    def _dunning_get_last_actions(self):
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT ON (partner_id) id
                  FROM dunning_action
                 WHERE state = 'done'
                   AND %(exchanged)s
                   AND company_id = %(company)s
                   AND partner_id = ANY(%(partners)s)
              ORDER BY partner_id, date_done DESC, id DESC
                """,
                exchanged=self._dunning_get_exchanged_sql(),
                company=self.env.company.id,
                partners=self.ids,
            )
        )
        return self.env["dunning.action"].browse([action_id for [action_id] in rows])

    def _dunning_get_exchanged_sql(self) -> SQL:
        """Return the condition that something was exchanged by what is done of
        ``dunning_action``. Override to leave some out."""
        return SQL("dunning_action.kind != 'start'")

    def _dunning_get_last_messages(self):
        """Return pairs of partner id and last message, the latter elevated."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT ON (partner_id) partner_id, id
                  FROM (%s) message
              ORDER BY partner_id, date DESC, id DESC
                """,
                self._dunning_get_messages_query(),
            )
        )
        # Whoever reads the customer reads its messages.
        messages_sudo = self.env["mail.message"].sudo()
        messages_sudo = messages_sudo.browse([message_id for __, message_id in rows])
        return zip((partner_id for partner_id, __ in rows), messages_sudo, strict=True)

    def _dunning_get_messages_query(self) -> SQL:
        """Return SQL giving ``partner_id, id, date`` of the exchanges written on the
        customers or on their actions in the current company."""
        self.env["mail.message"].flush_model()
        return SQL(
            """
            SELECT res_id AS partner_id, id, date
              FROM mail_message message
             WHERE model = 'res.partner'
               AND res_id = ANY(%(partners)s)
               AND message_type IN %(types)s
               -- What goes out by an action counts once that is done.
               AND NOT EXISTS (
                   SELECT FROM dunning_action WHERE sent_message_id = message.id
               )
               AND %(readable)s
             UNION ALL
            SELECT action.partner_id, message.id, message.date
              FROM dunning_action action
              JOIN mail_message message
                ON message.model = 'dunning.action' AND message.res_id = action.id
             WHERE action.partner_id = ANY(%(partners)s)
               AND action.company_id = %(company)s
               AND message.message_type IN %(types)s
            """,
            partners=self.ids,
            types=EXCHANGE_TYPES,
            readable=self._dunning_get_readable_sql(),
            company=self.env.company.id,
        )
