from odoo import api, fields, models


class DunningDisputeCredit(models.Model):
    """What is to be credited on one invoice of an accepted dispute, and the credit note
    that does it. Until that is posted, the amount is kept out of dunning."""

    _name = "dunning.dispute.credit"
    _description = "Credit for a Dispute"
    _inherit = ["dunning.protected"]
    _order = "dispute_id, id"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    dispute_id = fields.Many2one(
        "dunning.dispute", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="dispute_id.company_id")
    currency_id = fields.Many2one(related="dispute_id.currency_id")
    move_id = fields.Many2one(
        "account.move",
        string="Invoice",
        readonly=True,
        ondelete="set null",
        help="Empty for a credit note that was made before, whatever it credits.",
    )
    amount = fields.Monetary(
        string="Accepted", required=True, readonly=True, help="Taxes included."
    )
    credit_note_id = fields.Many2one(
        "account.move",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    prepared = fields.Boolean(
        readonly=True, help="The credit note was prepared for the dispute."
    )
    state = fields.Selection(
        [("missing", "To Prepare"), ("draft", "To Post"), ("posted", "Posted")],
        string="Status",
        compute="_compute_state",
    )
    amount_credited = fields.Monetary(
        string="Credited",
        compute="_compute_amount_credited",
        help="By the credit note as it is now.",
    )

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("credit_note_id.state")
    def _compute_state(self):
        for credit in self:
            state = credit.credit_note_id.state
            credit.state = state if state in ("draft", "posted") else "missing"

    @api.depends("credit_note_id.line_ids.amount_currency")
    def _compute_amount_credited(self):
        for credit in self:
            credit.amount_credited = credit._get_amount_of(credit.credit_note_id)

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _is_in_ledger(self):
        """Return whether the ledger says by itself that the amount is credited. A
        credit note that is reset to draft stays reconciled until it is changed."""
        self.ensure_one()
        lines = self.credit_note_id.line_ids
        return self.state == "posted" or bool(lines.matched_debit_ids)

    @api.model
    def _get_amount_of(self, entry):
        """Return by how much an entry lowers what a customer owes, in its currency."""
        receivable = entry.line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )
        return -sum(receivable.mapped("amount_currency"))
