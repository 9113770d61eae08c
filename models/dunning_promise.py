from odoo import api, fields, models
from odoo.tools import format_amount, format_date

from .dunning_promise_line import STATES

# What people may set on a promise. A new one, besides, says about what it is.
EDITABLE_FIELDS = {"user_id", "reason_id", "note", "promised_by", "means"}
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

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    line_ids = fields.One2many("dunning.promise.line", "promise_id", string="Schedule")
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
    amount = fields.Monetary(compute="_compute_amounts", store=True)
    date_first = fields.Date(compute="_compute_dates", store=True)
    date_last = fields.Date(compute="_compute_dates", store=True)
    tolerance_days = fields.Integer(readonly=True)
    tolerance_amount = fields.Monetary(readonly=True)
    break_whole = fields.Boolean(
        string="One Missed Instalment Breaks the Plan", readonly=True
    )
    resume = fields.Selection(
        [("same", "Same Level"), ("next", "Next Level"), ("call", "Call")],
        string="If Broken",
        readonly=True,
    )

    # === What became of it === #
    amount_received = fields.Monetary(
        string="Received", compute="_compute_amounts", store=True
    )
    date_next = fields.Date(
        string="Next Payment", compute="_compute_dates", store=True, index=True
    )
    state = fields.Selection(STATES, required=True, readonly=True, default="open")
    baseline = fields.Json(
        readonly=True,
        copy=False,
        help="What was reconciled with the items when the promise was made.",
    )

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("line_ids.amount", "line_ids.amount_received")
    def _compute_amounts(self):
        for promise in self:
            promise.amount = sum(promise.line_ids.mapped("amount"))
            promise.amount_received = sum(promise.line_ids.mapped("amount_received"))

    @api.depends("line_ids.date", "line_ids.state")
    def _compute_dates(self):
        for promise in self:
            dates = promise.line_ids.mapped("date")
            lines = promise.line_ids.filtered(lambda line: line.state == "open")
            promise.date_first = min(dates, default=False)
            promise.date_last = max(dates, default=False)
            promise.date_next = min(lines.mapped("date"), default=False)

    @api.depends("partner_id", "amount", "date_last")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for promise in self:
            promise.display_name = self.env._(
                "%(customer)s: %(amount)s by %(date)s",
                customer=promise.partner_id.display_name,
                amount=format_amount(self.env, promise.amount, promise.currency_id),
                date=format_date(self.env, promise.date_last) or "",
            )

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

    def _settle_states(self):
        # OVERRIDES 'dunning.withholding'
        pass

    def _get_claim(self):
        # OVERRIDES 'dunning.withholding'
        if self.state != "open":
            return 0, False
        return self.amount - self.amount_received, self.date_next
