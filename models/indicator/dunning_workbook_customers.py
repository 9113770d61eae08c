from dataclasses import replace

from odoo import models
from odoo.tools import SQL

from ...tools.workbook import Book, Region
from ...tools.workbook_cells import Column
from ...tools.workbook_styles import QUIET
from .dunning_workbook_making import Layout, Making, Source


class DunningWorkbook(models.Model):
    """The sheet of a workbook with a row for each customer and currency."""

    _inherit = "dunning.workbook"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _write_customers(self, book: Book, making: Making) -> tuple[Region, Layout]:
        """Write what each customer owes by age, and totals below."""
        layout = Layout(self._get_customer_sources(making))
        title = self.env._("Aged Balance by Customer")
        region = book.add_list(
            self.env._("Customers"),
            replace(making.head, title=title),
            layout.columns,
            self._stream(self._get_customer_query(making, layout)),
            self._get_list_totals(making, layout, self._get_customer_sums(making)),
        )
        return region, layout

    def _get_customer_sources(self, making):
        """Return the columns: what is owed in its currency and, where that is not
        always the company's, in company currency as well."""
        sources = [
            Source(
                "customer",
                SQL("COALESCE(partner.complete_name, %s)", self.env._("No customer")),
                Column(self.env._("Customer"), width=34),
            ),
            Source(
                "ref", SQL("partner.ref"), Column(self.env._("Reference"), width=13)
            ),
            Source(
                "collector",
                SQL("collector.complete_name"),
                Column(self.env._("Collector"), width=18),
            ),
            Source(
                "currency",
                SQL("currency.name"),
                Column(self.env._("Currency"), width=9),
            ),
            *self._get_amount_sources(making, "residual", "currency"),
            Source("own", SQL("own.name")),
        ]
        if making.foreign:
            sources += self._get_amount_sources(making, "residual_company", "own")
        if making.several:
            sources.insert(0, self._get_company_source(making))
        link = Column(
            "↗",
            "link",
            9,
            link=f"{making.address}res.partner/",
            label=self.env._("Show"),
        )
        sources.append(Source("link", SQL("NULLIF(balance.partner_id, 0)"), link))
        return sources

    def _get_company_source(self, making, record="balance"):
        """Return the column that tells the company."""
        return Source(
            "company",
            self._choose(SQL.identifier(record, "company_id"), making.names),
            Column(self.env._("Company"), width=22),
        )

    def _get_amount_sources(self, making, amount, currency):
        """Return a column for each age, and one for the total.

        :param amount: what is added up
        :param currency: key of the column with the code of its currency
        """
        own = f" ({making.own_label})" if amount == "residual_company" else ""
        summed = SQL.identifier("balance", amount)
        for age in making.ages:
            late = age.number > 0
            yield Source(
                f"{amount}_{age.number}",
                SQL(
                    "COALESCE(SUM(%s) FILTER (WHERE balance.age = %s), 0)",
                    summed,
                    age.number,
                ),
                Column(
                    f"{age.label}{own}",
                    "amount",
                    13,
                    colour=age.colour,
                    tints=(("", age.colour),) if late else (),
                ),
                currency,
            )
        yield Source(
            f"{amount}_total",
            SQL("SUM(%s)", summed),
            Column(self.env._("Total") + own, "amount", 13, colour=QUIET),
            currency,
        )

    def _get_customer_query(self, making, layout) -> SQL:
        return SQL(
            """
            SELECT %(select)s
              FROM (
                       SELECT company_id, COALESCE(partner_id, 0) AS partner_id,
                              MAX(user_id) AS user_id, currency_id,
                              company_currency_id, age,
                              SUM(residual) AS residual,
                              SUM(residual_company) AS residual_company
                         FROM (%(query)s) balance
                     GROUP BY company_id, COALESCE(partner_id, 0), currency_id,
                              company_currency_id, age
                   ) balance
              JOIN res_currency currency ON currency.id = balance.currency_id
              JOIN res_currency own ON own.id = balance.company_currency_id
         LEFT JOIN res_partner partner ON partner.id = balance.partner_id
         LEFT JOIN res_users collecting ON collecting.id = balance.user_id
         LEFT JOIN res_partner collector ON collector.id = collecting.partner_id
          GROUP BY balance.company_id, balance.partner_id, partner.id, currency.id,
                   own.id, collector.complete_name
          ORDER BY balance.company_id, partner.complete_name, balance.partner_id,
                   currency.name
            """,
            select=layout.select,
            query=self._get_balance_query(making.companies),
        )

    def _get_customer_sums(self, making):
        """Return which columns are added up, see :meth:`_get_list_totals`."""
        kinds = {"residual": "amount"}
        if making.foreign:
            kinds["residual_company"] = "company"
        return {
            f"{amount}_{number}": (kind, None if number == "total" else number)
            for amount, kind in kinds.items()
            for number in [*(age.number for age in making.ages), "total"]
        }
