from odoo import models

# What is kept of customers here, by the field that names them.
CUSTOMER_MODELS = (
    "dunning.cover",
    "dunning.solvency",
    "dunning.stop.release",
    "dunning.watch",
)


class ResPartner(models.Model):
    """A customer that becomes part of another one takes along why it is watched, what
    is insured, and its group unless the other one has its own."""

    _inherit = "res.partner"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _dunning_join(self, customer, items):
        # EXTENDS 'account_dunning'
        result = super()._dunning_join(customer, items)
        for name in CUSTOMER_MODELS:
            # Whoever works on contacts need not have rights on dunning.
            found_sudo = self.env[name].sudo().search([("partner_id", "=", self.id)])
            self._dunning_hand_over(found_sudo, customer)
        # Marks are of customers: nobody looks at what was kept of a contact.
        profiles_sudo = self.env["dunning.profile"].sudo()
        profiles_sudo.search([("partner_id", "=", self.id)]).unlink()
        # Nor on groups.
        groups_sudo = self.env["dunning.customer.group"].sudo()
        for group_sudo in groups_sudo.search([("member_ids", "in", self.ids)]):
            others_sudo = groups_sudo.search(
                [
                    ("company_id", "=", group_sudo.company_id.id),
                    ("member_ids", "in", customer.ids),
                ]
            )
            members = group_sudo.member_ids - self
            group_sudo.member_ids = members if others_sudo else members | customer
        return result

    def _dunning_refresh(self):
        # EXTENDS 'account_dunning': what was paid long ago is theirs now, too
        result = super()._dunning_refresh()
        # Whoever works on contacts need not see all companies, which are few.
        # pylint: disable-next=no-search-all
        companies_sudo = self.env["res.company"].sudo().search([])
        marks_sudo = companies_sudo.env["dunning.profile.mark"]
        for company_sudo in companies_sudo:
            marks_sudo._mark(company_sudo, self)
        return result
