import logging
import unittest

from psycopg2 import OperationalError

from odoo import models
from odoo.tools import split_every

from ..ledger.account_move import COPY

_logger = logging.getLogger(__name__)

# PDFs made by one process: more gain little, and one that fails has them made again.
AT_ONCE = 50


class AccountMove(models.Model):
    """The PDFs of invoices that e-mails need."""

    _inherit = "account.move"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _dunning_make_pdfs(self) -> dict:
        """Have Odoo make the PDFs that invoices lack.

        :return: dict of invoice to what was wrong, as a message
        """
        # Read at once.
        missing = self.filtered(lambda move: not move.invoice_pdf_report_id)
        problems = {}
        for moves in missing.grouped("company_id").values():
            for batch in split_every(AT_ONCE, moves.ids, moves.browse):
                problems |= batch._dunning_try_pdfs()
        return problems

    def _dunning_try_pdfs(self):
        try:
            with self.env.cr.savepoint():
                self._dunning_generate_pdfs()
                return {}
        except OperationalError:
            raise
        # Where Odoo prints several documents one by one, it skips tests of that.
        except (Exception, unittest.SkipTest) as error:
            if len(self) == 1:
                _logger.info("No PDF of %s", self.name, exc_info=error)
                return {
                    self: self.env._(
                        "The PDF of %(invoice)s cannot be made: %(reason)s",
                        invoice=self.name,
                        reason=str(error),
                    )
                }
        problems = {}
        for move in self:
            problems |= move._dunning_try_pdfs()
        return problems

    def _dunning_generate_pdfs(self):
        """Make the PDFs as "Send & Print" does, without sending anything."""
        # Odoo marks invoices as sent that have a PDF: these were before, or are now.
        # It waits a second for the scripts of each report: invoices have none.
        self = self.with_context(  # noqa: PLW0642
            **COPY.context, dunning_print_at_once=True
        )
        send = self.env["account.move.send"]
        # Whoever duns need not have the rights to send invoices.
        data = {
            move_sudo: send._get_default_sending_settings(
                move_sudo, sending_methods=set(), extra_edis=set()
            )
            for move_sudo in self.sudo()
        }
        send._generate_invoice_documents(data)
        for move_sudo, values in data.items():
            if error := values.get("error"):
                raise ValueError(send._format_error_text(error))
            move_sudo.invalidate_recordset(["invoice_pdf_report_id"])
