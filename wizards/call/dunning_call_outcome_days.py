from datetime import datetime, time, timedelta

from pytz import timezone, utc

from odoo import fields, models

AFTERNOON = time(14)


class DunningCallOutcome(models.TransientModel):
    """On which day, and when, a call is followed or tried again."""

    _inherit = "dunning.call.outcome"

    # ------------------------------------------------------------------
    # BUSINESS METHODS - DAYS
    # ------------------------------------------------------------------

    def _get_today(self):
        return (self.company_id or self.env.company)._dunning_today()

    def _get_working_day(self, day):
        """Return the day, or the next one on which the company works."""
        company = self.company_id or self.env.company
        return company._dunning_get_working_day(day)

    def _get_check_date(self):
        """Return the day by which what the customer says is checked: that it has paid,
        for instance; False where the reason asks for nothing."""
        days = self.reason_id.delay_days
        company = self.company_id or self.env.company
        return bool(days) and company._dunning_add_working_days(days)

    def _get_retry(self):
        limit = self.company_id.dunning_call_attempts
        other_way = self.fallback_channel or self.action_id.contact_email
        given_up = limit and self.attempt >= limit and other_way
        return "email" if given_up else "next"

    def _get_call_time(self):
        """Return the moment to try again today: this afternoon, else in two hours."""
        zone = timezone(
            self.company_id.resource_calendar_id.tz or self.env.user.tz or "UTC"
        )
        now = fields.Datetime.now()
        afternoon = zone.localize(datetime.combine(self._get_today(), AFTERNOON))
        afternoon = afternoon.astimezone(utc).replace(tzinfo=None)
        return (
            afternoon
            if now < afternoon - timedelta(hours=1)
            else now + timedelta(hours=2)
        )
