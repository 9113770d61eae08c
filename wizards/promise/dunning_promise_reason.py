from odoo import fields, models


class DunningPromiseReason(models.TransientModel):
    """Why a promise is withdrawn, or not approved."""

    _name = "dunning.promise.reason"
    _description = "Why a Promise Ends"
    _inherit = ["dunning.guarded"]

    promise_ids = fields.Many2many(
        "dunning.promise",
        required=True,
        default=lambda self: self.env["dunning.guard"]._get_context_ids("active_ids"),
    )
    decision = fields.Selection(
        [("withdraw", "Withdraw"), ("refuse", "Refuse")],
        required=True,
        default="withdraw",
    )
    reason = fields.Char(required=True)

    def action_apply(self):
        """Withdraw the promises, or refuse to approve them.

        :return: action that closes the dialog
        """
        if self.decision == "refuse":
            self.promise_ids.action_refuse(self.reason)
        else:
            self.promise_ids.action_withdraw(self.reason)
        return {"type": "ir.actions.act_window_close"}
