from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..common import DunningCommon


@tagged("post_install", "-at_install")
class TestPreview(DunningCommon):
    """The dry run says what the run does: who is contacted how, and why not."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._create_user("manager", "group_dunning_manager")
        cls._set_levels(
            [
                ("First E-mail", 3, {}),
                ("Call", 20, {"channel": "call", "execution": "manual"}),
            ]
        )

    def _preview(self, day=0):
        preview = self.env["dunning.preview"].with_user(self.manager).create({})
        preview.date = self._day(day)
        preview.action_preview()
        return preview

    def _line(self, preview, move):
        return preview.line_ids.filtered(lambda line: line.move_id == move)

    def test_one_customer_has_one_channel_in_the_dry_run_as_in_the_run(self):
        recent = self._create_invoice(due=-5)
        old = self._create_invoice(due=-30)
        preview = self._preview()
        # The older one begins with its first level, too: give it a history.
        self._step()
        self._go_to(1)
        newer = self._create_invoice(due=-4)
        preview = self._preview(1)
        lines = self._line(preview, old) | self._line(preview, newer)
        self.assertEqual(set(lines.mapped("channel")), {"call"})
        self.assertEqual(lines.contact_level_id.name, "Call")
        self.assertIn("Call", self._line(preview, newer).explanation)
        # It has no step that day, and is told of as all that is overdue.
        self.assertEqual(self._line(preview, recent).channel, "call")
        self.assertIn("Call", self._line(preview, recent).explanation)
        [action] = preview.company_id._dunning_run(preview.date).action_ids
        self.assertIn(self._items(recent), action.line_ids.move_line_id)
        self.assertEqual((action.channel, action.level_id.name), ("call", "Call"))

    def test_the_dry_run_says_its_day_and_offers_no_run_of_a_day_to_come(self):
        self._create_invoice(due=-5)
        for day, ahead in ((0, False), (1, True)):
            preview = self._preview(day)
            window = preview.action_preview()
            self.assertIn(f"{preview.date:%m/%d/%Y}", window["display_name"])
            startable = window["context"]["dunning_preview_startable"]
            self.assertEqual(startable, not ahead)
            self.assertEqual(preview.get_summary()["ahead"], ahead)

    def test_the_dry_run_of_a_day_off_says_so(self):
        self._create_invoice(due=-5)
        for day, day_off in ((0, False), (5, True)):
            summary = self._preview(day).get_summary()
            self.assertEqual(summary["day_off"], day_off)
            self.assertEqual(bool(summary["contacts"]), not day_off)

    def test_no_run_is_offered_when_nothing_is_due_or_the_day_has_passed(self):
        invoice = self._create_invoice(due=20)
        for day, due in ((0, 20), (-1, -30)):
            self._items(invoice).date_maturity = self._day(due)
            context = self._preview(day).action_preview()["context"]
            self.assertFalse(context["dunning_preview_startable"])
        self.assertTrue(
            self._preview().action_preview()["context"]["dunning_preview_startable"]
        )

    def test_leaving_an_item_out_lets_the_others_decide(self):
        old = self._create_invoice(due=-30)
        self._step()
        self._go_to(1)
        newer = self._create_invoice(due=-4)
        preview = self._preview(1)
        self._line(preview, old).action_leave_out()
        self.assertFalse(self._line(preview, old).contact_kind)
        self.assertEqual(self._line(preview, newer).channel, "email")
        self.assertEqual(self._line(preview, old).explanation, "Left out by hand")
        self._line(preview, old).action_put_back()
        self.assertEqual(self._line(preview, newer).channel, "call")
        self._line(preview, newer).action_leave_out_customer()
        self.assertFalse(preview.line_ids.filtered("contact_kind"))

    def test_what_one_dry_run_leaves_out_stays_in_the_others(self):
        invoice = self._create_invoice(due=-5)
        former, latter = self._preview(), self._preview()
        self._line(former, invoice).action_leave_out()
        window = latter.action_apply()
        run = self.env[window["res_model"]].browse(window["res_id"])
        self.assertListed(run.action_ids, {invoice: self.scenario.level_ids[0]})

    def test_the_dry_run_knows_that_a_promise_is_broken(self):
        invoice = self._create_invoice(due=-5)
        promise = self.env["dunning.promise"].create(
            {
                "partner_id": self.customer.id,
                "line_ids": [Command.create({"date": self._day(1), "amount": 100})],
            }
        )
        self.assertPlanned(invoice, "out", reason="held")
        self._go_to(21)
        line = self._line(self._preview(21), invoice)
        self.assertEqual((promise.state, line.decision), ("broken", "step"))

    def test_the_summary_counts_customers_by_channel_and_items_by_reason(self):
        other = self._create_customer("Other")
        held = self._create_customer("Held")
        self._create_invoice(due=-5, amount=100)
        self._create_invoice(due=-6, amount=50)
        self._create_invoice(other, due=-7, amount=30)
        self._create_invoice(held, due=-8, amount=20)
        self.env["dunning.hold"].create(
            {"partner_id": held.id, "date_end": self._day(10)}
            | {"reason_id": self.env["dunning.reason"].search([], limit=1).id}
        )
        preview = self._preview()
        summary = preview.get_summary()
        [contact] = summary["contacts"]
        self.assertEqual((contact["customers"], contact["amount"]), (2, 180.0))
        self.assertTrue(contact["automatic"])
        [reason] = summary["others"]
        self.assertEqual((reason["items"], reason["amount"]), (1, 20.0))
        for row in (contact, reason):
            domain = [("preview_id", "=", preview.id), *row["domain"]]
            lines = preview.line_ids.search(domain)
            self.assertEqual(sum(lines.mapped("amount_company")), row["amount"])
        [line] = preview.line_ids.filtered(lambda line: line.partner_id == held)
        self.assertEqual(line.explanation, "On hold until 03/12/2026")

    def test_the_dry_run_counts_all_that_the_run_claims(self):
        old = self._create_invoice(due=-30)
        self._step()
        self._go_to(1)
        newer = self._create_invoice(due=-4, amount=50)
        # Reached already, and told again with what is due.
        preview = self._preview(1)
        self.assertEqual({line.contact_kind for line in preview.line_ids}, {"step"})
        [contact] = preview.get_summary()["contacts"]
        [action] = preview.company_id._dunning_run(preview.date).action_ids
        self.assertEqual(action.line_ids.move_line_id, self._items(old | newer))
        self.assertEqual((contact["amount"], action.amount), (150, 150))

    def _assert_claimed_as_by_the_run(self, preview, **amounts):
        told = {}
        for contact in preview.get_summary()["contacts"]:
            domain = [("preview_id", "=", preview.id), *contact["domain"]]
            lines = preview.line_ids.search(domain)
            claimed = sum(lines.mapped("amount_claimed"))
            self.assertEqual(contact["amount"], claimed)
            told |= {lines[0].contact_kind: claimed}
        actions = preview.company_id._dunning_run(preview.date).action_ids
        self.assertEqual(told, amounts)
        self.assertEqual({x.kind: x.amount for x in actions}, amounts)

    def test_the_dry_run_claims_nothing_of_what_the_text_only_refers_to(self):
        self._set_levels(
            (("Reminder", 3, {}), ("Formal Notice", 30, {"tone": "formal"}))
        )
        notified = self._create_invoice(due=-30, amount=900)
        self._step()
        self._go_to(30)
        self._step(30)
        self.assertEqual(self._reached(notified).name, "Formal Notice")
        self._go_to(60)
        self._create_invoice(due=55, amount=50)
        preview = self._preview(60)
        claimed = {
            line.contact_kind: line.amount_claimed
            for line in self._line(preview, notified)
        }
        self.assertEqual(claimed, {"step": 0, "follow_up": 900})
        line = self._line(preview, notified)[:1]
        line.action_leave_out()
        self.assertEqual(
            self._line(preview, notified).mapped("contact_kind"), [False] * 2
        )
        [contact] = preview.get_summary()["contacts"]
        self.assertEqual(contact["amount"], 50)
        line.action_put_back()
        self._assert_claimed_as_by_the_run(preview, step=50, follow_up=900)

    def test_the_dry_run_claims_nothing_of_what_is_withheld(self):
        invoice = self._create_invoice(due=-5, amount=100)
        other = self._create_invoice(due=-6, amount=50)
        self.env["dunning.hold"].create(
            {
                "partner_id": self.customer.id,
                "move_line_ids": [Command.set(self._items(invoice).ids)],
                "amount": 30,
                "date_end": self._day(10),
                "reason_id": self.env["dunning.reason"].search([], limit=1).id,
            }
        )
        preview = self._preview()
        line = self._line(preview, other)
        line.action_leave_out()
        [contact] = preview.get_summary()["contacts"]
        self.assertEqual(contact["amount"], 70)
        line.action_put_back()
        self._assert_claimed_as_by_the_run(preview, step=120)

    def test_one_customer_is_not_several(self):
        other = self._create_customer("Other")
        self._create_invoice(due=-5)
        [contact] = self._preview().get_summary()["contacts"]
        self.assertEqual(contact["count"], "1 customer")
        self._create_invoice(other, due=-5)
        [contact] = self._preview().get_summary()["contacts"]
        self.assertEqual(contact["count"], "2 customers")

    def test_a_follow_up_after_the_last_level_is_announced(self):
        self._set_levels([("Only", 3, {})])
        invoice = self._create_invoice(due=-5)
        self._step()
        self._go_to(1)
        preview = self._preview(1)
        line = self._line(preview, invoice)
        self.assertEqual((line.contact_kind, line.channel), ("follow_up", "task"))
        [contact] = preview.get_summary()["contacts"]
        self.assertEqual(contact["label"], "Follow-up")
        [action] = preview.company_id._dunning_run(preview.date).action_ids
        self.assertEqual((action.kind, action.channel), ("follow_up", "task"))

    def test_the_question_before_the_run_has_its_numbers(self):
        self._create_invoice(due=-5, amount=100)
        preview = self._preview()
        action = preview.action_confirm()
        self.assertEqual((action["res_id"], action["target"]), (preview.id, "new"))
        self.assertIn("100.00", preview.summary_html)
        self.assertIn("by itself", preview.summary_html)

    def test_nothing_to_run_is_said_before_the_question(self):
        invoice = self._create_invoice(due=-5)
        preview = self._preview()
        self._line(preview, invoice).action_leave_out()
        with self.assertRaisesRegex(UserError, "nothing to run"):
            preview.action_confirm()

    def test_only_the_dry_run_of_today_is_run(self):
        self._create_invoice(due=-5)
        for day, told in ((1, "still to come"), (-1, "This day has passed")):
            preview = self._preview(day)
            with self.subTest(day=day), self.assertRaisesRegex(UserError, told):
                preview.action_confirm()
        for state in ("filling", "stopped"):
            preview = self._preview()
            preview.state = state
            with self.assertRaisesRegex(UserError, "does not show all customers yet"):
                preview.action_confirm()

    def test_what_is_on_the_screen_is_run_unless_it_has_expired(self):
        self._create_invoice(due=-5)
        preview = self._preview()
        lines = preview.line_ids.browse().with_context(dunning_preview_id=preview.id)
        self.assertEqual(lines.action_confirm()["res_id"], preview.id)
        preview.unlink()
        for shown in (lines, lines.with_context(dunning_preview_id=False)):
            with self.assertRaisesRegex(UserError, "^The dry run has expired"):
                shown.action_confirm()

    def test_a_reason_is_told_with_its_day(self):
        invoice = self._create_invoice(due=-5)
        line = self._line(self._preview(), invoice)
        for reason, day, told in (
            ("held", 10, "On hold until 03/11/2026"),
            ("held", False, "On hold"),
            ("level_gap", 10, "03/12/2026: Gap since the previous level"),
            ("level_gap", False, "Gap since the previous level"),
            (False, 10, False),
        ):
            day = self._day(day) if day else False
            values = {"decision": "later", "reason": reason, "date": day}
            line.sudo().write({"contact_kind": False} | values)
            self.assertEqual(line.explanation, told)

    def test_people_leave_out_and_change_nothing_else_of_what_is_planned(self):
        invoice = self._create_invoice(due=-5)
        preview = self.env["dunning.preview"].with_user(self.manager).create({})
        preview.action_preview()
        line = self._line(preview, invoice)
        line.write({"excluded": True})
        for values in ({"date": self._day(9)}, {"level_id": False}):
            with self.assertRaisesRegex(UserError, "set by the system"):
                line.write(values)

    def test_only_managers_are_asked(self):
        self._create_invoice(due=-5)
        preview = self.env["dunning.preview"].with_user(self.collector).create({})
        preview.action_preview()
        with self.assertRaises(AccessError):
            preview.action_confirm()
        with self.assertRaises(AccessError):
            preview.with_user(self.manager).get_summary()
