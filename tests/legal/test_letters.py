from odoo.tests import tagged
from odoo.tools import html2plaintext

from ...tools.merge_fields import unknown_fields
from ..letter.test_letter import LetterCommon

WORDS = "Formal notice to pay"
BODY = (
    '<div><p>Please pay <t t-out="object.deadline_text"/></p>'
    '<t t-out="object.items_table"/><t t-out="object.payment_block"/></div>'
)


class PenaltyLetterCommon(LetterCommon):
    """A French business that is 107 days late on 15/09/2025."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer.write({"is_company": True})
        cls.invoice = cls._create_invoice(due="2025-05-31", amount=10_000.0)
        cls.level = cls.scenario.level_ids
        cls.level.claim = "claimed"

    def _plan_letter(self, day="2025-09-15", **values):
        self._go_to(day)
        if values:
            self.level.write(values)
        return self._run().action_ids

    def _get_text(self, action):
        action = action.with_context(dunning_paper=True)
        action.invalidate_recordset()
        text = html2plaintext(str(action.items_table))
        return text.replace("\N{NO-BREAK SPACE}", " ").replace(
            "\N{NARROW NO-BREAK SPACE}", " "
        )


@tagged("post_install", "-at_install")
class TestPenaltiesOnLetters(PenaltyLetterCommon):
    """What letters and e-mails say of penalties, as their level says."""

    def test_the_worked_case_can_be_read_on_a_letter(self):
        text = self._get_text(self._plan_letter())
        for part in (
            "30",
            "13.15",
            "108.08",
            "77",
            "12.15",
            "256.32",
            "364.40",
            "40.00",
            "10,404.40",
            "3.33",
        ):
            self.assertIn(part, text)

    def test_what_is_shown_is_not_added_up(self):
        text = self._get_text(self._plan_letter(claim="shown"))
        self.assertIn("364.40", text)
        self.assertNotIn("10,404.40", text)
        self.assertIn("We do not claim them", text)

    def test_a_level_that_claims_nothing_says_nothing(self):
        action = self._plan_letter(claim="none")
        self.assertNotIn("364.40", self._get_text(action))
        self.assertFalse(action.penalties_block)

    def test_what_is_claimed_by_an_invoice_is_not_claimed_by_a_letter(self):
        self._go_to("2025-09-15")
        dialog = self.env["dunning.penalty.claim"].create(
            {"company_id": self.company.id, "date": "2025-06-30"}
        )
        dialog.action_fill()
        dialog.action_claim()
        text = self._get_text(self._plan_letter())
        self.assertIn("256.32", text)
        self.assertNotIn("108.08", text)
        self.assertNotIn("Recovery indemnity", text)

    def test_the_code_to_scan_has_the_total(self):
        action = self._plan_letter()
        totals = action._get_totals()[action]
        [total] = action._get_kind()._get_totals_to_pay(action, totals)
        self.assertEqual(total.claimed, 10_404.4)
        self.assertEqual(totals[0].claimed, 10_000)

    def test_of_many_items_the_letter_tells_less(self):
        some = self._create_addressee("Some", is_company=True)
        many = self._create_addressee("Many", is_company=True)
        few = self._create_addressee("Few", is_company=True)
        for partner, count in ((some, 4), (many, 7), (few, 2)):
            for number in range(count):
                self._create_invoice(partner, "2025-05-31", 100.0 + number)
        found = {}
        for action in self._plan_letter():
            [told] = action._get_penalties()
            found[action.partner_id] = len(told.items), told.detail
        self.assertEqual(
            found,
            {
                self.customer: (1, "periods"),
                # Four, in two half-years each.
                few: (2, "periods"),
                some: (4, "items"),
                many: (7, None),
            },
        )

    def test_a_formal_notice_with_penalties_is_one_sheet(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.level.write(
            {
                "channel": "registered",
                "tone": "formal",
                "deadline_days": 8,
                "letter_template_id": self.env.ref(
                    "account_dunning.letter_template_formal_notice"
                ).id,
            }
        )
        for count in (1, 4, 10):
            partner = self._create_addressee(
                f"Client {count}", lang="fr_FR", is_company=True
            )
            for number in range(count):
                self._create_invoice(partner, "2025-05-31", 1000.0 + number)
        for action, pdf in self._plan_letter()._get_letter_pdfs().items():
            with self.subTest(customer=action.partner_id.name):
                self.assertEqual(len(self._read_pages(pdf)), 1)

    def test_a_text_with_a_missing_rate_fails_its_own_action(self):
        other = self._create_addressee("Other", is_company=False)
        consumer = self._create_invoice(other, due="2026-06-20", date="2026-06-10")
        self._go_to("2026-07-15")
        self.level.execution = "automatic"
        actions = self._run().action_ids
        late = actions.filtered(lambda a: a.partner_id == self.customer)
        actions.action_execute()
        self.assertEqual(late.state, "failed")
        for text in ("07/01/2026", "France", "Configuration"):
            self.assertIn(text, late.failure)
        self.assertIn("07/01/2026", late.penalties_block)
        self.assertTrue(consumer)
        # Once it is entered, the letter goes out.
        # All companies share the rate.
        rate_sudo = self.env.ref("account_dunning.rate_fr_business_2026_2").sudo()
        rate_sudo.reference = 2.15
        late.action_execute()
        self.assertEqual(late.state, "done")

    def test_an_email_says_them_as_well(self):
        action = self._plan_letter(channel="email")
        self.assertIn("364.40", html2plaintext(str(action.items_table)))

    def test_texts_may_name_the_amount(self):
        action = self._plan_letter()
        known = set(action._get_merge_fields())
        self.assertFalse(unknown_fields("{{ object.penalties_text }}", known))
        self.assertIn("404.40", action.penalties_text)

    def test_a_statement_by_hand_claims_no_penalties(self):
        self._go_to("2025-09-15")
        action = self.env["dunning.action"].create(
            {"partner_id": self.customer.id, "channel": "letter"}
        )
        self.assertNotIn("364.40", self._get_text(action))


@tagged("post_install", "-at_install")
class TestFormalNotice(PenaltyLetterCommon):
    """What the law asks a formal notice to say is there before it goes out."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.letter_template.write({"subject": WORDS, "body_html": BODY})
        cls.level.write({"channel": "registered", "tone": "formal"})
        cls.bank = cls.env["res.partner.bank"].create(
            {
                "partner_id": cls.company.partner_id.id,
                "acc_number": "FR1420041010050500013M02606",
            }
        )

    def _execute_notice(self):
        action = self._plan_letter()
        action.action_execute()
        return action

    def test_a_complete_notice_goes_out_with_its_deadline(self):
        action = self._execute_notice()
        self.assertEqual(action.state, "done")
        self.assertEqual(str(action.date_deadline), "2025-09-23")
        self.assertFalse(action._get_missing_mentions())

    def test_what_is_missing_is_listed_and_keeps_it_from_going_out(self):
        for record, values, told in (
            (self.company.partner_id, {"street": False}, "Your name and address"),
            (self.letter_template, {"subject": "Reminder"}, "mise en demeure"),
            (self.level, {"deadline_days": 0}, "A deadline"),
            (
                self.letter_template,
                {"body_html": "<p>Please pay</p>"},
                "The table of items",
            ),
        ):
            with self.subTest(told=told), self.env.cr.savepoint() as savepoint:
                record.write(values)
                action = self._execute_notice()
                self.assertEqual(action.state, "failed")
                self.assertIn(told, action.failure)
                self.assertIn(told, action.mentions_missing)
                self.assertIn("/odoo/", action.mentions_missing)
                savepoint.rollback()
                self.env.invalidate_all()

    def test_the_shipped_text_is_complete_in_both_languages(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        template = self.env.ref("account_dunning.letter_template_formal_notice")
        self.level.letter_template_id = template
        action = self._plan_letter()
        for lang in ("en_US", "fr_FR"):
            self.customer.lang = lang
            action.invalidate_recordset()
            self.assertFalse(action._get_missing_mentions())

    def test_who_has_no_account_to_pay_to_is_told(self):
        self.bank.unlink()
        action = self._plan_letter()
        [mention] = action._get_missing_mentions()
        self.assertEqual(mention.label, "Where to pay")
        self.assertIn("bank account", action.mentions_missing)

    def test_penalties_are_asked_for_but_stop_nothing(self):
        self.level.claim = "none"
        action = self._execute_notice()
        self.assertEqual(action.state, "done")
        [mention] = action._get_missing_mentions()
        self.assertFalse(mention.required)

    def test_other_letters_are_not_looked_at(self):
        self.level.tone = "firm"
        self.letter_template.subject = "Reminder"
        action = self._execute_notice()
        self.assertEqual(action.state, "done")
        self.assertFalse(action.mentions_missing)


@tagged("post_install", "-at_install")
class TestTerms(PenaltyLetterCommon):
    """Payment terms beyond the law, and the day on which they should have been due."""

    def _get_warning(self, day, due, **values):
        invoice = self._create_invoice(due=due, date=day, **values)
        return invoice.dunning_term_warning or ""

    def test_sixty_days_are_allowed_and_more_is_named(self):
        self.assertFalse(self._get_warning("2026-01-31", "2026-04-01"))
        warning = self._get_warning("2026-01-31", "2026-04-18")
        for day in ("04/18/2026", "04/01/2026"):
            self.assertIn(day, warning)

    def test_who_has_no_country_is_of_that_of_the_company(self):
        self.customer.country_id = False
        self.assertTrue(self._get_warning("2026-01-31", "2026-04-18"))

    def test_end_of_month_counts_in_the_way_that_leaves_more_time(self):
        # 45 days and the end of the month: 30 June; end of month and 45 days: 14 June.
        self.assertFalse(self._get_warning("2026-04-20", "2026-06-30"))
        warning = self._get_warning("2026-04-20", "2026-07-01")
        for day in ("06/30/2026", "06/14/2026"):
            self.assertIn(day, warning)

    def test_consumers_and_other_countries_have_no_limit_here(self):
        person = self._create_addressee("Person")
        self.assertFalse(self._get_warning("2026-01-31", "2026-12-31", partner=person))
        self.customer.country_id = self.env.ref("base.us")
        self.assertFalse(self._get_warning("2026-01-31", "2026-12-31"))

    def test_open_items_with_a_term_beyond_the_law_are_found(self):
        fair = self._create_invoice(date="2026-01-31", due="2026-04-01")
        long = self._create_invoice(date="2026-01-31", due="2026-04-18")
        # The last day that the law allows, more than sixty days away.
        self._create_invoice(date="2026-04-20", due="2026-06-30")
        self._create_invoice(
            self._create_addressee("Person"), date="2026-01-31", due="2026-12-31"
        )
        self.env.flush_all()
        items = self.env["dunning.item"].with_user(self.collector)
        found = items.search([("has_long_term", "=", True)])
        self.assertEqual(found.move_id, long)
        self.assertIn("04/18/2026", found.term_warning)
        others = items.search([("has_long_term", "=", False)])
        self.assertIn(fair, others.move_id)
        self.assertNotIn(long, others.move_id)
        self.assertFalse(any(others.mapped("term_warning")))

    def test_where_the_law_has_no_limit_no_term_is_too_long(self):
        terms = self._create_terms((100, 90))
        self.assertTrue(terms.dunning_term_warning)
        long = self._create_invoice(date="2026-01-31", due="2026-04-18")
        lines = self.env["account.move.line"].with_user(self.collector)
        self.assertEqual(lines._dunning_find_long_terms().move_id, long)
        limits = self.env["dunning.legal.limit"].sudo().search([])
        limits.write({"month_end_days": 0})
        self.assertTrue(
            long.dunning_term_warning.endswith("at the latest on 04/01/2026.")
        )
        limits.write({"payment_days": 0})
        self.env.invalidate_all()
        self.assertFalse(terms.dunning_term_warning)
        self.assertFalse(lines._dunning_find_long_terms())

    def test_a_payment_term_that_is_too_long_says_so(self):
        self.assertFalse(self._create_terms((100, 60)).dunning_term_warning)
        self.assertIn(
            "Longer than the law", self._create_terms((100, 90)).dunning_term_warning
        )
        terms = self._create_terms((100, 45))
        terms.line_ids.delay_type = "days_after_end_of_month"
        self.assertFalse(terms.dunning_term_warning)
        terms.line_ids.nb_days = 60
        self.assertTrue(terms.dunning_term_warning)
