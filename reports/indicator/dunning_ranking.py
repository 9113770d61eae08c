from odoo import fields, models
from odoo.tools import SQL


class DunningRanking(models.AbstractModel):
    """What lists of figures by customer have in common: whose they are, and that a rate
    of a group is that of its amounts, not the average of rates."""

    _name = "dunning.ranking"
    _description = "Ranking"

    # Of rates in percent: what it is a share of, and the whole, by name of the field.
    _dunning_rates: dict[str, tuple[str, str]] = {}

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    user_id = fields.Many2one("res.users", string="Collector", readonly=True)

    # ------------------------------------------------------------------
    # TABLE QUERY
    # ------------------------------------------------------------------

    def _read_group_select(self, aggregate_spec, query) -> SQL:
        # EXTENDS 'base': the rate of a group is that of its amounts
        name, _colon, function = aggregate_spec.partition(":")
        if function != "avg" or name not in self._dunning_rates:
            return super()._read_group_select(aggregate_spec, query)
        part, whole = self._dunning_rates[name]
        return SQL(
            "100.0 * SUM(%s) / NULLIF(SUM(%s), 0)",
            self._field_to_sql(self._table, part, query),
            self._field_to_sql(self._table, whole, query),
        )
