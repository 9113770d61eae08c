from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import tagged
from odoo.tools import float_round

from .common_rankings import RankingsCommon


@tagged("post_install", "-at_install")
class TestSuccess(RankingsCommon):
    """What came of contacts."""

    def _contact(self, *days):
        """Contact the customers on these days after the first one's due date."""
        for day in days:
            self._step(day)

    def test_a_payment_counts_for_the_last_contact_before_it_only(self):
        invoice = self._create_invoice(due=0, amount=200)
        self._contact(5, 15)
        self._pay(invoice, date=20)
        first, second = self._rows("dunning.success").sorted("date")
        self.assertRecordValues(
            first | second,
            [
                {"amount": 200, "amount_paid": 0, "is_paid": False, "item_rate": 0},
                {"amount": 200, "amount_paid": 200, "is_paid": True, "item_rate": 100},
            ],
        )
        levels = self.scenario.level_ids.sorted("delay_days")
        self.assertEqual(first.level_id | second.level_id, levels[:2])

    def test_a_payment_counts_until_the_last_day_and_on_the_day_itself(self):
        for day, expected in ((4, 0), (5, 100), (15, 100), (16, 0)):
            with self.subTest(day=day):
                customer = self._create_customer(f"Day {day}")
                invoice = self._create_invoice(customer, 0)
                self._step(5)
                self._pay(invoice, date=day)
                rows = self._rows("dunning.success", [("partner_id", "=", customer.id)])
                self.assertEqual(rows.mapped("amount_paid"), [expected])
                self._go_to(0)

    def test_a_part_counts_by_its_amount_and_not_as_an_item(self):
        invoice = self._create_invoice(due=0, amount=200)
        other = self._create_invoice(due=0, amount=100)
        self._contact(5)
        self._pay(invoice, 50, date=8)
        self._pay(other, date=8)
        level = self.scenario.level_ids.sorted("delay_days")[0]
        found = self._group(
            "dunning.success", "level_id", "item_rate:avg", "amount_rate:avg"
        )
        self.assertEqual(found, {level: [50, 50]})

    def test_credit_notes_and_what_is_written_off_are_no_success(self):
        invoice = self._create_invoice(due=0, amount=200)
        self._contact(5)
        self._credit_note(invoice, date=7)
        [row] = self._rows("dunning.success")
        self.assertFalse(row.is_paid)
        self.assertEqual(row.amount_paid, 0)

    def test_a_payment_that_is_undone_never_was(self):
        invoice = self._create_invoice(due=0)
        self._contact(5)
        self._pay(invoice, date=7)
        self._items(invoice).remove_move_reconcile()
        self.assertFalse(self._rows("dunning.success").is_paid)

    def test_the_time_is_over_after_the_last_day(self):
        self._create_invoice(due=0)
        self._contact(5)
        for day, expected in ((15, False), (16, True)):
            self._go_to(day)
            self.assertEqual(self._rows("dunning.success").is_over, expected)

    def test_who_looks_at_no_older_contacts_sees_the_same_of_the_others(self):
        invoice = self._create_invoice(due=0, amount=200)
        other = self._create_invoice(due=0, amount=90)
        self._contact(5, 15)
        self._pay(other, date=16)
        self._contact(30)
        self._pay(invoice, date=31)
        names = ["date", "amount", "amount_paid"]
        recent = [("date", ">=", self._day(15))]
        whole = self._rows("dunning.success", recent).read(names)
        rows = self.env["dunning.success"].with_context(
            dunning_success_from=self._day(15)
        )
        self.assertEqual(rows.search(recent).read(names), whole)
        self.assertEqual(len(whole), 3)

    def test_starting_levels_are_no_contacts(self):
        self._create_invoice(due=-20)
        wizard = self.env["dunning.start.levels"].create({})
        wizard.action_apply()
        self.assertFalse(self._rows("dunning.success"))

    @settings(max_examples=15, deadline=None)
    @given(
        st.lists(
            st.tuples(
                st.integers(1, 60), st.decimals(1, 300, places=2, allow_nan=False)
            ),
            max_size=4,
        ),
        st.sampled_from([3, 10, 30]),
    )
    def test_every_payment_counts_once_at_most(self, payments, days):
        savepoint = self.env.cr.savepoint()
        try:
            self._check_success(payments, days)
        finally:
            self.env.invalidate_all(flush=False)
            savepoint.close(rollback=True)
            self.env.invalidate_all(flush=False)
            self.env.registry.clear_cache()
            self._go_to(0)

    def _check_success(self, payments, days):
        """Compare with the definition, payment by payment."""
        self.company.dunning_success_days = days
        invoice = self._create_invoice(due=0, amount=1000)
        payments = sorted(payments, key=lambda payment: payment[0])
        contacts, open_at = [], {}
        for day in (5, 15, 30):
            while payments and payments[0][0] < day:
                self._receive(invoice, *payments.pop(0), contacts, open_at, days)
            if self._step(day):
                contacts.append(day)
                open_at[day] = [invoice.amount_residual, 0]
        for payment in payments:
            self._receive(invoice, *payment, contacts, open_at, days)
        self.assertTrue(contacts)
        rows = self._rows("dunning.success").sorted("date")
        self.assertEqual(
            [float_round(row.amount_paid, 2) for row in rows],
            [float_round(min(open_at[day]), 2) for day in contacts],
        )

    def _receive(self, invoice, day, amount, contacts, open_at, days):
        amount = min(float(amount), invoice.amount_residual)
        if not amount:
            return
        self._go_to(day)
        self._pay(invoice, amount, date=day)
        before = [contact for contact in contacts if contact <= day]
        if before and day <= before[-1] + days:
            open_at[before[-1]][1] += amount
