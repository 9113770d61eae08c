from odoo import models
from odoo.exceptions import UserError

# Where it stands.
PLACE = {"res_id", "res_model", "res_model_id"}


class MailActivity(models.Model):
    """Activities by which people answer questions about disputes."""

    _inherit = "mail.activity"

    # ------------------------------------------------------------------
    # CRUD METHODS
    # ------------------------------------------------------------------

    def write(self, vals):
        # EXTENDS 'mail': a question goes with its activity to somebody else
        if "user_id" in vals and not self.env.su:
            self._dunning_check_handed_on(vals["user_id"])
        if not (self.env.su or PLACE.isdisjoint(vals)):
            self._dunning_check_moved()
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

    def _dunning_check_handed_on(self, user_id):
        """Refuse that who is asked has somebody else asked, who would read the dispute
        in their place, and anybody that who could not answer is.

        :raise UserError: saying what to do instead
        """
        # Who is asked has no rights on dunning.
        questions_sudo = self._dunning_get_questions()
        moved_sudo = questions_sudo.filtered(lambda own: own.user_id.id != user_id)
        disputes = moved_sudo.dispute_id.sudo(False)
        if disputes and not disputes.has_access("write"):
            raise UserError(
                self.env._(
                    "A collector gives the question to somebody else: answer it, and "
                    "say who knows."
                )
            )
        for dispute in disputes:
            dispute._check_asked(self.env["res.users"].browse(user_id or ()))

    def _dunning_check_moved(self):
        """Refuse to have a question answered anywhere else than on its dispute, where
        the answer is waited for.

        :raise UserError: saying so
        """
        if self._dunning_get_questions():
            raise UserError(
                self.env._("It asks about its dispute: ask anew about another one.")
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
