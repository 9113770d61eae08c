from datetime import timedelta

from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools.i18n import format_list

from ...tools import instalments
from ...tools.words import MEANS

PROMISE_DAYS = 7


class DunningPromiseDialog(models.TransientModel):
    """A new promise: what is paid, when, in how many instalments. The schedule is shown
    as it will be kept and can be changed by hand."""

    _name = "dunning.promise.dialog"
    _description = "New Promise to Pay"
    _inherit = ["dunning.withholding.dialog"]

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    amount = fields.Monetary(
        compute="_compute_amount", store=True, readonly=False, precompute=True
    )
    date = fields.Date(
        string="Pays On",
        required=True,
        default=lambda self: self._get_default_date(),
    )
    count = fields.Integer(string="Instalments", default=1)
    interval = fields.Selection(
        [("week", "Week"), ("fortnight", "Two Weeks"), ("month", "Month")],
        string="One Every",
        default="month",
    )
    line_ids = fields.One2many(
        "dunning.promise.dialog.line",
        "dialog_id",
        string="Schedule",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
    )
    amount_missing = fields.Monetary(
        string="Still to Be Shared Out", compute="_compute_amount_missing"
    )
    promised_by = fields.Char(string="Promised by")
    means = fields.Selection(MEANS, string="Means of Payment")
    reason_id = fields.Many2one(
        "dunning.reason",
        default=lambda self: self.env.ref("account_dunning.reason_promised", False),
        domain="['|', ('company_id', '=', False),"
        " ('company_id', 'parent_of', company_id),"
        " '|', ('outcome', '=', 'promise'), ('outcome', '=', False)]",
    )
    note = fields.Text()

    # === Credits === #
    amount_credited = fields.Monetary(
        string="Covered by Credits",
        compute="_compute_amount_credited",
        help="Credit notes and payments of the customer that are not allocated yet: "
        "what they cover is not to be paid again.",
    )

    # === Other promises === #
    renegotiated_ids = fields.Many2many(
        "dunning.promise",
        string="Running Promises",
        compute="_compute_renegotiated_ids",
        help="Running promises on the same invoices.",
    )
    keep_others = fields.Boolean(string="Keep What Was Promised")
    needs_approval = fields.Boolean(compute="_compute_needs_approval")
    confirm = fields.Boolean(
        string="Confirm in Writing",
        help="Prepares the confirmation with the schedule.",
    )

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("move_line_ids", "company_id")
    def _compute_renegotiated_ids(self):
        for dialog in self:
            items = dialog.move_line_ids._origin
            dialog.renegotiated_ids = dialog._get_running_promises(items)

    @api.depends("keep_others", "renegotiated_ids")
    def _compute_amount_available(self):
        return super()._compute_amount_available()

    @api.depends("amount_available", "move_line_ids", "currency_id")
    def _compute_amount_credited(self):
        for dialog in self:
            credit = dialog._get_credit_left()
            # Who promises although credits cover all means something else than these.
            currency = dialog.currency_id or dialog.env.company.currency_id
            covers_all = currency.compare_amounts(credit, dialog.amount_available) >= 0
            dialog.amount_credited = 0 if covers_all else credit

    @api.depends("amount_available", "amount_credited")
    def _compute_amount(self):
        for dialog in self:
            dialog.amount = dialog.amount_available - dialog.amount_credited

    @api.depends("amount", "date", "count", "interval", "currency_id")
    def _compute_line_ids(self):
        for dialog in self:
            dialog.line_ids = [Command.clear()] + [
                Command.create({"date": date, "amount": amount})
                for date, amount in dialog._get_schedule()
            ]

    @api.depends("amount", "line_ids.amount")
    def _compute_amount_missing(self):
        for dialog in self:
            total = sum(dialog.line_ids.mapped("amount"))
            missing = dialog.amount - total
            currency = dialog.currency_id
            dialog.amount_missing = currency.round(missing) if currency else missing

    @api.depends("line_ids.date", "line_ids.amount", "currency_id", "company_id")
    def _compute_needs_approval(self):
        for dialog in self:
            dialog.needs_approval = self.env["dunning.promise"]._would_need_approval(
                dialog.company_id,
                dialog.currency_id,
                [(line.date, line.amount) for line in dialog.line_ids],
            )

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_apply(self):
        """Record the promise.

        :return: action that shows it, or its confirmation before it is sent
        :raise UserError: the schedule is not what was promised
        """
        self.ensure_one()
        if not self.currency_id:
            raise UserError(self.env._("Say in which currency it is promised."))
        if self.amount_missing:
            raise UserError(
                self.env._(
                    "The instalments add up to %(total)s, but %(amount)s is promised: "
                    "correct one of the two.",
                    total=self.currency_id.format(self.amount - self.amount_missing),
                    amount=self.currency_id.format(self.amount),
                )
            )
        self._check_contested()
        with self.env["dunning.guard"]._once(self):
            promise = self.env["dunning.promise"].create(self._prepare_record())
            confirm = self.confirm
        if confirm and promise.approval != "waiting":
            return promise.action_send_confirmation()
        return promise._get_records_action()

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _get_running_promises(self, items):
        """Return the running promises on the items."""
        promises = self.env["dunning.promise"]
        if not items:
            return promises
        domain = promises._get_running_domain()
        return promises.search(domain & fields.Domain("move_line_ids", "in", items.ids))

    def _get_available(self, items):
        # EXTENDS 'account_dunning': what this promise takes the place of is free again
        return self.env["dunning.withholding"]._get_available(
            items, without=self._get_replaced_promises(items)
        )

    def _get_replaced_promises(self, items):
        """Return the promises of which one on the items takes the place."""
        promises = self.env["dunning.promise"]
        return promises if self.keep_others else self._get_running_promises(items)

    def _check_contested(self):
        """Refuse to have somebody promise what they contest as a whole: the
        confirmation names all invoices of the promise.

        :raise UserError: naming what is to be taken out
        """
        items = self.move_line_ids
        left = self.env["dunning.withholding"]._get_available(
            items, without=self._get_running_promises(items)
        )
        contested = items.filtered(lambda item: self.currency_id.is_zero(left[item]))
        if contested and contested != items:
            raise UserError(
                self.env._(
                    "Nothing can be promised of %s, which is contested as a whole: "
                    "take it out.",
                    format_list(self.env, contested.mapped("move_id.name")),
                )
            )

    def _get_credit_left(self):
        """Return how much of the items credits of the customer cover."""
        items = self.move_line_ids._origin
        return self.env["dunning.promise"]._get_covered(
            items, self._get_replaced_promises(items)
        )

    def _get_schedule(self):
        """Return the dates and amounts of the instalments; none while they cannot be
        told."""
        digits = self.currency_id.decimal_places
        interval = self.interval or "month"
        return instalments.propose(self.amount, self.count, self.date, interval, digits)

    @api.model
    def _get_default_date(self):
        company = self.env.company
        return company._dunning_get_working_day(
            company._dunning_today() + timedelta(days=PROMISE_DAYS)
        )

    def _prepare_lines(self):
        return [
            Command.create({"date": line.date, "amount": line.amount})
            for line in self.line_ids
            if line.date
        ]

    def _prepare_record(self):
        # EXTENDS 'account_dunning'
        return super()._prepare_record() | {
            "line_ids": self._prepare_lines(),
            "keep_others": self.keep_others,
            "promised_by": self.promised_by,
            "means": self.means,
            "reason_id": self.reason_id.id,
            "note": self.note,
        }


class DunningPromiseDialogLine(models.TransientModel):
    _name = "dunning.promise.dialog.line"
    _description = "Instalment of a New Promise"
    _inherit = ["dunning.guarded"]
    _order = "date, id"

    dialog_id = fields.Many2one(
        "dunning.promise.dialog", required=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="dialog_id.currency_id")
    date = fields.Date(required=True)
    amount = fields.Monetary(required=True)
