from odoo import api, models


class DunningPlanBasis(models.AbstractModel):
    """Records from which plans take something that is kept in memory."""

    _name = "dunning.plan.basis"
    _description = "Basis of Dunning Plans"

    # ------------------------------------------------------------------
    # CRUD METHODS
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        records._forget_plan_basis()
        return records

    def write(self, vals):
        result = super().write(vals)
        self._forget_plan_basis()
        return result

    def unlink(self):
        self._forget_plan_basis()
        return super().unlink()

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _forget_plan_basis(self):
        self.env.registry.clear_cache()


class AccountAccount(models.Model):
    _name = "account.account"
    _inherit = ["account.account", "dunning.plan.basis"]


class ResourceCalendar(models.Model):
    _name = "resource.calendar"
    _inherit = ["resource.calendar", "dunning.plan.basis"]


class ResourceCalendarAttendance(models.Model):
    _name = "resource.calendar.attendance"
    _inherit = ["resource.calendar.attendance", "dunning.plan.basis"]


class ResourceCalendarLeaves(models.Model):
    _name = "resource.calendar.leaves"
    _inherit = ["resource.calendar.leaves", "dunning.plan.basis"]
