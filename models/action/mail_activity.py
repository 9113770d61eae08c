from odoo import models
from odoo.exceptions import RedirectWarning

from ...tools.words import OPEN_STATES


class MailActivity(models.Model):
    """Activities that stand for actions: the work is recorded there."""

    _inherit = "mail.activity"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _to_store_defaults(self, target):
        # EXTENDS 'mail': the screen shows this name of an activity without summary
        return [*super()._to_store_defaults(target), "display_name"]

    def _dunning_refuse_reminders(self):
        """Lead to the action who marks its reminder as done: what was done, and how it
        ended, is recorded there. Other activities on actions are people's own.

        :raise RedirectWarning: one of them stands for an action that is to be done
        """
        # Whose activity it is need not have any right on dunning.
        reminders_sudo = self.sudo().filtered("dunning_reminder")
        ids = reminders_sudo.mapped("res_id")
        actions = self.env["dunning.action"].browse(ids)
        actions = actions.exists().filtered(lambda action: action.state in OPEN_STATES)
        if actions:
            raise RedirectWarning(
                self.env._(
                    "“%s” is recorded as done on the action itself, with what was said "
                    "or sent: its activity goes with it.",
                    actions[0].display_name,
                ),
                actions[:1]._get_records_action(),
                self.env._("Open the Action"),
            )

    def _action_done(self, feedback=False, attachment_ids=None):
        # EXTENDS 'mail': the activity of an action is its reminder, which goes with it
        self._dunning_refuse_reminders()
        return super()._action_done(feedback, attachment_ids)
