from collections import defaultdict

from ..workbooks import Reading
from .common_figures import FiguresCommon


class WorkbookCommon(FiguresCommon):
    """Workbooks as who asked for them opens them."""

    def _export(self, user=None, companies=None, lang=None, **values):
        """Export a workbook as somebody does in the dialog, in English unless said
        otherwise.

        :param values: of the dialog
        :return: what is read in it
        """
        workbook = self._order(user, companies, lang, **values)
        self.assertEqual(workbook.state, "done")
        return Reading(workbook.sudo().attachment_id.raw)

    def _order(self, user=None, companies=None, lang=None, **values):
        """Ask for a workbook, and return its record as its author sees it."""
        user = user or self.collector
        if lang:
            user.lang = lang
        records = self.env["dunning.workbook.export"].with_user(user)
        records = records.with_context(
            allowed_company_ids=(companies or self.env.company).ids
        )
        self.answer = records.create(values).action_export()
        return self.env["dunning.workbook"].with_user(user).search([], limit=1)

    def _add(self, rows, title, by=None):
        """Add up a column of a list.

        :param by: title of the column by whose values; None for all
        """
        sums = defaultdict(float)
        for row in rows:
            sums[row[by] if by else None] += row[title] or 0
        sums = {key: round(value, 3) for key, value in sums.items()}
        return sums if by else sums.get(None, 0)

    def _assert_calculated(self, read):
        """Compare each formula with the value that was written with it."""
        formulas = read.get_formulas()
        self.assertTrue(formulas)
        for (sheet, cell), (formula, value) in formulas.items():
            found = read.calculate(formula, sheet)
            self.assertAlmostEqual(
                found or 0, value or 0, 6, f"{sheet} {cell}: {formula}"
            )

    def _get_summary(self, read, name="Summary"):
        """Return the rows of the summary by their first cell."""
        return {row[0]: row[1:] for row in read.get_rows(name) if row[0]}
