from lxml import etree

from odoo.service.model import call_kw
from odoo.tests import tagged

from ..common import DunningCommon


@tagged("post_install", "-at_install")
class TestDashboardOpen(DunningCommon):
    """The parts that show what is open, read at once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._create_user("manager", "group_dunning_manager")
        cls.other_collector = cls._create_user("other", "group_dunning_collector")
        other = cls._create_customer("Other", dunning_user_id=cls.other_collector.id)
        cls._create_invoice(due=-10, amount=1000)
        cls._create_invoice(due=10, amount=300)
        cls._create_invoice(other, -170, 500)
        cls._create_invoice(other, -200, 50.5)
        cls._create_payment(amount=120)

    def _ask(self, method, who=None, **filters):
        self.env.flush_all()
        self.env.invalidate_all()
        env = self.env(user=who or self.manager)
        return call_kw(env["dunning.dashboard"], method, [], filters)

    def test_what_is_open_comes_in_one_answer_as_part_by_part(self):
        for user in (self.manager, self.collector):
            for filters in ({}, {"user": self.other_collector.id}):
                together = self._ask("get_open", user, **filters)
                self.assertEqual(len(together), 3)
                for method, data in together.items():
                    self.assertEqual(data, self._ask(method, user, **filters))

    def test_a_company_that_has_planned_something_is_shown_it_though_nothing_is_open(
        self,
    ):
        company = self._create_second_company()
        manager = self._create_user("planner", "group_dunning_manager", company)
        self.assertTrue(self._ask("get_setup", manager)["is_empty"])
        self.env["dunning.action"].create(
            {"partner_id": self.customer.id, "company_id": company.id}
        )
        self.assertFalse(self._ask("get_setup", manager)["is_empty"])

    def test_what_is_open_is_read_once(self):
        read, balance = [], type(self.env["dunning.balance"])
        original = balance._get_company_query

        def count(*args):
            read.append(args)
            return original(*args)

        self.patch(balance, "_get_company_query", count)
        self._ask("get_open")
        self.assertEqual(len(read), 1)

    def test_an_entry_without_customer_takes_no_place_at_the_top(self):
        for number in range(12):
            self._create_invoice(self._create_customer(f"No {number}"), -3)
        entry = self._create_entry(due=-500, amount=9999)
        entry.button_draft()
        entry.line_ids.partner_id = False
        entry.action_post()
        data = self._ask("get_late_customers")
        self.assertEqual(len(data["by_amount"]), 10)
        self.assertEqual(len(data["by_days"]), 10)
        self.assertEqual(data["by_days"][0]["days"], 200)

    def test_the_list_behind_a_figure_shows_what_adds_up_to_it(self):
        figures = {f["key"]: f for f in self._ask("get_receivables")["figures"]}
        action = figures["overdue"]["action"]
        self.assertGreaterEqual(action["limit"], 500)
        view_id, kind = action["views"][0]
        self.assertEqual(kind, "list")
        arch = self.env[action["res_model"]].get_view(view_id, kind)["arch"]
        # The web client adds up no column of a field that is hidden at first.
        [column] = etree.fromstring(arch).findall("field[@name='amount_company']")
        self.assertFalse(column.get("optional"))
        self.assertTrue(column.get("sum"))
