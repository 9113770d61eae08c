from datetime import date as Date
from datetime import datetime
from itertools import chain

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ...tools.words import CHANNELS, EXECUTIONS, OPEN_STATES, SAME_COMPANY
from ..base.dunning_entered import accepts

# What people may change by hand on an action that is not done.
EDITABLE_FIELDS = {"user_id", "date", "note", "reason_id"}


class DunningAction(models.Model):
    """One contact with one customer by one channel. The agenda is the open actions,
    the history the done ones: the same records.

    ``to_validate`` → ``todo`` → ``done``, or ``failed`` (can be tried again), or
    ``cancelled`` (skipped by hand, or pointless since a payment came in; the latter
    come back when the payment bounces). What is done is never changed.
    """

    _name = "dunning.action"
    _description = "Dunning Action"
    _inherit = ["dunning.protected", "mail.thread", "mail.activity.mixin"]
    _order = "date, amount desc, id"
    _check_company_auto = True

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        index=True,
        ondelete="restrict",
        domain=SAME_COMPANY,
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company,
        ondelete="restrict",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    kind = fields.Selection(
        [
            ("step", "Scenario"),
            ("follow_up", "Follow-up after the Last Level"),
            ("deadline", "Deadline Passed"),
            ("promise", "Promise Broken"),
            ("manual", "Planned by Hand"),
            ("notice", "Notice"),
            ("start", "Starting Level"),
        ],
        required=True,
        readonly=True,
        default="manual",
        help="Where the action comes from.",
    )
    scenario_id = fields.Many2one(
        "dunning.scenario", readonly=True, ondelete="restrict", check_company=True
    )
    level_id = fields.Many2one("dunning.level", readonly=True, ondelete="restrict")
    tone = fields.Selection(related="level_id.tone")
    instructions = fields.Text(related="level_id.instructions")
    run_id = fields.Many2one(
        "dunning.run", readonly=True, index="btree_not_null", ondelete="restrict"
    )

    # === What, when, who === #
    channel = fields.Selection(CHANNELS, required=True, default="call")
    execution = fields.Selection(
        EXECUTIONS, required=True, readonly=True, default="manual"
    )
    date = fields.Date(required=True, default=fields.Date.context_today, tracking=True)
    user_id = fields.Many2one(
        "res.users",
        string="Collector",
        index=True,
        tracking=True,
        # Who has worked here is archived.
        ondelete="restrict",
    )
    contact_id = fields.Many2one(
        "res.partner",
        compute="_compute_contact_id",
        help="Who is contacted: the customer's dunning contact, else the invoice "
        "address, else the customer.",
    )
    contact_email = fields.Char(compute="_compute_contact_id")
    contact_phone = fields.Char(compute="_compute_contact_id")
    note = fields.Text(help="Shown to whoever carries out the action.")

    # === Content === #
    line_ids = fields.One2many("dunning.action.line", "action_id", readonly=True)
    amount = fields.Monetary(
        string="Claimed",
        readonly=True,
        # Two contacts with a customer may claim the same money: a sum would be false.
        aggregator=None,
        help="In company currency: what the listed items leave to pay, without what "
        "is on hold.",
    )
    date_due = fields.Date(
        string="Oldest Due Date", readonly=True, help="Of the listed items."
    )

    # === Outcome === #
    state = fields.Selection(
        [
            ("to_validate", "To Validate"),
            ("todo", "To Do"),
            ("done", "Done"),
            ("failed", "Failed"),
            ("cancelled", "Cancelled"),
        ],
        string="Status",
        required=True,
        readonly=True,
        default="todo",
        tracking=True,
    )
    state_before = fields.Char(readonly=True, copy=False)
    # The gaps that follow count from the later of this and the planned date: who
    # acts ahead of time does not bring the next step forward.
    date_done = fields.Date(string="Done on", readonly=True, copy=False)
    done_user_id = fields.Many2one(
        "res.users", string="Done by", readonly=True, copy=False, ondelete="restrict"
    )
    reason_id = fields.Many2one(
        "dunning.reason", check_company=True, ondelete="restrict"
    )
    cancel_cause = fields.Char(readonly=True, copy=False)
    failure = fields.Text(readonly=True, copy=False)
    sent_message_id = fields.Many2one(
        "mail.message",
        string="Message Sent",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="The message of the customer by which it went out: answers and failures "
        "come back to it.",
    )

    # === Constraints and indexes === #
    _one_follow_up = models.UniqueIndex(
        "(company_id, partner_id) "
        "WHERE kind = 'follow_up' AND state IN ('to_validate', 'todo', 'failed')",
        "The customer already has an open follow-up.",
    )
    _contact_idx = models.Index(
        "(company_id, GREATEST(date_done, date)) WHERE state = 'done'"
    )
    _open_customer_idx = models.Index(
        "(company_id, partner_id) WHERE state IN ('to_validate', 'todo', 'failed')"
    )
    _open_idx = models.Index(
        "(company_id, date) WHERE state IN ('to_validate', 'todo', 'failed')"
    )

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("level_id", "kind", "partner_id", "channel")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for action in chain(*self._by_rights_on_customer()):
            what = action._get_kind()._get_name(action)
            name = action.partner_id.display_name
            action.display_name = f"{name} – {what}" if name else what

    @api.depends("partner_id", "company_id")
    def _compute_contact_id(self):
        for company, actions in chain(
            *(r.grouped("company_id").items() for r in self._by_rights_on_customer())
        ):
            partners = actions.with_company(company).partner_id
            contacts = partners._dunning_get_contacts()
            for action in actions:
                contact = contacts.get(action.partner_id.id, action.partner_id)
                action.contact_id = contact
                action.contact_email = contact.email
                action.contact_phone = contact.phone

    # ------------------------------------------------------------------
    # CRUD METHODS
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS 'base': what is planned by hand lists what the customer owes
        self._check_new(vals_list)
        actions = super().create(vals_list)
        actions._prepare_manual()
        return actions

    def _prepare_manual(self):
        """List what the customer owes on the actions planned by hand."""
        # Lines are written by the engine alone.
        manual_sudo = self.sudo().filtered(lambda action: action.kind == "manual")
        manual_sudo._refresh(any_day=True, complete=True)
        manual_sudo._take_over_follow_ups()
        manual_sudo._schedule_activities()

    def write(self, vals):
        # EXTENDS 'base': what was done stays as it was
        if not all(map(self._is_side_field, vals)):
            self._check_not_done(vals)
            self._check_editable(vals)
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_done(self):
        self._check_not_done()

    def _check_not_done(self, vals=None):
        """Refuse to change what was done, except by what only comes afterwards.

        :param vals: what is to be written, None for a deletion
        """
        done = self.filtered(lambda action: action.state == "done")
        if any(not action._is_sequel(vals or {}) for action in done):
            raise UserError(
                self.env._("What was done cannot be changed or deleted afterwards.")
            )

    def _is_sequel(self, vals):  # pylint: disable=unused-argument
        """Return whether these values come after what was done, without changing it.
        Override to let some of them be written."""
        return False

    def _get_editable_fields(self):
        # OVERRIDES 'dunning.protected'
        if not self:
            return EDITABLE_FIELDS | {"partner_id", "company_id", "channel"}
        kinds = (
            self.env["dunning.kind"]._of(kind) for kind in set(self.mapped("kind"))
        )
        common = set.intersection(*(kind._get_editable_fields() for kind in kinds))
        return EDITABLE_FIELDS | common

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    @accepts(date="date", reason="string")
    def action_postpone(self, date: Date | str, reason: str) -> bool:
        """Move open actions to a later date.

        :param date: new date, after today
        :param reason: why, kept in the history of the action
        :return: True
        :raise UserError: the date has passed, no reason, or an action is not open
        """
        self.check_access("write")
        date = fields.Date.to_date(date)
        self._check_open()
        self._check_reason(reason)
        for company, actions in self.grouped("company_id").items():
            if not date or date <= company._dunning_today():
                raise UserError(
                    self.env._("Choose a date after today to postpone the action to.")
                )
            # Users may not write the day of an action themselves.
            actions.sudo().write({"date": date})
        self._log_decision(self.env._("Postponed: %s", reason))
        self._move_activities(date)
        return True

    @accepts(reason="string")
    def action_skip(self, reason: str) -> bool:
        """Cancel open actions. Their level does not count: it can be proposed again.

        :param reason: why, kept in the history of the action
        :return: True
        :raise UserError: no reason, or an action is not open
        """
        self.check_access("write")
        self._check_open()
        self._check_reason(reason)
        # Users may not write the outcome themselves.
        actions_sudo = self.sudo()
        actions_sudo.skip_reason = " ".join(reason.split())
        actions_sudo._cancel("skipped")
        self._log_decision(self.env._("Skipped: %s", reason))
        return True

    def _check_open(self) -> None:
        """Refuse actions that are done or cancelled.

        :raise UserError: saying by whom and when
        """
        if any(action.state not in OPEN_STATES for action in self):
            raise UserError(self._get_not_open_message())

    def _check_reason(self, reason: str) -> None:
        """Refuse an empty reason.

        :raise UserError: asking for it
        """
        if not (reason or "").strip():
            raise UserError(self.env._("Say why: the reason is kept in the history."))

    def _get_not_open_message(self) -> str:
        """Return why the first action that is not open cannot be changed; where there
        is no action at all, that one is to be chosen."""
        if not self:
            return self.env._("No action is selected: select at least one.")
        action = self.filtered(lambda a: a.state not in OPEN_STATES)[:1]
        if action.state == "done":
            return self.env._(
                "“%(action)s” was already done by %(user)s on %(date)s.",
                action=action.display_name,
                user=action.done_user_id.name,
                date=format_date(self.env, action.date_done),
            )
        return self.env._(
            "“%s” is cancelled: it cannot be changed any more.", action.display_name
        )

    # ------------------------------------------------------------------
    # BUSINESS METHODS - STATES
    # ------------------------------------------------------------------

    def _cancel(self, cause: str) -> None:
        """Cancel the actions and free their items.

        :param cause: ``skipped`` by hand, else the reason the ledger gives
        """
        for state, actions in self.grouped("state").items():
            vals = {"state": "cancelled", "cancel_cause": cause}
            if state in OPEN_STATES:
                vals["state_before"] = state
            actions.write(vals)
        open_lines = self.line_ids.filtered(lambda line: line.state == "open")
        open_lines.write({"state": "dropped", "drop_cause": cause})
        self._drop_reminders()

    def _fail(self, message: str) -> None:
        """Note that the actions could not be carried out.

        :param message: what is wrong and what to do, in the user's words
        """
        self.write({"state": "failed", "failure": message})

    def _mark_done(self, date: Date) -> None:
        """Record the actions as done: their levels count from now on.

        :param date: day on which they were done
        """
        if not self:
            return
        lines = self.line_ids.filtered(lambda line: line.state == "open")
        lines.write({"state": "done"})
        self.write(
            {
                "state": "done",
                "date_done": date,
                "done_user_id": self.env.user._dunning_get_staff().id,
                "failure": False,
            }
        )
        self.env["dunning.item.state"]._rebuild(lines.move_line_id.ids)
        self._drop_reminders()

    def _mail_track(self, tracked_fields, initial_values):
        # EXTENDS 'mail': the action itself tells when it was done and by whom
        if self.state == "done":
            tracked_fields = {**tracked_fields}
            tracked_fields.pop("state", None)
        return super()._mail_track(tracked_fields, initial_values)

    def _log_decision(self, text: str) -> None:
        """Note on the actions what a person decided.

        :param text: in the user's words
        """
        self._message_log_batch(bodies=dict.fromkeys(self.ids, text))

    @api.model
    def _trigger_execution(self, at: datetime | None = None) -> None:
        """Have what is due and needs nobody carried out soon. Override to do so.

        :param at: moment before which nothing has to happen, in UTC; at once by default
        """

    def _get_kind(self) -> models.BaseModel:
        """Return what knows of the kind of the action."""
        self.ensure_one()
        return self.env["dunning.kind"]._of(self.kind)
