import re
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.account_dunning.models.portal import dunning_portal_attempt

from .common_portal import TOKEN, PortalCommon


@tagged("post_install", "-at_install")
class TestPortalRequest(PortalCommon):
    """What is asked for by a link is done once it is confirmed by e-mail."""

    def setUp(self):
        super().setUp()
        self.item = self._create_item()
        self.done = self._watch_act()

    def _ask(self, **options):
        """Ask for something by a link.

        :return: the request, and the path of the confirmation
        """
        with self.mock_mail_gateway():
            request = self._submit(**options)
        self.env.flush_all()
        [mail] = self._mails
        found = TOKEN.search(mail["body"])
        return request, found[0]

    def test_what_somebody_asks_who_is_logged_in_is_done_at_once(self):
        with self.mock_mail_gateway():
            request = self._submit(user=self.visitor)
        self.assertFalse(self._mails)
        self.assertEqual(request.state, "done")
        self.assertEqual(self.done, [(self.customer, {"text": "Hello"})])

    def test_what_is_asked_by_a_link_waits_for_the_known_address(self):
        request, path = self._ask()
        self.assertEqual(request.state, "waiting")
        self.assertFalse(self.done)
        self.assertEqual(request.address, "visited.customer@example.com")
        [mail] = self._mails
        self.assertEqual(mail["email_to"], ["visited.customer@example.com"])
        self.assertTrue(path.startswith("/dunning/confirm/"))

    def test_words_of_a_visitor_are_shown_and_not_written_as_ours(self):
        _request, path = self._ask(text="Pay to evil.example")
        [mail] = self._mails
        self.assertNotIn("evil.example", mail["body"])
        self.assertNotIn("evil.example", mail["subject"])
        self.assertIn("Pay to evil.example", self.url_open(path).text)

    def test_an_address_that_was_replaced_confirms_nothing(self):
        request, path = self._ask()
        self.customer.email = "new@example.com"
        self.env.flush_all()
        self.assertGone(self.url_open(path))
        self.customer.dunning_contact_id = self.contact
        self.env.flush_all()
        self.assertGone(self.url_open(path))
        self.customer.email = "visited.customer@example.com"
        self.customer.dunning_contact_id = False
        self._post(path)
        request.invalidate_recordset()
        self.assertEqual(request.state, "done")

    def test_the_confirmation_goes_to_the_dunning_contact(self):
        self.customer.dunning_contact_id = self.contact
        request, _path = self._ask()
        self.assertEqual(request.address, "marie@example.com")

    def test_the_link_of_the_confirmation_does_nothing_by_itself(self):
        request, path = self._ask()
        answer = self.url_open(path)
        self.assertIn("Hello", answer.text)
        self.opener.head(self.base_url() + path)
        self.assertEqual(request.state, "waiting")
        self.assertFalse(self.done)

    def test_what_is_confirmed_is_done_once(self):
        request, path = self._ask()
        answer = self._post(path)
        self.assertIn("It is done.", answer.text)
        request.invalidate_recordset()
        self.assertEqual(request.state, "done")
        self.assertTrue(request.date_confirmed)
        self.assertNotIn("o_dunning_confirm", self.url_open(path).text)
        request._confirm()
        self.assertEqual(len(self.done), 1)

    def test_what_is_shown_is_confirmed_in_the_same_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.customer.lang = "fr_FR"
        _request, path = self._ask()
        self.assertIn('lang="fr-FR"', self.url_open(path).text)
        self.assertIn('lang="fr-FR"', self._post(path).text)

    def test_who_has_confirmed_goes_on_to_the_account(self):
        _request, path = self._ask()
        self.assertNotIn("/dunning/p/", self.url_open(path).text)
        [own] = re.findall(r"/dunning/p/[\w-]+", self._post(path).text)
        self.assertIn(self.item.move_id.name, self.url_open(own).text)

    @mute_logger("odoo.http")
    def test_nothing_is_confirmed_without_a_form_of_ours(self):
        request, path = self._ask()
        answer = self._post(path, csrf=False)
        self.assertEqual(answer.status_code, 400)
        self.assertEqual(request.state, "waiting")

    def test_what_was_asked_for_before_links_were_revoked_is_not_confirmed(self):
        _request, path = self._ask()
        self.customer.with_user(self.collector).action_dunning_portal_revoke()
        self.env.flush_all()
        self.assertGone(self.url_open(path))

    def test_a_forged_confirmation_does_nothing(self):
        _request, path = self._ask()
        self.assertGone(
            self.url_open(path[:-2] + ("AA" if path[-2:] != "AA" else "BB"))
        )
        # The link to the page is signed for something else.
        token = self._get_link().rpartition("/")[2]
        self.assertGone(self.url_open(f"/dunning/confirm/{token}"))

    def test_what_another_customer_asked_for_is_not_confirmed(self):
        request, _path = self._ask()
        token = TOKEN.search(self._mails[-1]["body"])[2]
        requests = self.env["dunning.portal.request"]
        self.assertEqual(requests._find_to_confirm(token), request)
        request.partner_id = self.other
        self.assertIsNone(requests._find_to_confirm(token))
        self.assertIsNone(requests._find_to_confirm(token[:-1]))

    def test_what_is_just_being_done_is_not_done_again(self):
        request, _path = self._ask()
        with (
            patch.object(type(request), "try_lock_for_update", lambda own: own[:0]),
            self.assertRaisesRegex(UserError, "^This is just being done"),
        ):
            request._confirm()
        self.assertEqual((request.state, self.done), ("waiting", []))
        self.assertTrue(request._confirm())
        self.assertFalse(request._confirm())
        self.assertEqual(len(self.done), 1)

    def test_what_has_become_impossible_is_told_and_kept(self):
        request, path = self._ask()
        token = self._get_csrf(path)
        request.payload = {"text": ""}
        self.env.flush_all()
        answer = self.url_open(path, data={"csrf_token": token})
        self.assertEqual(answer.status_code, 422)
        self.assertIn("Please say something.", answer.text)
        self.assertEqual(request.state, "waiting")
        self.assertFalse(self.done)

    def test_what_cannot_be_done_is_refused_at_once(self):
        with self.assertRaisesRegex(UserError, "Please say something"):
            self._submit(text="")

    def test_a_customer_without_address_is_told_what_to_do(self):
        self.customer.email = False
        with self.assertRaisesRegex(UserError, "no e-mail address"):
            self._submit()

    def test_the_confirmation_is_written_in_the_language_of_the_customer(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.customer.lang = "fr_FR"
        self._ask()
        self.assertIn("Say something (fr_FR)", self._mails[0]["subject"])

    def test_files_belong_to_what_was_asked_for(self):
        file = {"name": "proof.txt", "raw": b"x", "mimetype": "text/plain"}
        request, _path = self._ask(files=[file])
        attachment = request.attachment_ids
        self.assertEqual(attachment.res_model, "dunning.portal.request")
        self.assertEqual(attachment.res_id, request.id)
        self.assertFalse(attachment.public)

    def test_what_was_asked_for_stands_in_the_timeline(self):
        self._ask()
        self._submit(text="Again", user=self.visitor)
        partner = self.customer.with_user(self.collector)
        entries = partner.dunning_get_timeline()["entries"]
        told = [e for e in entries if e["key"].startswith("portal_request")]
        self.assertEqual([e["text"] for e in told], ["Text: Again", "Text: Hello"])
        self.assertEqual([e["who"] for e in told], ["Marie Visitor", False])
        self.assertEqual([e["muted"] for e in told], [False, "Not confirmed"])

    def test_answers_follow_a_customer_that_becomes_a_contact(self):
        request, _path = self._ask()
        self.customer.write({"is_company": False, "parent_id": self.other.id})
        self.assertEqual(request.partner_id, self.other)

    # ------------------------------------------------------------------
    # HOW MUCH IS SENT
    # ------------------------------------------------------------------

    def test_whoever_sends_too_much_has_to_wait(self):
        attempts = self.env["dunning.portal.attempt"]
        customer = self.env["dunning.portal"]._enter(
            self.customer.id, self.company.sudo()
        )
        most = dunning_portal_attempt.MOST_OF_CUSTOMER
        for number in range(most):
            self.assertTrue(attempts._count(customer, f"10.0.0.{number}"))
        self.assertFalse(attempts._count(customer, "10.0.1.1"))

    def test_who_has_a_link_keeps_nobody_from_paying_or_logging_in(self):
        attempts = self.env["dunning.portal.attempt"]
        customer = self.env["dunning.portal"]._enter(
            self.customer.id, self.company.sudo()
        )
        self.patch(dunning_portal_attempt, "MOST_OF_CUSTOMER", 1)
        counted = [
            attempts._count(customer, "10.0.0.1", kind)
            for kind in ("form", "form", "own", "payment")
        ]
        self.assertEqual(counted, [True, False, True, True])

    def test_an_address_that_sends_too_much_has_to_wait(self):
        attempts = self.env["dunning.portal.attempt"]
        self.patch(dunning_portal_attempt, "MOST_OF_ADDRESS", 3)
        portal = self.env["dunning.portal"]
        customers = [
            portal._enter(self._create_customer(f"C{n}").id, self.company.sudo())
            for n in range(4)
        ]
        counted = [attempts._count(customer, "10.0.0.9") for customer in customers]
        self.assertEqual(counted, [True, True, True, False])
        subjects = " ".join(attempts.search([]).mapped("subject"))
        self.assertNotIn("10.0.0.9", subjects)
        # Who is logged in is known, and behind one address there may be many.
        counted = [
            attempts._count(customer, "10.0.0.9", "own") for customer in customers
        ]
        self.assertTrue(all(counted))

    def test_nobody_is_flooded_with_confirmations(self):
        attempts = self.env["dunning.portal.attempt"]
        customer = self.env["dunning.portal"]._enter(
            self.customer.id, self.company.sudo()
        )
        counted = [attempts._count(customer, str(n), "mail") for n in range(9)]
        self.assertEqual(counted, [True] * 8 + [False])

    def test_an_address_that_several_customers_have_is_not_flooded(self):
        attempts = self.env["dunning.portal.attempt"]
        portal = self.env["dunning.portal"]
        counted = []
        for number in range(9):
            partner = self._create_customer(f"Shared {number}", email="a@example.com")
            customer = portal._enter(partner.id, self.company.sudo())
            counted.append(attempts._count(customer, str(number), "mail"))
        self.assertEqual(counted, [True] * 8 + [False])
        nobody = portal._enter(
            self._create_customer("Nobody", email=False).id, self.company.sudo()
        )
        self.assertTrue(attempts._count(nobody, "10", "mail"))

    def test_what_is_counted_is_forgotten(self):
        attempts = self.env["dunning.portal.attempt"]
        customer = self.env["dunning.portal"]._enter(
            self.customer.id, self.company.sudo()
        )
        attempts._count(customer, "10.0.0.1")
        self.env.cr.execute(
            "UPDATE dunning_portal_attempt SET date = date - INTERVAL '3 days'"
        )
        attempts._gc_attempts()
        self.assertFalse(attempts.search([]))
