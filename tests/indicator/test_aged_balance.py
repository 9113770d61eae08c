from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_figures import FiguresCommon


@tagged("post_install", "-at_install")
class TestAgedBalance(FiguresCommon):
    """What customers owe, by age."""

    def _get_row(self, *args, **kwargs):
        (row,) = self.env.company._dunning_aged_balance(*args, **kwargs)
        return row

    def test_an_item_is_in_the_group_of_its_days(self):
        for days, amount in ((0, 1), (1, 2), (30, 4), (31, 8), (60, 16), (61, 32)):
            self._create_invoice(due=-days, amount=amount)
        for days, amount in ((90, 64), (91, 128), (400, 256), (-20, 512)):
            self._create_invoice(due=-days, date=-500, amount=amount)
        row = self._get_row()
        self.assertEqual(row["not_due"], 1 + 512)
        self.assertEqual(row["buckets"], [2 + 4, 8 + 16, 32 + 64, 128 + 256])
        self.assertEqual(row["total"], 1023)
        self.assertEqual(row["total_company"], 1023)
        row = self._get_row(limits=(90,))
        self.assertEqual(row["buckets"], [126, 384])
        row = self._get_row(limits=())
        self.assertEqual(row["buckets"], [510])

    def test_age_counts_from_the_invoice_date_when_asked(self):
        self._create_invoice(date=-45, due=15)
        self._create_invoice(date=0, due=15, amount=7)
        self.assertEqual(self._get_row()["not_due"], 107)
        row = self._get_row(by="invoice")
        self.assertEqual((row["not_due"], row["buckets"]), (7, [0, 100, 0, 0]))

    def test_credits_stand_apart_and_are_negative(self):
        self._create_invoice(due=-40)
        self._create_payment(amount=30, date=-5)
        row = self._get_row()
        self.assertEqual(row["buckets"], [0, 100, 0, 0])
        self.assertEqual(row["credits"], -30)
        self.assertEqual(row["total"], 70)

    def test_a_day_in_the_past_has_its_own_ages(self):
        invoice = self._create_invoice(due=-40)
        self._pay(invoice, 60, date=-1)
        self.assertEqual(self._get_row()["buckets"], [0, 40, 0, 0])
        self.assertEqual(self._get_row(self._day(-10))["buckets"], [100, 0, 0, 0])
        self.assertEqual(self._get_row("2026-01-21")["not_due"], 100)

    def test_currencies_have_rows_of_their_own(self):
        self._create_invoice(due=-1)
        usd = self._enable_currency("USD")
        self._create_invoice(due=-1, currency=usd)
        self.env["res.currency.rate"].create(
            {"name": "2026-01-01", "rate": 2, "currency_id": usd.id}
        )
        self._create_invoice(due=-1, currency=usd, amount=50)
        rows = self.env.company._dunning_aged_balance()
        found = {row["currency_id"]: row for row in rows}
        self.assertEqual(found[usd.id]["total"], 150)
        self.assertEqual(len(rows), 2)
        self._assert_agrees(0)

    def test_an_entry_without_customer_has_a_row(self):
        entry = self._create_entry(due=-5, amount=55)
        entry.button_draft()
        entry.line_ids.partner_id = False
        entry.action_post()
        self.assertIs(self._get_row()["partner_id"], False)

    def test_limits_must_ascend(self):
        for limits in ((60, 30), (30, 30), (0, 30), (-5,), ("x",), (10**12,)):
            with self.assertRaises(ValidationError):
                self.env.company._dunning_aged_balance(limits=limits)
        with self.assertRaises(ValidationError):
            self.env.company._dunning_aged_balance(by="payment")

    @mute_logger("odoo.sql_db")
    def test_the_limits_of_a_company_must_ascend(self):
        for values in (
            {"dunning_age_limit_1": 60},
            {"dunning_age_limit_1": 0},
            {"dunning_age_limit_3": 5000},
        ):
            with self.assertRaises(IntegrityError), self.env.cr.savepoint():
                self.env.company.sudo().write(values)
                self.env.flush_all()

    def test_who_has_no_rights_is_told_nothing(self):
        self._create_invoice()
        second = self._create_second_company()
        outsider = self._create_user("outsider", "group_dunning_manager", second)
        internal = self._create_user("internal", "group_dunning_readonly")
        internal.group_ids = self.env.ref("base.group_user")
        portal = self._create_user("portal", "group_dunning_readonly")
        portal.sudo().group_ids = self.env.ref("base.group_portal")
        for user in (outsider, internal, portal):
            with self.assertRaises(AccessError):
                self.company.with_user(user)._dunning_aged_balance()
        auditor = self._create_user("auditor", "group_dunning_readonly")
        self.assertEqual(
            self.company.with_user(auditor)._dunning_aged_balance()[0]["total"], 100
        )

    def test_a_collector_of_some_customers_is_told_of_those(self):
        self._create_invoice()
        other = self._create_customer("Other")
        other.dunning_user_id = self._create_user("colleague", "group_dunning_manager")
        self._create_invoice(other)
        company = self.company.with_user(self.collector)
        self.assertEqual(len(company._dunning_aged_balance()), 2)
        self.company.sudo().dunning_collector_view = "own"
        (row,) = company._dunning_aged_balance()
        self.assertEqual(row["partner_id"], self.customer.id)
