import json

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import tagged
from odoo.tools import SQL

from ...tools.claims import get_claimed
from ..common import DunningCommon
from ..plan_strategies import examples

CURRENCIES = (1, 2)

cents = st.integers(1, 20_000).map(lambda amount: amount / 100)


@st.composite
def contents(draw):
    """The items of one contact; what is deducted is the same for all of a currency."""
    deductions = {key: draw(st.one_of(st.just(0), cents)) for key in CURRENCIES}
    rows = draw(
        st.lists(
            st.fixed_dictionaries(
                {
                    "currency_id": st.sampled_from(CURRENCIES),
                    "claim": cents,
                    "days_late": st.integers(-2, 2),
                    "further": st.booleans(),
                }
            ),
            min_size=1,
            max_size=6,
        )
    )
    is_early = draw(st.booleans())
    return [
        row | {"deduction_company": deductions[row["currency_id"]]} for row in rows
    ], is_early


@tagged("post_install", "-at_install")
class TestClaims(DunningCommon):
    """One formula says what a contact claims, in two languages."""

    @examples(200)
    @given(st.lists(contents(), min_size=1, max_size=3))
    def test_a_statement_claims_what_one_contact_does(self, found):
        rows = [
            row | {"contact": contact, "is_early": is_early}
            for contact, (content, is_early) in enumerate(found)
            for row in content
        ]
        expected = {
            contact: round(self._get_claimed(*content), 2)
            for contact, content in enumerate(found)
        }
        self.assertEqual(self._get_claimed_by_statement(rows), expected)

    def _get_claimed(self, content, is_early):
        listed = [row for row in content if not row["further"]]
        referred = [row for row in content if row["further"]]
        return get_claimed(listed, referred, is_early=is_early)

    def _get_claimed_by_statement(self, rows):
        content = SQL(
            """
            SELECT *, NULL::date AS date_due
              FROM JSONB_TO_RECORDSET(%s) AS item(
                       contact integer, currency_id integer, claim numeric,
                       days_late integer, further boolean, deduction_company numeric,
                       is_early boolean
                   )
            """,
            json.dumps(rows),
        )
        query = SQL(
            """
            SELECT contact, ROUND(SUM(GREATEST(amount, 0)), 2)
              FROM (%s) claimed
          GROUP BY contact
            """,
            self.env["dunning.plan"]._get_claimed_sql(content, SQL("contact")),
        )
        return {
            contact: float(amount) for contact, amount in self.env.execute_query(query)
        }
