from collections.abc import Callable
from operator import ge, gt, le, lt

from odoo import api, fields, models
from odoo.tools import SQL

from ...tools.words import OPEN_STATES, READERS

# Figures of the list of customers, read from the ledger: field to column.
FIGURES = {
    "dunning_due": "due",
    "dunning_overdue": "overdue",
    "dunning_days_late": "days_late",
}

# How figures are compared, and what says the contrary.
CONTRARY = {"<": (lt, ">="), "<=": (le, ">"), ">": (gt, "<="), ">=": (ge, "<")}


class ResPartner(models.Model):
    """The customer as the collector sees it, in the current company: figures, open
    items, holds. Everything is read from the ledger at each look."""

    _inherit = "res.partner"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    dunning_is_customer = fields.Boolean(
        string="Owes or Was Dunned",
        compute="_compute_dunning_is_customer",
        search="_search_dunning_is_customer",
        groups=READERS,
    )
    dunning_currency_id = fields.Many2one(
        "res.currency", compute="_compute_dunning_currency_id", groups=READERS
    )
    dunning_due = fields.Monetary(
        string="Balance",
        currency_field="dunning_currency_id",
        compute="_compute_dunning_figures",
        groups=READERS,
        help="What the ledger says the customer owes the company that is named at the "
        "top, credits and payments deducted, in company currency.",
    )
    dunning_overdue = fields.Monetary(
        string="Overdue",
        currency_field="dunning_currency_id",
        compute="_compute_dunning_figures",
        search="_search_dunning_overdue",
        groups=READERS,
        help="Open items past their due date of the company that is named at the top, "
        "in company currency.",
    )
    dunning_days_late = fields.Integer(
        string="Days Late",
        compute="_compute_dunning_figures",
        aggregator="max",
        groups=READERS,
        help="Of the oldest open item.",
    )

    # === What is going on === #
    dunning_next_action_id = fields.Many2one(
        "dunning.action",
        string="Next Action",
        compute="_compute_dunning_actions",
        groups=READERS,
    )
    dunning_action_count = fields.Integer(
        string="Open Actions", compute="_compute_dunning_actions", groups=READERS
    )
    dunning_hold_count = fields.Integer(
        string="Active Holds", compute="_compute_dunning_hold_count", groups=READERS
    )
    dunning_last_exchange = fields.Char(
        string="Last Exchange", compute="_compute_dunning_last_exchange", groups=READERS
    )

    # === Details of one customer === #
    dunning_open_item_ids = fields.Many2many(
        "dunning.item", compute="_compute_dunning_open_item_ids", groups=READERS
    )
    dunning_active_hold_ids = fields.Many2many(
        "dunning.hold", compute="_compute_dunning_active_hold_ids", groups=READERS
    )

    # ------------------------------------------------------------------
    # COMPUTE METHODS - FIGURES
    # ------------------------------------------------------------------

    def _compute_dunning_is_customer(self):
        found = self.search(
            [("id", "in", self.ids), ("dunning_is_customer", "=", True)]
        )
        for partner in self:
            partner.dunning_is_customer = partner in found

    def _search_dunning_is_customer(self, operator, value):
        self._dunning_check_searchable("dunning_is_customer")
        if operator != "in":
            return NotImplemented
        dunned = SQL(
            """
            (SELECT partner_id FROM (%s) figures WHERE owes
              UNION ALL
             SELECT partner_id FROM dunning_action WHERE company_id = %s)
            """,
            self._dunning_get_figures_query(),
            self.env.company.id,
        )
        found = fields.Domain("id", "in", dunned)
        return found if True in value else ~found

    @api.depends_context("company")
    def _compute_dunning_currency_id(self):
        self.dunning_currency_id = self.env.company.currency_id

    @api.depends_context("company")
    def _compute_dunning_figures(self):
        query = self._dunning_get_figures_query(self)
        rows = self.env.execute_query_dict(query)
        figures = {row["partner_id"]: row for row in rows}
        for partner in self:
            row = figures.get(partner._origin.id, {})
            for field_name, column in FIGURES.items():
                partner[field_name] = row.get(column, 0)

    def _search_dunning_overdue(self, operator, value):
        self._dunning_check_searchable("dunning_overdue")
        return self._dunning_search_figure(operator, value, self._dunning_find_overdue)

    def _dunning_find_overdue(self, condition):
        found = SQL(
            "(SELECT partner_id FROM (%s) figures WHERE overdue %s)",
            self._dunning_get_figures_query(),
            condition,
        )
        return fields.Domain("id", "in", found)

    @api.model
    def _dunning_search_figure(
        self, operator: str, value: object, find: Callable[[SQL], fields.Domain]
    ) -> fields.Domain:
        """Search customers by a figure, which is zero for those who have none.

        :param value: number, or several for ``in``
        :param find: gives from a condition, as ``> 5``, those with a figure that
            meets it
        """
        if operator == "in":
            found = find(SQL("= ANY(%s::numeric[])", [x for x in value if x]))
            return found if all(value) else found | ~find(SQL("!= 0"))
        if operator not in CONTRARY:
            return NotImplemented
        compare, contrary = CONTRARY[operator]
        if compare(0, value or 0):
            return ~find(SQL("%s %s", SQL(contrary), value or 0))
        return find(SQL("%s %s", SQL(operator), value or 0))

    def _field_to_sql(self, alias, field_expr, query=None) -> SQL:
        # EXTENDS 'base': customers can be sorted by what they owe
        if field_expr not in FIGURES or query is None:
            return super()._field_to_sql(alias, field_expr, query)
        self._dunning_check_searchable(field_expr)
        join = query.make_alias(alias, "dunning_figures")
        query.add_join(
            "LEFT JOIN",
            join,
            SQL("(%s)", self._dunning_get_figures_query()),
            SQL(
                "%s = %s",
                SQL.identifier(join, "partner_id"),
                SQL.identifier(alias, "id"),
            ),
        )
        return SQL("COALESCE(%s, 0)", SQL.identifier(join, FIGURES[field_expr]))

    @api.model
    def _dunning_get_figures_query(
        self, partners: models.BaseModel | None = None
    ) -> SQL:
        """Return SQL giving, for each customer of the current company with open
        lines: ``partner_id, owes, due, overdue, days_late``.

        :param partners: only these customers, all by default
        """
        ids = None if partners is None else partners._origin.ids
        scope = self.env.company._dunning_scope(partners=ids)
        return SQL(
            """
            SELECT partner_id, owes, due,
                   COALESCE(overdue, 0) AS overdue,
                   COALESCE(%s - date_oldest, 0) AS days_late
              FROM (%s) figures
            """,
            scope.date,
            self.env["dunning.plan.kept.customer"]._get_figures_query(scope),
        )

    # ------------------------------------------------------------------
    # COMPUTE METHODS - ACTIONS AND HOLDS
    # ------------------------------------------------------------------

    @api.depends("dunning_action_ids.state", "dunning_action_ids.date")
    @api.depends_context("company")
    def _compute_dunning_actions(self):
        actions = self.env["dunning.action"].search(
            [
                ("partner_id", "in", self.ids),
                ("company_id", "=", self.env.company.id),
                ("state", "in", OPEN_STATES),
            ]
        )
        by_partner = actions.grouped("partner_id")
        for partner in self:
            found = by_partner.get(partner._origin, actions.browse())
            partner.dunning_next_action_id = found[:1]
            partner.dunning_action_count = len(found)

    @api.depends("dunning_hold_ids.date_released", "dunning_hold_ids.date_end")
    @api.depends_context("company")
    def _compute_dunning_hold_count(self):
        groups = self.env["dunning.hold"]._read_group(
            self._dunning_get_hold_domain(), ["partner_id"], ["__count"]
        )
        counts = {partner.id: count for partner, count in groups}
        for partner in self:
            partner.dunning_hold_count = counts.get(partner._origin.id, 0)

    @api.depends("dunning_hold_ids.date_released", "dunning_hold_ids.date_end")
    @api.depends_context("company")
    def _compute_dunning_active_hold_ids(self):
        holds = self.env["dunning.hold"].search(self._dunning_get_hold_domain())
        by_partner = holds.grouped("partner_id")
        for partner in self:
            partner.dunning_active_hold_ids = by_partner.get(partner._origin)

    def _dunning_get_hold_domain(self):
        return [
            ("partner_id", "in", self.ids),
            ("company_id", "=", self.env.company.id),
            ("state", "=", "active"),
        ]

    @api.depends_context("company", "lang")
    def _compute_dunning_last_exchange(self):
        exchanges = self._dunning_get_last_exchanges()
        for partner in self:
            partner.dunning_last_exchange = exchanges.get(partner._origin.id, ("", ""))[
                1
            ]

    # ------------------------------------------------------------------
    # COMPUTE METHODS - DETAILS
    # ------------------------------------------------------------------

    @api.depends_context("company")
    def _compute_dunning_open_item_ids(self):
        items = self._dunning_get_items()
        by_partner = items.grouped("partner_id")
        for partner in self:
            partner.dunning_open_item_ids = by_partner.get(partner._origin)

    def _dunning_get_items(self) -> models.BaseModel:
        """Return the open items of these customers in the current company, planned
        without reading those of others."""
        company = self.env.company
        items = self.env["dunning.item"].with_context(
            allowed_company_ids=company.ids, dunning_partner_ids=self.ids
        )
        names = [name for name, field in items._fields.items() if not field.compute]
        found = items.search_fetch([("partner_id", "in", self.ids)], names)
        # Their values are in the cache: no need for the restriction any more.
        return self.env["dunning.item"].browse(found.ids)

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_dunning_open_actions(self):
        """Open the open actions of the customer, or its history when there are none."""
        self.ensure_one()
        name = "action_agenda" if self.dunning_action_count else "action_history"
        return self._dunning_open_window(name)

    def action_dunning_open_items(self) -> dict:
        """Open the open items of the customer."""
        self.ensure_one()
        return self._dunning_open_window("action_item")

    def action_dunning_open_holds(self):
        """Open the holds of the customer."""
        self.ensure_one()
        return self._dunning_open_window("action_hold")

    def action_dunning_plan_call(self) -> dict:
        """Open a new call to the customer."""
        return self._dunning_new_action(self.env._("Plan a Call"))

    def action_dunning_plan(self) -> dict:
        """Open a new action for the customer, by a channel that is to be chosen."""
        window = self._dunning_new_action(self.env._("Plan an Action"))
        return window | {"context": window["context"] | {"default_channel": False}}

    def action_dunning_hold(self):
        """Open a new hold on the customer."""
        return self._dunning_new_window("dunning.hold", self.env._("Put on Hold"))

    def _dunning_new_action(self, title):
        """Return the dialog that plans an action for the customer.

        :param title: of the dialog
        """
        window = self._dunning_new_window("dunning.action", title)
        view = self.env.ref("account_dunning.view_action_dialog")
        return window | {"views": [(view.id, "form")]}

    def _dunning_new_window(self, model: str, title: str) -> dict:
        """Return a window action that opens a new record about the customer.

        :param model: name of the model
        :param title: of the dialog
        """
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": model,
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_partner_id": self.commercial_partner_id.id,
                # Of several in which the user works it may not be the first.
                "default_company_id": self.env.company.id,
            },
        }

    def _dunning_open_window(self, name: str) -> dict:
        """Return a window action of the addon, for the customer alone.

        :param name: XML id in this addon
        """
        action = self.env["ir.actions.actions"]._for_xml_id(f"account_dunning.{name}")
        partner = self.commercial_partner_id
        domain = fields.Domain("partner_id", "=", partner.id)
        if name == "action_agenda":
            domain &= fields.Domain("state", "in", OPEN_STATES)
        elif name == "action_history":
            domain &= fields.Domain("state", "not in", OPEN_STATES)
        return dict(
            action,
            domain=list(domain),
            context={"default_partner_id": partner.id},
        )
