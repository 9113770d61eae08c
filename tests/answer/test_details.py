from unittest.mock import patch

from odoo.exceptions import LockError, UserError
from odoo.tests import new_test_user, tagged

from ...models.answer.dunning_portal_act import MAX_LINE
from .common_answer import AnswerCommon


@tagged("post_install", "-at_install")
class TestDetails(AnswerCommon):
    """Corrections that customers ask for count when a collector accepts them."""

    def _ask_for(self, **details):
        return self._ask("details", {"details": details})

    # ------------------------------------------------------------------
    # DETAILS
    # ------------------------------------------------------------------

    def test_old_and_new_stand_beside_each_other_and_nothing_is_changed(self):
        request = self._ask_for(email="new@example.com", phone="+33 1 23 45 67 89")
        self.assertEqual(
            [(c.name, c.old, c.new) for c in request.change_ids],
            [
                ("email", "visited.customer@example.com", "new@example.com"),
                ("phone", "", "+33 1 23 45 67 89"),
            ],
        )
        self.assertEqual(self.customer.email, "visited.customer@example.com")
        self.assertEqual(request.decision, "open")
        self.assertEqual(request.activity_id.user_id, self.collector)

    def test_what_is_accepted_is_corrected(self):
        request = self._ask_for(email="new@example.com", phone="+33 1 23 45 67 89")
        request.with_user(self.collector).action_accept()
        self.assertEqual(self.customer.email, "new@example.com")
        self.assertEqual(self.customer.phone, "+33 1 23 45 67 89")
        self.assertFalse(request.activity_id)

    def test_what_is_refused_stays(self):
        request = self._ask_for(email="new@example.com")
        request.with_user(self.collector).action_refuse("Call us")
        self.assertEqual(self.customer.email, "visited.customer@example.com")
        self.assertIn("Call us", self.customer.message_ids[0].body)

    def test_who_decides_second_is_told_that_a_colleague_is_at_it(self):
        request = self._ask_for(email="new@example.com")
        # As if somebody else had locked it.
        with (
            patch.object(
                type(request), "lock_for_update", side_effect=LockError("Ours")
            ),
            self.assertRaisesRegex(UserError, "colleague.*is dealing with this"),
        ):
            request.with_user(self.collector).action_accept()
        self.assertEqual(request.decision, "open")

    def test_another_person_becomes_the_dunning_contact(self):
        request = self._ask_for(contact_name="Paul Payer", email="paul@example.com")
        request.with_user(self.collector).action_accept()
        contact = self.customer.with_company(self.company).dunning_contact_id
        self.assertEqual(contact.name, "Paul Payer")
        self.assertEqual(contact.email, "paul@example.com")
        self.assertEqual(contact.parent_id, self.customer)

    def _create_contact(self, name, **values):
        return self.env["res.partner"].create(
            {"name": name, "parent_id": self.customer.id} | values
        )

    def _create_admin(self):
        """Create a contact of the customer that administers this database."""
        contact = self._create_contact("Adam Admin", email="adam@example.com")
        user = new_test_user(
            self.env(context={"no_reset_password": True}),
            "dunning_adam",
            "base.group_system",
            partner_id=contact.id,
            name=contact.name,
            email=contact.email,
        )
        return contact, user

    def _assert_not_accepted(self, request, text):
        # Only this one takes back what was written before, as a request does.
        with self.assertRaises(UserError) as refused:
            request.with_user(self.collector).action_accept()
        self.assertIn(text, str(refused.exception))
        self.assertEqual(request.decision, "open")

    def test_whoever_logs_in_keeps_the_address_though_accepted(self):
        contact, user = self._create_admin()
        for active in (False, True):
            user.active = active
            for details in (
                {"email": "evil@example.com"},
                {"phone": "+33 1 23 45 67 89"},
            ):
                with self.subTest(active=active, details=details):
                    request = self._ask_for(contact_name="Adam Admin", **details)
                    self._assert_not_accepted(request, "logs in")
                    self.assertEqual(contact.email, "adam@example.com")
                    self.assertFalse(contact.phone)
                    request.with_user(self.collector).action_refuse()

    def test_the_present_contact_who_logs_in_corrects_only_itself(self):
        contact, _user = self._create_admin()
        self.customer.with_company(self.company).dunning_contact_id = contact
        request = self._ask_for(email="evil@example.com")
        self._assert_not_accepted(request, "logs in")
        self.assertEqual(contact.email, "adam@example.com")
        request.with_user(self.collector).action_refuse()
        self.customer.with_company(self.company).dunning_contact_id = self.contact
        request = self._ask_for(email="marie.new@example.com")
        request.with_user(self.collector).action_accept()
        self.assertEqual(self.contact.email, "marie.new@example.com")

    def test_whoever_logs_in_is_chosen_as_it_is(self):
        contact, _user = self._create_admin()
        request = self._ask_for(contact_name="Adam Admin")
        request.with_user(self.collector).action_accept()
        own = self.customer.with_company(self.company)
        self.assertEqual(own.dunning_contact_id, contact)
        self.assertEqual(contact.email, "adam@example.com")

    def test_a_namesake_keeps_what_nobody_has_compared(self):
        paul = self._create_contact("Paul Payer", email="paul@example.com")
        request = self._ask_for(contact_name="Paul Payer", email="new@example.com")
        request.with_user(self.collector).action_accept()
        contact = self.customer.with_company(self.company).dunning_contact_id
        self.assertEqual(paul.email, "paul@example.com")
        self.assertNotEqual(contact, paul)
        self.assertEqual(contact.name, "Paul Payer")
        self.assertEqual(contact.email, "new@example.com")

    def test_what_a_chosen_contact_lacks_is_filled_in(self):
        paul = self._create_contact("Paul Payer", email="paul@example.com")
        request = self._ask_for(contact_name="Paul Payer", phone="+33 1 23 45 67 89")
        request.with_user(self.collector).action_accept()
        contact = self.customer.with_company(self.company).dunning_contact_id
        self.assertEqual(contact, paul)
        self.assertEqual(paul.phone, "+33 1 23 45 67 89")

    def test_contacts_of_another_company_are_not_chosen(self):
        foreign = self.env["res.company"].sudo().create({"name": "Foreign"})
        paul = self._create_contact("Paul Payer", email="paul@example.com")
        paul.sudo().company_id = foreign
        request = self._ask_for(
            contact_name="Paul Payer", second_email="paul@example.com"
        )
        request.with_user(self.collector).action_accept()
        own = self.customer.with_company(self.company)
        self.assertEqual(own.dunning_contact_id.name, "Paul Payer")
        self.assertNotIn(paul, own.dunning_contact_id | own.dunning_second_contact_id)

    def test_what_has_changed_since_is_not_overwritten(self):
        request = self._ask_for(email="new@example.com")
        self.customer.email = "corrected@example.com"
        self._assert_not_accepted(request, "changed since")
        self.assertEqual(self.customer.email, "corrected@example.com")

    def test_a_second_recipient_is_written_to_as_well(self):
        request = self._ask_for(second_email="second@example.com")
        request.with_user(self.collector).action_accept()
        self.company._dunning_run(self.day)
        [action] = self.env["dunning.action"].search(
            [("partner_id", "=", self.customer.id)]
        )
        self.assertEqual(
            set(action.recipient_ids.mapped("email")),
            {"visited.customer@example.com", "second@example.com"},
        )
        request = self._ask_for(second_email="")
        request.with_user(self.collector).action_accept()
        action.invalidate_recordset()
        self.assertEqual(len(action.recipient_ids), 1)

    def test_what_is_wrong_is_said_of_its_field(self):
        for field, details in (
            ("email", {"email": "no address"}),
            ("email", {"email": "accounts@delorme"}),
            ("second_email", {"second_email": "a b"}),
            # What is read in a list is not where e-mails would go.
            ("email", {"email": "paul@delorme.example <thief@example.com>"}),
            ("email", {"email": "Paul\r\nBcc: thief@example.com"}),
            ("second_email", {"second_email": "Accounts <thief@example.com>"}),
            ("contact_name", {"email": "visited.customer@example.com"}),
            ("contact_name", {"email": ""}),
        ):
            with self.subTest(details):
                problems = self._get_problems("details", {"details": details})
                self.assertEqual(set(problems), {field})

    def test_a_line_is_as_long_as_a_name_may_be(self):
        for length, problems in (
            (MAX_LINE, {}),
            (MAX_LINE + 1, {"contact_name": "This is too long."}),
        ):
            for name in ("contact_name", "phone"):
                asked = {"details": {name: "1" * length}}
                self.assertEqual(self._get_problems("details", asked), problems)

    def test_where_nobody_looks_after_the_customer_nobody_is_told(self):
        request = self._ask_for(email="new@example.com")
        request.activity_id = False
        before = self.customer.activity_ids
        with patch.object(type(request), "responsible_id", self.env["res.users"]):
            request._tell_responsible()
        self.assertFalse(request.activity_id)
        self.assertEqual(self.customer.activity_ids, before)
        request._tell_responsible()
        self.assertEqual(request.activity_id.user_id, self.collector)

    def test_the_same_correction_is_asked_for_once(self):
        payload = {"details": {"email": "new@example.com"}}
        request = self._ask("details", payload)
        problems = self._get_problems("details", payload)
        self.assertIn("already", problems["contact_name"])
        other = {"details": {"email": "other@example.com"}}
        self.assertFalse(self._get_problems("details", other))
        request.with_user(self.collector).action_refuse("Please call us")
        self.assertFalse(self._get_problems("details", payload))

    def test_an_address_that_does_not_work_is_asked_for(self):
        self.company._dunning_run(self.day)
        [action] = self.env["dunning.action"].search(
            [("partner_id", "=", self.customer.id)]
        )
        with self.mock_mail_gateway():
            action.action_execute()
        base = self._log_in()
        self.assertNotIn('name="lost_address"', self.url_open(base).text)
        # What becomes of an e-mail is written by the system.
        recipients_sudo = action.sending_ids.recipient_ids.sudo()
        recipients_sudo.write({"state": "bounced"})
        for path in (base, f"{base}/details"):
            self.assertIn('name="lost_address"', self.url_open(path).text)

    def test_an_address_is_asked_for_by_the_company_it_does_not_work_for(self):
        self.company._dunning_run(self.day)
        actions = self.env["dunning.action"].search(
            [("partner_id", "=", self.customer.id)]
        )
        with self.mock_mail_gateway():
            actions.action_execute()
        # What becomes of an e-mail is written by the system.
        recipients_sudo = actions.sending_ids.recipient_ids.sudo()
        recipients_sudo.write({"state": "bounced"})
        other = self.env["res.company"].create({"name": "Other Company"})
        self.assertTrue(self.customer._dunning_get_lost_address())
        customer = self.customer.with_company(other)
        self.assertFalse(customer._dunning_get_lost_address())

    def test_a_visitor_corrects_by_the_form(self):
        base = self._log_in()
        answer = self._fill(
            f"{base}/details",
            contact_name="Visited Customer",
            email="new@example.com",
            phone="",
            second_email="",
        )
        self.assertIn("correct our records", answer.text)
        [change] = self._get_requests("details").change_ids
        self.assertEqual((change.name, change.new), ("email", "new@example.com"))

    def test_whoever_reads_what_stands_in_a_line_sees_all_of_it(self):
        base = self._log_in()
        self._fill(
            f"{base}/details",
            contact_name="Paul\x01\r\n\r\n\u202ePayer\x7f\u2066 & Co\u2028",
            email="visited.customer@example.com",
            phone="",
            second_email="",
        )
        [change] = self._get_requests("details").change_ids
        self.assertEqual(change.new, "Paul Payer & Co")

    def test_an_address_that_is_known_may_stay_however_it_is_written(self):
        self.customer.email = "Accounts <visited.customer@example.com>"
        details = {"email": self.customer.email, "phone": "+33 1 23 45 67 89"}
        self.assertFalse(self._get_problems("details", {"details": details}))

    # ------------------------------------------------------------------
    # STATEMENTS
    # ------------------------------------------------------------------

    def test_a_visitor_chooses_statements_or_none(self):
        self.company.dunning_statement_scope = "all"
        base = self._log_in()
        for frequency in ("quarterly", "never"):
            shown = self.url_open(f"{base}/details").text
            self.assertIn('name="frequency"', shown)
            answer = self._fill(
                f"{base}/statements", frequency=frequency, once=frequency
            )
            self.assertIn("noted it", answer.text)
            self.env.invalidate_all()
            own = self.customer.with_company(self.company)
            self.assertEqual(own.dunning_statement, frequency)
        self.assertFalse(own._dunning_get_statement_frequency())
        self.assertFalse(self.customer.activity_ids)

    def test_what_is_no_frequency_is_refused(self):
        self.company.dunning_statement_scope = "all"
        base = self._log_in()
        answer = self._fill(f"{base}/statements", frequency="hourly")
        self.assertEqual(answer.status_code, 422)
        self.assertIn('id="problem_frequency"', answer.text)
