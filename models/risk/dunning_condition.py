# What is asked of each is the same, whether it needs all of it or not.
# pylint: disable=unused-argument

from odoo import api, models
from odoo.tools import SQL

PREFIX = "dunning.condition."


class DunningCondition(models.AbstractModel):
    """What a rule of priority gives points for.

    Each condition has an heir, ``dunning.condition.<code>``, which says what it is
    called, how it is measured, and what is told of it. It is measured on the rows of
    the worklist (:meth:`dunning.worklist._get_basis_query`), alias ``basis``. A new one
    is an heir, and its code where conditions are chosen.
    """

    _name = "dunning.condition"
    _description = "Condition of a Priority"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    @api.model
    def _of(self, code):
        """Return the condition of that code, None when nothing is there to measure it,
        as when what brought it was uninstalled."""
        return self.env.get(f"{PREFIX}{code}")

    @api.model
    def _get_measure_sql(self, company) -> SQL:
        """Return SQL of how much a customer meets the condition: a number, 0 or less
        for not at all."""
        return SQL("0")

    @api.model
    def _tell(self, measure, currency) -> str:
        """Return what is told of a customer who meets the condition.

        :param measure: see :meth:`_get_measure_sql`
        :param currency: of the company
        """
        return ""
