from odoo import api, models


class DunningPlanBasis(models.AbstractModel):
    """Records from which plans take something that is kept in memory."""

    _name = "dunning.plan.basis"
    _description = "Basis of Dunning Plans"

    # The fields that plans read, None for all of them.
    _basis_fields = None

    # ------------------------------------------------------------------
    # CRUD METHODS
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS 'base': what plans keep in memory is read again
        records = super().create(vals_list)
        records._forget_plan_basis()
        return records

    def write(self, vals):
        # EXTENDS 'base': what plans keep in memory is read again
        if self._basis_fields is not None and not self._basis_fields & vals.keys():
            return super().write(vals)
        self._forget_plan_basis()
        result = super().write(vals)
        self._forget_plan_basis()
        return result

    def unlink(self):
        # EXTENDS 'base': what plans keep in memory is read again
        self._forget_plan_basis()
        return super().unlink()

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _forget_plan_basis(self):
        if any(record._is_plan_basis() for record in self):
            self.env.registry.clear_cache()

    def _is_plan_basis(self):
        """Return whether plans take something from the record."""
        return True


class AccountAccount(models.Model):
    _name = "account.account"
    _inherit = ["account.account", "dunning.plan.basis"]

    _basis_fields = {"account_type", "non_trade"}


class ResourceCalendar(models.Model):
    _name = "resource.calendar"
    _inherit = ["resource.calendar", "dunning.plan.basis"]


class ResourceCalendarAttendance(models.Model):
    _name = "resource.calendar.attendance"
    _inherit = ["resource.calendar.attendance", "dunning.plan.basis"]


class ResourceCalendarLeaves(models.Model):
    _name = "resource.calendar.leaves"
    _inherit = ["resource.calendar.leaves", "dunning.plan.basis"]

    def _is_plan_basis(self):
        # EXTENDS 'dunning.plan.basis': days off of somebody are none of the company's
        return not self.resource_id and super()._is_plan_basis()
