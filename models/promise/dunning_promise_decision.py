from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import plaintext2html

from ...tools.promises import MISSED
from ..base.dunning_entered import accepts

APPROVALS = [
    ("waiting", "Waits for Approval"),
    ("approved", "Approved"),
    ("refused", "Not Approved"),
]
ACTIVITY_APPROVAL = "account_dunning.activity_type_promise_approval"
ACTIVITY_REFUSED = "mail.mail_activity_data_todo"
MANAGER = "account_dunning.group_dunning_manager"


class DunningPromise(models.Model):
    """What people decide about promises: approval, withdrawal, renegotiation."""

    _inherit = "dunning.promise"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    approval = fields.Selection(
        APPROVALS,
        readonly=True,
        copy=False,
        help="Empty, it needs none. One that waits keeps nothing out of dunning.",
    )

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    @accepts(reason="string")
    def action_withdraw(self, reason: str = None):
        """Close promises before their end: their items are dunned again.

        :param reason: why, kept in their history
        :return: True
        :raise UserError: a promise does not run any more
        """
        self.check_access("write")
        self._check_running()
        # Users may not write what was decided themselves.
        promises_sudo = self.sudo()
        promises_sudo._decide("withdrawn", decision_reason=reason)
        promises_sudo._settle()
        return True

    def action_reopen(self):
        """Let promises that were withdrawn today go on.

        :return: True
        :raise UserError: it was another day, or something else was promised since
        """
        self.check_access("write")
        for promise in self:
            promise._check_reopened()
            promise._reserve_items()
            # Users may not write what was decided themselves.
            promise_sudo = promise.sudo()
            promise_sudo._undecide()
            promise._check_amounts(promise)
            promise_sudo._settle()
            if promise._is_waiting() and promise.state == "open":
                promise_sudo._schedule_approval()
        return True

    def action_approve(self):
        """Let promises above the limits of their company take effect.

        :return: True
        :raise AccessError: the user is no credit manager
        :raise UserError: a promise does not wait for approval, or its day has passed
        """
        self._check_approver()
        self._reserve_items()
        for promise in self:
            # Users may not write the decision themselves.
            promise_sudo = promise.sudo()
            promise_sudo.activity_unlink([ACTIVITY_APPROVAL])
            promise_sudo._take_effect()
            promise._check_not_missed()
        self._message_log_batch(
            bodies=dict.fromkeys(self.ids, self.env._("Promise approved"))
        )
        return True

    @accepts(reason="string")
    def action_refuse(self, reason: str):
        """Close promises above the limits of their company.

        :param reason: why, kept in their history
        :return: True
        :raise AccessError: the user is no credit manager
        :raise UserError: no reason, or a promise does not wait for approval
        """
        self._check_approver()
        if not (reason or "").strip():
            raise UserError(self.env._("Say why: the reason is kept in the history."))
        # Users may not write the decision themselves.
        promises_sudo = self.sudo()
        promises_sudo.write({"approval": "refused"})
        promises_sudo._decide("withdrawn", decision_reason=reason)
        promises_sudo._settle()
        promises_sudo._tell_refusal()
        return True

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _decide(self, decision: str, **values: object) -> None:
        """Close promises: what is still open of them is of no effect any more.

        :param decision: ``withdrawn`` or ``renegotiated``
        """
        if not self:
            return
        sources = self._get_linked()._get_settled().sources
        for promise in self:
            promise.absorbed = sources.get(promise.id, {})
        for company, promises in self.grouped("company_id").items():
            promises.line_ids.filtered(lambda x: x.state == "open").state = decision
            promises.write(
                {
                    "decision": decision,
                    "date_decision": company._dunning_today(),
                    "decision_user_id": self.env.user._dunning_get_staff().id,
                    "date_ahead": False,
                    **values,
                }
            )
        self.activity_unlink([ACTIVITY_APPROVAL])
        # A promise that is refused has been withdrawn by nobody.
        field = "approval" if "refused" in self.mapped("approval") else "decision"
        labels = dict(self._fields[field]._description_selection(self.env))
        text = labels["refused" if field == "approval" else decision]
        if values.get("decision_reason"):
            reason = values["decision_reason"]
            text = self.env._("%(what)s: %(details)s", what=text, details=reason)
        self._message_log_batch(bodies=dict.fromkeys(self.ids, text))

    def _tell_refusal(self):
        """Put promises that were refused among the activities of who looks after them,
        unless these have refused themselves."""
        for promise, user in self._get_collectors().items():
            if user and user != self.env.user:
                # Collectors are not mailed about each promise: they have their agenda.
                told = promise.with_context(
                    lang=user.lang, mail_activity_quick_update=True
                )
                told.activity_schedule(
                    ACTIVITY_REFUSED,
                    date_deadline=promise.company_id._dunning_today(),
                    summary=told.env._("Promise refused: agree on another one"),
                    note=plaintext2html(promise.decision_reason),
                    user_id=user.id,
                )

    def _close_refusals(self):
        """Have it done to agree on another promise than one that was refused: these are
        agreed upon about the same items."""
        # It may be another collector's to do.
        refused_sudo = self.sudo().search(
            [
                ("partner_id", "in", self.partner_id.ids),
                ("company_id", "in", self.company_id.ids),
                ("move_line_ids", "in", self.move_line_ids.ids),
                ("approval", "=", "refused"),
                ("activity_ids", "!=", False),
            ]
        )
        refused_sudo.activity_feedback(
            [ACTIVITY_REFUSED], feedback=self.env._("Another one is agreed upon")
        )

    def _undecide(self):
        """Let promises go on that were closed."""
        self.line_ids.filtered(
            lambda x: x.state == x.promise_id.decision
        ).state = "open"
        self.write(
            {
                "decision": False,
                "date_decision": False,
                "decision_user_id": False,
                "decision_reason": False,
                "absorbed": False,
                "renegotiated_by_id": False,
                "state": "open",
            }
        )

    def _is_waiting(self):
        # EXTENDS 'dunning.withholding'
        return self.approval == "waiting"

    # ------------------------------------------------------------------
    # BUSINESS METHODS - APPROVAL
    # ------------------------------------------------------------------

    def _ask_approval(self):
        """Ask for the approval of new promises that need one.

        :return: those that do
        """
        asked = self.filtered(lambda promise: promise._needs_approval())
        asked.approval = "waiting"
        asked._schedule_approval()
        return asked

    def _schedule_approval(self):
        """Put promises among the activities of who approves them."""
        for company, promises in self.grouped("company_id").items():
            approver = company.dunning_promise_approver_id
            if approver:
                asked = promises.with_context(lang=approver.lang)
                asked.activity_schedule(ACTIVITY_APPROVAL, user_id=approver.id)

    def _follow_approval(self, before):
        """Ask no more for the approval of promises that have ended, and again when
        they come back.

        :param before: state in which they were
        """
        waiting = self.filtered(lambda p: p._is_waiting() and not p.decision)
        waiting.filtered(lambda p: p.state != "open").activity_unlink(
            [ACTIVITY_APPROVAL]
        )
        if before == "void":
            waiting.filtered(lambda p: p.state == "open")._schedule_approval()

    @api.model
    def _would_need_approval(self, company, currency, instalments) -> bool:
        """Return whether somebody else would have to approve what the user is about to
        promise.

        :param instalments: list of dates and amounts, in that currency; those without
            a date are not known yet
        """
        lines = [
            Command.create({"date": day, "amount": amount})
            for day, amount in instalments
            if day
        ]
        draft = self.new(
            {"company_id": company.id, "currency_id": currency.id, "line_ids": lines}
        )
        return draft._needs_approval()

    def _needs_approval(self):
        """Return whether somebody else has to approve what the user promises."""
        return self._is_above_limits() and not self.env.user.has_group(MANAGER)

    def _is_above_limits(self) -> bool:
        """Return whether the promise is above what the company lets pass."""
        company = self.company_id
        today = company._dunning_today()
        days, limit = (
            company.dunning_promise_max_days,
            company.dunning_promise_max_amount,
        )
        amount = self.currency_id._convert(
            self.amount, company.currency_id, company, today
        )
        too_long = days and self.date_last and (self.date_last - today).days > days
        too_much = limit and company.currency_id.compare_amounts(amount, limit) > 0
        return bool(too_long or too_much)

    # ------------------------------------------------------------------
    # BUSINESS METHODS - CHECKS
    # ------------------------------------------------------------------

    def _check_running(self):
        """Refuse promises that are over.

        :raise UserError: naming one
        """
        over = self.filtered(lambda promise: promise.state != "open")[:1]
        if over:
            raise UserError(
                self.env._("“%s” does not run any more.", over.display_name)
            )

    def _check_reopened(self):
        """Refuse to let a promise go on that was not withdrawn just now.

        :raise UserError: saying why
        """
        self.ensure_one()
        today = self.company_id._dunning_today()
        if self.state != "withdrawn" or self.date_decision != today:
            raise UserError(
                self.env._("Only promises that were withdrawn today can go on.")
            )
        if self.approval == "refused":
            raise UserError(self.env._("This promise was refused: make a new one."))
        newer = [("id", ">", self.id), ("move_line_ids", "in", self.move_line_ids.ids)]
        # Whether there is one does not depend on who looks.
        if self.sudo().search_count(newer, limit=1):
            raise UserError(
                self.env._("Something else was promised on these items since.")
            )

    def _check_not_missed(self):
        """Refuse to approve what would be broken at once.

        :raise UserError: saying what to do instead
        """
        self.ensure_one()
        if self.line_ids.filtered(lambda line: line.state in MISSED):
            raise UserError(
                self.env._(
                    "The day of “%s” has passed without the payment: refuse it, and "
                    "make a new promise.",
                    self.display_name,
                )
            )

    def _check_approver(self):
        """Refuse to decide on promises.

        :raise AccessError: the user is no credit manager
        :raise UserError: a promise does not wait
        """
        self.check_access("write")
        if not self.env.su and not self.env.user.has_group(MANAGER):
            raise AccessError(self.env._("Only credit managers approve promises."))
        if self.filtered(lambda p: p.approval != "waiting" or p.state != "open"):
            raise UserError(
                self.env._("This promise does not wait for approval any more.")
            )
