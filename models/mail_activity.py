from odoo import models


class MailActivity(models.Model):
    _inherit = "mail.activity"

    def _action_done(self, feedback=False, attachment_ids=None):
        # EXTENDS 'mail': the activity of an action is its reminder; marking it as
        # done does the action
        action_ids = self.filtered(
            lambda activity: activity.res_model == "dunning.action"
        ).mapped("res_id")
        result = super()._action_done(feedback, attachment_ids)
        if action_ids:
            actions = self.env["dunning.action"].browse(action_ids)
            actions = actions.filtered(
                lambda action: (
                    action.state in ("todo", "failed") and action.execution == "manual"
                )
            )
            if actions:
                actions.action_execute()
        return result
