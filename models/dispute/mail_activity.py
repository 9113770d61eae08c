from odoo import models
from odoo.exceptions import UserError

# What whoever hands a question on says.
HANDED_ON = {"user_id", "date_deadline", "summary", "note"}


class MailActivity(models.Model):
    """Activities by which people answer questions about disputes."""

    _inherit = "mail.activity"

    # ------------------------------------------------------------------
    # CRUD METHODS
    # ------------------------------------------------------------------

    def write(self, vals):
        # EXTENDS 'mail': a question goes with its activity to somebody else
        if self._dunning_are_handed_on(vals):
            self.check_access("write")
            # To have somebody follow the dispute takes rights on it, which those who
            # are asked have not.
            activities_sudo = self.sudo()
            result = super(MailActivity, activities_sudo).write(vals)
        else:
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

    def _action_done(self, feedback=False, attachment_ids=None):
        # EXTENDS 'mail': that of a question is where it is answered
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

    def _dunning_are_handed_on(self, vals):
        """Return whether all of them ask questions that go to somebody else."""
        if "user_id" not in vals or not vals.keys() <= HANDED_ON:
            return False
        return self == self._dunning_get_questions().activity_id.sudo(self.env.su)

    def _dunning_get_questions(self):
        """Return the open questions about disputes that the activities ask, elevated:
        who is asked has no rights on dunning."""
        questions_sudo = self.env["dunning.dispute.question"].sudo()
        if "dunning.dispute" not in self.mapped("res_model"):
            return questions_sudo
        return questions_sudo.search(
            [("activity_id", "in", self.ids), ("state", "=", "open")]
        )
