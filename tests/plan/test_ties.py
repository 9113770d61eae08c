from odoo.tests import tagged

from ..common import DunningCommon


@tagged("post_install", "-at_install")
class TestTies(DunningCommon):
    """Two scenarios have a level of the same delay: who stands there goes on as his own
    scenario says, however patient the other is."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.patient = cls._create_customer("Patient")
        cls.impatient = cls._create_customer("Impatient")

    def _create_scenarios(self, patient, impatient, gap_days=0):
        """Give each customer a scenario with a first level of the same delay, and an
        invoice that has reached it.

        :param patient: days and values of the second level
        :param impatient: the same of the other scenario
        :param gap_days: between two contacts, in the patient scenario
        :return: the second levels
        """
        levels = []
        for partner, (delay, values), gap in (
            (self.patient, patient, gap_days),
            (self.impatient, impatient, 0),
        ):
            scenario = self._create_scenario(
                [("First", 5, {}), ("Second", delay, values), ("Last", 90, {})],
                contact_gap_days=gap,
            )
            partner.dunning_scenario_id = scenario
            levels.append(scenario.level_ids.sorted("delay_days")[1])
            self._create_invoice(partner, due=-5)
        self._step(0)
        return levels

    def _assert_contacted(self, day, partners):
        self.assertEqual(self._step(day).partner_id, partners)

    def test_the_day_of_the_next_level_is_that_of_ones_own_scenario(self):
        self._create_scenarios((15, {}), (8, {}))
        self._assert_contacted(2, self.env["res.partner"])
        self._assert_contacted(3, self.impatient)
        self._assert_contacted(10, self.patient)

    def test_the_gap_between_levels_is_that_of_ones_own_scenario(self):
        self._create_scenarios((8, {"gap_days": 10}), (8, {"gap_days": 3}))
        self._assert_contacted(3, self.impatient)
        self._assert_contacted(10, self.patient)

    def test_the_gap_between_contacts_is_that_of_ones_own_scenario(self):
        self._create_scenarios((8, {}), (8, {}), gap_days=10)
        self._assert_contacted(3, self.impatient)
        self._assert_contacted(10, self.patient)

    def test_the_end_of_one_scenario_is_not_that_of_the_other(self):
        short = self._create_scenario([("Only", 5, {})])
        self.impatient.dunning_scenario_id = short
        self.patient.dunning_scenario_id = self.scenario
        for partner in (self.patient, self.impatient):
            self._create_invoice(partner, due=-5)
        self._step(0)
        [follow_up] = self._run(1).action_ids
        self.assertEqual(
            (follow_up.kind, follow_up.partner_id), ("follow_up", self.impatient)
        )
