from odoo import fields, models
from odoo.tools import SQL, format_amount, format_date

from ...tools.einvoice_state import CANCELLATION, CONTEST, DELIVERY, PAYMENT

# How grave a status is, where it opens something.
TONES = {
    CANCELLATION: "formal",
    DELIVERY: "formal",
    CONTEST: "firm",
    PAYMENT: "courteous",
}


class ResPartner(models.Model):
    """What the buyer's platform says, in the timeline: each status on its own date."""

    _inherit = "res.partner"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _dunning_get_entry_queries(self):
        # EXTENDS 'account_dunning'
        return [
            *super()._dunning_get_entry_queries(),
            SQL(
                """
                SELECT 'einvoice', event.id, event.date, ARRAY['message', 'einvoice']
                  FROM dunning_einvoice_event event
                  JOIN account_move move ON move.id = event.move_id
                 WHERE move.commercial_partner_id = %s
                   AND event.company_id = %s
                   AND event.state = 'assigned'
                """,
                self.id,
                self.env.company.id,
            ),
        ]

    def _dunning_get_tellers(self):
        # EXTENDS 'account_dunning'
        tellers = super()._dunning_get_tellers()
        return tellers | {"einvoice": self._dunning_tell_einvoices}

    def _dunning_tell_einvoices(self, ids):
        entries = {}
        for event in self.env["dunning.einvoice.event"].browse(ids):
            day = fields.Datetime.context_timestamp(self, event.date).date()
            entries[event.id] = {
                "date": format_date(self.env, day),
                "icon": "fa-file-code-o",
                "channel": event.name,
                "title": event.move_id.name,
                "text": " – ".join(filter(None, (event.reason_text, event.effect))),
                "reason": event.reason_names,
                "amount": bool(event.amount)
                and format_amount(self.env, event.amount, event.currency_id),
                "who": event.sender,
                "model": "account.move",
                "res_id": event.move_id.id,
                "tone": TONES.get(event.matter_ids[:1].topic),
            }
        return entries
