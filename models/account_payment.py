from odoo import models


class AccountPayment(models.Model):
    _inherit = "account.payment"

    def write(self, vals):
        # EXTENDS 'account': a payment without journal entry pays nothing in the
        # ledger yet, but its invoice is no longer dunned
        result = super().write(vals)
        if {"state", "invoice_ids"} & vals.keys():
            self.filtered(
                lambda payment: not payment.move_id
            ).invoice_ids.line_ids._dunning_ledger_changed()
        return result
