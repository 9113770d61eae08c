from odoo.tests import tagged

from ..common import DunningCommon

WAITING = {"deadline_days": 8, "deadline_channel": "call"}


@tagged("post_install", "-at_install")
class TestHandover(DunningCommon):
    """What a deadline that has passed hands over to the collector, beside what the
    letter says: see also ``test_deadlines``."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.letter = cls._set_levels([("Letter", 5, WAITING)])

    def setUp(self):
        super().setUp()
        self.first = self._create_invoice(due=-5)
        self.second = self._create_invoice(due=-5, amount=40)

    def _deadlines(self, **values):
        return self._actions(kind="deadline", **values)

    def _write_in_another_company(self, **values):
        """Let another company write to the same customer on the day of the clock.

        :param values: of its level
        """
        other = self._create_second_company()
        other.dunning_scenario_id = self._create_scenario(
            [("Theirs", 5, values)], company_id=other.id
        )
        self._create_invoice(due=-5, company=other)
        self._step(company=other)
        [action] = self._actions(company_id=other.id)
        self.assertEqual(action.state, "done")
        return action

    # ------------------------------------------------------------------
    # LEFT OUT
    # ------------------------------------------------------------------

    def test_items_left_out_of_the_run_are_not_handed_over(self):
        self._step(0)
        self._run(9, excluded_lines=self._items(self.second))
        self.assertListed(self._deadlines(), {self.first: None})
        self.assertEqual(self._deadlines().amount, 100)

    def test_nothing_is_handed_over_when_all_items_are_left_out(self):
        self._step(0)
        both = self._items(self.first + self.second)
        self._run(9, excluded_lines=both)
        self.assertFalse(self._deadlines())
        self._run(10)
        self.assertEqual(len(self._deadlines()), 1)

    # ------------------------------------------------------------------
    # WHAT IS CLAIMED
    # ------------------------------------------------------------------

    def test_a_credit_larger_than_what_the_letter_listed_claims_nothing(self):
        self._step(0)
        self._create_invoice(due=6, amount=500)
        self._create_payment(amount=300)
        self._run(9)
        [action] = self._deadlines()
        self.assertEqual(action.amount, 0, "never less than nothing")

    def test_a_credit_in_one_currency_takes_nothing_from_another(self):
        dollar = self.setup_other_currency("USD", rates=[("2020-01-01", 2.0)])
        foreign = self._create_invoice(due=-5, amount=60, currency=dollar)
        self._step(0)
        self._create_invoice(due=6, amount=500)
        self._create_payment(amount=300)
        self._run(9)
        [action] = self._deadlines()
        self.assertEqual(action.amount, self._items(foreign).amount_residual)

    def test_nobody_follows_up_on_the_last_day_of_a_deadline(self):
        self._step(0)
        self.assertFalse(self._run(8).action_ids)
        self.assertEqual(self._run(9).action_ids, self._deadlines())

    # ------------------------------------------------------------------
    # ANOTHER COMPANY
    # ------------------------------------------------------------------

    def test_a_letter_of_another_company_gives_no_more_time(self):
        self._step(0)
        theirs = self._write_in_another_company(**(WAITING | {"deadline_days": 30}))
        self.assertGreater(theirs.date_deadline, self._day(9))
        self._run(9)
        self.assertEqual(len(self._deadlines(company_id=self.company.id)), 1)

    def test_time_that_another_company_gives_does_not_keep_the_follow_up_away(self):
        self.letter.deadline_days = 0
        self._step(0)
        self._write_in_another_company(**WAITING)
        [follow_up] = self._run(1).action_ids
        self.assertEqual(follow_up.kind, "follow_up")
