from odoo.tests import tagged

from ..send.test_channels import ChannelCommon


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

    def test_without_address_nothing_is_handed_over(self):
        self.customer.street = False
        action, letter = self._post()
        self.assertEqual(action.state, "failed")
        self.assertIn("street", action.failure)
        self.assertFalse(letter)
