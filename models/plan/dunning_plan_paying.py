from odoo import api, models
from odoo.tools import SQL

from .dunning_plan import PlanScope


class DunningPlan(models.AbstractModel):
    """Payments that have no journal entry before the bank confirms them: the ledger
    says nothing of them, and yet who has made them is not asked again.

    What pays invoices is withheld from these. The rest is a credit of the customer,
    until it is confirmed: then the bank's entry tells of it.
    """

    _inherit = "dunning.plan"

    # ------------------------------------------------------------------
    # ON INVOICES
    # ------------------------------------------------------------------

    @api.model
    def _get_paying_sql(self, scope: PlanScope) -> SQL:
        """Open invoices that Odoo shows as in payment although their residual still
        stands; their payments may be made in another company of the same family. What
        is paid together is told together: ``id`` (the invoices, sorted), ``amount``,
        ``is_plain`` (in the currency of the invoices), the last ``date``,
        ``confirmed`` when the bank has. One in another currency is taken to pay the
        whole of its invoices; one in time for the early payment discount pays all."""
        among = SQL("IN (SELECT move_id FROM open_line WHERE residual > 0)")
        if scope.partners is not None:
            # Given as values, see _among_open_lines.
            among = SQL(
                "= ANY(ARRAY(SELECT move_id FROM open_line WHERE residual > 0))"
            )
        return SQL(
            """
            SELECT invoice_ids AS id,
                   CASE WHEN BOOL_AND(is_plain) THEN SUM(amount)
                        ELSE MAX(amount_total)
                   END AS amount,
                   BOOL_AND(is_plain) AS is_plain,
                   MAX(date) AS date,
                   BOOL_OR(state = 'paid') AS confirmed
              FROM (
                       SELECT payment.amount,
                              payment.state,
                              payment.date,
                              ARRAY_AGG(move.id ORDER BY move.id) AS invoice_ids,
                              BOOL_AND(payment.currency_id = move.currency_id)
                                  AS is_plain,
                              SUM(move.amount_total) AS amount_total
                         FROM account_payment payment
                         JOIN account_move__account_payment rel
                           ON rel.payment_id = payment.id
                         JOIN account_move move ON move.id = rel.invoice_id
                        WHERE move.company_id = %s
                          AND payment.move_id IS NULL
                          AND payment.state IN ('in_process', 'paid')
                          AND payment.payment_type = 'inbound'
                          AND move.payment_state IN ('in_payment', 'paid')
                          AND rel.invoice_id %s
                     GROUP BY payment.id
                   ) payment
          GROUP BY invoice_ids
            """,
            scope.company.id,
            among,
        )

    @api.model
    def _get_overpaid_sql(self, scope: PlanScope) -> SQL:
        """What is paid beyond what the invoices leave to pay."""
        return SQL(
            """
            SELECT MIN(line.partner_id) AS partner_id,
                   MIN(line.currency_id) AS currency_id,
                   MAX(part.amount) - SUM(line.residual) AS amount
              FROM (%s) part
        CROSS JOIN UNNEST(part.id) AS paid(move_id)
              JOIN open_line line
                ON line.move_id = paid.move_id AND line.residual > 0
             WHERE part.is_plain AND NOT part.confirmed
          GROUP BY part.id
            HAVING MAX(part.amount) > SUM(line.residual)
            """,
            self._get_paying_sql(scope),
        )

    # ------------------------------------------------------------------
    # ON NO INVOICE
    # ------------------------------------------------------------------

    @api.model
    def _get_unassigned_payment_sql(self, scope: PlanScope) -> SQL:
        """What customers have paid on no invoice, to the company or its parents."""
        return SQL(
            """
            SELECT contact.commercial_partner_id AS partner_id,
                   payment.currency_id,
                   payment.amount
              FROM account_payment payment
              JOIN res_partner contact ON contact.id = payment.partner_id
             WHERE payment.company_id = ANY(%(companies)s)
               AND payment.move_id IS NULL
               AND payment.state = 'in_process'
               AND payment.payment_type = 'inbound'
               AND payment.partner_type = 'customer'
               AND %(known)s
               AND NOT EXISTS (
                       SELECT FROM account_move__account_payment rel
                        WHERE rel.payment_id = payment.id
                   )
            """,
            companies=[
                scope.company.id,
                *self.env["res.company"]._dunning_get_parent_ids(scope.company),
            ],
            known=scope.among(SQL("contact.commercial_partner_id")),
        )
