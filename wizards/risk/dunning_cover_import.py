import base64
import csv
import io
from collections import Counter
from urllib.parse import quote

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount, format_date

from ...tools.cover_list import read_covers
from ...tools.ledger_file import MAX_ROWS, MAX_SIZE, LedgerFileError, read_rows

# More rows would not be read.
MOST_SHOWN = 40
MEGABYTE = 1024 * 1024
# What becomes of a row, what people have to look at first.
STATUSES = ("rejected", "new", "changed", "same")
# How spreadsheets begin what they work out: in a text of somebody else they must not.
FORMULAS = ("=", "+", "-", "@", "\t", "\r")


class DunningCoverImport(models.TransientModel):
    """The list of a credit insurer, as it sends it: what each row would do is shown
    before, rows that cannot be used are told with the reason and can be downloaded.

    A list can be handed in again: who is covered as it says stays as it is, and a cover
    that begins later takes the place of the one that runs.
    """

    _name = "dunning.cover.import"
    _description = "Import the Insurer's List"
    _inherit = ["dunning.guarded"]

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    file = fields.Binary(
        attachment=False,
        help="Excel (XLSX) or CSV, with the names of the columns in the first lines: "
        "customer or its number, amount, first and last day, currency, insurer, "
        "policy.",
    )
    file_name = fields.Char()
    insurer_id = fields.Many2one(
        "res.partner",
        default=lambda self: self._get_only_insurer(),
        help="Of the rows that do not name their insurer.",
    )
    declaration_days = fields.Integer(
        string="Declare after Days",
        help="Of new covers whose row does not say it: days after the due date until "
        "which what is not paid has to be declared to the insurer; 0: never.",
    )
    preview = fields.Html(compute="_compute_preview", sanitize=False)
    ready_count = fields.Integer(compute="_compute_preview")
    rejected_count = fields.Integer(compute="_compute_preview")
    rejected_file = fields.Binary(compute="_compute_preview", attachment=False)

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("file", "insurer_id", "declaration_days")
    @api.depends_context("company", "lang")
    def _compute_preview(self):
        for dialog in self:
            values, problem = {"rows": []}, ""
            checked = []
            if dialog.file:
                try:
                    checked = dialog._check_rows()
                    values = dialog._prepare_preview(checked)
                except LedgerFileError as error:
                    problem = dialog._tell_problem(error.problem)
            dialog.ready_count = sum(
                row["status"] in ("new", "changed") for row in checked
            )
            dialog.preview = self.env["ir.qweb"]._render(
                "account_dunning.cover_import_preview", {**values, "problem": problem}
            )
            dialog.rejected_file = dialog._make_rejected_file(checked)
            dialog.rejected_count = sum(row["status"] == "rejected" for row in checked)

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_apply(self) -> dict:
        """Enter the covers, in the current company; rows that cannot be used are left
        out and stay on the screen.

        :return: action that says how many they were; it closes the dialog when no row
            is left
        :raise UserError: the file has nothing to enter
        """
        self.ensure_one()
        self.check_access("write")
        try:
            checked = self._check_rows() if self.file else []
        except LedgerFileError as error:
            raise UserError(self._tell_problem(error.problem)) from error
        ready = [row for row in checked if row["status"] in ("new", "changed")]
        if not ready:
            raise UserError(
                self.env._("The file has nothing to enter: choose another one.")
            )
        self._enter(ready)
        left = sum(row["status"] == "rejected" for row in checked)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning" if left else "success",
                "message": self._tell_entered(len(ready), left),
                "next": self._reopen()
                if left
                else {"type": "ir.actions.act_window_close"},
            },
        }

    def action_download_rejected(self) -> dict:
        """Have the browser download the rows that cannot be used, with the reasons."""
        self.ensure_one()
        self.check_access("read")
        name = quote(self.env._("rejected rows.csv"))
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/rejected_file/{name}"
            "?download=true",
            "target": "download",
        }

    def _reopen(self):
        action = self.env["ir.actions.actions"]._for_xml_id(
            "account_dunning.action_cover_import"
        )
        return dict(action, res_id=self.id)

    def _tell_entered(self, count, left):
        entered = self.env._("Covers entered: %s.", count)
        if not left:
            return entered
        rejected = self.env._("Rows rejected: %s. Correct them in the file.", left)
        return f"{entered} {rejected}"

    # ------------------------------------------------------------------
    # BUSINESS METHODS - ROWS
    # ------------------------------------------------------------------

    @api.model
    def _get_only_insurer(self):
        """Return who insures all that is insured, if it is one."""
        covers = self.env["dunning.cover"]._read_group(
            [("company_id", "=", self.env.company.id)], ["insurer_id"], limit=2
        )
        return covers[0][0] if len(covers) == 1 else self.env["res.partner"]

    def _check_rows(self):
        """Return what becomes of each row of the file: list of dicts, those that cannot
        be used with the reason.

        :raise LedgerFileError: the file cannot be read
        """
        self.ensure_one()
        content = base64.b64decode(self.with_context(bin_size=False).file or b"")
        lang = self.env["res.lang"]._get_data(code=self.env.lang or "en_US")
        rows = read_covers(read_rows(content), lang.decimal_point)
        return self.env["dunning.cover.import.check"]._check(
            rows, self.env.company, self.insurer_id._origin, self.declaration_days
        )

    def _enter(self, rows):
        """Enter the covers of rows that can be used; those in whose place they come end
        on the day before."""
        covers = self.env["dunning.cover"]
        for row in rows:
            for former, last in row["ended"]:
                former.date_to = last
            if row["cover"]:
                row["cover"].write(row["values"])
        covers.create([row["values"] for row in rows if not row["cover"]])

    # ------------------------------------------------------------------
    # BUSINESS METHODS - WORDS
    # ------------------------------------------------------------------

    def _prepare_preview(self, checked):
        counts = Counter(row["status"] for row in checked)
        shown = sorted(checked, key=lambda row: STATUSES.index(row["status"]))
        more = len(shown) - MOST_SHOWN
        return {
            "rows": [self._describe(row) for row in shown[:MOST_SHOWN]],
            "summary": self.env._(
                "New: %(new)s, changed: %(changed)s, as they are: %(same)s, "
                "rejected: %(rejected)s",
                **{status: counts[status] for status in STATUSES},
            ),
            "more": more > 0 and self.env._("… and %s more.", more),
        }

    def _describe(self, row):
        env, values = self.env, row["values"]
        days = [values.get(name) for name in ("date_from", "date_to")]
        currency = env["res.currency"].browse(values.get("currency_id"))
        return {
            "place": row["place"],
            "customer": row["customer"],
            "amount": format_amount(env, values["amount"], currency)
            if currency and values.get("amount") is not None
            else "",
            "days": " – ".join(format_date(env, day) if day else "" for day in days)
            if any(days)
            else "",
            "status": row["status"],
            "text": row["problem"] or self._tell_status(row),
        }

    def _tell_status(self, row):
        texts = {
            "new": self.env._("New"),
            "changed": self.env._("Changed"),
            "same": self.env._("As it is"),
        }
        if row["ended"]:
            return self.env._("Takes the place of the one that runs")
        return texts[row["status"]]

    def _make_rejected_file(self, checked):
        """Return the rows that cannot be used as CSV, with the reason; False without
        any."""
        rejected = [row for row in checked if row["status"] == "rejected"]
        if not rejected:
            return False
        stream = io.StringIO()
        writer = csv.writer(stream, delimiter=";")
        writer.writerow(
            [self.env._("Row"), self.env._("Customer"), self.env._("What is wrong")]
        )
        for row in rejected:
            cells = [str(row["place"]), row["customer"], row["problem"]]
            writer.writerow(
                f"'{cell}" if cell.startswith(FORMULAS) else cell for cell in cells
            )
        return base64.b64encode(stream.getvalue().encode("utf-8-sig"))

    def _tell_problem(self, problem):
        """Return what is wrong with a file, and what to do."""
        texts = {
            "empty": self.env._("Choose a file that has something in it."),
            "size": self.env._(
                "The file is too large: choose one of at most %s MB, with fewer lines "
                "or columns.",
                MAX_SIZE // MEGABYTE,
            ),
            "rows": self.env._("The file has more than %s lines: split it.", MAX_ROWS),
            "kind": self.env._(
                "Choose a table as CSV or XLSX: this is something else."
            ),
            "old": self.env._("This is an old XLS file: save it as XLSX or CSV first."),
            "package": self.env._("XLSX cannot be read here: save the table as CSV."),
            "columns": self.env._(
                "No column is called “Customer” (or “SIREN”, “Reference”), or none is "
                "called “Amount”: name them in the first lines of the file."
            ),
        }
        return texts.get(problem) or self.env._(
            "The file cannot be read: open it, and save it as XLSX or CSV in UTF-8."
        )
