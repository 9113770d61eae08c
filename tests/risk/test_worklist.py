import re

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import Form, new_test_user, tagged

from .common_risk import RiskCommon


@tagged("post_install", "-at_install")
class TestWorklist(RiskCommon):
    """Whom to see first, and why."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.worklist = cls.env["dunning.worklist"]
        cls.rules = cls.env["dunning.priority.rule"].search([])
        cls.shipped = {rule.condition: rule for rule in cls.rules}

    def _rows(self, *domain):
        self.env.flush_all()
        self.env.invalidate_all()
        return self.worklist.search([*domain])

    def _row(self, partner=None):
        return self._rows(("partner_id", "=", (partner or self.customer).id))

    def _set_rules(self, **points):
        """Have only these rules count: condition to points, or points and the value
        from which all of them are given."""
        self.rules.sudo().active = False
        for condition, given in points.items():
            points, full = given if isinstance(given, tuple) else (given, 0)
            self.shipped[condition].sudo().write(
                {"active": True, "points": points, "full_from": full}
            )

    # ------------------------------------------------------------------
    # WHO IS LISTED
    # ------------------------------------------------------------------

    def test_each_customer_has_one_row(self):
        for due in (-40, -30, -20):
            self._create_invoice(due=due)
        self._run()
        self.env["dunning.action"].create({"partner_id": self.customer.id})
        row = self._row()
        self.assertEqual(len(row), 1)
        self.assertEqual(row.to_collect, 300)
        self.assertEqual(row.days_late, 40)
        self.assertEqual(row.action_count, 2)
        self.assertEqual(sum(self._rows().mapped("to_collect")), 300)

    def test_who_owes_nothing_that_is_late_is_not_listed(self):
        self._create_invoice(due=10)
        self.assertFalse(self._row())

    def test_who_is_called_without_owing_anything_is_listed(self):
        action = self.env["dunning.action"].create({"partner_id": self.customer.id})
        row = self._row()
        self.assertEqual(row.action_id, action)
        self.assertEqual(row.to_collect, 0)

    def test_what_is_promised_and_disputed_is_not_to_be_collected(self):
        invoice = self._create_invoice(due=-20, amount=500)
        self.env["dunning.dispute"].create(
            {
                "move_line_ids": [Command.set(self._items(invoice).ids)],
                "amount": 200,
                "reason_id": self.env.ref("account_dunning.reason_price").id,
            }
        )
        row = self._row()
        self.assertEqual((row.overdue, row.disputed, row.to_collect), (500, 200, 300))

    def test_a_payment_takes_the_customer_off_at_once(self):
        invoice = self._create_invoice(due=-20)
        self._refresh()
        self.assertTrue(self._row())
        self._pay(invoice)
        self.assertFalse(self._row())

    # ------------------------------------------------------------------
    # POINTS
    # ------------------------------------------------------------------

    def assertPoints(self, expected, partner=None):
        row = self._row(partner)
        self.assertEqual(row.points, expected, row.priority_detail)
        shown = re.findall(r"([+-]\d+):", row.priority_detail or "")
        self.assertEqual(sum(map(int, shown)), expected, row.priority_detail)

    def test_points_are_given_in_proportion_up_to_a_value(self):
        self._set_rules(amount=(40, 1000))
        self._create_invoice(due=-20, amount=250)
        self.assertPoints(10)
        self._create_invoice(due=-20, amount=5000)
        self.assertPoints(40)
        self.assertIn("+40:", self._row().priority_detail)
        self.assertIn("5,250.00", self._row().priority_detail)

    def test_days_late_give_points(self):
        self._set_rules(days=(30, 90))
        self._create_invoice(due=-45)
        self.assertPoints(15)
        self.assertIn("45 days late", self._row().priority_detail)

    def test_a_rating_gives_points(self):
        self._set_rules(rating=(20, 4))
        self._create_invoice(due=-5)
        self._pay_late(self.customer, 40, 40, 40)
        self.assertPoints(15)
        self.assertIn("rating D", self._row().priority_detail)

    def test_what_will_soon_be_long_unpaid_gives_points(self):
        self._set_rules(near=15)
        self._create_invoice(due=-149)
        self.assertPoints(0)
        self._create_invoice(due=-150)
        self.assertPoints(15)

    def test_what_is_long_unpaid_already_gives_none_for_coming_near(self):
        self._set_rules(near=15)
        self._create_invoice(due=-180)
        self.assertPoints(0)

    def test_what_will_soon_be_time_barred_gives_points(self):
        self._set_rules(limitation=30)
        invoice = self._create_invoice(due=-100)
        self.assertPoints(0)
        # What collectors were told is written by the system.
        alerts_sudo = self.env["dunning.limitation.alert"].sudo()
        alerts_sudo.create(
            {"move_line_id": self._items(invoice).id, "date_limit": self._day(20)}
        )
        self.assertPoints(30)
        self.assertIn("time-barred in 20 days", self._row().priority_detail)
        self._go_to(20)
        self.assertPoints(30)
        self._go_to(21)
        self.assertPoints(0)

    def test_an_exposure_above_the_limit_gives_points(self):
        self._set_rules(limit=(15, 50))
        self.company.account_use_credit_limit = True
        self.customer.credit_limit = 100
        self._create_invoice(due=-5, amount=110)
        self.assertPoints(3)
        self.assertIn("10 % above the limit", self._row().priority_detail)
        self.company.account_use_credit_limit = False
        self.assertPoints(0)

    def test_a_deadline_that_has_passed_gives_points(self):
        self._set_rules(deadline=15)
        self._set_levels(
            [
                ("Letter", 5, {"deadline_days": 8, "deadline_channel": "call"}),
                ("Notice", 60, {}),
            ]
        )
        self._create_invoice(due=-5)
        self._step(0)
        self.assertFalse(self._row().action_id)
        self._run(9)
        self.assertPoints(15)

    def test_an_answer_gives_points_until_it_is_dealt_with(self):
        self._set_rules(answered=25)
        self._create_invoice(due=-20)
        action = self._step(0)
        action._remind_collector(lambda env: "Answer", "I shall pay")
        self.assertPoints(25)
        self.customer.activity_ids.unlink()
        self.assertPoints(0)

    def test_answers_of_others_give_no_points(self):
        self._set_rules(answered=25)
        self._create_invoice(due=-20)
        action = self._step(0)
        action._remind_collector(lambda env: "Answer", "I shall pay")
        # The marks of activities are the system's own.
        activity_sudo = self.customer.sudo().activity_ids
        other = self._create_second_company()
        for values in (
            {"dunning_company_id": other.id},
            {"active": False},
            {"activity_type_id": self.env.ref("mail.mail_activity_data_todo").id},
        ):
            with self.subTest(values):
                before = {name: activity_sudo[name] for name in values}
                activity_sudo.write(values)
                self.assertPoints(0)
                activity_sudo.write(before)
        self.assertPoints(25)
        # An action may have the number of a customer.
        self.env.cr.execute(
            "UPDATE mail_activity SET res_model = 'dunning.action' WHERE id = %s",
            activity_sudo.ids,
        )
        self.assertPoints(0)

    def test_who_was_never_reached_gets_points(self):
        self._set_rules(unreached=(10, 5))
        self._create_invoice(due=-20)
        call = self.env["dunning.action"].create({"partner_id": self.customer.id})
        call._retry_call({}, self._day(1))
        call._retry_call({}, self._day(2))
        self.assertPoints(4)
        self.assertIn("called in vain: 2", self._row().priority_detail)
        # A year after the last call.
        self._go_to("2027-03-04")
        self.assertPoints(0)

    def test_broken_promises_give_points(self):
        self._set_rules(broken=(15, 2))
        invoice = self._create_invoice(due=-40)
        self._go_to(-30)
        self.env["dunning.promise"].create(
            {
                "partner_id": self.customer.id,
                "move_line_ids": [Command.set(self._items(invoice).ids)],
                "line_ids": [Command.create({"date": self._day(-20), "amount": 100})],
            }
        )
        self._go_to(0)
        self.company._dunning_settle()
        self.assertPoints(8)

    def test_all_shipped_rules_together_are_explained(self):
        self.company.account_use_credit_limit = True
        self.customer.credit_limit = 50
        self._pay_late(self.customer, 10, 70, 80)
        self._create_invoice(due=-160, amount=400)
        other = self._create_customer("Other")
        self._create_invoice(other, due=-2, amount=9)
        self._run()
        for partner in self.customer, other:
            row = self._row(partner)
            shown = re.findall(r"([+-]\d+):", row.priority_detail)
            self.assertEqual(sum(map(int, shown)), row.points, row.priority_detail)
        self.assertEqual(self._rows()[:2].partner_id.ids, [self.customer.id, other.id])
        self.assertEqual(len(self.shipped), 10)

    def test_the_most_points_come_first_then_the_largest_amount(self):
        self._set_rules(days=(30, 30))
        customers = [self._create_customer(f"Customer {n}") for n in range(3)]
        for customer, due, amount in zip(
            customers, (-5, -50, -60), (900, 100, 200), strict=True
        ):
            self._create_invoice(customer, due, amount)
        names = self._rows().partner_id.mapped("name")
        self.assertEqual(names, ["Customer 2", "Customer 1", "Customer 0"])

    def test_actions_bear_the_points_of_their_customer(self):
        other = self._create_customer("Other")
        self._create_invoice(due=-5)
        self._create_invoice(other, due=-50)
        self._run()
        actions = self.env["dunning.action"].search([], order="priority_points desc")
        self.assertEqual(actions[0].partner_id, other)
        for action in actions:
            row = self._row(action.partner_id)
            self.assertEqual(action.priority_points, row.points)
            self.assertEqual(action.priority_detail, row.priority_detail)

    # ------------------------------------------------------------------
    # CHANGING A RULE
    # ------------------------------------------------------------------

    def test_a_changed_weight_is_shown_before_it_is_saved(self):
        self._set_rules(days=(10, 90), amount=(40, 1000))
        late, large = self._create_customer("Late"), self._create_customer("Large")
        self._create_invoice(late, due=-90, amount=10)
        self._create_invoice(large, due=-2, amount=1000)
        self.assertEqual(self._rows()[:1].partner_id, large)
        manager = self._create_user("manager", "group_dunning_manager")
        rule = self.shipped["days"].sudo()
        rule.company_id = self.company
        with Form(rule.with_user(manager)) as form:
            form.points = 100
            text = str(form.preview)
            self.assertLess(text.index("Late"), text.index("Large"))
            self.assertIn("fa-arrow-up", text)
            self.assertEqual(self._rows()[:1].partner_id, large, "not saved yet")
            # Refused on saving, not while one types.
            form.points = 2147483647
            self.assertIn("Late", str(form.preview))
            form.points = 100
        self.assertEqual(self._rows()[:1].partner_id, late)

    def test_a_new_rule_is_shown_before_it_is_saved(self):
        self._set_rules()
        self._create_invoice(due=-90)
        new = self.env["dunning.priority.rule"].new({"condition": "days", "points": 7})
        [row] = self.worklist._get_comparison(new)
        self.assertEqual((row["points"], row["points_before"]), (7, 0))

    # ------------------------------------------------------------------
    # WHAT COMES NEXT
    # ------------------------------------------------------------------

    def test_the_next_action_says_what_when_how_and_why(self):
        self._set_levels(
            [("Please Call", 5, {"channel": "call", "execution": "manual"})]
        )
        self._create_invoice(due=-20)
        self.assertIn("Please Call", self._row().next_action)
        self._run()
        self.assertEqual(
            self._row().next_action,
            "Phone Call on 03/02/2026: Please Call – the level is due",
        )
        row = self._row()
        call = row.action_id
        self.assertEqual(row.action_open_next(), call.action_open_call())
        for values, words in (
            ({"state": "to_validate"}, "waits to be validated"),
            ({"state": "failed", "failure": " No \n"}, "could not be carried out: No"),
        ):
            call.sudo().write(values)
            self.assertTrue(self._row().next_action.endswith(f" – {words}"))

    def test_of_whom_nothing_is_known_nothing_is_planned(self):
        new = self._create_customer("New")
        self.assertEqual(new._dunning_describe_next(), "Nothing is planned")

    def test_who_is_on_no_step_says_why(self):
        self._create_invoice(due=-20)
        self.scenario.minimum_amount = 500
        self.assertEqual(
            self._row().next_action, "Nothing is planned – Below the minimum amount"
        )

    def test_a_row_plans_what_is_next_in_its_own_company(self):
        other = self._create_second_company()
        self._create_invoice(due=-20, company=other)
        rows = self.env["dunning.worklist"].with_context(
            allowed_company_ids=[self.company.id, other.id]
        )
        row = rows.search(
            [("partner_id", "=", self.customer.id), ("company_id", "=", other.id)]
        )
        window = row.action_open_next()
        actions = self.env[window["res_model"]].with_context(**window["context"])
        self.assertEqual(actions.create({"channel": "call"}).company_id, other)

    def test_a_row_opens_what_is_next(self):
        self._create_invoice(due=-20)
        row = self._row()
        self.assertEqual(row.action_open_next()["res_model"], "dunning.action")
        self._run()
        row = self._row()
        self.assertEqual(row.action_open_next()["res_id"], row.action_id.id)
        self.assertEqual(row.action_open_customer()["res_id"], self.customer.id)

    # ------------------------------------------------------------------
    # RIGHTS
    # ------------------------------------------------------------------

    def test_collectors_see_those_of_their_own_where_the_company_says_so(self):
        self._create_invoice(due=-20)
        other = self._create_customer("Other")
        self._create_invoice(other, due=-20)
        colleague = self._create_user("colleague", "group_dunning_collector")
        other.dunning_user_id = colleague
        self.company.dunning_collector_view = "own"
        self.env.flush_all()
        rows = self.worklist.with_user(colleague).search([])
        self.assertEqual(rows.partner_id, other)

    def test_other_companies_are_not_seen(self):
        company = self._create_second_company()
        self._create_invoice(due=-20)
        self._create_invoice(self._create_customer("Foreign"), due=-20, company=company)
        self.env.flush_all()
        auditor = self._create_user("auditor", "group_dunning_readonly")
        rows = self.worklist.with_user(auditor).search([])
        self.assertEqual(rows.partner_id, self.customer)
        both = self.worklist.with_context(
            allowed_company_ids=(self.company | company).ids
        )
        self.assertEqual(len(both.search([])), 2)

    def test_who_does_not_dun_sees_nothing(self):
        user = new_test_user(self.env, "points_nobody", "base.group_user")
        with self.assertRaises(AccessError):
            self.worklist.with_user(user).search([])

    def test_only_managers_change_rules(self):
        rule = self.env["dunning.priority.rule"].create(
            {"name": "Own", "company_id": self.company.id, "condition": "days"}
        )
        with self.assertRaises(AccessError):
            rule.with_user(self.collector).points = 3
        manager = self._create_user("manager", "group_dunning_manager")
        rule.with_user(manager).points = 3
        self.assertEqual(rule.points, 3)
