from collections import defaultdict
from datetime import date as Date

from odoo import api, fields, models
from odoo.tools import SQL

from ...tools.words import OPEN_STAGES


class DunningAccountStatement(models.AbstractModel):
    """What the account of a customer comes to: its open items, due or not, and its
    credits. The figures are those of the plan, so that no statement differs from a
    reminder of the same day."""

    _name = "dunning.account.statement"
    _description = "Statement of Account"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    @api.model
    def _get(
        self, partners: models.BaseModel, company: models.BaseModel, day: Date
    ) -> dict:
        """Return the statements of customers, each as what JSON can hold: ``items``
        (of each ``number, ref, date, due, late, balance, original, currency, said``),
        the oldest first, and ``credits`` by currency.

        :param partners: commercial partners
        :param day: of the statement
        :return: dict of partner id to statement
        """
        statements = {id_: {"items": [], "credits": {}} for id_ in partners.ids}
        scope = company._dunning_scope(day, partners=partners.ids)
        rows = self._read_items(scope)
        said = self._get_said([row[0] for row in rows])
        # Whoever may write to a customer reads what it owes.
        lines_sudo = self.env["account.move.line"].sudo().browse(row[0] for row in rows)
        discounted_sudo = lines_sudo.filtered("discount_date").filtered(
            lambda line: line._dunning_is_discounted()
        )
        said |= dict.fromkeys(discounted_sudo.ids, "discount")
        for line_sudo, (_id, partner_id, due, residual) in zip(
            lines_sudo, rows, strict=True
        ):
            statements[partner_id]["items"].append(
                self._prepare_item(line_sudo, due, residual, day)
                | {"said": said.get(line_sudo.id, False)}
            )
        deductions = self.env["dunning.plan"]._get_deduction_query(scope)
        for partner_id, currency_id, credit, _held in self.env.execute_query(
            deductions
        ):
            if credit:
                statements[partner_id]["credits"][str(currency_id)] = float(credit)
        return statements

    @api.model
    def _find_items(self, scope) -> models.BaseModel:
        """Return the open items, the oldest first: ``account.move.line``."""
        return self.env["account.move.line"].browse(
            row[0] for row in self._read_items(scope)
        )

    @api.model
    def _read_items(self, scope):
        """Return the open items: ``id, partner_id, date_due, residual``."""
        plan = self.env["dunning.plan"]
        plan._flush()
        return self.env.execute_query(
            SQL(
                """
                SELECT id, partner_id, date_due, residual
                  FROM (%s) line
                 WHERE residual > 0
              ORDER BY date_due, id
                """,
                plan._get_open_line_sql(scope),
            )
        )

    @api.model
    def _prepare_item(self, line, due, residual, day):
        move = line.move_id
        original, balance = abs(line.amount_currency), float(residual)
        return {
            "number": line._dunning_get_number(),
            "ref": move.is_sale_document(include_receipts=True) and move.ref,
            "date": fields.Date.to_string(move.invoice_date or move.date),
            "due": fields.Date.to_string(due),
            "late": max((day - due).days, 0),
            "balance": balance,
            "original": original if original > balance else 0.0,
            "currency": line.currency_id.id,
        }

    @api.model
    def _get_said(self, ids):
        """Return what was said of items: dict of id to ``dispute`` or ``promise``."""
        # What is agreed with a customer is told to it, whoever sends it.
        disputes_sudo = self.env["dunning.dispute"].sudo()
        disputes_sudo = disputes_sudo.search(
            [("move_line_ids", "in", ids), ("state", "in", OPEN_STAGES)]
        )
        # So is what it has promised.
        promises_sudo = self.env["dunning.promise"].sudo()
        promises_sudo = promises_sudo.search(
            [
                ("move_line_ids", "in", ids),
                ("state", "=", "open"),
                ("approval", "in", (False, "approved")),
            ]
        )
        return dict.fromkeys(
            promises_sudo.move_line_ids.ids, "promise"
        ) | dict.fromkeys(disputes_sudo.move_line_ids.ids, "dispute")

    @api.model
    def _get_totals(self, statement: dict) -> list[dict]:
        """Return what a statement adds up to, by currency: ``currency, items, open,
        credit, balance`` and ``due`` (what of it is due: credits pay that first)."""
        items = defaultdict(list)
        for item in statement["items"]:
            items[item["currency"]].append(item)
        totals = []
        for currency in (
            self.env["res.currency"]
            .browse({*items, *map(int, statement["credits"])})
            .sorted("id")
        ):
            own = items[currency.id]
            credit = statement["credits"].get(str(currency.id), 0.0)
            whole = sum(item["balance"] for item in own)
            late = sum(item["balance"] for item in own if item["late"])
            totals.append(
                {
                    "currency": currency,
                    "items": own,
                    "open": currency.round(whole),
                    "credit": currency.round(credit),
                    "balance": currency.round(whole - credit),
                    "due": currency.round(max(late - credit, 0.0)),
                }
            )
        return totals
