from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date


class DunningAction(models.Model):
    """Approving from the screens: what happens then is said, and can be taken back as
    long as nothing has left."""

    _inherit = "dunning.action"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    approved_text = fields.Char(
        compute="_compute_approved_text",
        help="What becomes of an action that was validated and has not left.",
    )

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    def _compute_approved_text(self):
        self.approved_text = False
        approved = self.filtered(
            lambda action: action.kind != "notice" and action._is_approved()
        )
        days = approved._get_departure_days()
        for action in approved:
            action.approved_text = action._tell_departure(days[action])

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_approve(self):
        """Validate actions, say when they go, and offer to take it back.

        :return: client action that says so
        :raise UserError: an action does not wait for approval
        """
        self.action_validate()
        return self._tell_approved()

    def action_withdraw_approval(self):
        """Have actions wait for their approval again, where they have not left.

        :return: client action that says so and shows the screen anew
        :raise UserError: all of them have left, or none was approved
        """
        self.check_access("write")
        # Users may not write the state themselves.
        actions_sudo = self.sudo()
        actions_sudo._lock_or_refuse()
        actions_sudo.invalidate_recordset(["state"])
        kept_sudo = actions_sudo.filtered(lambda action: action._is_approved())
        if not kept_sudo:
            raise UserError(
                self.env._("It is too late: what was validated has left or was done.")
            )
        kept_sudo.write({"state": "to_validate", "execution": "validate"})
        kept_sudo._drop_reminders()
        kept_sudo._log_decision(self.env._("Approval taken back"))
        left = len(self) - len(kept_sudo)
        texts = [self.env._("%s to validate again", len(kept_sudo))]
        if left:
            texts.append(self.env._("%s had left already", left))
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning" if left else "success",
                "message": ", ".join(texts),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _is_approved(self):
        """Return whether the action was approved and waits to be carried out."""
        self.ensure_one()
        asked = self.level_id.execution == "validate" or bool(self.custom_basis)
        # What was planned by hand has a text of a level, and was not asked for.
        by_hand = self.kind == "manual" and self.execution == "manual"
        is_asked = asked and not by_hand or self.kind == "notice"
        return self.state == "todo" and is_asked

    def _tell_approved(self):
        """Return the notification that says what was validated and when it goes."""
        days = self._get_departure_days()
        if len(self) == 1:
            texts = [self._tell_departure(days[self])]
        else:
            texts = [
                text % {"count": len(actions)}
                for text, actions in self.grouped(
                    lambda x: x._get_approved_text(days[x])
                ).items()
            ]
        # The screen goes on to the next: say of which.
        name = (
            self.display_name
            if len(self) == 1
            else self.env._("%s validated", len(self))
        )
        message = self.env._(
            "%(what)s: %(details)s", what=name, details=", ".join(texts)
        )
        return {
            "type": "ir.actions.client",
            "tag": "account_dunning.notify",
            "params": {
                "type": "success",
                "message": message,
                "undo": {"method": "action_withdraw_approval", "ids": self.ids},
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _tell_departure(self, day):
        """Return what becomes of this action alone.

        :param day: on which the system sends it
        """
        return self._get_detour_text() or self._get_approved_text(day).partition(" ")[2]

    def _get_departure_days(self) -> dict:
        """Return the day on which the system sends each action, unless a person does
        so before: it works when the company does."""
        days = self.grouped(
            lambda action: (action.company_id, action._get_judged_day())
        )
        return {
            action: day
            for (company, soonest), actions in days.items()
            for day in [company._dunning_get_working_day(soonest)]
            for action in actions
        }

    def _get_approved_text(self, day):
        """Return what becomes of the action now that it is approved.

        :param day: on which the system sends it
        """
        self.ensure_one()
        if self._is_sendable():
            if day == self.company_id._dunning_today():
                return self.env._("%(count)s leaving within a few minutes")
            day = format_date(self.env, day)
            return self.env._("%(count)s leaving on {day}").replace("{day}", day)
        if self.is_letter:
            return self.env._("%(count)s to be printed")
        return self.env._("%(count)s in the agenda")

    def _get_detour_text(self):
        """Return how the action goes otherwise than planned, or why it cannot go."""
        if not self._is_sendable() or not self._has_texts():
            return False
        channel, missing = self._find_way()
        if not channel:
            return missing
        if channel == self.channel:
            return False
        channels = dict(self._fields["channel"]._description_selection(self.env))
        return self.env._("takes another way (%s)", channels[channel])
