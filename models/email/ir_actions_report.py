import io

from odoo import models
from odoo.exceptions import ValidationError

from odoo.addons.base.models.ir_actions_report import _wkhtml

from ...tools import letter_pdf, one_document


class IrActionsReport(models.Model):
    """Printing of invoices: many by one process, whatever the build of wkhtmltopdf.

    How it works: Odoo hands over one document for each invoice and tells them apart by
    their headings, which takes a build with patched Qt. To the others they are handed
    over as one document, which is cut where marks say that an invoice begins.
    """

    _inherit = "ir.actions.report"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _dunning_check_for_invoices(self):
        """Refuse to print our documents as invoices.

        :raise ValidationError: saying which document it is
        """
        for report in self:
            if (report.model or "").startswith("dunning."):
                raise ValidationError(
                    self.env._(
                        "“%s” is made for another document: choose one that prints "
                        "invoices.",
                        report.name,
                    )
                )

    def _run_wkhtmltopdf(self, bodies, *args, **kwargs):
        # EXTENDS 'base': without patched Qt, several documents as one
        if len(bodies) > 1 and self._dunning_prints_at_once():
            bodies = one_document.join(bodies)
        return super()._run_wkhtmltopdf(bodies, *args, **kwargs)

    def _render_qweb_pdf_prepare_streams(self, report_ref, data, res_ids=None):
        # EXTENDS 'base': which does not know of the marks
        streams = super()._render_qweb_pdf_prepare_streams(report_ref, data, res_ids)
        uncut = set(streams) == {False} and len(res_ids or []) > 1
        if not uncut or not self._dunning_prints_at_once():
            return streams
        pdfs = letter_pdf.cut(streams[False]["stream"].getvalue(), len(res_ids))
        return {
            id_: {"stream": io.BytesIO(pdf), "attachment": None}
            for id_, pdf in zip(res_ids, pdfs, strict=True)
        }

    def _dunning_prints_at_once(self):
        at_once = self.env.context.get("dunning_print_at_once")
        return bool(at_once) and not _wkhtml().is_patched_qt
