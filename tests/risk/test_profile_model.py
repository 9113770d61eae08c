from decimal import Decimal

from hypothesis import given

from odoo.tests import tagged
from odoo.tools import SQL

from ..plan_strategies import examples
from . import profile_model
from .common_risk import RiskCommon
from .profile_model import CUSTOMERS, ITEMS, ledgers


@tagged("post_install", "-at_install")
class TestProfileModel(RiskCommon):
    """Profiles are what the rules say, on any history."""

    today = profile_model.TODAY

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partners = [cls._create_customer(f"Customer {n}") for n in range(CUSTOMERS)]
        invoices = cls.env["account.move"].concat(
            *(cls._create_invoice(post=False) for _number in range(ITEMS))
        )
        invoices.action_post()
        cls.pool = cls._items(invoices)
        payment = cls._create_payment()
        cls.credit = cls._items(payment.move_id)
        cls.env.flush_all()

    # ------------------------------------------------------------------
    # WRITING A LEDGER
    # ------------------------------------------------------------------

    def _write(self, ledger):
        """Give the items of the pool what the ledger says, in SQL: posting new ones
        would take most of the time."""
        self.env.cr.execute("DELETE FROM account_partial_reconcile")
        self.env.cr.execute(
            SQL(
                "UPDATE account_move_line SET partner_id = NULL WHERE id IN %s",
                (*self.pool.ids, *self.credit.ids),
            )
        )
        for line, item in zip(self.pool, ledger.items, strict=False):
            self._write_item(line, item)
        self.env.invalidate_all(flush=False)

    def _write_item(self, line, item):
        self.env.cr.execute(
            SQL(
                """
                UPDATE account_move_line
                   SET partner_id = %(partner)s, date_maturity = %(due)s,
                       balance = %(amount)s, amount_currency = %(amount)s,
                       debit = %(amount)s, amount_residual = %(left)s,
                       amount_residual_currency = %(left)s, reconciled = %(left)s = 0
                 WHERE id = %(line)s
                """,
                partner=self.partners[item.customer].id,
                due=item.due,
                amount=item.amount,
                left=item.left,
                line=line.id,
            )
        )
        for day, amount in item.payments:
            self.env.cr.execute(
                SQL(
                    """
                    INSERT INTO account_partial_reconcile (
                        debit_move_id, credit_move_id, amount, debit_amount_currency,
                        credit_amount_currency, max_date, company_id
                    ) VALUES (%s, %s, %s, %s, %s, %s, %s)
                    """,
                    *(line.id, self.credit.id, amount, amount, amount, day),
                    self.company.id,
                )
            )

    # ------------------------------------------------------------------
    # TESTS
    # ------------------------------------------------------------------

    @examples(60)
    @given(ledgers())
    def test_profiles_are_those_of_the_model(self, ledger):
        self._write(ledger)
        query = self.profiles._get_query(self.company)
        rows = {row["partner_id"]: row for row in self.env.execute_query_dict(query)}
        # Of some customers the statement is another one.
        query = self.profiles._get_query(self.company, [p.id for p in self.partners])
        alone = {row["partner_id"]: row for row in self.env.execute_query_dict(query)}
        self.assertEqual(alone, rows)
        expected = {
            self.partners[customer].id: profile
            for customer, profile in ledger.get_profiles().items()
        }
        self.assertEqual(rows.keys(), expected.keys())
        for partner_id, profile in expected.items():
            self._compare(rows[partner_id], profile)

    def _compare(self, row, profile):
        for name, value in vars(profile).items():
            if isinstance(value, float | Decimal):
                self.assertAlmostEqual(
                    float(row[name]), float(value), delta=0.06, msg=name
                )
            else:
                self.assertEqual(row[name], value, name)
        self.assertEqual(row["to_collect"], profile.overdue)
