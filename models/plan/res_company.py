from datetime import date as Date

from odoo import fields, models
from odoo.tools import SQL

from ...tools.dates import shift
from ...tools.plan import PlanRow
from ...tools.words import READERS
from ...tools.working_days import next_working_day
from .dunning_plan import PlanScope

# Days off in a row after which a time that was given ends none the less.
LONGEST_CLOSURE = 60


class ResCompany(models.Model):
    """The plan of a company, as others ask for it."""

    _inherit = "res.company"

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

    def _dunning_scope(
        self, date: Date | str | None = None, **options: object
    ) -> PlanScope:
        """Return what a plan of the company is asked for.

        :param date: day of the plan, today by default
        :param options: other fields of :class:`PlanScope`
        """
        day = fields.Date.to_date(date) if date else self._dunning_today()
        # The plan of a company does not depend on who asks for it.
        company_sudo = self.sudo()
        return PlanScope(company=company_sudo, date=day, **options)

    def _dunning_get_last_day(self, day: Date, count: int) -> Date:
        """Return the last day of a time that customers are given: it does not end on
        a day off.

        :param day: date from which it counts
        :param count: days that it lasts
        """
        self.ensure_one()
        limit = shift(day, count)
        # Of a batch, a schedule, and of many promises, the days are often the same.
        pairs = self.env["dunning.plan"]._get_postponements(
            self, limit, shift(limit, LONGEST_CLOSURE)
        )
        return next_working_day(limit, {off for off, _replaced_by in pairs})

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

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
    _dunning_first_contact_days_not_negative = models.Constraint(
        "CHECK(dunning_first_contact_days >= 0)",
        "Late Invoices: the days before the first contact cannot be negative: enter 0 "
        "to 365.",
    )
    _dunning_first_contact_days_in_a_year = models.Constraint(
        "CHECK(dunning_first_contact_days <= 365)",
        "Late Invoices: the days before the first contact must be between 0 and 365.",
    )


class DunningSettingsFields(models.AbstractModel):
    _inherit = "dunning.settings.fields"

    dunning_include_misc = fields.Boolean(
        related="company_id.dunning_include_misc", readonly=False
    )
    dunning_first_contact_days = fields.Integer(
        related="company_id.dunning_first_contact_days", readonly=False
    )
