from odoo import api, fields, models
from odoo.tools import format_amount, format_date


class DunningPromise(models.Model):
    """What screens show of promises."""

    _inherit = "dunning.promise"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    instalment_count = fields.Integer(
        string="Number of Instalments",
        compute="_compute_instalment_count",
        store=True,
        aggregator="avg",
    )
    outcome_text = fields.Char(compute="_compute_outcome_text")
    is_reopenable = fields.Boolean(compute="_compute_is_reopenable")

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("line_ids")
    def _compute_instalment_count(self):
        for promise in self:
            promise.instalment_count = len(promise.line_ids)

    @api.depends("state", "line_ids.state", "resume")
    @api.depends_context("lang")
    def _compute_outcome_text(self):
        follows = {
            "same": self.env._("The scenario goes on from the level reached."),
            "next": self.env._("The next level follows."),
            "call": self.env._("A call is planned."),
        }
        for promise in self:
            missed = promise.line_ids.filtered(
                lambda line: line.state in ("broken", "partly_kept")
            )[:1]
            promise.outcome_text = bool(missed) and self.env._(
                "%(amount)s promised for %(date)s, %(received)s received in time. "
                "%(follows)s",
                amount=format_amount(self.env, missed.amount, promise.currency_id),
                date=format_date(self.env, missed.date),
                received=format_amount(
                    self.env, missed.amount_received, promise.currency_id
                ),
                follows=follows.get(promise.resume, ""),
            )

    @api.depends("state", "date_decision", "approval")
    def _compute_is_reopenable(self):
        for promise in self:
            promise.is_reopenable = (
                promise.state == "withdrawn"
                and promise.approval != "refused"
                and promise.date_decision == promise.company_id._dunning_today()
            )

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_renegotiate(self):
        """Open the dialog of a new promise on the same items."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "account_dunning.action_promise_dialog"
        )
        return dict(
            action,
            context={
                "active_model": "account.move.line",
                "active_ids": self.move_line_ids.ids,
                "default_promised_by": self.promised_by,
                "default_means": self.means,
            },
        )


class DunningPromiseLine(models.Model):
    _inherit = "dunning.promise.line"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    # Stored, so that payments can be searched and grouped by them.
    partner_id = fields.Many2one(related="promise_id.partner_id", store=True)
    user_id = fields.Many2one(related="promise_id.user_id", store=True)

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("partner_id", "amount", "currency_id")
    def _compute_display_name(self):
        for line in self:
            amount = format_amount(self.env, line.amount, line.currency_id)
            line.display_name = f"{line.partner_id.display_name} – {amount}"

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_open_promise(self):
        """Open the promise of the payment."""
        return self.promise_id._get_records_action()
