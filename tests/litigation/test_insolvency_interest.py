from datetime import date as Date

from odoo.tests import tagged

from ..litigations import LitigationCommon


@tagged("post_install", "-at_install")
class TestInsolvencyInterest(LitigationCommon):
    """Interest stops on the day on which the proceedings were published, not on that
    on which it was heard of."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        france = cls.env.ref("base.fr")
        cls.company.country_id = france
        cls.company.dunning_interest_insolvency = "suspended"
        cls.customer.write({"is_company": True, "country_id": france.id})

    def setUp(self):
        super().setUp()
        self.invoice = self._create_invoice(due=-40, amount=10_000)

    def _get_days(self, day=0):
        [periods] = self._items(self.invoice)._dunning_interest(self._day(day)).values()
        return sum(period.days for period in periods if period.base)

    def _get_mass_days(self, day=0):
        from ...models.legal.dunning_interest import InterestScope

        scope = InterestScope(
            self.company, self._day(day), partners=tuple(self.customer.ids)
        )
        self.env.flush_all()
        rows = self.env["dunning.interest"]._fetch_open(scope)
        return [row["id"] for row in rows]

    def test_it_stops_with_the_publication(self):
        before = self._get_days()
        litigation = self._declare_insolvent(published=-10)
        self.assertEqual(litigation.date_published, self._day(-10))
        self.assertEqual(before - self._get_days(), 11)

    def test_what_fell_due_after_the_publication_owes_no_indemnity(self):
        other = self._create_customer(
            "Late", is_company=True, country_id=self.company.country_id.id
        )
        self._create_invoice(other, due=-5)
        self._declare_insolvent(other, published=-10)
        items = self._items(self._create_invoice(other, due=-5))
        self.env.flush_all()
        from ...models.legal.dunning_interest import InterestScope

        scope = InterestScope(self.company, self.today, partners=tuple(other.ids))
        insolvent = self.env["dunning.interest"]._get_insolvent_ids(scope)
        self.assertIn(items.id, insolvent)

    def test_proceedings_that_were_an_error_stop_nothing(self):
        before = self._get_days()
        litigation = self._declare_insolvent(published=-10)
        litigation.sudo()._close("cancelled", closed_by="user")
        litigation.sudo()._settle()
        self.assertIn(before - self._get_days(), (0, 1))

    def test_where_the_company_says_so_it_runs_on(self):
        self.company.dunning_interest_insolvency = "running"
        before = self._get_days()
        self._declare_insolvent(published=-10)
        self.assertEqual(self._get_days(), before)

    def test_each_way_of_working_it_out_says_the_same(self):
        self._declare_insolvent(published=-10)
        self.assertEqual(Date(2026, 3, 2), self.today)
        self.assertIn(self._items(self.invoice).id, self._get_mass_days())
