from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import Form, tagged
from odoo.tools import html2plaintext

from .test_approval import ApprovalCommon


@tagged("post_install", "-at_install")
class TestEditedText(ApprovalCommon):
    """A text edited for one action goes out as it is, or comes back."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # The link to the customer's page is no part of the text.
        cls.company.dunning_portal_days = 0

    def test_the_edited_text_begins_with_what_would_go_out(self):
        _invoice, action = self._plan_to_validate()
        dialog = Form(
            self.env["dunning.action.edit"]
            .with_user(self.collector)
            .with_context(default_action_id=action.id)
        )
        self.assertEqual(dialog.subject, "Relance pour Customer")
        self.assertIn("You owe 100", dialog.body)

    def test_what_stands_around_the_text_is_not_edited_and_stands_there_once(self):
        self.company.dunning_portal_days = 30
        _invoice, action = self._plan_to_validate()
        dialog = Form(
            self.env["dunning.action.edit"]
            .with_user(self.collector)
            .with_context(default_action_id=action.id)
        )
        dialog.subject = "My Subject"
        dialog.save().action_apply()
        action.action_validate()
        self._cron_execute()
        # Collectors read no queue of e-mails.
        mail_sudo = action.sudo().mail_id
        sent = mail_sudo.body_html
        self.assertEqual(sent.count("/dunning/"), 1)
        self.assertNotIn("***", sent)
        self.assertLessEqual(sent.count("logo.png"), 1)

    def test_the_edited_text_is_shown_and_goes_out(self):
        _invoice, action = self._plan_to_validate()
        self._edit(action)
        self.assertTrue(action.is_customized)
        self.assertEqual(self._shown(action).get("subject"), "My Subject")
        self.assertIn("My words", self._shown(action).get("body"))
        action.action_validate()
        self._cron_execute()
        self.assertEqual(action.state, "done")
        mail = action.sudo().mail_id
        self.assertEqual(mail.subject, "My Subject")
        self.assertEqual(html2plaintext(mail.body_html), "My words")

    def test_the_edited_text_is_this_action_s_alone(self):
        other = self._create_customer("Other")
        self._create_invoice(other, due=-5)
        self._create_invoice(due=-5)
        actions = self._run().action_ids
        self._edit(actions[0])
        self.assertNotIn("My words", self._shown(actions[1]).get("body"))
        self._execute(actions)
        self.assertEqual(
            [html2plaintext(mail.body_html) for mail in actions.mail_id],
            ["My words", "You owe 100.0"],
        )

    def test_the_edited_text_is_no_template(self):
        _invoice, action = self._plan_to_validate()
        self._edit(
            action,
            subject="{{ object.company_id.name }}",
            body='<p>{{ 6 * 7 }} <t t-out="object.partner_id.name"/></p>'
            "<script>x</script>",
        )
        action.action_execute()
        mail = action.sudo().mail_id
        self.assertEqual(mail.subject, "{{ object.company_id.name }}")
        self.assertEqual(html2plaintext(mail.body_html), "{{ 6 * 7 }}")
        self.assertNotIn("t-out", mail.body_html)
        self.assertNotIn("script", mail.body_html)

    def test_an_empty_text_is_refused(self):
        _invoice, action = self._plan_to_validate()
        with self.assertRaisesRegex(UserError, "empty"):
            self._edit(action, body="<p><br></p>")

    def test_the_text_of_the_template_comes_back(self):
        _invoice, action = self._plan_to_validate()
        self._edit(action)
        action.action_restore_text()
        self.assertFalse(action.is_customized)
        self.assertIn("You owe 100", self._shown(action).get("body"))

    def test_i3_an_edited_text_comes_back_when_the_customer_pays_a_part(self):
        """I3, I7: what was approved for one amount does not go out for another."""
        invoice, action = self._plan_to_validate()
        self._edit(action)
        action.action_validate()
        self._pay(invoice, 40)
        self.assertEqual(action.state, "to_validate")
        self.assertIn("amounts have changed", action.custom_stale)
        self._cron_execute()
        self.assertEqual(action.state, "to_validate")
        self.assertFalse(action.sudo().mail_id)
        self.assertIn(
            "amounts have changed", html2plaintext(action.message_ids[0].body)
        )

    def test_a_text_out_of_date_is_not_shown_as_what_goes_out(self):
        invoice, action = self._plan_to_validate()
        self._edit(action)
        self._pay(invoice, 40)
        self.assertIn("You owe 60", self._shown(action).get("body"))

    def test_a_text_out_of_date_cannot_be_validated_nor_sent(self):
        invoice, action = self._plan_to_validate()
        self._edit(action)
        self._pay(invoice, 40)
        with self.assertRaisesRegex(UserError, "out of date"):
            action.action_validate()
        action.action_execute()
        self.assertEqual(action.state, "to_validate")
        self.assertFalse(action.sudo().mail_id)

    def test_a_text_out_of_date_is_edited_again_with_the_figures_of_today(self):
        invoice, action = self._plan_to_validate()
        self._edit(action, body="<p>You still owe 100</p>")
        self._pay(invoice, 40)
        dialog = Form(
            self.env["dunning.action.edit"]
            .with_user(self.collector)
            .with_context(default_action_id=action.id)
        )
        self.assertIn("You owe 60", dialog.body)
        self.assertIn("You still owe 100", dialog.former_body)
        dialog.body = "<p>You still owe 60</p>"
        dialog.save().action_apply()
        self.assertFalse(action.custom_stale)
        action.action_validate()
        self._cron_execute()
        self.assertIn("still owe 60", action.sudo().mail_id.body_html)

    def test_a_payment_that_bounces_makes_the_edited_text_right_again(self):
        invoice, action = self._plan_to_validate()
        self._edit(action)
        payment = self._pay(invoice, 40)
        self.assertTrue(action.custom_stale)
        payment.move_id.line_ids.remove_move_reconcile()
        payment.action_draft()
        self.assertFalse(action.custom_stale)
        action.action_validate()

    def test_a_new_overdue_item_sends_the_edited_text_back(self):
        self._create_invoice(due=1, amount=70)
        _invoice, action = self._plan_to_validate()
        action.action_postpone(self._day(2), "Later")
        self._edit(action)
        action.action_validate()
        self._create_invoice(due=-9, amount=30)
        self._go_to(2)
        self._cron_execute()
        self.assertEqual(action.state, "to_validate")
        self.assertIn("items it lists", action.custom_stale)

    def test_a_text_edited_for_another_day_comes_back(self):
        _invoice, action = self._plan_to_validate()
        self._edit(action)
        self._go_to(1)
        action.action_refresh()
        self.assertIn("another day", action.custom_stale)

    # ------------------------------------------------------------------
    # ON A DAY OFF
    # ------------------------------------------------------------------

    def _wait_for_saturday(self):
        """Return an action that has waited for its approval until Saturday."""
        _invoice, action = self._plan_to_validate()
        self._go_to(5)
        return action

    def test_what_is_edited_and_validated_on_a_day_off_leaves_on_the_next_working_day(
        self,
    ):
        action = self._wait_for_saturday()
        self._edit(action)
        action.action_validate()
        self._cron_execute()
        self.assertEqual((action.state, action.date), ("todo", self._day(7)))
        self._go_to(7)
        self._cron_execute()
        self.assertFalse(action.custom_stale)
        self.assertEqual(action.state, "done")
        self.assertEqual(action.sudo().mail_id.subject, "My Subject")

    def test_a_text_is_begun_on_a_day_off_with_the_figures_of_the_day_it_leaves(self):
        self.mail_template.body_html = (
            '<p>On <t t-out="object.date_text"/>: <t t-out="object.items_table"/></p>'
        )
        self.customer.lang = "en_US"
        action = self._wait_for_saturday()
        window = action.action_edit_text()
        dialog = self.env["dunning.action.edit"].with_user(self.collector)
        body = Form(dialog.with_context(**window["context"])).body
        self.assertIn("March 9, 2026", html2plaintext(body))
        self.assertEqual(action.days_late, 12)

    def test_a_text_written_before_a_day_off_comes_back_after_it(self):
        _invoice, action = self._plan_to_validate()
        self._go_to(4)
        self._edit(action)
        self._go_to(5)
        action.action_validate()
        self._cron_execute()
        self.assertIn("another day", action.custom_stale)

    def test_a_letter_to_print_is_edited_for_the_day_on_which_it_is_edited(self):
        self.customer.write({"street": "1 quai", "zip": "69002", "city": "Lyon"})
        _invoice, action = self._plan_to_validate(channel="letter")
        self._go_to(5)
        self._edit(action)
        self.assertEqual(action.custom_basis["day"], "2026-03-07")

    def test_a_text_for_another_contact_comes_back(self):
        _invoice, action = self._plan_to_validate()
        self._edit(action)
        action.action_validate()
        self.customer.dunning_contact_id = self._create_customer(
            "Claire", parent_id=self.customer.id
        )
        self._cron_execute()
        self.assertEqual(action.state, "to_validate")
        self.assertIn("another contact", action.custom_stale)

    def test_why_an_edited_text_no_longer_fits_is_told(self):
        _invoice, action = self._plan_to_validate()
        self._edit(action)
        basis = action._get_text_basis()
        self.assertIsNone(action._get_stale_reason())
        [[item, *amounts]] = basis["amounts"]
        for changed, told in (
            ({"channel": "letter", "level": 0}, "It goes out on another channel."),
            ({"level": 0, "contact": 0}, "The action has come to another level."),
            ({"amounts": [], "contact": 0}, "The items it lists have changed."),
            ({"contact": 0, "day": "x"}, "It goes to another contact."),
            ({"day": "x"}, "It was written for another day: days late and"),
            ({"amounts": [[item, *amounts, 1]]}, "The amounts have changed."),
        ):
            with patch.object(
                type(action), "_get_text_basis", lambda _self, c=changed: basis | c
            ):
                self.assertTrue(action._get_stale_reason().startswith(told), told)

    def test_others_of_the_batch_are_sent_when_a_text_is_out_of_date(self):
        other = self._create_customer("Other")
        self._create_invoice(other, due=-5)
        invoice = self._create_invoice(due=-5)
        actions = self._run().action_ids
        self._edit(actions.filtered(lambda a: a.partner_id == self.customer))
        self._pay(invoice, 40)
        self._execute(actions)
        self.assertEqual(
            {action.partner_id: action.state for action in actions},
            {self.customer: "to_validate", other: "done"},
        )

    def test_i5_the_text_of_what_is_done_cannot_be_edited(self):
        _invoice, action = self._plan_to_validate()
        action.action_execute()
        for method in (action.action_edit_text, action.action_restore_text):
            with self.assertRaisesRegex(UserError, "already done"):
                method()

    def test_nobody_writes_an_edited_text_past_its_check(self):
        _invoice, action = self._plan_to_validate()
        for name in ("custom_subject", "custom_body", "custom_basis", "custom_stale"):
            with self.assertRaises(UserError):
                action.write({name: "x"})

    def test_a_call_has_no_text_to_edit(self):
        _invoice, action = self._plan_to_validate(channel="call")
        with self.assertRaisesRegex(UserError, "Nothing is written"):
            action.action_edit_text()
