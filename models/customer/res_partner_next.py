from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.words import READERS


class ResPartner(models.Model):
    """Who follows a customer and what comes next, for every customer: the open action,
    else the step that is planned, else why nothing is."""

    _inherit = "res.partner"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    dunning_next_action_date = fields.Date(
        string="Next Action On",
        compute="_compute_dunning_next",
        groups=READERS,
        help="Day of the open action, else of the step that is planned.",
    )
    dunning_next_step = fields.Char(
        string="Next Step",
        compute="_compute_dunning_next",
        groups=READERS,
        help="The open action, else the step that is planned, else why nothing is.",
    )
    dunning_followed_scenario_ids = fields.Many2many(
        "dunning.scenario",
        string="Scenario Followed",
        compute="_compute_dunning_followed_scenario_ids",
        groups=READERS,
        help="Scenarios by which what this customer owes is dunned now.",
    )
    dunning_collector_id = fields.Many2one(
        "res.users",
        string="Responsible Collector",
        compute="_compute_dunning_collector_id",
        inverse="_inverse_dunning_collector_id",
        search="_search_dunning_collector_id",
        groups=READERS,
        domain="[('share', '=', False)]",
        help="Who works on what this customer owes: the customer's own collector, else "
        "the default collector of the company.",
    )

    # ------------------------------------------------------------------
    # COMPUTE METHODS - WHAT COMES NEXT
    # ------------------------------------------------------------------

    @api.depends("dunning_action_ids.state", "dunning_action_ids.date")
    @api.depends_context("company", "lang")
    def _compute_dunning_next(self):
        waiting = self.filtered(lambda partner: not partner.dunning_next_action_id)
        items = waiting._dunning_get_items().grouped("partner_id") if waiting else {}
        for partner in self:
            action = partner.dunning_next_action_id
            day, step = action.date, action.title
            if not action:
                day, step = items.get(
                    partner._origin, self.env["dunning.item"]
                )._get_next()
            partner.dunning_next_action_date = day
            partner.dunning_next_step = step

    @api.depends("dunning_scenario_id")
    @api.depends_context("company")
    def _compute_dunning_followed_scenario_ids(self):
        items = self._dunning_get_items().grouped("partner_id")
        none = self.env["dunning.item"]
        for partner in self:
            own = items.get(partner._origin, none)
            partner.dunning_followed_scenario_ids = own.scenario_id

    # ------------------------------------------------------------------
    # COMPUTE METHODS - COLLECTOR
    # ------------------------------------------------------------------

    @api.depends("dunning_user_id")
    @api.depends_context("company")
    def _compute_dunning_collector_id(self):
        default = self.env.company.dunning_user_id
        for partner in self:
            partner.dunning_collector_id = partner.dunning_user_id or default

    def _inverse_dunning_collector_id(self):
        for collector, partners in self.grouped("dunning_collector_id").items():
            partners.dunning_user_id = collector

    def _search_dunning_collector_id(self, operator, value):
        if operator != "in" and not isinstance(value, Domain):
            return NotImplemented
        own = Domain("dunning_user_id", operator, value)
        default = self.env.company.dunning_user_id
        if not default:
            return own
        if operator == "in":
            is_default = default.id in value
        else:
            is_default = default.search_count(Domain("id", "=", default.id) & value)
        nobody = Domain("dunning_user_id", "=", False)
        return own | nobody if is_default else own & ~nobody

    def _field_to_sql(self, alias, field_expr, query=None) -> SQL:
        # EXTENDS 'base': customers can be sorted and grouped by who follows them
        if field_expr != "dunning_collector_id":
            return super()._field_to_sql(alias, field_expr, query)
        return SQL(
            "COALESCE(%s, %s)",
            super()._field_to_sql(alias, "dunning_user_id", query),
            self.env.company.dunning_user_id.id or None,
        )
