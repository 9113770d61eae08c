from odoo import api, models


class AccountPartialReconcile(models.Model):
    _inherit = "account.partial.reconcile"

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS 'account': open actions follow what is paid
        partials = super().create(vals_list)
        lines = partials.debit_move_id | partials.credit_move_id
        lines._dunning_ledger_changed(routine=True)
        return partials

    def unlink(self):
        # EXTENDS 'account': open actions come back when a payment bounces
        if not self:
            # Each reconciliation takes back no reconciliation.
            return super().unlink()
        lines = self.debit_move_id | self.credit_move_id
        result = super().unlink()
        lines.exists()._dunning_ledger_changed(reopened=True)
        return result
