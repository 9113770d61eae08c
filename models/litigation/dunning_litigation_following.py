from odoo import models


class DunningLitigation(models.Model):
    """Litigations follow their items to whoever owes them."""

    _inherit = "dunning.litigation"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _close_for(self, text):
        # OVERRIDES 'dunning.follower'
        self._close("cancelled", closed_by="currency", decision=text)
        self._settle()

    def _open_again(self):
        # EXTENDS 'account_dunning': what is open again is so where its items are
        result = super()._open_again()
        self._follow_customers()
        return result

    def _make_part(self, customer, items):
        # OVERRIDES 'dunning.follower'
        amount = sum(max(x.amount_residual_currency, 0) for x in items)
        if not amount:
            return self.browse()
        self.amount = max(self.amount - amount, 0)
        return self.copy(
            {
                "partner_id": customer.id,
                # Whose insolvency it is goes with the person, not with the debt.
                "kind": "lawyer" if self.kind == "insolvency" else self.kind,
                "move_line_ids": [(6, 0, items.ids)],
                "amount": amount,
                "date": self.date,
            }
        )
