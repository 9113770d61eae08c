from odoo import api, fields, models
from odoo.tools import format_amount, format_date

from ...tools.closing import CREDITED, PAID, TRANSFERRED, WRITTEN_OFF, get_most
from ...tools.promises import MISSED


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
    rival_ids = fields.Many2many(
        "dunning.promise",
        string="Also Wait for Approval",
        compute="_compute_rival_ids",
        help="Others on the same items: of those approved, the newest runs.",
    )

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("line_ids")
    def _compute_instalment_count(self):
        for promise in self:
            promise.instalment_count = len(promise.line_ids)

    @api.depends("approval", "state", "move_line_ids")
    def _compute_rival_ids(self):
        waiting = [("approval", "=", "waiting"), ("state", "=", "open")]
        asked = self.filtered_domain(waiting)
        shared = [("move_line_ids", "in", asked.move_line_ids.ids)]
        others = self.search(waiting + shared) if asked else asked
        for promise in self:
            items = (promise & asked).move_line_ids
            promise.rival_ids = others.filtered(
                lambda one, own=promise, items=items: (
                    one != own and one.move_line_ids & items
                )
            )

    @api.depends("state", "line_ids.state", "resume", "amount_open")
    @api.depends_context("lang")
    def _compute_outcome_text(self):
        void = self.filtered(lambda promise: promise.state == "void")
        closings = void.move_line_ids._dunning_get_closings()
        for promise in self:
            missed = promise.line_ids.filtered(lambda line: line.state in MISSED)[:1]
            if promise in void:
                promise.outcome_text = promise._get_void_text(closings)
            else:
                # Of none there is nothing to say: an empty recordset is no text.
                text = promise._get_missed_text(missed) if missed else False
                promise.outcome_text = text

    def _get_missed_text(self, missed):
        """Return what was missed, and what follows as long as something is open."""
        follows = {
            "same": self.env._("The scenario goes on from the level reached."),
            "next": self.env._("The next level follows."),
            "call": self.env._("A call is planned."),
        }
        text = self.env._(
            "%(amount)s promised for %(date)s, %(received)s received in time.",
            amount=format_amount(self.env, missed.amount, self.currency_id),
            date=format_date(self.env, missed.date),
            received=format_amount(self.env, missed.amount_in_time, self.currency_id),
        )
        if self.currency_id.compare_amounts(self.amount_open, 0) <= 0:
            return text
        return f"{text} {follows.get(self.resume, '')}"

    def _get_void_text(self, closings):
        """Return why the promise is neither kept nor broken.

        :param closings: what its items were closed by
        """
        if self._is_waiting():
            return self.env._("Nobody has approved it: it was without effect.")
        posted = self.move_line_ids.filtered(lambda x: x.parent_state == "posted")
        cause = get_most(part for item in posted for part in closings[item.id])
        texts = {
            PAID: self.env._(
                "Its invoices were paid with money that was there before it was made."
            ),
            CREDITED: self.env._("Its invoices were credited."),
            WRITTEN_OFF: self.env._("Its invoices were written off."),
            TRANSFERRED: self.env._("Its invoices were moved to another account."),
        }
        return texts.get(cause) or self.env._("Its invoices were cancelled or deleted.")

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

    def action_open_rivals(self) -> dict:
        """Show the promises that wait for approval beside this one.

        :return: action that shows them
        """
        self.ensure_one()
        self.check_access("read")
        return self.rival_ids._get_records_action(name=self.env._("Waits for Approval"))

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

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _get_reason_beside(self, *said):
        # EXTENDS 'dunning.withholding': that it is promised is no reason beside it
        own = self.env["dunning.outcome.promise"]._get_reason()
        return self.reason_id not in own and super()._get_reason_beside(*said)


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
            # A line that is not of a promise yet is in no currency.
            amount = line.currency_id and format_amount(
                self.env, line.amount, line.currency_id
            )
            parts = (line.partner_id.display_name, amount)
            line.display_name = " – ".join(part for part in parts if part)

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_open_promise(self):
        """Open the promise of the payment."""
        return self.promise_id._get_records_action()
