from odoo import Command, api, fields, models


class DunningActionEdit(models.TransientModel):
    """Beside the text: to whom it goes, who gets a copy, and which files go along."""

    _inherit = "dunning.action.edit"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    is_routed = fields.Boolean(
        help="The dialog shows to whom it goes, so that this is kept too."
    )
    recipient_ids = fields.Many2many(
        "res.partner",
        "dunning_action_edit_recipient_rel",
        "edit_id",
        "partner_id",
        string="To",
        domain="[('email', '!=', False)]",
    )
    cc = fields.Char(
        string="Copy To", help="E-mail addresses, with commas between them."
    )
    file_ids = fields.Many2many(
        "ir.attachment",
        "dunning_action_edit_file_rel",
        "edit_id",
        "attachment_id",
        string="Attach a File",
    )
    invoice_count = fields.Integer()
    without_invoices = fields.Boolean(
        string="Without the Invoices",
        help="The PDFs of the invoices stay out of this e-mail.",
    )

    # ------------------------------------------------------------------
    # CRUD METHODS
    # ------------------------------------------------------------------

    @api.model
    def default_get(self, fields):
        # EXTENDS 'account_dunning': begun with to whom it would go
        values = super().default_get(fields)
        action = self.env["dunning.action"].browse(values.get("action_id"))
        if action and action.channel == "email":
            shown = action.get_preview()
            route = {
                "is_routed": True,
                "recipient_ids": [Command.set(action._get_recipients().ids)],
                "cc": shown.get("cc"),
                "file_ids": [Command.set(action.custom_file_ids.ids)],
                "invoice_count": action.level_id.attach_invoices
                and len(action._get_listed_invoices()),
                "without_invoices": action.custom_without_invoices,
            }
            values.update((k, v) for k, v in route.items() if k in fields)
        return values

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_apply(self):
        # EXTENDS 'account_dunning': and to whom it goes, with which files
        result = super().action_apply()
        if self.is_routed:
            self.action_id._route(
                self.recipient_ids, self.cc, self.file_ids, self.without_invoices
            )
        return result
