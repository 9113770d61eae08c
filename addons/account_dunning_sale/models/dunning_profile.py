from odoo import api, models
from odoo.tools import SQL


class DunningProfile(models.Model):
    """What customers have ordered and is not invoiced yet is at risk, too."""

    _inherit = "dunning.profile"

    @api.model
    def _get_ordered_sql(self, scope) -> SQL:
        # OVERRIDES 'account_dunning'
        for name in ("sale.order", "sale.order.line"):
            self.env[name].flush_model()
        return SQL(
            """
            SELECT contact.commercial_partner_id AS partner_id,
                   ROUND(SUM(
                       line.price_total / line.product_uom_qty
                       * (line.product_uom_qty - line.qty_invoiced)
                       / COALESCE(NULLIF(sale.currency_rate, 0), 1)
                   )::numeric, %(digits)s) AS amount
              FROM sale_order sale
              JOIN sale_order_line line ON line.order_id = sale.id
              JOIN res_partner contact ON contact.id = sale.partner_invoice_id
             WHERE sale.state = 'sale'
               AND sale.company_id = %(company)s
               AND line.product_uom_qty > COALESCE(line.qty_invoiced, 0)
               AND line.product_uom_qty > 0
               AND line.display_type IS NULL
               AND %(among)s
          GROUP BY contact.commercial_partner_id
            """,
            digits=scope.company.currency_id.decimal_places,
            company=scope.company.id,
            among=scope.among(SQL("contact.commercial_partner_id")),
        )
