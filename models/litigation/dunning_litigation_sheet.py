import io

from odoo import fields, models

from ...tools.registration import get_siren
from ...tools.text import one_line

SHEET_REPORT = "account_dunning.litigation_sheet_document"
TIME_OF_SHEET = 60


class DunningLitigation(models.Model):
    """The data sheet of a litigation: what a request to the court, a declaration of the
    claim or the agent's file asks for, on one page."""

    _inherit = "dunning.litigation"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _get_sheet_lang(self) -> str:
        """Return the language of who receives the sheet, else that of the company."""
        self.ensure_one()
        # How a company can be reached is no secret to who works there.
        company_sudo = self.company_id.sudo()
        return self.agent_id.lang or company_sudo.partner_id.lang or self.env.lang

    def _get_sheet_name(self) -> str:
        """Return the name of the PDF, without its ending, in the language of it."""
        reader = self.with_context(lang=self._get_sheet_lang())
        day = fields.Date.to_string(self.company_id._dunning_today())
        parts = (reader.env._("Data sheet"), self.partner_id.name, day)
        return one_line(" – ".join(parts)).replace("/", "-")

    def _get_sheet_parties(self) -> list[dict]:
        """Return creditor and debtor, with addresses and numbers."""
        self.ensure_one()
        # How a company can be reached is no secret to who works there.
        company_sudo = self.company_id.sudo()
        return [
            self._tell_party(self.env._("Creditor"), company_sudo.partner_id),
            self._tell_party(self.env._("Debtor"), self.partner_id),
        ]

    def _tell_party(self, title, partner):
        address = partner._display_address(without_company=True)
        return {
            "title": title,
            "name": partner.name,
            "lines": [line for line in address.splitlines() if line.strip()],
            "siren": get_siren(partner.company_registry, partner.vat),
            "vat": partner.vat,
            "email": partner.email,
            "phone": partner.phone,
        }

    def _get_sheet_items(self) -> list[dict]:
        """Return the items, the oldest first: ``number, date, due, amount, left``, what
        is owed of ``interest`` and ``indemnity`` to date and was neither claimed by an
        invoice nor let off, and ``problem``. Interest that cannot be worked out is
        None."""
        self.ensure_one()
        model = self.env["dunning.interest"]
        day = self.company_id._dunning_today()
        scope = model._get_scope(self.company_id, day, self.move_line_ids)
        rows = {row["id"]: row for row in model._fetch_open(scope)}
        moved = self._find_transferred(self.move_line_ids)
        return [
            self._tell_sheet_item(item, rows.get(item.id), item.browse(moved[item.id]))
            for item in self.move_line_ids._dunning_by_due_date()
        ]

    def _tell_sheet_item(self, item, row, moved):
        """Return what the sheet says of an item.

        :param row: of ``_fetch_open``; None where no penalties are owed
        :param moved: items to which an entry has moved it, with others
        """
        number = item._dunning_get_number()
        # Our entries name each as the item that it stands for.
        own = item | moved.filtered(lambda debt: debt.name == number)
        told = {
            "number": number,
            "date": item.move_id.invoice_date or item.date,
            "due": item.date_maturity,
            "amount": item.amount_currency,
            "left": max(sum(own.mapped("amount_residual_currency")), 0),
            "interest": 0.0,
            "indemnity": 0.0,
            "problem": "",
        }
        if row is None:
            return told
        unknown = row["missing"] or row["problem"]
        return told | {
            "interest": None if unknown else row["interest"],
            "indemnity": row["indemnity"],
            "problem": self.env["dunning.interest"]._tell_row_problem(row, item),
        }

    def _sum_sheet_items(self, items) -> dict:
        """Return the totals of the sheet: ``interest, indemnity, total``, the last one
        of what is to be claimed. None where a part of it is not known: nothing is
        claimed that leaves something out."""
        self.ensure_one()
        interest = None
        if all(item["interest"] is not None for item in items):
            interest = sum(item["interest"] for item in items)
        indemnity = sum(item["indemnity"] for item in items)
        return {
            "interest": interest,
            "indemnity": indemnity,
            "total": None
            if interest is None
            else self.amount_claimed + interest + indemnity,
        }

    def _get_sheet_notices(self) -> models.BaseModel:
        """Return the registered letters about the items, the first one first."""
        self.ensure_one()
        lines = self.env["dunning.action.line"].search(
            [
                ("move_line_id", "in", self.move_line_ids.ids),
                ("action_id.channel", "=", "registered"),
                ("action_id.state", "=", "done"),
            ]
        )
        return lines.action_id.sorted(lambda action: (action.date_done, action.id))


class IrActionsReport(models.Model):
    _inherit = "ir.actions.report"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _pre_render_qweb_pdf(self, report_ref, res_ids=None, data=None):
        # EXTENDS 'base': with the fonts of the web client, some builds of wkhtmltopdf
        # draw the text, so that an agent could not copy a number of it
        if self._get_report(report_ref).report_name != SHEET_REPORT:
            return super()._pre_render_qweb_pdf(report_ref, res_ids, data)
        streams = {}
        for id_ in res_ids or ():
            html, _kind = self._render_qweb_html(report_ref, [id_], data)
            document = f"<!DOCTYPE html>{html.decode()}"
            pdf = self._dunning_print_page(document, TIME_OF_SHEET)
            streams[id_] = {"stream": io.BytesIO(pdf), "attachment": None}
        return streams, "pdf"
