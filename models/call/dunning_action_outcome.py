from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import clean_context, format_date, format_datetime

from ...tools.words import OPEN_STATES, OUTCOMES


class DunningAction(models.Model):
    """What the customer answered, and what follows from it.

    How it works: the dialog of the call screen collects the answer, re-checks the call
    (:meth:`_recheck_call`), closes it (:meth:`_close_call`, which executes it like any
    action), then applies the outcome by one of the ``_apply_*`` methods (next file).
    """

    _inherit = "dunning.action"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    outcome = fields.Selection(OUTCOMES, readonly=True, copy=False)
    outcome_details = fields.Json(
        readonly=True, copy=False, help="What was agreed: amounts, dates, people."
    )
    outcome_text = fields.Char(string="Result", compute="_compute_outcome_text")
    call_id = fields.Many2one(
        "dunning.action",
        string="Follows the Call",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    corrects_id = fields.Many2one(
        "dunning.action",
        string="Corrects the Call",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    correction_ids = fields.One2many(
        "dunning.action",
        "corrects_id",
        string="Corrected by",
        help="What was planned anew because this was recorded by mistake.",
    )

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("outcome", "outcome_details", "reason_id")
    @api.depends_context("lang", "tz")
    def _compute_outcome_text(self):
        labels = dict(self._fields["outcome"]._description_selection(self.env))
        for action in self:
            what = labels.get(action.outcome)
            if action.outcome == "other":
                # The reason says what it was.
                what = action.reason_id.name or what
            action.outcome_text = action._tell_outcome(what)

    def _tell_outcome(self, what):
        """Return how the action ended, with what was agreed.

        :param what: what the customer said, in words
        """
        details = what and ", ".join(self._get_outcome_parts())
        if not details:
            return what
        return self.env._("%(what)s: %(details)s", what=what, details=details)

    def _get_outcome_parts(self):
        """Return what was agreed as short texts."""
        self.ensure_one()
        details = self.outcome_details or {}
        means = dict(self._get_means())
        parts = self._format_amounts(details.get("amounts"))
        parts += details.get("numbers", [])
        if details.get("schedule"):
            parts.append(
                self.env._("%s instalments from", len(details["schedule"]))
                + " "
                + format_date(self.env, details["schedule"][0][0])
            )
        elif details.get("date"):
            parts.append(format_date(self.env, details["date"]))
        parts += [details[key] for key in ("who", "email", "phone") if details.get(key)]
        if details.get("means"):
            parts.append(means[details["means"]])
        if details.get("stop_trading"):
            parts.append(self.env._("stop trading?"))
        if details.get("attempts"):
            parts.append(self.env._("attempt %s", details["attempts"]))
        if details.get("time"):
            time = format_datetime(self.env, details["time"], dt_format="short")
            parts.append(self.env._("call again after %s", time))
        elif details.get("next_date"):
            day = format_date(self.env, details["next_date"])
            parts.append(self.env._("call again on %s", day))
        return parts

    def _get_reason_beside(self):
        # EXTENDS 'account_dunning': where the outcome does not tell it already
        own = self.env["dunning.outcome"]._of(self.outcome)._get_reason()
        is_own = self.outcome == "other" or self.reason_id in own
        return not is_own and super()._get_reason_beside()

    @api.model
    def _get_means(self) -> list:
        """Return the means of payment that a promise may name: codes and labels."""
        dialog = self.env["dunning.call.outcome"]
        return dialog._fields["means"]._description_selection(self.env)

    @api.model
    def _format_amounts(self, amounts):
        """Return amounts as texts.

        :param amounts: dict of currency id, as text, to amount
        """
        currencies = self.env["res.currency"]
        return [
            self._format_amount(amount, currencies.browse(int(currency_id)))
            for currency_id, amount in (amounts or {}).items()
        ]

    # ------------------------------------------------------------------
    # CRUD METHODS
    # ------------------------------------------------------------------

    def _get_log_body(self):
        # EXTENDS 'account_dunning': say how the call ended
        body = super()._get_log_body()
        for text in (self.outcome_text, self._get_reason_beside(), self.note):
            if self.outcome and text:
                body += Markup("<br/>%s") % text
        return body

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_execute(self):
        # EXTENDS 'account_dunning': what came of attempts is not how the call ended
        attempts = self.filtered(lambda action: action._is_attempt())
        # Users may not write the outcome themselves.
        attempts.sudo().write({"outcome": False, "outcome_details": False})
        return super().action_execute()

    def action_undo_call(self):
        """Take back what followed from the call: its promises are withdrawn, its holds
        released, its disputes and next actions cancelled, and the customer is to be
        called again today. The call itself stays in the history.

        :return: id of the call to make
        :raise UserError: the call was not made today by the user, or was undone
        """
        self.ensure_one()
        self.check_access("write")
        today = self.company_id._dunning_today()
        if self._is_attempt():
            self._undo_attempt(today)
            return self.id
        own = self.done_user_id == self.env.user and self.date_done == today
        if self.state != "done" or not self.outcome or not own:
            raise UserError(
                self.env._("Only the calls that you made today can be undone.")
            )
        if self._is_redone():
            raise UserError(self.env._("This call was undone already."))
        self._reserve_undoing()
        text = self.env._("Undone: %s", self.outcome_text)
        self._undo_sequels(text)
        call = self._plan_anew()
        self.partner_id._dunning_discreetly(self.company_id)._message_log(body=text)
        return call.id

    # ------------------------------------------------------------------
    # BUSINESS METHODS - CLOSING
    # ------------------------------------------------------------------

    def _recheck_call(self, note):
        """Lock the call and bring it in line with the ledger, before its outcome is
        recorded.

        :param note: kept when the call is pointless
        :return: whether something is left to claim; a call that was about nothing in
            particular is none the less made
        :raise UserError: the call is not to be made any more
        """
        self.ensure_one()
        self._check_callable()
        # Users may not change the state themselves.
        call_sudo = self.sudo()
        call_sudo._lock_or_refuse()
        call_sudo.invalidate_recordset(["state"])
        self._check_callable()
        had_items = bool(self._get_content_lines())
        call_sudo._refresh(any_day=True, complete=True)
        if self.state in OPEN_STATES and had_items and not self._get_content_lines():
            lines = call_sudo.line_ids
            call_sudo._cancel(
                lines._get_main_cause({line: line.drop_cause for line in lines})
            )
        if self.state in OPEN_STATES:
            self._check_callable()
            return True
        call_sudo._log_decision(
            note or self.env._("Called for nothing: %s", self.cancel_label)
        )
        return False

    def _close_call(self, outcome, details, reason, note):
        """Record the call as done with its outcome.

        :param details: what was agreed, see ``outcome_details``
        :raise UserError: the call could not be recorded
        """
        # Users may not write the outcome themselves. The dialog has default values for
        # what is created on the way.
        call_sudo = self.sudo().with_context(clean_context(self.env.context))
        call_sudo.write(
            {
                "outcome": outcome,
                "outcome_details": details,
                "reason_id": reason.id,
                "note": self._get_note_with(note),
            }
        )
        call_sudo._execute()
        if self.state != "done":
            raise UserError(
                self.failure
                or self.env._("The call cannot be recorded any more: open it again.")
            )

    def _retry_call(self, details, date, time=False, note=None, answered=False):
        """Keep the call in the agenda: nobody was reached, or not the right person.

        :param date: day of the next attempt
        :param time: not before that moment
        :param answered: somebody did answer: the attempt is not counted
        """
        attempts = self.attempts + (not answered)
        if not answered:
            details = {**details, "attempts": attempts}
        # Users may not write the outcome themselves.
        self.sudo().write(
            {
                "outcome": "wrong_contact" if answered else "no_answer",
                "outcome_details": details,
                "attempts": attempts,
                "date": date,
                "call_time": time,
                "note": self._get_note_with(note) if note else self.note,
            }
        )
        self._move_activities(date)
        self._log_attempt()

    def _get_call_fallback(self):
        """Return how the level says to reach a customer who does not answer, False
        when it says nothing or that is not possible."""
        self.ensure_one()
        return bool(self.level_id.fallback_channel) and self._get_fallback()

    def _give_up_call(self, channel):
        """Reach the customer in another way: nobody answers.

        :param channel: what takes the place of the call
        """
        # Users may not change the channel of a step themselves.
        call_sudo = self.sudo()
        attempts = call_sudo.attempts + 1
        call_sudo.write(
            {
                "outcome": "no_answer",
                "outcome_details": {"attempts": attempts},
                "attempts": attempts,
            }
        )
        call_sudo._log_attempt()
        missing = self.env._("Nobody answered (attempts: %s).", attempts)
        call_sudo._change_channels({call_sudo: (channel, missing)})
        if call_sudo._is_sendable():
            call_sudo._execute()

    def _is_attempt(self):
        """Return whether the outcome is that of an attempt: nobody answered, or not the
        right person, and the call is still to be made."""
        self.ensure_one()
        waits = self.channel == "call" and self.state in OPEN_STATES
        return waits and bool(self.outcome)

    def _is_outcome_undoable(self):
        """Return whether the call screen offers to take back what was recorded."""
        self.ensure_one()
        return self._is_attempt() or (self.state == "done" and self.channel == "call")

    def _undo_attempt(self, today):
        """Take back an attempt, with the contact that it has corrected: the call is to
        be made today."""
        text = self.env._("Undone: %s", self.outcome_text)
        details = self.outcome_details or {}
        self._undo_contact(details.get("corrected", ()))
        # Users may not write the outcome themselves.
        self.sudo().write(
            {
                "outcome": False,
                "outcome_details": False,
                "attempts": self.attempts - bool(details.get("attempts")),
                "date": today,
                "call_time": False,
            }
        )
        self._move_activities(today)
        self._log_attempt(text)

    def _log_attempt(self, text=None):
        """Leave a trace in the customer's history: the call itself is not done.

        :param text: what is told of it, by default how it ended
        """
        self.partner_id._dunning_discreetly(self.company_id)._message_log(
            body=text or self._get_log_body(),
            message_type="comment",
            author_id=self.env.user.partner_id.id,
        )

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _get_result(self):
        # EXTENDS 'account_dunning': the outcome of the call
        return self.outcome_text or super()._get_result()
