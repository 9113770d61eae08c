from odoo import models


class AccountPaymentRegister(models.TransientModel):
    _inherit = "account.payment.register"

    def _create_payments(self):
        # EXTENDS 'account': posting the payments and reconciling them are one event
        with self.env["dunning.ledger"]._followed_once():
            return super()._create_payments()
