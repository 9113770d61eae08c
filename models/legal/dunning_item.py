from collections.abc import Callable
from datetime import date as Date

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.dates import LAST_DAY, shift

# At least.
DAYS_OF_YEAR = 365


class AccountMoveLine(models.Model):
    """Items by the last day on which they can be claimed."""

    _inherit = "account.move.line"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    @api.model
    def _dunning_search_limitation(
        self, operator: str, value: object, find: Callable[[models.BaseModel], Domain]
    ) -> Domain:
        """Search records by the last day of their items, the earliest of several.
        Where none is known they are never barred.

        :param value: day, or several for ``in``
        :param find: gives from items the records that have one of them
        """

        def until(day):
            return find(self._dunning_find_by_limitation(day))

        if operator == "in":
            days = [fields.Date.to_date(day) for day in value if day]
            found = [until(day) & ~until(shift(day, -1)) for day in days]
            return Domain.OR(found if all(value) else [*found, ~until(LAST_DAY)])
        if operator not in ("<", "<=", ">", ">=") or not value:
            return NotImplemented
        day = fields.Date.to_date(value)
        last = shift(day, -1) if operator in ("<", ">=") else day
        return until(last) if operator in ("<", "<=") else ~until(last)

    @api.model
    def _dunning_find_by_limitation(self, day: Date) -> models.BaseModel:
        """Return the open items of the current companies whose last day is a day or
        before it, elevated. Only those that are old enough are looked at."""
        # What the law says, and of which items, does not depend on who asks.
        lines_sudo = self.sudo()
        limits_sudo = lines_sudo.env["dunning.legal.limit"]
        years = limits_sudo.search([("limitation_years", ">", 0)]).mapped(
            "limitation_years"
        )
        if not years:
            return lines_sudo
        self.flush_model()
        query = SQL(
            """
            SELECT line.id
              FROM account_move_line line
             WHERE %(is_open)s
               AND line.amount_residual_currency > 0
               AND line.date_maturity <= %(day)s
            """,
            is_open=self.env["dunning.plan"]._get_is_open_in_sql(
                self.env.companies.ids
            ),
            day=shift(day, 1 - DAYS_OF_YEAR * min(years)),
        )
        rows = self.env.execute_query(query)
        items_sudo = lines_sudo.browse(id_ for (id_,) in rows)
        limits = items_sudo._dunning_limitation_date()
        return items_sudo.filtered(
            lambda item: limits[item.id] and limits[item.id].date <= day
        )


class DunningItem(models.Model):
    """Open items show until when they can be claimed before a court."""

    _inherit = "dunning.item"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    limitation_date = fields.Date(
        string="Time-Barred After",
        compute="_compute_limitation_date",
        search="_search_limitation_date",
        help="Last day on which the item can be claimed before a court. Partial "
        "payments and acknowledgements begin the time anew, reminders do not.",
    )

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("move_line_id")
    def _compute_limitation_date(self):
        limits = self.move_line_id._dunning_limitation_date()
        for item in self:
            found = limits.get(item.move_line_id.id)
            item.limitation_date = found and found.date

    @api.model
    def _search_limitation_date(self, operator, value):
        return self.env["account.move.line"]._dunning_search_limitation(
            operator, value, lambda items: Domain("id", "in", items.ids)
        )
