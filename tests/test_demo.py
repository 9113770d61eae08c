import io
from datetime import timedelta
from unittest.mock import patch

from odoo.tests import TransactionCase, tagged
from odoo.tools.pdf import PdfFileReader

from odoo.addons.account_dunning.demo import answers
from odoo.addons.account_dunning.demo.cases import CREDIT_NOTES, ENTRIES, UNALLOCATED
from odoo.addons.account_dunning.demo.company import available_chart
from odoo.addons.account_dunning.demo.history import WEEKS

from .demo_history import DemoHistory


@tagged("post_install", "-at_install")
class TestDemoLedger(DemoHistory, TransactionCase):
    """The special cases in a ledger, built once for all tests."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # As while the addon is being installed: translations come after the demo.
        cls.env.flush_all()
        cls.env.cr.execute("UPDATE mail_template SET subject = subject - 'fr_FR'")
        cls.env.invalidate_all()
        cls.build = cls.env["dunning.demo"]._build("test", everyday=False)
        cls.companies = cls.env["res.company"].union(*cls.build.companies.values())
        cls.moves = cls.env["account.move"].union(*cls.build.moves.values())
        lines = cls.env["account.move.line"].search(
            [
                ("company_id", "in", cls.companies.ids),
                ("account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
            ]
        )
        cls.lines = lines
        cls.open_lines = lines.filtered(lambda line: not line.reconciled)
        cls.invoice_lines = cls.open_lines & cls.moves.line_ids
        cls.today = cls.build.today
        cls.actions = cls.env["dunning.action"].search(
            [("company_id", "in", cls.companies.ids)]
        )

    def test_customers_get_their_texts_in_their_language(self):
        sent = self.actions.filtered(
            lambda action: (
                action.state == "done"
                and action.channel == "email"
                and action.contact_lang == "fr_FR"
            )
        )
        subjects = sent.sent_message_id.mapped("subject")
        self.assertIn("elance", " ".join(subjects))
        self.assertNotIn("eminder", " ".join(subjects))

    def test_answers_of_customers_wait_for_the_collector(self):
        answers.answer(self.build)
        requests = self.env["dunning.portal.request"].search(
            [("company_id", "=", self.build.companies["main"].id)]
        )
        waiting = requests.filtered(lambda own: own.decision == "open")
        self.assertEqual(set(waiting.mapped("kind")), {"paid", "details"})
        self.assertEqual(waiting.responsible_id, self.build.users["collector"])
        self.assertLessEqual({"promise", "dispute"}, set(requests.mapped("kind")))

    def invoice(self, key):
        return self.build.moves[key]

    def due_on(self, days):
        due = self.today + timedelta(days=days)
        return self.invoice_lines.filtered(lambda line: line.date_maturity == due)

    def late(self, low, high):
        first, last = (self.today - timedelta(days=n) for n in (high, low))
        return self.invoice_lines.filtered(lambda x: first <= x.date_maturity <= last)

    def states(self, *states):
        return self.moves.filtered(lambda move: move.payment_state in states)

    def test_every_company_has_open_items(self):
        for code, company in self.build.companies.items():
            with self.subTest(company=code):
                mine = self.open_lines.filtered(lambda x, c=company: x.company_id == c)
                self.assertGreaterEqual(len(mine), 3)
        branch = self.build.companies["branch"]
        self.assertEqual(branch.parent_id, self.build.companies["main"])

    def test_open_items_of_every_age(self):
        for days in (25, 1, 0, -1, -2, -3):
            with self.subTest(days=days):
                self.assertTrue(self.due_on(days))
        for low, high in ((4, 15), (16, 30), (31, 60), (61, 90), (91, 120), (121, 200)):
            with self.subTest(low=low, high=high):
                self.assertGreaterEqual(len(self.late(low, high)), 2)

    def test_invoices_paid_partly_paid_credited_and_unpaid(self):
        for state in ("paid", "partial", "reversed", "not_paid", "blocked"):
            with self.subTest(state=state):
                self.assertTrue(self.states(state))
        self.assertEqual(self.invoice("montclar:cancelled").state, "cancel")
        self.assertEqual(self.invoice("grandval:draft").state, "draft")
        self.assertTrue(self.invoice("sarthois:excluded").no_followup)

    def test_small_and_very_large_amounts(self):
        totals = self.moves.mapped("amount_total_signed")
        self.assertTrue(any(0 < total <= 3 for total in totals))
        self.assertTrue(any(3 < total <= 15 for total in totals))
        self.assertTrue(any(total > 200000 for total in totals))

    def test_instalments_and_balances(self):
        thirds = self.invoice("flandre:thirds").line_ids & self.lines
        self.assertEqual(len(thirds), 3)
        self.assertEqual(len(thirds.filtered("reconciled")), 1)
        balance = self.invoice("muller:balance").line_ids & self.open_lines
        self.assertEqual(len(balance), 1)
        self.assertEqual(balance.date_maturity, self.today - timedelta(days=15))

    def test_receipts_and_down_payments(self):
        receipt = self.invoice("lambert:receipt")
        self.assertEqual(receipt.move_type, "out_receipt")
        self.assertTrue(receipt.line_ids & self.open_lines)
        down = self.invoice("bellerive:down").invoice_line_ids.account_id
        sales = self.invoice("bellerive:d25").invoice_line_ids.account_id
        if self.build.companies["main"].chart_template == "fr":
            self.assertNotEqual(down, sales)

    def test_foreign_currencies_are_open_at_their_rates(self):
        for code in ("USD", "GBP", "CHF", "JPY"):
            with self.subTest(currency=code):
                lines = self.open_lines.filtered(
                    lambda x, c=code: x.currency_id.name == c
                )
                self.assertTrue(lines)
                for line in lines:
                    self.assertNotEqual(line.amount_residual_currency, 0)
                    self.assertNotEqual(
                        line.amount_residual, line.amount_residual_currency
                    )

    def test_credit_notes_reconciled_and_unallocated(self):
        self.assertEqual({note.reconciled for note in CREDIT_NOTES}, {True, False})
        for note in CREDIT_NOTES:
            with self.subTest(invoice=note.invoice):
                lines = self.build.credit_notes[note.invoice].line_ids & self.open_lines
                self.assertEqual(bool(lines), not note.reconciled)

    def test_unallocated_payments_stay_open(self):
        for money in UNALLOCATED:
            payment = self.build.payments[money.memo]
            self.assertTrue(payment.move_id.line_ids & self.open_lines, money.memo)

    def test_bounced_payment_leaves_its_invoice_open(self):
        self.assertEqual(self.build.payments["quercy:bounced"].state, "canceled")
        self.assertEqual(self.invoice("quercy:bounced").payment_state, "not_paid")

    def test_unmatched_payment_waits_beside_its_invoice(self):
        payment = self.build.payments["floralis:unmatched"]
        self.assertTrue(payment.move_id.line_ids & self.open_lines)
        self.assertTrue(self.invoice("floralis:unmatched").line_ids & self.open_lines)

    def test_payment_in_process_has_no_entry_and_leaves_a_residual(self):
        move = self.invoice("aubrac:in_process")
        self.assertEqual(move.payment_state, move._get_invoice_in_payment_state())
        self.assertFalse(move.matched_payment_ids.move_id)
        self.assertGreater(move.amount_residual, 0)

    def test_entries_are_left_out_of_follow_up_unless_wanted(self):
        for entry in ENTRIES:
            lines = self.build.entries[entry.reference].line_ids & self.open_lines
            self.assertEqual(len(lines), len(entry.lines))
            self.assertEqual(set(lines.mapped("no_followup")), {not entry.followed})

    def test_customers_of_every_kind(self):
        partners = self.build.partners
        main = self.build.companies["main"]
        self.assertFalse(partners["estelle"].email)
        self.assertFalse(partners["escale"].phone)
        self.assertFalse(partners["vigilance"].active)
        self.assertTrue(self.invoice("vigilance:archived").line_ids & self.open_lines)
        self.assertFalse(partners["vasseur"].is_company)
        codes = set(
            self.env["res.partner"].union(*partners.values()).country_id.mapped("code")
        )
        self.assertLessEqual({"FR", "DE", "GB", "IT", "US", "CH", "JP"}, codes)
        self.assertEqual(partners["weber"].lang, "en_US")
        self.assertEqual(partners["fournil"].lang, self.build.lang("fr_FR"))
        self.assertIn("flandre", self.build.dunning_contacts)
        billed = self.invoice("flandre:billed")
        self.assertEqual(billed.partner_id.type, "invoice")
        self.assertEqual(billed.commercial_partner_id, partners["flandre"])
        public = partners["rambert"].with_company(main)
        self.assertEqual(
            public.property_account_receivable_id, self.build.second_receivable
        )
        self.assertEqual(public.dunning_customer_kind, "public")
        self.assertTrue(
            self.open_lines.filtered(
                lambda line: line.account_id == self.build.second_receivable
            )
        )

    def test_residuals_add_up_to_the_receivable_accounts(self):
        for code, company in self.build.companies.items():
            with self.subTest(company=code):
                lines = self.lines.filtered(lambda x, c=company: x.company_id == c)
                self.assertTrue(lines)
                self.assertAlmostEqual(
                    sum(lines.mapped("amount_residual")),
                    sum(lines.mapped("balance")),
                    places=2,
                )

    def test_users_work_in_every_company(self):
        for login, user in self.build.users.items():
            with self.subTest(login=login):
                self.assertEqual(user.company_ids, self.companies)
                self.assertTrue(user.has_group("base.group_user"))

    def test_history_has_everything_that_happens_to_actions(self):
        for state in ("done", "todo", "cancelled", "failed"):
            with self.subTest(state=state):
                self.assertTrue(self.actions.filtered(lambda x, s=state: x.state == s))
        for channel in ("email", "call", "registered", "task"):
            with self.subTest(channel=channel):
                self.assertIn(channel, self.actions.mapped("channel"))
        self.assertIn("start", self.actions.mapped("kind"))

    def test_r6_nothing_overdue_escapes(self):
        for company in self.companies:
            coverage = self.env["dunning.coverage"].with_company(company)
            with self.subTest(company=company.name):
                self.assertTrue(coverage.search([]))
                self.assertFalse(coverage.search([("cover", "=", "0_nothing")]))

    def test_history_lies_in_the_past(self):
        # But for the worked case of the law, which has its own dates.
        notice = self.env.ref("account_dunning.test_action_vercors")
        done = self.actions.filtered(lambda action: action.state == "done") - notice
        self.assertEqual(str(notice.date_done), "2025-09-15")
        first = self.today - timedelta(weeks=WEEKS)
        for action in done:
            self.assertLessEqual(first, action.date_done)
            self.assertLess(action.date_done, self.today)
        messages = self.env["mail.message"].search(
            [
                ("model", "=", "res.partner"),
                ("res_id", "in", (done | notice).partner_id.ids),
            ]
        )
        self.assertTrue(messages)
        for message in messages:
            self.assertLess(message.date.date(), self.today)

    def test_the_worked_case_of_late_payment_can_be_read_on_a_letter(self):
        notice = self.env.ref("account_dunning.test_action_vercors")
        self.assertEqual((notice.state, notice.channel), ("done", "registered"))
        reader = PdfFileReader(io.BytesIO(notice.letter_id.raw))
        text = " ".join(page.extract_text() for page in reader.pages)
        for amount in (r"108.08", r"256.32", r"364.40", r"40.00", r"10.404.40"):
            self.assertRegex(text, amount)
        self.assertFalse(notice.line_ids.move_line_id.amount_residual)

    def test_texts_have_all_their_parts_while_the_addon_is_being_installed(self):
        loaded = set(self.registry._init_modules) - {"account_dunning"}
        with (
            patch.object(self.registry, "_init", True),
            patch.object(self.registry, "_init_modules", loaded),
        ):
            build = self.env["dunning.demo"]._new_build("unused")
            template = build.env.ref("account_dunning.letter_after_items")
            self.assertIn("penalties_block", template.get_combined_arch())

    def test_history_sends_nothing_any_more(self):
        self.assertEqual(set(self.actions.mail_id.mapped("state")), {"sent"})

    def test_only_an_email_that_came_back_failed(self):
        failed = self.actions.filtered(lambda action: action.state == "failed")
        self.assertEqual(failed.mapped("channel"), ["email"])
        self.assertIn("550 5.1.1", failed.failure)
        self.assertTrue(failed.proposed_channel)

    def test_people_did_their_own_part(self):
        done = self.actions.filtered(lambda action: action.state == "done")
        for login in ("collector", "manager"):
            self.assertIn(self.build.users[login], done.done_user_id)
        self.assertTrue(done.reason_id)

    def test_calls_wait_for_the_collector(self):
        collector = self.build.users["collector"]
        main = self.build.companies["main"]
        calls = self.env["dunning.action"].with_user(collector).with_company(main)
        queue = calls.browse(calls.get_call_queue()["ids"])
        self.assertGreaterEqual(len(queue), 3)
        self.assertIn(2, queue.mapped("attempts"))
        self.assertTrue(self.actions.filtered("outcome"))

    def test_holds_active_ended_and_released(self):
        states = [hold.state for hold in self.build.holds.values()]
        self.assertEqual(set(states), {"active", "ended", "released"})

    def test_holds_began_before_they_ended(self):
        holds = self.env["dunning.hold"].search(
            [("company_id", "in", self.companies.ids), ("date_released", "!=", False)]
        )
        self.assertTrue(holds)
        for hold in holds:
            self.assertLessEqual(hold.create_date.date(), hold.date_released)

    def test_promises_of_every_kind(self):
        states = {
            "kept": "kept",
            "partly_kept": "partly_kept",
            "broken": "broken",
            "plan": "open",
            "plan_broken": "partly_kept",
            "third": "open",
            "to_approve": "open",
            "today": "open",
            "tomorrow": "open",
            "dollars": "open",
            "pounds": "kept",
            "withdrawn": "withdrawn",
        }
        promises = self.build.promises
        self.assertEqual({name: promises[name].state for name in states}, states)
        plan = promises["plan"].line_ids
        self.assertEqual(plan.mapped("state"), ["kept", "open", "open"])
        plan = promises["plan_broken"].line_ids
        self.assertEqual(plan.mapped("state"), ["kept", "broken", "broken"])
        self.assertEqual(promises["third"].renegotiation_count, 2)
        self.assertEqual(promises["to_approve"].approval, "waiting")
        self.assertEqual(promises["approved"].approval, "approved")
        self.assertEqual(promises["today"].date_next, self.today)
        self.assertEqual(promises["dollars"].currency_id.name, "USD")

    def test_a_broken_promise_brought_the_next_level(self):
        broken = self.build.promises["broken"]
        self.assertEqual(broken.hold_ids.mapped("resume"), ["next"])
        self.assertTrue(
            self.actions.filtered(
                lambda action: (
                    action.partner_id == broken.partner_id
                    and action.date >= broken.hold_ids.date_resume
                )
            )
        )

    def test_disputes_in_every_stage(self):
        disputes = self.build.disputes
        stages = {name: dispute.state for name, dispute in disputes.items()}
        self.assertEqual(stages.pop("paid"), "cancelled")
        self.assertEqual(stages.pop("answered"), "in_process")
        self.assertEqual(stages, {name: name for name in stages})
        self.assertEqual(disputes["paid"].closed_by, "paid")
        self.assertEqual(disputes["in_process"].amount_held, 2000)
        self.assertEqual(
            disputes["answered"].question_ids.answered_user_id,
            self.build.users["logistics"],
        )
        question = disputes["waiting_department"].question_ids
        self.assertEqual(question.state, "open")
        self.assertLess(question.date_deadline, self.today)
        self.assertTrue(disputes["rejected"].date_restart)
        credit_note = disputes["accepted"].credit_note_ids
        self.assertEqual((credit_note.state, credit_note.amount_total), ("draft", 648))
        for name, dispute in disputes.items():
            with self.subTest(dispute=name):
                self.assertLessEqual(dispute.stage_ids[0].date_start.date(), self.today)
                self.assertGreaterEqual(dispute.age, 0)
                closed = dispute.date_closed
                self.assertTrue(not closed or dispute.date <= closed < self.today)

    def test_loading_again_changes_nothing(self):
        marker = self.env.ref("account_dunning.demo_company_main", False)
        if not marker:
            self.env["ir.model.data"]._update_xmlids(
                [
                    {
                        "xml_id": "account_dunning.demo_company_main",
                        "record": self.build.companies["main"],
                    }
                ]
            )
        models = ("res.company", "res.partner", "account.move", "dunning.action")
        before = [self.env[model].search_count([]) for model in models]
        self.env["dunning.demo"]._load()
        after = [self.env[model].search_count([]) for model in models]
        self.assertEqual(before, after)

    def test_chart_falls_back_to_one_that_is_installed(self):
        charts = {
            "fr": {"installed": False},
            "generic_coa": {"installed": True},
        }
        template = type(self.env["account.chart.template"])
        with patch.object(
            template, "_get_chart_template_mapping", lambda _self: charts
        ):
            self.assertEqual(available_chart(self.env), "generic_coa")
