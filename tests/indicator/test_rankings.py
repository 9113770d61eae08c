from collections import defaultdict

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common_rankings import RankingsCommon


@tagged("post_install", "-at_install")
class TestRankings(RankingsCommon):
    """Rankings of ledgers made by hand."""

    # ------------------------------------------------------------------
    # REASONS
    # ------------------------------------------------------------------

    def _reason(self, name, **values):
        return self.env["dunning.reason"].create({"name": name, **values})

    def test_reasons_are_counted_where_they_are_told(self):
        cash, quality = self._reason("Cash"), self._reason("Quality")
        invoice = self._create_invoice(due=-10, amount=300)
        self.env["dunning.dispute"].create(
            {
                "partner_id": self.customer.id,
                "move_line_ids": self._items(invoice).ids,
                "amount": 120,
                "reason_id": quality.id,
            }
        )
        self._create_hold(reason_id=cash.id)
        found = self._group(
            "dunning.reason.trend", "reason_id", "__count", "amount:sum"
        )
        self.assertEqual(found[quality], [1, 120])
        self.assertEqual(found[cash][0], 1)

    def _answer(self, outcome, reason):
        """Call the customer about an invoice, and record what was answered."""
        level = self.scenario.level_ids.sorted("delay_days")[0]
        level.write({"channel": "call", "execution": "manual"})
        self._create_invoice(due=0, amount=300)
        call = self._run(5).action_ids
        dialogs = self.env["dunning.call.outcome"].with_context(
            active_id=call.id, active_model=call._name
        )
        answer = {"action_id": call.id, "outcome": outcome, "reason_id": reason.id}
        dialogs.create(answer).action_apply()
        return call

    def test_what_was_undone_is_neither_a_reason_nor_work_done(self):
        cash = self._reason("Cash")
        call = self._answer("not_approved", cash)
        done = self.env["dunning.dashboard"]._get_work_domains(
            self.env["dunning.dashboard"]._get_scope(self.company.id, False, "month")
        )["done"]
        trend = self._rows("dunning.reason.trend", [("source", "=", "action")])
        self.assertEqual(trend.action_id, call)
        self.assertEqual(call.search(done), call)
        call.action_undo_call()
        self.assertFalse(
            self._rows("dunning.reason.trend", [("source", "=", "action")])
        )
        self.assertFalse(call.search(done))

    def test_a_dispute_that_follows_from_a_call_tells_its_reason_once(self):
        quality = self._reason("Quality", outcome="dispute")
        call = self._answer("dispute", quality)
        self.assertEqual(call.reason_id, quality)
        rows = self._rows("dunning.reason.trend", [("reason_id", "=", quality.id)])
        self.assertEqual(rows.mapped("source"), ["dispute"])
        self.assertEqual(rows.dispute_id.call_id, call)

    # ------------------------------------------------------------------
    # DISPUTES
    # ------------------------------------------------------------------

    def test_a_dispute_takes_the_time_of_its_open_stages(self):
        department = self.env["dunning.department"].create({"name": "Quality"})
        reason = self._reason("Quality", department_id=department.id)
        invoice = self._create_invoice(due=-10, amount=300)
        dispute = self.env["dunning.dispute"].create(
            {
                "partner_id": self.customer.id,
                "move_line_ids": self._items(invoice).ids,
                "amount": 300,
                "reason_id": reason.id,
            }
        )
        for day, state in ((2, "waiting_department"), (7, "waiting_customer")):
            self._go_to(day)
            dispute.state = state
        self._go_to(11)
        self._pay(invoice, date=11)
        self.env.flush_all()
        self.assertEqual(dispute.state, "cancelled")
        self._go_to(40)
        found = self._group(
            "dunning.dispute.time",
            "department_id",
            "days:avg",
            "days_us:avg",
            "days_department:avg",
            "days_customer:avg",
            "amount:sum",
        )
        self.assertEqual(
            [round(value, 5) for value in found[department]], [11, 2, 5, 4, 300]
        )

    # ------------------------------------------------------------------
    # PROMISES
    # ------------------------------------------------------------------

    def test_the_rates_of_promises_are_those_of_the_definition(self):
        """6 kept, 2 partly, 2 broken: 60 % by count; 38 000 of 50 000 received in time:
        76 % by amount."""
        promise = self.env["dunning.promise"].create(
            {
                "partner_id": self.customer.id,
                "move_line_ids": self._items(
                    self._create_invoice(due=-10, amount=60000)
                ).ids,
                "line_ids": [
                    (0, 0, {"date": self._day(day), "amount": 5000})
                    for day in range(1, 13)
                ],
            }
        )
        outcomes = 6 * [("kept", 5000)] + 2 * [("partly_kept", 4000)]
        outcomes += 2 * [("broken", 0)] + [("void", 0), ("open", 0)]
        # What became of a promise is written by the system.
        for line, (state, amount) in zip(
            promise.line_ids.sudo().sorted("date"), outcomes, strict=True
        ):
            line.write({"state": state, "amount_in_time": amount})
        found = self._group(
            "dunning.promise.rate",
            "company_id",
            "__count",
            "kept_rate:avg",
            "amount_rate:avg",
            "amount:sum",
        )
        self.assertEqual(found, {self.company: [10, 60, 76, 50000]})

    # ------------------------------------------------------------------
    # PAYERS
    # ------------------------------------------------------------------

    def _pay_items(self, customer, *days):
        """Let a customer owe an item that is due today and pay it, for each of these
        days; contacts take place on day 5."""
        invoices = [self._create_invoice(customer, 0) for _day in days]
        for day, invoice in sorted(
            zip(days, invoices, strict=True), key=lambda pair: pair[0]
        ):
            if day > 5:
                self._go_to(5)
                self._step(5)
            self._go_to(max(day, 0))
            self._pay(invoice, date=day)
        self._go_to(0)

    def test_who_pays_only_after_a_reminder_is_recognised(self):
        habits = {}
        for habit, days in {
            "1_reminded": (6, 7, 8, -1),
            "2_late": (1, 2, 3, 4),
            "3_on_time": (-3, 0, -1, 3),
            "4_varied": (-1, 2, 7),
            "5_unknown": (7, 8),
        }.items():
            customer = self._create_customer(habit)
            self._pay_items(customer, *days)
            habits[customer] = habit
        self._go_to(20)
        rows = self._rows("dunning.payer")
        self.assertEqual({row.partner_id: row.habit for row in rows}, habits)
        reminded = rows.filtered(lambda row: row.habit == "1_reminded")
        self.assertRecordValues(
            reminded,
            [
                {
                    "item_count": 4,
                    "on_time_count": 1,
                    "late_count": 0,
                    "reminded_count": 3,
                    "reminded_rate": 75,
                    "days": 5,
                    "amount": 400,
                }
            ],
        )

    def test_an_item_is_reminded_by_what_lists_it_alone(self):
        # Two of one customer side by side: only one of them waited for its reminder.
        reminded = self._create_invoice(due=-6)
        self._step(0)
        late = self._create_invoice(due=-3)
        self._pay(reminded, date=1)
        self._pay(late, date=1)
        self._go_to(2)
        self.assertRecordValues(
            self._rows("dunning.payer"),
            [{"item_count": 2, "late_count": 1, "reminded_count": 1}],
        )

    def test_habits_are_those_of_the_last_year(self):
        self._pay_items(self.customer, 6, 7, 8)
        self._go_to(380)
        self.assertFalse(self._rows("dunning.payer"))

    # ------------------------------------------------------------------
    # WHO IS LATE
    # ------------------------------------------------------------------

    @settings(max_examples=10, deadline=None)
    @given(
        st.lists(
            st.tuples(
                st.integers(0, 2),
                st.integers(-40, 40),
                st.decimals(1, 999, places=2, allow_nan=False),
            ),
            max_size=8,
        )
    )
    def test_who_is_late_is_ranked_by_amount_and_by_days(self, drawn):
        savepoint = self.env.cr.savepoint()
        try:
            customers = [self._create_customer(f"No {n}") for n in range(3)]
            expected = defaultdict(list)
            for number, due, amount in drawn:
                self._create_invoice(customers[number], due, float(amount))
                if due < 0:
                    expected[customers[number]].append((float(amount), -due))
            rows = {row.partner_id: row for row in self._rows("dunning.late.customer")}
            self.assertEqual(set(rows), set(expected))
            for customer, items in expected.items():
                total = sum(amount for amount, _days in items)
                row = rows[customer]
                self.assertAlmostEqual(row.amount, total, 2)
                self.assertEqual(row.days_late, max(days for _amount, days in items))
                self.assertEqual(row.item_count, len(items))
                weighted = sum(amount * days for amount, days in items) / total
                self.assertAlmostEqual(row.days_weighted, weighted, 1)
        finally:
            self.env.invalidate_all(flush=False)
            savepoint.close(rollback=True)
            self.env.invalidate_all(flush=False)

    # ------------------------------------------------------------------
    # RIGHTS
    # ------------------------------------------------------------------

    def test_another_company_ranks_nothing_of_ours(self):
        self._pay_items(self.customer, 6, 7, 8)
        self._create_invoice(due=-10)
        other = self._create_second_company()
        stranger = self._create_user("stranger", "group_dunning_manager", other)
        env = self.env(user=stranger)
        self._go_to(20)
        for model in ("dunning.success", "dunning.payer", "dunning.late.customer"):
            with self.subTest(model=model):
                self.assertTrue(self._rows(model))
                self.assertFalse(self._rows(model, env=env))
                # Nor does who names our company.
                forged = env[model].with_context(allowed_company_ids=self.company.ids)
                with self.assertRaises(AccessError):
                    forged.search([])
