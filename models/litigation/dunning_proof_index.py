from odoo import models

from ...tools.errors import PrinterError

TIME_OF_INDEX = 120


class DunningProof(models.Model):
    """The index of a proof file: what is in it, and how to check it."""

    _inherit = "dunning.proof"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _add_index(self, package, collection):
        """Add the index as PDF; where nothing prints, as a page."""
        rows = sorted(collection.rows, key=lambda row: (row["moment"], row["kind"]))
        document = self.env["ir.qweb"]._render(
            "account_dunning.proof_index",
            {
                "proof": self,
                "title": self._get_title(),
                "rows": rows,
                "missing": collection.missing,
                "seal_count": len(collection.seals),
            },
        )
        document = "<!DOCTYPE html>" + str(document)
        try:
            pdf = self.env["ir.actions.report"]._dunning_print_page(
                document, TIME_OF_INDEX
            )
        except PrinterError:
            package.add_text("index.html", document)
            return
        package.add("index.pdf", iter([pdf]))


class IrActionsReport(models.Model):
    _inherit = "ir.actions.report"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _dunning_print_page(self, document, seconds):
        """Print a document of its own on A4, without the network.

        :param document: HTML
        :param seconds: it may take
        :return: the PDF, as bytes
        :raise PrinterError: wkhtmltopdf is missing
        """
        if self.get_wkhtmltopdf_state() == "install":
            raise PrinterError(
                self.env._(
                    "wkhtmltopdf, which makes the PDFs, is not installed on the "
                    "server: have it installed, then print again."
                )
            )
        paper = self.env.ref("account_dunning.paperformat_page")
        return self._dunning_run_letters(document, seconds, paper)
