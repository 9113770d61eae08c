from odoo import models

from ...tools.dates import shift
from ...tools.working_days import next_working_day, previous_working_day

# Days around the run for which the calendar of the company is read: longer than any
# row of days off.
CALENDAR_DAYS = 31


class DunningRun(models.Model):
    """Reminders of promised payments: an e-mail some days before each, on the last day
    until then on which the company works.

    How it works: the payments whose reminder has fallen due are those of the next days,
    found by their date. One that was missed, for want of a run, goes out as long as
    the payment has not come due. The database refuses a second one.
    """

    _inherit = "dunning.run"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _apply(self, excluded_partners, excluded_lines):
        # EXTENDS 'account_dunning': they are counted with the other actions
        self._apply_promise_reminders(excluded_partners, excluded_lines)
        return super()._apply(excluded_partners, excluded_lines)

    def _apply_promise_reminders(self, excluded_partners, excluded_lines):
        """Create the reminders of promised payments that have fallen due."""
        days_before = self.company_id.dunning_promise_reminder_days
        if not days_before:
            return
        days_off = self._get_days_off_around(days_before)
        day = next_working_day(self.date, days_off)
        lines = self._get_lines_to_remind(days_before, days_off).filtered(
            lambda line: (
                line.date > day
                and line.promise_id.partner_id not in excluded_partners
                and not line.promise_id.move_line_ids & excluded_lines
            )
        )
        # What the system plans is not told as somebody's creation.
        actions = self.env["dunning.action"].with_context(tracking_disable=True)
        actions.create(
            [
                line.promise_id._prepare_notice("promise_reminder", "automatic")
                | {
                    "channel": "email",
                    "date": day,
                    "promise_line_id": line.id,
                    "run_id": self.id,
                }
                for line in lines
            ]
        )

    def _get_lines_to_remind(self, days_before, days_off):
        """Return the promised payments of which the customers are to be reminded.

        :param days_before: how many days before the payment
        :param days_off: days on which the company does not work
        """
        end = next_working_day(shift(self.date, 1), days_off)
        lines = self.env["dunning.promise.line"].search(
            [
                ("promise_id.company_id", "=", self.company_id.id),
                ("promise_id.state", "=", "open"),
                ("state", "=", "open"),
                ("date", ">", self.date),
                ("date", "<", shift(end, days_before)),
            ]
        )
        reminded = self._get_reminded_lines(lines)
        confirmed = self._get_promises_confirmed_today(lines.promise_id)
        return lines.filtered(
            lambda line: (
                line not in reminded
                and line.promise_id not in confirmed
                and line.amount_left > 0
                and not line.promise_id._is_waiting()
                # Nobody is reminded of what was only just agreed.
                and line.promise_id.date
                < previous_working_day(shift(line.date, -days_before), days_off)
            )
        )

    def _get_reminded_lines(self, lines):
        """Return those of which the customer was or will be reminded, or is not to be
        because somebody has decided so."""
        reminders = self.env["dunning.action"].search(
            [
                ("notice", "=", "promise_reminder"),
                ("promise_line_id", "in", lines.ids),
                "|",
                ("state", "!=", "cancelled"),
                ("cancel_cause", "=", "skipped"),
            ]
        )
        return reminders.promise_line_id

    def _get_promises_confirmed_today(self, promises):
        """Return those whose confirmation goes out on the day of the run: it says the
        same."""
        confirmations = self.env["dunning.action"].search(
            [
                ("notice", "=", "confirmation"),
                ("promise_id", "in", promises.ids),
                ("state", "!=", "cancelled"),
                "|",
                ("date_done", "=", self.date),
                "&",
                ("state", "!=", "done"),
                ("date", "=", self.date),
            ]
        )
        return confirmations.promise_id

    def _get_days_off_around(self, days_before):
        start = shift(self.date, -CALENDAR_DAYS - days_before)
        end = shift(self.date, CALENDAR_DAYS)
        return self.company_id._dunning_get_days_off(start, end)
