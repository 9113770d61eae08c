from collections import defaultdict

from odoo.tools import SQL

from ..common import DunningCommon


class FiguresCommon(DunningCommon):
    """A ledger whose figures are asked for, beside what Odoo says of its accounts."""

    @classmethod
    def _open(cls, day=None, companies=None, partners=None, env=None):
        """Return what was open on a day.

        :return: list of dicts, one for each row
        """
        env = env or cls.env
        query = env["dunning.balance"]._get_query(
            companies or cls.env.company, cls._day(day), partners
        )
        env.cr.execute(SQL("SELECT * FROM (%s) balance ORDER BY move_line_id", query))
        return env.cr.dictfetchall()

    @classmethod
    def _open_by_line(cls, day=None, **options):
        """Return what was left of each item, in its currency and the company's."""
        return {
            row["move_line_id"]: (row["residual"], row["residual_company"])
            for row in cls._open(day, **options)
        }

    @classmethod
    def _get_ledger_balance(cls, day, company=None):
        """Return Odoo's own balance of the receivable accounts at the end of a day."""
        lines = cls.env["account.move.line"].search(
            [
                ("account_id.account_type", "=", "asset_receivable"),
                ("account_id.non_trade", "=", False),
                ("parent_state", "=", "posted"),
                ("company_id", "=", (company or cls.env.company).id),
                ("date", "<=", cls._day(day)),
            ]
        )
        return round(sum(lines.mapped("balance")), 2)

    def _assert_agrees(self, day, companies=None):
        """Compare the balance of a day with Odoo's, company by company."""
        companies = companies or self.env.company
        totals = defaultdict(float)
        for row in self._open(day, companies=companies):
            totals[row["company_id"]] += row["residual_company"]
        for company in companies:
            self.assertEqual(
                round(totals[company.id], 2), self._get_ledger_balance(day, company)
            )
