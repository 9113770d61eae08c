from itertools import chain

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..action.dunning_action import OPEN_STATES

NOTICES = [
    ("confirmation", "Confirmation of a Promise"),
    ("promise_reminder", "Reminder of a Promised Payment"),
    ("refusal", "Refusal of a Dispute"),
]
# A notice has much to say and must arrive as it is.
NOTICE_CHANNELS = ("email", "letter", "registered")
# One may take the place of the other.
FALLBACKS = ("email", "letter")


class DunningAction(models.Model):
    """Notices: what is written to the customer about a promise or a dispute.

    How it works: a notice claims nothing and lists no items, so the plan knows nothing
    of it: it is no contact between which gaps are kept, reaches no level, holds nothing
    and waits for nothing. Everything else is that of any action. What it says stands
    only as long as the promise or dispute does (:meth:`_get_notice_problem`); one
    that has become pointless is cancelled and does not come back: another one is
    made when it is needed again.
    """

    _inherit = "dunning.action"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    notice = fields.Selection(NOTICES, readonly=True)
    promise_id = fields.Many2one(
        "dunning.promise",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
    )
    promise_line_id = fields.Many2one(
        "dunning.promise.line",
        string="Promised Payment",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    dispute_id = fields.Many2one(
        "dunning.dispute",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
    )
    refusal_reason = fields.Text(
        string="Why It Is Refused", readonly=True, help="Told to the customer."
    )

    # === Constraints and indexes === #
    _one_open_confirmation = models.UniqueIndex(
        "(promise_id) WHERE notice = 'confirmation' "
        "AND state IN ('to_validate', 'todo', 'failed')",
        "A confirmation of this promise is waiting already.",
    )
    _one_open_refusal = models.UniqueIndex(
        "(dispute_id) WHERE notice = 'refusal' "
        "AND state IN ('to_validate', 'todo', 'failed')",
        "A refusal of this dispute is waiting already.",
    )
    _one_promise_reminder = models.UniqueIndex(
        "(promise_line_id) WHERE notice = 'promise_reminder' "
        "AND (state != 'cancelled' OR cancel_cause = 'skipped')",
        "The customer is reminded once of each promised payment.",
    )

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("notice")
    @api.depends_context("lang")
    def _compute_display_name(self):
        # EXTENDS 'account_dunning': which notice
        result = super()._compute_display_name()
        labels = self._get_notice_labels()
        notices = self.filtered("notice")
        for action in chain(*notices._by_rights_on_customer()):
            name = action.partner_id.display_name
            action.display_name = f"{name} – {labels[action.notice]}"
        return result

    @api.depends("notice")
    @api.depends_context("lang")
    def _compute_title(self):
        # EXTENDS 'account_dunning': which notice
        result = super()._compute_title()
        labels = self._get_notice_labels()
        for action in self.filtered("notice"):
            action.title = labels[action.notice]
        return result

    # ------------------------------------------------------------------
    # CONSTRAINT METHODS
    # ------------------------------------------------------------------

    @api.constrains("notice", "channel")
    def _check_notice_channel(self):
        for action in self.filtered("notice"):
            if action.channel not in NOTICE_CHANNELS:
                raise ValidationError(
                    self.env._(
                        "A notice goes out by e-mail, letter or registered letter: "
                        "choose one of these."
                    )
                )

    # ------------------------------------------------------------------
    # CRUD METHODS
    # ------------------------------------------------------------------

    def _get_editable_fields(self):
        # EXTENDS 'account_dunning': people choose how it goes out
        editable = super()._get_editable_fields()
        if self and all(action.notice for action in self):
            return editable | {"channel"}
        return editable

    # ------------------------------------------------------------------
    # BUSINESS METHODS - WHETHER IT STANDS
    # ------------------------------------------------------------------

    def _execute_batch(self, any_day):
        # EXTENDS 'account_dunning': judge by what is true now, days included
        for sources in (self.promise_id, self.dispute_id):
            if sources:
                sources._settle()
        return super()._execute_batch(any_day)

    @api.model
    def _get_judged_fields(self):
        # EXTENDS 'account_dunning'
        return [*super()._get_judged_fields(), "notice"]

    @api.model
    def _get_revivable_domain(self):
        # EXTENDS 'account_dunning': what was not said in time is not said any more
        return super()._get_revivable_domain() & fields.Domain("notice", "=", False)

    def _is_pointful(self, valid, steps):
        # EXTENDS 'account_dunning'
        if not self.notice:
            return super()._is_pointful(valid, steps)
        return self.state in OPEN_STATES and not self._get_notice_problem()

    def _is_listed(self, row):
        # EXTENDS 'account_dunning': notices claim nothing
        return not self.notice and super()._is_listed(row)

    def _cancel_for_ledger(self, rows):
        # EXTENDS 'account_dunning'
        if not self.notice:
            return super()._cancel_for_ledger(rows)
        if self.state in OPEN_STATES:
            self._cancel(self._get_notice_problem())
        return None

    def _get_notice_problem(self):
        """Return why what the notice says is not true, as a key of
        :meth:`dunning.item._get_reason_labels`, or None."""
        self.ensure_one()
        match self.notice:
            case "confirmation":
                return self._get_promise_problem()
            case "promise_reminder":
                return self._get_promise_problem() or self._get_reminder_problem()
            case "refusal":
                return self._get_refusal_problem()
        return None

    def _get_promise_problem(self):
        if self.promise_id.state != "open":
            return "promise_closed"
        return "promise_waiting" if self.promise_id._is_waiting() else None

    def _get_reminder_problem(self):
        line = self.promise_line_id
        if line.state != "open" or line.amount_left <= 0:
            return "promised_payment_settled"
        if line.date <= self.company_id._dunning_today():
            return "promised_day_come"
        return None

    def _get_refusal_problem(self):
        dispute = self.dispute_id
        if dispute.state != "rejected":
            return "dispute_not_rejected"
        if dispute.currency_id.is_zero(dispute.amount_open):
            return dispute._get_closing_cause()
        return None

    # ------------------------------------------------------------------
    # BUSINESS METHODS - WHEN AND HOW
    # ------------------------------------------------------------------

    def _refresh(self, any_day=False, complete=False, routine=False):
        # EXTENDS 'account_dunning': nothing goes out by itself on a day off
        ready = super()._refresh(any_day=any_day, complete=complete, routine=routine)
        if any_day:
            return ready
        return ready - ready.filtered("notice")._wait_for_working_day()

    def _wait_for_working_day(self):
        """Move what may not go out today by itself to the next working day.

        :return: the actions that wait
        """
        waiting = self.browse()
        automatic = self.filtered(lambda action: action.execution == "automatic")
        for company, actions in automatic.grouped("company_id").items():
            day = company._dunning_get_working_day()
            if day > company._dunning_today():
                early = actions.filtered(lambda action, day=day: action.date < day)
                early.write({"date": day})
                waiting |= actions
        return waiting

    def _get_channels(self):
        # EXTENDS 'account_dunning': what is registered is meant to be
        if not self.notice:
            return super()._get_channels()
        if self.channel == "registered":
            return ["registered"]
        tried = (self.channel, self.replaced_channel)
        return [self.channel, *(name for name in FALLBACKS if name not in tried)]

    def _get_last_resorts(self):
        # EXTENDS 'account_dunning'
        return () if self.notice else super()._get_last_resorts()

    def _send_at_once(self):
        """Send notices; letters that people post are printed.

        :return: action that says what became of them, and downloads the letters
        """
        letters = self.filtered(lambda n: n.is_letter and not n._is_sendable())
        others = self - letters
        result = others.action_execute() if others else None
        return letters.action_print() if letters else result

    def _get_activity_summary(self):
        # EXTENDS 'account_dunning': which notice
        return self.title if self.notice else super()._get_activity_summary()

    @api.model
    def _get_notice_labels(self):
        return dict(self._fields["notice"]._description_selection(self.env))


class DunningItem(models.Model):
    _inherit = "dunning.item"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    @api.model
    def _get_reason_labels(self):
        # EXTENDS 'account_dunning': why notices are cancelled
        return super()._get_reason_labels() | {
            "promise_closed": self.env._("The promise does not run any more"),
            "promise_waiting": self.env._("The promise waits for its approval"),
            "promised_payment_settled": self.env._(
                "Nothing of the promised payment is still to come"
            ),
            "promised_day_come": self.env._("The day of the payment has come"),
            "dispute_not_rejected": self.env._("The dispute is not rejected any more"),
        }
