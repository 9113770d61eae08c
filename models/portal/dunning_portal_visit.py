from odoo import api, fields, models
from odoo.tools import SQL


class DunningPortalVisit(models.Model):
    """A customer's page was looked at on a day: by whom, or by the link of an e-mail or
    letter. Of one day it is told once."""

    _name = "dunning.portal.visit"
    _description = "Visit of a Customer's Page"
    _inherit = ["dunning.portal.visitor"]
    _order = "date desc, id desc"
    _rec_name = "date"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade"
    )
    day = fields.Date(required=True, readonly=True)
    date = fields.Datetime(required=True, readonly=True)

    # === Constraints and indexes === #
    _once_a_day = models.UniqueIndex(
        "(partner_id, company_id, day, COALESCE(user_id, 0)) WHERE former_user IS NULL"
    )

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    @api.model
    def _note(self, customer_sudo: models.BaseModel, user: models.BaseModel) -> None:
        """Note that a page was looked at, once a day.

        :param customer_sudo: in the company whose page it is
        :param user: who is logged in, nobody otherwise
        """
        company_sudo = customer_sudo.env.company
        now = fields.Datetime.now()
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO dunning_portal_visit (
                                partner_id, company_id, user_id, day, date,
                                create_uid, create_date, write_uid, write_date
                            )
                     VALUES (%(partner)s, %(company)s, %(user)s, %(day)s, %(now)s,
                             %(uid)s, %(now)s, %(uid)s, %(now)s)
                ON CONFLICT DO NOTHING
                """,
                partner=customer_sudo.id,
                company=company_sudo.id,
                user=user.id or None,
                day=company_sudo._dunning_today(),
                now=now,
                uid=self.env.uid,
            )
        )

    @api.model
    def _tell_once(self, customers: models.BaseModel) -> None:
        """Tell once of a day what customers have looked at that are about to be one.

        :param customers: ``res.partner``
        """
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM dunning_portal_visit visit
                      USING dunning_portal_visit earlier
                      WHERE visit.partner_id = ANY(%(customers)s)
                        AND earlier.partner_id = ANY(%(customers)s)
                        AND earlier.id < visit.id
                        AND earlier.company_id = visit.company_id
                        AND earlier.day = visit.day
                        AND earlier.user_id IS NOT DISTINCT FROM visit.user_id
                        AND earlier.former_user IS NOT DISTINCT FROM visit.former_user
                """,
                customers=customers.ids,
            )
        )
        self.invalidate_model()
