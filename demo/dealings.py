"""Promises and disputes in the played past: made by the dialogs that people use, and
dealt with by their buttons, each on its day."""

from .agreements import (
    DEPARTMENTS,
    DISPUTES,
    MAX_AMOUNT,
    MAX_DAYS,
    PROMISES,
    REMINDER_DAYS,
    WITHDRAWAL,
)


class Dealings:
    """What customers promise and contest.

    :param history: the past of the companies, as it is played
    """

    def __init__(self, history):
        self.history = history
        self.build = history.build

    def set_up(self):
        """Say what the company lets pass, and who answers for the departments."""
        users = self.build.users
        self.build.companies["main"].write(
            {
                "dunning_promise_max_days": MAX_DAYS,
                "dunning_promise_max_amount": MAX_AMOUNT,
                "dunning_promise_approver_id": users["manager"].id,
                "dunning_promise_reminder_days": REMINDER_DAYS,
            }
        )
        for xmlid, login in DEPARTMENTS.items():
            self.history.ref(xmlid).user_id = users[login]

    def deal(self, day):
        """Do what was done on a day."""
        for promise in PROMISES:
            if self.history.is_day(day, promise.day):
                self.build.promises[promise.name] = self._promise(promise)
            if self.history.is_day(day, promise.approved):
                self._get(self.build.promises, promise, "manager").action_approve()
            if self.history.is_day(day, promise.withdrawn):
                made = self._get(self.build.promises, promise, "collector")
                made.action_withdraw(WITHDRAWAL)
        for dispute in DISPUTES:
            if self.history.is_day(day, dispute.day):
                self.build.disputes[dispute.name] = self._dispute(dispute)
            for planned, name, *values in dispute.steps:
                if self.history.is_day(day, planned):
                    self._step(dispute, name, *values)

    # -- dialogs ----------------------------------------------------------------------

    def _promise(self, promise):
        return self._fill_in(
            "dunning.promise.dialog",
            promise,
            {
                "date": self.history.date(promise.pays),
                "count": promise.count,
                "interval": promise.interval,
                "promised_by": promise.by,
                "means": promise.means,
                "note": promise.note,
            },
        )

    def _dispute(self, dispute):
        return self._fill_in(
            "dunning.dispute.dialog", dispute, {"description": dispute.description}
        )

    def _fill_in(self, dialog, planned, values):
        """Fill in a dialog opened from the invoices, and apply it."""
        if planned.amount:
            values["amount"] = planned.amount
        dialogs = self.history.as_user("collector", self.build.companies["main"])[
            dialog
        ]
        moves = [self.build.moves[key].id for key in planned.invoices]
        opened = dialogs.with_context(active_model="account.move", active_ids=moves)
        action = opened.create(
            {"reason_id": self.history.ref(planned.reason).id, **values}
        ).action_apply()
        return self.build.env[action["res_model"]].browse(action["res_id"])

    def _get(self, records, planned, login):
        """What was made before, as a user sees it."""
        env = self.history.as_user(login, self.build.companies["main"])
        return records[planned.name].with_env(env)

    # -- what is done about disputes --------------------------------------------------

    def _step(self, dispute, name, *values):
        """Do something about a dispute."""
        made = self._get(self.build.disputes, dispute, "collector")
        if name in ("ask", "answer"):
            getattr(self, f"_{name}")(made, *values)
        else:
            getattr(made, f"action_{name}")(*values)

    def _ask(self, dispute, question, deadline):
        """Ask the department of the reason."""
        dialogs = dispute.env["dunning.dispute.ask"]
        dialogs.with_context(active_id=dispute.id).create(
            {"question": question, "date_deadline": self.history.date(deadline)}
        ).action_apply()

    def _answer(self, dispute, login, answer):
        """Answer as somebody of the department, who has no rights on dunning."""
        env = self.history.as_user(login, dispute.company_id)
        activity = dispute.question_ids.activity_id
        activity.with_env(env).action_feedback(feedback=answer)
