from unittest.mock import patch

from requests import exceptions
from urllib3.exceptions import MaxRetryError, NewConnectionError, ProtocolError

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import new_test_user, tagged

from odoo.addons.snailmail.models import snailmail_letter

from ..send.test_channels import ADDRESS, ChannelCommon


class PostCommon(ChannelCommon):
    """A company that has its letters posted by Odoo's service."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.dunning_post_letters = True
        cls.customer.country_id = cls.env.ref("base.fr")

    def _plan_letter(self, **level):
        text = self.env.ref("account_dunning.letter_template_courteous")
        _invoice, action = self._plan_action(
            channel="letter", letter_template_id=text.id, **level
        )
        return action

    def _post(self):
        """Return an action whose letter was handed to the service, and the letter."""
        action = self._plan_letter()
        self._cron_execute()
        letter = self.env["snailmail.letter"].search(
            [("res_id", "=", self.customer.id), ("model", "=", "res.partner")]
        )
        return action, letter


@tagged("post_install", "-at_install")
class TestPost(PostCommon):
    """Letters are posted by Odoo's service for companies that have chosen so."""

    def test_a_letter_is_automatic_only_where_it_is_posted(self):
        self.assertEqual(self._plan_letter().execution, "automatic")
        self.company.dunning_post_letters = False
        other = self._create_customer("Other")
        self._create_invoice(other, due=-5)
        self._run()
        self.assertEqual(self._actions(other).execution, "manual")

    def test_that_letters_are_posted_is_known_to_who_may_not_read_the_setting(self):
        accountant = self._create_user("accountant", "group_dunning_readonly")
        accountant.group_ids = self.env.ref("account.group_account_invoice")
        channels = self.env["dunning.channel"].with_user(accountant)
        company = self.company.with_user(accountant)
        with self.assertRaises(AccessError):
            company.read(["dunning_post_letters"])
        self.assertIn("letter", channels._get_sendable(company))

    def test_a_registered_letter_is_never_posted_by_the_service(self):
        _invoice, action = self._plan_action(channel="registered")
        self.assertEqual(action.execution, "manual")

    def test_a_posted_letter_is_the_one_that_is_kept(self):
        action, letter = self._post()
        self.assertEqual(action.state, "done")
        self.assertEqual(letter.attachment_id, action.letter_id)
        self.assertEqual(letter.partner_id, self.customer)
        self.assertEqual(letter.state, "pending")
        self.assertTrue(action.letter_id.raw.startswith(b"%PDF"))

    def test_a_letter_that_cannot_be_posted_fails_its_action(self):
        action, letter = self._post()
        letter._snailmail_print_invalid_address()
        self.assertEqual(action.state, "failed")
        self.assertIn("could not be posted", action.failure)
        self.assertEqual(letter.state, "canceled")
        self.assertFalse(self._reached(action.line_ids.move_id))

    def test_of_several_letters_only_the_one_that_cannot_be_posted_fails(self):
        action, letter = self._post()
        other = self._create_customer(
            "Other", country_id=self.env.ref("base.fr").id, **ADDRESS
        )
        self._create_invoice(other, due=-5)
        self._run()
        self._cron_execute()
        letter._snailmail_print_invalid_address()
        states = (action | self._actions(other)).mapped("state")
        self.assertEqual(states, ["failed", "done"])

    def test_nobody_has_records_of_dunning_printed_by_letters_of_their_own(self):
        stranger = new_test_user(
            self.env, "stranger", "base.group_user,base.group_partner_manager"
        )
        letters = self.env["snailmail.letter"].with_user(stranger)
        values = {
            "partner_id": stranger.partner_id.id,
            "model": "res.partner",
            "res_id": stranger.partner_id.id,
            "company_id": self.company.id,
        }
        own = letters.create(values)
        for name in ("report_letter", "report_litigation_sheet"):
            report = self.env.ref(f"account_dunning.{name}")
            with self.subTest(report=name):
                with self.assertRaisesRegex(ValidationError, "posts its letters"):
                    letters.create(values | {"report_template": report.id})
                with self.assertRaisesRegex(ValidationError, "posts its letters"):
                    own.write({"report_template": report.id})

    def test_who_only_reads_has_no_letter_posted(self):
        _action, letter = self._post()
        reader = self._create_user("reading", "group_dunning_readonly")
        with self.assertRaisesRegex(AccessError, "only a collector"):
            letter.message_id.with_user(reader).send_letter()

    def test_without_address_nothing_is_handed_over(self):
        self.customer.street = False
        action, letter = self._post()
        self.assertEqual(action.state, "failed")
        self.assertIn("street", action.failure)
        self.assertFalse(letter)

    # ------------------------------------------------------------------
    # HANDED OVER
    # ------------------------------------------------------------------

    def _hand_over(self, letter, answer):
        """Hand a letter over.

        :param answer: what the service tells of it, or how it fails
        :return: how often the service was asked
        """
        asked = []

        def create(letters, _route):
            return {"documents": [{"letter_id": own.id} for own in letters]}

        def call(_url, params, **_options):
            asked.append(params)
            if isinstance(answer, Exception):
                # As Odoo does.
                try:
                    raise answer
                except type(answer):
                    raise AccessError("Not now")  # noqa: B904
            documents = [own | answer for own in params["documents"]]
            return {"request_code": 200, "request": {"documents": documents}}

        accounts = self.registry["iap.account"]
        with (
            patch.object(type(letter), "_snailmail_create", create),
            patch.object(snailmail_letter.iap_tools, "iap_jsonrpc", call),
            patch.object(accounts, "_send_success_notification"),
            patch.object(accounts, "_send_no_credit_notification"),
        ):
            # A savepoint would take back what is noted.
            try:
                letter._snailmail_print_valid_address()
                refused = False
            except AccessError:
                refused = True
        self.assertEqual(refused, isinstance(answer, Exception))
        return len(asked)

    def _is_noted(self, letter):
        return bool(self.env["dunning.handover"]._filter_noted(letter))

    def test_what_the_service_has_taken_was_sent(self):
        action, letter = self._post()
        recipients = action.sending_id.recipient_ids.sudo()
        self.assertEqual(recipients.state, "waiting")
        sent = {"sent": True, "send_id": 7, "error": False}
        self.assertEqual(self._hand_over(letter, sent), 1)
        self.assertEqual((letter.state, recipients.state), ("sent", "sent"))
        self.assertEqual(action.state, "done")
        self.assertEqual(self._hand_over(letter, sent), 0)
        self.assertEqual((action.state, recipients.state), ("done", "sent"))

    def test_what_the_service_refuses_has_failed_and_is_not_posted_later(self):
        action, letter = self._post()
        refused = {"sent": False, "error": "CREDIT_ERROR"}
        self.assertEqual(self._hand_over(letter, refused), 1)
        self.assertEqual((action.state, letter.state), ("failed", "canceled"))
        self.assertIn("could not be posted", action.failure)

    def test_only_what_has_certainly_not_left_is_handed_over_again(self):
        _action, letter = self._post()
        letter_sudo = letter.sudo()
        broken = ProtocolError("Connection aborted.", ConnectionResetError())
        nowhere = MaxRetryError(None, "/print", NewConnectionError(None, "No route"))
        for error, is_noted in (
            (exceptions.ConnectionError(nowhere), False),
            (exceptions.ConnectTimeout(nowhere), False),
            # It may have had it when the connection broke.
            (exceptions.ConnectionError(broken), True),
            (exceptions.ConnectionError(), True),
            (exceptions.ReadTimeout(), True),
            (ValueError(), True),
        ):
            with self.subTest(error=error):
                letter_sudo.write({"state": "pending", "error_code": False})
                self.assertEqual(self._hand_over(letter, error), 1)
                self.assertEqual(self._is_noted(letter), is_noted)
                self.env["dunning.handover"]._forget(letter)

    def test_what_went_another_way_is_not_posted_besides(self):
        action, letter = self._post()
        recipients = action.sending_id.recipient_ids.sudo()
        recipients.write({"state": "failed"})
        self.assertEqual(self._hand_over(letter, {"sent": True}), 0)
        self.assertEqual(letter.state, "canceled")
        self.assertFalse(self._is_noted(letter))

    def test_what_somebody_else_is_handing_over_is_left_to_them(self):
        _action, letter = self._post()
        with patch.object(
            type(letter), "try_lock_for_update", lambda own, **_options: own[:0]
        ):
            self.assertEqual(self._hand_over(letter, {"sent": True}), 0)
        self.assertEqual(letter.state, "pending")
        self.assertFalse(self._is_noted(letter))
