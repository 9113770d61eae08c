from datetime import timedelta
from functools import partial

from odoo import SUPERUSER_ID, fields, models
from odoo.tools import SQL, format_amount, format_date
from odoo.tools.i18n import format_list

from ...tools.text import is_told
from ..ledger.account_move_line_closing import PAYMENT_JOURNALS

# Longer than the system takes to write what is said.
LATE = timedelta(days=1)

# How many invoices a payment names.
NUMBERS_TOLD = 4

# Records to which their messages lead.
NAMED_MODELS = (
    "account.move",
    "dunning.promise",
    "dunning.dispute",
    "dunning.litigation",
)


class ResPartner(models.Model):
    """The words in which each entry of the timeline is told: dicts of ``date, icon,
    channel, title, text, reason, amount, still_open, who, model, res_id, tone, muted``,
    where ``still_open`` is what is left today of an amount that was claimed."""

    _inherit = "res.partner"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _dunning_tell_entries(self, keys: list) -> list[dict]:
        """Return what is told of each entry, in order.

        :param keys: list of pairs of source and record id
        """
        ids = {}
        for source, id_ in keys:
            ids.setdefault(source, []).append(id_)
        told = {
            (source, id_): entry
            for source, source_ids in ids.items()
            for id_, entry in self._dunning_tell(source, source_ids).items()
        }
        return [{"key": f"{source}-{id_}", **told[source, id_]} for source, id_ in keys]

    def _dunning_tell(self, source, ids):
        """Return what is told of records of one source: dict of id to entry."""
        return self._dunning_get_tellers()[source](ids)

    def _dunning_get_tellers(self):
        """Return what tells of the records of each source: it takes their ids, and
        returns a dict of id to entry. Override for a source of one's own."""
        return {
            "action": self._dunning_tell_actions,
            "message": self._dunning_tell_messages,
            "credit": self._dunning_tell_credits,
            "payment": self._dunning_tell_payments,
            "hold_set": partial(self._dunning_tell_holds, is_end=False),
            "hold_end": partial(self._dunning_tell_holds, is_end=True),
        }

    def _dunning_tell_actions(self, ids):
        icons = self.env["dunning.channel"]._get_icons()
        entries = {}
        for action in self.env["dunning.action"].browse(ids):
            channels = dict(action._fields["channel"]._description_selection(self.env))
            done = action.state == "done"
            text = action._get_history_text() if done else action.cancel_label
            entries[action.id] = {
                "date": format_date(self.env, action.date_closed or action.date),
                "icon": icons[action.channel],
                "channel": channels[action.channel],
                "title": action._get_title_beside(channels[action.channel], text),
                "text": text,
                "reason": action._get_reason_beside(),
                "amount": action.amount_by_currency if done else False,
                "still_open": action.open_by_currency if done else False,
                "who": action.done_user_id.name if done else False,
                "model": "dunning.action",
                "res_id": action.id,
                "muted": not done and self.env._("Cancelled"),
                "tone": action.tone,
            }
        return entries

    def _dunning_tell_messages(self, ids):
        # Whoever reads the customer reads its messages.
        messages_sudo = self.env["mail.message"].sudo().browse(ids)
        return {
            message_sudo.id: self._dunning_tell_message(message_sudo)
            for message_sudo in messages_sudo
        }

    def _dunning_tell_author(self, message):
        """Return who says something and, where somebody else has entered it for them,
        who and when: of both, a message tells what it was given."""
        author = message.author_id.name or message.email_from
        by = message.dunning_entered_by or self._dunning_get_writer(message)
        day = format_date(self.env, message.create_date)
        if not by and self._dunning_is_told_late(message):
            return self.env._(
                "%(author)s (entered on %(date)s)", author=author, date=day
            )
        if not by:
            return author
        return self.env._(
            "%(author)s (entered by %(user)s on %(date)s)",
            author=author,
            user=by,
            date=day,
        )

    def _dunning_is_told_late(self, message):
        """Return whether a message that people have written is of another day."""
        by_system = message.create_uid.id == SUPERUSER_ID
        return not by_system and abs(message.create_date - message.date) > LATE

    def _dunning_get_writer(self, message):
        """Return the name of who works here and has written a message that somebody
        else is said to have written."""
        by = message.create_uid
        if by.id == SUPERUSER_ID or by.share or by.partner_id == message.author_id:
            return False
        return by.name

    def _dunning_tell_message(self, message):
        internal = message.is_internal or message.subtype_id.internal
        if message.message_type == "sms":
            icon, channel = "fa-mobile", self.env._("SMS")
        elif message.message_type == "email":
            icon, channel = "fa-reply", self.env._("Received")
        elif message.message_type in ("comment", "auto_comment") and internal:
            icon, channel = "fa-sticky-note-o", self.env._("Note")
        else:
            icon, channel = "fa-comment-o", self.env._("Message")
        day = fields.Datetime.context_timestamp(self, message.date).date()
        shown = message.model in NAMED_MODELS
        return {
            "date": format_date(self.env, day),
            "icon": icon,
            "channel": channel,
            "title": message.record_name if shown else message.subject,
            "text": message.preview,
            "who": self._dunning_tell_author(message),
            "model": shown and message.model,
            "res_id": shown and message.res_id,
        }

    def _dunning_tell_credits(self, ids):
        matched = self._dunning_get_matched(ids)
        # Whoever reads what invoices owe reads what has paid them, in a parent company
        # too, although there is nothing to open there.
        lines_sudo = self.env["account.move.line"].sudo().browse(ids)
        entries = {}
        for line_sudo in lines_sudo:
            numbers, amount = matched.get(line_sudo.id, ([], 0.0))
            entry = self._dunning_tell_credit(line_sudo, numbers)
            if line_sudo.company_id != self.env.company:
                text = format_amount(self.env, amount, line_sudo.currency_id)
                entry |= {"amount": text, "model": False, "res_id": False}
            entries[line_sudo.id] = entry
        return entries

    def _dunning_tell_credit(self, line, numbers):
        if line.amount_currency > 0:
            icon, title, tone = "fa-undo", self.env._("Payment returned"), "formal"
        elif line.move_id.move_type == "out_refund":
            icon, title, tone = "fa-file-o", self.env._("Credit note"), "courteous"
        elif line.journal_id.type in PAYMENT_JOURNALS:
            icon, title, tone = "fa-money", self.env._("Payment"), "courteous"
        else:
            icon, title, tone = "fa-exchange", self.env._("Other entry"), "courteous"
        return {
            "date": format_date(self.env, line.date),
            "icon": icon,
            "channel": title,
            "title": line.move_name,
            "text": self._dunning_tell_matched(numbers),
            "amount": format_amount(self.env, -line.amount_currency, line.currency_id),
            "model": "account.move",
            "res_id": line.move_id.id,
            "tone": tone,
        }

    def _dunning_tell_matched(self, numbers: list[str]) -> str:
        """Return a sentence on what a payment has paid.

        :param numbers: list of the numbers of entries
        """
        if not numbers:
            return self.env._("Not allocated yet")
        # One more takes no more room than to say that there is one more.
        if len(numbers) <= NUMBERS_TOLD + 1:
            return self.env._("For %s", format_list(self.env, numbers))
        return self.env._(
            "For %(numbers)s and %(count)s others",
            numbers=", ".join(numbers[:NUMBERS_TOLD]),
            count=len(numbers) - NUMBERS_TOLD,
        )

    def _dunning_get_matched(self, ids):
        """Return what each journal item is matched with: the numbers of the entries,
        and the amount; of one of a parent company, what concerns this company."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT matched.id,
                       ARRAY_AGG(DISTINCT other.move_name ORDER BY other.move_name),
                       SUM(matched.amount)
                  FROM (
                       SELECT credit_move_id AS id,
                              debit_move_id AS other_id,
                              credit_amount_currency AS amount
                         FROM account_partial_reconcile
                        WHERE credit_move_id = ANY(%(ids)s)
                        UNION ALL
                       SELECT debit_move_id, credit_move_id, -debit_amount_currency
                         FROM account_partial_reconcile
                        WHERE debit_move_id = ANY(%(ids)s)
                       ) matched
                  JOIN account_move_line own ON own.id = matched.id
                  JOIN account_move_line other ON other.id = matched.other_id
                 WHERE %(company)s IN (own.company_id, other.company_id)
              GROUP BY matched.id
                """,
                ids=ids,
                company=self.env.company.id,
            )
        )
        return {id_: (numbers, amount) for id_, numbers, amount in rows}

    def _dunning_tell_payments(self, ids):
        # See the credits.
        payments_sudo = self.env["account.payment"].sudo().browse(ids)
        return {
            payment.id: {
                "date": format_date(self.env, payment.date),
                "icon": "fa-money",
                "channel": self.env._("Payment in process"),
                "title": payment.name,
                "amount": format_amount(self.env, payment.amount, payment.currency_id),
                "model": payment.company_id == self.env.company and "account.payment",
                "res_id": payment.company_id == self.env.company and payment.id,
                "tone": "courteous",
            }
            for payment in payments_sudo
        }

    def _dunning_tell_holds(self, ids, is_end):
        return {
            hold.id: {
                "reason": hold.reason_id.name,
                **(
                    self._dunning_tell_hold_end(hold)
                    if is_end
                    else self._dunning_tell_hold_set(hold)
                ),
                "title": hold.display_name,
                "model": "dunning.hold",
                "res_id": hold.id,
            }
            for hold in self.env["dunning.hold"].browse(ids)
        }

    def _dunning_tell_hold_set(self, hold):
        day = fields.Datetime.context_timestamp(self, hold.create_date).date()
        return {
            "date": format_date(self.env, day),
            "icon": "fa-pause",
            "channel": self.env._("Put on hold"),
            "text": hold.note,
            "reason": not is_told(hold.reason_id.name, hold.note)
            and hold.reason_id.name,
            "amount": bool(hold.amount)
            and format_amount(self.env, hold.amount, hold.currency_id),
            "who": hold.create_uid.name,
            "tone": "firm",
        }

    def _dunning_tell_hold_end(self, hold):
        released = hold.date_released
        return {
            "date": format_date(self.env, released or hold.date_end),
            "icon": "fa-play",
            "channel": (
                self.env._("Hold released") if released else self.env._("Hold ended")
            ),
            "who": hold.released_user_id.name,
        }
