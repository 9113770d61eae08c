from dataclasses import replace

from odoo import models
from odoo.tools import format_date, format_datetime

from ...tools.workbook import Book, Formula
from ...tools.workbook_cells import MAX_ROWS, Column
from ...tools.workbook_styles import get_date_format
from ...tools.workbook_summary import Bars, Row, Summary, share_of
from .dunning_workbook_making import Age
from .dunning_workbook_totals import DIGITS


class DunningWorkbook(models.Model):
    """What a workbook consists of, and its summary: by age for each company, with a
    chart; by currency where there are several; and whether it agrees with the items."""

    _inherit = "dunning.workbook"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _write_book(self, target, beat):
        """Write the workbook, with what who asks may see.

        :param target: file
        :param beat: called now and then with the share of the items that is written
        :return: number of items
        :raise AccessError: the author may not see any of the figures
        """
        making = self._prepare_making(beat)
        properties = {
            "title": self.env._("Aged Balance"),
            "author": self.env.user.name,
            "company": making.names[making.companies[0].id],
        }
        dates = get_date_format(
            self.env["res.lang"]._get_data(code=self.env.lang).date_format or ""
        )
        with Book(
            target, making.digits, dates, properties, self._get_max_rows()
        ) as book:
            head = replace(making.head, title=self.env._("Aged Balance"))
            summary = Summary(book, self.env._("Summary"), head)
            customers = self._write_customers(book, making)
            items = self._write_items(book, making) if self.with_items else None
            self._write_promises(book, making)
            self._write_disputes(book, making)
            for company in making.companies:
                if making.get_of_company(company.id):
                    self._add_ages(summary, making, company, customers, items)
            if making.foreign:
                self._add_currencies(summary, making, customers)
            if not making.totals:
                summary.add_note(self.env._("Nothing was open on that day."))
        return making.count

    def _get_max_rows(self):
        """Return the number of rows of a sheet."""
        return MAX_ROWS

    def _add_ages(self, summary, making, company, customers, items):
        """Add what is owed to a company by age, in its currency."""
        code = making.get_own(company.id)
        rows = self._get_age_rows(making, company, customers)
        if items:
            rows += self._get_control_rows(making, company, items, len(making.ages))
        title = self.env._("Balance by Age")
        if making.several:
            title = f"{making.names[company.id]} – {title}"
        summary.add_table(
            title,
            [
                Column(self.env._("Age")),
                Column(self.env._("Items"), "integer"),
                Column(code, "amount"),
                Column(self.env._("Share"), "share"),
            ],
            rows,
            Bars(f"{title} ({code})", 2, len(making.ages)),
        )

    def _get_age_rows(self, making, company, customers):
        region, layout = customers
        found = making.get_of_company(company.id)
        code = making.get_own(company.id)
        where = self._get_where(making, layout, company.id)
        amount = "residual_company" if making.foreign else "residual"
        total, rows = self._add_up(found, "company"), []
        for number, age in enumerate(making.ages):
            value = self._add_up(found, "company", age.number)
            cells = (
                age.label,
                self._add_up(found, "count", age.number),
                region.sum(layout.positions[f"{amount}_{age.number}"], where, value),
                self._get_share(making, number, value, total),
            )
            rows.append(Row(cells, code, age.colour))
        late = [age for age in making.ages if age.number > 0]
        overdue = self.env._("Overdue") if self.by == "due" else self.env._("Older")
        return [
            *rows,
            self._get_sum_row(making, company, self.env._("Total"), making.ages),
            self._get_sum_row(making, company, overdue, late),
        ]

    def _get_share(self, making, number, value, total):
        """Return the share of a row in the total, which follows the ages."""
        share = value / total if total else None
        return share_of(number, len(making.ages), 2, share)

    def _get_sum_row(self, making, company, label, ages):
        """Return a row that adds up those of some ages, one after the other."""
        found = making.get_of_company(company.id)
        first = making.ages.index(ages[0])
        last = first + len(ages) - 1
        counts, values = (
            round(sum(self._add_up(found, kind, age.number) for age in ages), DIGITS)
            for kind in ("count", "company")
        )
        # The total stands below the ages, and what is overdue below it.
        number = len(making.ages) + (len(ages) < len(making.ages))
        cells = (
            label,
            self._add_cells(first, last, 1, counts),
            self._add_cells(first, last, 2, values),
            self._get_share(making, number, values, self._add_up(found, "company")),
        )
        return Row(cells, making.get_own(company.id), total=True)

    def _add_cells(self, first, last, column, value):
        """Return the cell for the sum of cells of a table."""
        return lambda place: Formula(
            f"SUM({place.ref(first, column)}:{place.ref(last, column)})", value
        )

    def _get_control_rows(self, making, company, items, count):
        """Return rows that compare the total with the sum of the items listed."""
        region, layout = items
        found = making.get_of_company(company.id)
        code = making.get_own(company.id)
        amount = "residual_company" if making.foreign else "residual"
        where = self._get_where(making, layout, company.id)
        listed = region.sum(
            layout.positions[amount], where, self._add_up(found, "company")
        )
        difference = lambda place: Formula(  # noqa: E731
            f"{place.ref(count, 2)}-{place.ref(count + 2, 2)}", 0
        )
        return [
            Row((self.env._("Items listed"), None, listed, None), code),
            Row((self.env._("Difference"), None, difference, None), code),
        ]

    def _add_currencies(self, summary, making, customers):
        """Add what is owed in each currency, by age, and in company currency."""
        region, layout = customers
        rows = []
        for (company_id, currency_id), totals in making.totals.items():
            code = making.codes[currency_id]
            where = self._get_where(making, layout, company_id, code)
            cells = [code]
            for age in [*making.ages, Age("total", "", "")]:
                number = None if age.number == "total" else age.number
                position = layout.positions[f"residual_{age.number}"]
                value = self._add_up([totals], "amount", number)
                cells.append(region.sum(position, where, value))
            if making.several:
                cells.insert(0, making.names[company_id])
            rows.append(Row(tuple(cells), code))
        columns = [Column(self.env._("Currency"))]
        if making.several:
            columns.insert(0, Column(self.env._("Company")))
        columns += [
            Column(age.label, "amount", colour=age.colour) for age in making.ages
        ]
        columns.append(Column(self.env._("Total"), "amount"))
        summary.add_table(self.env._("Balance by Currency"), columns, rows, None)

    # ------------------------------------------------------------------
    # WORDS
    # ------------------------------------------------------------------

    def _format_date(self, day):
        return format_date(self.env, day)

    def _format_now(self):
        return format_datetime(self.env, self.env.cr.now())
