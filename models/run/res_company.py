from datetime import date as Date

from pytz import utc

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.service.model import (
    MAX_TRIES_ON_CONCURRENCY_FAILURE,
    PG_CONCURRENCY_EXCEPTIONS_TO_RETRY,
)
from odoo.tools import SQL

from ...tools import dates, working_days
from ...tools.plan import PlanRow
from ..base.dunning_guarded import READERS
from ..plan.dunning_plan import CALENDAR_HORIZON, PlanScope


class ResCompany(models.Model):
    _inherit = "res.company"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    dunning_scenario_id = fields.Many2one(
        "dunning.scenario",
        string="Default Dunning Scenario",
        default=lambda self: self._dunning_get_shipped_scenario(),
        ondelete="restrict",
        help="Scenario of the customers to whom no other applies.",
        groups=READERS,
    )
    dunning_user_id = fields.Many2one(
        "res.users",
        string="Default Collector",
        help="Collector of the customers who have none of their own.",
        groups=READERS,
    )
    dunning_enabled = fields.Boolean(
        string="Daily Dunning",
        default=True,
        help="Dun the customers by itself on each working day.",
        groups=READERS,
    )
    dunning_include_misc = fields.Boolean(
        string="Dun Miscellaneous Entries",
        help="Dun opening balances and other miscellaneous entries too, although Odoo "
        "marks their items as “No Follow-Up”.",
        groups=READERS,
    )
    dunning_first_contact_days = fields.Integer(
        string="Days before the First Contact",
        default=5,
        help="An invoice that is posted or sent late, when its reminder would be due, "
        "is not spoken of to the customer for so many days.",
        groups=READERS,
    )
    dunning_post_letters = fields.Boolean(
        string="Post Letters through Odoo",
        help="Letters are printed and posted by Odoo's service, for a fee, instead of "
        "waiting to be printed.",
        groups=READERS,
    )
    dunning_call_attempts = fields.Integer(
        string="Call Attempts",
        default=3,
        help="After so many calls that nobody answered, writing is proposed instead; "
        "0, never.",
        groups=READERS,
    )
    dunning_attachment_count = fields.Integer(
        string="Invoices Attached at Most",
        default=10,
        help="To one e-mail; the customer is told that the others are sent on request.",
        groups=READERS,
    )
    dunning_attachment_size = fields.Integer(
        string="Attachments at Most (MB)",
        default=10,
        help="What many mail servers accept.",
        groups=READERS,
    )
    dunning_run_ids = fields.One2many(
        "dunning.run",
        "company_id",
        groups=READERS,
    )

    # === Constraints and indexes === #
    _dunning_call_attempts_not_negative = models.Constraint(
        "CHECK(dunning_call_attempts >= 0)",
        "The number of call attempts cannot be negative.",
    )
    _dunning_first_contact_days_not_negative = models.Constraint(
        "CHECK(dunning_first_contact_days >= 0)",
        "The number of days before the first contact cannot be negative.",
    )
    _dunning_first_contact_days_in_a_year = models.Constraint(
        "CHECK(dunning_first_contact_days <= 365)",
        "The days before the first contact must be within a year: lower them.",
    )
    _dunning_call_attempts_limited = models.Constraint(
        "CHECK(dunning_call_attempts <= 100)",
        "Nobody is called more than 100 times: lower the number of call attempts.",
    )
    _dunning_attachments_limited = models.Constraint(
        "CHECK(dunning_attachment_count BETWEEN 0 AND 100 "
        "AND dunning_attachment_size BETWEEN 0 AND 100)",
        "At most 100 invoices and 100 MB are attached to one e-mail: choose numbers "
        "between 0 and 100.",
    )

    # ------------------------------------------------------------------
    # BUSINESS METHODS - PLAN AND RUN
    # ------------------------------------------------------------------

    def _dunning_plan(self, date=None):
        """Say for each open item of the company what happens to it, and why.

        Nothing is written.

        :param date: day of the plan, today by default
        :return: list of rows ``move_line_id, partner_id, decision, level_id, date,
            reason`` (:class:`~odoo.addons.account_dunning.tools.plan.PlanRow`).
            ``decision`` is ``step`` (``level_id`` is due that day), ``later``
            (``level_id`` comes on ``date``) or ``out`` (``reason`` says why)
        :rtype: list[PlanRow]
        """
        self.ensure_one()
        plan = self.env["dunning.plan"]
        query = SQL(
            "SELECT id, partner_id, decision, level_id, date, reason FROM (%s) plan",
            plan._get_query(self._dunning_scope(date)),
        )
        # Rows share their values: a million items have few dates and reasons.
        shared = {}
        return [
            PlanRow(id_, *(shared.setdefault(value, value) for value in values))
            for id_, *values in plan._stream_on_ledger(query)
        ]

    def _dunning_run(self, date=None, excluded_partners=None, excluded_lines=None):
        """Create the actions that the plan of the day asks for.

        Running again on the same day adds only what has become due since. A run for a
        day to come is a preview: it counts what the plan says and creates nothing.

        :param date: day of the run, today by default
        :param excluded_partners: ``res.partner`` to leave out this time
        :param excluded_lines: ``account.move.line`` to leave out this time
        :return: the ``dunning.run``
        :raise UserError: the company is archived, or another run is in progress
        """
        self.ensure_one()
        if not self.active:
            raise UserError(
                self.env._(
                    "The company “%s” is archived: its customers are not dunned.",
                    self.name,
                )
            )
        # Nobody may create runs otherwise than by running.
        run_sudo = (
            self.env["dunning.run"]
            .sudo()
            ._create_for(self, self._dunning_scope(date).date)
        )
        self._dunning_settle()
        run_sudo._apply(
            excluded_partners or self.env["res.partner"],
            excluded_lines or self.env["account.move.line"],
        )
        return run_sudo.sudo(self.env.su)

    def _dunning_scope(self, date=None, **options) -> PlanScope:
        day = fields.Date.to_date(date) if date else self._dunning_today()
        # The plan of a company does not depend on who asks for it.
        company_sudo = self.sudo()
        return PlanScope(company=company_sudo, date=day, **options)

    @api.model
    def _cron_dunning_run(self):
        """Run today's dunning of each company that has it enabled, each in its own
        transaction: the failure of one leaves the others alone."""
        self.env["dunning.guard"]._check_scheduled()
        companies = self.search([("dunning_enabled", "=", True)])
        self.env["ir.cron"]._commit_progress(remaining=len(companies))
        for company in companies:
            company.with_company(company)._dunning_run_safely()
            if not self.env["ir.cron"]._commit_progress(1):
                break

    def _dunning_run_safely(self):
        """Run today's dunning when its turn has come, at the beginning of a
        transaction; a failure is written on a run of its own."""
        for _try in range(MAX_TRIES_ON_CONCURRENCY_FAILURE):
            try:
                self.env["dunning.run"]._wait_for_lock(self)
                with self.env.cr.savepoint():
                    return self._dunning_run()
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY as error:
                # Somebody else has changed the same rows: look at them again.
                self.env.cr.rollback()
                failure = error
            except Exception as error:
                failure = error
                break
        return self.env["dunning.run"].sudo()._create_failed(self, failure)

    # ------------------------------------------------------------------
    # BUSINESS METHODS - SETTINGS
    # ------------------------------------------------------------------

    def _dunning_get_scenarios(self):
        """Return the active scenarios the company can use, in order."""
        self.ensure_one()
        return self.env["dunning.scenario"].search(
            self.env["dunning.scenario"]._check_company_domain(self)
        )

    def _dunning_get_default_scenario(self):
        """Return the default scenario of the company, else of its parents."""
        self.ensure_one()
        for company in reversed(self.parent_ids):
            if company.dunning_scenario_id:
                return company.dunning_scenario_id
        return self.env["dunning.scenario"]

    @api.model
    def _dunning_get_shipped_scenario(self):
        return self.env.ref(
            "account_dunning.scenario_regular", raise_if_not_found=False
        )

    def _dunning_today(self) -> Date:
        """Return the date of today where the company works, whatever the time zone
        of the user or of the server."""
        self.ensure_one()
        company_sudo = self.sudo()
        calendar_sudo = company_sudo.resource_calendar_id
        timezone = self.env["dunning.plan"]._get_timezone(calendar_sudo)
        timezone = timezone or company_sudo.partner_id.tz
        if not timezone:
            return fields.Date.context_today(self)
        return fields.Date.context_today(self.with_context(tz=timezone))

    def _dunning_get_days_off(self, start, end):
        """Return the days of a period on which the company does not work.

        :param start: first date
        :param end: last date
        :return: set of dates; empty for a company without working calendar
        """
        self.ensure_one()
        period = dates.within(start, end)
        if not period:
            return set()
        start, end = period
        calendar_sudo = self.sudo().resource_calendar_id
        unusual = calendar_sudo._get_unusual_days(
            fields.Datetime.to_datetime(start).replace(tzinfo=utc),
            fields.Datetime.end_of(fields.Datetime.to_datetime(end), "day").replace(
                tzinfo=utc
            ),
            self,
        )
        days_off = {fields.Date.to_date(day) for day, off in unusual.items() if off}
        # A calendar without any working hour would put everything off for ever.
        return days_off if len(days_off) < len(unusual) else set()

    def _dunning_get_working_day(self, day=None):
        """Return the day, or the next one on which the company works.

        :param day: date, today by default
        """
        day = day or self._dunning_today()
        end = dates.shift(day, CALENDAR_HORIZON)
        return working_days.next_working_day(day, self._dunning_get_days_off(day, end))

    def _dunning_add_working_days(self, count):
        """Return the day on which so many working days have passed after today."""
        self.ensure_one()
        today = self._dunning_today()
        # Weeks of two worked days are the least that is looked for.
        end = dates.shift(today, 4 * count + CALENDAR_HORIZON)
        return working_days.add_working_days(
            today, count, self._dunning_get_days_off(today, end)
        )

    def _dunning_with_logo(self):
        """Return the companies that have a logo of their own."""
        return self.filtered(
            lambda company: company.logo and not company.uses_default_logo
        )

    def _dunning_check_allowed(self):
        """Refuse companies that the user has not switched on.

        :raise AccessError: one of the companies is not among the user's
        """
        forbidden = self - self.env.companies
        if forbidden:
            raise AccessError(
                self.env._(
                    "You are not working in the company “%s”: switch to it first.",
                    forbidden[:1].sudo().name,
                )
            )
