from odoo import models
from odoo.tools import format_amount, format_date

# Icon and tone of what became of a promise.
PROMISE_ENDS = {
    "kept": ("fa-check", "courteous"),
    "partly_kept": ("fa-adjust", "firm"),
    "broken": ("fa-chain-broken", "formal"),
    "void": ("fa-ban", None),
    "withdrawn": ("fa-times", None),
    "renegotiated": ("fa-refresh", None),
}


class ResPartner(models.Model):
    """Promises in the timeline: each is told when it was made, and again when it came
    to its end."""

    _inherit = "res.partner"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _dunning_get_entry_queries(self):
        # EXTENDS 'account_dunning'
        return [
            *super()._dunning_get_entry_queries(),
            self._dunning_get_agreement_query("promise"),
        ]

    def _dunning_get_tellers(self):
        # EXTENDS 'account_dunning'
        return super()._dunning_get_tellers() | self._dunning_get_agreement_tellers(
            "promise", self._dunning_tell_promise, self._dunning_tell_promise_end
        )

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
