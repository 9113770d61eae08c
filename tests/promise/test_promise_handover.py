from odoo.tests import tagged

from ..promises import PromiseCommon


@tagged("post_install", "-at_install")
class TestPromiseHandover(PromiseCommon):
    """Whom the collector calls about a broken promise: see also
    ``test_promise_calls``."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_levels([("First", 5, {}), ("Last", 60, {})])

    def setUp(self):
        super().setUp()
        self.company.dunning_promise_resume = "call"
        self._step(0)
        self._promise((5, 200), items=self.old + self.new)

    def _calls(self):
        return self._actions(kind="promise")

    def test_items_left_out_of_the_run_are_not_called_for(self):
        self._run(9, excluded_lines=self._items(self.new))
        self.assertListed(self._calls(), {self.old: None})

    def test_a_contact_by_another_company_is_no_call_about_the_promise(self):
        other = self._create_second_company()
        other.dunning_scenario_id = self._create_scenario(
            [("Theirs", 5, {})], company_id=other.id
        )
        self._create_invoice(due=-5, company=other)
        self._go_to(9)
        self.env["dunning.promise"]._get_overdue(self.company)._settle()
        self._step(10, company=other)
        self._run(10)
        self.assertEqual(len(self._calls()), 1)
