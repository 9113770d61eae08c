from odoo import fields, models


class DunningAnswerRefusal(models.TransientModel):
    """Refusing what customers ask for on their page, with what they are told."""

    _name = "dunning.answer.refusal"
    _description = "Refuse a Customer's Answer"
    _inherit = ["dunning.guarded"]

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    request_ids = fields.Many2many(
        "dunning.portal.request",
        string="Answers",
        required=True,
        default=lambda self: self.env["dunning.guard"]._get_context_ids("active_ids"),
    )
    note = fields.Text(
        string="Told to the Customer",
        help="The customer reads it on its page and gets it by e-mail.",
    )

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_apply(self) -> dict:
        """Refuse the answers.

        :return: action that closes the dialog
        """
        self.request_ids.action_refuse(self.note or None)
        return {"type": "ir.actions.act_window_close"}
