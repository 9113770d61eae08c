from odoo import api, fields, models


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
    is_told = fields.Boolean(
        string="Tell the Customer",
        default=True,
        help="On its page and by e-mail.",
    )
    note = fields.Text(
        string="Told to the Customer",
        compute="_compute_note",
        store=True,
        readonly=False,
        help="The customer reads it on its page and gets it by e-mail. Empty: the "
        "usual words for what was asked, in the customer's language.",
    )

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("request_ids")
    def _compute_note(self):
        for wizard in self:
            notes = {request._get_refusal_words() for request in wizard.request_ids}
            # Several customers may be told in words of their own.
            wizard.note = notes.pop() if len(notes) == 1 else False

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_apply(self) -> dict:
        """Refuse the answers.

        :return: action that closes the dialog
        """
        for request in self.request_ids:
            note = (self.note or "").strip() or request._get_refusal_words()
            request.action_refuse(note if self.is_told else None)
        return {"type": "ir.actions.act_window_close"}
