from lxml import etree

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tests import tagged
from odoo.tools.safe_eval import safe_eval

from ..send.test_channels import ChannelCommon
from ..web_client import Undone, WebForm
from .test_letter import ADDRESS

VIEWS = ("view_action_form", "view_action_registered_list")


@tagged("post_install", "-at_install")
class TestRegisteredLetter(ChannelCommon):
    """What the post office tells comes after the letter, and is added to it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.country_id = cls.env.ref("base.fr")

    def setUp(self):
        super().setUp()
        _invoice, action = self._plan_action(channel="registered")
        self.action = action.with_user(self.collector)

    def _post(self):
        self.action.action_execute()
        self.assertEqual(self.action.state, "done")

    def test_the_tracking_number_is_added_after_the_letter_has_left(self):
        self._post()
        self.action.tracking_number = "1a 234 567 8901 2"
        self.assertEqual(self.action.tracking_number, "1A23456789012")
        self.assertEqual(
            self.action.tracking_url,
            "https://www.laposte.fr/outils/suivre-vos-envois?code=1A23456789012",
        )

    def test_it_may_be_noted_before_the_letter_is_marked_as_done(self):
        self.action.tracking_number = "1A23456789012"
        self._post()
        self.assertEqual(self.action.tracking_number, "1A23456789012")

    def test_the_post_of_another_country_is_not_that_of_france(self):
        self.company.country_id = self.env.ref("base.be")
        self._post()
        self.action.tracking_number = "1A23456789012"
        self.assertFalse(self.action.tracking_url)

    def test_the_acknowledgement_closes_the_letter(self):
        self._post()
        self.action.tracking_number = "1A23456789012"
        self._go_to(4)
        self.action.date_acknowledged = self._day(3)
        for vals in (
            {"tracking_number": "OTHER"},
            {"date_acknowledged": self._day(4)},
            {"date_acknowledged": False},
            {"returned": "unclaimed"},
        ):
            with self.assertRaises(UserError):
                self.action.write(vals)
        self.assertEqual(self.action.date_acknowledged, self._day(3))

    def test_a_returned_letter_is_closed_too(self):
        self._post()
        self.action.returned = "unclaimed"
        with self.assertRaises(UserError):
            self.action.date_acknowledged = self.today

    def test_the_collector_finds_out_the_address_of_who_is_unknown_there(self):
        self._post()
        self.action.returned = "unknown"
        activity = self.action.partner_id.activity_ids
        self.assertEqual(activity.user_id, self.action.user_id)
        self.assertIn(self.action.title, activity.summary)
        self.assertIn("unknown at this address", activity.summary)

    def test_what_came_back_is_sent_again_with_its_text_about_what_is_open(self):
        level_sudo = self.action.sudo().level_id
        level_sudo.write(
            {
                "tone": "formal",
                "deadline_days": 8,
                "letter_template_id": self.env.ref(
                    "account_dunning.letter_template_formal_notice"
                ).id,
            }
        )
        self.company.write(ADDRESS)
        self._post()
        self.action.returned = "unknown"
        customer = self.action.partner_id
        self.assertIn("Send Again", customer.activity_ids.note)
        customer.street = "2 avenue du Port"
        opened = self.action.action_send_again()
        again = self.action.again_ids
        self.assertEqual(opened["res_id"], again.id)
        self.assertRecordValues(
            again,
            [
                {
                    "state": "todo",
                    "channel": "registered",
                    "level_id": self.action.level_id.id,
                    "amount": self.action.amount,
                    "user_id": self.collector.id,
                    "date": self.today,
                }
            ],
        )
        self.assertFalse(customer.activity_ids)
        self.assertEqual(self.action.action_send_again()["res_id"], again.id)
        # It is no second notice, to which the text would only refer.
        again.action_print()
        self.assertEqual((again.state, again.failure), ("done", False))
        self.assertEqual(again._get_content_lines().move_line_id, self._get_told())
        self.assertTrue(again.date_deadline)
        # Not by who has the form of before open either.
        with self.assertRaisesRegex(UserError, "sent again already"):
            self.action.action_send_again()
        again.date_acknowledged = self.today

    def test_what_came_back_is_sent_again_about_its_own_items_alone(self):
        self._post()
        self.action.returned = "unclaimed"
        other = self._create_invoice(due=-6, amount=70)
        self.action.action_send_again()
        again = self.action.again_ids
        self.assertEqual(again.amount, self.action.amount)
        self._create_invoice(due=-6, amount=30)
        again._refresh()
        self.assertEqual(again.line_ids.move_line_id, self._get_told())
        self.assertNotIn(other, again.line_ids.move_line_id.move_id)

    def test_what_was_to_be_sent_again_and_skipped_can_be_sent_again_all_the_same(self):
        self._post()
        self.action.returned = "unclaimed"
        self.action.action_send_again()
        self.assertTrue(self.action.is_sent_again)
        self.action.again_ids.action_skip("Not today")
        self.assertFalse(self.action.is_sent_again)
        self.action.action_send_again()
        self.assertEqual(len(self.action.again_ids), 2)

    def test_who_sends_again_to_where_nobody_is_known_is_told(self):
        self._post()
        self.action.returned = "unknown"
        self.action.action_send_again()
        again = self.action.again_ids
        self.assertTrue(again.is_unknown_address)
        self.assertTrue(self.action.partner_id.activity_ids)
        self.action.partner_id.street = "2 avenue du Port"
        again.invalidate_recordset()
        self.assertFalse(again.is_unknown_address)
        self.action.action_send_again()
        self.assertFalse(self.action.partner_id.activity_ids)

    def test_an_address_that_is_corrected_before_it_is_printed_is_found_out(self):
        self.company.write(ADDRESS)
        self._post()
        self.action.returned = "unknown"
        self.action.action_send_again()
        again = self.action.again_ids
        self.action.partner_id.street = "2 avenue du Port"
        again.action_print()
        self.assertEqual(again.state, "done")
        self.assertFalse(self.action.partner_id.activity_ids)

    def test_what_came_back_stays_in_the_list_until_it_is_sent_again(self):
        self._post()
        self.action.returned = "refused"
        self.assertIn(self.action, self._get_listed())
        self.action.action_send_again()
        self.assertNotIn(self.action, self._get_listed())

    def test_what_came_back_and_is_paid_leaves_the_list(self):
        self._post()
        self.action.returned = "refused"
        self._pay(self._get_told().move_id)
        self.assertNotIn(self.action, self._get_listed())

    def _get_listed(self):
        """Return the letters that the window lists as it opens."""
        self.env.invalidate_all()
        window = self.env.ref("account_dunning.action_registered")
        defaults = {
            name.removeprefix("search_default_")
            for name in safe_eval(window.context)
            if name.startswith("search_default_")
        }
        filters = etree.fromstring(window.search_view_id.arch).iter("filter")
        chosen = [
            Domain(safe_eval(each.get("domain")))
            for each in filters
            if each.get("name") in defaults
        ]
        self.assertEqual(len(chosen), len(defaults))
        letters = self.action.browse()
        return letters.search(Domain(safe_eval(window.domain)) & Domain.OR(chosen))

    def _get_told(self):
        return self.action._get_content_lines().move_line_id

    def test_what_another_company_has_to_find_out_goes_on(self):
        self._post()
        self.action.returned = "unknown"
        activity_sudo = self.action.partner_id.sudo().activity_ids
        theirs_sudo = activity_sudo.copy({"dunning_company_id": False})
        theirs_sudo.dunning_company_id = self._create_second_company()
        self.action.partner_id.street = "2 avenue du Port"
        self.action.action_send_again()
        self.assertFalse(activity_sudo.exists().filtered("active"))
        self.assertTrue(theirs_sudo.exists().active)

    def test_what_came_back_is_not_sent_again_for_nothing(self):
        self._post()
        self.action.returned = "refused"
        self._create_hold(self._get_told(), date_end=5)
        with self.assertRaisesRegex(UserError, "owes nothing.*(?s:.)*Hold until"):
            self.action.action_send_again()

    def test_what_has_not_come_back_is_not_sent_again(self):
        with self.assertRaisesRegex(UserError, "came back"):
            self.action.action_send_again()
        self._post()
        with self.assertRaisesRegex(UserError, "came back"):
            self.action.action_send_again()

    def test_the_form_leads_from_what_came_back_to_what_is_sent_again(self):
        self._post()
        form = WebForm(self.action, "account_dunning.view_action_form")
        form.fill({"returned": "refused"}).save()
        self.action.action_send_again()
        opened = self.action.action_open_again()
        self.assertEqual(opened["res_id"], self.action.again_ids.id)

    def test_who_has_not_claimed_a_letter_lives_there_all_the_same(self):
        self._post()
        self.action.returned = "unclaimed"
        self.assertFalse(self.action.partner_id.activity_ids)

    def test_what_the_post_office_tells_is_entered_in_the_form_and_in_the_list(self):
        for view in VIEWS:
            for told in ({"returned": "unknown"}, {"date_acknowledged": self.today}):
                with self.subTest(view=view, told=told), Undone(self.env):
                    self._post()
                    form = WebForm(self.action, f"account_dunning.{view}")
                    form.tracking_number = "1A23456789012"
                    form.fill(told).save()
                    self.assertEqual(self.action.tracking_number, "1A23456789012")
                    self.assertRecordValues(self.action, [told])
                    again = WebForm(self.action, f"account_dunning.{view}")
                    self.assertFalse(again.can_edit("tracking_number"))

    def test_it_cannot_be_both_acknowledged_and_returned(self):
        self._post()
        with self.assertRaisesRegex(ValidationError, "not both"):
            self.action.write({"date_acknowledged": self.today, "returned": "unknown"})

    def test_it_is_not_acknowledged_before_it_left_nor_in_the_future(self):
        self._post()
        for day in (-1, 1):
            self.env.invalidate_all(flush=False)
            with self.assertRaisesRegex(ValidationError, "before it left"):
                self.action.date_acknowledged = self._day(day)

    def test_it_is_not_acknowledged_before_it_is_done(self):
        with self.assertRaisesRegex(ValidationError, "Mark the letter as done"):
            self.action.date_acknowledged = self.today

    def test_a_tracking_number_has_letters_and_digits(self):
        with self.assertRaisesRegex(ValidationError, "not a tracking number"):
            self.action.tracking_number = "1A?code=2"

    def test_nothing_else_of_what_was_done_can_be_changed_with_it(self):
        self._post()
        with self.assertRaises(UserError):
            self.action.write({"tracking_number": "1A2", "note": "Forged"})
        with self.assertRaises(UserError):
            self.action.write({"tracking_number": "1A2", "date_done": self._day(-1)})

    def test_an_email_has_no_tracking_number(self):
        customer = self._create_customer("By E-mail")
        _invoice, action = self._plan_action(customer, channel="email")
        self._execute(action)
        with self.assertRaises(UserError):
            action.with_user(self.collector).tracking_number = "1A23456789012"

    def test_it_is_kept_in_the_history_of_the_action(self):
        self._post()
        # What was done before belongs to another transaction in life.
        self.env.flush_all()
        self.cr.precommit.clear()
        action = self.action.with_env(self.env(user=self.collector, context={}))
        action.tracking_number = "1A23456789012"
        self.env.flush_all()
        self.cr.flush()
        values = self.env["mail.tracking.value"].sudo()
        tracked = values.search([("new_value_char", "=", "1A23456789012")])
        self.assertEqual(tracked.mail_message_id.res_id, self.action.id)

    def test_those_without_acknowledgement_are_found(self):
        domain = [
            ("channel", "=", "registered"),
            ("state", "=", "done"),
            ("date_acknowledged", "=", False),
            ("returned", "=", False),
        ]
        self.assertNotIn(self.action, self.action.search(domain))
        self._post()
        self.assertIn(self.action, self.action.search(domain))
        self.action.returned = "refused"
        self.assertNotIn(self.action, self.action.search(domain))
