from datetime import timedelta

from odoo import api, fields, models

from ...models.base.dunning_reason import OUTCOMES
from ...models.call.dunning_action_outcome import MEANS
from ...models.scenario.dunning_level import CHANNELS
from ...tools.dates import shift

# Days until the next call or look, unless the collector says otherwise.
NEXT_DAYS = {"dispute": 7, "not_received": 3, "not_approved": 5, "cash": 7}
PROMISE_DAYS = 7
# Reason given by default; a dispute must say its own.
REASONS = {
    "promise": "reason_promised",
    "not_received": "reason_not_received",
    "not_approved": "reason_not_approved",
    "cash": "reason_cash",
    "no_answer": "reason_absent",
    "wrong_contact": "reason_wrong_contact",
}


class DunningCallOutcome(models.TransientModel):
    """What the customer answered on the phone: one dialog for each outcome, with
    defaults for everything but what matters."""

    _name = "dunning.call.outcome"
    _description = "Outcome of a Call"
    _inherit = ["dunning.guarded"]

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    action_id = fields.Many2one("dunning.action", required=True, ondelete="cascade")
    company_id = fields.Many2one(related="action_id.company_id")
    partner_id = fields.Many2one(related="action_id.partner_id")
    outcome = fields.Selection(OUTCOMES, required=True)
    reason_id = fields.Many2one(
        "dunning.reason",
        domain="['|', ('company_id', '=', False),"
        " ('company_id', 'parent_of', company_id),"
        " '|', ('outcome', '=', outcome), ('outcome', '=', False)]",
    )
    note = fields.Text()

    # === What it is about === #
    all_items = fields.Boolean(string="Everything Claimed", default=True)
    line_ids = fields.Many2many(
        "dunning.action.line",
        string="Invoices",
        domain="[('action_id', '=', action_id), ('state', '=', 'open')]",
    )
    currency_ids = fields.Many2many(
        "res.currency", string="Currencies", compute="_compute_currency_ids"
    )
    is_multi_currency = fields.Boolean(compute="_compute_currency_ids")
    currency_id = fields.Many2one(
        "res.currency", compute="_compute_currency_id", store=True, readonly=False
    )
    amount = fields.Monetary(
        compute="_compute_amount", store=True, readonly=False, help="Agreed on."
    )
    include_others = fields.Boolean(
        string="And All Claimed in Other Currencies", default=True
    )

    # === What was agreed === #
    date = fields.Date()
    who = fields.Char()
    means = fields.Selection(MEANS, string="Means of Payment")
    stop_trading = fields.Selection(
        [("no", "Yes, as before"), ("yes", "Not without a decision")],
        string="Keep Trading",
        default="no",
    )
    escalate_user_id = fields.Many2one(
        "res.users",
        string="Who Decides",
        domain="[('share', '=', False)]",
    )

    # === What comes next === #
    next_date = fields.Date(
        string="Call Again On",
        compute="_compute_next_date",
        store=True,
        readonly=False,
    )
    retry = fields.Selection(
        [
            ("today", "Later Today"),
            ("next", "Next Working Day"),
            ("week", "In a Week"),
            ("email", "No more: write instead"),
        ],
    )
    attempt = fields.Integer(compute="_compute_attempt")
    fallback_channel = fields.Selection(
        CHANNELS, string="By", compute="_compute_attempt"
    )

    # === Whom to reach === #
    email = fields.Char()
    keep_email = fields.Boolean(string="Keep This Address", default=True)
    contact_name = fields.Char()
    phone = fields.Char()

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("action_id")
    def _compute_currency_id(self):
        for dialog in self:
            dialog.currency_id = dialog._get_main_currency()

    @api.depends("action_id")
    def _compute_currency_ids(self):
        for dialog in self:
            lines = dialog.action_id._get_content_lines()
            dialog.currency_ids = lines.currency_id
            dialog.is_multi_currency = len(dialog.currency_ids) > 1

    @api.depends("currency_id", "all_items", "line_ids")
    def _compute_amount(self):
        for dialog in self:
            if dialog.outcome in ("promise", "dispute"):
                dialog.amount = dialog._get_claimed()
            else:
                dialog.amount = 0

    @api.depends("outcome", "reason_id", "retry", "date")
    def _compute_next_date(self):
        for dialog in self:
            today = dialog._get_today()
            days = NEXT_DAYS.get(dialog.outcome)
            if dialog.outcome == "no_answer":
                days = {"today": 0, "next": 1, "week": 7}.get(dialog.retry)
            elif dialog.outcome == "wrong_contact":
                days = 0
            if dialog.outcome == "other":
                dialog.next_date = dialog._get_check_date()
            elif days:
                dialog.next_date = dialog._get_working_day(shift(today, days))
            else:
                dialog.next_date = today if days == 0 else False

    @api.depends("action_id")
    def _compute_attempt(self):
        for dialog in self:
            dialog.attempt = dialog.action_id.attempts + 1
            dialog.fallback_channel = dialog.action_id._get_call_fallback()

    # ------------------------------------------------------------------
    # CRUD METHODS
    # ------------------------------------------------------------------

    @api.model
    def default_get(self, fields):
        # EXTENDS 'base': what is known of the call
        values = super().default_get(fields)
        if values.get("action_id"):
            known = {name: values.get(name) for name in ("action_id", "outcome")}
            defaults = self.new(known)._prepare_defaults()
            values.update((k, v) for k, v in defaults.items() if k in fields)
        return values

    def _prepare_defaults(self):
        """Return the values the dialog opens with."""
        action = self.action_id
        reason = self.env.ref(f"account_dunning.{REASONS.get(self.outcome)}", False)
        named = action.contact_id != action.partner_id and action.contact_id.name
        payment = self._get_today() + timedelta(days=PROMISE_DAYS)
        return {
            "reason_id": reason and reason.filtered("active").id,
            "note": action.note,
            "all_items": self.outcome != "dispute" or len(action.line_ids) < 2,
            "email": action.contact_email,
            "escalate_user_id": action.partner_id.user_id.id,
            "date": self._get_working_day(payment),
            "who": named,
            "retry": self._get_retry(),
        }

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_apply(self):
        """Record the outcome and plan what comes next.

        :return: action that closes the dialog, with what the call screen says and
            does then
        :raise UserError: the call was made or paid meanwhile, or an answer is missing
        """
        self.ensure_one()
        self.action_id.check_access("write")
        owing = self.action_id._recheck_call(self.note)
        if owing:
            self._check_inputs()
            {
                "no_answer": self._apply_no_answer,
                "wrong_contact": self._apply_wrong_contact,
            }.get(self.outcome, self._apply_answer)()
        return {
            "type": "ir.actions.act_window_close",
            "infos": {"call": self._get_message(owing)},
        }

    def _get_message(self, owing):
        """Return what the call screen says, and whether it stays on this call."""
        action = self.action_id
        name = action.partner_id.display_name
        if not owing:
            text = f"{name} – {action.cancel_label}"
            if action.cancel_cause == "paid":
                text = self.env._(
                    "%s has paid meanwhile: nothing is left to claim.", name
                )
        else:
            text = f"{name} – {action.outcome_text}"
        return {
            "text": text,
            "good": owing,
            "undo": action._is_outcome_undoable() and action.id,
            "again": self.outcome == "wrong_contact"
            and self.next_date <= self._get_today(),
        }

    # ------------------------------------------------------------------
    # BUSINESS METHODS - OUTCOMES
    # ------------------------------------------------------------------

    def _apply_answer(self):
        """Close the call, then do what the answer asks for."""
        lines, promised = self._get_lines(), self._get_promised_amounts()
        self._close_call()
        self._follow_up(lines, promised)
        if self.confirm:
            self._send_confirmation()

    def _close_call(self, **details):
        self.action_id._close_call(
            self.outcome, details or self._get_details(), self.reason_id, self.note
        )

    def _follow_up(self, lines, promised):
        action, reason, note = self.action_id, self.reason_id, self.note
        items = lines.move_line_id
        match self.outcome:
            case "promise":
                self._promise(items, promised)
            case "dispute":
                amount = self._get_held_amount()
                items = items.filtered(lambda x: x.currency_id == self.currency_id)
                action._apply_dispute(items, amount, reason, note, self.next_date)
            case "not_received":
                self._send_copies(lines)
                action._apply_waiting(self.next_date, reason, note)
            case "not_approved":
                action._apply_waiting(self.next_date, reason, note)
            case "cash":
                self._follow_up_cash(items)
            case "other":
                if self.next_date:
                    action._apply_waiting(self.next_date, reason, note)

    def _promise(self, items, amounts):
        self.action_id._apply_promise(
            {
                currency: self._get_instalments(currency, amount)
                for currency, amount in amounts.items()
            },
            items,
            reason_id=self.reason_id.id,
            note=self.note,
            promised_by=self.who,
            means=self.means,
        )

    def _follow_up_cash(self, items):
        action, reason, note = self.action_id, self.reason_id, self.note
        if self.amount:
            self._promise(items, {self.currency_id: self.amount})
        if self.stop_trading == "yes":
            action._apply_stop_trading(
                self.escalate_user_id, self._get_today(), action.outcome_text
            )
        action._plan_next(self.next_date, note, reason_id=reason.id)

    def _apply_no_answer(self):
        """Try again later or, after too many attempts, write instead."""
        action = self.action_id
        if self.retry == "email" and self.fallback_channel:
            action._give_up_call(self.fallback_channel)
            return
        if self.retry == "email":
            self._close_call(attempts=self.attempt, email=self.email)
            template = self.env.ref("account_dunning.mail_template_call_missed")
            action._send_call_mail(action._render_call_mail(template), self.email)
            return
        later = self.next_date <= self._get_today() and self._get_call_time()
        details = {"next_date": fields.Date.to_string(self.next_date)}
        if later:
            details["time"] = fields.Datetime.to_string(later)
        action._retry_call(details, self.next_date, later, self.note)

    def _apply_wrong_contact(self):
        """Correct whom to call, and call again."""
        action = self.action_id
        action._apply_contact(self.contact_name, self.phone, self.email)
        details = {
            "who": self.contact_name,
            "phone": self.phone,
            "next_date": fields.Date.to_string(self.next_date),
        }
        action._retry_call(details, self.next_date, answered=True)

    # ------------------------------------------------------------------
    # BUSINESS METHODS - E-MAILS
    # ------------------------------------------------------------------

    def _send_copies(self, lines):
        """Send the invoices again, and keep the address if it was corrected."""
        action = self.action_id
        template = self.env.ref("account_dunning.mail_template_invoice_copy")
        copies = action._get_invoice_copies(lines.move_id)
        rendered = action._render_call_mail(template)
        if self.keep_email and self.email != action.contact_email:
            action._apply_contact(False, False, self.email)
        action._send_call_mail(rendered, self.email, copies)
