from odoo import models

# Fields of a payment without journal entry that decide what it covers.
DUNNING_FIELDS = {
    "amount",
    "company_id",
    "currency_id",
    "invoice_ids",
    "partner_id",
    "partner_type",
    "payment_type",
    "state",
}


class AccountPayment(models.Model):
    """A payment without journal entry pays nothing in the ledger yet, but what it will
    pay is no longer dunned."""

    _inherit = "account.payment"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    # === Constraints and indexes === #
    # Each payment waits for the answer whether its customer has some of these.
    _dunning_in_process_idx = models.Index(
        "(partner_id) WHERE move_id IS NULL AND state = 'in_process' "
        "AND payment_type = 'inbound'"
    )

    # ------------------------------------------------------------------
    # CRUD METHODS
    # ------------------------------------------------------------------

    def write(self, vals):
        # EXTENDS 'account': open actions follow what is paid without journal entry
        if not DUNNING_FIELDS & vals.keys():
            return super().write(vals)
        with self.env["dunning.ledger"]._followed_once():
            self._dunning_follow_without_entry()
            result = super().write(vals)
            self._dunning_follow_without_entry()
        return result

    def unlink(self):
        # EXTENDS 'account': what was paid without journal entry is owed again
        if not self:
            # Undoing a reconciliation deletes none.
            return super().unlink()
        with self.env["dunning.ledger"]._followed_once():
            self._dunning_follow_without_entry()
            return super().unlink()

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _dunning_follow_without_entry(self):
        """Have the actions follow that those of the payments without journal entry
        concern: of their invoices and of who pays."""
        payments = self.filtered(
            lambda payment: (
                not payment.move_id and payment.state in ("in_process", "paid")
            )
        )
        if not payments:
            return
        # Whoever works on the payment need not see the invoices of a branch, and what
        # is not seen is not in the cache either.
        moves_sudo = self.env["account.move"].sudo()
        moves_sudo = moves_sudo.search([("matched_payment_ids", "in", payments.ids)])
        moves_sudo.line_ids._dunning_ledger_changed()
        customers = payments.filtered(
            lambda payment: payment.partner_type == "customer"
        )
        for company, own in customers.grouped("company_id").items():
            if own.partner_id:
                own.env["dunning.ledger"]._customers_changed(company, own.partner_id)
