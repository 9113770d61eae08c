from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.words import COLLECTORS, MANAGERS, READERS


class ResCompany(models.Model):
    """Whose figures somebody may see: those of all customers, or of their own."""

    _inherit = "res.company"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    dunning_collector_view = fields.Selection(
        [("all", "All Customers"), ("own", "Their Own Customers")],
        string="Collectors See Figures of",
        default="all",
        required=True,
        help="Of whom collectors see figures: aged balance, indicators, dashboard, "
        "forecast, workbooks. Managers and auditors see those of all customers.",
        groups=READERS,
    )

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _dunning_check_figures(self):
        """Refuse to tell figures of companies to who may not see any.

        :raise AccessError: no rights on dunning, or no work in one of the companies
        """
        if not self.env.su:
            self.env["dunning.item"].check_access("read")
            self.env["dunning.guard"]._check_readable(self)

    def _dunning_sees_own_only(self) -> bool:
        """Return whether who asks sees the figures of their own customers only."""
        self.ensure_one()
        # The company decides, whoever asks.
        view = self.sudo().dunning_collector_view
        user = self.env.user
        return (
            view == "own"
            and not self.env.su
            and user.has_group(COLLECTORS)
            and not user.has_group(MANAGERS)
        )

    def _dunning_get_collector_sql(self, partner: str) -> SQL:
        """Return SQL giving who collects what a customer owes to the company.

        :param partner: alias of the ``res_partner``, NULL for entries without
        """
        self.ensure_one()
        # Who collects does not depend on who asks.
        partners_sudo = self.env["res.partner"].sudo().with_company(self)
        return self._dunning_get_worker_sql(
            partners_sudo._field_to_sql(partner, "dunning_user_id")
        )

    def _dunning_get_customers_of(self, user) -> models.BaseModel:
        """Return the customers from whom somebody collects.

        :param user: ``res.users``
        """
        customers = SQL(
            """
            (
                SELECT partner.id
                  FROM res_partner partner
                 WHERE partner.commercial_partner_id = partner.id
                   AND %s = %s
            )
            """,
            self._dunning_get_collector_sql("partner"),
            user.id,
        )
        partners = self.env["res.partner"].with_context(active_test=False)
        return partners.search([("id", "in", customers)])

    def _dunning_get_visible_sql(self, partner: str) -> SQL:
        """Return the condition that who asks may see the figures of a customer.

        It is the one place that says whose figures are seen. Entries without customer
        are those of who collects from customers without collector.

        :param partner: alias of the ``res_partner``, NULL for entries without
        """
        if not self._dunning_sees_own_only():
            return SQL("TRUE")
        return SQL(
            "%s = %s", self._dunning_get_collector_sql(partner), self.env.user.id
        )

    def _dunning_get_visible_domain(self, partner_field="partner_id") -> Domain:
        """Return the same condition for records: those of the customers whose figures
        who asks may see.

        :param partner_field: name of the field that holds the customer; ``id`` for
            customers themselves
        """
        domains = []
        for company in self:
            domain = Domain.TRUE
            if company._dunning_sees_own_only():
                customers = SQL(
                    "(SELECT partner.id FROM res_partner partner WHERE %s)",
                    company._dunning_get_visible_sql("partner"),
                )
                domain = Domain(partner_field, "in", customers)
            if partner_field != "id":
                domain &= Domain("company_id", "=", company.id)
            domains.append(domain)
        return Domain.OR(domains)


class DunningSettingsFields(models.AbstractModel):
    _inherit = "dunning.settings.fields"

    dunning_collector_view = fields.Selection(
        related="company_id.dunning_collector_view", readonly=False
    )
