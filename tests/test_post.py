from odoo.tests import tagged

from .test_channels import ChannelCommon


@tagged("post_install", "-at_install")
class TestPost(ChannelCommon):
    """Letters are posted by Odoo's service for companies that have chosen so."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.dunning_post_letters = True
        cls.customer.country_id = cls.env.ref("base.fr")

    def _plan_letter(self, **level):
        _invoice, action = self._plan_action(channel="letter", **level)
        return action

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
