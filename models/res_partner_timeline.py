from odoo import api, fields, models
from odoo.tools import SQL, format_date

from .dunning_action import OPEN_STATES
from .dunning_level import CHANNEL_ICONS
from .res_partner_overview import READERS

# What people write to each other; notes of the system are no exchange.
EXCHANGE_TYPES = ("comment", "email", "sms")
TIMELINE_LIMIT = 40


class ResPartner(models.Model):
    """What was said to the customer and by the customer, the last exchange on top:
    actions done or cancelled, and the messages of the customer and its actions."""

    _inherit = "res.partner"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    dunning_timeline = fields.Html(
        string="History",
        compute="_compute_dunning_timeline",
        sanitize=False,
        groups=READERS,
    )

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends_context("company", "lang", "tz")
    def _compute_dunning_timeline(self):
        # Shown for one customer at a time.
        for partner in self:
            entries = partner._dunning_get_timeline() if partner.ids else []
            partner.dunning_timeline = self.env["ir.qweb"]._render(
                "account_dunning.partner_timeline",
                {"entries": entries, "limit": TIMELINE_LIMIT},
            )

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _dunning_get_timeline(self):
        """Return the entries of the timeline, the last first: dicts ``date, icon,
        title, text, who, url, muted, tone``."""
        self.ensure_one()
        actions = self.env["dunning.action"].search(
            [
                ("partner_id", "=", self.id),
                ("company_id", "=", self.env.company.id),
                ("state", "not in", OPEN_STATES),
            ],
            order="date_done desc nulls last, id desc",
            limit=TIMELINE_LIMIT,
        )
        entries = [self._dunning_get_action_entry(action) for action in actions]
        for message_sudo in self._dunning_get_messages_sudo(TIMELINE_LIMIT):
            entries.append(self._dunning_get_message_entry(message_sudo))
        entries.sort(key=lambda entry: entry["date"], reverse=True)
        return entries[:TIMELINE_LIMIT]

    def _dunning_get_action_entry(self, action):
        channels = dict(action._fields["channel"]._description_selection(self.env))
        done = action.state == "done"
        return {
            "date": action.date_closed or action.date,
            "icon": CHANNEL_ICONS[action.channel],
            "channel": channels[action.channel],
            "title": action.title,
            "text": action._get_history_text() if done else action.cancel_label,
            "reason": action.reason_id.name,
            "amount": action.amount_by_currency if done else False,
            "who": action.done_user_id.name if done else False,
            "url": f"/odoo/dunning.action/{action.id}",
            "cancelled": not done,
            "tone": action.tone,
        }

    def _dunning_get_message_entry(self, message):
        received = message.message_type == "email"
        return {
            "date": fields.Datetime.context_timestamp(message, message.date).date(),
            "icon": "fa-reply" if received else "fa-comment-o",
            "channel": self.env._("Message"),
            "title": message.subject,
            "text": message.preview,
            "who": message.author_id.name or message.email_from,
        }

    def _dunning_get_last_exchanges(self):
        """Return the last exchange with each customer, in the current company.

        :return: dict of partner id to (date, short text)
        """
        exchanges = {}
        for action in self._dunning_get_last_actions():
            channels = dict(action._fields["channel"]._description_selection(self.env))
            parts = [channels[action.channel], action.level_id.name]
            note = action.outcome_text or action.reason_id.name or action.note
            text = " – ".join(part for part in (*parts, note) if part)
            exchanges[action.partner_id.id] = (action.date_done, text)
        for partner_id, message_sudo in self._dunning_get_last_messages_sudo():
            date = fields.Datetime.context_timestamp(self, message_sudo.date).date()
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
                   AND kind != 'start'
                   AND company_id = %s
                   AND partner_id = ANY(%s)
              ORDER BY partner_id, date_done DESC, id DESC
                """,
                self.env.company.id,
                self.ids,
            )
        )
        return self.env["dunning.action"].browse([action_id for [action_id] in rows])

    def _dunning_get_last_messages_sudo(self):
        """Return pairs of partner id and last message."""
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

    def _dunning_get_messages_sudo(self, limit):
        rows = self.env.execute_query(
            SQL(
                "SELECT id FROM (%s) message ORDER BY date DESC, id DESC LIMIT %s",
                self._dunning_get_messages_query(),
                limit,
            )
        )
        # Whoever reads the customer reads its messages.
        return self.env["mail.message"].sudo().browse([row[0] for row in rows])

    def _dunning_get_messages_query(self) -> SQL:
        """Return SQL giving ``partner_id, id, date`` of the exchanges written on the
        customers or on their actions in the current company."""
        self.env["mail.message"].flush_model()
        return SQL(
            """
            SELECT res_id AS partner_id, id, date
              FROM mail_message
             WHERE model = 'res.partner'
               AND res_id = ANY(%(partners)s)
               AND message_type IN %(types)s
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
            company=self.env.company.id,
        )
