import base64
import functools
import io

from markupsafe import Markup

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import file_open
from odoo.tools.image import image_data_uri, image_process

from ..tools import letter_pdf

LETTER_REPORT = "account_dunning.letter"
LETTER_MARK = "LETTER-MARK"
# Odoo takes the tables of larger documents apart.
MAX_DOCUMENT = 3 * 1024 * 1024


@functools.cache
def _read(path):
    with file_open(f"account_dunning/static/letter/{path}") as file:
        return Markup(file.read())


class IrActionsReport(models.Model):
    """Printing of letters: many by one process, whatever the build of wkhtmltopdf.

    How it works: builds without patched Qt take one document, and print neither headers
    nor footers. So the letters are one document, which its own script lays out on
    sheets (``static/letter``); the PDF is cut where a mark says that a letter begins
    (``tools/letter_pdf.py``).
    """

    _inherit = "ir.actions.report"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    @api.model
    def _print_dunning_letters(self, letters, companies):
        """Print letters, as many as possible by one process.

        :param letters: list of ``Markup``
        :param companies: ``res.company`` whose logos they show
        :return: list of PDFs (bytes), in the same order
        :raise ValueError: the PDF cannot be told apart
        :raise UserError: wkhtmltopdf is missing or has failed
        """
        if letters and self.get_wkhtmltopdf_state() == "install":
            raise UserError(
                self.env._("wkhtmltopdf, which makes the PDFs, is not installed.")
            )
        pdfs = []
        for batch in self._split_letters(letters):
            pdf = self.with_context(dunning_letters=True)._run_wkhtmltopdf(
                [self._get_letter_document(batch, companies)],
                report_ref=self.env.ref("account_dunning.report_letter"),
            )
            pdfs += letter_pdf.cut(pdf, len(batch))
        return pdfs

    @api.model
    def _split_letters(self, letters):
        """Return the letters in lists that make documents of a reasonable size."""
        batches, size = [], 0
        for letter in letters:
            size += len(letter)
            full = not batches or len(batches[-1]) == letter_pdf.MAX_LETTERS - 1
            if full or size > MAX_DOCUMENT:
                batches.append([])
                size = len(letter)
            batches[-1].append(letter)
        return batches

    @api.model
    def _get_letter_document(self, letters, companies):
        marked = [
            letter.replace(LETTER_MARK, letter_pdf.get_mark(number), 1)
            for number, letter in enumerate(letters, 1)
        ]
        return self.env["ir.qweb"]._render(
            "account_dunning.letter_document",
            {
                "doctype": Markup("<!DOCTYPE html>"),
                "style": _read("letter.css"),
                "script": _read("letter.js"),
                "letters": marked,
                "logos": {
                    company: self._get_dunning_picture(company.logo, (800, 300))
                    for company in companies._dunning_with_logo()
                },
            },
        )

    @api.model
    def _get_dunning_picture(self, image, size):
        """Return an image as a data URI that every build of wkhtmltopdf reads.

        :param image: as the field has it, in base64
        :param size: width and height that it need not exceed
        """
        picture = image_process(base64.b64decode(image), size, output_format="PNG")
        return Markup("%s") % image_data_uri(base64.b64encode(picture))

    def _build_wkhtmltopdf_args(self, *args, **kwargs):
        # EXTENDS 'base': letters are laid out while they load, nothing comes later
        command = super()._build_wkhtmltopdf_args(*args, **kwargs)
        if self.env.context.get("dunning_letters"):
            command[command.index("--javascript-delay") + 1] = "0"
        return command

    def _pre_render_qweb_pdf(self, report_ref, res_ids=None, data=None):
        # EXTENDS 'base': letters are stored, or shown as drafts
        if self._get_report(report_ref).report_name != LETTER_REPORT:
            return super()._pre_render_qweb_pdf(report_ref, res_ids, data)
        actions = self.env["dunning.action"].browse(res_ids)
        actions.check_access("read")
        pdfs = actions._get_letter_pdfs()
        streams = {
            action.id: {"stream": io.BytesIO(pdfs[action]), "attachment": None}
            for action in actions
        }
        return streams, "pdf"
