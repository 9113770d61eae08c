from odoo import fields, models

from ...tools.following import is_following


class DunningDispute(models.Model):
    _inherit = "dunning.dispute"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    closed_by = fields.Selection(
        selection_add=[("currency", "Invoice in Another Currency")]
    )

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _check_open_items(self, items):
        # EXTENDS 'account_dunning': what is disputed already goes along
        return None if is_following(self.env) else super()._check_open_items(items)

    def _check_held(self):
        # EXTENDS 'account_dunning'
        return None if is_following(self.env) else super()._check_held()

    def _close_for(self, text):
        # OVERRIDES 'dunning.follower'
        self._close(
            "cancelled", closed_by="currency", closed_user_id=False, decision=text
        )
        self._settle()

    def _reopen_for_ledger(self):
        # EXTENDS 'account_dunning': what is open again is so where its items are
        result = super()._reopen_for_ledger()
        self._follow_customers()
        return result

    def _prepare_given(self, customer, items):
        # EXTENDS 'dunning.follower'
        contacts = customer.with_company(self.company_id)._dunning_get_contacts()
        contact = contacts[customer.id]
        return super()._prepare_given(customer, items) | {"contact_id": contact.id}

    def _make_part(self, customer, items):
        # OVERRIDES 'dunning.follower'
        amount = self._get_share(self.amount, items)
        if not amount:
            return self.browse()
        # Decided by what people look at: less is left to decide here.
        self.amount = max(self.amount - amount, self.currency_id.rounding)
        return self.copy(
            {
                "partner_id": customer.id,
                "move_line_ids": [(6, 0, items.ids)],
                "amount": amount,
                "date": self.date,
                "date_deadline": self.date_deadline,
                "contact_id": False,
                "state": self.state,
                "call_id": self.call_id.id,
            }
        )
