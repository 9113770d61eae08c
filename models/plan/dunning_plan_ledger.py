from collections.abc import Collection

from odoo import api, models
from odoo.tools import SQL

from ...tools.dates import FIRST_DAY, LAST_DAY
from .dunning_plan import PlanScope


class DunningPlan(models.AbstractModel):
    """What a plan reads of the ledger: the open items of a company."""

    _inherit = "dunning.plan"

    @api.model
    def _get_followed(self, items: models.BaseModel) -> models.BaseModel:
        """Return those of some journal items that are not excluded from follow-up: the
        rule of :meth:`_get_open_line_sql`."""
        return items.filtered(
            lambda line: (
                not line.no_followup
                or (
                    line.company_id.dunning_include_misc
                    and line.journal_id.type == "general"
                )
            )
        )

    @api.model
    def _get_open_line_sql(self, scope: PlanScope) -> SQL:
        """Return SQL selecting the open receivable lines, debits and credits."""
        excluded = SQL("line.no_followup IS TRUE")
        if scope.company.dunning_include_misc:
            excluded = SQL(
                """
                %s AND line.journal_id != ALL(ARRAY(
                    SELECT id FROM account_journal WHERE type = 'general'
                ))
                """,
                excluded,
            )
        return SQL(
            """
            SELECT line.id,
                   line.move_id,
                   COALESCE(line.move_name, line.name) AS name,
                   COALESCE(contact.commercial_partner_id, line.partner_id)
                       AS partner_id,
                   line.currency_id,
                   line.account_id,
                   LEAST(
                       GREATEST(
                           COALESCE(line.date_maturity, line.date), %(first_day)s
                       ),
                       %(last_day)s
                   ) AS date_due,
                   line.amount_residual_currency AS residual,
                   line.amount_residual AS residual_company,
                   %(excluded)s AS excluded,
                   %(blocked)s AS blocked,
                   line.discount_date,
                   line.discount_amount_currency AS discount_amount,
                   %(discounted)s AS discounted
              FROM account_move_line line
         LEFT JOIN res_partner contact
                ON contact.id = line.partner_id
               AND %(known)s
             WHERE %(is_open)s
               AND line.amount_residual_currency != 0
               AND %(restriction)s
            """,
            excluded=excluded,
            blocked=self._get_blocked_sql(),
            discounted=self._get_discounted_sql(),
            first_day=FIRST_DAY,
            last_day=LAST_DAY,
            known=scope.among(SQL("contact.commercial_partner_id")),
            is_open=self._get_is_open_sql(scope),
            restriction=self._get_partner_restriction(scope),
        )

    @api.model
    def _get_is_open_sql(self, scope: PlanScope) -> SQL:
        return self._get_is_open_in_sql([scope.company.id])

    @api.model
    def _get_is_open_in_sql(self, company_ids: Collection[int]) -> SQL:
        """Return the condition that the alias ``line`` is an open item of some
        companies."""
        of_company = SQL("line.company_id = ANY(%s)", list(company_ids))
        if len(company_ids) == 1:
            of_company = SQL("line.company_id = %s", *company_ids)
        return SQL(
            """
            line.reconciled IS NOT TRUE
            AND line.parent_state = 'posted'
            AND %s
            AND line.account_id = ANY(%s)
            """,
            of_company,
            list(self.env["dunning.ledger"]._get_account_ids()),
        )

    @api.model
    def _get_partner_restriction(self, scope: PlanScope) -> SQL:
        """Given as values too, for the same reason."""
        if scope.partners is None:
            return SQL("TRUE")
        contacts = SQL(
            "SELECT id FROM res_partner WHERE commercial_partner_id = ANY(%s)",
            scope.partners,
        )
        ids = [id_ for (id_,) in self.env.execute_query(contacts)]
        found = SQL("line.partner_id = ANY(%s)", ids)
        if scope.unassigned:
            return SQL("(%s OR line.partner_id IS NULL)", found)
        return found
