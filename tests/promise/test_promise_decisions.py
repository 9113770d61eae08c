from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..promises import PromiseCommon


@tagged("post_install", "-at_install")
class TestPromiseDecisions(PromiseCommon):
    """What people decide about promises: withdrawal, approval, acceptance."""

    # ------------------------------------------------------------------
    # WITHDRAWAL
    # ------------------------------------------------------------------

    def test_a_promise_that_is_withdrawn_keeps_nothing_out(self):
        promise = self._promise((5, 150))
        promise.action_withdraw("Asked by mistake")
        self.assertStates(promise, "withdrawn")
        self.assertFalse(self._get_active_holds())
        self.assertEqual(promise.decision_user_id, self.collector)
        self.assertIn("Asked by mistake", promise.message_ids[0].body)
        self.assertPlanned(self.old, "step")
        with self.assertRaisesRegex(UserError, "does not run"):
            promise.action_withdraw()

    def test_instalments_that_were_kept_stay_kept(self):
        promise = self._promise((5, 50), (12, 50), items=self.old)
        self._pay(self.old, 60)
        promise.action_withdraw()
        self.assertStates(promise, "withdrawn", "kept", "withdrawn")
        self.assertEqual(promise.amount_received, 60)

    def test_nobody_is_alerted_of_what_was_withdrawn_any_more(self):
        self.company.dunning_promise_break_whole = False
        promise = self._promise((1, 50), (30, 50), items=self.old)
        self._run(8)
        self.assertStates(promise, "open", "broken", "open")
        self.assertTrue(promise.activity_ids)
        promise.action_withdraw()
        self.assertFalse(promise.activity_ids)

    def test_what_a_withdrawn_promise_received_does_not_count_for_another(self):
        first = self._promise((5, 60), items=self.old)
        other = self._promise((12, 40), items=self.old, keep_others=True)
        payment = self._pay(self.old, 50)
        first.action_withdraw()
        self.assertEqual((first.amount_received, other.amount_received), (50, 0))
        self._pay(self.old, 10)
        self.assertEqual((first.amount_received, other.amount_received), (50, 10))
        payment.move_id.line_ids.remove_move_reconcile()
        self._pay(self.old, 10)
        self.assertEqual((first.amount_received, other.amount_received), (50, 20))

    def test_a_promise_withdrawn_today_can_go_on(self):
        promise = self._promise((5, 150))
        promise.action_withdraw()
        self.assertTrue(promise.is_reopenable)
        promise.action_reopen()
        self.assertStates(promise, "open")
        self.assertEqual(self._get_active_holds(), {self.old: 100, self.new: 50})
        promise.action_withdraw()
        self._go_to(1)
        self.env.invalidate_all()
        self.assertFalse(promise.is_reopenable)
        with self.assertRaisesRegex(UserError, "withdrawn today"):
            promise.action_reopen()

    def test_a_promise_cannot_go_on_when_something_else_was_promised(self):
        promise = self._promise((5, 150))
        promise.action_withdraw()
        self._promise((5, 10), items=self.old)
        with self.assertRaisesRegex(UserError, "since"):
            promise.action_reopen()

    # ------------------------------------------------------------------
    # APPROVAL
    # ------------------------------------------------------------------

    def _limit(self, **values):
        self.manager = self._create_user("manager", "group_dunning_manager")
        self.company.write({"dunning_promise_approver_id": self.manager.id, **values})

    def test_a_long_promise_waits_for_approval_without_effect(self):
        self._limit(dunning_promise_max_days=30)
        self.assertFalse(self._promise((30, 50)).approval)
        promise = self._promise((5, 50), (31, 50))
        self.assertEqual((promise.approval, promise.state), ("waiting", "open"))
        self.assertFalse(promise.hold_ids)
        self.assertEqual(promise.activity_ids.user_id, self.manager)

    def test_a_large_promise_waits_for_approval_in_company_currency(self):
        self._limit(dunning_promise_max_amount=60)
        dollar = self._enable_currency("USD")
        self.env["res.currency.rate"].create(
            {"currency_id": dollar.id, "name": self._day(-60), "rate": 2}
        )
        abroad = self._create_invoice(due=-5, amount=300, currency=dollar)
        self.assertFalse(self._promise((5, 120), items=abroad).approval)
        self.assertEqual(self._promise((5, 121), items=abroad).approval, "waiting")
        self.assertEqual(self._promise((5, 61), items=self.old).approval, "waiting")

    def test_a_promise_takes_effect_once_it_is_approved(self):
        self._limit(dunning_promise_max_amount=60)
        before = self._promise((5, 50), items=self.old)
        promise = self._promise((5, 100), items=self.old)
        self.assertEqual(before.state, "open")
        self.assertEqual(self._get_active_holds(), {self.old: 50})
        promise.with_user(self.manager).action_approve()
        self.assertEqual((promise.approval, before.state), ("approved", "renegotiated"))
        self.assertEqual(self._get_active_holds(), {self.old: 100})
        self.assertFalse(promise.activity_ids)

    def test_a_promise_that_is_refused_leaves_what_was_promised_before(self):
        self._limit(dunning_promise_max_amount=60)
        before = self._promise((5, 50), items=self.old)
        promise = self._promise((5, 100), items=self.old)
        manager = promise.with_user(self.manager)
        with self.assertRaisesRegex(UserError, "Say why"):
            manager.action_refuse(" ")
        manager.action_refuse("Too much")
        self.assertRecordValues(
            promise, [{"approval": "refused", "decision_reason": "Too much"}]
        )
        self.assertStates(promise, "withdrawn")
        self.assertEqual((before.state, before.amount_held), ("open", 50))
        with self.assertRaisesRegex(UserError, "refused"):
            promise.action_reopen()
        with self.assertRaisesRegex(UserError, "not wait"):
            manager.action_approve()

    def test_the_collector_is_told_that_a_promise_was_refused_and_why(self):
        self._limit(dunning_promise_max_amount=60)
        promise = self._promise((5, 100), items=self.old)
        promise.with_user(self.manager).action_refuse("Too much")
        self.assertEqual(promise.activity_ids.user_id, self.collector)
        self.assertIn("refused", promise.activity_ids.summary)
        self.assertIn("Too much", promise.activity_ids.note)
        self.assertIn("Not Approved: Too much", promise.message_ids[0].body)

    def test_who_agrees_on_another_promise_has_nothing_left_to_do(self):
        self._limit(dunning_promise_max_amount=60)
        promise = self._promise((5, 100), items=self.old)
        promise.with_user(self.manager).action_refuse("Too much")
        self._promise((5, 20), items=self.new)
        self.assertTrue(promise.activity_ids)
        self._promise((5, 40), (15, 20), items=self.old)
        self.assertFalse(promise.activity_ids)

    def test_who_refuses_what_is_their_own_is_not_told(self):
        self._limit(dunning_promise_max_amount=60)
        promise = self._promise((5, 100), items=self.old)
        promise.user_id = self.manager
        promise.with_user(self.manager).action_refuse("Too much")
        self.assertFalse(promise.activity_ids)

    def test_what_waits_for_approval_cannot_be_promised_again(self):
        self._limit(dunning_promise_max_amount=60)
        self._promise((5, 70), items=self.old)
        self.assertPromiseRefused(
            "above.*30", (5, 31), items=self.old, keep_others=True
        )

    def test_a_payment_leaves_nothing_to_approve(self):
        self._limit(dunning_promise_max_amount=60)
        promise = self._promise((5, 100), items=self.old)
        self._pay(self.old)
        self.assertStates(promise, "void")
        self.assertFalse(promise.activity_ids)
        with self.assertRaisesRegex(UserError, "not wait"):
            promise.with_user(self.manager).action_approve()

    def test_managers_need_no_approval_and_collectors_give_none(self):
        self._limit(dunning_promise_max_amount=60)
        own = self._promise((5, 100), user=self.manager, items=self.new)
        self.assertFalse(own.approval)
        promise = self._promise((5, 100), items=self.old)
        for method, args in (("action_approve", ()), ("action_refuse", ("No",))):
            with self.subTest(method=method), self.assertRaises(AccessError):
                getattr(promise, method)(*args)

    # ------------------------------------------------------------------
    # ACCEPTANCE
    # ------------------------------------------------------------------

    def _attach(self, **values):
        attachments = self.env["ir.attachment"].with_user(self.collector)
        return attachments.create({"name": "Signed.pdf", "raw": b"yes", **values})

    def test_an_acceptance_has_its_proof_which_stays(self):
        promise = self._promise((5, 100))
        with self.assertRaisesRegex(UserError, "proof"):
            promise.action_accept()
        proof, other = self._attach(), self._attach()
        promise.acceptance_ids = proof
        self.assertEqual((proof.res_model, proof.res_id), (promise._name, promise.id))
        promise.action_accept()
        self.assertEqual(promise.date_accepted, self.today)
        promise.acceptance_ids = [Command.link(other.id)]
        for change in (
            lambda: proof.unlink(),
            lambda: proof.sudo().unlink(),
            lambda: proof.write({"raw": b"no"}),
            lambda: promise.write({"acceptance_ids": [Command.unlink(proof.id)]}),
            lambda: promise.write({"acceptance_ids": [Command.clear()]}),
        ):
            with self.assertRaisesRegex(UserError, "proves"), self.env.cr.savepoint():
                change()
        self.assertEqual(promise.acceptance_ids, proof + other)
        theirs = self._attach(res_model="res.partner", res_id=self.customer.id)
        promise.acceptance_ids = [Command.link(theirs.id)]
        self.assertEqual(len(promise.acceptance_ids), 3)
        self.assertNotIn(theirs, promise.acceptance_ids)

    def test_before_it_is_accepted_an_attachment_can_be_taken_away(self):
        promise = self._promise((5, 100), acceptance_ids=self._attach().ids)
        promise.acceptance_ids.unlink()
        self.assertFalse(promise.acceptance_ids)

    def test_a_proof_that_belongs_elsewhere_is_copied(self):
        theirs = self._attach(res_model="res.partner", res_id=self.customer.id)
        promise = self._promise((5, 100), acceptance_ids=theirs.ids)
        self.assertNotEqual(promise.acceptance_ids, theirs)
        self.assertEqual(promise.acceptance_ids.raw, b"yes")
        self.assertEqual(theirs.res_model, "res.partner")

    def test_a_proof_moved_away_before_acceptance_stays_proof(self):
        file = self._attach()
        promise = self._promise((5, 100), acceptance_ids=file.ids)
        file.write({"res_model": "res.partner", "res_id": self.customer.id})
        promise.action_accept()
        file.write({"raw": b"no"})
        proof = promise.acceptance_ids
        self.assertEqual(proof.raw, b"yes")
        with self.assertRaisesRegex(UserError, "proves"):
            proof.write({"raw": b"no"})

    def test_nobody_attaches_what_he_may_not_read(self):
        secret = self.env["ir.attachment"].create({"name": "Secret", "raw": b"x"})
        with self.assertRaises(AccessError):
            self._promise((5, 100), acceptance_ids=secret.ids)

    # ------------------------------------------------------------------
    # WHAT NOBODY CHANGES
    # ------------------------------------------------------------------

    def test_what_was_agreed_cannot_be_changed(self):
        promise = self._promise((5, 100))
        line = promise.line_ids
        lines = line.browse()
        vals = {"promise_id": promise.id, "date": self._day(9), "amount": 5}
        for change in (
            lambda: promise.write({"line_ids": [Command.delete(line.id)]}),
            lambda: promise.write({"line_ids": [Command.create(vals)]}),
            lambda: promise.write({"move_line_ids": [Command.clear()]}),
            lambda: promise.write({"state": "kept"}),
            lambda: promise.write({"tolerance_days": 99}),
            lambda: promise.write({"approval": "approved"}),
            lambda: line.write({"amount": 5}),
            lambda: line.write({"state": "kept"}),
            lambda: lines.create(vals),
            lambda: lines.sudo().create(vals),
            lambda: line.sudo().unlink(),
            lambda: promise.sudo().unlink(),
            lambda: promise.hold_ids.action_release(),
        ):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                change()
        promise.write({"note": "Called again", "user_id": self.env.uid})

    def test_what_the_system_knows_is_not_given_by_people(self):
        for name, value in (
            ("state", "kept"),
            ("baseline", [5]),
            ("tolerance_days", 99),
            ("approval", "approved"),
            ("resume", "same"),
            ("call_id", 1),
        ):
            with self.subTest(name=name):
                self.assertPromiseRefused("system", (5, 100), **{name: value})

    def test_a_promise_belongs_to_its_company(self):
        promise = self._promise((5, 100))
        second = self._create_second_company()
        outsider = self._create_user("outsider", "group_dunning_manager", second)
        theirs = promise.with_user(outsider)
        for change in (
            lambda: theirs.read(["amount"]),
            lambda: theirs.action_withdraw(),
            lambda: theirs.line_ids.read(["amount"]),
        ):
            with self.assertRaises(AccessError):
                change()
        with self.assertRaises(AccessError):
            self._promise((5, 10), user=outsider, company_id=self.company.id)
