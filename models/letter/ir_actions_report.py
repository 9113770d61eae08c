import base64
import functools
import io
import logging
import os
import pathlib
import signal
import subprocess
import tempfile

from markupsafe import Markup

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import file_open
from odoo.tools.image import image_data_uri, image_process

from odoo.addons.base.models.ir_actions_report import _wkhtml

from ...tools import letter_pdf
from ...tools.errors import PrinterError

_logger = logging.getLogger(__name__)

LETTER_REPORT = "account_dunning.letter"
LETTER_MARK = "LETTER-MARK"
# Odoo takes the tables of larger documents apart.
MAX_DOCUMENT = 3 * 1024 * 1024
# Seconds that a document of letters may take, and one letter more.
TIME_OF_DOCUMENT = 60
TIME_OF_LETTER = 5
# Letters hold all that they show: nothing listens on this port.
NO_NETWORK = (
    "--proxy",
    "http://127.0.0.1:9",
    "--load-error-handling",
    "ignore",
    "--load-media-error-handling",
    "ignore",
)


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
    def _dunning_print_letters(
        self, letters: list[Markup], companies: models.BaseModel
    ) -> list[bytes]:
        """Print letters, as many as possible by one process.

        :param letters: list of ``Markup``
        :param companies: ``res.company`` whose logos they show
        :return: list of PDFs (bytes), in the same order
        :raise UserError: wkhtmltopdf is missing or has failed
        """
        if letters and self.get_wkhtmltopdf_state() == "install":
            raise PrinterError(
                self.env._(
                    "wkhtmltopdf, which makes the PDFs, is not installed on the "
                    "server: have it installed, then print again."
                )
            )
        pdfs = []
        for batch in self._dunning_split_letters(letters):
            pdfs += self._dunning_print_batch(batch, companies)
        return pdfs

    @api.model
    def _dunning_print_batch(self, letters, companies):
        """Print letters by one process, or by one each where what they say keeps them
        from being told apart."""
        document = self._dunning_get_letter_document(letters, companies)
        seconds = TIME_OF_DOCUMENT + TIME_OF_LETTER * len(letters)
        printed = self._dunning_run_letters(document, seconds)
        try:
            return letter_pdf.cut(printed, len(letters))
        except ValueError:
            _logger.info("Printing the letters one by one", exc_info=True)
        return [
            pdf
            for letter in letters
            for pdf in self._dunning_print_batch([letter], companies)
        ]

    @api.model
    def _dunning_run_letters(
        self,
        document: str,
        seconds: int,
        paper: models.BaseModel | None = None,
    ) -> bytes:
        """Print a document, by a process that has its time and nothing but that
        document: neither the network nor the session of who prints.

        :param paper: ``report.paperformat``, that of letters by default
        :return: the PDF, as bytes
        :raise UserError: it failed, or took too long
        """
        report = self.env.ref("account_dunning.report_letter")
        command = self.with_context(dunning_print_at_once=True)._build_wkhtmltopdf_args(
            paper or report.get_paperformat(), False
        )
        with tempfile.TemporaryDirectory(prefix="dunning.letters.") as folder:
            source = pathlib.Path(folder, "letters.html")
            target = pathlib.Path(folder, "letters.pdf")
            source.write_text(document, encoding="utf-8")
            code, message = self._dunning_run_printer(
                [_wkhtml().bin, *command, *NO_NETWORK, source, target], seconds
            )
            if code not in (0, 1):
                raise UserError(
                    self.env._(
                        "wkhtmltopdf failed (error code %(code)s): %(message)s",
                        code=code,
                        message=message[-1000:],
                    )
                )
            if code:
                _logger.info("wkhtmltopdf: %s", message)
            return target.read_bytes()

    @api.model
    def _dunning_run_printer(self, command, seconds):
        """Run a program for some seconds, with all that it starts: on servers without
        a display, wkhtmltopdf is often a script that starts others.

        :return: its exit code, and what it said
        """
        try:
            process = subprocess.Popen(
                command,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                encoding="utf-8",
                errors="replace",
                start_new_session=True,
            )
        except OSError as error:
            raise PrinterError(
                self.env._("wkhtmltopdf cannot be started: %s", error)
            ) from error
        with process:
            try:
                __, message = process.communicate(timeout=seconds)
            except BaseException as error:
                os.killpg(process.pid, signal.SIGKILL)
                if not isinstance(error, subprocess.TimeoutExpired):
                    raise
                raise UserError(
                    self.env._("it was not printed within %s seconds.", seconds)
                ) from error
        return process.returncode, message

    @api.model
    def _dunning_split_letters(self, letters):
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
    def _dunning_get_letter_document(self, letters, companies):
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
                # Forms ask for the size of files alone, and so may anybody.
                "logos": {
                    company: self._dunning_get_picture(company.logo, (800, 300))
                    for company in companies.with_context(
                        bin_size=False
                    )._dunning_with_logo()
                },
            },
        )

    @api.model
    def _dunning_get_picture(self, image, size):
        """Return an image as a data URI that every build of wkhtmltopdf reads.

        :param image: as the field has it, in base64
        :param size: width and height that it need not exceed
        """
        picture = image_process(base64.b64decode(image), size, output_format="PNG")
        return Markup("%s") % image_data_uri(base64.b64encode(picture))

    def _build_wkhtmltopdf_args(self, *args, **kwargs):
        # EXTENDS 'base': what is laid out while it loads need not be waited for
        command = super()._build_wkhtmltopdf_args(*args, **kwargs)
        if self.env.context.get("dunning_print_at_once"):
            command[command.index("--javascript-delay") + 1] = "0"
        return command

    def _pre_render_qweb_pdf(self, report_ref, res_ids=None, data=None):
        # EXTENDS 'base': letters are stored, or shown as drafts
        if self._get_report(report_ref).report_name != LETTER_REPORT:
            return super()._pre_render_qweb_pdf(report_ref, res_ids, data)
        self._dunning_check_printed(report_ref, res_ids)
        actions = self.env["dunning.action"].browse(res_ids)
        pdfs = actions._get_letter_pdfs()
        streams = {
            action.id: {"stream": io.BytesIO(pdfs[action]), "attachment": None}
            for action in actions
        }
        return streams, "pdf"
