from odoo import api, fields, models
from odoo.tools import email_normalize


class DunningAction(models.Model):
    _inherit = "dunning.action"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    claims_nothing = fields.Boolean(
        readonly=True,
        copy=False,
        help="It is about what the customer has said, which its note tells.",
    )

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _get_written_to(self, addressees):
        # EXTENDS 'account_dunning': the second recipient as well, unless it has the
        # same address as another one
        found = super()._get_written_to(addressees)
        customer = self.partner_id.with_company(self.company_id)
        second = customer and customer._dunning_get_second_recipient()
        known = {email_normalize(partner.email) for partner in found}
        if second and second.email and email_normalize(second.email) not in known:
            found |= second
        return found

    @api.model
    def _get_judged_fields(self):
        # EXTENDS 'account_dunning'
        return [*super()._get_judged_fields(), "claims_nothing"]


class DunningKindManual(models.AbstractModel):
    _inherit = "dunning.kind.manual"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _is_listed(self, action, row):
        # EXTENDS 'dunning.kind': other items than those it is about
        return not action.claims_nothing and super()._is_listed(action, row)
