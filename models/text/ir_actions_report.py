from collections.abc import Iterable

from odoo import api, models


class IrActionsReport(models.Model):
    """Documents of dunning are printed for who may read what they are about: other
    documents print, elevated, whatever report one chooses by their own numbers."""

    _inherit = "ir.actions.report"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _pre_render_qweb_pdf(self, report_ref, res_ids=None, data=None):
        # EXTENDS 'base'
        self._dunning_check_printed(report_ref, res_ids)
        return super()._pre_render_qweb_pdf(report_ref, res_ids, data)

    @api.model
    def _render_qweb_html(self, report_ref, docids, data=None):
        # EXTENDS 'base'
        self._dunning_check_printed(report_ref, docids)
        return super()._render_qweb_html(report_ref, docids, data)

    @api.model
    def _render_qweb_text(self, report_ref, docids, data=None):
        # EXTENDS 'base'
        self._dunning_check_printed(report_ref, docids)
        return super()._render_qweb_text(report_ref, docids, data)

    @api.model
    def _dunning_check_printed(
        self,
        report_ref: models.BaseModel | int | str,
        res_ids: Iterable[int] | int | None,
    ) -> None:
        """Refuse to print records of ours that one may not read.

        :param report_ref: as Odoo takes it: report, its id, XML id or name
        :raise AccessError: nobody who may read them asks for it
        :raise MissingError: one is gone
        """
        report_sudo = self._get_report(report_ref)
        ids = [res_ids] if isinstance(res_ids, int) else res_ids or []
        self.env["mail.render.mixin"]._dunning_check_asked(report_sudo.model, ids)
        if report_sudo.model.startswith("dunning."):
            # Also of records that are gone.
            self.env[report_sudo.model].browse(ids).check_access("read")
