from odoo import api, fields, models
from odoo.tools import SQL

from ...tools.plan import LEFT_OUT_REASONS
from ...tools.words import READERS


class ResPartner(models.Model):
    """What a customer owes in each currency, down to what can be collected."""

    _inherit = "res.partner"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    dunning_balance = fields.Html(
        string="Balance by Currency",
        compute="_compute_dunning_balance",
        sanitize=False,
        groups=READERS,
    )

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends_context("allowed_company_ids", "lang")
    def _compute_dunning_balance(self):
        # Shown for one customer at a time.
        for partner in self:
            partner.dunning_balance = self.env["ir.qweb"]._render(
                "account_dunning.partner_balance",
                {
                    "rows": partner._dunning_get_all_balances() if partner.ids else [],
                    "has_companies": len(self.env.companies) > 1,
                },
            )

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _dunning_get_all_balances(self) -> list[dict]:
        """Return what the customer owes in each company in which the user works, the
        current one first: other figures of the customer are of this one alone.

        :return: as :meth:`_dunning_get_balances`, with ``company``
        """
        return [
            {"company": company, **row}
            for company in self.env.company | self.env.companies
            for row in self.with_company(company)._dunning_get_balances()
        ]

    def _dunning_get_balances(self) -> list[dict]:
        """Return what the customer owes in the current company.

        :return: list of dicts, one for each currency: ``currency, open, overdue,
            left_out, hold, credit, collectable``
        """
        self.ensure_one()
        plan = self.env["dunning.plan"]
        company = self.env.company
        scope = company._dunning_scope(partners=self.ids)
        rows = self.env.execute_query(
            SQL(
                """
                SELECT currency_id,
                       SUM(residual) AS open,
                       SUM(residual) FILTER (WHERE days_late > 0) AS overdue,
                       SUM(residual) FILTER (
                           WHERE days_late > 0 AND reason IN %(left_out)s
                       ) AS left_out,
                       SUM(CASE WHEN reason = 'held' THEN residual ELSE withheld END)
                           FILTER (
                               WHERE days_late > 0
                                 AND (reason IS NULL OR reason NOT IN %(left_out)s)
                           ) AS hold,
                       GREATEST(MAX(collectable), 0) AS collectable,
                       0 AS credit
                  FROM (%(plan)s) plan
              GROUP BY currency_id
                """,
                left_out=LEFT_OUT_REASONS,
                plan=plan._get_query(scope),
            )
        )
        return self._dunning_complete_balances(rows, scope)

    def _dunning_complete_balances(self, rows, scope):
        """Add the credits and the amounts on hold of the customer as a whole."""
        plan = self.env["dunning.plan"]
        names = ("open", "overdue", "left_out", "hold", "collectable", "credit")
        balances = {
            currency_id: {
                name: value or 0 for name, value in zip(names, row, strict=True)
            }
            for currency_id, *row in rows
        }
        deductions = self.env.execute_query(plan._get_deduction_query(scope))
        for _partner_id, currency_id, credit, held in deductions:
            balance = balances.setdefault(currency_id, dict.fromkeys(names, 0))
            # No more is kept out than what is overdue.
            left = balance["overdue"] - balance["left_out"] - balance["hold"]
            balance["credit"] += credit
            balance["hold"] += min(held, left)
        for balance in balances.values():
            balance["left_out"] += self._dunning_get_unclaimed(balance)
        currencies = self.env["res.currency"]
        return [
            {"currency": currencies.browse(currency_id), **balance}
            for currency_id, balance in balances.items()
        ]

    @api.model
    def _dunning_get_unclaimed(self, balance):
        """Return what is overdue and not claimed yet, without being left out by a rule:
        what the customer has only just got."""
        kept = sum(balance[n] for n in ("left_out", "hold", "credit", "collectable"))
        return max(balance["overdue"] - kept, 0)
