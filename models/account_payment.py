from odoo import models


class AccountPayment(models.Model):
    _inherit = "account.payment"

    def write(self, vals):
        # EXTENDS 'account': a payment without journal entry pays nothing in the
        # ledger yet, but its invoice is no longer dunned
        result = super().write(vals)
        if {"state", "invoice_ids"} & vals.keys():
            payments = self.filtered(lambda payment: not payment.move_id)
            # Whoever works on the payment need not see the invoices of a branch, and
            # what is not seen is not in the cache either.
            moves_sudo = self.env["account.move"].sudo()
            moves_sudo = moves_sudo.search(
                [("matched_payment_ids", "in", payments.ids)]
            )
            moves_sudo.line_ids._dunning_ledger_changed()
        return result
