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
    def _get_claimed_item_sql(self, key: SQL) -> SQL:
        """What a contact claims of an item that it lists, in company currency, before
        credits: nothing of what its text only refers to, and what is not overdue only
        where the contact comes by the due date and nothing else is.

        The columns are those of the content of :meth:`_get_claimed_sql`.

        :param key: columns that tell the contacts apart
        """
        return SQL(
            """
            CASE WHEN NOT further
                  AND (days_late > 0
                       OR is_early
                          AND NOT BOOL_OR(NOT further AND days_late > 0)
                                  OVER (PARTITION BY %s, currency_id))
                 THEN claim ELSE 0
            END
            """,
            key,
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
                   SUM(claimed) - GREATEST(
                       MAX(deduction_company)
                           - COALESCE(SUM(claim) FILTER (WHERE further), 0),
                       0
                   ) AS amount,
                   MIN(date_due) FILTER (WHERE NOT further) AS date_due
              FROM (
                       SELECT %(key)s, currency_id, claim, further, date_due,
                              deduction_company, %(claimed)s AS claimed
                         FROM (%(content)s) content
                   ) item
          GROUP BY %(key)s, currency_id
            """,
            key=key,
            claimed=self._get_claimed_item_sql(key),
            content=content,
        )
