from itertools import chain

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_amount, format_date, get_lang

from ...tools.words import CALLABLE_STATES
from ..base.dunning_entered import accepts

UPCOMING_DAYS = 5


class DunningAction(models.Model):
    """The call screen: the queue of today's calls and what is shown of each."""

    _inherit = "dunning.action"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    attempts = fields.Integer(
        string="Call Attempts",
        readonly=True,
        copy=False,
        help="How many times nobody answered.",
    )
    call_time = fields.Datetime(
        string="Call After",
        readonly=True,
        copy=False,
        help="The call goes to the end of the queue until then.",
    )

    # === What the screen shows === #
    contact_function = fields.Char(compute="_compute_contact_person")
    contact_language = fields.Char(compute="_compute_contact_person")
    last_exchange_label = fields.Char(
        string="Last Contact", compute="_compute_last_exchange_label"
    )
    phone_partner_ids = fields.Many2many(
        "res.partner",
        string="Other Numbers",
        compute="_compute_phone_partner_ids",
        help="Others who can be called: the customer and its contacts.",
    )
    customer_note = fields.Text(
        string="About This Customer", compute="_compute_customer_note"
    )

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("contact_id", "company_id")
    @api.depends_context("lang")
    def _compute_contact_person(self):
        # "French / Français": in its own words, whatever language the screen speaks.
        names = {
            code: name.rpartition(" / ")[2]
            for code, name in self.env["res.lang"].get_installed()
        }
        for action in self:
            action.contact_function = action.contact_id.function
            action.contact_language = names.get(action.contact_lang)

    @api.depends("last_exchange_date")
    @api.depends_context("lang")
    def _compute_last_exchange_label(self):
        for action in self:
            day = action.last_exchange_date
            days = day and (action.company_id._dunning_today() - day).days
            if not day:
                action.last_exchange_label = self.env._("Never contacted")
            elif not days:
                action.last_exchange_label = self.env._("Today")
            elif days == 1:
                action.last_exchange_label = self.env._("Yesterday")
            else:
                action.last_exchange_label = self.env._("%s days ago", days)

    @api.depends("partner_id", "contact_id")
    def _compute_phone_partner_ids(self):
        for actions in self._by_rights_on_customer():
            actions._set_phone_partners()

    def _set_phone_partners(self):
        found = self.env["res.partner"].search(
            [
                ("commercial_partner_id", "in", self.partner_id.ids),
                ("phone", "!=", False),
            ]
        )
        by_customer = found.grouped("commercial_partner_id")
        for action in self:
            others = by_customer.get(action.partner_id, found.browse())
            # Those of another company are not ours to call.
            others = others._dunning_filter_of_company(action.company_id)
            action.phone_partner_ids = others - action.contact_id

    @api.depends("partner_id", "company_id")
    def _compute_customer_note(self):
        for action in chain(*self._by_rights_on_customer()):
            partner = action.partner_id.with_company(action.company_id)
            action.customer_note = partner.dunning_note

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    @api.model
    @accepts(mine="boolean")
    def action_open_calls(self, mine: bool = True):
        """Open the first call of the queue.

        :param mine: only the calls of the user
        :return: action that opens the call, or the screen that says what comes next
            when there is no call left
        """
        # The calls of the day claim what is owed today.
        calls = self._get_call_domain(mine and self._has_own_calls())
        self.refresh_waiting(calls & self._get_day_domain("<="))
        queue = self.get_call_queue(mine)
        if queue["ids"]:
            return self.browse(queue["ids"][0]).action_open_call()
        return {
            "type": "ir.actions.client",
            "tag": "account_dunning.calls_done",
            "name": self.env._("Calls"),
            "params": self._get_upcoming_calls(queue["mine"], queue["done"]),
        }

    def action_open_call(self) -> dict:
        """Open the action on the call screen.

        :return: action that opens it
        """
        self.ensure_one()
        window = self.env["ir.actions.actions"]._for_xml_id(
            "account_dunning.action_call"
        )
        # The form comes first; the list is what the breadcrumb leads back to.
        views = sorted(window["views"], key=lambda view: view[1] != "form")
        return dict(window, views=views, res_id=self.id)

    @accepts(outcome="string")
    def action_open_outcome(self, outcome: str):
        """Open the dialog that records the outcome of the call.

        :param outcome: one of the values of the field ``outcome``
        :return: action that opens the dialog
        :raise UserError: the call was made or cancelled meanwhile
        """
        self.ensure_one()
        self.check_access("write")
        self._check_callable()
        labels = dict(self._fields["outcome"]._description_selection(self.env))
        if outcome not in labels:
            raise UserError(self.env._("There is no such outcome of a call."))
        # One that has no dialog of its own asks what is asked of any.
        views = "account_dunning.view_call_outcome_"
        view = self.env.ref(f"{views}{outcome}", False) or self.env.ref(f"{views}other")
        return {
            "type": "ir.actions.act_window",
            "name": labels[outcome],
            "res_model": "dunning.call.outcome",
            "views": [(view.id, "form")],
            "target": "new",
            "context": {"default_action_id": self.id, "default_outcome": outcome},
        }

    def _check_callable(self):
        """Refuse what is no call to make.

        :raise UserError: saying why
        """
        self._check_open()
        if self.channel != "call":
            raise UserError(
                self.env._("“%s” is not a phone call any more.", self.display_name)
            )
        if self.state not in CALLABLE_STATES:
            raise UserError(
                self.env._(
                    "“%s” waits for its approval: validate it first.", self.display_name
                )
            )

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _is_begun(self):
        # EXTENDS 'account_dunning': somebody has called, or is to call at a time
        return super()._is_begun() or bool(self.attempts or self.call_time)

    @api.model
    @api.readonly
    @accepts(mine="boolean")
    def get_call_queue(self, mine: bool = True):
        """Return the calls to make today: those that can be made now first, then by
        what is at stake, the amount and how late it is.

        :param mine: only the calls of the user; those of all where the user has none,
            today or later
        :return: dict: ``ids`` of the calls to make, number of those ``done`` today or
            to be tried again another day, whether they are ``mine``
        """
        mine = mine and self._has_own_calls()
        calls = self.search_fetch(
            self._get_call_domain(mine) & self._get_day_domain("<="),
            ["amount", "date", "date_due", "call_time", "company_id", "state"],
        )
        now = fields.Datetime.now()

        def rank(call):
            waits = bool(call.call_time and call.call_time > now)
            stake = call.amount * max(call.days_late, 1)
            return waits, waits and call.call_time, -stake, call.id

        return {
            "ids": calls.sorted(rank).ids,
            "done": self.search_count(self._get_dealt_domain(mine)),
            "mine": mine,
        }

    @api.model
    def _has_own_calls(self):
        """Return whether the user makes calls: has some to make, or has made some
        today."""
        own = self._get_call_domain(True) | self._get_done_domain(True)
        return bool(self.search_count(own, limit=1))

    @api.model
    def _get_call_domain(self, mine):
        domain = Domain(
            [
                ("channel", "=", "call"),
                ("state", "in", CALLABLE_STATES),
                ("company_id", "in", self.env.companies.ids),
            ]
        )
        return domain & Domain("user_id", "=", self.env.uid) if mine else domain

    @api.model
    def _get_done_domain(self, mine):
        # What was undone is to be done again.
        done = Domain(
            [
                ("channel", "=", "call"),
                ("state", "=", "done"),
                ("correction_ids", "=", False),
            ]
        )
        if mine:
            done &= Domain("done_user_id", "=", self.env.uid)
        return done & self._get_day_domain("=", "date_done")

    @api.model
    def _get_day_domain(self, operator, field_name="date"):
        """Compare a date with today in each company: days begin where it works."""
        return Domain.OR(
            Domain("company_id", "=", company.id)
            & Domain(field_name, operator, company._dunning_today())
            for company in self.env.companies
        )

    @api.model
    def _get_upcoming_calls(self, mine, done):
        """Return what the screen says when no call is left.

        :param done: number of calls made today
        :return: dict ``mine, done, others`` (calls of colleagues), ``days`` and what
            the day has brought, see :meth:`_get_day_summary`
        """
        domain = self._get_call_domain(mine) & self._get_day_domain(">")
        groups = self._read_group(
            domain, ["date:day"], ["__count"], order="date:day", limit=UPCOMING_DAYS
        )
        others = len(self.get_call_queue(mine=False)["ids"]) if mine else 0
        return {
            "mine": mine,
            "done": done,
            **self._get_day_summary(mine),
            "others": others,
            "days": [
                {"date": self._format_weekday(day), "count": count}
                for day, count in groups
            ],
        }

    @api.model
    def _format_weekday(self, day):
        """Return a date with the day of the week, as people say it."""
        english = get_lang(self.env).code.startswith("en")
        pattern = "EEEE, MMMM d" if english else "EEEE d MMMM"
        text = format_date(self.env, day, date_format=pattern)
        return self._with_ordinal(text, day)


class DunningActionLine(models.Model):
    _inherit = "dunning.action.line"

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("name", "amount_claimed", "currency_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for line in self:
            amount = format_amount(self.env, line.amount_claimed, line.currency_id)
            line.display_name = f"{line._get_content_number()} – {amount}"
