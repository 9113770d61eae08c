from odoo import fields, models
from odoo.tools import SQL

from ...tools.dates import shift

# After a missed day statements still go out for so many days.
LATE_DAYS = 7
QUARTER_MONTHS = (1, 4, 7, 10)
# Of whom others take care: nobody else writes to them.
ELSEWHERE = ("insolvency", "litigation")


class DunningRun(models.Model):
    """Statements of account on their day, once a month, to those who want them and
    have something open."""

    _inherit = "dunning.run"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _apply(self, excluded_partners, excluded_lines):
        # EXTENDS 'account_dunning': they are counted with the other actions
        self._apply_statements(excluded_partners)
        return super()._apply(excluded_partners, excluded_lines)

    def _apply_statements(self, excluded_partners):
        """Create the statements whose day has come."""
        period = self._get_statement_period()
        if not period:
            return
        company = self.company_id
        frequencies = {"monthly"}
        if period.month in QUARTER_MONTHS:
            frequencies.add("quarterly")
        partners = self._find_statement_partners() - excluded_partners
        partners -= self._find_stated_by_hand()
        wanted = partners.with_company(company).filtered(
            lambda own: own._dunning_get_statement_frequency() in frequencies
        )
        self._create_statements(wanted, period)

    def _get_statement_period(self):
        """Return the first day of the month whose statements are to go out now, None
        when they are not."""
        company = self.company_id
        if company.dunning_statement_scope == "none":
            return None
        period = self.date.replace(day=1)
        day = company._dunning_get_working_day(
            period.replace(day=company.dunning_statement_day)
        )
        if not day <= self.date <= shift(day, LATE_DAYS):
            return None
        # Who has something open only since then waits for the next month.
        given = self.env["dunning.action"].search_count(
            [
                ("company_id", "=", company.id),
                ("notice", "=", "statement"),
                ("statement_period", "=", period),
            ],
            limit=1,
        )
        return None if given else period

    def _find_statement_partners(self):
        """Return the customers that have something open and are not taken care of by
        others."""
        plan = self.env["dunning.plan"]
        plan._flush()
        scope = self.company_id._dunning_scope(self.date)
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT line.partner_id
                  FROM (%(lines)s) line
                  JOIN res_partner partner ON partner.id = line.partner_id
                 WHERE line.residual > 0
                   AND partner.active
                   AND NOT EXISTS (
                       SELECT FROM dunning_hold hold
                        WHERE hold.partner_id = line.partner_id
                          AND hold.company_id = %(company)s
                          AND hold.origin IN %(elsewhere)s
                          AND hold.date_released IS NULL
                          AND (hold.date_end IS NULL OR hold.date_end >= %(day)s)
                       )
              ORDER BY line.partner_id
                """,
                lines=plan._get_open_line_sql(scope),
                company=self.company_id.id,
                elsewhere=ELSEWHERE,
                day=self.date,
            )
        )
        return self.env["res.partner"].browse(id_ for (id_,) in rows)

    def _find_stated_by_hand(self):
        """Return the customers for whom a statement waits, or to whom somebody has sent
        one lately: they would have the same one twice."""
        by_hand = self.env["dunning.action"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("notice", "=", "statement"),
                "|",
                ("state", "in", ("to_validate", "todo")),
                "&",
                ("state", "=", "done"),
                ("date_done", ">", shift(self.date, -LATE_DAYS)),
            ]
        )
        return by_hand.partner_id

    def _create_statements(self, partners, period):
        """Create the statements of customers."""
        workers = self.company_id._dunning_get_workers()
        channels = partners._dunning_get_notice_channels()
        day = self.company_id._dunning_get_working_day()
        # What the system plans is not told as somebody's creation.
        actions = self.env["dunning.action"].with_context(tracking_disable=True)
        actions.create(
            [
                {
                    "kind": "notice",
                    "notice": "statement",
                    "partner_id": partner.id,
                    "company_id": self.company_id.id,
                    "user_id": workers.find(partner.dunning_user_id.id),
                    "date": max(day, self.date),
                    "execution": "automatic",
                    "channel": channels[partner.id],
                    "statement_period": fields.Date.to_string(period),
                    "run_id": self.id,
                }
                for partner in partners
            ]
        )
