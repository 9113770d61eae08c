from odoo import api, models


class AccountJournal(models.Model):
    """A journal prints its invoices, never documents of dunning by their numbers."""

    _inherit = "account.journal"

    # ------------------------------------------------------------------
    # CONSTRAINT METHODS
    # ------------------------------------------------------------------

    @api.constrains("invoice_template_pdf_report_id")
    def _check_dunning_invoice_report(self):
        # Who edits journals need not have rights on reports.
        reports_sudo = self.sudo().invoice_template_pdf_report_id
        reports_sudo._dunning_check_for_invoices()
