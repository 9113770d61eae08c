from datetime import date as Date

from lxml import etree

from odoo import Command
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ...tools import rates
from ...tools.dates import shift
from ..common import DunningCommon

HALF = {"date_from": "2025-01-01", "date_to": "2025-06-30"}


@tagged("post_install", "-at_install")
class TestRates(DunningCommon):
    """Rates by law: which holds when for whom, and what is missing."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._create_user("manager", "group_dunning_manager")
        cls.france = cls.env.ref("base.fr")
        cls.italy = cls.env.ref("base.it")
        cls.company.country_id = cls.france

    def _create_rate(self, **values):
        return self.env["dunning.rate"].create(
            {
                "country_id": self.env.ref("base.ch").id,
                "customer_kind": "business",
                "reference": 2,
                "margin": 3,
                "source": "Code des obligations",
                **HALF,
            }
            | values
        )

    def _get_shipped(self, name):
        """Return a rate that all companies share."""
        return self.env.ref(f"account_dunning.{name}").sudo()

    def _get_percent(self, day, country=None, kind="business", company=None):
        schedule = self.env["dunning.rate"]._get_schedule(
            company or self.company, country or self.france, kind
        )
        found = rates.find(schedule, Date.fromisoformat(day))
        return found._get_percent() if found else None

    # ------------------------------------------------------------------
    # WHAT IS SHIPPED
    # ------------------------------------------------------------------

    def test_rates_of_france_are_those_of_the_law(self):
        for day, business, public, consumer in (
            ("2024-07-01", 14.25, 12.25, 4.92),
            ("2025-06-30", 13.15, 11.15, 3.71),
            ("2025-07-01", 12.15, 10.15, 2.76),
            ("2026-06-30", 12.15, 10.15, 2.62),
        ):
            for kind, percent in (
                ("business", business),
                ("public", public),
                ("consumer", consumer),
            ):
                with self.subTest(day=day, kind=kind):
                    found = self._get_percent(day, kind=kind)
                    self.assertAlmostEqual(found, percent, 4)

    def test_what_is_not_known_is_not_guessed(self):
        for day, country in (
            ("2024-06-30", "base.fr"),
            ("2026-07-01", "base.fr"),
            ("2027-01-01", "base.fr"),
            ("2026-03-01", "base.de"),
            ("2026-03-01", "base.uk"),
            ("2026-03-01", "base.us"),
        ):
            with self.subTest(day=day, country=country):
                self.assertIsNone(self._get_percent(day, self.env.ref(country)))

    def test_each_rate_that_is_shipped_has_its_source(self):
        shipped = self.env["dunning.rate"].search([])
        self.assertGreater(len(shipped), 20)
        self.assertFalse(shipped.filtered(lambda rate: not rate.source))

    def test_a_country_of_the_union_without_own_rate_has_that_of_the_directive(self):
        self.assertAlmostEqual(self._get_percent("2026-03-01", self.italy), 10.15, 4)

    def test_the_indemnity_rises_with_the_debt_in_the_united_kingdom(self):
        rate = self.env.ref("account_dunning.rate_uk_business_2026_1")
        found = [rate._get_indemnity(debt) for debt in (999.99, 1000, 9999.99, 10000)]
        self.assertEqual(found, [40, 70, 70, 100])

    # ------------------------------------------------------------------
    # WHICH HOLDS
    # ------------------------------------------------------------------

    def test_what_a_company_enters_comes_before_what_all_share(self):
        self._create_rate(
            country_id=self.france.id, company_id=self.company.id, margin=12
        )
        self.assertAlmostEqual(self._get_percent("2025-03-01"), 14)
        self.assertAlmostEqual(self._get_percent("2025-07-01"), 12.15)
        other = self._create_second_company()
        self.assertAlmostEqual(self._get_percent("2025-03-01", company=other), 13.15)

    def test_a_reference_that_is_entered_is_known(self):
        rate = self._get_shipped("rate_fr_business_2026_2")
        self.assertEqual(rate.gap, "Reference to be entered")
        rate.reference = 2.4
        self.assertFalse(rate.reference_missing)
        self.assertAlmostEqual(self._get_percent("2026-07-01"), 12.4)

    def test_a_reference_of_zero_is_a_reference(self):
        rate = self._get_shipped("rate_fr_business_2026_2")
        rate.reference = 0
        self.assertEqual(self._get_percent("2026-07-01"), 10)

    # ------------------------------------------------------------------
    # WHAT IS REFUSED
    # ------------------------------------------------------------------

    def test_what_cannot_be_a_rate_is_refused_in_plain_words(self):
        self._create_rate()
        for message, values in (
            (
                "hold on the same days",
                {"date_from": "2025-06-30", "date_to": "2025-12-31"},
            ),
            ("has no end", {"date_to": False, "customer_kind": "public"}),
            ("ends on the day it begins", {"date_to": "2024-12-31"}),
            ("not below zero", {"reference": -5, "customer_kind": "public"}),
            ("not below zero", {"indemnity": -1, "customer_kind": "public"}),
            ("percents a year", {"reference": 1215, "customer_kind": "public"}),
            ("where the rate of", {"source": " ", "customer_kind": "public"}),
            ("has no currency", {"indemnity": 40, "customer_kind": "public"}),
            ("one country or for a group", {"country_id": False}),
            (
                "second amount comes before",
                {
                    "customer_kind": "public",
                    "indemnity_middle_from": 100,
                    "indemnity_high_from": 50,
                },
            ),
        ):
            with self.subTest(message=message, values=values):
                with (
                    mute_logger("odoo.sql_db"),
                    self.assertRaises(Exception) as caught,
                    self.env.cr.savepoint(),
                ):
                    self._create_rate(**values)
                self.assertIn(message, self._tell(caught.exception))

    def test_amounts_that_rise_with_the_debt_can_be_entered(self):
        rate = self._create_rate(
            customer_kind="public", indemnity_middle_from=50, indemnity_high_from=100
        )
        self.assertTrue(rate)
        for middle in (0, 100):
            with self.subTest(middle=middle), self.assertRaises(ValidationError):
                rate.indemnity_middle_from = middle

    def _tell(self, error):
        """Return what people are told of an error, the database's included."""
        if isinstance(error, ValidationError):
            return str(error)
        for name, constraint in self.env["dunning.rate"]._table_objects.items():
            if name in str(error):
                return constraint.get_error_message(self.env["dunning.rate"])
        return str(error)

    def test_an_archived_rate_stands_in_nobodys_way(self):
        self._create_rate().active = False
        self.assertTrue(self._create_rate())

    def test_a_customer_without_a_country_has_the_rate_of_the_company_s(self):
        self.company.country_id = self.france
        nowhere = self._create_customer("Nowhere", is_company=True, country_id=False)
        invoice = self._create_invoice(nowhere, due="2025-05-31")
        self.assertEqual(invoice._dunning_get_law_rate().country_id, self.france)

    # ------------------------------------------------------------------
    # HOLES
    # ------------------------------------------------------------------

    def test_a_hole_is_named_where_it_begins(self):
        first = self._create_rate(active=False)
        self.assertIs(first.gap, False)
        first.active = True
        self.assertIn("07/01/2025", first.gap)
        self._create_rate(date_from="2025-10-01", date_to="2025-12-31")
        first.invalidate_recordset()
        self.assertIn("07/01/2025", first.gap)
        self.assertIn("09/30/2025", first.gap)
        self._create_rate(date_from="2025-07-02", date_to="2025-09-30")
        first.invalidate_recordset()
        self.assertEqual(first.gap.count("07/01/2025"), 2)
        self._create_rate(date_from="2025-07-01", date_to="2025-07-01")
        first.invalidate_recordset()
        self.assertFalse(first.gap)

    def test_the_time_line_shows_what_is_known_and_what_is_missing(self):
        first = self._create_rate()
        self._create_rate(date_from="2026-01-01", date_to="2026-06-30")
        self.assertIn("5.00", first.timeline)
        self.assertIn("missing", first.timeline)
        self.assertIn("12/31/2025", first.timeline)

    def test_the_time_line_speaks_the_language_and_leaves_open_what_is_to_come(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        today = self.company._dunning_today()
        rate = self._create_rate(date_from=shift(today, -30), date_to=today)
        timeline = rate.with_context(lang="fr_FR").timeline
        self.assertIn("5,00", timeline)
        self.assertIn(shift(today, 1).strftime("%d/%m/%Y"), timeline)
        self.assertNotIn(shift(today, 184).strftime("%d/%m/%Y"), timeline)

    def test_a_rate_is_missing_from_today_on_and_to_come_from_tomorrow_on(self):
        today = self.company._dunning_today()
        rate = self._create_rate(date_from=shift(today, -30), date_to=shift(today, -1))
        self.assertIn("missing", rate.timeline)
        rate.date_to = today
        rate.invalidate_recordset()
        self.assertIn("to come", rate.timeline)
        self.assertNotIn("missing", rate.timeline)

    def test_a_reference_can_be_entered_where_it_is_missing(self):
        view = self.env["dunning.rate"].get_view(
            self.env.ref("account_dunning.view_rate_form").id, "form"
        )
        field = etree.fromstring(view["arch"]).find(".//field[@name='reference']")
        self.assertFalse(field.get("invisible"))
        rate = self._create_rate(reference_missing=True)
        with Form(rate.with_user(self.manager)) as form:
            form.reference = 2.4
            self.assertFalse(form.reference_missing)

    def test_a_rate_of_nothing_is_refused_unless_it_is_not_known_yet(self):
        with self.assertRaisesRegex(ValidationError, "comes to 0 %"):
            self._create_rate(reference=0, margin=0)
        rate = self._create_rate(
            date_from="2025-07-01",
            date_to="2025-12-31",
            reference=0,
            margin=0,
            reference_missing=True,
        )
        with self.assertRaisesRegex(ValidationError, "comes to 0 %"):
            rate.reference_missing = False

    def test_the_next_period_is_proposed_without_its_figure(self):
        rate = self._create_rate(currency_id=self.env.ref("base.CHF").id, indemnity=40)
        context = rate.action_enter_next()["context"]
        proposed = self.env["dunning.rate"].with_context(**context).create({})
        self.assertEqual(str(proposed.date_from), "2025-07-01")
        self.assertEqual(str(proposed.date_to), "2025-12-31")
        self.assertEqual(proposed.margin, 3)
        self.assertEqual(proposed.indemnity, 40)
        self.assertTrue(proposed.reference_missing)

    # ------------------------------------------------------------------
    # WHO IS TOLD
    # ------------------------------------------------------------------

    def _get_asked(self, user=None):
        user = user or self.manager
        return (
            self.env["mail.activity"]
            .sudo()
            .search([("user_id", "=", user.id), ("res_model", "=", "dunning.rate")])
        )

    def test_managers_are_told_once_when_a_half_year_begins_without_its_rate(self):
        # Who manages another company is asked by that one.
        other = self._create_second_company()
        elsewhere = self._create_user("elsewhere", "group_dunning_manager", other)
        business = self._create_customer("Business", is_company=True)
        self._create_invoice(business, due="2026-06-20")
        self._run("2026-06-30")
        self.assertFalse(self._get_asked())
        self._run("2026-07-01")
        asked = self._get_asked()
        rate = self._get_shipped("rate_fr_business_2026_2")
        self.assertEqual(asked.mapped("res_id"), rate.ids)
        self.assertIn("07/01/2026", asked.summary)
        self.assertFalse(self._get_asked(elsewhere))
        asked.action_feedback()
        self._run("2026-07-02")
        self.assertFalse(self._get_asked())

    def test_what_has_been_entered_is_asked_for_no_longer(self):
        business = self._create_customer("Business", is_company=True)
        self._create_invoice(business, due="2026-06-20")
        self._run("2026-07-01")
        self._get_shipped("rate_fr_business_2026_2").reference = 2.4
        self.assertFalse(self._get_asked())

    def test_what_a_company_has_entered_beside_a_shared_rate_is_asked_for_no_longer(
        self,
    ):
        other = self._create_second_company(country_id=self.france.id)
        both = self._create_user("both", "group_dunning_manager")
        both.company_ids += other
        elsewhere = self._create_customer("Elsewhere", is_company=True)
        self._create_invoice(elsewhere, due="2026-06-20", company=other)
        business = self._create_customer("Business", is_company=True)
        self._create_invoice(business, due="2026-06-20")
        self._run("2026-07-01")
        shared = self._get_shipped("rate_fr_business_2026_2").sudo(False)
        self.assertTrue(self._get_asked(both))
        shared.with_user(self.manager).copy(
            {"reference": 2.4, "reference_missing": False}
        )
        self.assertFalse(self._get_asked())
        # The other company has none yet.
        self.assertTrue(self._get_asked(both))

    def test_a_rate_that_concerns_nobody_is_not_asked_for(self):
        self._run("2026-07-01")
        self.assertFalse(self._get_asked())

    # ------------------------------------------------------------------
    # RIGHTS
    # ------------------------------------------------------------------

    def test_rates_that_all_share_are_not_changed_by_one_company(self):
        self._create_second_company()
        rate = self._get_shipped("rate_fr_business_2026_2").sudo(False)
        with self.assertRaises(AccessError):
            rate.with_user(self.manager).reference = 2.4
        own = rate.with_user(self.manager).copy(
            {"reference": 2.4, "reference_missing": False}
        )
        self.assertEqual(own.company_id, self.company)
        self.assertAlmostEqual(self._get_percent("2026-07-01"), 12.4)

    def test_typing_into_a_rate_that_all_share_says_what_to_do_instead(self):
        self._create_second_company()
        rate = self._get_shipped("rate_fr_business_2026_2").sudo(False)
        with self.assertRaisesRegex(AccessError, "Duplicate it for your company"):
            rate.with_user(self.manager).onchange(
                {"reference": 2.4}, ["reference"], {"reference": {}}
            )

    def test_the_kind_of_a_customer_is_guessed_until_it_is_chosen(self):
        person = self._create_customer("Person")
        business = self._create_customer("Business", is_company=True)
        self.assertEqual(person.dunning_customer_kind, "consumer")
        self.assertEqual(business.dunning_customer_kind, "business")
        contact = self._create_customer("Contact", parent_id=business.id)
        self.assertEqual(contact.dunning_customer_kind, "business")
        business.with_user(self.collector).dunning_customer_kind = "public"
        self.assertEqual(contact.dunning_customer_kind, "public")
        found = self.env["res.partner"].search(
            [
                ("dunning_customer_kind", "=", "public"),
                ("id", "in", (person | business | contact).ids),
            ]
        )
        self.assertEqual(found, business | contact)
        business.dunning_customer_kind = "business"
        self.assertFalse(business.dunning_kind_chosen)

    def test_who_may_not_dun_does_not_decide_what_a_customer_is(self):
        auditor = self._create_user("auditor", "group_dunning_readonly")
        auditor.group_ids = [
            Command.link(self.env.ref("base.group_partner_manager").id)
        ]
        with self.assertRaises(AccessError):
            self.customer.with_user(auditor).dunning_customer_kind = "public"
