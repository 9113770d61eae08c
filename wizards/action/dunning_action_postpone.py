from odoo import api, fields, models
from odoo.tools import format_date

DAYS = 7


class DunningActionPostpone(models.TransientModel):
    _name = "dunning.action.postpone"
    _description = "Postpone Dunning Actions"
    _inherit = ["dunning.guarded"]

    action_ids = fields.Many2many(
        "dunning.action",
        required=True,
        default=lambda self: self.env["dunning.guard"]._get_context_ids("active_ids"),
    )
    date = fields.Date(required=True, default=lambda self: self._default_date())
    reason = fields.Char(required=True)

    @api.model
    def _default_date(self):
        """Return the first day of work from a week after today."""
        company = self.env.company
        day = fields.Date.add(company._dunning_today(), days=DAYS)
        return company._dunning_get_working_day(day)

    def action_apply(self):
        """Postpone the actions.

        :return: action that closes the dialog and says so
        """
        self.action_ids.action_postpone(self.date, self.reason)
        count, day = len(self.action_ids), format_date(self.env, self.date)
        return self.action_ids._tell_decided(
            self.env._("postponed to %s", day),
            self.env._("%(count)s actions postponed to %(day)s", count=count, day=day),
        )
