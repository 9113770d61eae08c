from odoo import api, models
from odoo.tools import SQL


class DunningPlan(models.AbstractModel):
    """What a contact claims, for statements that create contacts: the formula of
    :mod:`~odoo.addons.account_dunning.tools.claims` for many at once. A test on random
    contents compares both."""

    _inherit = "dunning.plan"

    @api.model
    def _get_item_claim_sql(self) -> SQL:
        """What is claimed of an item, in company currency: what is not withheld."""
        return SQL(
            "item.residual_company * (item.residual - item.withheld) / item.residual"
        )

    @api.model
    def _get_claimed_sql(self, content: SQL, key: SQL) -> SQL:
        """What contacts claim in each currency, in company currency: the key,
        ``amount`` (negative where credits cover more) and the oldest ``date_due`` of
        what they list.

        :param content: SQL selecting the items of contacts: the key, columns of the
            plan, ``further`` (the text only refers to the item) and ``is_early`` (the
            contact comes by the due date)
        :param key: columns that tell the contacts apart
        """
        return SQL(
            """
            SELECT %(key)s,
                   CASE WHEN is_early AND overdue IS NULL THEN listed ELSE overdue END
                       - GREATEST(deduction - COALESCE(further, 0), 0) AS amount,
                   date_due
              FROM (
                       SELECT %(key)s,
                              BOOL_OR(is_early) AS is_early,
                              SUM(claim) FILTER (WHERE NOT further) AS listed,
                              SUM(claim) FILTER (WHERE NOT further AND days_late > 0)
                                  AS overdue,
                              SUM(claim) FILTER (WHERE further) AS further,
                              MAX(deduction_company) AS deduction,
                              MIN(date_due) FILTER (WHERE NOT further) AS date_due
                         FROM (%(content)s) content
                     GROUP BY %(key)s, currency_id
                   ) by_currency
            """,
            key=key,
            content=content,
        )
