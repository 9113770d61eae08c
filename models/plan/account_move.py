from odoo import api, fields, models
from odoo.tools import SQL, Query

from ...tools.words import READERS

# What the plan says of entries, by the field that shows it.
SUMMARY_COLUMNS = {
    "dunning_level_id": "level_id",
    "dunning_next_date": "date",
    "dunning_out_reason": "reason",
}


class AccountMove(models.Model):
    _inherit = "account.move"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    dunning_scenario_id = fields.Many2one(
        "dunning.scenario",
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="Scenario of this invoice, whatever its customer's is.",
        groups=READERS,
    )
    dunning_level_id = fields.Many2one(
        "dunning.level",
        compute="_compute_dunning",
        search="_search_dunning_level_id",
        help="Highest level its items have reached.",
        groups=READERS,
    )
    dunning_next_date = fields.Date(
        string="Next Dunning Step",
        compute="_compute_dunning",
        search="_search_dunning_next_date",
        groups=READERS,
    )
    dunning_out_reason = fields.Selection(
        selection=lambda self: self.env["dunning.item"]._get_reason_selection(),
        string="Not Dunned Because",
        compute="_compute_dunning",
        search="_search_dunning_out_reason",
        groups=READERS,
    )
    dunning_days_late = fields.Integer(
        string="Days Late",
        compute="_compute_dunning",
        help="Of the oldest open item.",
        groups=READERS,
    )

    dunning_withheld = fields.Monetary(
        string="On Hold",
        compute="_compute_dunning_held",
        help="By promises, disputes and holds on its items, or because a payment is "
        "in process.",
        groups=READERS,
    )
    dunning_held_by = fields.Char(
        string="On Hold by",
        compute="_compute_dunning_held",
        groups=READERS,
    )

    # === Indexes === #
    _dunning_blocked_idx = models.Index("(id) WHERE payment_state = 'blocked'")

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("line_ids.amount_residual", "state", "dunning_scenario_id")
    @api.depends_context("allowed_company_ids")
    def _compute_dunning(self):
        rows = self._dunning_get_summaries()
        summaries = {row["id"]: row for row in rows}
        for move in self:
            summary = summaries.get(move._origin.id, {})
            move.dunning_level_id = summary.get("level_id")
            move.dunning_next_date = summary.get("date")
            move.dunning_out_reason = summary.get("reason")
            move.dunning_days_late = summary.get("days_late", 0)

    @api.depends("line_ids.amount_residual", "state")
    @api.depends_context("lang")
    def _compute_dunning_held(self):
        shares = self._dunning_get_shares()
        for move in self:
            of_move = shares.get(move._origin.id, [])
            move.dunning_withheld = sum(amount for _hold, amount in of_move)
            move.dunning_held_by = self.env["dunning.hold"]._describe_shares(
                of_move, move.currency_id
            )

    def _dunning_get_summaries(self):
        """Return what the plan says of these entries, without planning the items of
        other customers."""
        # The plan of a company does not depend on who looks at it.
        groups = (
            self.env["account.move.line"]
            .sudo()
            ._read_group(
                [
                    ("move_id", "in", self._origin.ids),
                    ("account_type", "=", "asset_receivable"),
                ],
                ["partner_id"],
            )
        )
        if not groups:
            return []
        partner_ids = None
        if all(partner for [partner] in groups):
            customers_sudo = groups[0][0].concat(*(partner for [partner] in groups))
            partner_ids = customers_sudo.commercial_partner_id.ids
        return self.env.execute_query_dict(
            SQL(
                "SELECT * FROM (%s) summary WHERE id = ANY(%s)",
                self.env["dunning.item"]._get_move_summary_query(partner_ids),
                self._origin.ids,
            )
        )

    def _search_dunning_level_id(self, operator, value):
        self._dunning_check_searchable("dunning_level_id")
        if operator in ("any", "any!"):
            value = self.env["dunning.level"]._search(value)
        elif operator in ("ilike", "like"):
            value = self.env["dunning.level"]._search([("name", operator, value)])
        elif operator != "in":
            return NotImplemented
        return self._search_dunning("level_id", "in", value)

    def _search_dunning_next_date(self, operator, value):
        self._dunning_check_searchable("dunning_next_date")
        return self._search_dunning("date", operator, value)

    def _search_dunning_out_reason(self, operator, value):
        self._dunning_check_searchable("dunning_out_reason")
        return self._search_dunning("reason", operator, value)

    def _search_dunning(self, column, operator, value):
        """Return the domain of the entries for which the plan says so; "not set"
        includes those without open items."""
        if operator == "in" and isinstance(value, Query):
            condition = SQL("%s IN %s", SQL.identifier(column), value.subselect())
        elif operator == "in":
            values = tuple(item for item in value if item)
            if len(values) < len(value):
                is_set = self._dunning_get_subquery(
                    SQL("%s IS NOT NULL", SQL.identifier(column))
                )
                found = fields.Domain("id", "not in", is_set)
                if values:
                    found |= self._search_dunning(column, operator, values)
                return found
            condition = SQL("%s IN %s", SQL.identifier(column), values)
        elif operator in ("<", "<=", ">", ">="):
            condition = SQL("%s %s %s", SQL.identifier(column), SQL(operator), value)
        else:
            return NotImplemented
        return fields.Domain("id", "in", self._dunning_get_subquery(condition))

    def _dunning_get_subquery(self, condition):
        summary = self.env["dunning.item"]._get_move_summary_query()
        return SQL("(SELECT id FROM (%s) summary WHERE %s)", summary, condition)

    def _field_to_sql(self, alias, field_expr, query=None) -> SQL:
        # EXTENDS 'base': the plan is joined once to the query, so that lists can be
        # sorted and grouped by what it says
        if field_expr in SUMMARY_COLUMNS and query is not None:
            self._dunning_check_searchable(field_expr)
            join = query.make_alias(alias, "dunning_summary")
            query.add_join(
                "LEFT JOIN",
                join,
                SQL("(%s)", self.env["dunning.item"]._get_move_summary_query()),
                SQL("%s = %s", SQL.identifier(join, "id"), SQL.identifier(alias, "id")),
            )
            return SQL.identifier(join, SUMMARY_COLUMNS[field_expr])
        return super()._field_to_sql(alias, field_expr, query)

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_dunning_history(self):
        """Open every action, done or planned, that lists these entries."""
        action = self.env["ir.actions.actions"]._for_xml_id(
            "account_dunning.action_history"
        )
        return dict(action, domain=[("line_ids.move_id", "in", self.ids)], context={})

    def action_dunning_open_holds(self):
        """Open what keeps the entry out: the promise, the dispute, or the holds."""
        self.ensure_one()
        holds = self.env["dunning.hold"]
        shares = self._dunning_get_shares().get(self.id, [])
        return holds.union(*(hold for hold, _amount in shares))._open()

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _dunning_get_shares(self):
        """Return what keeps items of these entries out.

        :return: dict of entry id to list of (hold, amount)
        """
        # Whoever sees an invoice sees why it is not dunned.
        items_sudo = self.env["account.move.line"].sudo()
        items_sudo = items_sudo.search(
            [
                ("move_id", "in", self._origin.ids),
                ("account_id", "in", self.env["dunning.ledger"]._get_account_ids()),
                ("parent_state", "=", "posted"),
                ("amount_residual_currency", ">", 0),
            ]
        )
        by_item = items_sudo.env["dunning.hold"]._get_shares(items_sudo)
        shares = {}
        for item_sudo in items_sudo:
            of_move = shares.setdefault(item_sudo.move_id.id, [])
            of_move += by_item.get(item_sudo.id, [])
        return shares
