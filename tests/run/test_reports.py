from ast import literal_eval

from hypothesis import given
from lxml import etree

from odoo.tests import tagged

from ..plan.test_plan_model import PlanModelCommon
from ..plan_strategies import examples, ledgers
from ..send.test_execution import ExecutionCommon


class ReportCommon(ExecutionCommon):
    def _get_cover(self, item):
        """Return what covers an entry with one item: cover, date, reason."""
        self.env.invalidate_all()
        row = self.env["dunning.coverage"].browse(self._items(item).id)
        return row.cover, row.date, row.reason

    def _get_outcomes(self, actions):
        self.env.invalidate_all()
        rows = self.env["dunning.procedure"].browse(actions.ids)
        return [row.outcome for row in rows]


@tagged("post_install", "-at_install")
class TestCoverage(ReportCommon):
    """R6: what covers each overdue item."""

    def test_r6_an_open_action_covers_with_its_date(self):
        invoice = self._create_invoice(due=-5)
        [action] = self._run().action_ids
        self.assertEqual(
            self._get_cover(invoice), ("1_action", self._day(0), "open_action")
        )
        row = self.env["dunning.coverage"].browse(self._items(invoice).id)
        self.assertEqual(row.action_id, action)
        self.assertEqual(row.action_open_cover()["res_id"], action.id)

    def test_r6_a_planned_step_covers_with_its_date(self):
        invoice = self._create_invoice(due=-6)
        self._step()
        self.assertEqual(
            self._get_cover(invoice), ("2_step", self._day(9), "level_date")
        )

    def test_r6_a_hold_covers_until_its_end(self):
        held = self._create_invoice(due=-5)
        self._create_hold(held, date_end=20)
        self.assertEqual(self._get_cover(held), ("4_hold", self._day(20), "held"))
        customer = self._create_customer("Insolvent")
        invoice = self._create_invoice(customer, due=-5)
        self._create_hold(partner_id=customer.id)
        self.assertEqual(self._get_cover(invoice), ("4_hold", False, "held"))

    def test_r6_of_two_holds_on_an_item_the_longer_covers(self):
        for first, second, end in ((20, 40, 40), (40, 20, 40), (40, False, False)):
            held = self._create_invoice(due=-5)
            for date_end in (first, second):
                values = {"date_end": date_end} if date_end else {}
                self._create_hold(held, **values)
            with self.subTest(first=first, second=second):
                date = end and self._day(end)
                self.assertEqual(self._get_cover(held), ("4_hold", date, "held"))
                row = self.env["dunning.coverage"].browse(self._items(held).id)
                self.assertEqual(row.hold_id.date_end, date)

    def test_r6_of_two_holds_on_a_customer_the_longer_covers(self):
        for first, second, end in ((20, 40, 40), (40, 20, 40), (40, False, False)):
            customer = self._create_customer(f"Insolvent {first} {second}")
            invoice = self._create_invoice(customer, due=-5)
            for date_end in (first, second):
                values = {"date_end": date_end} if date_end else {}
                self._create_hold(partner_id=customer.id, **values)
            with self.subTest(first=first, second=second):
                date = end and self._day(end)
                self.assertEqual(self._get_cover(invoice), ("4_hold", date, "held"))

    def test_r6_a_credit_covers(self):
        invoice = self._create_invoice(due=-5, amount=100)
        self._create_payment(amount=100)
        self.assertEqual(self._get_cover(invoice), ("5_payment", False, "covered"))

    def test_r6_a_rule_covers_with_its_reason(self):
        self.scenario.minimum_amount = 50
        invoice = self._create_invoice(due=-5, amount=10)
        self.assertEqual(self._get_cover(invoice), ("6_rule", False, "below_minimum"))

    def test_r6_after_the_last_level_the_collector_s_follow_up_covers(self):
        invoice = self._create_invoice(due=-40)
        for day in range(3):
            self._step(day)
        self.assertEqual(self._get_cover(invoice), ("3_collector", False, "last_level"))
        [action] = self._run(4).action_ids
        self.assertEqual(action.kind, "follow_up")
        self.assertEqual(
            self._get_cover(invoice), ("1_action", self._day(4), "last_level")
        )

    def test_r6_nothing_covers_what_nobody_will_plan(self):
        planned = self._create_invoice(due=-6)
        self._step()
        self.company.dunning_enabled = False
        self.assertEqual(self._get_cover(planned)[0], "0_nothing")
        self._create_hold(planned)
        self.assertEqual(self._get_cover(planned)[0], "4_hold")

    def test_r6_only_overdue_items_need_cover(self):
        self._create_invoice(due=0)
        self.assertFalse(self.env["dunning.coverage"].search([]))

    def test_each_filter_finds_what_it_says(self):
        self.scenario.minimum_amount = 50
        self._create_invoice(due=-5)
        for name, amount in (("Held", 100), ("Below", 10)):
            customer = self._create_customer(name)
            invoice = self._create_invoice(customer, due=-5, amount=amount)
            if name == "Held":
                self._create_hold(invoice)
        self._run()
        self._create_invoice(self._create_customer("Planned"), due=-1)
        rows = self.env["dunning.coverage"]
        for name, covers in (
            ("uncovered", []),
            ("action", ["1_action"]),
            ("step", ["2_step"]),
            ("hold", ["4_hold"]),
            ("rule", ["6_rule"]),
        ):
            with self.subTest(name=name):
                found = rows.search(self._get_filter(rows, name))
                self.assertEqual(found.mapped("cover"), covers)

    def _get_filter(self, records, name):
        """Return the domain of a filter as the search view of a model has it."""
        arch = etree.fromstring(records.get_view(view_type="search")["arch"])
        [node] = arch.iterfind(f".//filter[@name='{name}']")
        return literal_eval(node.get("domain"))

    def test_the_group_of_what_nothing_covers_is_shown_although_empty(self):
        self._create_invoice(due=-5)
        coverage = self.env["dunning.coverage"].with_context(read_group_expand=True)
        groups = coverage.formatted_read_group([], ["cover"], ["__count"])
        counts = {group["cover"]: group["__count"] for group in groups}
        self.assertEqual(counts["0_nothing"], 0)
        self.assertEqual(counts["2_step"], 1)

    def test_on_a_phone_no_empty_group_stands_before_the_cards(self):
        action = self.env.ref("account_dunning.action_coverage")
        self.assertNotIn("group", action.context)
        views = self.env["dunning.coverage"].get_views([(False, "kanban")])["views"]
        self.assertNotIn("default_group_by", views["kanban"]["arch"])

    def test_i6_another_company_s_items_are_not_shown(self):
        other = self._create_second_company()
        partner = self._create_customer("Theirs")
        self._create_invoice(partner, due=-5, company=other)
        rows = self.env["dunning.coverage"].with_user(self.collector)
        self.assertFalse(rows.search([]))


@tagged("post_install", "-at_install")
class TestCoverageOfAnyLedger(PlanModelCommon):
    """R6, I4 on random ledgers."""

    @examples(40)
    @given(ledgers())
    def test_r6_no_overdue_item_escapes_on_any_ledger(self, ledger):
        # Holds that have ended on the day of the ledger were once set.
        self._go_to(self.today)
        with self._written(ledger) as writer:
            self._go_to(ledger.date)
            overdue = {
                writer.lines[item]
                for item in ledger.due_items
                if item.due < ledger.date
            }
            # What is the parent's or a branch's is looked at by these.
            rows = self.env["dunning.coverage"].search(
                [("company_id", "=", self.company.id)]
            )
            self.assertEqual(set(rows.ids), overdue)
            self.assertFalse(rows.filtered(lambda row: row.cover == "0_nothing"))
            for row in rows.filtered(lambda row: row.cover in ("1_action", "2_step")):
                self.assertTrue(row.date, row.name)


@tagged("post_install", "-at_install")
class TestProcedure(ReportCommon):
    """R8: was the procedure followed?"""

    def _plan_call(self, name="Customer"):
        partner = self._create_customer(name)
        _invoice, action = self._plan_action(
            partner, channel="call", execution="manual"
        )
        return action

    def test_r8_what_becomes_of_an_action(self):
        action = self._plan_call()
        self.assertEqual(self._get_outcomes(action), ["3_planned"])
        self._go_to(1)
        self.assertEqual(self._get_outcomes(action), ["4_overdue"])
        action.action_execute()
        self.assertEqual(self._get_outcomes(action), ["2_done_late"])
        row = self.env["dunning.procedure"].browse(action.id)
        self.assertEqual((row.days_behind, row.on_time_rate), (1, 0))

    def test_r8_done_on_time_skipped_and_no_longer_needed(self):
        done, skipped, settled = [
            self._plan_call(name) for name in ("Done", "Skipped", "Settled")
        ]
        done.action_execute()
        skipped.action_skip("Not today")
        self._pay(settled.line_ids.move_id)
        self.assertEqual(
            self._get_outcomes(done + skipped + settled),
            ["1_on_time", "6_skipped", "7_settled"],
        )

    def test_r8_a_failure_is_shown(self):
        silent = self._create_customer("Silent", email=False)
        _invoice, action = self._plan_action(silent)
        action.action_execute()
        self.assertEqual(self._get_outcomes(action), ["5_failed"])

    def test_r8_by_user_and_by_month(self):
        self._plan_call("One").action_execute()
        self._plan_call("Two").action_skip("Not today")
        groups = self.env["dunning.procedure"]._read_group(
            [], ["user_id", "date:month", "outcome"], ["__count", "on_time_rate:avg"]
        )
        self.assertEqual(
            sorted((user, outcome, count) for user, _, outcome, count, _r in groups),
            [(self.collector, "1_on_time", 1), (self.collector, "6_skipped", 1)],
        )
        [[rate]] = self.env["dunning.procedure"]._read_group(
            [], [], ["on_time_rate:avg"]
        )
        self.assertEqual(rate, 50)

    def test_r8_starting_levels_are_nobody_s_work(self):
        self._create_invoice(due=-40)
        self.env["dunning.start.levels"].create({}).action_apply()
        self.assertTrue(self._actions(kind="start"))
        self.assertFalse(self.env["dunning.procedure"].search([]))

    def test_each_figure_opens_its_actions(self):
        action = self._plan_call()
        row = self.env["dunning.procedure"].browse(action.id)
        self.assertEqual(row.action_open_action()["res_id"], action.id)

    def test_i6_another_company_s_actions_are_not_shown(self):
        self._plan_call()
        other = self._create_second_company()
        outsider = self._create_user("outsider", "group_dunning_manager", other)
        rows = self.env["dunning.procedure"].with_user(outsider).with_company(other)
        self.assertFalse(rows.search([]))
