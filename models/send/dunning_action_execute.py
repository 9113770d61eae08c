import logging
from datetime import timedelta

from markupsafe import Markup
from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.service.model import (
    MAX_TRIES_ON_CONCURRENCY_FAILURE,
    PG_CONCURRENCY_EXCEPTIONS_TO_RETRY,
)
from odoo.tools import clean_context

from ...tools.words import OPEN_STATES

_logger = logging.getLogger(__name__)

BATCH_SIZE = 100
TIME_TO_UNDO = timedelta(minutes=1)
LOOK_AGAIN = timedelta(minutes=1)


class DunningAction(models.Model):
    """Execution: lock, re-check against the ledger in the same transaction, send,
    record. Always in batches of different customers; a failure stays on its
    action."""

    _inherit = "dunning.action"

    # ------------------------------------------------------------------
    # SCHEDULED ACTIONS
    # ------------------------------------------------------------------

    @api.model
    def _cron_execute(self):
        """Send what is automatic and due, batch by batch, committing each."""
        self.env["dunning.guard"]._check_scheduled()
        cron = self.env["ir.cron"]
        domain = self._get_due_domain()
        cron._commit_progress(remaining=self.search_count(domain))
        for turn, size in self._get_turns(domain):
            while count := self._execute_next(turn, size):
                if not cron._commit_progress(count):
                    # Some were put off, and others have dealt with some.
                    cron._commit_progress(remaining=self.search_count(domain))
                    return
        if self.search_count(domain, limit=1):
            # Others are dealing with what is left, and may be killed over it.
            senders_sudo = self._get_senders()
            senders_sudo[:1]._trigger(fields.Datetime.now() + LOOK_AGAIN)
        cron._commit_progress(remaining=0)

    @api.model
    def _get_turns(self, domain: Domain) -> list[tuple[Domain, int]]:
        """Return what is due in the order in which it leaves, each as a condition and
        how many customers are locked at a time."""
        return [(domain, BATCH_SIZE)]

    @api.model
    def _execute_next(self, domain, size=None):
        """Send the next batch, in a transaction of its own.

        :param size: how many customers are locked at most
        :return: number of actions that were dealt with
        """
        for tries_left in reversed(range(MAX_TRIES_ON_CONCURRENCY_FAILURE)):
            try:
                actions = self._lock_due(domain, size or BATCH_SIZE)
                prompt = actions._filter_prompt()
                for company, own in prompt.grouped("company_id").items():
                    lang = company._dunning_as_itself().env.lang
                    own.with_context(lang=lang)._execute_safely()
                return len(actions)
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                # Somebody else has changed the same rows: look at them again.
                self.env.cr.rollback()
                if not tries_left:
                    raise

    def _filter_prompt(self) -> models.BaseModel:
        """Return the actions that can leave at once; the others wait for a later turn,
        so that nobody waits for them. Override to put some off."""
        return self

    @api.model
    def _get_due_domain(self):
        # Companies are few.  pylint: disable-next=no-search-all
        companies = self.env["res.company"].search([])
        due = Domain.OR(
            Domain("company_id", "=", company.id)
            & Domain("date", "<=", company._dunning_today())
            & Domain(
                "channel", "in", self.env["dunning.channel"]._get_sendable(company)
            )
            for company in companies
        )
        return due & Domain([("state", "=", "todo"), ("execution", "=", "automatic")])

    @api.model
    def _trigger_execution(self, at=None):
        # EXTENDS 'account_dunning': by the scheduled action
        for sender_sudo in self._get_senders():
            sender_sudo._trigger(at)
        return super()._trigger_execution(at)

    @api.model
    def _get_senders(self):
        """Return the scheduled action that sends and its copies, elevated. Odoo has
        each of them carried out by one process at a time: several share the work."""
        # Scheduled actions are reserved to administrators.
        crons_sudo = self.env["ir.cron"].sudo()
        cron = self.env.ref("account_dunning.cron_execute", raise_if_not_found=False)
        if not cron:
            return crons_sudo
        # For the same reason.
        cron_sudo = cron.sudo()
        domain = [
            ("model_id", "=", cron_sudo.model_id.id),
            ("code", "=", cron_sudo.code),
        ]
        return crons_sudo.search(domain, order="id")

    def _is_sendable(self) -> bool:
        """Return whether the system sends the action. What was planned by hand has
        no text to send: a person does it."""
        self.ensure_one()
        channel = self.env["dunning.channel"]._of(self.channel)
        return self._has_texts() and channel._is_automatic(self.company_id)

    def _has_texts(self) -> bool:
        """Return whether something is there to say what the action sends."""
        self.ensure_one()
        return self._get_kind()._has_texts(self)

    # ------------------------------------------------------------------
    # BUSINESS METHODS - EXECUTION
    # ------------------------------------------------------------------

    def _execute(self) -> None:
        """Carry out the actions at the request of a person, on any day."""
        self._lock_or_refuse()
        remaining = self
        while remaining:
            batch = remaining._get_one_by_customer()[:BATCH_SIZE]
            batch._execute_safely(any_day=True)
            remaining -= batch

    def _execute_safely(self, any_day=False):
        """Execute the batch as a whole; if anything fails, one by one, so that the
        failure stays on its action."""
        try:
            with self.env.cr.savepoint():
                self._execute_batch(any_day)
        except OperationalError:
            raise
        except Exception as error:
            if len(self) == 1:
                self._fail(self._get_failure_message(error))
            else:
                for action in self:
                    action._execute_safely(any_day)

    def _execute_batch(self, any_day):
        asked = {action: (action.channel, action.execution) for action in self}
        # One that has come down to a level of another kind waits for its own turn:
        # nobody has made the call, or approved the letter, that it has become.
        ready = self._refresh(any_day=any_day, complete=True).filtered(
            lambda action: (action.channel, action.execution) == asked[action]
        )
        possible = ready._choose_channels()._refresh_new_texts(asked, any_day)
        sendable = possible.filtered(lambda action: action._is_sendable())
        sent = sendable._send()
        manual = possible - sendable
        made = self.browse()
        for channel, actions in manual.grouped("channel").items():
            made |= self.env["dunning.channel"]._of(channel)._make(actions)
        made._log_on_customers()
        for company, actions in (sent | made).grouped("company_id").items():
            actions._mark_done(company._dunning_today())

    @api.model
    def _get_failure_message(self, error: Exception) -> str:
        """Return what people are told of an error; the log gets what is unexpected."""
        if isinstance(error, UserError):
            return str(error)
        _logger.info("Dunning action failed", exc_info=error)
        return self.env._("Unexpected error: %s", error)

    def _get_execution_notification(self):
        """Return the notification that says what happened to each action."""
        counts = {
            state: len(self.filtered(lambda a, state=state: a.state == state))
            for state in ("done", "failed", "cancelled")
        }
        by_hand = len(self.filtered(lambda action: action._waits_for_person()))
        waiting = len(self) - by_hand - sum(counts.values())
        parts = [
            text
            for count, text in (
                (counts["done"], self.env._("%s done", counts["done"])),
                (
                    counts["failed"],
                    self.env._("%s failed (the reason is on each)", counts["failed"]),
                ),
                (
                    counts["cancelled"],
                    self.env._(
                        "%s cancelled: nothing left to claim", counts["cancelled"]
                    ),
                ),
                (
                    by_hand,
                    self.env._("%s to do by hand, in the agenda", by_hand),
                ),
                (
                    waiting,
                    self.env._("%s moved: the customer was just contacted", waiting),
                ),
            )
            if count
        ]
        good = counts["done"] == len(self)
        return {
            "type": "ir.actions.client",
            # Why something did not go takes longer to read.
            "tag": "account_dunning.notify",
            "params": {
                "type": "success" if good else "warning",
                "message": self._tell_single() or ", ".join(parts),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _tell_single(self):
        """Return what became of a single action: of which, and why it went wrong."""
        states = dict(self._fields["state"]._description_selection(self.env))
        sent = len(self) == 1 and self._is_sendable()
        said = len(self) == 1 and {
            "done": self.env._("sent, cannot be taken back")
            if sent
            else states["done"],
            "failed": self.failure,
            "cancelled": self.cancel_label,
        }.get(self.state)
        return said and self.env._(
            "%(what)s: %(details)s", what=self.display_name, details=said
        )

    # ------------------------------------------------------------------
    # BUSINESS METHODS - SENDING
    # ------------------------------------------------------------------

    def _send(self):
        """Send the actions on their channels.

        :return: the actions that went out; the others have failed
        """
        sent = self.browse()
        for channel, actions in self.grouped("channel").items():
            sent |= self.env["dunning.channel"]._of(channel)._send(actions)
        return sent

    # ------------------------------------------------------------------
    # BUSINESS METHODS - LOGGING
    # ------------------------------------------------------------------

    def _log_on_invoices(self, texts: dict | None = None) -> None:
        """Note on each invoice that the customer was contacted about it.

        :param texts: dict of action to what is noted, instead of that
        """
        for company, actions in self.grouped("company_id").items():
            bodies = {}
            for action in actions:
                text = texts[action] if texts else action._get_log_body()
                bodies.update(dict.fromkeys(action._get_content_moves().ids, text))
            moves = self.env["account.move"].browse(bodies)
            moves._dunning_discreetly(company)._dunning_note(bodies)

    def _log_on_customers(self):
        """Note in the customer's chatter what a person did."""
        self._log_on_partners({action: action._get_log_body() for action in self})
        self._log_on_invoices()

    def _log_on_partners(self, texts):
        """Note something of each action on its customer.

        :param texts: dict of action to what is noted
        """
        for company, actions in self.grouped("company_id").items():
            bodies = {action.partner_id.id: texts[action] for action in actions}
            partners = self.env["res.partner"].browse(bodies)
            partners._dunning_discreetly(company)._message_log_batch(bodies=bodies)

    def _get_log_body(self) -> str:
        """Return the note: a link to the action and its name."""
        self.ensure_one()
        channels = dict(self._fields["channel"]._description_selection(self.env))
        return Markup("%s – %s") % (
            channels[self.channel],
            self._get_html_link(title=self._get_title_beside(channels[self.channel])),
        )

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_execute(self) -> dict:
        """Send the actions, or record the manual ones as done.

        Everything is checked against the ledger first: what was paid, held or
        credited meanwhile is left out; an action with nothing left is cancelled.

        :return: notification for the user
        :raise UserError: none of the actions can be carried out any more
        """
        self.check_access("write")
        # Users may not write the outcome themselves. The screen they come from may
        # have default values for what is created on the way.
        actions_sudo = self.sudo().with_context(clean_context(self.env.context))
        executable_sudo = actions_sudo.filtered(lambda a: a.state in OPEN_STATES)
        if not executable_sudo:
            raise UserError(self._get_not_open_message())
        executable_sudo._execute()
        return executable_sudo._get_execution_notification()

    def action_validate(self) -> bool:
        """Approve the actions that wait for it: they go out at once or on their date.

        :return: True
        :raise UserError: an action does not wait for approval
        """
        self.check_access("write")
        if any(action.state != "to_validate" for action in self):
            raise UserError(
                self.env._(
                    "Only actions to validate can be validated: refresh the list."
                )
            )
        # Users may not write the state themselves.
        actions_sudo = self.sudo()
        sendable_sudo = actions_sudo.filtered(lambda action: action._is_sendable())
        sendable_sudo.write({"state": "todo", "execution": "automatic"})
        manual_sudo = actions_sudo - sendable_sudo
        manual_sudo.write({"state": "todo", "execution": "manual"})
        manual_sudo._schedule_activities()
        # It can be taken back as long as its message stands.
        self._trigger_execution(fields.Datetime.now() + TIME_TO_UNDO)
        return True
