from odoo import fields, models
from odoo.tools import SQL


class DunningLateCustomer(models.Model):
    """The customers who are late today, by what is overdue and by how long."""

    _name = "dunning.late.customer"
    _description = "Late Customers"
    _inherit = ["dunning.ranking"]
    _auto = False
    _rec_name = "partner_id"
    _order = "amount desc, id"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    country_id = fields.Many2one(related="partner_id.country_id")

    # === Measures === #
    amount = fields.Monetary(string="Overdue", readonly=True)
    item_count = fields.Integer(string="Items Late", readonly=True)
    days_late = fields.Integer(
        readonly=True, aggregator="max", help="Of the oldest item."
    )
    days_weighted = fields.Float(
        string="Average Days Late",
        readonly=True,
        aggregator="avg",
        digits=(7, 1),
        help="Weighted by amount.",
    )

    # ------------------------------------------------------------------
    # TABLE QUERY
    # ------------------------------------------------------------------

    @property
    def _table_query(self) -> SQL:
        return SQL(" UNION ALL ").join(
            SQL("(%s)", self._get_company_query(company))
            for company in self.env.companies
        )

    def _get_company_query(self, company) -> SQL:
        return SQL(
            """
            SELECT MIN(move_line_id) AS id,
                   partner_id,
                   company_id,
                   user_id,
                   SUM(residual_company) AS amount,
                   COUNT(*) AS item_count,
                   MAX(%(today)s - date_due) AS days_late,
                   SUM(residual_company * (%(today)s - date_due))
                       / NULLIF(SUM(residual_company), 0) AS days_weighted
              FROM (%(balance)s) balance
             WHERE NOT is_credit
               AND date_due < %(today)s
               AND partner_id IS NOT NULL
          GROUP BY partner_id, company_id, user_id
            """,
            today=company._dunning_today(),
            balance=self.env["dunning.balance"]._get_query(company),
        )

    def _read_group_select(self, aggregate_spec, query) -> SQL:
        # EXTENDS 'base': the average of a group is weighted by amount, too
        if aggregate_spec != "days_weighted:avg":
            return super()._read_group_select(aggregate_spec, query)
        amount = self._field_to_sql(self._table, "amount", query)
        days = self._field_to_sql(self._table, "days_weighted", query)
        return SQL(
            "SUM(%(amount)s * %(days)s) / NULLIF(SUM(%(amount)s), 0)",
            amount=amount,
            days=days,
        )

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_open_items(self):
        """Open what the customer owes."""
        self.ensure_one()
        return self.partner_id.with_company(self.company_id).action_dunning_open_items()
