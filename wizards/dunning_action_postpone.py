from datetime import timedelta

from odoo import fields, models


class DunningActionPostpone(models.TransientModel):
    _name = "dunning.action.postpone"
    _description = "Postpone Dunning Actions"

    action_ids = fields.Many2many(
        "dunning.action",
        required=True,
        default=lambda self: self.env.context.get("active_ids"),
    )
    date = fields.Date(
        required=True,
        default=lambda self: fields.Date.context_today(self) + timedelta(days=7),
    )
    reason = fields.Char(required=True)

    def action_apply(self):
        """Postpone the actions.

        :return: action that closes the dialog
        """
        self.action_ids.action_postpone(self.date, self.reason)
        return {"type": "ir.actions.act_window_close"}
