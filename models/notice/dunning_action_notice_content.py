from odoo import api, fields, models
from odoo.tools import format_date

from ..text.dunning_action_content import Total

# What notices say besides the other merge fields.
NOTICE_FIELDS = ("refusal_block", "resume_text", "terms_block")


class DunningAction(models.Model):
    """What notices say: the same merge fields as other texts, filled from the promise
    or the dispute instead of the items, and some of their own.

    The figures (:meth:`_get_notice_details`) are those of the promise or dispute at
    that moment and, once the notice went out, those that it told.
    """

    _inherit = "dunning.action"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    notice_details = fields.Json(
        readonly=True, copy=False, help="Dates and amounts, as they were told."
    )
    terms_block = fields.Html(compute="_compute_notice_blocks", sanitize=False)
    refusal_block = fields.Html(compute="_compute_notice_blocks", sanitize=False)
    resume_text = fields.Char(
        compute="_compute_resume_text", help="From when on reminders count again."
    )

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("promise_id", "refusal_reason")
    @api.depends_context("lang", "dunning_paper")
    def _compute_notice_blocks(self):
        for action in self:
            action.terms_block = (
                action._render_content("terms") if action.promise_id else ""
            )
            action.refusal_block = (
                action._render_content("refusal") if action.refusal_reason else ""
            )

    @api.depends("dispute_id", "notice_details")
    @api.depends_context("lang")
    def _compute_resume_text(self):
        for action in self:
            refused = action.notice == "refusal"
            day = action._get_notice_details()["resume"] if refused else False
            action.resume_text = day and self._format_day(fields.Date.to_date(day))

    @api.depends("notice", "notice_details")
    @api.depends_context("lang")
    def _compute_dates(self):
        # EXTENDS 'account_dunning': the day of the payment
        result = super()._compute_dates()
        for action in self.filtered("notice"):
            payments = action._get_notice_details().get("payments", [])
            if len(payments) == 1:
                day = fields.Date.to_date(payments[0][0])
                action.deadline_text = self.env._(
                    "no later than %s", self._format_day(day)
                )
        return result

    @api.depends("notice", "notice_details")
    @api.depends_context("lang", "dunning_paper")
    def _compute_amounts(self):
        # EXTENDS 'account_dunning': the schedule, or what was contested
        result = super()._compute_amounts()
        for action in self.filtered("notice"):
            [total] = action._get_notice_totals()
            action.amount_text = self._format_amount(total.claimed, total.currency)
            action.items_table = action._render_notice_table()
        return result

    @api.depends("promise_id.means")
    def _compute_payment_block(self):
        # EXTENDS 'account_dunning': bank details are for transfers
        result = super()._compute_payment_block()
        for action in self.filtered("notice"):
            if action.promise_id.means not in (False, "transfer"):
                action.payment_block = ""
        return result

    # ------------------------------------------------------------------
    # BUSINESS METHODS - MERGE FIELDS
    # ------------------------------------------------------------------

    @api.model
    def mail_allowed_qweb_expressions(self):
        # EXTENDS 'account_dunning'
        return (
            *super().mail_allowed_qweb_expressions(),
            *(f"object.{name}" for name in NOTICE_FIELDS),
        )

    @api.model
    def _get_merge_fields(self):
        # EXTENDS 'account_dunning'
        return super()._get_merge_fields() | {
            "terms_block": self.env._("What follows when an instalment is missed"),
            "refusal_block": self.env._("Why a dispute is refused"),
            "resume_text": self.env._(
                "From when on reminders count after a dispute, in words"
            ),
        }

    def _is_plan(self):
        """Return whether several payments were agreed on."""
        self.ensure_one()
        return len(self.promise_id.line_ids) > 1

    def _is_plan_to_sign(self):
        """Return whether the customer signs the letter."""
        self.ensure_one()
        return self.notice == "confirmation" and self._is_plan()

    def _render_notice_table(self):
        self.ensure_one()
        details = self._get_notice_details()
        if self.notice == "refusal":
            return self._render_content("contested", **self._prepare_contested(details))
        return self._render_content("schedule", **self._prepare_schedule(details))

    def _prepare_schedule(self, details):
        """Return what the table of a promise shows."""
        payments = [
            (fields.Date.to_date(day), amount) for day, amount in details["payments"]
        ]
        lines = self._get_promised_lines()
        return {
            "payments": payments,
            "total": sum(amount for _day, amount in payments),
            "currency": self.promise_id.currency_id,
            "means": dict(self._get_means()).get(self.promise_id.means),
            "numbers": self._get_content_numbers(),
            # Of a plan: which of its instalments the reminder is about.
            "place": [*lines].index(self.promise_line_id) + 1
            if self.promise_line_id and self._is_plan()
            else 0,
            "count": len(lines),
        }

    def _prepare_acceptance(self):
        """Return what the place to sign says of the plan."""
        payments = self._get_notice_details()["payments"]
        return {
            "count": len(payments),
            "last_day": self._format_short_day(payments[-1][0]),
        }

    def _prepare_contested(self, details):
        """Return what the table of a refusal shows."""
        balances = dict(details["items"])
        return {
            "currency": self.dispute_id.currency_id,
            "contested": self.dispute_id.amount,
            "due": details["amount"],
            "items": [
                {
                    "number": line._get_dunning_number(),
                    "invoice_date": line.move_id.invoice_date,
                    "ref": line.move_id.ref,
                    "date_due": line.date_maturity or line.date,
                    "balance": balances.get(line.id, 0),
                }
                for line in self._get_notice_items()
            ],
        }

    def _get_history_text(self):
        # EXTENDS 'account_dunning': what was told
        text = super()._get_history_text()
        if not self.notice:
            return text
        [total] = self._get_notice_totals()
        amount = self._format_amount(total.claimed, total.currency)
        payments = self._get_notice_details().get("payments")
        if payments:
            day = format_date(self.env, payments[-1][0])
            amount = self.env._("%(amount)s by %(day)s", amount=amount, day=day)
        return f"{amount} – {text}" if text else amount

    # ------------------------------------------------------------------
    # BUSINESS METHODS - FIGURES
    # ------------------------------------------------------------------

    def _get_notice_details(self):
        """Return the dates and amounts of the notice: now, or when it went out."""
        self.ensure_one()
        if self.state == "done":
            return self.notice_details
        return self._read_notice_details()

    def _read_notice_details(self):
        """Return the dates and amounts of the promise or dispute.

        :return: of a promise, dict of ``payments`` (lists of date and amount); of a
            dispute, dict of ``items`` (lists of id and balance), ``amount`` that is due
            again and the day on which dunning ``resume``s
        """
        match self.notice:
            case "confirmation":
                payments = [
                    (line, line.currency_id.round(line.amount - line.amount_credited))
                    for line in self._get_promised_lines()
                ]
            case "promise_reminder":
                line = self.promise_line_id
                payments = [(line, line.amount_left)]
            case _:
                return self._get_refusal_details()
        return {
            "payments": [
                [fields.Date.to_string(line.date), amount]
                for line, amount in payments
                if amount > 0
            ]
        }

    def _get_promised_lines(self):
        """Return the promised payments in the order of their dates."""
        return self.promise_id.line_ids.sorted(lambda line: (line.date, line.id))

    def _get_refusal_details(self):
        dispute = self.dispute_id
        items = dispute._get_ordered_items()
        # What was not restarted counts from the due date, as before.
        due = [item.date_maturity for item in items if item.date_maturity]
        day = dispute.date_restart or min(due, default=self._get_content_day())
        return {
            "items": [[item.id, item.amount_residual_currency] for item in items],
            "amount": min(dispute.amount, max(dispute.amount_open, 0)),
            "resume": fields.Date.to_string(day),
        }

    def _get_notice_totals(self):
        """Return what is to be paid, as a list of one :class:`Total`."""
        self.ensure_one()
        none = self.env["dunning.action.line"]
        details = self._get_notice_details()
        payments = details.get("payments", [])
        amount = details.get("amount", 0) + sum(amount for _day, amount in payments)
        currency = (self.promise_id or self.dispute_id).currency_id
        amount = currency.round(amount)
        return [Total(currency, none, none, amount, 0.0, 0.0, amount, 0.0)]

    def _get_payment_qr_code(self, accounts, totals):
        # EXTENDS 'account_dunning': a payment to make, unless there are several
        if self.notice:
            totals = [] if self._is_plan_to_sign() else self._get_notice_totals()
        return super()._get_payment_qr_code(accounts, totals)

    def _get_notice_items(self):
        """Return the journal items that the notice is about, the oldest first."""
        self.ensure_one()
        source = self.promise_id or self.dispute_id
        return source._get_ordered_items() if source else source.move_line_ids

    def _get_content_moves(self):
        # EXTENDS 'account_dunning'
        if self.notice:
            return self._get_notice_items().move_id
        return super()._get_content_moves()

    def _get_content_numbers(self):
        # EXTENDS 'account_dunning'
        if not self.notice:
            return super()._get_content_numbers()
        items = self._get_notice_items()
        return list(dict.fromkeys(item._get_dunning_number() for item in items))

    def _get_deductions(self):
        # EXTENDS 'account_dunning': notices claim nothing
        notices = self.filtered("notice")
        claims = super(DunningAction, self - notices)._get_deductions()
        return claims | dict.fromkeys(notices, {})

    # ------------------------------------------------------------------
    # BUSINESS METHODS - STAYING TRUE
    # ------------------------------------------------------------------

    def _refresh(self, any_day=False, complete=False, routine=False):
        # EXTENDS 'account_dunning': texts follow the promise
        self.invalidate_recordset(NOTICE_FIELDS, flush=False)
        return super()._refresh(any_day=any_day, complete=complete, routine=routine)

    def _mark_done(self, date):
        # EXTENDS 'account_dunning': what was told can be told again
        for action in self.filtered("notice"):
            action.notice_details = action._get_notice_details()
        return super()._mark_done(date)

    def _take_back(self, state, message):
        # EXTENDS 'account_dunning'
        result = super()._take_back(state, message)
        self.filtered("notice").write({"notice_details": False})
        return result

    def _is_outdated(self, rows):
        # EXTENDS 'account_dunning'
        if not self.notice:
            return super()._is_outdated(rows)
        untrue = self._get_notice_problem()
        return bool(untrue) or self.notice_details != self._read_notice_details()

    def _get_text_basis(self):
        # EXTENDS 'account_dunning': figures of a notice do not age from day to day
        basis = super()._get_text_basis()
        if self.notice:
            basis |= {"day": False, "notice": self._get_notice_details()}
        return basis
