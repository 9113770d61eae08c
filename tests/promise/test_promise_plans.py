from odoo.tests import tagged

from ..promises import PromiseCommon


@tagged("post_install", "-at_install")
class TestPromisePlans(PromiseCommon):
    """Several instalments, and several promises on the same items."""

    # ------------------------------------------------------------------
    # ONE MISSED INSTALMENT
    # ------------------------------------------------------------------

    def test_payments_are_received_in_the_order_of_the_dates(self):
        promise = self._promise((5, 50), (12, 50), (19, 100))
        self._pay(self.old, 80)
        self.assertEqual(promise.line_ids.mapped("amount_received"), [50, 30, 0])
        self.assertStates(promise, "open", "kept", "open", "open")
        self.assertEqual(promise.date_next, self._day(12))
        self.assertEqual(self._get_active_holds(), {self.old: 20, self.new: 100})

    def test_a_payment_lowers_the_hold_that_is_there(self):
        promise = self._promise((5, 100), items=self.old)
        hold = promise.hold_ids
        self._pay(self.old, 40)
        self.assertEqual(promise.hold_ids, hold)
        self.assertRecordValues(hold, [{"amount": 60, "state": "active"}])

    def test_a_plan_is_named_by_its_instalments_a_promise_by_its_day(self):
        promise = self._promise((5, 100), items=self.old)
        self.assertNotIn("instalments", promise.display_name)
        plan = self._promise((5, 50), (10, 50), items=self.new)
        self.assertIn("in 2 instalments by", plan.display_name)

    def test_one_missed_instalment_breaks_the_whole_plan(self):
        promise = self._promise((5, 50), (12, 50), (19, 100))
        self.assertEqual(set(promise.hold_ids.mapped("date_end")), {self._day(8)})
        self._pay(self.old, 50)
        self.assertEqual(
            set(
                promise.hold_ids.filtered(lambda x: x.state == "active").mapped(
                    "date_end"
                )
            ),
            {self._day(15)},
        )
        self._run(16)
        self.assertStates(promise, "partly_kept", "kept", "broken", "broken")
        self.assertFalse(self._get_active_holds())

    def test_one_missed_instalment_breaks_only_itself_if_the_company_says_so(self):
        self.company.dunning_promise_break_whole = False
        promise = self._promise((5, 50), (12, 50), (19, 100))
        self.assertEqual(set(promise.hold_ids.mapped("date_end")), {self._day(22)})
        self._run(9)
        self.assertStates(promise, "open", "broken", "open", "open")
        self.assertEqual(self._get_active_holds(), {self.old: 50, self.new: 100})
        marked = promise.hold_ids.filtered("resume")
        self.assertRecordValues(
            marked,
            [{"date_resume": self._day(9), "resume": "next", "state": "released"}],
        )
        self.assertEqual(marked.move_line_ids.move_id, self.old)
        self.assertEqual(len(promise.activity_ids), 1)

    def test_part_of_a_plan_received_is_partly_kept(self):
        """What comes after a missed instalment, before the plan is over, counts."""
        for whole in (True, False):
            with self.subTest(whole=whole):
                self.company.dunning_promise_break_whole = whole
                self._go_to(0)
                invoice = self._create_invoice(due=-9)
                promise = self._promise((5, 50), (12, 50), items=invoice)
                self._run(9)
                self._pay(invoice, 50, date=10)
                self._run(16)
                self.assertStates(promise, "partly_kept", "broken", "broken")
                self.assertEqual(promise.line_ids.mapped("amount_received"), [50, 0])
                self.assertEqual(promise.amount_in_time, 0)

    def test_money_after_the_last_day_of_a_plan_leaves_it_broken(self):
        promise = self._promise((5, 50), (12, 50), items=self.old)
        self._run(16)
        self._pay(self.old, 50, date=16)
        self.assertStates(promise, "broken", "broken", "broken")

    def test_money_that_comes_late_is_that_of_the_missed_instalment(self):
        self.company.dunning_promise_break_whole = False
        promise = self._promise((5, 50), (12, 50), items=self.old)
        self._run(9)
        self._pay(self.old, 50)
        self.assertEqual(promise.line_ids.mapped("amount_received"), [50, 0])
        self.assertEqual(self._get_active_holds(), {self.old: 50})
        self._pay(self.old, 50)
        self.assertStates(promise, "partly_kept", "broken", "kept")

    def test_the_plan_is_open_until_its_last_instalment(self):
        self.company.dunning_promise_break_whole = False
        promise = self._promise((5, 50), (12, 50), items=self.old)
        self._run(9)
        self.assertEqual(promise.state, "open")
        self._run(16)
        self.assertStates(promise, "broken", "broken", "broken")

    def test_runs_that_were_missed_are_made_up_for(self):
        self.company.dunning_promise_break_whole = False
        promise = self._promise((5, 50), (12, 50), (40, 100))
        self._run(30)
        self.assertStates(promise, "open", "broken", "broken", "open")
        self.assertEqual(self._get_active_holds(), {self.new: 100})

    def test_a_dry_run_of_today_settles_like_the_run(self):
        promise = self._promise((5, 200))
        self._go_to(9)
        auditor = self._create_user("auditor", "group_dunning_readonly")
        preview = self.env["dunning.preview"].with_user(auditor).create({})
        preview.action_preview()
        self.assertEqual(promise.state, "broken")
        dry = {line.move_line_id: line.decision for line in preview.line_ids}
        self._run()
        listed = self._actions(state="todo").line_ids
        self.assertEqual(
            listed.filtered("level_id").move_line_id,
            self.env["account.move.line"].union(
                *(item for item, decision in dry.items() if decision == "step")
            ),
        )
        self.assertTrue(listed)

    # ------------------------------------------------------------------
    # SEVERAL PROMISES
    # ------------------------------------------------------------------

    def test_a_new_promise_on_the_same_items_renegotiates_the_old_one(self):
        old = self._promise((5, 60), items=self.old)
        new = self._promise((12, 100), items=self.old)
        self.assertStates(old, "renegotiated")
        self.assertEqual(old.renegotiated_by_id, new)
        self.assertEqual((old.renegotiation_count, new.renegotiation_count), (0, 1))
        self.assertEqual(self._get_active_holds(), {self.old: 100})
        newest = self._promise((19, 100), items=self.old)
        self.assertEqual(newest.renegotiation_count, 2)

    def test_what_the_old_one_received_stays_with_it(self):
        old = self._promise((5, 60), items=self.old)
        self._pay(self.old, 20)
        new = self._promise((12, 80), items=self.old)
        self.assertEqual((old.amount_received, new.amount_received), (20, 0))
        self._pay(self.old, 80)
        self.assertEqual((old.amount_received, new.amount_received), (20, 80))
        self.assertStates(new, "kept")

    def test_promises_beside_each_other_share_what_is_open(self):
        first = self._promise((12, 60), items=self.old)
        self.assertPromiseRefused(
            "above.*40", (5, 41), items=self.old, keep_others=True
        )
        second = self._promise((5, 40), items=self.old, keep_others=True)
        self.assertEqual(first.state, "open")
        self._pay(self.old, 40)
        self.assertEqual((first.amount_received, second.amount_received), (0, 40))
        self.assertStates(second, "kept")

    def test_a_promise_makes_way_for_one_that_has_only_its_items(self):
        first = self._promise((12, 100), items=self.old + self.new)
        self.assertEqual(self._get_active_holds(), {self.old: 100})
        self.assertPromiseRefused(
            "above.*100", (5, 100.01), items=self.old, keep_others=True
        )
        second = self._promise((5, 100), items=self.old, keep_others=True)
        self.assertEqual((first.amount_held, second.amount_held), (100, 100))
        self.assertEqual(self._get_active_holds(first), {self.new: 100})

    def test_a_new_promise_after_a_broken_one_gets_the_money_that_comes_then(self):
        broken = self._promise((5, 100), items=self.old)
        self._run(9)
        new = self._promise((15, 100), items=self.old)
        self.assertStates(broken, "broken")
        self._pay(self.old, 100)
        self.assertEqual((broken.amount_received, new.amount_received), (0, 100))
        self.assertStates(new, "kept")
        self.assertStates(broken, "broken")

    def test_a_payment_in_time_for_the_broken_one_keeps_that_one(self):
        broken = self._promise((5, 100), items=self.old)
        self._run(9)
        new = self._promise((15, 100), items=self.old)
        self._pay(self.old, date=7)
        self.assertStates(broken, "kept")
        self.assertEqual((new.state, new.amount_received), ("void", 0))

    def test_the_customer_shows_what_was_promised_and_broken(self):
        self._promise((5, 60), items=self.old)
        customer = self.customer.with_user(self.collector)
        self.assertRecordValues(
            customer,
            [{"dunning_promise_count": 1, "dunning_promise_broken_count": 0}],
        )
        self.assertIn("60.00", customer.dunning_promised_text)
        self._run(9)
        customer.invalidate_recordset()
        self.assertRecordValues(
            customer,
            [
                {
                    "dunning_promise_count": 0,
                    "dunning_promise_broken_count": 1,
                    "dunning_promised_text": False,
                }
            ],
        )
        found = customer.search([("dunning_promise_broken_count", ">", 0)])
        self.assertEqual(found, customer)
        none = customer.search([("dunning_promise_broken_count", "=", 0)])
        self.assertNotIn(customer, none)
        some = customer.search([("dunning_promise_broken_count", "!=", 0)])
        self.assertEqual(some, customer)
        other = self._create_second_company()
        self.collector.company_ids |= other
        elsewhere = customer.with_context(
            allowed_company_ids=(other + self.company).ids
        )
        self.assertFalse(elsewhere.search([("dunning_promise_broken_count", ">", 0)]))

    # ------------------------------------------------------------------
    # CUSTOMERS THAT ARE MERGED
    # ------------------------------------------------------------------

    def test_merging_customers_merges_their_promises(self):
        other = self._create_customer("Other")
        theirs = self._create_invoice(other, due=-5)
        mine = self._promise((5, 100), items=self.old)
        promise = self._promise((5, 100), partner_id=other.id)
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((self.customer + other).ids, self.customer)
        self.assertEqual((promise + mine).partner_id, self.customer)
        self._pay(theirs)
        self.assertStates(promise, "kept")
        self.assertStates(mine, "open")
        self._run(9)
        self.assertStates(mine, "broken")
