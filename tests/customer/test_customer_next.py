from odoo import Command
from odoo.tests import tagged

from ..common import DunningCommon


@tagged("post_install", "-at_install")
class TestCustomerNext(DunningCommon):
    """Each customer shows who follows it and what comes next."""

    def _customer(self):
        self.env.invalidate_all()
        return self.customer.with_user(self.collector)

    def test_the_planned_step_is_shown_before_there_is_an_action(self):
        self._create_invoice(due=-1)
        customer = self._customer()
        self.assertFalse(customer.dunning_next_action_id)
        self.assertEqual(customer.dunning_next_step, "Reminder")
        self.assertEqual(customer.dunning_next_action_date, self._day(4))

    def test_the_open_action_goes_before_what_is_planned(self):
        self._create_invoice(due=-6)
        self._run()
        customer = self._customer()
        self.assertEqual(customer.dunning_next_step, "Reminder")
        self.assertEqual(customer.dunning_next_action_date, self._day(0))
        self.assertTrue(customer.dunning_next_action_id)

    def test_what_was_planned_by_hand_is_named_by_its_channel(self):
        self._create_invoice(due=-1)
        self.env["dunning.action"].create(
            {"partner_id": self.customer.id, "channel": "call"}
        )
        self.assertEqual(self._customer().dunning_next_step, "Phone Call")

    def test_without_a_step_the_reason_is_shown(self):
        self._create_invoice(due=-6)
        self._create_hold(date_end=9)
        customer = self._customer()
        self.assertEqual(customer.dunning_next_step, "On hold")
        self.assertEqual(customer.dunning_next_action_date, self._day(10))

    def test_who_owes_nothing_has_nothing_next(self):
        customer = self._customer()
        self.assertFalse(customer.dunning_next_step)
        self.assertFalse(customer.dunning_next_action_date)

    def test_whom_another_company_has_dunned_is_no_customer_of_this_one(self):
        other = self._create_second_company()
        actions = self.env["dunning.action"]
        actions.create({"partner_id": self.customer.id, "company_id": other.id})
        self.assertTrue(self.customer.with_company(other).dunning_is_customer)
        self.assertFalse(self._customer().dunning_is_customer)
        actions.create({"partner_id": self.customer.id})
        self.assertTrue(self._customer().dunning_is_customer)

    def test_who_has_money_on_account_alone_is_no_customer_of_dunning(self):
        self._create_payment(amount=30)
        self.assertFalse(self._customer().dunning_is_customer)
        self._create_invoice(due=-1)
        self.assertTrue(self._customer().dunning_is_customer)

    def test_the_scenario_that_the_rules_choose_is_shown(self):
        self.assertFalse(self._customer().dunning_followed_scenario_ids)
        self._create_invoice(due=-1)
        self.assertEqual(self._customer().dunning_followed_scenario_ids, self.scenario)
        chosen = self._create_scenario(name="By Rule", partner_domain="[]")
        self.assertEqual(self._customer().dunning_followed_scenario_ids, chosen)

    def test_who_chooses_a_scenario_for_a_customer_stands_in_its_history(self):
        chosen = self._create_scenario(name="Gentle")
        self._customer().write({"dunning_scenario_id": chosen.id})
        self._customer().write({"dunning_scenario_id": False})
        # What does not change anything is not told.
        self._customer().write({"dunning_scenario_id": False})
        texts = [
            str(entry["text"])
            for entry in self._customer().dunning_get_timeline()["entries"]
        ]
        self.assertEqual(
            [text for text in texts if "Gentle" in text],
            ["Dunning Scenario: Gentle → –", "Dunning Scenario: – → Gentle"],
        )

    def test_who_chooses_a_scenario_has_not_spoken_with_the_customer(self):
        self.customer.message_post(body="Spoke to Marie", message_type="comment")
        self._customer().write({"dunning_channel": "letter"})
        self.assertIn("Spoke to Marie", self._customer().dunning_last_exchange)

    def test_other_employees_do_not_read_how_a_customer_is_dunned(self):
        self._customer().write({"dunning_channel": "letter"})
        told = [
            text for text in self.customer.message_ids.mapped("body") if "→" in text
        ]
        self.assertEqual(len(told), 1)
        employee = self._create_user(
            "employee",
            "group_dunning_collector",
            group_ids=[Command.set(self.env.ref("base.group_user").ids)],
        )
        messages = self.customer.with_user(employee).message_ids
        self.assertFalse([text for text in messages.mapped("body") if "→" in text])

    def test_the_default_collector_follows_who_has_none(self):
        partners = self.env["res.partner"].with_user(self.collector)
        own = self._create_customer("Own")
        other = self._create_user("other", "group_dunning_collector")
        own.dunning_user_id = other
        self.assertEqual(self._customer().dunning_collector_id, self.collector)
        self.assertEqual(own.dunning_collector_id, other)
        ids = (own | self.customer).ids
        mine = partners.search(
            [("id", "in", ids), ("dunning_collector_id", "=", self.collector.id)]
        )
        self.assertEqual(mine.ids, self.customer.ids)
        groups = partners._read_group(
            [("id", "in", ids)], ["dunning_collector_id"], ["id:recordset"]
        )
        found = {collector.id: list(members.ids) for collector, members in groups}
        self.assertEqual(
            found, {self.collector.id: self.customer.ids, other.id: own.ids}
        )

    def test_a_page_of_customers_is_planned_once(self):
        customers = self.customer
        for number in range(8):
            customer = self._create_customer(f"Customer {number}")
            self._create_invoice(customer, due=-1)
            customers |= customer
        customers = customers.with_user(self.collector)
        self._count_queries(customers[:1])
        few = self._count_queries(customers[:2])
        self.assertLessEqual(self._count_queries(customers), few)

    def _count_queries(self, customers):
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        customers.mapped("dunning_next_step")
        return self.env.cr.sql_log_count - before

    def test_what_is_owed_to_several_companies_is_told_by_company(self):
        other = self._create_second_company()
        self._create_invoice(due=-5)
        customer = self.customer.with_user(self.collector)
        self.assertNotIn("Company", customer.dunning_balance)
        self._create_invoice(due=-5, amount=40, company=other)
        customer = self.customer.with_context(
            allowed_company_ids=[self.company.id, other.id]
        )
        rows = customer._dunning_get_all_balances()
        self.assertEqual(
            [(row["company"], row["open"]) for row in rows],
            [(self.company, 100), (other, 40)],
        )
        self.assertIn(other.name, customer.dunning_balance)
