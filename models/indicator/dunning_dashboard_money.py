from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..base.dunning_entered import accepts
from .dunning_dashboard import DEFAULT_PERIOD, PERIOD_WORDS


class DunningDashboard(models.AbstractModel):
    """The money: what customers owe, how much of it is overdue, and how old it is."""

    _inherit = "dunning.dashboard"

    # ------------------------------------------------------------------
    # PARTS
    # ------------------------------------------------------------------

    @api.model
    @api.readonly
    @accepts(company="many2one", user="many2one", period=PERIOD_WORDS)
    def get_receivables(
        self,
        company: int | bool = False,
        user: int | bool = False,
        period: str = DEFAULT_PERIOD,
    ):
        """Return what customers owe today, by age, see :meth:`get_setup`.

        :return: dict: ``figures``, ``ages`` (list of dicts: ``label, amount, count,
            action``; the first is not due, the last are credits)
        :raise AccessError: who asks may not see figures of the company
        """
        scope = self._get_scope(company, user, period)
        return self._prepare_receivables_part(scope, self._read_open(scope))

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    @api.model
    def _prepare_receivables_part(self, scope, found):
        return {
            "figures": self._prepare_receivables(scope, found),
            "ages": self._prepare_ages(scope, found.ages),
        }

    @api.model
    def _prepare_receivables(self, scope, found):
        """The figures of what customers owe."""
        values = scope.company._dunning_compute_indicators(found.basis)
        total, overdue = values["receivable"], values["overdue"]
        mine = self._get_domain(scope)
        overdue_action = self._open_items(mine & Domain("days_late", ">", 0))
        labels = self.env["dunning.indicator"]._get_labels()
        formulas = self.env["dunning.indicator"]._get_formulas()
        receivable = (labels["receivable"], total, "amount")
        overdue_number = (labels["overdue"], overdue, "amount")
        not_due_number = (labels["not_due"], values["not_due"], "amount")
        return [
            self._prepare_figure(
                "receivable",
                labels["receivable"],
                total,
                action=self._open_receivable(scope),
                how=self._prepare_how(
                    self.env._(
                        "Open items of trade receivable accounts, credit notes and "
                        "payments that are not allocated deducted. Other currencies "
                        "at the rate of each entry."
                    ),
                    [
                        not_due_number,
                        overdue_number,
                        (self.env._("Credits"), found.basis.credits, "amount"),
                    ],
                ),
            ),
            self._prepare_figure(
                "overdue",
                labels["overdue"],
                overdue,
                tone="bad" if overdue else False,
                action=overdue_action,
                how=self._prepare_how(formulas["overdue"]),
            ),
            self._prepare_figure(
                "overdue_ratio",
                labels["overdue_ratio"],
                values["overdue_ratio"],
                "rate",
                action=overdue_action,
                how=self._prepare_how(
                    formulas["overdue_ratio"], [overdue_number, receivable]
                ),
            ),
            self._prepare_figure(
                "weighted_delay",
                labels["weighted_delay"],
                values["weighted_delay"],
                "days",
                action=overdue_action,
                how=self._prepare_how(formulas["weighted_delay"], [overdue_number]),
            ),
        ]

    @api.model
    def _prepare_ages(self, scope, ages):
        """The bars of what is open, by age."""
        limits = scope.company._dunning_get_age_limits()
        mine = self._get_domain(scope)
        starts = [1, *(limit + 1 for limit in limits)]
        ends = [*limits, None]
        bars = [(self.env._("Not due"), 0, mine & Domain("days_late", "=", 0))]
        for age, (first, last) in enumerate(zip(starts, ends, strict=True), 1):
            domain = mine & Domain("days_late", ">=", first)
            label = self.env._("Over %s days", first - 1)
            if last:
                domain &= Domain("days_late", "<=", last)
                label = self.env._("%(first)s–%(last)s days", first=first, last=last)
            bars.append((label, age, domain))
        rows = [
            {
                "label": label,
                "amount": ages[age][0],
                "count": ages[age][1],
                "action": self._open_items(domain, title=label),
            }
            for label, age, domain in bars
        ]
        if ages[-1][1]:
            rows.append(
                {
                    "label": self.env._("Credits"),
                    "amount": ages[-1][0],
                    "count": ages[-1][1],
                    "action": self._open_credits(scope),
                }
            )
        return rows

    @api.model
    def _open_receivable(self, scope):
        """Return the action that opens all that makes up what customers owe."""
        return self._open_lines(self.env._("Receivable"), scope)

    @api.model
    def _open_credits(self, scope):
        """Return the action that opens credit notes and payments that are not
        allocated."""
        return self._open_lines(self.env._("Credits"), scope, Domain("balance", "<", 0))

    @api.model
    def _open_lines(self, title, scope, condition=Domain.TRUE):
        """Return the action that opens journal items: the open ones of the company, or
        of the customers of a collector."""
        accounts = self.env["dunning.ledger"]._get_account_ids()
        domain = condition & Domain(
            [
                ("company_id", "=", scope.company.id),
                ("account_id", "in", list(accounts)),
                ("parent_state", "=", "posted"),
                ("reconciled", "=", False),
            ]
        )
        if scope.user:
            rows = self.env.execute_query(
                SQL(
                    "SELECT DISTINCT partner_id FROM (%s) balance"
                    " WHERE partner_id IS NOT NULL",
                    self._get_balance_sql(scope),
                )
            )
            domain &= Domain(
                "partner_id.commercial_partner_id", "in", [id_ for (id_,) in rows]
            )
        return self._open("action_open_line", domain, title=title)
