from odoo import api, fields, models

from ...tools.words import READERS


class ResPartner(models.Model):
    """The group that a customer belongs to. One that owes too much stops them all."""

    _inherit = "res.partner"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    dunning_group_id = fields.Many2one(
        "dunning.customer.group",
        string="Group",
        compute="_compute_dunning_group_id",
        groups=READERS,
    )

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends_context("company")
    def _compute_dunning_group_id(self):
        groups = self.env["dunning.customer.group"].search(
            [
                ("company_id", "=", self.env.company.id),
                ("member_ids", "in", self._origin.commercial_partner_id.ids),
            ]
        )
        of_partner = {id_: group for group in groups for id_ in group.member_ids.ids}
        for partner in self:
            customer = partner._origin.commercial_partner_id
            partner.dunning_group_id = of_partner.get(customer.id)

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _dunning_get_stop_causes(self, company):
        # EXTENDS 'account_dunning'
        causes = super()._dunning_get_stop_causes(company)
        if company.dunning_stop_limit != "none":
            groups = self.env["dunning.customer.group"]
            cause = company.dunning_stop_limit, self.env._("group above its limit")
            for partner_id in groups._get_exceeded(company, self) & set(self.ids):
                causes.setdefault(partner_id, []).append(cause)
        return causes

    def _dunning_stay_in_one_group(self, groups_sudo: models.BaseModel) -> None:
        """Leave all groups but one of each company: customers that were merged would
        count twice.

        :param groups_sudo: those in which to stay, if it is in one of them
        """
        found_sudo = groups_sudo.search([("member_ids", "in", self.ids)])
        for own_sudo in found_sudo.grouped("company_id").values():
            stays_sudo = (own_sudo & groups_sudo or own_sudo)[:1]
            for group_sudo in own_sudo - stays_sudo:
                group_sudo.member_ids -= self
