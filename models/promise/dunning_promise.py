from datetime import date
from itertools import chain

from odoo import api, fields, models
from odoo.tools import format_amount, format_date

from ...tools.promises import MISSED
from ...tools.words import RESUMES
from .dunning_promise_line import STATES

# What people decide about a promise, whatever the ledger says.
DECISIONS = [("withdrawn", "Withdrawn"), ("renegotiated", "Renegotiated")]

# What a promise adds up of its instalments.
AMOUNTS = ("amount_received", "amount_in_time", "amount_ahead", "amount_left")


# What people may set on a promise. A new one, besides, says about what it is.
EDITABLE_FIELDS = {
    "acceptance_ids",
    "means",
    "note",
    "promised_by",
    "reason_id",
    "user_id",
}
NEW_FIELDS = {
    "partner_id",
    "company_id",
    "currency_id",
    "move_line_ids",
    "line_ids",
    "keep_others",
}


class DunningPromise(models.Model):
    """A customer's promise to pay: one dated amount or several (an instalment plan).

    While it runs, what is promised and not yet received is kept out of dunning. Its
    state follows from the ledger (``dunning_promise_settle``) and from what people
    decide (``dunning_promise_decision``).
    """

    _name = "dunning.promise"
    _description = "Promise to Pay"
    _inherit = ["dunning.withholding"]
    _order = "id desc"

    # What is contested comes before.
    _turn = 2

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    line_ids = fields.One2many(
        "dunning.promise.line", "promise_id", string="Schedule", copy=False
    )
    hold_ids = fields.One2many("dunning.hold", "promise_id", readonly=True)
    promised_by = fields.Char(help="Who promised, on the customer's side.")
    means = fields.Selection(
        selection=lambda self: self.env["dunning.action"]._get_means(),
        string="Means of Payment",
    )
    note = fields.Text()
    keep_others = fields.Boolean(
        string="Beside Other Promises",
        help="Running promises on the same items go on; otherwise this one takes "
        "their place.",
    )

    # === What was agreed === #
    date = fields.Date(
        string="Promised on",
        readonly=True,
        copy=False,
        help="Empty while it is being made.",
    )
    amount = fields.Monetary(compute="_compute_agreed", store=True)
    date_first = fields.Date(compute="_compute_agreed", store=True)
    date_last = fields.Date(compute="_compute_agreed", store=True)
    tolerance_days = fields.Integer(
        compute="_compute_terms", store=True, precompute=True
    )
    tolerance_amount = fields.Monetary(
        compute="_compute_terms", store=True, precompute=True
    )
    break_whole = fields.Boolean(
        string="One Missed Instalment Breaks the Plan",
        compute="_compute_terms",
        store=True,
        precompute=True,
    )
    resume = fields.Selection(
        RESUMES,
        string="If Broken",
        compute="_compute_terms",
        store=True,
        precompute=True,
    )
    baseline = fields.Json(
        readonly=True,
        copy=False,
        help="Entries with the customer's money that were there when the promise was "
        "made, allocated to the items or to nothing yet.",
    )

    preceded = fields.Json(
        readonly=True,
        copy=False,
        help="What other promises had received, and from where, when it was approved: "
        "that stays theirs.",
    )

    # === What became of it === #
    amount_received = fields.Monetary(
        string="Received", compute="_compute_amounts", store=True
    )
    amount_in_time = fields.Monetary(
        string="Received in Time", compute="_compute_amounts", store=True
    )
    amount_ahead = fields.Monetary(
        string="Dated in the Future",
        compute="_compute_amounts",
        store=True,
        help="Entered already, and counted on its day.",
    )
    amount_left = fields.Monetary(
        string="Still to Come",
        compute="_compute_amounts",
        store=True,
        help="Promised, and neither received nor credited.",
    )
    amount_promised = fields.Monetary(
        string="Still Promised",
        compute="_compute_amount_promised",
        store=True,
        help="Still to come of a promise that runs.",
    )
    date_next = fields.Date(string="Next Payment", compute="_compute_dates", store=True)
    date_limit = fields.Date(
        string="Held Until",
        compute="_compute_dates",
        store=True,
        help="Last day of its holds.",
    )
    date_ahead = fields.Date(
        readonly=True,
        copy=False,
        help="Day to come on which an entry that is there already counts.",
    )
    date_settle = fields.Date(
        compute="_compute_date_settle",
        store=True,
        help="Day on which time alone may change what becomes of it.",
    )
    state = fields.Selection(
        STATES, string="Status", required=True, readonly=True, default="open"
    )
    date_closed = fields.Date(
        string="Closed on",
        readonly=True,
        copy=False,
        help="Day on which the ledger, or somebody, brought it to its end.",
    )

    # === What people decided === #
    decision = fields.Selection(DECISIONS, readonly=True, copy=False)
    date_decision = fields.Date(readonly=True, copy=False)
    decision_user_id = fields.Many2one(
        "res.users", readonly=True, copy=False, ondelete="restrict"
    )
    decision_reason = fields.Text(readonly=True, copy=False)
    absorbed = fields.Json(
        readonly=True,
        copy=False,
        help="What it had received, and from where, when it was closed: that does not "
        "count for another promise.",
    )
    renegotiated_by_id = fields.Many2one(
        "dunning.promise",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    renegotiates_ids = fields.One2many(
        "dunning.promise", "renegotiated_by_id", readonly=True
    )
    renegotiation_count = fields.Integer(
        string="Renegotiations",
        compute="_compute_renegotiation_count",
        store=True,
        recursive=True,
        help="How many times it was put off before, by promises on the same items.",
    )

    # === Constraints and indexes === #
    _settle_idx = models.Index(
        "(company_id, date_settle) WHERE date_settle IS NOT NULL"
    )
    _call_idx = models.Index(
        "(company_id, date_last) WHERE resume = 'call' AND decision IS NULL"
    )

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("company_id")
    def _compute_terms(self):
        for promise in self:
            company = promise.company_id
            promise.tolerance_days = company.dunning_promise_tolerance
            promise.tolerance_amount = company.currency_id._convert(
                company.dunning_promise_tolerance_amount,
                promise.currency_id or company.currency_id,
                company,
                company._dunning_today(),
            )
            promise.break_whole = company.dunning_promise_break_whole
            promise.resume = company.dunning_promise_resume

    @api.depends("line_ids.amount", "line_ids.date")
    def _compute_agreed(self):
        for promise in self:
            dates = promise.line_ids.mapped("date")
            promise.amount = sum(promise.line_ids.mapped("amount"))
            promise.date_first = min(dates, default=False)
            promise.date_last = max(dates, default=False)

    @api.depends(*(f"line_ids.{name}" for name in AMOUNTS))
    def _compute_amounts(self):
        for promise in self:
            for name in AMOUNTS:
                promise[name] = sum(promise.line_ids.mapped(name))

    @api.depends("amount_left", "approval", "state")
    def _compute_amount_promised(self):
        for promise in self:
            # What waits for approval has no effect, and may be about the same invoices.
            runs = promise.state == "open" and promise.approval != "waiting"
            promise.amount_promised = promise.amount_left if runs else 0

    @api.depends(
        "line_ids.date", "line_ids.date_limit", "line_ids.state", "break_whole"
    )
    def _compute_dates(self):
        for promise in self:
            lines = promise.line_ids.filtered(lambda line: line.state == "open")
            open_dates = lines.mapped("date")
            promise.date_next = min(open_dates, default=False)
            held = min if promise.break_whole else max
            promise.date_limit = held(lines.mapped("date_limit"), default=False)

    @api.depends("line_ids.date_limit", "line_ids.state", "date_ahead", "approval")
    def _compute_date_settle(self):
        for promise in self:
            lines = promise.line_ids.filtered(lambda line: line.state == "open")
            # Nobody misses what nobody has approved: it ends with its last day.
            judged = max if promise._is_waiting() else min
            limit = judged(lines.mapped("date_limit"), default=False)
            days = [promise.date_ahead]
            if limit and limit < date.max:
                days.append(fields.Date.add(limit, days=1))
            promise.date_settle = min(filter(None, days), default=False)

    @api.depends("renegotiates_ids.renegotiation_count", "renegotiates_ids.approval")
    def _compute_renegotiation_count(self):
        for promise in self:
            # What nobody has approved was not put off.
            promise.renegotiation_count = max(
                (
                    former.renegotiation_count + (not former._is_waiting())
                    for former in promise.renegotiates_ids
                ),
                default=0,
            )

    @api.depends("partner_id", "amount", "date_last", "line_ids")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for promise in chain(*self._by_rights_on_customer()):
            name = promise.partner_id.display_name
            promise.display_name = f"{name} – {promise._get_amount_text()}"

    def _get_amount_text(self):
        """Return what was promised, and by when, in words."""
        self.ensure_one()
        values = {
            "amount": format_amount(self.env, self.amount, self.currency_id),
            "date": format_date(self.env, self.date_last) if self.date_last else "",
        }
        if len(self.line_ids) > 1:
            return self.env._(
                "%(amount)s in %(count)s instalments by %(date)s",
                count=len(self.line_ids),
                **values,
            )
        return self.env._("%(amount)s by %(date)s", **values)

    # ------------------------------------------------------------------
    # CRUD METHODS
    # ------------------------------------------------------------------

    def _get_editable_fields(self):
        # OVERRIDES 'dunning.protected'
        return EDITABLE_FIELDS if self else EDITABLE_FIELDS | NEW_FIELDS

    # ------------------------------------------------------------------
    # BUSINESS METHODS - SETTLEMENT
    # ------------------------------------------------------------------

    @api.model
    def _get_settled_domain(self):
        # OVERRIDES 'dunning.withholding'
        return fields.Domain("state", "not in", ("withdrawn", "renegotiated"))

    @api.model
    def _get_running_domain(self):
        # OVERRIDES 'dunning.withholding'
        return fields.Domain("state", "=", "open")

    def _get_need(self):
        # OVERRIDES 'dunning.withholding'
        if self.state != "open":
            return 0, False
        return self.amount_left - self.amount_ahead, self.date_limit

    def _get_skipped(self):
        # EXTENDS 'account_dunning': what instalments before should have paid
        lines = self.line_ids.filtered(lambda line: line.state in MISSED)
        return sum(
            line.amount - line.amount_credited - line.amount_received for line in lines
        )
