from odoo import models
from odoo.tools import SQL, format_amount, format_date, html2plaintext

from ..dispute.dunning_dispute_settle import LEDGER_ENDS

# Icon and tone of what became of a promise.
PROMISE_ENDS = {
    "kept": ("fa-check", "courteous"),
    "partly_kept": ("fa-adjust", "firm"),
    "broken": ("fa-chain-broken", "formal"),
    "void": ("fa-ban", None),
    "withdrawn": ("fa-times", None),
    "renegotiated": ("fa-refresh", None),
}
DISPUTE_ENDS = {
    "accepted": ("fa-check", "courteous"),
    "corrected": ("fa-check", "courteous"),
    "rejected": ("fa-times", "firm"),
    "cancelled": ("fa-times", None),
}


class ResPartner(models.Model):
    """Promises and disputes in the timeline: each is told when it was made, and again
    when it came to its end. The holds that they write are not told."""

    _inherit = "res.partner"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _dunning_get_entry_queries(self):
        # EXTENDS 'account_dunning'
        return [
            *super()._dunning_get_entry_queries(),
            self._dunning_get_promise_query(),
            self._dunning_get_dispute_query(),
        ]

    def _dunning_get_promise_query(self) -> SQL:
        return SQL(
            """
            SELECT 'promise', id, date + create_date::time, ARRAY['promise']
              FROM dunning_promise
             WHERE partner_id = %(partner)s
               AND company_id = %(company)s
               AND date IS NOT NULL
             UNION ALL
            SELECT 'promise_end', id, date_closed + write_date::time, ARRAY['promise']
              FROM dunning_promise
             WHERE partner_id = %(partner)s
               AND company_id = %(company)s
               AND date_closed IS NOT NULL
            """,
            partner=self.id,
            company=self.env.company.id,
        )

    def _dunning_get_dispute_query(self) -> SQL:
        return SQL(
            """
            SELECT 'dispute', id, date + create_date::time, ARRAY['dispute']
              FROM dunning_dispute
             WHERE partner_id = %(partner)s AND company_id = %(company)s
             UNION ALL
            SELECT 'dispute_end', id, date_closed + write_date::time, ARRAY['dispute']
              FROM dunning_dispute
             WHERE partner_id = %(partner)s
               AND company_id = %(company)s
               AND date_closed IS NOT NULL
            """,
            partner=self.id,
            company=self.env.company.id,
        )

    def _dunning_tell(self, source, ids):
        # EXTENDS 'account_dunning'
        match source:
            case "promise":
                records, tell = "dunning.promise", self._dunning_tell_promise
            case "promise_end":
                records, tell = "dunning.promise", self._dunning_tell_promise_end
            case "dispute":
                records, tell = "dunning.dispute", self._dunning_tell_dispute
            case "dispute_end":
                records, tell = "dunning.dispute", self._dunning_tell_dispute_end
            case _:
                return super()._dunning_tell(source, ids)
        return {
            record.id: {
                **tell(record),
                "reason": record.reason_id.name,
                "model": records,
                "res_id": record.id,
            }
            for record in self.env[records].browse(ids)
        }

    def _dunning_tell_promise(self, promise):
        lines = promise.line_ids
        last = format_date(self.env, promise.date_last)
        if len(lines) > 1:
            channel = self.env._("Instalment plan")
            title = self.env._(
                "%(count)s payments until %(date)s", count=len(lines), date=last
            )
        else:
            channel = self.env._("Promise to pay")
            title = self.env._("By %s", last)
        waits = promise.approval in ("waiting", "refused") and (
            self.env._("Waits for approval")
            if promise.state == "open"
            else self.env._("Never approved")
        )
        return {
            "date": format_date(self.env, promise.date),
            "icon": "fa-handshake-o",
            "channel": channel,
            "title": title,
            "text": promise.note,
            "amount": format_amount(self.env, promise.amount, promise.currency_id),
            "who": promise.promised_by or promise.create_uid.name,
            "tone": "courteous",
            "muted": waits,
        }

    def _dunning_tell_promise_end(self, promise):
        icon, tone = PROMISE_ENDS[promise.state]
        titles = {
            "kept": self.env._("Promise kept"),
            "partly_kept": self.env._("Promise partly kept"),
            "broken": self.env._("Promise broken"),
            "void": self.env._("Promise void"),
            "withdrawn": self.env._("Promise withdrawn"),
            "renegotiated": self.env._("Promise renegotiated"),
        }
        title = titles[promise.state]
        if promise.approval == "refused":
            title = self.env._("Promise not approved")
        received = promise.amount_received
        return {
            "date": format_date(self.env, promise.date_closed),
            "icon": icon,
            "channel": title,
            "title": self.env._("Made on %s", format_date(self.env, promise.date)),
            "text": promise.decision_reason or promise.outcome_text,
            "amount": bool(received)
            and format_amount(self.env, received, promise.currency_id),
            "who": promise.decision_user_id.name,
            "tone": tone,
        }

    def _dunning_tell_dispute(self, dispute):
        return {
            "date": format_date(self.env, dispute.date),
            "icon": "fa-exclamation-circle",
            "channel": self.env._("Dispute"),
            "title": self._dunning_tell_disputed(dispute),
            "text": html2plaintext(dispute.description or ""),
            "amount": format_amount(self.env, dispute.amount, dispute.currency_id),
            "who": dispute.create_uid.name,
            "tone": "firm",
        }

    def _dunning_tell_dispute_end(self, dispute):
        icon, tone = DISPUTE_ENDS[dispute.state]
        titles = {
            "accepted": self.env._("Dispute accepted"),
            "corrected": self.env._("Dispute settled by a correction"),
            "rejected": self.env._("Dispute rejected"),
            "cancelled": self.env._("Dispute cancelled"),
        }
        by_ledger = dispute.closed_by in (*LEDGER_ENDS, "currency")
        causes = dict(dispute._fields["closed_by"]._description_selection(self.env))
        return {
            "date": format_date(self.env, dispute.date_closed),
            "icon": icon,
            "channel": self.env._("Dispute closed")
            if by_ledger
            else titles[dispute.state],
            "title": self._dunning_tell_disputed(dispute),
            "text": by_ledger and causes[dispute.closed_by],
            "amount": format_amount(self.env, dispute.amount, dispute.currency_id),
            "who": dispute.closed_user_id.name,
            "tone": tone,
        }

    def _dunning_tell_disputed(self, dispute):
        numbers = dispute.move_ids.mapped("name")
        return self._dunning_tell_matched(numbers) if numbers else dispute.display_name
