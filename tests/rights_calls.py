from odoo.tools import SQL


class RightsCalls:
    """With what public methods are called, so that only rights can refuse them."""

    def _get_action_arguments(self, method, kind):
        needed = {
            "action_print": {"channel": "letter"},
            "action_use_fallback": {"state": "failed"},
            "action_approve": {"state": "to_validate"},
            "action_validate": {"state": "to_validate"},
        }
        # What only the system sets.
        action_sudo = self.action.sudo()
        action_sudo.write({"state": "todo"} | needed.get(method, {}))
        if method == "action_withdraw_approval":
            action_sudo.level_id.execution = "validate"
        self.env.flush_all()
        match method:
            case "action_open_outcome":
                return [self.call.ids, "cash"]
            case "action_take_back":
                return [self._make_recorded_task(self.users[kind]).ids]
            case "action_undo_call":
                return [self._make_done_call(self.users[kind]).ids]
            case "action_print_again":
                return [self._get_printed_action().ids]
            case "action_send_again":
                return [self._get_returned_action().ids]
            case "action_postpone":
                return [self.action.ids, "2030-01-01", "On request"]
            case "action_skip":
                return [self.action.ids, "On request"]
            case "refresh_waiting":
                return [[]]
        return [self.action.ids]

    def _get_dispute_arguments(self, method):
        match method:
            case "action_ask":
                return [self.dispute.ids, False, "Why?", self.users["manager"].id]
            case "action_prepare_credit_notes":
                return [self.accepted_dispute.ids]
            case "action_reopen":
                return [self.closed_dispute.ids]
        return [self.dispute.ids]

    def _get_promise_arguments(self, method):
        # What only the system sets.
        promise_sudo = self.promise.sudo()
        match method:
            case "action_reopen":
                return [self.withdrawn_promise.ids]
            case "action_approve" | "action_refuse":
                promise_sudo.write({"approval": "waiting"})
            case "action_send_confirmation":
                promise_sudo.write({"approval": False})
        return [self.promise.ids, *["Too long"][: method == "action_refuse"]]

    def _make_done_call(self, user):
        """Return a call that the user has made today; nobody can write that."""
        self.env.cr.execute(
            SQL(
                "UPDATE dunning_action SET outcome = 'cash', done_user_id = %s"
                " WHERE id = %s",
                user.id,
                self.done_action.id,
            )
        )
        self.env.invalidate_all(flush=False)
        return self.done_action

    def _make_recorded_task(self, user):
        """Return a task that the user has recorded as done today."""
        task = self.env["dunning.action"].create(
            {"partner_id": self.customer.id, "channel": "task"}
        )
        # What only the system sets.
        task.sudo().write(
            {"state": "done", "done_user_id": user.id, "date_done": self.today}
        )
        self.env.flush_all()
        return task

    def _plan_mail_of(self, company):
        """Have another company plan an e-mail to the customer."""
        # What only the system sets.
        actions_sudo = self.env["dunning.action"].sudo()
        actions_sudo.create(
            {
                "partner_id": self.customer.id,
                "company_id": company.id,
                "channel": "email",
                "level_id": self.scenario.level_ids[0].id,
            }
        )
        self.env.flush_all()

    def _plan_statement_of(self, company):
        """Have another company prepare a statement of account for the customer."""
        # What only the system sets.
        actions_sudo = self.env["dunning.action"].sudo()
        actions_sudo.create(
            {
                "partner_id": self.customer.id,
                "company_id": company.id,
                "kind": "notice",
                "notice": "statement",
                "channel": "email",
            }
        )
        self.env.flush_all()

    def _get_printed_action(self):
        letter = self.env["ir.attachment"].create({"name": "Letter"})
        # What is done cannot be changed otherwise.
        self.env.cr.execute(
            "UPDATE dunning_action SET letter_id = %s WHERE id = %s",
            [letter.id, self.done_action.id],
        )
        self.done_action.invalidate_recordset()
        return self.done_action

    def _get_returned_action(self):
        # What is done cannot be changed otherwise.
        self.env.cr.execute(
            "UPDATE dunning_action SET channel = 'registered', returned = 'unknown'"
            " WHERE id = %s",
            [self.done_action.id],
        )
        self.done_action.invalidate_recordset()
        return self.done_action
