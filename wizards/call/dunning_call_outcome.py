from datetime import timedelta

from odoo import api, fields, models

from ...tools.words import CHANNELS, MEANS, OUTCOMES

PROMISE_DAYS = 7


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
    is_insolvent = fields.Boolean(compute="_compute_is_insolvent")
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

    @api.depends("outcome", "reason_id")
    def _compute_is_insolvent(self):
        reason = self.env["dunning.outcome"]._get_shipped_reason("reason_insolvency")
        for dialog in self:
            told = dialog.outcome == "other" and dialog.reason_id
            dialog.is_insolvent = bool(told) and told == reason

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
            outcome = dialog._get_outcome()
            dialog.amount = outcome._get_amount(dialog) if dialog.outcome else 0

    @api.depends("outcome", "reason_id", "retry", "date")
    def _compute_next_date(self):
        for dialog in self:
            outcome = dialog._get_outcome()
            dialog.next_date = bool(dialog.outcome) and outcome._get_next_date(dialog)

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
        outcome = self._get_outcome()
        named = action.contact_id != action.partner_id and action.contact_id.name
        payment = self._get_today() + timedelta(days=PROMISE_DAYS)
        return {
            "reason_id": outcome._get_reason().id,
            "note": action._get_said(),
            "all_items": outcome._is_about_all(action),
            "email": outcome._get_email(action),
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
            self._get_outcome()._record(self)
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
            "left": action._get_left_text(),
            "again": self._get_outcome()._is_repeated
            and self.next_date <= self._get_today(),
        }

    # ------------------------------------------------------------------
    # BUSINESS METHODS - OUTCOMES
    # ------------------------------------------------------------------

    def _get_outcome(self) -> models.BaseModel:
        """Return what knows of the outcome, or of any as long as none is chosen."""
        self.ensure_one()
        return self.env["dunning.outcome"]._of(self.outcome)

    def _close_call(self, **details):
        self.action_id._close_call(
            self.outcome, details or self._get_details(), self.reason_id, self.note
        )

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
