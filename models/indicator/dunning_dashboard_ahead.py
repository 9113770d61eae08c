from odoo import api, models
from odoo.fields import Domain

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
        return self._prepare_near_limit_part(scope, self._read_open(scope))

    @api.model
    def _prepare_near_limit_part(self, scope, found):
        first, end = self._get_limits(scope)
        (near, near_amount), (past, past_amount) = found.near, found.past
        late = self._get_domain(scope) & Domain("days_late", ">=", end)
        near_domain = self._get_domain(scope) & Domain(
            [("days_late", ">=", first), ("days_late", "<", end)]
        )
        return {
            "figures": [
                self._prepare_figure(
                    "near",
                    self.env._("Before day %s", end),
                    near_amount,
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
                    past_amount,
                    note={"value": past, "kind": "items"},
                    action=self._open_items(late),
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
    @accepts(
        company="many2one", user="many2one", period=PERIOD_WORDS, refresh="boolean"
    )
    def get_data_quality(
        self,
        company: int | bool = False,
        user: int | bool = False,
        period: str = DEFAULT_PERIOD,
        refresh: bool = False,
    ):
        """Return what is missing about the customers, see :meth:`get_setup`.

        :param refresh: work it out even if it is remembered
        :return: dict: ``defects`` (list of dicts: ``code, label, count, amount,
            action``), see also :meth:`_remember`
        :raise AccessError: who asks may not see figures of the company
        """
        scope = self._get_scope(company, user, period)
        return self._remember(
            "get_data_quality",
            scope,
            period,
            refresh,
            lambda: self._get_defects(scope),
            by_rules=True,
        )

    @api.model
    def _get_defects(self, scope):
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
