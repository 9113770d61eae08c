from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.words import RATING_READERS, READERS
from .dunning_profile import RATINGS

# Fields by which customers are sorted, searched and grouped: field to column.
PROFILE_COLUMNS = {
    "dunning_rating": "rating",
    "dunning_average_delay": "average_delay",
    "dunning_exposure": "exposure",
}


class ResPartner(models.Model):
    """How the customer pays the current company, and what is at risk. Salespeople see
    the rating and why, in words; figures are for those who dun."""

    _inherit = "res.partner"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    dunning_rating = fields.Selection(
        RATINGS,
        string="Payment Rating",
        compute="_compute_dunning_profile",
        search="_search_dunning_rating",
        groups=RATING_READERS,
        help="From A, pays on time, to E, pays very late or not; empty where there is "
        "too little history.",
    )
    dunning_rating_reason = fields.Char(
        string="Why This Rating",
        compute="_compute_dunning_profile",
        groups=RATING_READERS,
    )
    dunning_average_delay = fields.Float(
        string="Days after Due Date",
        compute="_compute_dunning_profile",
        search="_search_dunning_average_delay",
        digits=(7, 1),
        groups=READERS,
        help="On average of the items paid over the last twelve months.",
    )
    dunning_exposure = fields.Monetary(
        string="Exposure",
        currency_field="dunning_currency_id",
        compute="_compute_dunning_profile",
        search="_search_dunning_exposure",
        groups=READERS,
        help="What the customer owes, credits deducted, and orders not yet invoiced.",
    )
    dunning_credit_limit = fields.Monetary(
        string="Limit",
        currency_field="dunning_currency_id",
        compute="_compute_dunning_credit_limit",
        groups=READERS,
        help="The credit limit of the customer in accounting, else of the company; "
        "0 where there is none.",
    )
    dunning_profile = fields.Html(
        string="Payment Profile",
        compute="_compute_dunning_profile_table",
        sanitize=False,
        groups=READERS,
    )

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends_context("company", "lang")
    def _compute_dunning_profile(self):
        profiles = self._dunning_get_profiles()
        labels = self.env["dunning.profile"]._get_rule_labels()
        for partner in self:
            row = profiles.get(partner._origin.commercial_partner_id.id, {})
            partner.dunning_rating = row.get("rating")
            partner.dunning_average_delay = row.get("average_delay") or 0
            partner.dunning_exposure = row.get("exposure") or 0
            partner.dunning_rating_reason = row and labels[row["rating_rule"]]

    @api.depends_context("company")
    def _compute_dunning_credit_limit(self):
        # The limit is for who grants it; whether there is one, for who duns as well.
        company_sudo = self.env.company.sudo()
        used = company_sudo.account_use_credit_limit
        for partner in self:
            # As said above.
            partner_sudo = partner.sudo()
            limit = partner_sudo.commercial_partner_id.credit_limit if used else 0
            partner.dunning_credit_limit = max(limit, 0)

    @api.depends_context("company", "lang")
    def _compute_dunning_profile_table(self):
        profiles = self._dunning_get_profiles()
        for partner in self:
            row = profiles.get(partner._origin.commercial_partner_id.id)
            partner.dunning_profile = self.env["ir.qweb"]._render(
                "account_dunning.partner_profile",
                {"rows": partner._dunning_describe_profile(row) if row else []},
            )

    # ------------------------------------------------------------------
    # SEARCH METHODS
    # ------------------------------------------------------------------

    def _search_dunning_rating(self, operator, value):
        self._dunning_check_searchable("dunning_rating")
        if operator != "in":
            return NotImplemented
        wanted = [rating for rating in value if rating]
        found = self._dunning_get_profile_domain(SQL("rating = ANY(%s)", wanted))
        if False in value:
            found |= ~self._dunning_get_profile_domain(SQL("rating IS NOT NULL"))
        return found

    def _search_dunning_average_delay(self, operator, value):
        return self._dunning_search_profile("dunning_average_delay", operator, value)

    def _search_dunning_exposure(self, operator, value):
        return self._dunning_search_profile("dunning_exposure", operator, value)

    def _dunning_search_profile(self, name, operator, value):
        self._dunning_check_searchable(name)
        column = SQL.identifier(PROFILE_COLUMNS[name])

        def find(condition):
            return self._dunning_get_profile_domain(SQL("%s %s", column, condition))

        return self._dunning_search_figure(operator, value, find)

    @api.model
    def _dunning_get_profile_domain(self, condition: SQL) -> Domain:
        """Return the customers whose profile meets a condition, with contacts."""
        found = SQL(
            "(SELECT partner_id FROM (%s) profile WHERE %s)",
            self.env["dunning.profile"]._get_current_query(self.env.company),
            condition,
        )
        return Domain("commercial_partner_id", "in", found)

    def _field_to_sql(self, alias, field_expr, query=None) -> SQL:
        # EXTENDS 'base': customers can be sorted and grouped by their profile
        if field_expr not in PROFILE_COLUMNS or query is None:
            return super()._field_to_sql(alias, field_expr, query)
        self._dunning_check_searchable(field_expr)
        join = query.make_alias(alias, "dunning_profile")
        query.add_join(
            "LEFT JOIN",
            join,
            SQL(
                "(%s)",
                self.env["dunning.profile"]._get_current_query(self.env.company),
            ),
            SQL(
                "%s = %s",
                SQL.identifier(join, "partner_id"),
                SQL.identifier(alias, "commercial_partner_id"),
            ),
        )
        column = SQL.identifier(join, PROFILE_COLUMNS[field_expr])
        if field_expr == "dunning_rating":
            return column
        return SQL("COALESCE(%s, 0)", column)

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _dunning_get_profiles(self) -> dict:
        """Return the profiles of these customers and of those whose contacts they are,
        in the current company: dict of partner id to row."""
        profiles = self.env["dunning.profile"]
        # Whose contact somebody is does not depend on who looks.
        customers_sudo = self._origin.sudo().commercial_partner_id
        return profiles._read_current(self.env.company, customers_sudo)

    def _dunning_describe_profile(self, row):
        """Return what is told of a profile: list of labels and texts."""
        self.ensure_one()
        return self.env["dunning.profile"]._describe(row)
