from odoo import api, models


class ResPartner(models.Model):
    """What customers answer, and how their invoices are printed."""

    _inherit = "res.partner"

    # ------------------------------------------------------------------
    # CONSTRAINT METHODS
    # ------------------------------------------------------------------

    @api.constrains("invoice_template_pdf_report_id")
    def _check_dunning_invoice_report(self):
        # Who edits contacts need not have rights on reports.
        reports_sudo = self.sudo().invoice_template_pdf_report_id
        reports_sudo._dunning_check_for_invoices()

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _message_post_after_hook(self, message, msg_values):
        # EXTENDS 'mail': tell the collector that the customer has answered
        result = super()._message_post_after_hook(message, msg_values)
        if message.message_type == "email" and message.parent_id:
            # The mail gateway has no rights on dunning.
            actions_sudo = self.env["dunning.action"].sudo()
            actions_sudo._follow_reply(message)
        return result
