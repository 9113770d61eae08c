from odoo import api, fields, models


class DunningActionEdit(models.TransientModel):
    """The text of one action, to be edited for it alone: filled in with what would go
    out, figures included."""

    _name = "dunning.action.edit"
    _description = "Edit the Text of a Dunning Action"
    _inherit = ["dunning.guarded"]

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
    subject = fields.Char()
    body = fields.Html(string="Text")
    sms = fields.Text(string="SMS")

    # ------------------------------------------------------------------
    # CRUD METHODS
    # ------------------------------------------------------------------

    @api.model
    def default_get(self, fields):
        # EXTENDS 'base': begun with what would go out. An edited text that is out of
        # date is not part of that: it is begun again from the template's.
        values = super().default_get(fields)
        if action_id := values.get("action_id"):
            action = self.env["dunning.action"].browse(action_id)
            action.check_access("write")
            shown = action.get_preview()
            # Logo and button are put around it again.
            shown["body"] = shown.get("text") or shown.get("body")
            values.update(
                (name, shown.get(name))
                for name in ("subject", "body", "sms")
                if name in fields
            )
        return values

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
