from collections import defaultdict

from hypothesis import given

from odoo.tests import tagged
from odoo.tools import float_compare

from ..plan_strategies import examples, ledgers
from .test_plan_model import PlanModelCommon


@tagged("post_install", "-at_install")
class TestCollectable(PlanModelCommon):
    """What is promised, disputed or otherwise held is never more than what is open,
    and takes nothing from what else can be collected, on any ledger."""

    def assertAtMost(self, amount, limit, message):
        self.assertLessEqual(
            float_compare(amount, limit, precision_digits=2), 0, message
        )

    @examples(60)
    @given(ledgers())
    def test_what_is_held_and_collectable_is_no_more_than_what_is_open(self, ledger):
        self._go_to(self.today)
        with self._written(ledger):
            self._go_to(ledger.date)
            groups = self._read_groups()
            balances = [
                (partner, balance)
                for partner in self.partners
                for balance in partner._dunning_get_balances()
            ]
        for key, (open_amount, withheld, collectable, credit) in groups.items():
            self.assertAtMost(withheld + max(collectable, 0), open_amount, key)
            # Only credits bring it below zero.
            self.assertAtMost(-credit, collectable, key)
        for partner, balance in balances:
            shown = balance["left_out"] + balance["hold"] + balance["collectable"]
            self.assertAtMost(shown, balance["overdue"], (partner, balance))
            self.assertAtMost(balance["overdue"], balance["open"], (partner, balance))

    @examples(60)
    @given(ledgers())
    def test_what_is_deducted_may_be_deducted(self, ledger):
        self._go_to(self.today)
        plan = self.env["dunning.plan"]
        with self._written(ledger):
            self._go_to(ledger.date)
            for company in self.companies.values():
                for partner in self.partners:
                    scope = company._dunning_scope(partners=partner.ids)
                    rows = self.env.execute_query(plan._get_deduction_query(scope))
                    if any(credit or held for _id, _currency, credit, held in rows):
                        self.assertTrue(plan._may_be_deducted(scope), rows)

    def test_from_most_customers_nothing_is_deducted(self):
        scope = self.company._dunning_scope(partners=self.partners.ids)
        self.assertFalse(self.env["dunning.plan"]._may_be_deducted(scope))

    def _read_groups(self):
        """Return what the plan says by customer and currency: open, withheld,
        collectable, credits."""
        plan = self.env["dunning.plan"]
        scope = self.company._dunning_scope(partners=self.partners.ids)
        credit_by_key = {
            (partner_id, currency_id): float(credit)
            for partner_id, currency_id, credit, _held in self.env.execute_query(
                plan._get_deduction_query(scope)
            )
        }
        rows = defaultdict(list)
        for row in self.env.execute_query_dict(plan._get_query(scope)):
            self.assertAtMost(0, row["withheld"], row)
            self.assertAtMost(row["withheld"], row["residual"], row)
            rows[row["partner_id"], row["currency_id"]].append(row)
        return {
            key: (
                float(sum(row["residual"] for row in group)),
                float(sum(row["withheld"] for row in group)),
                float(group[0]["collectable"] or 0),
                credit_by_key.get(key, 0.0),
            )
            for key, group in rows.items()
        }
