from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import DunningCommon
from .test_letter import ADDRESS


@tagged("post_install", "-at_install")
class TestByHand(DunningCommon):
    """What people plan by hand: it is carried out like anything else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer.write({**ADDRESS, "country_id": cls.env.ref("base.fr").id})

    def _plan_action(self, **values):
        """Plan an action as the collector does."""
        actions = self.env["dunning.action"].with_user(self.collector)
        return actions.create({"partner_id": self.customer.id} | values)

    # ------------------------------------------------------------------
    # NOTHING TO SAY
    # ------------------------------------------------------------------

    def test_an_empty_statement_is_refused_on_paper_of_either_kind(self):
        for channel in ("letter", "registered"):
            letter = self._plan_action(channel=channel)
            letter.action_print()
            self.assertEqual(letter.state, "failed")
            self.assertIn("owes nothing", letter.failure)
            self.assertFalse(letter.letter_id)
            self.assertIn("owes nothing", letter.preview_problem)
            with self.assertRaisesRegex(UserError, "owes nothing"):
                letter._get_letter_pdfs()

    def test_a_statement_of_what_is_all_on_hold_is_refused(self):
        self._create_hold(self._create_invoice(due=-10))
        letter = self._plan_action(channel="letter")
        letter.action_print()
        self.assertEqual(letter.state, "failed")

    def test_a_statement_is_printed_once_there_is_something_to_state(self):
        letter = self._plan_action(channel="letter")
        letter.action_print()
        self._create_invoice(due=-10)
        letter.action_print()
        self.assertEqual((letter.state, letter.amount), ("done", 100))
