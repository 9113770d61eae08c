from odoo import api, fields, models


class DunningDisputeAnswerDialog(models.TransientModel):
    """Answering a customer about a dispute, in words that the customer reads."""

    _name = "dunning.dispute.answer.dialog"
    _description = "Answer a Customer about a Dispute"
    _inherit = ["dunning.guarded"]

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    dispute_id = fields.Many2one(
        "dunning.dispute",
        required=True,
        default=lambda self: self.env["dunning.guard"]._get_context_id(),
        ondelete="cascade",
    )
    text = fields.Text(string="Answer", required=True)
    waits = fields.Boolean(
        string="Wait for the Customer",
        help="The dispute waits until the customer has answered on its page.",
    )
    address = fields.Char(string="E-mail to", compute="_compute_address")

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("dispute_id")
    def _compute_address(self):
        for dialog in self:
            dispute = dialog.dispute_id
            dialog.address = dispute and dispute._find_reader()

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_apply(self) -> dict:
        """Answer.

        :return: action that closes the dialog
        :raise UserError: the dispute is closed
        """
        self.ensure_one()
        with self.env["dunning.guard"]._once(self):
            self.dispute_id._answer(self.text, self.waits)
        return {"type": "ir.actions.act_window_close"}
