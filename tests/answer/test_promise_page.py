from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.mail.tools.discuss import Store

from ..test_upgrade import load
from .common_answer import AnswerCommon


@tagged("post_install", "-at_install")
class TestPromisePage(AnswerCommon):
    """A promise that a customer makes on its page is one as any other."""

    def _prepare(self, **values):
        return {
            "item_ids": self.item.ids,
            "date": self._as_text(10),
            "number": 1,
        } | values

    def test_it_keeps_the_items_out_and_is_confirmed_by_e_mail(self):
        with self.mock_mail_gateway():
            promise = self._ask("promise", self._prepare()).promise_id
            promise.notice_ids.action_execute()
        self.assertEqual((promise.amount, promise.amount_held), (1000, 1000))
        self.assertEqual(promise.user_id, self.collector)
        self.assertEqual(promise.promised_by, "Marie Visitor")
        [notice] = promise.notice_ids
        self.assertEqual((notice.notice, notice.state), ("confirmation", "done"))

    def test_instalments_are_equal_and_monthly(self):
        promise = self._ask("promise", self._prepare(number=3)).promise_id
        self.assertEqual(promise.line_ids.mapped("amount"), [333.33, 333.33, 333.34])
        months = [line.date.month for line in promise.line_ids]
        self.assertEqual((months[1] - months[0]) % 12, 1)

    def test_what_credits_cover_is_not_promised_again(self):
        self._create_credit(300)
        other = self._create_item(amount=500, days=-20)
        for items, number, amounts in (
            (self.item, 2, [350, 350]),
            (self.item | other, 1, [1200]),
            (other, 1, [500]),
        ):
            with self.subTest(amounts), self.env.cr.savepoint() as savepoint:
                asked = self._ask(
                    "promise", self._prepare(item_ids=items.ids, number=number)
                )
                self.assertEqual(asked.promise_id.line_ids.mapped("amount"), amounts)
                self.assertEqual("300.00" in asked.text, self.item in items)
                savepoint.rollback()
        self._create_credit(700)
        problems = self._get_problems("promise", self._prepare())
        self.assertIn("Credits of yours", problems["item_ids"])
        self._create_credit(500)
        self.assertIn("item_ids", self._get_problems("promise", self._prepare()))

    def test_who_pays_what_credits_leave_has_kept_the_promise(self):
        self._create_credit(300)
        promise = self._ask("promise", self._prepare()).promise_id
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=self.item.move_id.ids
        ).create({"amount": 700})._create_payments()
        self.assertEqual((promise.amount, promise.state), (700, "kept"))
        self.assertFalse(promise.amount_held)

    def _create_credit(self, amount):
        """Credit something to the customer, allocated to nothing."""
        credit = self.env["account.move"].create(
            {
                "move_type": "out_refund",
                "partner_id": self.customer.id,
                "invoice_date": self.day,
                "invoice_line_ids": [
                    Command.create(
                        {"name": "Credit", "price_unit": amount, "tax_ids": []}
                    )
                ],
            }
        )
        credit.action_post()

    def test_above_the_limits_of_the_company_it_waits_for_approval(self):
        self.company.dunning_promise_max_amount = 500
        self.company.dunning_promise_approver_id = self.manager
        request = self._ask("promise", self._prepare())
        promise = request.promise_id
        self.assertEqual(promise.approval, "waiting")
        self.assertFalse(promise.amount_held)
        self.assertFalse(promise.notice_ids)
        self.assertIn("We look at what you propose", request.answer)
        self.assertFalse(request.activity_id, "who approves is told")
        promise.with_user(self.manager).action_approve()
        self.assertEqual(promise.notice_ids.notice, "confirmation")

    def test_the_customer_reads_what_has_become_of_it_and_when_to_pay(self):
        self.company.dunning_promise_max_amount = 500
        asked = self._ask("promise", self._prepare(number=2))
        base = self._log_in()
        shown = self.url_open(base).text
        self.assertIn("We look at it", shown)
        self.assertEqual(shown.count("500.00"), 2, "a line for each payment")
        asked.promise_id.with_user(self.manager).action_approve()
        self.assertIn("A payment is agreed", self.url_open(base).text)
        asked.promise_id.action_withdraw("Played")
        self.assertIn("Ended", self.url_open(base).text)

    def test_who_has_promised_is_not_told_what_another_customer_pays(self):
        asked = self._ask("promise", self._prepare())
        self._readdress(self.other)
        self.assertEqual(asked.promise_id.partner_id, self.other)
        shown = self.url_open(self._log_in()).text
        self.assertNotIn("A payment is agreed", shown)
        self.assertNotIn("1,000.00 by", shown)

    def test_what_was_asked_for_is_told_by_the_clock_of_the_company(self):
        # Working calendars are set by administrators.
        company_sudo = self.company.sudo()
        company_sudo.resource_calendar_id.tz = "Asia/Tokyo"
        asked = self._ask("promise", self._prepare())
        base = self._log_in()
        local = self.company._dunning_get_local(asked.date)
        self.assertIn(local.strftime("%-I:%M"), self.url_open(base).text)

    def test_a_promise_that_is_refused_is_told_as_refused(self):
        self.company.dunning_promise_max_amount = 500
        promise = self._ask("promise", self._prepare()).promise_id
        with self.mock_mail_gateway():
            promise.with_user(self.manager).action_refuse("Too late")
            self.flush_tracking()
        shown = self.url_open(self._log_in()).text
        self.assertIn("Not accepted", shown)
        self.assertIn("We cannot agree to this date", shown)
        [mail] = self._new_mails
        self.assertIn("We cannot agree to this date", mail.body_html)
        # Why is for the house.
        self.assertNotIn("Too late", mail.body_html + shown)

    def test_who_refuses_a_promise_of_the_page_reads_what_the_customer_is_told(self):
        promise = self._ask("promise", self._prepare()).promise_id
        manager = self._create_user("refuses", "manager")
        reasons = self.env["dunning.promise.reason"].with_user(manager)
        for decision, is_told in (("refuse", True), ("withdraw", False)):
            dialog = reasons.new({"decision": decision, "promise_ids": promise.ids})
            self.assertEqual(
                "Thank you for your proposal" in (dialog.told_text or ""), is_told
            )

    def test_the_collector_sees_what_a_visitor_without_login_has_caused(self):
        public = self.env.ref("base.public_user")
        # Nobody but the system changes who visitors are.
        public_sudo = public.sudo()
        # As on most systems, where the first company is another one.
        company = self.env["res.company"].create({"name": "First"})
        public_sudo.write(
            {"company_ids": [Command.set(company.ids)], "company_id": company.id}
        )
        # As the page does, for who may read nothing.
        customer_sudo = self._get_customer().with_user(public).sudo()
        requests_sudo = self.env["dunning.portal.request"].with_user(public).sudo()
        request = requests_sudo._submit(
            customer_sudo, public, "promise", self._prepare()
        )
        activity = request.activity_id.with_user(self.collector)
        # Who made it is what the collector may not read.
        activity_sudo = activity.sudo()
        self.assertEqual(activity_sudo.create_uid, public)
        self.env.invalidate_all()
        store = Store()
        store.add(activity)
        self.assertTrue(store.get_result()["mail.activity"])

    def test_who_approves_is_written_to_in_their_language_by_the_company(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.company.write(
            {
                "email": "company@example.com",
                "dunning_promise_max_amount": 500,
                "dunning_promise_approver_id": self.manager.id,
            }
        )
        self.manager.lang = "fr_FR"
        public = self.env.ref("base.public_user")
        customer_sudo = self._get_customer().with_user(public).sudo()
        requests_sudo = self.env["dunning.portal.request"].with_user(public).sudo()
        request = requests_sudo._submit(
            customer_sudo, public, "promise", self._prepare()
        )
        # Mails are the system's.
        mails_sudo = self.env["mail.mail"].sudo()
        told = mails_sudo.search([("res_id", "=", request.promise_id.id)], limit=1)
        self.assertIn("vous est attribuée", told.subject)
        self.assertIn(self.company.name, told.body_html)
        self.assertNotIn(public.name, told.body_html)
        said = request.promise_id.message_ids.mapped("author_id.name")
        self.assertNotIn(public.name, said)

    def test_days_are_read_as_no_others_and_invoices_are_named(self):
        asked = self._ask("promise", self._prepare())
        shown = self.url_open(self._log_in()).text
        told = shown[shown.index("o_dunning_asked") :]
        self.assertIn(asked.date.strftime("%b\xa0%Y"), told)
        self.assertIn(asked.promise_id.move_line_ids[:1].move_id.name, told)

    def test_the_collector_is_told_once(self):
        request = self._ask("promise", self._prepare())
        self.assertEqual(request.activity_id.user_id, self.collector)
        self.assertEqual(self.customer.activity_ids, request.activity_id)

    def test_the_collector_is_not_written_to_of_the_confirmation_that_leaves(self):
        # Tests tell nobody of what is given to them, unless they say so.
        self.env = self.env(context={"tracking_disable": False})
        promise = self._ask("promise", self._prepare()).promise_id
        self.flush_tracking()
        self.assertEqual(promise.notice_ids.user_id, self.collector)
        assigned = self.env["mail.message"].search(
            [
                ("message_type", "=", "user_notification"),
                ("model", "in", ["dunning.promise", "dunning.action"]),
                ("notified_partner_ids", "in", self.collector.partner_id.ids),
            ]
        )
        self.assertEqual(assigned.mapped("model"), ["dunning.promise"])

    def test_what_is_agreed_or_in_dispute_is_not_promised_anew(self):
        self._ask("promise", self._prepare())
        problems = self._get_problems("promise", self._prepare())
        self.assertIn("agreed", problems["item_ids"])
        with self.assertRaisesRegex(UserError, "agreed"):
            self._ask("promise", self._prepare())

    def test_what_is_contested_is_not_promised_beside_something_else(self):
        other = self._create_item()
        self.env["dunning.dispute"].create(
            {
                "partner_id": self.customer.id,
                "move_line_ids": [Command.set(self.item.ids)],
                "reason_id": self.env.ref("account_dunning.reason_price").id,
            }
        )
        payload = self._prepare(item_ids=(self.item | other).ids)
        problems = self._get_problems("promise", payload)
        self.assertIn(f"Take out {self.item.move_id.name}", problems["item_ids"])
        promise = self._ask("promise", self._prepare(item_ids=other.ids)).promise_id
        self.assertEqual(promise.move_line_ids, other)

    def test_who_has_done_something_to_a_promise_may_delete_their_access(self):
        promise = self._ask("promise", self._prepare()).promise_id
        hold = self.env["dunning.hold"].create(
            {
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "move_line_ids": [Command.set(self._create_item(amount=5).ids)],
                "note": "On request",
            }
        )
        # As the page does for whoever is logged in.
        promise_sudo = promise.with_user(self.visitor).sudo()
        hold_sudo = hold.with_user(self.visitor).sudo()
        promise_sudo.hold_ids._end()
        hold_sudo.action_release()
        promise_sudo._decide("renegotiated")
        promise_sudo.notice_ids._mark_done(self.day)
        # As the job that deletes accounts does.
        visitor_sudo = self.visitor.sudo()
        visitor_sudo.unlink()
        self.assertEqual(promise.decision, "renegotiated")
        self.assertEqual(hold.state, "released")

    def test_who_has_done_something_in_a_former_version_may_as_well(self):
        promise = self._ask("promise", self._prepare()).promise_id
        promise.decision_user_id = self.visitor
        promise.hold_ids.released_user_id = self.visitor
        promise.notice_ids.done_user_id = self.collector
        self.env.flush_all()
        load("post-users", "19.0.1.20.0").migrate(self.env.cr, "19.0.1.19.0")
        self.env.invalidate_all()
        visitor_sudo = self.visitor.sudo()
        visitor_sudo.unlink()
        self.assertEqual(promise.notice_ids.done_user_id, self.collector)

    def test_what_is_wrong_is_said_of_its_field(self):
        dollar = self._create_item()
        for field, values in (
            ("item_ids", {"item_ids": []}),
            ("date", {"date": "tomorrow"}),
            ("date", {"date": self._as_text(-1)}),
            ("date", {"date": self._as_text(31)}),
            ("number", {"number": 4}),
            ("number", {"number": -1}),
            ("item_ids", {"item_ids": [dollar.id, self.item.id, 0]}),
            ("number", {"number": "two"}),
        ):
            with self.subTest(values):
                problems = self._get_problems("promise", self._prepare(**values))
                self.assertEqual(set(problems), {field})

    def test_the_limits_of_days_and_payments_can_be_reached(self):
        for values in (
            {"date": self._as_text(0)},
            {"date": self._as_text(30)},
            {"number": 3},
            {"number": None},
        ):
            with self.subTest(values):
                problems = self._get_problems("promise", self._prepare(**values))
                self.assertFalse(problems)

    def test_what_is_too_little_is_not_promised_in_parts(self):
        self.item.move_id._reverse_moves(cancel=True)
        for amount, possible in ((0.02, False), (0.03, True)):
            item = self._create_item(amount=amount)
            asked = self._prepare(item_ids=item.ids, number=3)
            if possible:
                promise = self._ask("promise", asked).promise_id
                self.assertEqual(promise.line_ids.mapped("amount"), [0.01] * 3)
                continue
            with self.assertRaisesRegex(UserError, "^This is too little"):
                self._ask("promise", asked)

    def test_items_of_several_currencies_are_promised_one_after_the_other(self):
        pound = self.setup_other_currency("GBP", rates=[("2020-01-01", 2.0)])
        other = self._create_item()
        other.move_id.button_draft()
        other.move_id.currency_id = pound
        other.move_id.action_post()
        items = self.item | other.move_id.line_ids.filtered("date_maturity")
        for kind, more in (
            ("promise", {}),
            ("dispute", {"reason_id": self.reason.id, "text": "Wrong"}),
        ):
            asked = self._prepare(item_ids=items.ids) | more
            problems = self._get_problems(kind, asked)
            told = "Choose invoices of one currency at a time, please."
            self.assertEqual(problems, {"item_ids": told})

    def test_what_is_said_beside_a_promise_is_told_with_it(self):
        asked = self._ask("promise", self._prepare(number=2, note="In two parts"))
        act = asked._get_act()
        texts = [text for _label, text in act._describe(asked)]
        self.assertIn(self.item.move_id.name, texts[0])
        self.assertEqual([text[-6:] for text in texts[1:3]], ["500.00"] * 2)
        self.assertEqual(texts[3:], ["In two parts"])
        self.assertEqual(asked.promise_id.note, "In two parts")
        other = self._ask(
            "promise", self._prepare(item_ids=self._create_item(amount=50).ids)
        )
        self.assertEqual(len(act._describe(other)), 2)

    def test_where_the_company_takes_no_promises_there_is_no_form(self):
        self.company.dunning_answer_promise_days = 0
        self.assertIn("date", self._get_problems("promise", self._prepare()))
        base = self._log_in()
        answer = self.url_open(f"{base}/promise")
        self.assertTrue(answer.url.endswith(base))
        self.assertNotIn(f"{base}/promise", answer.text)

    def test_who_is_in_insolvency_proceedings_promises_nothing(self):
        base = self._log_in()
        self.assertIn(f"{base}/promise", self.url_open(base).text)
        self.env["dunning.litigation"].with_user(self.collector).create(
            {
                "partner_id": self.customer.id,
                "kind": "insolvency",
                "date_published": self.company._dunning_today(),
                "move_line_ids": [Command.set(self.item.ids)],
            }
        )
        # Nor by the link of an e-mail that was sent before.
        self.assertEqual(list(self._get_problems("promise", self._prepare())), ["date"])
        self.assertTrue(self.url_open(f"{base}/promise").url.endswith(base))
        self.assertNotIn(f"{base}/promise", self.url_open(base).text)

    def test_a_visitor_promises_by_the_form(self):
        base = self._log_in()
        answer = self._fill(
            f"{base}/promise?items={self.item.id}",
            item_ids=self.item.id,
            date=self._as_text(10),
            number="2",
        )
        self.assertIn("We count on it", answer.text)
        self.assertEqual(len(self._get_requests("promise").promise_id.line_ids), 2)
