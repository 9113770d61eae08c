from odoo import api, fields, models


class DunningActionEdit(models.TransientModel):
    """The text of one action, to be edited for it alone: filled in with what would go
    out, figures included."""

    _name = "dunning.action.edit"
    _description = "Edit the Text of a Dunning Action"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    action_id = fields.Many2one(
        "dunning.action", required=True, readonly=True, ondelete="cascade"
    )
    channel = fields.Selection(related="action_id.channel")
    is_customized = fields.Boolean(related="action_id.is_customized")
    custom_stale = fields.Char(related="action_id.custom_stale")
    former_body = fields.Html(related="action_id.custom_body", string="Your Text")
    former_sms = fields.Text(related="action_id.custom_sms", string="Your SMS")
    subject = fields.Char(compute="_compute_text", store=True, readonly=False)
    body = fields.Html(
        string="Text", compute="_compute_text", store=True, readonly=False
    )
    sms = fields.Text(string="SMS", compute="_compute_text", store=True, readonly=False)

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("action_id")
    def _compute_text(self):
        for dialog in self:
            # An edited text that is out of date is not part of what goes out: it is
            # begun again from the template's.
            action = dialog.action_id
            dialog.subject = action.preview_subject
            dialog.body = action.preview_body
            dialog.sms = action.preview_sms

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_apply(self):
        """Keep the text for this action.

        :return: action that closes the dialog
        :raise UserError: the text is empty, or the action is not open any more
        """
        self.action_id._customize(self.subject, self.body, self.sms)
        return {"type": "ir.actions.act_window_close"}

    def action_restore(self):
        """Go back to the text of the template.

        :return: action that closes the dialog
        """
        self.action_id.action_restore_text()
        return {"type": "ir.actions.act_window_close"}
