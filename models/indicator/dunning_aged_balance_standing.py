from odoo import api, fields, models
from odoo.tools import SQL

# What is read of others where it is asked for.
FIELDS = {
    "account.move": ["invoice_user_id", "dunning_scenario_id"],
    "dunning.action": None,
    "dunning.action.line": None,
    "dunning.hold": None,
    "dunning.item.state": None,
    "res.partner": None,
    "res.partner.category": ["name"],
}
# Who looks at amounts does not read these as well: each is joined when it is asked for.
OWN_PREFETCH = "dunning"


class DunningAgedBalance(models.Model):
    """By what else what customers owe is told apart: who they are, and where dunning
    stood on the day. Each is joined to the statement when somebody asks for it."""

    _inherit = "dunning.aged.balance"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    salesperson_id = fields.Many2one(
        "res.users",
        readonly=True,
        prefetch=OWN_PREFETCH,
        help="Of the invoice, else of the customer.",
    )
    country_id = fields.Many2one(
        "res.country",
        string="Customer's Country",
        readonly=True,
        prefetch=OWN_PREFETCH,
    )
    partner_tags = fields.Char(
        string="Customer Tags",
        readonly=True,
        prefetch=OWN_PREFETCH,
        help="All tags of the customer together, so that groups add up to the total.",
    )
    scenario_id = fields.Many2one(
        "dunning.scenario",
        readonly=True,
        prefetch=OWN_PREFETCH,
        help="That applies to the item now.",
    )
    level_id = fields.Many2one(
        "dunning.level",
        "Level Reached",
        readonly=True,
        prefetch=OWN_PREFETCH,
        help="Until the day of the balance.",
    )
    reason_id = fields.Many2one(
        "dunning.reason",
        string="Reason on Hold",
        readonly=True,
        prefetch=OWN_PREFETCH,
        help="Of the latest hold, dispute or promise that kept it out on the day.",
    )

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _field_to_sql(self, alias, field_expr, query=None) -> SQL:
        # EXTENDS 'base': these are no columns of the statement
        column = super()._field_to_sql(alias, field_expr, query)
        if query is None or not (join := getattr(self, f"_join_{field_expr}", None)):
            return column
        for model, field_names in FIELDS.items():
            self.env[model].flush_model(field_names)
        return join(alias, query)

    @api.model
    def _join(self, query, alias, name, table, condition) -> str:
        """Join a table, once.

        :param table: its name, or SQL
        :param condition: gives the condition, of the alias
        :return: the alias
        """
        joined = query.make_alias(alias, f"dunning_{name}")
        query.add_join("LEFT JOIN", joined, table, condition(SQL.identifier(joined)))
        return joined

    @api.model
    def _join_move(self, alias, query):
        of_row = SQL.identifier(alias, "move_id")
        return self._join(
            query, alias, "move", "account_move", lambda t: SQL("%s.id = %s", t, of_row)
        )

    @api.model
    def _join_partner(self, alias, query):
        of_row = SQL.identifier(alias, "partner_id")
        return self._join(
            query,
            alias,
            "partner",
            "res_partner",
            lambda t: SQL("%s.id = %s", t, of_row),
        )

    @api.model
    def _join_salesperson_id(self, alias, query) -> SQL:
        return SQL(
            "COALESCE(%s, %s)",
            SQL.identifier(self._join_move(alias, query), "invoice_user_id"),
            SQL.identifier(self._join_partner(alias, query), "user_id"),
        )

    @api.model
    def _join_country_id(self, alias, query) -> SQL:
        return SQL.identifier(self._join_partner(alias, query), "country_id")

    @api.model
    def _join_partner_tags(self, alias, query) -> SQL:
        table = SQL(
            """
            (
                SELECT rel.partner_id,
                       STRING_AGG(tag.name, ', ' ORDER BY tag.name, tag.id) AS names
                  FROM res_partner_res_partner_category_rel rel
                  JOIN (
                           SELECT id, COALESCE(name->>%s, name->>'en_US') AS name
                             FROM res_partner_category
                       ) tag ON tag.id = rel.category_id
              GROUP BY rel.partner_id
            )
            """,
            self.env.lang or "en_US",
        )
        of_row = SQL.identifier(alias, "partner_id")
        tags = self._join(
            query, alias, "tags", table, lambda t: SQL("%s.partner_id = %s", t, of_row)
        )
        return SQL.identifier(tags, "names")

    @api.model
    def _join_level_id(self, alias, query) -> SQL:
        """The level reached: the present one is kept, past ones are in the history."""
        day = self._get_asked_view().date
        if not day or day >= self.env.company._dunning_today():
            table = SQL.identifier("dunning_item_state")
        else:
            table = SQL(
                """
                (
                    SELECT DISTINCT ON (line.move_line_id)
                           line.move_line_id, line.level_id
                      FROM dunning_action_line line
                      JOIN dunning_action action ON action.id = line.action_id
                     WHERE line.state = 'done'
                       AND line.level_id IS NOT NULL
                       AND GREATEST(action.date_done, action.date) <= %s
                  ORDER BY line.move_line_id,
                           GREATEST(action.date_done, action.date) DESC,
                           line.id DESC
                )
                """,
                day,
            )
        of_row = SQL.identifier(alias, "move_line_id")
        level = self._join(
            query,
            alias,
            "level",
            table,
            lambda t: SQL("%s.move_line_id = %s", t, of_row),
        )
        return SQL.identifier(level, "level_id")

    @api.model
    def _join_scenario_id(self, alias, query) -> SQL:
        """The scenario of the invoice, else of the customer, company by company."""
        # Few invoices have their own: the others are not looked up.
        own = self._join(
            query,
            alias,
            "own_scenario",
            SQL(
                """
                (
                    SELECT id, dunning_scenario_id
                      FROM account_move
                     WHERE dunning_scenario_id IS NOT NULL
                )
                """
            ),
            lambda t: SQL("%s.id = %s", t, SQL.identifier(alias, "move_id")),
        )
        table = SQL(
            "(%s)",
            SQL(" UNION ALL ").join(
                SQL(
                    "SELECT %s AS company_id, segment.* FROM (%s) segment",
                    company.id,
                    self._get_scenario_sql(company),
                )
                for company in self.env.companies
            ),
        )
        customer = self._join(
            query,
            alias,
            "scenario",
            table,
            lambda t: SQL(
                "%s.company_id = %s AND %s.partner_id = COALESCE(%s, 0)",
                t,
                SQL.identifier(alias, "company_id"),
                t,
                SQL.identifier(alias, "partner_id"),
            ),
        )
        return SQL(
            "COALESCE(%s, %s)",
            SQL.identifier(own, "dunning_scenario_id"),
            SQL.identifier(customer, "id"),
        )

    @api.model
    def _get_scenario_sql(self, company) -> SQL:
        indicator = self.env["dunning.indicator"]
        scope = company._dunning_indicator_scope(by="scenario")
        return indicator._get_segment_sql(scope)

    @api.model
    def _join_reason_id(self, alias, query) -> SQL:
        """The reason of the latest hold in force on the day, on the item or on the
        whole customer."""
        day = self._get_asked_view().date or self.env.company._dunning_today()
        holds = SQL(
            """
            hold.reason_id IS NOT NULL
            AND hold.create_date::date <= %(date)s
            AND (hold.date_released IS NULL OR hold.date_released > %(date)s)
            AND (hold.date_end IS NULL OR hold.date_end >= %(date)s)
            """,
            date=day,
        )
        item = self._join(
            query,
            alias,
            "item_reason",
            SQL(
                """
                (
                    SELECT rel.line_id,
                           (ARRAY_AGG(hold.reason_id ORDER BY hold.id DESC))[1] AS id
                      FROM dunning_hold hold
                      JOIN dunning_hold_move_line_rel rel ON rel.hold_id = hold.id
                     WHERE hold.scope = 'items' AND %s
                  GROUP BY rel.line_id
                )
                """,
                holds,
            ),
            lambda t: SQL("%s.line_id = %s", t, SQL.identifier(alias, "move_line_id")),
        )
        customer = self._join(
            query,
            alias,
            "customer_reason",
            SQL(
                """
                (
                    SELECT hold.company_id,
                           hold.partner_id,
                           (ARRAY_AGG(hold.reason_id ORDER BY hold.id DESC))[1] AS id
                      FROM dunning_hold hold
                     WHERE hold.scope = 'customer' AND %s
                  GROUP BY hold.company_id, hold.partner_id
                )
                """,
                holds,
            ),
            lambda t: SQL(
                "%s.company_id = %s AND %s.partner_id = %s",
                t,
                SQL.identifier(alias, "company_id"),
                t,
                SQL.identifier(alias, "partner_id"),
            ),
        )
        return SQL(
            "COALESCE(%s, %s)",
            SQL.identifier(item, "id"),
            SQL.identifier(customer, "id"),
        )
