from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ..web_client import WebForm
from .test_call_outcome import CallCommon

VIEW = "account_dunning.view_call_outcome_promise"


@tagged("post_install", "-at_install")
class TestCallConfirmation(CallCommon):
    """The text that confirms what was agreed is asked for by the screen."""

    def setUp(self):
        super().setUp()
        self.customer.lang = "en_US"
        window = self.call.action_open_outcome("promise")
        dialogs = self.call.env["dunning.call.outcome"]
        self.dialogs = dialogs.with_context(**window["context"])
        self.agreed = {
            "action_id": self.call.id,
            "outcome": "promise",
            "all_items": True,
            "currency_id": self.company.currency_id.id,
            "amount": 300,
            "date": str(self._day(8)),
            "count": 1,
        }

    def test_no_compute_of_the_dialog_renders_the_confirmation(self):
        refusal = patch.object(
            self.registry["dunning.action"],
            "_render_call_mail",
            side_effect=AssertionError("rendered"),
        )
        with refusal:
            form = WebForm(self.dialogs, view=VIEW)
            form.confirm = True
            form.amount = 300
            dialog = form.save_everything()
            self.dialogs.create({"confirm": True})
        self.assertFalse(dialog.confirm_body)

    def test_the_confirmation_says_what_the_dialog_holds_before_it_is_saved(self):
        shown = self.dialogs.get_confirmation(self.agreed)
        self.assertFalse(shown["problem"])
        self.assertTrue(shown["subject"])
        self.assertIn("300.00", shown["body"])
        shown = self.dialogs.get_confirmation(self.agreed | {"amount": 400})
        self.assertIn("400.00", shown["body"])
        self.assertNotIn("300.00", shown["body"])

    def test_the_confirmation_shows_the_schedule_of_a_new_plan(self):
        plan = {
            "count": 2,
            "schedule_ids": [
                [0, "virtual_1", {"date": str(self._day(8)), "amount": 100}],
                [0, "virtual_2", {"date": str(self._day(38)), "amount": 200}],
            ],
        }
        shown = self.dialogs.get_confirmation(self.agreed | plan)
        self.assertIn("100.00", shown["body"])
        self.assertIn("200.00", shown["body"])

    def test_the_confirmation_of_one_payment_shows_nothing_of_a_plan_given_up(self):
        line = {"date": str(self._day(38)), "amount": 100}
        given_up = {"schedule_ids": [[0, "virtual_1", line]]}
        shown = self.dialogs.get_confirmation(self.agreed | given_up)
        self.assertIn("300.00", shown["body"])
        self.assertNotIn("100.00", shown["body"])

    def test_who_has_paid_is_asked_for_what_tells_the_payment(self):
        paid = self._ref("reason_already_paid")
        told = {"action_id": self.call.id, "outcome": "other", "reason_id": paid.id}
        shown = self.dialogs.get_confirmation(told | {"next_date": str(self._day(7))})
        self._answer("other", reason_id=paid.id, next_date=self._day(7), confirm=True)
        for text in (shown["body"], self._get_mails().body_html):
            self.assertRegex(text, f"you have already paid: .*{self.old.name}")
            self.assertIn("its date, its amount and its reference", text)
            self.assertNotIn("call you again", text)
            self.assertNotIn("We have talked", text)

    def test_who_gives_another_reason_is_called_again(self):
        other = self._ref("reason_bank_details")
        self._answer("other", reason_id=other.id, next_date=self._day(7), confirm=True)
        text = self._get_mails().body_html
        self.assertIn("We will call you again on", text)
        self.assertNotIn("paid", text)

    def test_asking_for_the_confirmation_writes_nothing(self):
        dialog = self.dialogs.create({"confirm": True})
        dialog.get_confirmation({"amount": 300})
        self.env.invalidate_all()
        self.assertEqual(dialog.amount, 1500)
        self.assertFalse(dialog.confirm_body)
        self.assertEqual(self.call.state, "todo")

    def test_what_is_no_field_of_the_agreement_is_passed_over(self):
        odd = {"confirm_body": "<p>Mine</p>", "nothing": 1, "create_uid": 1}
        self.assertIn(
            "300.00", self.dialogs.get_confirmation(self.agreed | odd)["body"]
        )

    def test_only_who_may_record_the_call_sees_its_confirmation(self):
        outside = self._create_company_outside()
        group = "account_dunning.group_dunning_collector"
        strangers = (
            new_test_user(self.env, "reader", "account_dunning.group_dunning_readonly"),
            new_test_user(
                self.env,
                "stranger",
                group,
                company_id=outside.id,
                company_ids=[(6, 0, outside.ids)],
            ),
        )
        for user in strangers:
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.env["dunning.call.outcome"].with_user(user).with_context(
                    allowed_company_ids=user.company_id.ids
                ).get_confirmation(self.agreed)

    def _create_company_outside(self):
        return self.env["res.company"].create({"name": "Outside"})

    def test_a_text_that_cannot_be_made_is_told_and_loses_nothing(self):
        with patch.object(
            self.registry["dunning.action"],
            "_render_call_mail",
            side_effect=UserError("Correct the text"),
        ):
            shown = self.dialogs.get_confirmation(self.agreed)
        self.assertEqual(shown["problem"], "Correct the text")
        self.assertFalse(shown["body"])
        self._answer("promise", date=self._day(8), amount=300)
        self.assertEqual(self.call.state, "done")
