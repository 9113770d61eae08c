from odoo import models


class ResPartner(models.Model):
    """A customer that is given to another collector takes along what is open: actions,
    promises, disputes, litigations and activities of who collected before. What
    somebody else was asked to do stays with that one."""

    _inherit = "res.partner"

    # ------------------------------------------------------------------
    # CRUD METHODS
    # ------------------------------------------------------------------

    def write(self, vals):
        # EXTENDS 'base': work goes along with the customer
        if "dunning_user_id" not in vals or not self:
            return super().write(vals)
        company = self.env.company
        # Whoever gives customers to others need not see all that is theirs to do.
        company_sudo = company.sudo()
        partners_sudo = self.sudo().with_company(company)
        former_sudo = partners_sudo.grouped("dunning_user_id")
        result = super().write(vals)
        if vals["dunning_user_id"] and not self.env.su:
            company._dunning_check_worker(vals["dunning_user_id"])
        for user_sudo, own_sudo in former_sudo.items():
            changed_sudo = own_sudo.filtered(
                lambda partner, user=user_sudo: partner.dunning_user_id != user
            )
            company_sudo._dunning_give_along(
                user_sudo, changed_sudo[:1].dunning_user_id, changed_sudo.ids
            )
        return result
