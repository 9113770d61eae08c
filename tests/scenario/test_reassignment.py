from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common import DunningCommon


@tagged("post_install", "-at_install")
class TestReassignment(DunningCommon):
    """A customer that is given to another collector takes along what is open."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._create_user("manager", "group_dunning_manager")
        cls.paul = cls._create_user("paul", "group_dunning_collector")
        cls.sophie = cls._create_user("sophie", "group_dunning_collector")
        cls.customer.dunning_user_id = cls.paul
        cls.scenario.level_ids.write({"channel": "call", "execution": "manual"})

    def setUp(self):
        super().setUp()
        self.invoice = self._create_invoice(due=-5)

    def _create_work(self):
        """Return an open action, promise, dispute and activity of Paul."""
        [action] = self._run().action_ids
        items = [Command.set(self._items(self.invoice).ids)]
        promise = self.env["dunning.promise"].create(
            {
                "partner_id": self.customer.id,
                "move_line_ids": items,
                "line_ids": [Command.create({"date": self._day(20), "amount": 50})],
                "user_id": self.paul.id,
            }
        )
        dispute = self.env["dunning.dispute"].create(
            {
                "partner_id": self.customer.id,
                "move_line_ids": items,
                "amount": 10,
                "reason_id": self.env["dunning.reason"].search([], limit=1).id,
                "user_id": self.paul.id,
            }
        )
        customer = self.customer._dunning_discreetly(self.company)
        answer = customer.activity_schedule(
            "mail.mail_activity_data_todo", summary="Answer", user_id=self.paul.id
        )
        return action, promise, dispute, answer

    def test_what_is_open_goes_along(self):
        work = self._create_work()
        self.customer.with_user(self.manager).dunning_user_id = self.sophie
        for record in work:
            with self.subTest(record=record._name):
                self.assertEqual(record.user_id, self.sophie)
        self.assertEqual(work[0].activity_ids.user_id, self.sophie)
        self.assertIn("Sophie, who collects", work[0].message_ids[0].body)

    def test_in_the_list_it_goes_along_as_well(self):
        work = self._create_work()
        customer = self.customer.with_user(self.manager)
        customer.web_save({"dunning_collector_id": self.sophie.id}, {})
        self.assertEqual({record.user_id for record in work}, {self.sophie})

    def test_what_is_done_or_another_ones_stays(self):
        [done] = self._step()
        by_other = self.env["dunning.action"].create(
            {"partner_id": self.customer.id, "user_id": self.manager.id}
        )
        self.customer.dunning_user_id = self.sophie
        self.assertEqual(done.user_id, self.paul)
        self.assertEqual(by_other.user_id, self.manager)

    def test_from_and_to_the_default_collector_it_goes_along(self):
        [action] = self._run().action_ids
        self.customer.dunning_user_id = False
        self.assertEqual(action.user_id, self.collector)
        self.customer.dunning_user_id = self.sophie
        self.assertEqual(action.user_id, self.sophie)

    def test_what_stands_ins_had_goes_along(self):
        [action] = self._run().action_ids
        self.paul.action_archive()
        self.assertEqual(action.user_id, self.collector)
        self.customer.dunning_user_id = self.sophie
        self.assertEqual(action.user_id, self.sophie)

    def test_many_customers_cost_as_few_statements_as_few(self):
        customers = self.customer
        for number in range(12):
            customers |= self._create_customer(
                f"Customer {number}", dunning_user_id=self.paul.id
            )
        for customer in customers - self.customer:
            self._create_invoice(customer, due=-5)
        self._run()
        counts = []
        for some in (customers[:3], customers[3:]):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            some.dunning_user_id = self.sophie
            self.env.flush_all()
            counts.append(self.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 3)
        self.assertEqual(
            self.env["dunning.action"]
            .search([("partner_id", "in", customers.ids)])
            .user_id,
            self.sophie,
        )

    def test_another_company_keeps_its_collector_and_work(self):
        other = self._create_second_company()
        worker = self._create_user("elsewhere", "group_dunning_collector", other)
        theirs = self.customer.with_company(other)
        theirs.dunning_user_id = worker
        action = self.env["dunning.action"].create(
            {"partner_id": self.customer.id, "company_id": other.id}
        )
        self.assertEqual(action.user_id, worker)
        self.customer.dunning_user_id = self.sophie
        self.assertEqual(theirs.dunning_user_id, worker)
        self.assertEqual(action.user_id, worker)

    def test_a_customer_is_not_given_to_who_cannot_collect(self):
        stranger = self._create_user("stranger", "group_dunning_readonly")
        former = self._create_user("former", "group_dunning_collector")
        former.action_archive()
        customer = self.customer.with_user(self.manager)
        for user in (stranger, former):
            with self.subTest(user=user.login):
                with (
                    self.assertRaisesRegex(UserError, f"{user.name} cannot work"),
                    self.cr.savepoint(),
                ):
                    customer.dunning_user_id = user
                self.env.invalidate_all()
        self.assertEqual(self.customer.dunning_user_id, self.paul)
