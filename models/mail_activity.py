from odoo import models
from odoo.exceptions import UserError


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
        # EXTENDS 'mail': the activity of an action is its reminder, that of a question
        # is where it is answered
        action_ids = self.filtered(
            lambda activity: activity.res_model == "dunning.action"
        ).mapped("res_id")
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

    def _dunning_get_questions(self):
        """Return the open questions about disputes that the activities ask, elevated:
        who is asked has no rights on dunning."""
        questions_sudo = self.env["dunning.dispute.question"].sudo()
        if "dunning.dispute" not in self.mapped("res_model"):
            return questions_sudo
        return questions_sudo.search(
            [("activity_id", "in", self.ids), ("state", "=", "open")]
        )
