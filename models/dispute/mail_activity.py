from odoo import models
from odoo.exceptions import RedirectWarning, UserError

from ..action.dunning_action import OPEN_STATES


class MailActivity(models.Model):
    """Activities by which people do what dunning asks of them: actions, and answers to
    questions about disputes."""

    _inherit = "mail.activity"

    # ------------------------------------------------------------------
    # CRUD METHODS
    # ------------------------------------------------------------------

    def write(self, vals):
        # EXTENDS 'mail': a question goes with its activity to somebody else
        result = super().write(vals)
        changed = {
            name: vals[name] for name in ("user_id", "date_deadline") if vals.get(name)
        }
        if changed:
            self._dunning_get_questions().write(changed)
        return result

    def unlink(self):
        # EXTENDS 'mail': who deletes the activity need not answer any more
        questions_sudo = self._dunning_get_questions()
        result = super().unlink()
        questions_sudo._cancel()
        return result

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _to_store_defaults(self, target):
        # EXTENDS 'mail': the screen shows this name of an activity without summary
        return [*super()._to_store_defaults(target), "display_name"]

    def _action_done(self, feedback=False, attachment_ids=None):
        # EXTENDS 'mail': the activity of an action is its reminder, which goes with it;
        # that of a question is where it is answered
        self._dunning_refuse_reminders()
        questions_sudo = self._dunning_get_questions()
        if questions_sudo and not (feedback or "").strip():
            raise UserError(
                self.env._(
                    "Write your answer in the feedback: whoever settles the dispute "
                    "waits for it."
                )
            )
        result = super()._action_done(feedback, attachment_ids)
        questions_sudo._answer(feedback)
        return result

    def _dunning_get_company(self):
        """Return the company to whose reminder a customer has answered."""
        self.ensure_one()
        sent = self.env["dunning.action"].search(
            [
                ("partner_id", "=", self.res_id),
                ("user_id", "=", self.user_id.id),
                ("state", "=", "done"),
            ],
            order="date_done desc, id desc",
            limit=1,
        )
        return sent.company_id or self.user_id.company_id

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

    def _dunning_get_questions(self):
        """Return the open questions about disputes that the activities ask, elevated:
        who is asked has no rights on dunning."""
        questions_sudo = self.env["dunning.dispute.question"].sudo()
        if "dunning.dispute" not in self.mapped("res_model"):
            return questions_sudo
        return questions_sudo.search(
            [("activity_id", "in", self.ids), ("state", "=", "open")]
        )
