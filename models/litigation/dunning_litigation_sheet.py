from odoo import models

from ...tools.registration import get_siren


class DunningLitigation(models.Model):
    """The data sheet of a litigation: what a request to the court, a declaration of the
    claim or the agent's file asks for, on one page."""

    _inherit = "dunning.litigation"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _get_sheet_parties(self) -> list[dict]:
        """Return creditor and debtor, with addresses and numbers."""
        self.ensure_one()
        # How a company can be reached is no secret to who works there.
        company_sudo = self.company_id.sudo()
        return [
            self._tell_party(self.env._("Creditor"), company_sudo.partner_id),
            self._tell_party(self.env._("Debtor"), self.partner_id),
        ]

    def _tell_party(self, title, partner):
        address = partner._display_address(without_company=True)
        return {
            "title": title,
            "name": partner.name,
            "lines": [line for line in address.splitlines() if line.strip()],
            "siren": get_siren(partner.company_registry, partner.vat),
            "vat": partner.vat,
            "email": partner.email,
            "phone": partner.phone,
        }

    def _get_sheet_items(self) -> list[dict]:
        """Return the items, the oldest first: ``number, date, due, amount, left,
        interest`` to date, None where a rate is not known."""
        self.ensure_one()
        periods = self.move_line_ids._dunning_interest(skip_missing=True)
        interest = {
            id_: sum(period.amount for period in own) for id_, own in periods.items()
        }
        return [
            {
                "number": item._dunning_get_number(),
                "date": item.move_id.invoice_date or item.date,
                "due": item.date_maturity,
                "amount": item.amount_currency,
                "left": max(item.amount_residual_currency, 0),
                "interest": interest.get(item.id),
            }
            for item in self.move_line_ids._dunning_by_due_date()
        ]
