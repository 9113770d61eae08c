from odoo import api, models
from odoo.tools import SQL

from .dunning_indicator import IndicatorScope

# What customers are told apart by, and the model that names each.
SEGMENTS = {
    "customer": "res.partner",
    "collector": "res.users",
    "salesperson": "res.users",
    "country": "res.country",
    "tag": "res.partner.category",
    "scenario": "dunning.scenario",
}


class DunningIndicator(models.AbstractModel):
    """Customers told apart: by collector, country, tag and so on."""

    _inherit = "dunning.indicator"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    @api.model
    def _get_segment(self, scope: IndicatorScope) -> SQL:
        return SQL("NULL::int") if scope.by is None else SQL("segment.id")

    @api.model
    def _join_segments(self, scope: IndicatorScope, partner: SQL) -> SQL:
        """Return the join that gives each row the segment of its customer."""
        if scope.by is None:
            return SQL("")
        return SQL(
            "JOIN (%s) segment ON segment.partner_id = COALESCE(%s, 0)",
            self._get_segment_sql(scope),
            partner,
        )

    @api.model
    def _get_segment_sql(self, scope: IndicatorScope) -> SQL:
        """Return SQL giving ``partner_id, id``: the segment of each customer, 0 being
        entries without. A customer with several tags is in several segments."""
        tags = SQL("")
        if scope.by == "tag":
            tags = SQL(
                """
                LEFT JOIN res_partner_res_partner_category_rel tag
                       ON tag.partner_id = partner.id
                """
            )
        return SQL(
            """
            SELECT known.id AS partner_id, %(segment)s AS id
              FROM (
                       SELECT id FROM res_partner WHERE commercial_partner_id = id
                    UNION ALL
                       SELECT 0
                   ) known
         LEFT JOIN res_partner partner ON partner.id = known.id
                   %(tags)s
                   %(owed)s
            """,
            segment=self._get_segment_column(scope),
            tags=tags,
            owed=self._join_owed(scope),
        )

    @api.model
    def _get_segment_column(self, scope: IndicatorScope) -> SQL:
        match scope.by:
            case "customer":
                return SQL("partner.id")
            case "collector":
                return scope.company._dunning_get_collector_sql("partner")
            case "salesperson":
                return SQL("partner.user_id")
            case "country":
                return SQL("partner.country_id")
            case "tag":
                return SQL("tag.category_id")
        # Who is dunned how does not depend on who asks.
        plan_sudo = self.env["dunning.plan"].sudo()
        return plan_sudo._get_customer_scenario_sql(
            scope.company.sudo()._dunning_scope(scope.date)
        )

    @api.model
    def _join_owed(self, scope: IndicatorScope) -> SQL:
        """What is overdue decides on scenarios."""
        if scope.by != "scenario":
            return SQL("")
        return SQL(
            """
            LEFT JOIN (
                          SELECT partner_id,
                                 SUM(residual_company) FILTER (
                                     WHERE NOT is_credit AND date_due < %(date)s
                                 ) AS overdue
                            FROM (%(balance)s) owed_item
                        GROUP BY partner_id
                      ) owed ON owed.partner_id = partner.id
            """,
            date=scope.date,
            balance=self._get_balance(scope, scope.date),
        )
