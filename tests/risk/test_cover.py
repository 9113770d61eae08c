from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common_risk import RiskCommon


@tagged("post_install", "-at_install")
class TestCover(RiskCommon):
    """What the credit insurer covers, and what has to be declared to it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.insurer = cls._create_customer("Insurer")

    def _create_cover(self, **values):
        return self.env["dunning.cover"].create(
            {
                "partner_id": self.customer.id,
                "insurer_id": self.insurer.id,
                "amount": 1000,
                "date_from": self._day(-30),
            }
            | values
        )

    def _covered(self):
        self.env.flush_all()
        self.env.invalidate_all()
        return self.customer.dunning_covered, self.customer.dunning_uncovered

    def test_what_is_at_risk_beyond_the_cover_is_not_insured(self):
        self._create_invoice(due=10, amount=1300)
        self.assertEqual(self._covered(), (0, 1300))
        self._create_cover()
        self.assertEqual(self._covered(), (1000, 300))
        self._create_cover(amount=500)
        self.assertEqual(self._covered(), (1500, 0))

    def test_only_what_is_valid_today_counts(self):
        self._create_invoice(due=10, amount=1300)
        over = self._create_cover(date_to=self._day(-1))
        coming = self._create_cover(date_from=self._day(1))
        self.assertEqual(self._covered(), (0, 1300))
        self._go_to(1)
        self.assertEqual(self._covered(), (1000, 300))
        valid = self.env["dunning.cover"].search([("is_valid", "=", True)])
        self.assertIn(coming, valid)
        self.assertNotIn(over, valid)
        self.assertTrue(self._create_cover(date_to=self._day(1)).is_valid)
        self.assertFalse(over.is_valid)

    def test_a_cover_in_another_currency_is_converted(self):
        usd = self._enable_currency("USD")
        self._create_cover(currency_id=usd.id)
        rate = usd._convert(1000, self.company.currency_id, self.company, self.today)
        self.assertEqual(self._covered()[0], rate)

    def test_covers_of_another_company_do_not_count(self):
        other = self._create_second_company()
        self._create_cover(company_id=other.id)
        self.assertEqual(self._covered()[0], 0)

    def test_a_cover_is_for_the_customer_itself(self):
        contact = self._create_customer("Contact", parent_id=self.customer.id)
        with self.assertRaisesRegex(ValidationError, "Customer"):
            self._create_cover(partner_id=contact.id)

    @mute_logger("odoo.sql_db")
    def test_a_cover_ends_after_it_begins(self):
        with self.assertRaises(IntegrityError):
            self._create_cover(date_to=self._day(-60))
            self.env.flush_all()

    def test_of_more_than_ten_customers_at_once_an_activity_tells_together(self):
        for count in (10, 11):
            names = [f"Customer {number} of {count}" for number in range(count)]
            partners = self.customer.browse(
                self._create_customer(name).id for name in names
            )
            self.company._dunning_tell_collectors(
                partners,
                self.today,
                lambda _env, partner: partner.name,
                lambda _env, number: f"{number} customers",
            )
            told = partners.activity_ids.mapped("summary")
            self.assertEqual(told, names if count == 10 else ["11 customers"])

    def test_what_is_to_be_declared_soon_is_told_once(self):
        cover = self._create_cover(declaration_days=60)
        others = self._create_cover()
        others |= self._create_cover(declaration_days=60, date_to=self._day(-1))
        invoice = self._create_invoice(due=-52)
        self._trigger_cron("account_dunning.cron_profile")
        self.assertEqual(cover.date_declare, self._day(8))
        self.assertEqual(others.mapped("date_declare"), [False, False])
        self.assertFalse(self.customer.activity_ids)
        self._go_to(1)
        for _night in range(2):
            self._trigger_cron("account_dunning.cron_profile")
        told = self.customer.activity_ids
        self.assertEqual(len(told), 1)
        self.assertEqual(told.user_id, self.collector)
        self.assertEqual(told.date_deadline, self._day(8))
        self.assertIn("Insurer", told.summary)
        self._pay(invoice)
        self.env.invalidate_all()
        self.assertFalse(cover.date_declare)

    def test_what_another_company_has_insured_is_not_declared_here(self):
        other = self._create_second_company()
        self._create_cover(company_id=other.id, declaration_days=60)
        self._create_invoice(due=-60)
        self._trigger_cron("account_dunning.cron_profile")
        self.assertFalse(self.customer.activity_ids)

    def test_a_collector_enters_a_cover_and_an_auditor_reads_it(self):
        covers = self.env["dunning.cover"].with_user(self.collector)
        with Form(covers) as form:
            form.partner_id = self.customer
            form.insurer_id = self.insurer
            form.amount = 5000
            form.policy = "FR-1"
        self.assertEqual(form.record.amount, 5000)
        auditor = self._create_user("auditor", "group_dunning_readonly")
        cover = form.record.with_user(auditor)
        self.assertEqual(cover.amount, 5000)
        with self.assertRaises(AccessError):
            cover.amount = 1

    def _import(self, text, dryrun):
        columns = ["partner_id", "insurer_id", "amount", "date_from", "policy"]
        importing = self.env["base_import.import"].create(
            {
                "res_model": "dunning.cover",
                "file": text.encode(),
                "file_name": "covers.csv",
                "file_type": "text/csv",
            }
        )
        options = {
            "quoting": '"',
            "separator": ",",
            "has_headers": True,
            "date_format": "%Y-%m-%d",
            "float_decimal_separator": ".",
            "float_thousand_separator": "",
        }
        return importing.execute_import(columns, columns, options, dryrun=dryrun)

    @mute_logger("odoo.sql_db")
    def test_an_insurer_s_list_is_imported_and_rejected_rows_are_told(self):
        text = (
            "partner_id,insurer_id,amount,date_from,policy\n"
            "Customer,Insurer,2500,2026-01-01,FR-7\n"
        )
        wrong = text + "Nobody of This Name,Insurer,100,2026-01-01,FR-8\n"
        messages = self._import(wrong, dryrun=True)["messages"]
        self.assertEqual(messages[0]["record"], 1)
        self.assertIn("Nobody of This Name", messages[0]["message"])
        self.assertFalse(self.env["dunning.cover"].search([]))
        self.assertFalse(self._import(text, dryrun=False)["messages"])
        cover = self.env["dunning.cover"].search([])
        self.assertEqual((cover.partner_id, cover.amount), (self.customer, 2500))

    def test_solvency_checks_are_kept_with_their_document(self):
        checks = self.env["dunning.solvency"].with_user(self.collector)
        with Form(checks) as form:
            form.partner_id = self.customer
            form.source = "Register"
            form.score = "7/20"
            form.date_next = self._day(180)
        self.assertEqual(form.record.date, self.today)
        self.assertEqual(form.record.user_id, self.collector)
        self.assertEqual(self.customer.dunning_solvency_ids, form.record)
