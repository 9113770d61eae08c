from tempfile import NamedTemporaryFile

import xlsxwriter

from odoo import models
from odoo.exceptions import UserError


class DunningProof(models.Model):
    """What the agent of a litigation asks for first: the items as a workbook, and the
    data sheet."""

    _inherit = "dunning.proof"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _add_agent(self, package, collection):
        # OVERRIDES 'account_dunning'
        if self.litigation_id:
            self._add_agent_items(package, collection)
            self._add_agent_sheet(package, collection)

    def _add_agent_items(self, package, collection):
        with NamedTemporaryFile(suffix=".xlsx") as file:
            book = xlsxwriter.Workbook(
                file.name, {"strings_to_formulas": False, "strings_to_urls": False}
            )
            self._write_sheet(
                book,
                self.env._("Items"),
                self._get_agent_heads(),
                self._get_agent_rows(),
            )
            self._write_sheet(
                book,
                self.env._("Parties"),
                (self.env._("Who"), self.env._("What"), self.env._("Value")),
                self._get_agent_parties(),
            )
            book.close()
            name = self.env._("items handed over") + ".xlsx"
            path = package.add_file(f"{self._get_agent_folder()}/{name}", file.name)
        collection.rows.append(
            self._tell(self.date, self.env._("Items handed over"), name, path=path)
        )

    def _get_agent_folder(self):
        return self.env._("0 agent")

    def _get_agent_heads(self):
        return (
            self.env._("Number"),
            self.env._("Date"),
            self.env._("Due Date"),
            self.env._("Amount"),
            self.env._("Left"),
            self.env._("Penalties to Date"),
            self.env._("Currency"),
            self.env._("Time-Barred After"),
        )

    def _get_agent_rows(self):
        litigation = self.litigation_id
        items = litigation.move_line_ids._dunning_by_due_date()
        limits = items._dunning_limitation_date()
        unknown = self.env._("rate not known")
        for item, told in zip(items, litigation._get_sheet_items(), strict=True):
            limit = limits[item.id]
            yield (
                told["number"],
                told["date"],
                told["due"],
                told["amount"],
                told["left"],
                unknown if told["interest"] is None else told["interest"],
                item.currency_id.name,
                limit and limit.date,
            )
        for item, amount in litigation._get_accepted(items).items():
            number = item._dunning_get_number()
            label = self.env._("To be credited on %s", number)
            yield self._get_agent_deduction(label, amount)
        if litigation.amount_credited:
            label = self.env._("Not allocated yet")
            yield self._get_agent_deduction(label, litigation.amount_credited)

    def _get_agent_deduction(self, label, amount):
        """Return the row of what is not to be claimed of what is left."""
        currency = self.litigation_id.currency_id.name
        return (label, None, None, None, -amount, None, currency, None)

    def _get_agent_parties(self):
        labels = {
            "name": self.env._("Name"),
            "siren": self.env._("SIREN"),
            "vat": self.env._("VAT"),
            "email": self.env._("E-mail"),
            "phone": self.env._("Phone"),
        }
        for party in self.litigation_id._get_sheet_parties():
            for name, label in labels.items():
                yield party["title"], label, party[name] or ""
            for line in party["lines"]:
                yield party["title"], self.env._("Address"), line

    def _add_agent_sheet(self, package, collection):
        title = self.env._("Data sheet")
        try:
            content, kind = self.env["ir.actions.report"]._render_qweb_pdf(
                "account_dunning.report_litigation_sheet", self.litigation_id.ids
            )
        except UserError:
            content, kind = None, None
        if kind != "pdf":
            collection.missing.append(
                self.env._("The data sheet could not be printed.")
            )
            return
        path = package.add(f"{self._get_agent_folder()}/{title}.pdf", iter([content]))
        collection.rows.append(self._tell(self.date, title, title, path=path))
