from unittest.mock import patch

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..run.test_reports import ReportCommon


@tagged("post_install", "-at_install")
class TestCollectors(ReportCommon):
    """A collector who is archived, moves to another company or loses the rights gets
    no new work, and leaves nothing that nobody sees."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._create_user("manager", "group_dunning_manager")
        cls.substitute = cls._create_user("substitute", "group_dunning_collector")
        cls.former = cls._create_user("former", "group_dunning_collector")
        cls.customer.dunning_user_id = cls.former
        cls.scenario.level_ids.write({"channel": "call", "execution": "manual"})

    def setUp(self):
        super().setUp()
        self.invoice = self._create_invoice(due=-5)

    def _leave(self, how, user=None):
        user = user or self.former
        if how == "archived":
            user.action_archive()
        elif how == "archived in a list":
            user.write({"active": False})
        elif how == "moved":
            company = self._create_second_company(f"Company {len(self.env.companies)}")
            user.write(
                {"company_ids": [Command.set(company.ids)], "company_id": company.id}
            )
        else:
            user.group_ids = self.env.ref("base.group_user")

    # ------------------------------------------------------------------
    # NEW WORK
    # ------------------------------------------------------------------

    def test_new_work_goes_to_the_collector_who_can(self):
        self.assertEqual(self._run().action_ids.user_id, self.former)

    def _check_new_work(self, how):
        self._leave(how)
        self.assertEqual(self._run().action_ids.user_id, self.collector)
        by_hand = self.env["dunning.action"].create({"partner_id": self.customer.id})
        self.assertEqual(by_hand.user_id, self.collector)
        self.env.invalidate_all()
        item = self.env["dunning.item"].browse(self._items(self.invoice).id)
        self.assertEqual(item.user_id, self.collector)

    def test_who_is_archived_gets_no_new_work(self):
        self._check_new_work("archived")

    def test_who_has_moved_gets_no_new_work(self):
        self._check_new_work("moved")

    def test_who_lost_the_rights_gets_no_new_work(self):
        self._check_new_work("without rights")

    def test_a_substitute_comes_before_the_default_collector(self):
        self.former.dunning_substitute_id = self.substitute
        self._leave("archived")
        self.assertEqual(self._run().action_ids.user_id, self.substitute)

    def test_a_manager_comes_when_nobody_else_can(self):
        self._leave("archived")
        self._leave("without rights", self.collector)
        self._run()
        user = self._actions().user_id
        self.assertTrue(user.has_group("account_dunning.group_dunning_manager"))

    def test_an_action_asked_for_somebody_who_cannot_goes_to_who_can(self):
        self._leave("archived")
        action = self.env["dunning.action"].create(
            {"partner_id": self.customer.id, "user_id": self.former.id}
        )
        self.assertEqual(action.user_id, self.collector)

    def test_people_do_not_give_work_to_who_cannot_do_it(self):
        action = self._run().action_ids
        self._leave("without rights", self.substitute)
        with self.assertRaisesRegex(UserError, "Substitute cannot work"):
            action.with_user(self.manager).user_id = self.substitute
        action.with_user(self.manager).user_id = self.manager
        self.assertEqual(action.user_id, self.manager)

    # ------------------------------------------------------------------
    # WHAT IS LEFT
    # ------------------------------------------------------------------

    def _check_left(self, how):
        action = self._run().action_ids
        self._leave(how)
        self.assertEqual(action.user_id, self.collector)
        self.assertEqual(action.activity_ids.user_id, self.collector)
        self.assertEqual(len(action.activity_ids), 1)
        self.assertIn("from Former to Collector", action.message_ids[0].body)

    def test_the_system_is_not_refused_to_give_work_to_who_cannot_do_it(self):
        action = self._run().action_ids
        stranger = self._create_user(
            "stranger",
            "group_dunning_collector",
            group_ids=self.env.ref("base.group_user").ids,
        )
        action.sudo().user_id = stranger
        self.assertEqual(action.user_id, stranger)

    def test_who_is_archived_leaves_the_work_to_others(self):
        self._check_left("archived")

    def test_who_is_archived_in_a_list_leaves_the_work_to_others(self):
        self._check_left("archived in a list")

    def test_who_has_moved_leaves_the_work_to_others(self):
        self._check_left("moved")

    def test_who_lost_the_rights_leaves_the_work_to_others(self):
        self._check_left("without rights")

    def test_what_is_done_stays_who_did_it(self):
        action = self._run().action_ids
        action.with_user(self.former).action_execute()
        self._leave("archived")
        self.assertEqual((action.user_id, action.done_user_id), (self.former,) * 2)

    def test_a_dispute_goes_to_who_stands_in(self):
        dispute = self.env["dunning.dispute"].create(
            {
                "partner_id": self.customer.id,
                "move_line_ids": [Command.set(self._items(self.invoice).ids)],
                "reason_id": self.env["dunning.reason"].search([], limit=1).id,
                "user_id": self.former.id,
            }
        )
        self._leave("archived")
        self.assertEqual(dispute.user_id, self.collector)
        self.assertEqual(dispute.activity_ids.user_id, self.collector)

    def test_a_promise_is_told_broken_to_who_stands_in(self):
        promise = self.env["dunning.promise"].create(
            {
                "partner_id": self.customer.id,
                "move_line_ids": [Command.set(self._items(self.invoice).ids)],
                "line_ids": [Command.create({"date": self._day(1), "amount": 100})],
                "user_id": self.former.id,
            }
        )
        self._leave("archived")
        self.assertEqual(promise.user_id, self.collector)
        self._go_to(20)
        promise._settle()
        self.assertEqual(promise.state, "broken")
        self.assertEqual(promise.activity_ids.user_id, self.collector)

    def test_a_run_finds_what_was_left_on_ways_nobody_foresees(self):
        action = self._run().action_ids
        group = self.env.ref("account_dunning.group_dunning_collector")
        self.env.cr.execute(
            "DELETE FROM res_groups_users_rel WHERE uid = %s AND gid = %s",
            (self.former.id, group.id),
        )
        self.env.invalidate_all()
        self.assertEqual(self._get_cover(self.invoice)[0], "0_nothing")
        self._run(1)
        self.assertEqual(action.user_id, self.collector)
        self.assertEqual(self._get_cover(self.invoice)[0], "1_action")

    def test_a_run_leaves_what_is_of_another_company(self):
        other = self._create_second_company("Elsewhere")
        worker = self._create_user("elsewhere", "group_dunning_collector", other)
        other.dunning_user_id = worker
        other.dunning_scenario_id = self._create_scenario(company_id=other.id)
        self._create_invoice(due=-5, company=other)
        [action] = self._run(company=other).action_ids
        self.assertEqual(action.user_id, worker)
        self._run(1)
        self.assertEqual(action.user_id, worker)

    # ------------------------------------------------------------------
    # REPLIES, COVERAGE
    # ------------------------------------------------------------------

    def _reply(self, action):
        customer_sudo = self.customer.sudo()  # As the mail gateway does.
        message = customer_sudo.message_post(
            body="Paid last week",
            message_type="email",
            author_id=self.customer.id,
            parent_id=action.sent_message_id.id,
        )
        self.assertEqual(message.parent_id, action.sent_message_id)
        return self.customer.activity_ids.user_id

    def test_a_reply_reaches_who_stands_in(self):
        self.scenario.level_ids.write({"channel": "email", "execution": "automatic"})
        action = self._step()
        self._leave("archived")
        self.assertEqual(self._reply(action), self.collector)

    def test_a_reply_reaches_somebody_when_no_collector_is_left(self):
        self.scenario.level_ids.write({"channel": "email", "execution": "automatic"})
        action = self._step()
        self.company.dunning_user_id = False
        self._leave("archived")
        user = self._reply(action)
        self.assertTrue(user.has_group("account_dunning.group_dunning_manager"))

    def test_a_reply_that_waits_is_handed_over(self):
        self.scenario.level_ids.write({"channel": "email", "execution": "automatic"})
        action = self._step()
        self.assertEqual(self._reply(action), self.former)
        self._leave("archived")
        self.assertEqual(self.customer.activity_ids.user_id, self.collector)

    def test_an_action_that_nobody_can_see_covers_nothing(self):
        self._run()
        self.assertEqual(self._get_cover(self.invoice)[0], "1_action")
        with self._nobody_can():
            self.assertEqual(self._get_cover(self.invoice)[0], "0_nothing")

    def _nobody_can(self):
        return patch.object(
            self.registry["res.company"], "_dunning_find_users", lambda *_args: []
        )

    def test_an_e_mail_that_the_system_sends_needs_nobody(self):
        self.scenario.level_ids.write({"channel": "email", "execution": "automatic"})
        self._run()
        with self._nobody_can():
            self.assertEqual(self._get_cover(self.invoice)[0], "1_action")
