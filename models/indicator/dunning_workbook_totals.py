from collections.abc import Callable, Iterator

from odoo import models

from .dunning_workbook_making import Layout, Making, Totals

# Columns of amounts by key: of which currency they are, ``amount`` or ``company``, and
# the number of their age, None for all.
Sums = dict[str, tuple[str, int | None]]

# More than any currency has, and less than what sums of floats leave behind.
DIGITS = 6


class DunningWorkbook(models.Model):
    """The totals below the lists of a workbook: formulas, with what they come to."""

    _inherit = "dunning.workbook"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _get_list_totals(
        self, making: Making, layout: Layout, sums: Sums
    ) -> Iterator[Callable]:
        """Return what gives the totals of a list: for each company and currency and,
        where there are foreign ones, for each company in its own.

        :param sums: the columns to add up
        :return: functions of the region of the list that give a row
        """
        several = len(making.totals) > 1
        for (company_id, currency_id), totals in making.totals.items():
            code = making.codes[currency_id]
            where = self._get_where(making, layout, company_id, code)
            yield self._get_total(
                making,
                layout,
                company_id,
                [totals],
                where if several else {},
                sums,
                code,
            )
        own_sums = {key: of for key, of in sums.items() if of[0] == "company"}
        for company_id in making.companies.ids if making.foreign else ():
            if found := making.get_of_company(company_id):
                where = self._get_where(making, layout, company_id)
                yield self._get_total(
                    making, layout, company_id, found, where, own_sums
                )

    def _get_where(self, making, layout, company_id, code=None):
        """Return on which conditions rows belong to a company, and a currency."""
        where = {}
        if making.several:
            where[layout.positions["company"]] = making.names[company_id]
        if code:
            where[layout.positions["currency"]] = code
        return where

    def _get_total(self, making, layout, company_id, found, where, sums, code=None):
        """Return a function of the region of a list that gives a row of totals.

        :param found: sums of the rows
        :param where: on which conditions rows belong to it
        :param code: of the currency of the rows, when it is one
        """
        own = making.get_own(company_id)
        label = self.env._("Total %s", code) if code else self.env._("Total in %s", own)
        texts = {"customer": label, "own": own}
        if making.several:
            texts["company"] = making.names[company_id]
        if code:
            texts["currency"] = code

        def get_row(region):
            cells = {layout.positions[key]: text for key, text in texts.items()}
            for key, (kind, age) in sums.items():
                position = layout.positions[key]
                value = self._add_up(found, kind, age)
                cells[position] = region.sum(position, where, value)
            return cells

        return get_row

    def _add_up(self, found: list[Totals], kind: str, age: int | None = None) -> float:
        """Return the sum of an age, or of all.

        :param kind: ``amount``, ``company`` or ``count``
        """
        found = [
            value
            for totals in found
            for number, value in getattr(totals, kind).items()
            if age in (None, number)
        ]
        return round(sum(found), DIGITS)
