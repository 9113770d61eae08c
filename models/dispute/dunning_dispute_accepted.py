from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, format_amount

from ..base.dunning_entered import accepts
from .dunning_dispute_activity import SETTLE


class DunningDispute(models.Model):
    """What an accepted dispute leads to: credit notes.

    How it works: accepting writes what is to be credited on each invoice
    (``dunning.dispute.credit``), as the holds share it out, and has the drafts made
    (``dunning_dispute_credit_note``). What is not credited yet stays out of dunning;
    once every credit note is posted the ledger says the rest, as a reconciliation or
    as a credit of the customer, and nothing is kept out any more.
    """

    _inherit = "dunning.dispute"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    credit_ids = fields.One2many(
        "dunning.dispute.credit", "dispute_id", string="Credits", readonly=True
    )
    credit_note_ids = fields.Many2many(
        "account.move", string="Credit Notes", compute="_compute_credit_note_ids"
    )
    is_credit_missing = fields.Boolean(compute="_compute_is_credit_missing")
    date_credited = fields.Date(
        string="Credited on",
        readonly=True,
        copy=False,
        help="Day on which the last credit note was posted.",
    )

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("credit_ids.credit_note_id")
    def _compute_credit_note_ids(self):
        for dispute in self:
            dispute.credit_note_ids = dispute.credit_ids.credit_note_id

    @api.depends("credit_ids.state")
    def _compute_is_credit_missing(self):
        for dispute in self:
            states = dispute.credit_ids.mapped("state")
            dispute.is_credit_missing = "missing" in states

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    @accepts(text="string", credit_note_ids="ids")
    def action_accept(
        self, text: str | None = None, credit_note_ids: list[int] | None = None
    ):
        """Accept what the customer contests: credit notes are prepared as drafts, and
        the amount stays out of dunning until they are posted.

        :param text: why, for the history
        :param credit_note_ids: ids of credit notes, or entries, that were made already
            and take the place of those to prepare
        :return: action that opens the credit notes
        :raise AccessError: the user may not see a credit note
        :raise UserError: the dispute is closed, nothing is left to credit, or a credit
            note does not fit
        """
        self.ensure_one()
        self._check_decidable()
        # Who settles disputes need not have rights to prepare invoices.
        dispute_sudo = self.sudo()
        if credit_note_ids:
            entries = self.env["account.move"].browse(credit_note_ids)
            entries.check_access("read")
            # Read by who settles the dispute, linked by the system.
            entries_sudo = entries.sudo()
            dispute_sudo._link_credits(entries_sudo)
        else:
            dispute_sudo._plan_credits()
            dispute_sudo._prepare_credit_notes()
        self._decide("accepted", text)
        return self.action_open_credit_notes()

    def action_prepare_credit_notes(self):
        """Prepare anew the credit notes that were deleted or cancelled.

        :return: action that opens the credit notes
        :raise UserError: none is missing
        """
        self.ensure_one()
        self.check_access("write")
        if not self.is_credit_missing:
            raise UserError(
                self.env._("No credit note is missing: open those that there are.")
            )
        # Who settles disputes need not have rights to prepare invoices.
        dispute_sudo = self.sudo()
        dispute_sudo._prepare_credit_notes()
        dispute_sudo._settle()
        return self.action_open_credit_notes()

    def action_open_credit_notes(self):
        """Open the credit notes of the disputes.

        :return: action
        """
        return self.credit_note_ids._get_records_action(
            name=self.env._("Credit Notes"), context={"create": False}
        )

    # ------------------------------------------------------------------
    # BUSINESS METHODS - SETTLEMENT
    # ------------------------------------------------------------------

    @api.model
    def _get_running_domain(self):
        # EXTENDS 'account_dunning': what is accepted waits for its credit notes
        waiting = [("state", "=", "accepted"), ("date_credited", "=", False)]
        return super()._get_running_domain() | fields.Domain(waiting)

    @api.model
    def _get_settled_domain(self):
        # EXTENDS 'account_dunning': a credit note can be taken back
        accepted = fields.Domain("state", "=", "accepted")
        return super()._get_settled_domain() | accepted

    @api.model
    def _get_domain_of_items(self, items):
        # EXTENDS 'account_dunning': credit notes count, not only what they credit
        domain = super()._get_domain_of_items(items)
        moves = items.move_id
        return domain | fields.Domain("credit_ids.credit_note_id", "in", moves.ids)

    @api.model
    def _get_query_of_items(self, items) -> SQL:
        # EXTENDS 'account_dunning': credit notes count, not only what they credit
        self.env["dunning.dispute.credit"].flush_model(["credit_note_id"])
        return SQL(
            "%s UNION ALL SELECT FROM dunning_dispute_credit"
            " WHERE credit_note_id = ANY(%s)",
            super()._get_query_of_items(items),
            items.move_id.ids,
        )

    @api.model
    def _get_domain_of_moves(self, moves):
        # EXTENDS 'account_dunning'
        domain = super()._get_domain_of_moves(moves)
        return domain | fields.Domain("credit_ids.credit_note_id", "in", moves.ids)

    def _settle_states(self):
        # EXTENDS 'account_dunning'
        result = super()._settle_states()
        for dispute in self.filtered(lambda dispute: dispute.state == "accepted"):
            dispute._settle_credits()
        return result

    def _settle_credits(self):
        """Follow the credit notes of an accepted dispute."""
        pending = self._get_pending_credits()
        if not pending and not self.date_credited:
            self.date_credited = self.company_id._dunning_today()
            self._log_difference()
        elif pending and self.date_credited:
            self.date_credited = False
        # Who accepted thinks of it no more: a credit note that is gone is to be told.
        activities = self.activity_search([SETTLE])
        if "missing" not in pending.mapped("state"):
            activities.unlink()
        elif not activities:
            self._schedule_settlement(
                summary=self.env._("A credit note is gone: prepare it again or reopen")
            )

    def _log_difference(self):
        """Say when the credit notes are not what was accepted: the accounting has the
        last word, and what they leave is dunned."""
        accepted = sum(self.credit_ids.mapped("amount"))
        credited = sum(self.credit_ids.mapped("amount_credited"))
        if self.currency_id.compare_amounts(accepted, credited):
            self._message_log(
                body=self.env._(
                    "%(credited)s credited instead of the %(accepted)s accepted. What "
                    "is left open is dunned.",
                    credited=format_amount(self.env, credited, self.currency_id),
                    accepted=format_amount(self.env, accepted, self.currency_id),
                )
            )

    def _get_need(self):
        # EXTENDS 'account_dunning': what is accepted and not credited yet
        if self.state != "accepted":
            return super()._get_need()
        return sum(self._get_pending_credits().mapped("amount")), False

    def _get_ordered_items(self):
        # EXTENDS 'account_dunning': what is credited on one invoice is not kept out
        # of another
        items = super()._get_ordered_items()
        pending = self._get_pending_credits()
        if self.state != "accepted" or not all(credit.move_id for credit in pending):
            return items
        return items.filtered(lambda line: line.move_id in pending.move_id)

    def _get_pending_credits(self):
        return self.credit_ids.filtered(lambda credit: not credit._is_in_ledger())

    # ------------------------------------------------------------------
    # BUSINESS METHODS - TAKING BACK
    # ------------------------------------------------------------------

    def _check_reopenable(self):
        # EXTENDS 'account_dunning': what the accounting has posted is not undone here
        for dispute in self:
            posted = dispute.credit_ids.filtered(lambda x: x.state == "posted")
            if posted:
                raise UserError(
                    self.env._(
                        "“%s” is posted: reset it to draft first if the dispute is "
                        "to be decided anew.",
                        posted[0].credit_note_id.display_name,
                    )
                )
        return super()._check_reopenable()

    def _take_back(self):
        # EXTENDS 'account_dunning': the drafts go with the decision
        drafts = self.credit_ids.filtered(
            lambda credit: credit.prepared and credit.state == "draft"
        ).credit_note_id
        self.credit_ids.unlink()
        drafts.filtered(lambda move: not move.posted_before).unlink()
        return super()._take_back()
