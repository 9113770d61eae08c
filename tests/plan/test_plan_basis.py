from unittest.mock import patch

from odoo.tests import tagged

from ...models.plan import dunning_plan_due
from ..common import DunningCommon


@tagged("post_install", "-at_install")
class TestPlanBasis(DunningCommon):
    """What plans keep in memory follows the records it comes from at once."""

    def _verdict(self, invoice):
        rows = self.company._dunning_plan()
        [row] = [row for row in rows if row.move_line_id in self._items(invoice).ids]
        return row

    def test_a_day_off_that_is_added_moves_the_next_step(self):
        invoice = self._create_invoice(due=-5)
        self.assertEqual(self._verdict(invoice).decision, "step")
        self._add_holiday(0)
        self.assertEqual(self._verdict(invoice).reason, "non_working_day")

    def test_a_day_off_that_is_removed_counts_no_longer(self):
        invoice = self._create_invoice(due=-5)
        holiday = self._add_holiday(0)
        self.assertEqual(self._verdict(invoice).reason, "non_working_day")
        holiday.unlink()
        self.assertEqual(self._verdict(invoice).decision, "step")

    def test_working_hours_that_are_removed_make_a_day_off(self):
        invoice = self._create_invoice(due=-5)
        self.assertEqual(self._verdict(invoice).decision, "step")
        attendances = self.company.resource_calendar_id.attendance_ids
        attendances.filtered(lambda hours: hours.dayofweek == "0").unlink()
        self.assertEqual(self._verdict(invoice).reason, "non_working_day")

    def test_the_holiday_of_an_employee_changes_nothing(self):
        invoice = self._create_invoice(due=-5)
        holiday = self._add_holiday(0)
        self.assertEqual(self._verdict(invoice).reason, "non_working_day")
        employees_sudo = self.env["resource.resource"].sudo()
        holiday.resource_id = employees_sudo.create({"name": "Somebody"})
        self.assertEqual(self._verdict(invoice).decision, "step")

    def test_what_plans_do_not_read_clears_nothing(self):
        account = self._items(self._create_invoice(due=-5)).account_id
        employees_sudo = self.env["resource.resource"].sudo()
        employee = employees_sudo.create({"name": "Somebody"})
        holiday = self._add_holiday(0)
        holiday.resource_id = employee
        with patch.object(type(self.env.registry), "clear_cache") as clear:
            account.name = "Receivable"
            holiday.name = "Holiday"
            holiday.copy()
            holiday.unlink()
            self.env.flush_all()
        self.assertFalse(clear.called)

    def test_today_follows_the_time_zone_of_the_working_hours(self):
        calendar = self.company.resource_calendar_id
        days = {}
        for timezone in ("Pacific/Kiritimati", "Pacific/Pago_Pago"):
            calendar.tz = timezone
            days[timezone] = self.company._dunning_today()
        # A day and an hour lie between them.
        self.assertGreater(days["Pacific/Kiritimati"], days["Pacific/Pago_Pago"])

    def test_an_account_that_becomes_receivable_is_dunned(self):
        invoice = self._create_invoice(due=-5)
        account = self._items(invoice).account_id
        account.non_trade = True
        self.assertFalse(self.company._dunning_plan())
        account.non_trade = False
        self.assertEqual(self._verdict(invoice).decision, "step")

    def test_a_scenario_with_a_rule_applies_as_soon_as_it_exists(self):
        invoice = self._create_invoice(due=-5)
        self.assertEqual(self._verdict(invoice).decision, "step")
        scenario = self._create_scenario(
            levels=[("Late", 20, {})],
            partner_domain=str([("id", "=", self.customer.id)]),
        )
        self.assertEqual(self._verdict(invoice).level_id, scenario.level_ids.id)
        scenario.active = False
        self.assertEqual(self._verdict(invoice).decision, "step")


@tagged("post_install", "-at_install")
class TestCustomersAtRest(DunningCommon):
    """A run reads the items of those who may be contacted, and misses nobody."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.scenario.contact_gap_days = 7
        cls.others = cls.env["res.partner"].create(
            [{"name": f"Other {n}", "email": f"o{n}@example.com"} for n in range(4)]
        )
        for partner in cls.others:
            cls._create_invoice(partner, due=-5)
        cls.company._dunning_run().action_ids.action_execute()

    def _get_due(self):
        plan = self.env["dunning.plan"]
        return plan._get_due_customers(self.company._dunning_scope()).ids

    def _assert_awake(self, expected):
        """Check that the items of few customers are read, and whose."""
        plan = self.env["dunning.plan"]
        with patch.object(dunning_plan_due, "FEW_CUSTOMERS_SHARE", 1):
            awake = plan._get_awake_customers(self.company._dunning_scope())
        self.assertEqual(set(awake), set(expected.ids))

    def test_customers_just_contacted_are_left_alone(self):
        self._go_to(2)
        self._create_invoice(due=-5)
        self._assert_awake(self.customer)
        self.assertEqual(self._get_due(), self.customer.ids)

    def test_customers_are_looked_at_again_after_the_gap(self):
        self._go_to(7)
        self._create_invoice(due=-5)
        self._assert_awake(self.customer | self.others)

    def test_an_item_of_a_contact_belongs_to_its_customer(self):
        self._go_to(2)
        contact = self.env["res.partner"].create(
            {"name": "Accounts", "parent_id": self.customer.id}
        )
        item = self._items(self._create_invoice(due=-5))
        item.flush_recordset()
        # As an entry written by an import may have it.
        self.env.cr.execute(
            "UPDATE account_move_line SET partner_id = %s WHERE id = %s",
            [contact.id, item.id],
        )
        self.env.invalidate_all()
        self._assert_awake(self.customer)
        self.assertEqual(self._get_due(), self.customer.ids)

    def test_who_reached_the_last_level_is_followed_though_just_contacted(self):
        last = self.scenario.level_ids.sorted("delay_days")[-1]
        resting = self.others[0]
        state = self.env["dunning.item.state"].search(
            [("move_line_id.partner_id", "=", resting.id)]
        )
        state.sudo().level_id = last
        self.env.flush_all()
        self._go_to(2)
        self._create_invoice(due=-5)
        self._assert_awake(self.customer | resting)
        with patch.object(dunning_plan_due, "FEW_CUSTOMERS_SHARE", 1):
            run = self.company._dunning_run()
        follow_up = run.action_ids.filtered(lambda action: action.kind == "follow_up")
        self.assertEqual(follow_up.partner_id, resting)
