from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL, clean_context


class DunningAction(models.Model):
    """What the ✓ of lists and forms does: a call asks how it ended, anything else that
    a person does is recorded, and can be taken back for a moment.

    What is done is never changed: taken back, it stays in the history, and the same
    is planned again for today.
    """

    _inherit = "dunning.action"

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_finish(self) -> dict:
        """Finish an action: ask for the outcome of a call, carry out everything else.

        :return: client action that asks, or says what was done and offers to take it
            back
        :raise UserError: the action cannot be carried out any more
        """
        self.ensure_one()
        self.check_access("write")
        if self.channel != "call":
            return self._offer_undo(self.action_execute())
        self._check_callable()
        return {
            "type": "ir.actions.client",
            "tag": "account_dunning.call_outcome",
            "params": {
                "id": self.id,
                "name": self.partner_id.display_name,
                "phone": self.contact_phone,
                "amount": self.amount_by_currency,
            },
        }

    def action_plan_call(self):
        """Open a new call to the customer of the action."""
        self.ensure_one()
        self.check_access("read")
        partner = self.partner_id.with_company(self.company_id)
        return partner.action_dunning_plan_call()

    def action_take_back(self):
        """Plan again for today what the user has recorded as done by mistake.

        :return: client action that says so and shows the list anew
        :raise UserError: nothing of it was done today by the user, or it was taken back
        """
        self.check_access("write")
        mistaken = self.filtered(lambda action: action._can_be_taken_back())
        if not mistaken:
            raise UserError(
                self.env._(
                    "Only what you have recorded as done today can be taken back, once."
                )
            )
        mistaken._reserve_undoing()
        for action in mistaken:
            action._plan_anew()
            text = self.env._("Undone: %s", action.title)
            customer = action.partner_id._dunning_discreetly(action.company_id)
            customer._message_log(body=text)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("%s to do again", len(mistaken)),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def action_open_correction(self) -> dict:
        """Open what was planned anew because the action was undone."""
        self.ensure_one()
        self.check_access("read")
        return self.correction_ids._get_records_action()

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _can_be_taken_back(self):
        """Return whether the user has just recorded the action, of which nothing has
        left the house."""
        self.ensure_one()
        own = self.done_user_id == self.env.user
        today = self.date_done == self.company_id._dunning_today()
        left = self.mail_id or self.sent_message_id or self.letter_id
        return (
            self.state == "done"
            and own
            and today
            and not left
            and not self._is_redone()
        )

    def _is_redone(self):
        """Return whether the same was planned again because it was undone."""
        self.ensure_one()
        return bool(self.correction_ids)

    def _reserve_undoing(self):
        """Let nobody else undo the same in the meantime: what is undone does not change
        by itself, and whoever clicked twice would have it planned twice. Who comes
        later waits, and the database has them try again on what is true then."""
        ids = sorted(self.ids)
        query = SQL("UPDATE dunning_action SET id = id WHERE id = ANY(%s)", ids)
        # What is expected is no error for the log.
        self.env.cr.execute(query, log_exceptions=False)

    def _plan_anew(self):
        """Plan for today what was recorded by mistake, with all that belongs to it.

        :return: the new action
        """
        self.ensure_one()
        values = {
            "channel": self.channel,
            "attempts": self.attempts,
            "corrects_id": self.id,
            # Its script and its fallbacks; its items have been brought to the level.
            "level_id": self.level_id.id,
            "scenario_id": self.scenario_id.id,
            "planned_note": self.planned_note,
        }
        if self.channel != "call":
            values["call_id"] = False
        if self.kind == "follow_up":
            values["kind"] = self.kind
        again = self._plan_next(self.company_id._dunning_today(), self.note, **values)
        # Lines are written by the engine alone.
        again.sudo()._refresh(any_day=True, complete=True)
        return again

    def _offer_undo(self, notification):
        """Return a notification that offers to take back what was recorded."""
        recorded = self.filtered(lambda action: action._can_be_taken_back())
        if not recorded:
            return notification
        params = notification["params"] | {
            "undo": {"method": "action_take_back", "ids": recorded.ids}
        }
        return notification | {"tag": "account_dunning.notify", "params": params}

    def _finish(self):
        """Carry out many actions: what the system sends, what is printed, what is
        recorded as done.

        :return: client action that says what became of them, offers to take back what
            was recorded, and downloads the letters
        """
        actions = self.with_context(clean_context(self.env.context))
        result = actions._offer_undo(actions.action_execute())
        letters = actions.filtered(lambda action: action._is_printed())
        if letters:
            result["params"]["next"] = letters._get_print_action()
        return result

    def _is_printed(self):
        """Return whether the letter of what is done is there to be posted by hand."""
        self.ensure_one()
        return self.state == "done" and self.is_letter and not self._is_sendable()
