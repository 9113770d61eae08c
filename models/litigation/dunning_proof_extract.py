from tempfile import NamedTemporaryFile

import xlsxwriter

from odoo import models
from odoo.tools import SQL

# Entries of the history that are listed.
MOST_ENTRIES = 10_000


class DunningProof(models.Model):
    """The extract of the ledger, and who did what when, as a workbook."""

    _inherit = "dunning.proof"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _add_extract(self, package, collection):
        """Write the workbook, row by row, and add it."""
        with NamedTemporaryFile(suffix=".xlsx") as file:
            book = xlsxwriter.Workbook(
                file.name,
                {
                    "constant_memory": True,
                    "strings_to_formulas": False,
                    "strings_to_urls": False,
                },
            )
            self._write_sheet(
                book,
                self.env._("Ledger"),
                (
                    self.env._("Date"),
                    self.env._("Due Date"),
                    self.env._("Number"),
                    self.env._("Account"),
                    self.env._("Label"),
                    self.env._("Debit"),
                    self.env._("Credit"),
                    self.env._("Currency"),
                    self.env._("Amount in Currency"),
                    self.env._("Left in Currency"),
                    self.env._("Matching"),
                ),
                self._read_ledger(),
            )
            self._write_sheet(
                book,
                self.env._("History"),
                (
                    self.env._("Date"),
                    self.env._("What"),
                    self.env._("Title"),
                    self.env._("Text"),
                    self.env._("Amount"),
                    self.env._("Who"),
                ),
                self._read_history(),
            )
            book.close()
            path = package.add_file(
                self.env._("ledger and history") + ".xlsx", file.name
            )
        collection.rows.insert(
            0, self._tell(self.date, self.env._("Ledger"), path, None, path)
        )

    @staticmethod
    def _write_sheet(book, title, heads, rows):
        sheet = book.add_worksheet(title[:31])
        bold = book.add_format({"bold": True, "bottom": 1})
        date = book.add_format({"num_format": "yyyy-mm-dd"})
        money = book.add_format({"num_format": "#,##0.00"})
        sheet.set_column(0, len(heads) - 1, 18)
        sheet.freeze_panes(1, 0)
        for column, head in enumerate(heads):
            sheet.write_string(0, column, head, bold)
        for number, row in enumerate(rows, 1):
            for column, value in enumerate(row):
                if value is None or value is False:
                    continue
                if hasattr(value, "isoformat"):
                    sheet.write_datetime(number, column, value, date)
                elif isinstance(value, str):
                    sheet.write_string(number, column, value[:32000])
                else:
                    sheet.write_number(number, column, float(value), money)

    def _read_ledger(self):
        """Return what the customer's accounts say: the items the file is about, and
        what they were reconciled with; without subject, all of the customer's."""
        lines = self.env["account.move.line"]
        domain = [
            ("company_id", "=", self.company_id.id),
            ("partner_id", "child_of", self.partner_id.id),
            ("account_type", "=", "asset_receivable"),
            ("parent_state", "=", "posted"),
        ]
        about = self._get_subject_moves()
        if about is not None:
            items = about.line_ids
            numbers = [n for n in items.mapped("matching_number") if n]
            domain += [
                "|",
                ("move_id", "in", about.ids),
                ("matching_number", "in", numbers),
            ]
        query = lines._search(domain, order="date, id")
        # Whose lines they are was looked at by the search.
        yield from self.env.execute_query(
            SQL(
                """
                SELECT line.date, line.date_maturity, line.move_name, account.code,
                       line.name, line.debit, line.credit, currency.name,
                       line.amount_currency, line.amount_residual_currency,
                       line.matching_number
                  FROM account_move_line line
                  JOIN (
                       SELECT id, code_store ->> %s AS code FROM account_account
                       ) account ON account.id = line.account_id
                  JOIN res_currency currency ON currency.id = line.currency_id
                 WHERE line.id IN %s
              ORDER BY line.date, line.id
                """,
                str(self.company_id.root_id.id),
                query.subselect(),
            )
        )

    def _read_history(self):
        """Return who did what when, the oldest first."""
        partner = self.partner_id.with_company(self.company_id)
        keys = partner._dunning_find_entries(None, 0, MOST_ENTRIES)
        for entry in reversed(partner._dunning_tell_entries(keys)):
            yield (
                entry.get("date"),
                entry.get("channel"),
                entry.get("title"),
                entry.get("text"),
                entry.get("amount"),
                entry.get("who"),
            )
