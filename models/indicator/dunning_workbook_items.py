from dataclasses import replace

from odoo import models
from odoo.tools import SQL

from ...tools.workbook import Book, Region
from ...tools.workbook_cells import Column
from .dunning_workbook_making import Layout, Making, Source

# Items after which it is told how far the list is.
STRIDE = 1_000


class DunningWorkbook(models.Model):
    """The sheet of a workbook with a row for each item."""

    _inherit = "dunning.workbook"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _write_items(self, book: Book, making: Making) -> tuple[Region, Layout]:
        """Write each item with a link to its entry, and totals below."""
        layout = Layout(self._get_item_sources(making))
        rows = self._stream(self._get_item_query(making, layout))
        sums = {"residual": ("amount", None)}
        if making.foreign:
            sums["residual_company"] = ("company", None)
        region = book.add_list(
            self.env._("Items"),
            replace(making.head, title=self.env._("Open Items")),
            layout.columns,
            self._beat_along(rows, making),
            self._get_list_totals(making, layout, sums),
        )
        return region, layout

    def _get_item_sources(self, making):
        labels = {age.number: age.label for age in making.ages}
        tints = tuple((age.label, age.colour) for age in making.ages)
        sources = [
            Source(
                "customer",
                SQL("COALESCE(partner.complete_name, %s)", self.env._("No customer")),
                Column(self.env._("Customer"), width=32),
            ),
            Source(
                "number",
                SQL("COALESCE(line.move_name, line.name)"),
                Column(self.env._("Number"), width=18),
            ),
            Source("ref", SQL("line.ref"), Column(self.env._("Reference"), width=16)),
            Source(
                "date",
                SQL("balance.date_invoice"),
                Column(self.env._("Date"), "date", 11),
            ),
            Source(
                "due",
                SQL("balance.date_due"),
                Column(self.env._("Due Date"), "date", 11),
            ),
            Source(
                "days",
                SQL("balance.days_late"),
                Column(self.env._("Days"), "integer", 8),
            ),
            Source(
                "age",
                self._choose(SQL("balance.age"), labels),
                Column(self.env._("Age"), width=20, tints=tints),
            ),
            Source(
                "currency",
                SQL("currency.name"),
                Column(self.env._("Currency"), width=9),
            ),
            Source(
                "residual",
                SQL("balance.residual"),
                Column(self.env._("Open"), "amount", 14),
                "currency",
            ),
            Source("own", SQL("own.name")),
            Source(
                "collector",
                SQL("collector.complete_name"),
                Column(self.env._("Collector"), width=18),
            ),
        ]
        if making.several:
            sources.insert(0, self._get_company_source(making))
        if making.foreign:
            title = self.env._("Open") + f" ({making.own_label})"
            column = Column(title, "amount", 14)
            amount = SQL("balance.residual_company")
            sources.insert(-1, Source("residual_company", amount, column, "own"))
        if self._is_today():
            sources.append(
                Source(
                    "level",
                    self._translate_sql("level", "name"),
                    Column(self.env._("Level Reached"), width=32),
                )
            )
        link = f"{making.address}account.move/"
        column = Column("↗", "link", 9, link=link, label=self.env._("Show"))
        return [*sources, Source("link", SQL("balance.move_id"), column)]

    def _is_today(self):
        """Return whether the workbook is of today: what is known of no other day is
        told then."""
        return self.date >= self.env.company._dunning_today()

    def _translate_sql(self, record, name) -> SQL:
        """Return SQL giving a translated field in the language of the author."""
        column = SQL.identifier(record, name)
        return SQL(
            "COALESCE(%s ->> %s, %s ->> 'en_US')",
            column,
            self.env.lang or "en_US",
            column,
        )

    def _get_item_query(self, making, layout) -> SQL:
        levels = SQL(
            """
     LEFT JOIN dunning_item_state state ON state.move_line_id = balance.move_line_id
     LEFT JOIN dunning_level level ON level.id = state.level_id
            """
        )
        return SQL(
            """
            SELECT %(select)s
              FROM (%(query)s) balance
              JOIN account_move_line line ON line.id = balance.move_line_id
              JOIN res_currency currency ON currency.id = balance.currency_id
              JOIN res_currency own ON own.id = balance.company_currency_id
         LEFT JOIN res_partner partner ON partner.id = balance.partner_id
         LEFT JOIN res_users collecting ON collecting.id = balance.user_id
         LEFT JOIN res_partner collector ON collector.id = collecting.partner_id
         %(levels)s
          ORDER BY balance.company_id, partner.complete_name, balance.partner_id,
                   balance.date_due, balance.move_line_id
            """,
            select=layout.select,
            query=self._get_balance_query(making.companies),
            levels=levels if self._is_today() else SQL(),
        )

    def _beat_along(self, rows, making):
        """Yield rows and tell how far they are."""
        count = making.count or 1
        for number, row in enumerate(rows):
            if not number % STRIDE:
                making.beat(number / count)
            yield row
