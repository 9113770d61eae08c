from datetime import date as Date

from odoo import Command
from odoo.exceptions import AccessError, MissingError, ValidationError
from odoo.tests import tagged
from odoo.tools.safe_eval import safe_eval

from ..litigations import LitigationCommon


@tagged("post_install", "-at_install")
class TestLegalClock(LitigationCommon):
    """Deadlines follow from acts by dated rules, and are told of ahead of time."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.country_id = cls.env.ref("base.fr")
        cls.invoice = cls._create_invoice(due=-10)
        cls.manager = cls._create_user("manager", "group_dunning_manager")

    def _get_days(self, litigation):
        return [
            (deadline.rule_id.ending, deadline.date, deadline.state)
            for deadline in litigation.deadline_ids.sorted("date")
        ]

    # ------------------------------------------------------------------
    # ORDER TO PAY
    # ------------------------------------------------------------------

    def test_an_order_issued_from_september_2026_is_served_within_three_months(self):
        self._go_to("2026-09-10")
        litigation = self._hand_over(self.invoice)
        self._record(litigation, "order_issued", "2026-09-01")
        self.assertEqual(
            self._get_days(litigation), [("order_served", Date(2026, 12, 1), "open")]
        )
        self.assertEqual(litigation.date_deadline, Date(2026, 12, 1))
        self.assertIn("Serve", litigation.deadline_name)
        window = litigation.deadline_ids[:1].action_open_litigation()
        self.assertEqual(window["res_id"], litigation.id)

    def test_one_issued_before_is_served_within_six(self):
        self._go_to("2026-09-10")
        litigation = self._hand_over(self.invoice)
        self._record(litigation, "order_issued", "2026-08-31")
        self.assertEqual(
            self._get_days(litigation), [("order_served", Date(2027, 2, 28), "open")]
        )

    def test_service_meets_it_and_sets_the_day_on_which_it_is_enforceable(self):
        self._go_to("2026-10-10")
        litigation = self._hand_over(self.invoice)
        self._record(litigation, "order_issued", "2026-09-15")
        self._record(litigation, "order_served", "2026-10-05")
        self.assertEqual(
            self._get_days(litigation),
            [
                ("enforceable", Date(2026, 12, 5), "open"),
                ("order_served", Date(2026, 12, 15), "met"),
            ],
        )
        self._go_to("2026-11-02")
        self._record(litigation, "opposition_reported", "2026-11-02")
        self.assertEqual(set(litigation.deadline_ids.mapped("state")), {"met"})
        self.assertFalse(litigation.date_deadline)

    def test_an_order_of_before_has_no_such_day(self):
        self._go_to("2026-10-10")
        litigation = self._hand_over(self.invoice)
        self._record(litigation, "order_issued", "2026-08-15")
        self._record(litigation, "order_served", "2026-10-05")
        self.assertEqual(
            self._get_days(litigation), [("order_served", Date(2027, 2, 15), "met")]
        )

    def test_the_court_reports_an_opposition_within_a_month(self):
        self._go_to("2026-11-10")
        litigation = self._hand_over(self.invoice)
        self._record(litigation, "order_issued", "2026-09-15")
        self._record(litigation, "opposition", "2026-10-20")
        self.assertIn(
            ("opposition_reported", Date(2026, 11, 20), "open"),
            self._get_days(litigation),
        )

    def test_a_deadline_is_called_by_its_name(self):
        litigation = self._hand_over(self._create_invoice(due=-10))
        self._record(litigation, "order_issued")
        deadline = litigation.deadline_ids[:1]
        self.assertTrue(deadline.name)
        self.assertEqual(deadline.display_name, deadline.name)

    def test_what_is_late_is_missed(self):
        self._go_to("2026-09-10")
        litigation = self._hand_over(self.invoice)
        self._record(litigation, "order_issued", "2026-09-01")
        self._go_to("2026-12-02")
        litigation.invalidate_recordset()
        litigation.deadline_ids.invalidate_recordset()
        self.assertEqual(litigation.deadline_ids.state, "missed")
        self._record(litigation, "order_served", "2026-12-02")
        self.assertEqual(litigation.deadline_ids[0].state, "missed")

    def test_what_is_done_on_the_last_day_is_done_in_time(self):
        self._go_to("2026-09-10")
        litigation = self._hand_over(self.invoice)
        self._record(litigation, "order_issued", "2026-09-01")
        deadline = litigation.deadline_ids
        self._go_to("2026-12-01")
        deadline.invalidate_recordset()
        self.assertEqual(deadline.state, "open")
        self._record(litigation, "order_served", "2026-12-01")
        self.assertEqual(deadline.state, "met")

    def test_what_counts_from_a_cancelled_act_is_dropped(self):
        self._go_to("2026-09-10")
        litigation = self._hand_over(self.invoice)
        act = self._record(litigation, "order_issued", "2026-09-01")
        act.action_cancel()
        self.assertEqual(litigation.deadline_ids.state, "void")
        self.assertFalse(litigation.date_deadline)
        self.assertFalse(litigation.activity_ids)

    # ------------------------------------------------------------------
    # INSOLVENCY AND INSURER
    # ------------------------------------------------------------------

    def test_a_claim_is_declared_within_two_months_of_the_publication(self):
        litigation = self._declare_insolvent(published="2026-02-25")
        self.assertEqual(litigation.date_deadline, Date(2026, 4, 25))
        self._record(litigation, "claim_declared")
        self.assertFalse(litigation.date_deadline)

    def test_a_claim_that_is_declared_is_not_to_be_handed_over_any_more(self):
        litigation = self._declare_insolvent(published="2026-02-25")
        self.assertEqual(litigation.state, "new")
        self._record(litigation, "claim_declared")
        self.assertEqual(litigation.state, "court")
        other = self._hand_over(self._create_invoice(due=-10, partner=self.insurer))
        self._record(other, "claim_declared")
        self.assertEqual(other.state, "new")

    def test_an_insurer_is_told_as_its_contract_says(self):
        self.insurer.dunning_claim_days = 60
        litigation = self._hand_over(
            self.invoice, kind="insurer", agent_id=self.insurer.id
        )
        self.assertEqual(litigation.date_deadline, self._day(50))
        self.assertIn("insurer", litigation.deadline_name)
        other = self._create_customer(
            "Other Insurer", dunning_agent_kind="insurer", dunning_claim_days=90
        )
        litigation.agent_id = other
        self.assertEqual(litigation.date_deadline, self._day(80))
        self._record(litigation, "insurer_declared")
        self.assertFalse(litigation.date_deadline)

    # ------------------------------------------------------------------
    # TOLD AHEAD
    # ------------------------------------------------------------------

    def test_the_next_deadline_is_an_activity_ahead_of_time(self):
        litigation = self._declare_insolvent(published="2026-02-25")
        activity = litigation.activity_ids
        self.assertEqual(activity.user_id, self.collector)
        # Thirty days before 25 April.
        self.assertEqual(activity.date_deadline, Date(2026, 3, 26))
        self.assertIn("04/25/2026", activity.summary)
        colleague = self._create_user("colleague", "group_dunning_collector")
        litigation.user_id = colleague
        self.assertEqual(litigation.activity_ids.user_id, colleague)
        litigation.action_close("cancelled")
        self.assertFalse(litigation.activity_ids)

    def test_the_activity_writes_the_day_as_who_is_responsible_does(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.collector.lang = "fr_FR"
        litigation = self._declare_insolvent(published="2026-02-25")
        self.assertIn("25/04/2026", litigation.activity_ids.summary)

    def test_it_can_be_found_by_its_deadline_and_is_on_the_timeline(self):
        litigation = self._declare_insolvent(published="2026-02-25")
        found = self.env["dunning.litigation"].search(
            [("date_deadline", "<=", "2026-04-25")]
        )
        self.assertEqual(found, litigation)
        customer = self.customer.with_user(self.collector)
        page = customer.dunning_get_timeline("litigation")
        self.assertEqual(page["entries"][0]["channel"], "Legal deadline")
        self.assertIn("Declare the claim", page["entries"][0]["title"])

    # ------------------------------------------------------------------
    # RULES
    # ------------------------------------------------------------------

    def test_rules_are_those_of_the_country(self):
        self.company.country_id = self.env.ref("base.de")
        litigation = self._declare_insolvent(published="2026-02-25")
        self.assertFalse(litigation.deadline_ids)

    def test_a_rule_is_the_managers_to_change_and_changes_nothing_of_before(self):
        rules = self.env["dunning.deadline.rule"]
        values = {
            "name": "Answer",
            "trigger": "judgment",
            "ending": "news",
            "count": 1,
            "company_id": self.company.id,
        }
        with self.assertRaises(AccessError):
            rules.with_user(self.collector).create(values)
        rule = rules.with_user(self.manager).create(values)
        litigation = self._hand_over(self.invoice)
        self._record(litigation, "judgment")
        self.assertEqual(litigation.date_deadline, Date(2026, 4, 2))
        rule.count = 6
        self._record(litigation, "other")
        self.assertEqual(litigation.date_deadline, Date(2026, 4, 2))

    def test_a_rule_ends_after_it_begins(self):
        with self.assertRaisesRegex(ValidationError, "before it begins"):
            self.env["dunning.deadline.rule"].create(
                {
                    "name": "Answer",
                    "trigger": "judgment",
                    "ending": "news",
                    "date_from": "2026-02-01",
                    "date_to": "2026-01-01",
                }
            )

    def test_a_rule_may_hold_for_one_day(self):
        day = {"date_from": "2026-02-01", "date_to": "2026-02-01"}
        rule = {"name": "Answer", "trigger": "judgment", "ending": "news"} | day
        self.assertTrue(self.env["dunning.deadline.rule"].create(rule))

    # ------------------------------------------------------------------
    # DATA SHEET
    # ------------------------------------------------------------------

    def test_the_data_sheet_has_parties_items_and_totals(self):
        self.customer.write({"company_registry": "732 829 320 00074", "city": "Lyon"})
        litigation = self._hand_over(self.invoice)
        self._pay(self.invoice, 30)
        self._record(litigation, "order_requested", cost=35.5)
        text = self._render(litigation)
        for words in ("732 829 320", "Lyon", self.invoice.name, "70.00", "35.50"):
            self.assertIn(words, text)
        self.assertIn("Court", text)

    def test_the_data_sheet_has_interest_and_indemnity(self):
        self._go_to("2025-09-15")
        litigation = self._hand_over(self._create_french_invoice("2025-05-31"))
        [item] = litigation._get_sheet_items()
        self.assertEqual((item["interest"], item["indemnity"]), (364.4, 40))
        self.assertIn("10,404.40", self._render(litigation))

    def test_the_data_sheet_claims_nothing_that_money_on_account_covers(self):
        self._go_to("2025-09-15")
        litigation = self._hand_over(self._create_french_invoice("2025-05-31"))
        self._create_payment(amount=500)
        litigation.invalidate_recordset(["amount_credited"])
        text = self._render(litigation)
        for words in ("500.00", "9,904.40"):
            self.assertIn(words, text)

    def test_the_data_sheet_claims_nothing_that_was_accepted_in_a_dispute(self):
        self._go_to("2025-09-15")
        invoice = self._create_french_invoice("2025-05-31")
        self._accept_dispute(invoice, 648)
        text = self._render(self._hand_over(invoice))
        for words in (
            f"to be credited on {invoice.name}",
            "648.00",
            "9,352.00",
            "9,732.79",
        ):
            self.assertIn(words, text)

    def test_a_data_sheet_without_a_rate_claims_no_total(self):
        self._go_to("2026-07-15")
        litigation = self._hand_over(self._create_french_invoice("2026-05-31"))
        self.assertEqual(
            litigation._sum_sheet_items(litigation._get_sheet_items()),
            {"interest": None, "indemnity": 40, "total": None},
        )
        text = self._render(litigation)
        for words in ("rate not known", "No rate from 07/01/2026", "Configuration"):
            self.assertIn(words, text)

    def _create_french_invoice(self, due):
        self.company.country_id = self.env.ref("base.fr")
        self.customer.write(
            {"is_company": True, "country_id": self.env.ref("base.fr").id}
        )
        return self._create_invoice(due=due, amount=10_000.0)

    def test_the_data_sheet_is_in_the_language_of_who_receives_it(self):
        self._go_to("2025-09-15")
        self.env["res.lang"]._activate_lang("fr_FR")
        litigation = self._hand_over(self.invoice)
        self.assertIn("09/15/2025", self._render(litigation))
        self.lawyer.lang = "fr_FR"
        self.assertIn("15/09/2025", self._render(litigation))
        self.lawyer.lang = False
        self.company.partner_id.lang = "fr_FR"
        self.assertEqual(litigation._get_sheet_lang(), "fr_FR")

    def test_the_data_sheet_holds_all_that_it_shows_so_that_its_text_can_be_copied(
        self,
    ):
        text = self._render(self._hand_over(self.invoice))
        for words in ("<link", "<script", "/web/"):
            self.assertNotIn(words, text)

    def test_the_file_of_the_data_sheet_says_what_it_is_and_of_whom(self):
        self._go_to("2025-09-15")
        self.customer.name = "North/South"
        litigation = self._hand_over(self.invoice)
        report = self.env.ref("account_dunning.report_litigation_sheet")
        name = safe_eval(report.print_report_name, {"object": litigation})
        self.assertEqual(name, "Data sheet – North-South – 2025-09-15")

    def test_the_data_sheet_is_for_readers_of_dunning(self):
        litigation = self._hand_over(self.invoice)
        stranger = self._create_user("stranger", "group_dunning_readonly")
        stranger.group_ids = [Command.set(self.env.ref("base.group_user").ids)]
        with self.assertRaises(AccessError):
            self._render(litigation, stranger)

    def test_no_data_sheet_is_printed_of_a_litigation_that_is_gone(self):
        reports = self.env["ir.actions.report"].with_user(self.collector)
        name = "account_dunning.report_litigation_sheet"
        gone = self.env["dunning.litigation"].search([], order="id desc", limit=1).id
        for way in ("_pre_render_qweb_pdf", "_render_qweb_html"):
            with self.subTest(way=way), self.assertRaises(MissingError):
                getattr(reports, way)(name, [gone + 1000])
        self.assertEqual(reports._pre_render_qweb_pdf(name), ({}, "pdf"))

    def _render(self, litigation, user=None):
        reports = self.env["ir.actions.report"].with_user(user or self.collector)
        html, _kind = reports._render_qweb_html(
            "account_dunning.report_litigation_sheet", litigation.ids
        )
        return html.decode()
