from odoo import api, fields, models
from odoo.tools import SQL


class DunningProfileMark(models.Model):
    """The ledger of a customer has changed since its profile was written. Marks are
    only added by who works on the ledger, so that nobody waits for anybody; whoever
    writes profiles takes those away that it sees."""

    _name = "dunning.profile.mark"
    _description = "Profile to Be Read Anew"
    _inherit = ["dunning.protected"]
    _log_access = False
    _rec_name = "partner_ref"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    # Numbers: a foreign key would lock customer and company at each payment.
    partner_ref = fields.Integer(readonly=True, help="Number of the customer.")
    company_ref = fields.Integer(readonly=True, help="Number of the company.")

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    @api.model
    def _mark(self, company: models.BaseModel, partners: models.BaseModel) -> None:
        """Have the profiles of customers read anew from the ledger, in the company's
        branches too: its credits cover their items.

        :param company: ``res.company``
        :param partners: ``res.partner``, the customers or contacts of theirs
        """
        if partners:
            branch_ids = self.env["res.company"]._dunning_get_branch_ids(company)
            # Whoever pays does not wait for all that is known of the customer.
            partners.flush_recordset(["commercial_partner_id"])
            self.env.cr.execute(
                SQL(
                    """
                    INSERT INTO dunning_profile_mark (company_ref, partner_ref)
                         SELECT DISTINCT company_ref, commercial_partner_id
                           FROM res_partner
                     CROSS JOIN UNNEST(%s) company_ref
                          WHERE id = ANY(%s)
                            AND commercial_partner_id IS NOT NULL
                    """,
                    [company.id, *branch_ids],
                    partners.ids,
                )
            )

    @api.model
    def _get_partner_ids(self, company, partner_ids=None) -> list[int]:
        """Return the customers that are marked.

        :param partner_ids: only among these, None for all
        """
        among = SQL("TRUE")
        if partner_ids is not None:
            among = SQL("partner_ref = ANY(%s)", partner_ids)
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT partner_ref
                  FROM dunning_profile_mark
                 WHERE company_ref = %s
                   AND %s
                """,
                company.id,
                among,
            )
        )
        return [partner_id for (partner_id,) in rows]

    @api.model
    def _forget(self, company, partner_ids=None) -> None:
        """Take the marks of customers away, None for those of all."""
        among = SQL("TRUE")
        if partner_ids is not None:
            among = SQL("partner_ref = ANY(%s)", partner_ids)
        self.env.cr.execute(
            SQL(
                "DELETE FROM dunning_profile_mark WHERE company_ref = %s AND %s",
                company.id,
                among,
            )
        )
