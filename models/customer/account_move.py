from odoo import models
from odoo.exceptions import UserError


class AccountMove(models.Model):
    """An action is planned where the invoice is looked at that it is about."""

    _inherit = "account.move"

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_dunning_plan(self) -> dict:
        """Open a new action for the customer of the invoice, with its number noted.

        :return: window action
        :raise UserError: nothing of it is open that a customer owes
        """
        self.ensure_one()
        self.check_access("read")
        self.env["dunning.action"].check_access("create")
        open_items = self._dunning_get_items().filtered(
            lambda item: not item.reconciled
        )
        customer = self.commercial_partner_id
        if self.state != "posted" or not open_items or not customer:
            raise UserError(
                self.env._("A customer owes nothing of this: there is nothing to plan.")
            )
        window = customer.action_dunning_plan()
        context = {
            **window["context"],
            "default_company_id": self.company_id.id,
            "default_note": self.env._("About %s", self.name),
        }
        return window | {"context": context}
