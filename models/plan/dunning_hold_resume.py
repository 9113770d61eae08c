from datetime import date as Date

from odoo import fields, models


class DunningHold(models.Model):
    """How dunning goes on after a hold."""

    _inherit = "dunning.hold"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    date_resume = fields.Date(
        string="Dunning Resumes on",
        readonly=True,
        copy=False,
        help="Day from which the items are dunned again as said beside.",
    )
    resume = fields.Selection(
        [
            ("same", "From the level reached, by its own dates"),
            ("next", "By the next level, at once"),
            ("restart", "Delays count from that day"),
        ],
        readonly=True,
        copy=False,
    )
    _resume_idx = models.Index(
        "(company_id, date_resume) WHERE date_resume IS NOT NULL"
    )

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _end(self, resume: str | bool = False, date: Date | bool = False) -> None:
        """End the holds today, without asking whose they are.

        :param resume: how dunning goes on, see the field; as if nothing had been when
            not given
        :param date: day on which it does, today by default
        """
        user = self.env.user._dunning_get_staff()
        groups = self.grouped(
            lambda hold: (hold.company_id, hold._get_resume_date(resume, date))
        )
        for (company, day), holds in groups.items():
            today = company._dunning_today()
            values = {"date_released": today, "released_user_id": user.id}
            if resume:
                values |= {"date_resume": day, "resume": resume}
            holds.write(values)

    def _mark(self, resume: str | bool) -> None:
        """Say how dunning goes on from today after holds that have ended.

        :param resume: see the field; False takes what was said away
        """
        for company, holds in self.grouped("company_id").items():
            today = resume and company._dunning_today()
            holds.write({"date_resume": today, "resume": resume})

    def _get_resume_date(self, resume: str | bool, date: Date | bool) -> Date | bool:
        """Return the day on which dunning goes on after the hold, see :meth:`_end`.
        Delays do not count from a day on which an item is not due yet."""
        if not resume:
            return False
        day = date or self.company_id._dunning_today()
        due = [item.date_maturity for item in self.move_line_ids if item.date_maturity]
        return max([day, *due]) if resume == "restart" else day
