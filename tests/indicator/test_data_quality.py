from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum.fr import siren, siret

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import SQL

from ...models.indicator.dunning_defect import DEFECTS, QUICK_FIRST
from ..common import DunningCommon

SIREN = "732 829 320"
COMPLETE = {
    "is_company": True,
    "phone": "+33 1 23 45 67 89",
    "street": "1 rue du Port",
    "zip": "44000",
    "city": "Nantes",
    "lang": "en_US",
    "company_registry": SIREN,
}


@tagged("post_install", "-at_install")
class TestDataQuality(DunningCommon):
    """What is missing about the customers who owe something."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.defects = cls.env["dunning.defect"]
        cls.terms = cls._create_terms((100, 30))
        cls.customer = cls._create_complete("Complete")
        cls.invoice = cls._create_invoice(cls.customer, -10, 250)

    @classmethod
    def _create_complete(cls, name, **values):
        """Create a customer about whom nothing is missing."""
        customer = cls._create_customer(
            name,
            **COMPLETE | {"country_id": cls.env.ref("base.fr").id} | values,
        )
        customer.property_payment_term_id = cls.terms
        if customer.is_company:
            customer.dunning_contact_id = cls._create_customer(
                f"{name} Contact", parent_id=customer.id
            )
        return customer

    def _find(self, partner=None, env=None):
        """Return the codes by which a customer is found."""
        self.env.flush_all()
        partners = (env or self.env)["res.partner"]
        known = [("id", "=", (partner or self.customer).id)]
        codes = self.defects._get_labels()
        return [
            code
            for code in codes
            if partners.search([*known, ("dunning_defects", "=", code)])
        ]

    # ------------------------------------------------------------------
    # WHAT IS MISSING
    # ------------------------------------------------------------------

    def test_the_list_of_all_defects_looks_for_each(self):
        self.assertCountEqual(QUICK_FIRST, DEFECTS)

    def test_nothing_is_missing_about_a_complete_customer(self):
        self.assertEqual(self._find(), [])
        self.assertEqual(self.customer.dunning_defects, "")
        some = self.env["res.partner"].search([("dunning_defects", "!=", False)])
        self.assertNotIn(self.customer, some)
        none = self.env["res.partner"].search([("dunning_defects", "=", False)])
        self.assertIn(self.customer, none)

    def test_each_thing_that_is_missing_is_told_and_found(self):
        contact = self.customer.dunning_contact_id
        for code, partner, values in (
            ("email", contact, {"email": False}),
            ("phone", self.customer + contact, {"phone": False}),
            ("address", self.customer + contact, {"street": False}),
            ("address", self.customer + contact, {"city": False}),
            ("address", self.customer + contact, {"zip": False}),
            ("terms", self.customer, {"property_payment_term_id": False}),
            ("registry", self.customer, {"company_registry": False}),
            ("registry", self.customer, {"company_registry": "732829321"}),
            ("lang", contact, {"lang": False}),
            ("contact", self.customer, {"dunning_contact_id": False}),
        ):
            with self.subTest(code=code, values=values):
                before = {p: {name: p[name] for name in values} for p in partner}
                partner.write(values)
                self.assertEqual(self._find(), [code])
                self.assertEqual(
                    self.customer.dunning_defects, self.defects._get_labels()[code]
                )
                for record, vals in before.items():
                    record.write(vals)
                self.assertEqual(self._find(), [])

    def test_an_address_from_which_the_last_e_mail_came_back_is_wrong(self):
        contact = self.customer.dunning_contact_id
        sending = self._step(0).sending_id
        # What became of an e-mail is noted by the system.
        sending.recipient_ids.sudo()._note("bounced")
        self.assertEqual(self._find(), ["bounced"])
        contact.email = "another@example.com"
        self.assertEqual(self._find(), [])

    def test_a_private_person_needs_neither_contact_nor_number(self):
        person = self._create_complete("Person", is_company=False)
        person.company_registry = False
        self._create_invoice(person, -10)
        self.assertEqual(self._find(person), [])

    def test_a_company_elsewhere_needs_no_french_number(self):
        self.customer.write(
            {"country_id": self.env.ref("base.be").id, "company_registry": False}
        )
        self.assertEqual(self._find(), [])

    def test_a_country_without_postal_codes_asks_for_none(self):
        ireland = self.env.ref("base.ie")
        ireland.zip_required = False
        self.customer.write({"country_id": ireland.id, "zip": False})
        self.assertEqual(self._find(), [])

    def test_who_owes_nothing_needs_nothing(self):
        self.customer.write({"street": False, "phone": False})
        self._pay(self.invoice)
        self.assertEqual(self._find(), [])

    def test_who_has_money_on_account_alone_needs_nothing(self):
        self.customer.write({"street": False, "phone": False})
        self._pay(self.invoice)
        self._create_payment(self.customer, amount=30)
        self.assertEqual(self._find(), [])
        self.assertEqual(self.customer.dunning_defects, "")

    def test_whom_reminders_go_to_is_judged(self):
        """The statement looks where reminders go, by the same rule."""
        other = self._create_second_company()
        partner = self._create_complete("Several")
        self._create_invoice(partner, -10)
        contact = partner.dunning_contact_id
        address = self._create_customer("A", parent_id=partner.id, type="invoice")
        own = self._create_customer(
            "B", parent_id=partner.id, type="invoice", company_id=self.company.id
        )
        foreign = self._create_customer(
            "C", parent_id=partner.id, type="invoice", company_id=other.id
        )
        stranger = self._create_customer("Stranger")
        for change in (
            lambda: None,
            lambda: contact.action_archive(),
            lambda: own.write({"active": False}),
            lambda: address.write({"active": False}),
            lambda: contact.action_unarchive(),
            lambda: contact.write({"parent_id": stranger.id}),
            lambda: foreign.write({"company_id": False}),
        ):
            change()
            self.env.flush_all()
            self.env.invalidate_all()
            reached = partner._dunning_get_contacts()[partner.id]
            self.assertEqual(partner.dunning_reached_id, reached)
            everybody = partner | contact | address | own | foreign
            everybody.email = "here@example.com"
            self.assertNotIn("email", self._find(partner))
            reached.email = False
            self.assertIn("email", self._find(partner))

    # ------------------------------------------------------------------
    # THE NUMBER OF A FRENCH COMPANY
    # ------------------------------------------------------------------

    @settings(max_examples=300, deadline=None)
    @given(
        st.one_of(
            st.text("0123456789 .", max_size=20),
            st.from_regex(r"\A[0-9]{9}\Z"),
            st.from_regex(r"\A356000000[0-9]{5}\Z"),
            st.integers(10_000_000, 99_999_999).map(
                lambda number: f"{number}{siren.luhn.calc_check_digit(str(number))}"
            ),
            st.integers(1000, 9999).map(
                lambda place: (
                    f"732829320{place}"
                    f"{siren.luhn.calc_check_digit(f'732829320{place}')}"
                )
            ),
        )
    )
    def test_the_database_checks_the_number_as_stdnum_does(self, number):
        [(valid,)] = self.env.execute_query(
            SQL("SELECT %s", self.defects._get_siren_sql(SQL("%s", number)))
        )
        self.assertEqual(valid, siren.is_valid(number) or siret.is_valid(number))

    def test_digits_of_other_scripts_are_no_number(self):
        # As mathematicians write them: no register takes these.
        number = "".join(chr(0x1D7F6 + int(digit)) for digit in "732829320")
        self.customer.company_registry = number
        self.assertEqual(self._find(), ["registry"])

    # ------------------------------------------------------------------
    # COUNTS
    # ------------------------------------------------------------------

    def test_each_defect_has_its_customers_and_what_they_owe(self):
        for name, values, amount in (
            ("One", {"phone": False}, 100.5),
            ("Two", {"phone": False, "company_registry": False}, 50),
        ):
            partner = self._create_complete(name, **values)
            partner.dunning_contact_id.phone = False
            self._create_invoice(partner, -5, amount)
        figures = {row["code"]: row for row in self._get_defects()}
        self.assertEqual(figures["phone"]["count"], 2)
        self.assertIn("150.50", figures["phone"]["amount"])
        self.assertEqual(figures["registry"]["count"], 1)
        self.assertEqual(set(figures), {"phone", "registry"})

    def _get_defects(self, user=None):
        self.env.flush_all()
        partners = self.env["res.partner"].with_user(user or self.collector)
        return partners.dunning_get_defects()

    def test_another_company_sees_nothing_of_it(self):
        self.customer.phone = False
        other = self._create_second_company()
        stranger = self._create_user("stranger", "group_dunning_manager", other)
        self.assertTrue(self._get_defects())
        self.assertEqual(self._get_defects(stranger), [])
        self.assertEqual(self._find(env=self.env(user=stranger)), [])

    def test_who_does_not_read_dunning_is_refused(self):
        sales = self._create_user("sales", "group_dunning_readonly")
        sales.group_ids = self.env.ref("base.group_user")
        with self.assertRaises(AccessError):
            self._get_defects(sales)
        with self.assertRaises(AccessError):
            self._find(env=self.env(user=sales))

    # ------------------------------------------------------------------
    # COMPLETING
    # ------------------------------------------------------------------

    def _save(self, user, values):
        return self.customer.with_user(user).web_save(
            values, {"dunning_defects": {}, "dunning_reached_email": {}}
        )

    def test_a_collector_completes_in_the_list(self):
        contact = self.customer.dunning_contact_id
        contact.email = False
        self.customer.write({"company_registry": False, "zip": False})
        self._save(
            self.collector,
            {
                "dunning_reached_email": "accounts@example.com",
                "company_registry": SIREN,
                "zip": "44100",
            },
        )
        self.assertEqual(contact.email, "accounts@example.com")
        self.assertEqual(self.customer.email, "complete@example.com")
        self.assertEqual(self._find(), [])

    def test_an_auditor_completes_nothing(self):
        auditor = self._create_user("auditor", "group_dunning_readonly")
        contact = self.customer.dunning_contact_id
        for values in (
            {"dunning_reached_email": "accounts@example.com"},
            {"dunning_reached_lang": "en_US"},
            {"zip": "44100"},
        ):
            with self.assertRaises(AccessError):
                self._save(auditor, values)
        self.assertEqual(contact.email, "complete.contact@example.com")

    def test_a_page_of_the_list_costs_what_a_page_costs(self):
        partners = self.customer
        for number in range(12):
            partners |= self._create_complete(f"No {number}", phone=False)
            self._create_invoice(partners[-1], -5)
        self.env.flush_all()
        for count in (3, 12):
            page = partners[:count]
            self.env.invalidate_all()
            page.mapped("name")
            with self.assertQueryCount(3):
                page.mapped("dunning_defects")

    def test_what_is_missing_is_found_out_once_and_not_for_each_customer(self):
        self.env.flush_all()
        # Whatever the statistics of a database make of it.
        self.env.cr.execute("SET LOCAL enable_hashjoin = off")
        self.env.cr.execute("SET LOCAL enable_mergejoin = off")
        for domain in (
            [("dunning_defects", "!=", False)],
            [("dunning_defects", "=", "phone")],
            [("dunning_defects", "!=", False), ("dunning_defects", "!=", "phone")],
        ):
            with self.subTest(domain=domain):
                query = self.env["res.partner"]._search(domain).select("country_id")
                rows = self.env.execute_query(
                    SQL("EXPLAIN %s ORDER BY country_id LIMIT 80", query)
                )
                plan = "\n".join(row for (row,) in rows)
                self.assertIn("hashed SubPlan", plan)
