from odoo import fields, models
from odoo.tools import SQL

from ...tools.words import READERS


class ResCompany(models.Model):
    """From when on what is said about a contact, or about an item, counts."""

    _inherit = "res.company"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    dunning_success_days = fields.Integer(
        string="Days in Which a Payment Counts",
        default=15,
        groups=READERS,
        help="A payment so many days after a contact, at most, is its success.",
    )
    dunning_limit_days = fields.Integer(
        string="Long Unpaid after Days",
        default=180,
        groups=READERS,
        help="Days after the due date from which on little is ever recovered: under "
        "5 % after six months.",
    )
    dunning_limit_ahead_days = fields.Integer(
        string="Days Ahead",
        default=30,
        groups=READERS,
        help="So many days before, the collector is told.",
    )

    _dunning_steering_days_in_years = models.Constraint(
        "CHECK(dunning_success_days BETWEEN 0 AND 3650"
        " AND dunning_limit_days BETWEEN 1 AND 3650"
        " AND dunning_limit_ahead_days BETWEEN 0 AND dunning_limit_days)",
        "Success of a Contact: enter 0 to 3650 days. Long Unpaid: enter 1 to 3650 "
        "days, and no more days ahead than these.",
    )

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _dunning_get_visible_in_sql(self, record: str) -> SQL:
        """Return the condition that a record is of one of these companies, and of a
        customer whose figures who asks may see.

        :param record: alias of a table with ``company_id`` and ``partner_id``
        """
        return SQL(
            "(%s)",
            SQL(" OR ").join(
                SQL(
                    """
                    %(record)s.company_id = %(company)s
                    AND EXISTS (
                        SELECT
                          FROM res_partner partner
                         WHERE partner.id = %(record)s.partner_id
                           AND %(visible)s
                    )
                    """,
                    record=SQL.identifier(record),
                    company=company.id,
                    visible=company._dunning_get_visible_sql("partner"),
                )
                for company in self
            ),
        )


class DunningSettingsFields(models.AbstractModel):
    """These days among the settings."""

    _inherit = "dunning.settings.fields"

    dunning_success_days = fields.Integer(
        related="company_id.dunning_success_days", readonly=False
    )
    dunning_limit_days = fields.Integer(
        related="company_id.dunning_limit_days", readonly=False
    )
    dunning_limit_ahead_days = fields.Integer(
        related="company_id.dunning_limit_ahead_days", readonly=False
    )
