from datetime import date as Date

from odoo import fields, models
from odoo.exceptions import UserError

from ...tools.words import LEDGER_ENDS, OPEN_STAGES
from ..base.dunning_entered import accepts

# How far ahead the clock of a refused invoice can be set.
RESTART_HORIZON = 366


class DunningDispute(models.Model):
    """What people decide about disputes, and what follows for dunning."""

    _inherit = "dunning.dispute"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    decision = fields.Text(
        readonly=True,
        copy=False,
        help="Why it was decided so; a refusal tells it to the customer.",
    )
    date_restart = fields.Date(
        string="Clock Restarts on",
        readonly=True,
        copy=False,
        help="The delays of dunning count from that day.",
    )

    # ------------------------------------------------------------------
    # ACTIONS - OPEN STAGES
    # ------------------------------------------------------------------

    def action_process(self):
        """Say that somebody is working on the disputes.

        :return: True
        :raise UserError: one of them is closed
        """
        return self.write({"state": "in_process"})

    def action_wait_customer(self):
        """Say that the customer has to answer.

        :return: True
        :raise UserError: one of them is closed
        """
        return self.write({"state": "waiting_customer"})

    # ------------------------------------------------------------------
    # ACTIONS - OUTCOMES
    # ------------------------------------------------------------------

    @accepts(date_restart="date", text="string")
    def action_reject(
        self, date_restart: Date | str | bool | None = None, text: str | None = None
    ):
        """Refuse what the customer contests: the items are dunned again.

        :param date_restart: day from which the delays of dunning count; items that are
            not due yet keep their due date. ``False`` restarts nothing. When not given,
            they count from today for the items that were contested as a whole, and go
            on for those of which only a part was
        :param text: why, for the customer
        :return: True
        :raise UserError: one is closed, or the date is out of reason
        """
        self._check_decidable()
        date = fields.Date.to_date(date_restart)
        whole = self.filtered(lambda dispute: dispute._get_whole_holds())
        for (company, restarts), disputes in self.grouped(
            lambda dispute: (dispute.company_id, dispute in whole)
        ).items():
            day = date
            if date_restart is None and restarts:
                day = company._dunning_today()
            if day:
                disputes._check_restart(day)
            disputes._decide("rejected", text, date_restart=day, all_items=bool(date))
        return True

    @accepts(text="string")
    def action_correct(self, text: str | None = None):
        """Record that the customer has got a right invoice, or whatever was missing:
        the items are dunned again, and the delays count from today.

        :param text: what was corrected
        :return: True
        :raise UserError: one of them is closed
        """
        self._check_decidable()
        for company, disputes in self.grouped("company_id").items():
            today = company._dunning_today()
            disputes._decide("corrected", text, date_restart=today)
        return True

    @accepts(text="string")
    def action_cancel(self, text: str | None = None):
        """Drop disputes as if they had never been: the items go on by their dates.

        :param text: why
        :return: True
        :raise UserError: one of them is closed
        """
        self._check_decidable()
        self._decide("cancelled", text)
        return True

    def action_reopen(self):
        """Take a decision back: the disputes return to the stage they were in, and
        what is in dispute is kept out of dunning again.

        :return: True
        :raise UserError: one is open, or closed by the ledger
        """
        self.check_access("write")
        self._check_reopenable()
        self._reserve_items()
        held = self._get_held_beside()
        # Users may not write how disputes end.
        disputes_sudo = self.sudo()
        disputes_sudo._take_back()
        disputes_sudo._open_again()
        disputes_sudo._settle()
        self._check_held_beside(held)
        return True

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _get_whole_holds(self):
        """Return the holds that keep all of an item out: of one that is contested in
        part, the rest goes on by its dates."""
        return self._get_active_holds().filtered(
            lambda hold: (
                hold.currency_id.compare_amounts(
                    hold.amount, hold.move_line_ids.amount_residual_currency
                )
                >= 0
            )
        )

    def _decide(self, state, text, all_items=True, **values):
        """Close disputes by a decision.

        :param all_items: whether the clock of items contested in part restarts, too
        :param values: fields to write besides; with ``date_restart`` the clock of the
            items starts again on that day
        """
        # Users may not write how disputes end.
        disputes_sudo = self.sudo()
        if values.get("date_restart"):
            holds_sudo = disputes_sudo._get_active_holds()
            if not all_items:
                holds_sudo = disputes_sudo._get_whole_holds()
            holds_sudo._end(resume="restart", date=values["date_restart"])
        disputes_sudo._close(
            state,
            closed_by="user",
            closed_user_id=self.env.user._dunning_get_staff().id,
            decision=text,
            **values,
        )
        disputes_sudo._settle()
        if text:
            self._message_log_batch(bodies=dict.fromkeys(self.ids, text))

    def _take_back(self):
        """Undo what a decision has brought about. Override to undo more."""
        resumed = self.hold_ids.filtered("resume")
        resumed.write({"resume": False, "date_resume": False})
        self.write({"decision": False, "date_restart": False})

    def _check_decidable(self) -> None:
        """Refuse to decide about what is closed.

        :raise UserError: naming it, and how it ended
        """
        self.check_access("write")
        labels = dict(self._fields["state"]._description_selection(self.env))
        for dispute in self:
            if dispute.state not in OPEN_STAGES:
                raise UserError(
                    self.env._(
                        "“%(dispute)s” is closed already: %(stage)s. Reopen it to "
                        "decide anew.",
                        dispute=dispute.display_name,
                        stage=labels[dispute.state],
                    )
                )

    def _check_reopenable(self):
        """Refuse to reopen what no decision has closed.

        :raise UserError: saying why
        """
        for dispute in self:
            if dispute.state in OPEN_STAGES:
                raise UserError(
                    self.env._("“%s” is open already.", dispute.display_name)
                )
            if dispute.closed_by in LEDGER_ENDS:
                raise UserError(
                    self.env._(
                        "Nothing is left to pay on “%s”: it reopens by itself when a "
                        "payment is undone.",
                        dispute.display_name,
                    )
                )

    def _check_restart(self, day):
        """Refuse a day on which the clock cannot restart.

        :raise UserError: saying which days are possible
        """
        for dispute in self:
            last = fields.Date.add(
                dispute.company_id._dunning_today(), days=RESTART_HORIZON
            )
            if not dispute.date <= day <= last:
                raise UserError(
                    self.env._(
                        "Dunning cannot restart on that day: choose one from the "
                        "beginning of the dispute on, and within a year."
                    )
                )
