from collections.abc import Collection
from datetime import date as Date
from datetime import datetime

from pytz import utc

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import ormcache

from ...tools import dates, working_days
from ...tools.text import one_line


class ResCompany(models.Model):
    """What a company is to all who work with it: its day, its days off, its logo."""

    _inherit = "res.company"

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    def _compute_email_formatted(self):
        # EXTENDS 'mail': as for partners, with a name of its own
        result = super()._compute_email_formatted()
        for company in self:
            if company.email_formatted and not company.email_formatted.isprintable():
                company.email_formatted = one_line(company.email_formatted)
        return result

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _dunning_today(self) -> Date:
        """Return the date of today where the company works, whatever the time zone
        of the user or of the server; where the user's company works while a form has
        none."""
        company = (self or self.env.company).ensure_one()
        return fields.Date.context_today(company._dunning_with_timezone())

    def _dunning_as_itself(self) -> models.BaseModel:
        """Return the company as a job of the system works for it: as the current
        company, and what is noted is in its language, as nobody has asked for it."""
        self.ensure_one()
        lang = self.partner_id.lang or self.env.lang
        return self.with_company(self).with_context(lang=lang)

    def _dunning_get_local(self, moment: datetime) -> datetime:
        """Return a moment in UTC as the clock of the company shows it."""
        company = self._dunning_with_timezone()
        local = fields.Datetime.context_timestamp(company, moment)
        return local.replace(tzinfo=None)

    def _dunning_with_timezone(self) -> models.BaseModel:
        """Return the company in its time zone; the user's where it has none."""
        timezone = self._dunning_get_own_timezone()
        return self.with_context(tz=timezone) if timezone else self

    def _dunning_get_own_timezone(self) -> str | None:
        """Return the time zone in which the company works, None where it has none."""
        self.ensure_one()
        # Which day it is does not depend on who asks.
        company_sudo = self.sudo()
        calendar_sudo = company_sudo.resource_calendar_id
        timezone = self._dunning_get_timezone(calendar_sudo)
        return timezone or company_sudo.partner_id.tz or None

    def _dunning_get_days_off(self, start: Date, end: Date) -> set[Date]:
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
        # Days off are the same for all, and calendars for few to read.
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

    def _dunning_knows_holidays(self) -> bool:
        """Return whether the working calendar has a public holiday to come."""
        self.ensure_one()
        # Days off are the same for all, and calendars for few to read.
        leaves_sudo = self.env["resource.calendar.leaves"].sudo()
        calendar_sudo = self.sudo().resource_calendar_id
        calendar_ids = [*calendar_sudo.ids, False]
        found = leaves_sudo.search_count(
            [
                ("resource_id", "=", False),
                ("calendar_id", "in", calendar_ids),
                ("company_id", "in", [self.id, False]),
                ("date_to", ">=", fields.Datetime.now()),
            ],
            limit=1,
        )
        return bool(found)

    def _dunning_get_working_day(self, day: Date | None = None) -> Date:
        """Return the day, or the next one on which the company works.

        :param day: date, today by default
        """
        day = day or self._dunning_today()
        end = dates.shift(day, working_days.CALENDAR_HORIZON)
        return working_days.next_working_day(day, self._dunning_get_days_off(day, end))

    def _dunning_add_working_days(self, count: int) -> Date:
        """Return the day on which so many working days have passed after today."""
        return self._dunning_get_working_days([count])[count]

    def _dunning_get_working_days(self, counts: Collection[int]) -> dict[int, Date]:
        """Return the days on which so many working days have passed after today, by
        each number of days: the calendar is read once for all."""
        self.ensure_one()
        today = self._dunning_today()
        # Weeks of two worked days are the least that is looked for.
        most = 4 * max(counts, default=0)
        end = dates.shift(today, most + working_days.CALENDAR_HORIZON)
        days_off = self._dunning_get_days_off(today, end)
        return {
            count: working_days.add_working_days(today, count, days_off)
            for count in counts
        }

    def _dunning_with_logo(self) -> models.BaseModel:
        """Return the companies that have a logo of their own."""
        return self.filtered(
            lambda company: company.logo and not company.uses_default_logo
        )

    def _dunning_check_allowed(self) -> None:
        """Refuse companies that the user has not switched on.

        :raise AccessError: one of the companies is not among the user's
        """
        forbidden = self - self.env.companies
        if forbidden:
            # The name of the company is what its user has to know.
            forbidden_sudo = forbidden[:1].sudo()
            raise AccessError(
                self.env._(
                    "You are not working in the company “%s”: switch to it first.",
                    forbidden_sudo.name,
                )
            )

    @api.model
    @ormcache("calendar_sudo.id")
    def _dunning_get_timezone(self, calendar_sudo: models.BaseModel) -> str | None:
        """Return the time zone of a working calendar, whoever asks: all that asks for
        the date of today needs it."""
        return calendar_sudo.tz or None

    @api.model
    @ormcache("company.id")
    def _dunning_get_parent_ids(self, company: models.BaseModel) -> tuple[int, ...]:
        """Return the companies above a company; none in most databases."""
        # Whoever follows an event need not see all companies.
        company_sudo = company.sudo()
        return (company_sudo.parent_ids - company_sudo)._ids

    @api.model
    def _dunning_get_lineage(self, company: models.BaseModel) -> tuple[int, ...]:
        """Return the companies whose settings hold in a company: those above it, the
        uppermost first, then itself."""
        return (*self._dunning_get_parent_ids(company), company.id)

    @api.model
    @ormcache("company.id")
    def _dunning_get_branch_ids(self, company: models.BaseModel) -> tuple[int, ...]:
        """Return the companies below a company; none in most databases."""
        # Whoever follows an event need not see all companies.
        companies_sudo = self.env["res.company"].sudo().with_context(active_test=False)
        branches_sudo = companies_sudo.search([("id", "child_of", company.id)])
        return (branches_sudo - company)._ids
