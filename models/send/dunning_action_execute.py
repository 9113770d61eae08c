import logging

from markupsafe import Markup
from psycopg2 import OperationalError

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.service.model import (
    MAX_TRIES_ON_CONCURRENCY_FAILURE,
    PG_CONCURRENCY_EXCEPTIONS_TO_RETRY,
)

from ...tools.text import one_line

_logger = logging.getLogger(__name__)

BATCH_SIZE = 100

# What is rendered of an e-mail template.
MAIL_FIELDS = (
    "attachment_ids",
    "body_html",
    "email_cc",
    "email_from",
    "mail_server_id",
    "reply_to",
    "report_template_ids",
    "scheduled_date",
    "subject",
)
# Reports are made when the e-mail is sent.
PREVIEWED_FIELDS = tuple(name for name in MAIL_FIELDS if name != "report_template_ids")

# An e-mail in these states may still go out.
UNSENT_STATES = ("outgoing", "exception")


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
        while count := self._execute_next(domain):
            if not cron._commit_progress(count):
                break

    @api.model
    def _execute_next(self, domain):
        """Send the next batch, in a transaction of its own.

        :return: number of actions that were dealt with
        """
        for tries_left in reversed(range(MAX_TRIES_ON_CONCURRENCY_FAILURE)):
            try:
                actions = self._lock_due(domain, BATCH_SIZE)
                actions._execute_safely()
                return len(actions)
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                # Somebody else has changed the same rows: look at them again.
                self.env.cr.rollback()
                if not tries_left:
                    raise

    @api.model
    def _get_due_domain(self):
        # Companies are few.  pylint: disable-next=no-search-all
        companies = self.env["res.company"].search([])
        due = Domain.OR(
            Domain("company_id", "=", company.id)
            & Domain("date", "<=", company._dunning_today())
            & Domain("channel", "in", self._get_sendable_channels(company))
            for company in companies
        )
        return due & Domain([("state", "=", "todo"), ("execution", "=", "automatic")])

    @api.model
    def _trigger_execution(self):
        """Have the due actions sent at once by the scheduled action."""
        # Triggering a scheduled action is reserved to administrators.
        cron_sudo = self.env.ref(
            "account_dunning.cron_execute", raise_if_not_found=False
        )
        if cron_sudo:
            cron_sudo.sudo()._trigger()

    @api.model
    def _get_sendable_channels(self, company):  # pylint: disable=unused-argument
        """Return the channels that the system can send on by itself for a company; on
        the others a person acts and records it. Override to add a channel, with
        :meth:`_send_channel`."""
        return ["email"]

    def _is_sendable(self):
        """Return whether the system sends the action. What was planned by hand has
        no text to send: a person does it."""
        self.ensure_one()
        return self._has_texts() and self.channel in self._get_sendable_channels(
            self.company_id
        )

    def _has_texts(self):
        """Return whether something is there to say what the action sends: its level.
        Override for actions of another kind."""
        self.ensure_one()
        return bool(self.level_id)

    # ------------------------------------------------------------------
    # BUSINESS METHODS - EXECUTION
    # ------------------------------------------------------------------

    def _execute(self):
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
        letters = manual.filtered("is_letter")
        made = letters._make_letters()
        # Whoever prints them puts them into the post.
        made._record_sendings(
            {action: action._prepare_letter_content(state="sent") for action in made}
        )
        manual = manual - letters | made
        manual._log_on_customers()
        for company, actions in (sent | manual).grouped("company_id").items():
            actions._mark_done(company._dunning_today())

    @api.model
    def _get_failure_message(self, error):
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
            "tag": "display_notification",
            "params": {
                "type": "success" if good else "warning",
                "message": self._tell_single() or ", ".join(parts),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _tell_single(self):
        """Return what became of a single action: of which, and why it went wrong."""
        states = dict(self._fields["state"]._description_selection(self.env))
        said = len(self) == 1 and {
            "done": states["done"],
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
            sent |= actions._send_channel(channel)
        return sent

    def _send_channel(self, channel):
        if channel == "email":
            return self._send_emails()
        return self.browse()

    def _send_emails(self):
        """Queue the e-mails of the actions in the customers' chatter."""
        sendable = self._filter_with_attachments()
        sendable._drop_former_mails()
        values = sendable._prepare_emails()
        mails = sendable._create_mails(values)
        sendable._record_sendings(
            {
                action: action._prepare_mail_content(values[action], mails[action])
                for action in sendable
            }
        )
        for action in sendable:
            action.mail_id = mails[action][0][0]
            action.sent_message_id = action.mail_id.mail_message_id
        sendable._log_on_invoices()
        return sendable

    def _prepare_emails(self, names=MAIL_FIELDS):
        """Return the e-mails of the actions: what is sent, and what is shown before.

        :param names: fields of ``mail.template`` to render
        :return: dict of action to values of ``mail.mail``
        """
        texts = self._render_texts(names)
        self._fill_reply_to({action.id: text for action, text in texts.items()})
        return {
            action: action._prepare_mail_values(text) for action, text in texts.items()
        }

    def _drop_former_mails(self):
        """Make sure that an e-mail that failed is not sent besides the new one."""
        former = self.sending_ids.recipient_ids.mail_id.filtered(
            lambda mail: mail.state in UNSENT_STATES
        )
        former.write({"state": "cancel"})

    def _prepare_mail_values(self, rendered):
        """Return the values of the ``mail.mail``: a message in the customer's
        chatter, so that the answers come back there.

        :param rendered: what the template gave for this action
        """
        self.ensure_one()
        attachments = [(4, id_) for id_ in rendered.get("attachment_ids") or []]
        attachments += [(4, file.id) for file in self._get_attachments()]
        if reports := rendered.get("attachments"):
            attachments += [(4, file.id) for file in self._keep_reports(reports)]
        return {
            "subject": one_line(rendered.get("subject")),
            "body_html": self._frame_mail(rendered.get("body_html")),
            "body": rendered.get("body_html"),
            "email_from": rendered.get("email_from")
            or self.company_id.email_formatted
            or self._get_author().email_formatted
            # Nobody has an address: that of the system is better than none.
            or self.env.user.email_formatted,
            "reply_to": rendered.get("reply_to") or False,
            "email_cc": rendered.get("email_cc") or False,
            "mail_server_id": rendered.get("mail_server_id") or False,
            "author_id": self._get_author().id,
            "record_company_id": self.company_id.id,
            "record_alias_domain_id": self.company_id.alias_domain_id.id,
            "recipient_ids": [(4, partner.id) for partner in self._get_recipients()],
            "attachment_ids": attachments,
            "model": "res.partner",
            "res_id": self.partner_id.id,
            "message_type": "email_outgoing",
            "subtype_id": self._dunning_get_subtype_id(),
            "is_notification": True,
            "auto_delete": False,
        }

    # ------------------------------------------------------------------
    # BUSINESS METHODS - LOGGING
    # ------------------------------------------------------------------

    def _log_on_invoices(self, texts=None):
        """Note on each invoice that the customer was contacted about it.

        :param texts: dict of action to what is noted, instead of that
        """
        for company, actions in self.grouped("company_id").items():
            bodies = {}
            for action in actions:
                text = texts[action] if texts else action._get_log_body()
                bodies.update(dict.fromkeys(action._get_content_moves().ids, text))
            moves = self.env["account.move"].browse(bodies)
            moves._dunning_discreetly(company)._message_log_batch(bodies=bodies)

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

    def _get_log_body(self):
        """Return the note: a link to the action and its name."""
        self.ensure_one()
        channels = dict(self._fields["channel"]._description_selection(self.env))
        return Markup("%s – %s") % (
            channels[self.channel],
            self._get_html_link(title=self._get_title_beside(channels[self.channel])),
        )
