from odoo import fields, models
from odoo.exceptions import ValidationError

MOST_WEEKS = 53


class ResCompany(models.Model):
    """The cash that a company may expect, as others ask for it."""

    _inherit = "res.company"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _dunning_forecast(self, date=None, weeks=13) -> list[dict]:
        """Return what is expected to be paid on the items that are open at the end of a
        day, by week, in company currency.

        Sales to come are not in it. What customers have paid or were credited without
        allocation pays their oldest items, of which nothing more is expected.

        :param date: the day, today by default; nothing that is dated later is read
        :param weeks: how many weeks, the first being that of the day (asked on a Sunday
            the week to come)
        :return: list of dicts ``week`` (its Monday), ``amount``, ``low, high`` (between
            which it is in 80 % of the weeks) and what ``amount`` is made of by
            certainty: ``plan`` (instalments), ``promise``, ``habit`` (of customers that
            have paid before), ``due`` (of others); ``disputed`` apart: what would come
            of what is in dispute
        :raise AccessError: who asks may not see figures of the company
        :raise ValidationError: too many weeks
        """
        self.ensure_one()
        self._dunning_check_figures()
        self.env["dunning.guard"]._check_argument("integer", weeks)
        if not 1 <= weeks <= MOST_WEEKS:
            raise ValidationError(
                self.env._(
                    "A forecast looks ahead one week at least and %s at most: choose "
                    "another number of weeks.",
                    MOST_WEEKS,
                )
            )
        forecast = self.env["dunning.forecast"]
        return forecast._get_rows(
            forecast._get_scope(self, fields.Date.to_date(date), int(weeks))
        )
