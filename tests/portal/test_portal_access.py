import logging
from datetime import datetime, timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import hash_sign

from odoo.addons.account_dunning.controllers.portal import frame
from odoo.addons.account_dunning.models.portal.dunning_portal import SCOPE
from odoo.addons.account_dunning.tools.portal_mask import SECRET

from .common_portal import PortalCommon


@tagged("post_install", "-at_install")
class TestPortalLink(PortalCommon):
    """Who has a link sees the page of that customer in that company, and no other."""

    def setUp(self):
        super().setUp()
        self.item = self._create_item()

    def test_a_link_opens_the_page_of_its_customer(self):
        answer = self._open()
        self.assertEqual(answer.status_code, 200)
        self.assertIn("Visited Customer", answer.text)
        self.assertIn(self.item.move_id.name, answer.text)

    def test_the_link_of_a_day_is_always_the_same_and_writes_nothing(self):
        self.customer._dunning_portal_url(self.company)
        self.env.flush_all()
        self.env.invalidate_all()
        writing = []
        execute = self.env.cr.execute

        def watch(query, *args, **kwargs):
            writing.append(str(query))
            return execute(query, *args, **kwargs)

        self.patch(self.env.cr, "execute", watch)
        links = {self.customer._dunning_portal_url(self.company) for _ in range(3)}
        self.assertEqual(len(links), 1)
        self.env.flush_all()
        self.assertFalse([q for q in writing if q.lstrip()[:6] in ("INSERT", "UPDATE")])

    def test_the_address_that_is_shown_opens_nothing_in_another_browser(self):
        page = self._enter()
        self.assertNotRegex(page, SECRET.pattern)
        self.assertEqual(self.url_open(page).status_code, 200)
        self.opener.cookies.clear()
        self.assertGone(self.url_open(page))

    def test_a_forged_link_opens_nothing(self):
        link = self._get_link()
        forged = link[:-1] + ("A" if link[-1] != "A" else "B")
        for path in (
            forged,
            "/dunning/abc",
            f"/dunning/{'A' * 100}",
            # Characters that are passed over when a token is read.
            f"{link[:30]}.{link[30:]}",
            f"{link}=",
            "/dunning/%C3%A9",
        ):
            with self.subTest(path=path):
                self.assertGone(self.url_open(path))

    def test_what_was_signed_for_something_else_opens_nothing(self):
        env = self.env(su=True)
        values = [self.customer.id, self.company.id, 0, 0]
        self.assertEqual(
            self._open(f"/dunning/{hash_sign(env, SCOPE, values)}").status_code, 200
        )
        self.assertGone(self._open(f"/dunning/{hash_sign(env, 'other', values)}"))

    def test_an_expired_link_opens_nothing(self):
        values = [self.customer.id, self.company.id, 0, 0]
        yesterday = datetime.now() - timedelta(days=1)
        token = hash_sign(self.env(su=True), SCOPE, values, expiration=yesterday)
        self.assertGone(self._open(f"/dunning/{token}"))

    def test_a_link_counts_for_the_days_of_the_company(self):
        short = self._get_link()
        self.company.dunning_portal_days = 10
        self.assertNotEqual(self._get_link(), short)
        self.company.dunning_portal_days = 0
        self.assertFalse(self.customer._dunning_portal_url(self.company))

    def test_who_wants_no_page_any_longer_closes_the_links_that_are_out(self):
        link, page = self._get_link(), self._enter()
        self.company.dunning_portal_days = 0
        self.env.flush_all()
        self.assertGone(self._open(link))
        self.assertGone(self.url_open(page))
        self.company.dunning_portal_days = 10
        self.env.flush_all()
        self.assertEqual(self._open(link).status_code, 200)

    def test_a_page_that_was_opened_closes_after_some_hours(self):
        self.patch(frame, "MARK_LIFE", timedelta(seconds=-1))
        self.assertGone(self._open())

    def test_a_browser_keeps_the_last_links_that_it_opened(self):
        self.patch(frame, "MOST_MARKS", 2)
        customers = [self.customer, *(self._create_customer(x) for x in "AB")]
        first, *others = map(self._enter, customers)
        self.assertGone(self.url_open(first))
        self.assertEqual({self.url_open(x).status_code for x in others}, {200})

    def test_who_leaves_closes_the_page(self):
        page = self._enter()
        token = self._get_csrf(page)
        self.url_open("/dunning/leave", data={"csrf_token": token})
        self.assertGone(self.url_open(page))

    def test_a_collector_sees_what_the_customer_sees(self):
        customer = self.customer.with_user(self.collector)
        window = customer.action_dunning_portal_open()
        url = self.customer._dunning_portal_url(self.company)
        self.assertEqual(self.company.get_base_url() + window["url"], url)
        self.company.dunning_portal_days = 0
        with self.assertRaisesRegex(UserError, "no page"):
            customer.action_dunning_portal_open()

    def test_nobody_of_the_house_acts_for_a_customer_whose_link_they_read(self):
        self.authenticate("dunning_collector", "dunning_collector")
        page = self._enter()
        self.assertIn("logged in as staff", self.url_open(page).text)
        token = self._get_csrf(page)
        for path in ("/promise", "/paid", "/dispute", "/compare", "/send"):
            with self.subTest(path):
                answer = self.url_open(
                    page + path, data={"csrf_token": token, "item_ids": self.item.id}
                )
                self.assertEqual(answer.status_code, 403)
                self.assertIn("Only the customer does that", answer.text)
        self.assertFalse(self.env["dunning.portal.request"].search([]))
        self.assertFalse(self.env["dunning.portal.attempt"].search([]))

    # ------------------------------------------------------------------
    # REVOKING
    # ------------------------------------------------------------------

    def test_a_collector_revokes_the_links_of_one_customer(self):
        self._create_item(self.other)
        mine, others = self._get_link(), self._get_link(self.other)
        page = self._enter()
        self.customer.with_user(self.collector).action_dunning_portal_revoke()
        self.env.flush_all()
        self.assertGone(self.url_open(page))
        self.assertGone(self._open(mine))
        self.assertEqual(self._open(others).status_code, 200)
        self.assertEqual(self._open().status_code, 200)

    def test_a_manager_revokes_the_links_of_a_company(self):
        self._create_item(self.other)
        links = self._get_link(), self._get_link(self.other)
        with self.assertRaises(AccessError):
            self.company.with_user(self.collector)._dunning_portal_revoke()
        self.env.ref("account_dunning.action_portal_revoke").with_user(
            self.manager
        ).with_company(self.company).run()
        self.env.flush_all()
        for link in links:
            self.assertGone(self._open(link))
        self.assertEqual(self._open().status_code, 200)

    def test_nobody_reads_or_writes_the_serials(self):
        for user in (self.manager, self.collector, self.visitor):
            for records in (self.customer, self.company):
                own = records.with_user(user)
                with self.subTest(user=user.login), self.assertRaises(AccessError):
                    own.read(["dunning_portal_serial"])
                with self.subTest(user=user.login), self.assertRaises(AccessError):
                    own.write({"dunning_portal_serial": 1})

    # ------------------------------------------------------------------
    # CUSTOMERS THAT CHANGE
    # ------------------------------------------------------------------

    def test_the_link_of_an_archived_customer_opens_nothing(self):
        link, page = self._get_link(), self._enter()
        self.customer.active = False
        self.env.flush_all()
        self.assertGone(self._open(link))
        self.assertGone(self.url_open(page))
        self.assertFalse(self.customer._dunning_portal_url(self.company))

    def test_the_link_of_a_merged_customer_opens_nothing(self):
        link = self._get_link()
        self.contact.parent_id = False
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard.sudo()._merge((self.customer | self.other).ids, self.other)
        self.env.flush_all()
        self.assertGone(self._open(link))
        self.assertIn(
            self.item.move_id.name, self._open(self._get_link(self.other)).text
        )

    def test_the_link_of_a_customer_that_became_a_contact_opens_nothing(self):
        link = self._get_link()
        self.customer.write({"is_company": False, "parent_id": self.other.id})
        self.env.flush_all()
        self.assertGone(self._open(link))
        # What is sent from then on leads to the page of whose contact it is.
        answer = self._open(self._get_link(self.customer))
        self.assertIn("Other Customer", answer.text)

    def test_the_link_of_a_customer_given_to_another_company_opens_nothing(self):
        self._create_item(self.other)
        link = self._get_link(self.other)
        data = self.setup_other_company(name="Second Company")
        self.other.sudo().company_id = data["company"]
        self.env.flush_all()
        self.assertGone(self._open(link))

    def test_a_link_shows_nothing_of_another_customer_or_company(self):
        foreign = self._create_item(self.other).move_id
        data = self.setup_other_company(name="Second Company")
        elsewhere = self.env["account.move"].with_company(data["company"])
        elsewhere = elsewhere.create(
            {
                "move_type": "out_invoice",
                "partner_id": self.customer.id,
                "invoice_date": self._before(40),
                "invoice_line_ids": [(0, 0, {"name": "x", "price_unit": 7777})],
            }
        )
        elsewhere.action_post()
        text = self._open().text
        self.assertNotIn(foreign.name, text.replace(self.item.move_id.name, ""))
        self.assertNotIn("7,777", text)
        self.assertNotIn("Second Company", text)

    # ------------------------------------------------------------------
    # WHAT REMAINS UNKNOWN
    # ------------------------------------------------------------------

    def test_no_log_tells_a_link(self):
        link = self._get_link()
        with self.assertLogs("werkzeug", logging.INFO) as logs:
            self._open(link)
            logging.getLogger("werkzeug").info("GET %s 200", link)
        self.assertIn("/dunning/***", "".join(logs.output))
        self.assertNotIn(link, "".join(logs.output))

    def test_no_page_is_indexed_kept_framed_or_told_to_others(self):
        page = self._enter()
        first = self.url_open(self._get_link(), allow_redirects=False)
        gone = self.url_open("/dunning/abc")
        for answer in (first, self.url_open(page), gone):
            with self.subTest(url=answer.url):
                headers = answer.headers
                self.assertEqual(headers["Referrer-Policy"], "no-referrer")
                self.assertIn("noindex", headers["X-Robots-Tag"])
                self.assertIn("no-store", headers["Cache-Control"])
                self.assertEqual(headers["X-Frame-Options"], "DENY")
        text = self.url_open(page).text
        self.assertNotRegex(text, SECRET.pattern)

    def test_a_mail_scanner_changes_nothing(self):
        self.url_open(self._get_link(), allow_redirects=False)
        self.opener.head(self.base_url() + self._get_link())
        page = self._enter()
        self.opener.head(self.base_url() + page)
        visits = self.env["dunning.portal.visit"].search([])
        self.assertEqual(len(visits), 1)
        requests = self.env["dunning.portal.request"].search([])
        self.assertFalse(requests)

    # ------------------------------------------------------------------
    # VISITS
    # ------------------------------------------------------------------

    def test_a_visit_stands_in_the_timeline_once_a_day(self):
        page = self._enter()
        self.url_open(page)
        self.authenticate("dunning_visitor", "dunning_visitor")
        self.url_open(f"/my/dunning/{self.company.id}")
        self.url_open(f"/my/dunning/{self.company.id}")
        partner = self.customer.with_user(self.collector)
        entries = partner.dunning_get_timeline()["entries"]
        visits = [entry for entry in entries if entry["key"].startswith("portal_visit")]
        self.assertEqual([visit["who"] for visit in visits], ["Marie Visitor", False])
        self.assertIn("without login", visits[1]["text"])

    def test_who_works_here_is_no_visitor(self):
        self.authenticate("dunning_collector", "dunning_collector")
        self._enter()
        self.assertFalse(self.env["dunning.portal.visit"].search([]))

    # ------------------------------------------------------------------
    # LANGUAGE
    # ------------------------------------------------------------------

    def test_the_page_speaks_the_language_of_the_customer_until_another_is_chosen(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.customer.lang = "fr_FR"
        answer = self._open()
        self.assertIn('lang="fr-FR"', answer.text)
        self.opener.cookies.set("frontend_lang", "en_US")
        self.assertIn('lang="en-US"', self._open().text)

    def test_staff_see_the_page_in_the_language_of_the_customer(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.customer.lang = "fr_FR"
        self.authenticate("dunning_collector", "dunning_collector")
        self.opener.cookies.set("frontend_lang", "en_US")
        self.assertIn('lang="fr-FR"', self._open().text)


@tagged("post_install", "-at_install")
class TestPortalLogin(PortalCommon):
    """Whoever logs in sees the page of their commercial partner."""

    def setUp(self):
        super().setUp()
        self.item = self._create_item()

    def _login(self, partner=None):
        if partner:
            new_test_user(
                self.env(context={"no_reset_password": True}),
                "dunning_somebody",
                "base.group_portal",
                partner_id=partner.id,
            )
            self.authenticate("dunning_somebody", "dunning_somebody")
        else:
            self.authenticate("dunning_visitor", "dunning_visitor")

    def _page(self):
        return f"/my/dunning/{self.company.id}"

    def test_a_contact_sees_what_its_company_owes(self):
        self._login()
        answer = self.url_open("/my/dunning")
        self.assertEqual(answer.status_code, 200)
        self.assertIn(self._page(), answer.url)
        self.assertIn(self.item.move_id.name, answer.text)

    def test_the_account_leads_to_the_page(self):
        self._login()
        self.assertIn('href="/my/dunning"', self.url_open("/my/home").text)

    def test_nobody_comes_in_without_login(self):
        answer = self.url_open(self._page(), allow_redirects=False)
        self.assertEqual(answer.status_code, 303)
        self.assertIn("/web/login", answer.headers["Location"])

    def test_a_sibling_sees_nothing(self):
        self._login(self.other)
        self.assertGone(self.url_open(self._page()))

    def test_a_contact_that_is_a_company_of_its_own_sees_its_own(self):
        own = self.env["res.partner"].create(
            {"name": "Daughter", "parent_id": self.customer.id, "is_company": True}
        )
        self._login(own)
        self.assertGone(self.url_open(self._page()))

    def test_who_left_the_customer_sees_nothing_of_it(self):
        self._login()
        self.assertEqual(self.url_open(self._page()).status_code, 200)
        self.contact.parent_id = False
        self.env.flush_all()
        self.assertGone(self.url_open(self._page()))

    def test_a_company_that_claims_nothing_has_no_page(self):
        data = self.setup_other_company(name="Second Company")
        self._login()
        self.assertGone(self.url_open(f"/my/dunning/{data['company'].id}"))
        self.assertGone(self.url_open("/my/dunning/999999"))

    def test_of_several_companies_one_is_chosen(self):
        data = self.setup_other_company(name="Second Company")
        second = self.env["account.move"].with_company(data["company"])
        second = second.create(
            {
                "move_type": "out_invoice",
                "partner_id": self.customer.id,
                "invoice_date": self._before(40),
                "invoice_line_ids": [(0, 0, {"name": "x", "price_unit": 7777})],
            }
        )
        second.action_post()
        self._login()
        text = self.url_open("/my/dunning").text
        self.assertIn(self._page(), text)
        self.assertIn("Second Company", text)
        own = self.url_open(f"/my/dunning/{data['company'].id}").text
        self.assertIn("7,777", own)
        self.assertNotIn(self.item.move_id.name, own.replace(second.name, ""))
        self.assertNotIn("7,777", self.url_open(self._page()).text)

    def test_who_owes_nothing_is_told_so(self):
        self._login(self._create_customer("Nobody"))
        answer = self.url_open("/my/dunning")
        self.assertEqual(answer.status_code, 200)
        self.assertIn("nothing to pay", answer.text)
