from odoo import SUPERUSER_ID, api, models
from odoo.fields import Domain

from ...tools.words import OPEN_STATES


class DunningAction(models.Model):
    """New actions go to somebody who can do them."""

    _name = "dunning.action"
    _inherit = ["dunning.action", "dunning.collector.work"]

    # ------------------------------------------------------------------
    # CRUD METHODS
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS 'account_dunning': new work goes to somebody who can do it
        self._assign_new(vals_list)
        return super().create(vals_list)

    def write(self, vals):
        # EXTENDS 'account_dunning': so does what people give to each other
        if vals.get("user_id") and not self.env.su:
            self._check_worker(vals["user_id"])
        return super().write(vals)

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    @api.model
    def _get_work_domain(self):
        # OVERRIDES 'dunning.collector.work'
        return Domain("state", "in", OPEN_STATES)

    @api.model
    def _assign_new(self, vals_list):
        """Give new actions to who can work on them: the collector that is asked for,
        else the customer's, else who acts.

        :param vals_list: as for ``create``, changed in place
        """
        # The system's own user collects nothing.
        own = self.env.uid != SUPERUSER_ID and self.env.uid
        workers = {}
        ids = [vals["partner_id"] for vals in vals_list if vals.get("partner_id")]
        for vals in filter(lambda vals: vals.get("partner_id"), vals_list):
            company = self.env["res.company"].browse(vals.get("company_id"))
            company = company or self.env.company
            partner = self.env["res.partner"].browse(vals["partner_id"])
            partner = partner.with_prefetch(ids).with_company(company)
            if company not in workers:
                workers[company] = company._dunning_get_workers()
            customer = partner.commercial_partner_id
            user_id = vals.get("user_id") or customer.dunning_user_id.id
            vals["user_id"] = workers[company].find(user_id) or own

    def _check_worker(self, user_id):
        """Refuse to give the actions to somebody who cannot carry them out.

        :raise UserError: naming the user and the company
        """
        for company in self.company_id:
            company._dunning_check_worker(user_id)
