from odoo.tests import tagged

from ..common import DunningCommon


@tagged("post_install", "-at_install")
class TestRule6Collectable(DunningCommon):
    """Rule 6: overdue, less credits and payments, less holds; above the minimum."""

    def test_rule_6_an_unallocated_payment_covers_an_invoice(self):
        invoice = self._create_invoice(due=-5)
        self._create_payment(amount=100)
        self.assertPlanned(invoice, "out", reason="covered")
        self.assertFalse(self._run().action_ids)

    def test_rule_6_a_credit_note_not_reconciled_covers_an_invoice(self):
        invoice = self._create_invoice(due=-5)
        self._credit_note(invoice, reconcile=False)
        self.assertPlanned(invoice, "out", reason="covered")

    def test_rule_6_a_credit_that_is_not_due_yet_counts_already(self):
        invoice = self._create_invoice(due=-5)
        self._create_invoice(due=60, amount=100, move_type="out_refund")
        self.assertPlanned(invoice, "out", reason="covered")

    def test_rule_6_a_credit_booked_as_a_miscellaneous_entry_counts(self):
        invoice = self._create_invoice(due=-5)
        entry = self._create_entry(amount=-100)
        self.assertTrue(self._items(entry).no_followup)
        self.assertPlanned(invoice, "out", reason="covered")

    def test_rule_6_a_larger_credit_covers_all_invoices(self):
        invoices = [self._create_invoice(due=due) for due in (-5, -6)]
        self._create_payment(amount=500)
        for invoice in invoices:
            self.assertPlanned(invoice, "out", reason="covered")

    def test_rule_6_an_action_claims_what_is_left_after_credits(self):
        self._create_invoice(due=-5, amount=100)
        self._create_payment(amount=60)
        run = self._run()
        self.assertEqual(run.action_ids.amount, 40)
        self.assertEqual(run.amount, 40)
        self.assertEqual(run.action_ids.line_ids.amount_residual, 100)

    def test_rule_6_an_open_action_claims_less_once_a_credit_comes_in(self):
        self._create_invoice(due=-5, amount=100)
        action = self._run().action_ids
        self.assertEqual(action.amount, 100)
        self._create_payment(amount=30)
        self.assertEqual(action.amount, 70)

    def test_rule_6_a_credit_of_another_customer_covers_nothing(self):
        invoice = self._create_invoice(due=-5)
        self._create_payment(self._create_customer("Other"), 100)
        self.assertPlanned(invoice, "step")

    def test_rule_6_a_credit_on_another_receivable_account_counts(self):
        account = self.copy_account(self.company_data["default_account_receivable"])
        invoice = self._create_invoice(due=-5)
        self._create_entry(amount=-100, account=account, no_followup=False)
        self.assertPlanned(invoice, "out", reason="covered")

    def test_rule_6_at_the_minimum_nothing_goes_out(self):
        self.scenario.minimum_amount = 100
        invoice = self._create_invoice(due=-5, amount=100)
        self.assertPlanned(invoice, "out", reason="below_minimum")
        self.assertFalse(self._run().action_ids)

    def test_rule_6_above_the_minimum_it_goes_out(self):
        self.scenario.minimum_amount = 100
        invoice = self._create_invoice(due=-5, amount=100.01)
        self.assertPlanned(invoice, "step")

    def test_rule_6_an_item_at_the_minimum_of_its_scenario_is_not_listed(self):
        other = self._create_scenario([("Other", 5, {})], minimum_amount=200)
        listed = self._create_invoice(due=-5)
        left_out = self._create_invoice(due=-6, dunning_scenario_id=other.id)
        self.assertPlanned(left_out, "out", reason="below_minimum")
        [action] = self._run().action_ids
        self.assertListed(action, {listed: self.scenario.level_ids[0]})

    def test_rule_6_the_minimum_counts_what_is_left_after_credits(self):
        self.scenario.minimum_amount = 50
        invoice = self._create_invoice(due=-5)
        self._create_payment(amount=50)
        self.assertPlanned(invoice, "out", reason="below_minimum")

    def test_rule_6_the_minimum_is_of_the_customer_and_not_of_the_item(self):
        self.scenario.minimum_amount = 50
        invoices = [self._create_invoice(due=due, amount=30) for due in (-5, -6)]
        for invoice in invoices:
            self.assertPlanned(invoice, "step")

    def test_rule_6_the_minimum_counts_what_is_left_after_holds(self):
        self.scenario.minimum_amount = 50
        invoice = self._create_invoice(due=-5)
        self._create_hold(invoice, amount=50)
        self.assertPlanned(invoice, "out", reason="below_minimum")

    def test_rule_6_an_amount_held_for_the_whole_customer_counts(self):
        self.scenario.minimum_amount = 50
        invoice = self._create_invoice(due=-5)
        hold = self._create_hold(amount=50)
        self.assertPlanned(invoice, "out", reason="below_minimum")
        hold.amount = 49
        self.assertPlanned(invoice, "step")

    def test_rule_6_items_on_hold_do_not_help_to_reach_the_minimum(self):
        self.scenario.minimum_amount = 50
        held = self._create_invoice(due=-5, amount=500)
        small = self._create_invoice(due=-5, amount=40)
        self._create_hold(held)
        self.assertPlanned(small, "out", reason="below_minimum")

    def test_rule_6_excluded_items_do_not_help_to_reach_the_minimum(self):
        self.scenario.minimum_amount = 50
        excluded = self._create_invoice(due=-5, amount=500)
        excluded.no_followup = True
        small = self._create_invoice(due=-5, amount=40)
        self.assertPlanned(excluded, "out", reason="excluded")
        self.assertPlanned(small, "out", reason="below_minimum")

    def test_rule_6_items_not_due_yet_do_not_help_to_reach_the_minimum(self):
        self.scenario.minimum_amount = 50
        self._create_invoice(due=30, amount=500)
        small = self._create_invoice(due=-5, amount=40)
        self.assertPlanned(small, "out", reason="below_minimum")

    def test_rule_6_a_note_before_the_due_date_at_the_minimum_does_not_go_out(self):
        self._set_levels([("Early", -3, {})])
        self.scenario.minimum_amount = 100
        invoice = self._create_invoice(due=3)
        self.assertPlanned(invoice, "out", reason="below_minimum")
        self.scenario.minimum_amount = 99.99
        self.assertPlanned(invoice, "step")

    def test_rule_6_the_minimum_holds_on_every_channel(self):
        self.scenario.minimum_amount = 100
        self._create_invoice(due=-5)
        for channel in ("email", "letter", "registered", "sms", "call", "task"):
            for execution in ("automatic", "validate", "manual"):
                self.scenario.level_ids.write(
                    {"channel": channel, "execution": execution}
                )
                self.assertFalse(self._run().action_ids, (channel, execution))

    def test_rule_6_several_receivable_accounts_make_one_balance(self):
        self.scenario.minimum_amount = 50
        account = self.copy_account(self.company_data["default_account_receivable"])
        invoice = self._create_invoice(due=-5, amount=30)
        other = self._create_entry(
            due=-5, amount=30, account=account, no_followup=False
        )
        action = self._run().action_ids
        level = self.scenario.level_ids[0]
        self.assertListed(action, {invoice: level, other: level})

    def test_rule_6_non_trade_receivables_are_left_alone(self):
        account = self.copy_account(self.company_data["default_account_receivable"])
        account.non_trade = True
        entry = self._create_entry(due=-5, account=account, no_followup=False)
        credit = self._create_entry(amount=-500, account=account, no_followup=False)
        invoice = self._create_invoice(due=-5)
        self.assertNotPlanned(entry | credit)
        self.assertPlanned(invoice, "step")

    def test_rule_6_what_suppliers_owe_is_not_dunned(self):
        bill = self._create_invoice(due=-5, move_type="in_refund")
        self.assertFalse(self._items(bill))
        self.assertFalse(self._plan())


@tagged("post_install", "-at_install")
class TestRule7Currencies(DunningCommon):
    """Rule 7: currencies are never added up."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # A euro is two dollars, or 160 yen.
        cls.usd = cls.setup_other_currency("USD", rates=[("2020-01-01", 2.0)])
        cls.jpy = cls.setup_other_currency("JPY", rates=[("2020-01-01", 160.0)])
        cls.level = cls.scenario.level_ids[0]

    def test_rule_7_one_contact_lists_each_currency(self):
        euros = self._create_invoice(due=-5, amount=100)
        dollars = self._create_invoice(due=-5, amount=80, currency=self.usd)
        action = self._run().action_ids
        self.assertListed(action, {euros: self.level, dollars: self.level})
        self.assertRecordValues(
            action.line_ids.sorted("amount_residual"),
            [
                {"currency_id": self.usd.id, "amount_residual": 80},
                {"currency_id": euros.currency_id.id, "amount_residual": 100},
            ],
        )
        self.assertEqual(action.currency_id, self.company.currency_id)
        self.assertEqual(action.amount, 140)

    def test_rule_7_the_minimum_is_compared_in_company_currency(self):
        self.scenario.minimum_amount = 50
        invoice = self._create_invoice(due=-5, amount=100, currency=self.usd)
        self.assertPlanned(invoice, "out", reason="below_minimum")
        other = self._create_invoice(due=-5, amount=2, currency=self.usd)
        self.assertPlanned(invoice, "step")
        self.assertPlanned(other, "step")

    def test_rule_7_the_minimum_is_compared_currency_by_currency(self):
        self.scenario.minimum_amount = 50
        euros = self._create_invoice(due=-5, amount=30)
        dollars = self._create_invoice(due=-5, amount=60, currency=self.usd)
        self.assertPlanned(euros, "out", reason="below_minimum")
        self.assertPlanned(dollars, "out", reason="below_minimum")

    def test_rule_7_a_currency_below_the_minimum_is_not_listed(self):
        self.scenario.minimum_amount = 50
        euros = self._create_invoice(due=-5, amount=100)
        self._create_invoice(due=-5, amount=20, currency=self.usd)
        self.assertListed(self._run().action_ids, {euros: self.level})

    def test_rule_7_a_credit_in_another_currency_covers_nothing(self):
        euros = self._create_invoice(due=-5, amount=100)
        dollars = self._create_invoice(due=-5, amount=100, currency=self.usd)
        self._create_payment(amount=500, currency_id=self.usd.id)
        self.assertPlanned(dollars, "out", reason="covered")
        self.assertPlanned(euros, "step")
        self.assertListed(self._run().action_ids, {euros: self.level})

    def test_rule_7_a_hold_on_an_amount_is_of_its_own_currency(self):
        euros = self._create_invoice(due=-5, amount=100)
        dollars = self._create_invoice(due=-5, amount=100, currency=self.usd)
        self._create_hold(amount=100, currency_id=self.usd.id)
        self.assertPlanned(dollars, "out", reason="covered")
        self.assertPlanned(euros, "step")

    def test_rule_7_a_currency_without_decimals_is_claimed_to_the_unit(self):
        invoice = self._create_invoice(due=-5, amount=16001, currency=self.jpy)
        self._pay(invoice, 6000, currency_id=self.jpy.id)
        line = self._run().action_ids.line_ids
        self.assertRecordValues(
            line, [{"currency_id": self.jpy.id, "amount_residual": 10001}]
        )

    def test_rule_7_a_currency_without_decimals_is_compared_with_the_minimum(self):
        self.scenario.minimum_amount = 100
        invoice = self._create_invoice(due=-5, amount=16000, currency=self.jpy)
        self.assertPlanned(invoice, "out", reason="below_minimum")
        invoice = self._create_invoice(due=-5, amount=2, currency=self.jpy)
        self.assertPlanned(invoice, "step")

    def test_rule_7_a_hold_leaves_the_rest_of_an_amount_without_decimals(self):
        invoice = self._create_invoice(due=-5, amount=16000, currency=self.jpy)
        self._create_hold(invoice, amount=15999)
        line = self._run().action_ids.line_ids
        self.assertEqual(line.amount_claimed, 1)

    def test_rule_7_a_company_in_yen_compares_in_yen(self):
        self.company.currency_id = self.jpy
        self.scenario.minimum_amount = 1000
        invoice = self._create_invoice(due=-5, amount=1000)
        self.assertPlanned(invoice, "out", reason="below_minimum")
        self._create_invoice(due=-5, amount=1)
        action = self._run().action_ids
        self.assertEqual(action.amount, 1001)

    def test_rule_7_a_rate_that_moves_does_not_change_what_is_claimed(self):
        invoice = self._create_invoice(due=-5, amount=100, currency=self.usd)
        self.env["res.currency.rate"].create(
            {
                "name": self._day(-1),
                "currency_id": self.usd.id,
                "company_id": self.company.id,
                "rate": 4.0,
            }
        )
        action = self._run().action_ids
        self.assertListed(action, {invoice: self.level})
        self.assertEqual(action.line_ids.amount_residual, 100)
        self.assertEqual(action.amount, invoice.amount_residual_signed)
