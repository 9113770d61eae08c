from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..base.dunning_entered import accepts
from .dunning_dashboard import DEFAULT_PERIOD, PERIOD_WORDS


class DunningDashboard(models.AbstractModel):
    """The trouble that is to come: what will soon be long unpaid, and customers who
    cannot be reached."""

    _inherit = "dunning.dashboard"

    # ------------------------------------------------------------------
    # LONG UNPAID
    # ------------------------------------------------------------------

    @api.model
    @api.readonly
    @accepts(company="many2one", user="many2one", period=PERIOD_WORDS)
    def get_near_limit(
        self,
        company: int | bool = False,
        user: int | bool = False,
        period: str = DEFAULT_PERIOD,
    ):
        """Return what will soon be long unpaid, and what is, see :meth:`get_setup`.

        :return: dict: ``figures``
        :raise AccessError: who asks may not see figures of the company
        """
        scope = self._get_scope(company, user, period)
        items = self.env["dunning.item"].with_company(scope.company)
        [(first, end)] = [
            days for each, *days in items._get_limits() if each == scope.company
        ]
        [(near, near_amount, past, past_amount)] = self.env.execute_query(
            SQL(
                """
                SELECT COUNT(*) FILTER (WHERE days < %(end)s),
                       SUM(residual_company) FILTER (WHERE days < %(end)s),
                       COUNT(*) FILTER (WHERE days >= %(end)s),
                       SUM(residual_company) FILTER (WHERE days >= %(end)s)
                  FROM (
                           SELECT residual_company, %(today)s - date_due AS days
                             FROM (%(balance)s) balance
                            WHERE NOT is_credit
                       ) aged
                 WHERE days >= %(first)s
                """,
                first=first,
                end=end,
                today=scope.today,
                balance=self._get_balance_sql(scope),
            )
        )
        late = self._get_domain(scope) & Domain("days_late", ">=", end)
        near_domain = self._get_domain(scope) & Domain(
            [("days_late", ">=", first), ("days_late", "<", end)]
        )
        return {
            "figures": [
                self._prepare_figure(
                    "near",
                    self.env._("Before day %s", end),
                    near_amount or 0,
                    note={"value": near, "kind": "items"},
                    tone="bad" if near else False,
                    action=self._open("action_item_limit", near_domain),
                    how=self._prepare_how(
                        self.env._(
                            "Open items that are %(first)s to %(last)s days late.",
                            first=first,
                            last=end - 1,
                        )
                    ),
                ),
                self._prepare_figure(
                    "past",
                    self.env._("Day %s and later", end),
                    past_amount or 0,
                    note={"value": past, "kind": "items"},
                    action=self._open("action_item", late),
                    how=self._prepare_how(
                        self.env._("Open items that are %s days late or more.", end)
                    ),
                ),
            ]
        }

    # ------------------------------------------------------------------
    # DATA QUALITY
    # ------------------------------------------------------------------

    @api.model
    @api.readonly
    @accepts(company="many2one", user="many2one", period=PERIOD_WORDS)
    def get_data_quality(
        self,
        company: int | bool = False,
        user: int | bool = False,
        period: str = DEFAULT_PERIOD,
    ):
        """Return what is missing about the customers, see :meth:`get_setup`.

        :return: dict: ``defects`` (list of dicts: ``code, label, count, amount,
            action``)
        :raise AccessError: who asks may not see figures of the company
        """
        scope = self._get_scope(company, user, period)
        partners = self.env["res.partner"].with_company(scope.company)
        domain = Domain.TRUE
        if scope.user:
            domain = Domain("dunning_collector_id", "=", scope.user.id)
        return {
            "defects": [
                {
                    **defect,
                    "action": self._open(
                        "action_defects",
                        domain & Domain("dunning_defects", "=", defect["code"]),
                        # Customers are shared: what they owe is by company.
                        {"allowed_company_ids": scope.company.ids},
                        title=defect["label"],
                    ),
                }
                for defect in partners._dunning_get_defect_figures(domain)
            ]
        }
