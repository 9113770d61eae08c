from odoo.tests import Form, tagged

from ..common import DunningCommon


@tagged("post_install", "-at_install")
class TestNearLimit(DunningCommon):
    """What will soon be long unpaid is told ahead."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write({"dunning_limit_days": 180, "dunning_limit_ahead_days": 30})

    def _told(self, user=None):
        self.env.invalidate_all()
        kind = self.env.ref("account_dunning.activity_type_limit")
        return self.env["mail.activity"].search(
            [
                ("activity_type_id", "=", kind.id),
                ("user_id", "=", (user or self.collector).id),
            ]
        )

    def test_the_list_is_that_of_the_days_before(self):
        invoices = {
            late: self._create_invoice(due=-late) for late in (149, 150, 179, 180)
        }
        self.env.flush_all()
        found = self.env["dunning.item"].search([("is_near_limit", "=", True)])
        self.assertEqual(found.move_id, invoices[150] | invoices[179])
        self.assertEqual(found.sorted("days_late").mapped("days_left"), [30, 1])
        self.assertEqual(set(found.mapped("is_near_limit")), {True})
        others = self.env["dunning.item"].search([("is_near_limit", "=", False)])
        self.assertEqual(others.move_id, invoices[149] | invoices[180])
        self.assertEqual(set(others.mapped("is_near_limit")), {False})

    def test_the_dashboard_adds_up_what_the_list_shows(self):
        for late in (149, 150, 179, 180):
            self._create_invoice(due=-late, amount=late)
        self.env.flush_all()
        manager = self._create_user("manager", "group_dunning_manager")
        told = self.env["dunning.dashboard"].with_user(manager).get_near_limit()
        values = {figure["key"]: figure["value"] for figure in told["figures"]}
        self.assertEqual(values, {"near": 150 + 179, "past": 180})

    def test_the_collector_is_told_of_what_the_list_shows(self):
        invoices = {
            late: self._create_invoice(due=-late) for late in (149, 150, 179, 180)
        }
        self._run(0)
        note = self._told().note
        for late, invoice in invoices.items():
            with self.subTest(late=late):
                self.assertIs(invoice.name in note, late in (150, 179))

    def test_the_collector_is_told_once_of_each_item(self):
        old = self._create_invoice(due=-160, amount=700)
        self._create_invoice(due=-145)
        self._create_invoice(due=-10)
        self._run(0)
        activity = self._told()
        self.assertEqual(activity.res_id, self.customer.id)
        self.assertIn(old.name, activity.note)
        self.assertIn("700.00", activity.note)
        # Again on the same day and on the next: nothing new.
        self._run(0)
        self._run(1)
        self.assertEqual(self._told(), activity)
        # Done or deleted, it does not come back; the next item is told by itself.
        activity.with_user(self.collector).action_feedback()
        self._run(2)
        self.assertFalse(self._told())
        self._run(7)
        self.assertEqual(len(self._told()), 1)
        self.assertNotIn(old.name, self._told().note)

    def test_one_activity_tells_of_all_items_of_a_customer(self):
        for number in range(25):
            self._create_invoice(due=-155, amount=number + 1)
        self._run(0)
        activity = self._told()
        self.assertEqual(len(activity), 1)
        self.assertIn("25", activity.summary)
        self.assertIn("5 more", activity.note)

    def test_what_is_paid_meanwhile_is_taken_back(self):
        invoice = self._create_invoice(due=-160)
        other = self._create_invoice(due=-161)
        self._run(0)
        self.assertTrue(self._told())
        self._pay(invoice)
        self._run(1)
        self.assertTrue(self._told())
        self._pay(other)
        self._run(2)
        self.assertFalse(self._told())

    def test_only_readers_of_dunning_see_it(self):
        self._create_invoice(due=-160)
        self._run(0)
        employee = self._create_user("employee", "group_dunning_readonly")
        employee.group_ids = self.env.ref("base.group_user")
        activities = self.env["mail.activity"].with_user(employee)
        self.assertFalse(activities.search([("id", "in", self._told().ids)]))

    def test_telling_of_many_customers_costs_as_many_queries_as_of_few(self):
        counts = []
        for number in (2, 10):
            for place in range(number):
                customer = self._create_customer(f"{number} {place}")
                self._create_invoice(customer, -160)
            self.env.flush_all()
            # Nobody makes runs by hand.
            runs_sudo = self.env["dunning.run"].sudo()
            run = runs_sudo.create({"company_id": self.company.id, "date": self.today})
            self.env.flush_all()
            before = self.cr.sql_log_count
            run._tell_of_age()
            self.env.flush_all()
            counts.append(self.cr.sql_log_count - before)
        # Activities subscribe their user to each record.
        self.assertLessEqual(counts[1] - counts[0], 3 * 8)

    def test_the_days_are_set_by_the_manager(self):
        manager = self._create_user("manager", "group_dunning_manager")
        form = Form(self.env["dunning.settings"].with_user(manager))
        form.dunning_limit_days = 90
        form.dunning_limit_ahead_days = 15
        form.dunning_success_days = 7
        form.save()
        self.assertRecordValues(
            self.company,
            [
                {
                    "dunning_limit_days": 90,
                    "dunning_limit_ahead_days": 15,
                    "dunning_success_days": 7,
                }
            ],
        )
