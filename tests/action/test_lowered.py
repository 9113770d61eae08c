from odoo.tests import tagged

from ..common import DunningCommon

LEVELS = (
    ("Reminder", 5, {}),
    ("Call", 15, {"channel": "call", "execution": "manual"}),
    ("Notice", 25, {"tone": "formal", "execution": "validate"}),
)


@tagged("post_install", "-at_install")
class TestLowered(DunningCommon):
    """An open action whose highest item is gone, or whose customer follows another
    scenario: nothing leaves by it that nobody has seen."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reminder, cls.call, cls.notice = cls._set_levels(LEVELS)
        cls.scenario.align_levels = True

    def _plan(self, level):
        """Let an old invoice come to a level, and bring a new one along.

        :return: both, and the action
        """
        old = self._create_invoice(due=-30)
        levels = self.scenario.level_ids.sorted("delay_days")
        day = [*levels].index(level)
        for earlier in range(day):
            self._step(earlier)
        later = self._create_invoice(due=day - 6)
        action = self._run(day).action_ids
        self.assertEqual((action.level_id, len(action.line_ids)), (level, 2))
        self.assertTrue(action.line_ids.filtered("is_aligned"))
        return old, later, action

    def test_a_call_that_comes_down_to_an_e_mail_waits_for_approval(self):
        old, later, action = self._plan(self.call)
        self._pay(old)
        self.assertRecordValues(
            action,
            [{"channel": "email", "state": "to_validate", "execution": "validate"}],
        )
        self.assertListed(action, {later: self.reminder})

    def test_what_waits_for_approval_and_comes_down_to_a_call_is_to_be_made(self):
        self.reminder.unlink()
        self.call.delay_days = 5
        old, later, action = self._plan(self.notice)
        self.assertEqual(action.state, "to_validate")
        self._pay(old)
        self.assertRecordValues(
            action, [{"channel": "call", "state": "todo", "execution": "manual"}]
        )
        self.assertListed(action, {later: self.call})

    def test_what_has_failed_is_not_put_off_by_who_looks_at_it(self):
        self._create_invoice(due=-30)
        action = self._run(0).action_ids
        # As when its e-mail comes back.
        failed_sudo = action.sudo()
        failed_sudo._fail("No such address")
        planned = action.date
        other = self.env["dunning.action"].create(
            {"partner_id": self.customer.id, "channel": "task"}
        )
        other.action_execute()
        self._go_to(1)
        action.action_refresh()
        self.assertEqual((action.state, action.date), ("failed", planned))

    def _change_scenario(self, level):
        action = self._plan(level)[-1]
        self.customer.dunning_scenario_id = self._create_scenario(
            [("Own", 1, {}), ("Later", 2, {})], align_levels=True
        )
        action.action_refresh()
        self.assertRecordValues(
            action,
            [
                {
                    "state": "cancelled",
                    "level_id": level.id,
                    "channel": level.channel,
                }
            ],
        )

    def test_a_call_is_nothing_else_in_another_scenario(self):
        self._change_scenario(self.call)

    def test_a_formal_notice_is_nothing_else_in_another_scenario(self):
        self._change_scenario(self.notice)
