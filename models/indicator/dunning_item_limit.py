from odoo import api, fields, models
from odoo.fields import Domain


class DunningItem(models.Model):
    """Items that will soon be long unpaid: after six months little is recovered."""

    _inherit = "dunning.item"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    is_near_limit = fields.Boolean(
        string="Soon Long Unpaid",
        compute="_compute_limit",
        search="_search_is_near_limit",
    )
    days_left = fields.Integer(
        compute="_compute_limit",
        help="Until the item is long unpaid, as the settings say.",
    )

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("days_late", "company_id")
    def _compute_limit(self):
        for item in self:
            # Settings are read for whoever reads the figures.
            company_sudo = item.company_id.sudo()
            item.days_left = company_sudo.dunning_limit_days - item.days_late
            item.is_near_limit = (
                0 < item.days_left <= company_sudo.dunning_limit_ahead_days
            )

    def _search_is_near_limit(self, operator, value):
        if operator != "in":
            return NotImplemented
        near = Domain.OR(
            Domain("company_id", "=", company.id)
            & Domain("days_late", ">=", first)
            & Domain("days_late", "<", end)
            for company, first, end in self._get_limits()
        )
        return near if True in value else ~near

    @api.model
    def _get_limits(self):
        """Return the companies that are looked at, with the days late from which an
        item will soon be long unpaid, and from which it is."""
        return [
            (
                company,
                company_sudo.dunning_limit_days - company_sudo.dunning_limit_ahead_days,
                company_sudo.dunning_limit_days,
            )
            for company in self.env.companies
            # Settings are read for whoever reads the figures.
            for company_sudo in [company.sudo()]
        ]
