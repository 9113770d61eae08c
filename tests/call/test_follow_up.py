from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ..common import DunningCommon
from ..web_client import WebForm


@tagged("post_install", "-at_install")
class TestFollowUp(DunningCommon):
    """What can be decided after the last level, and reminding ahead of time."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_levels([("Reminder", 5, {}), ("Last", 15, {"tone": "formal"})])
        cls.salesperson = new_test_user(
            cls.env, "salesperson", "base.group_user", company_id=cls.company.id
        )
        cls.customer.user_id = cls.salesperson
        cls.invoice = cls._create_invoice(due=-20)

    def _follow_up(self):
        """Bring the customer past the last level.

        :return: the follow-up, as the collector sees it
        """
        self._step(0)
        self._step(1)
        self._run(2)
        follow_up = self._actions(kind="follow_up", state="todo")
        return follow_up.with_user(self.collector)

    def _decide(self, action, **values):
        dialogs = self.env["dunning.follow.up"].with_user(self.collector)
        form = WebForm(dialogs.with_context(active_id=action.id))
        return form.fill(values).save()

    # ------------------------------------------------------------------
    # AFTER THE LAST LEVEL
    # ------------------------------------------------------------------

    def test_its_activity_says_what_it_is(self):
        action = self._follow_up()
        # Activities are their users' own.
        activities_sudo = action.sudo().activity_ids
        self.assertEqual(activities_sudo.mapped("summary"), [action.title])

    def test_the_salesperson_is_asked_and_the_follow_up_waits(self):
        action = self._follow_up()
        dialog = self._decide(action, note="Still in business?")
        self.assertEqual(dialog.user_id, self.salesperson)
        day = dialog.date
        dialog.action_apply()
        asked = self.customer.activity_ids
        self.assertEqual(asked.user_id, self.salesperson)
        self.assertIn("Still in business?", asked.summary)
        self.assertIn(self.invoice.name, asked.note)
        self.assertEqual((action.state, action.date), ("todo", day))

    def test_who_is_asked_reads_it_in_the_language_of_who_is_asked(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.salesperson.lang = "fr_FR"
        action = self._follow_up()
        self._decide(action, note="Still in business?").action_apply()
        asked = self.customer.activity_ids
        self.assertNotIn("Ask", asked.summary)
        self.assertIn("Still in business?", asked.summary)

    def test_what_is_paid_meanwhile_is_not_written_off(self):
        action = self._follow_up()
        dialog = self._decide(action, decision="write_off")
        self._pay(self.invoice)
        with self.assertRaisesRegex(UserError, "is cancelled"):
            dialog.action_apply()

    def test_a_write_off_is_proposed_to_somebody_and_looked_at_again(self):
        action = self._follow_up()
        accountant = self._create_user("accountant", "group_dunning_readonly")
        dialog = self._decide(action, decision="write_off", user_id=accountant)
        day = dialog.date
        dialog.action_apply()
        self.assertEqual(self.customer.activity_ids.user_id, accountant)
        hold = self.env["dunning.hold"].search([("partner_id", "=", self.customer.id)])
        self.assertEqual((hold.origin, hold.date_review), ("manual", day))
        self.assertEqual(hold.reason_id.name, "Write-off proposed")
        self.assertEqual(action.state, "done")

    def test_a_write_off_is_proposed_to_who_leads_the_work_before_the_administrator(
        self,
    ):
        action = self._follow_up()
        managers = self.env.ref("account_dunning.group_dunning_manager").all_user_ids
        managers.group_ids |= self.env.ref("base.group_system")
        leader = self._create_user("leader", "group_dunning_manager")
        dialog = self._decide(action, decision="write_off")
        self.assertEqual(dialog.user_id, leader)
        leader.active = False
        dialog = self._decide(action, decision="write_off")
        self.assertTrue(dialog.user_id.has_group("base.group_system"))

    def test_the_hold_of_a_proposed_write_off_ends_when_it_is_handed_over(self):
        action = self._follow_up()
        self._decide(action, decision="write_off").action_apply()
        holds = self.env["dunning.hold"].search([("state", "=", "active")])
        self.assertEqual(holds.move_line_ids, self._items(self.invoice))
        other = self._create_hold(self._create_invoice(), reason_id=holds.reason_id.id)
        litigations = self.env["dunning.litigation"].with_user(self.collector)
        litigations.create(
            {"move_line_ids": [Command.set(self._items(self.invoice).ids)]}
        )
        self.assertEqual((holds.state, other.state), ("released", "active"))
        self.assertEqual(holds.released_user_id, self.collector)
        self.assertFalse(holds.activity_ids)
        self.assertPlanned(self.invoice, "out", reason="held")

    def _propose_write_off(self):
        """Propose a write-off to a credit manager.

        :return: the manager, and the activity by which it is asked
        """
        manager = self._create_user("manager", "group_dunning_manager")
        dialog = self._decide(self._follow_up(), decision="write_off", user_id=manager)
        dialog.action_apply()
        return manager, self.customer.activity_ids

    def _get_told(self):
        """Return what the collector was told of holds."""
        # What somebody is told is theirs to read.
        messages_sudo = self.env["mail.message"].sudo()
        return messages_sudo.search(
            [
                ("model", "=", "dunning.hold"),
                ("notified_partner_ids", "in", self.collector.partner_id.ids),
            ]
        )

    def test_who_has_proposed_a_write_off_is_told_that_it_is_handed_over(self):
        manager, asked = self._propose_write_off()
        litigations = self.env["dunning.litigation"].with_user(manager)
        litigation = litigations.create(
            {"move_line_ids": [Command.set(self._items(self.invoice).ids)]}
        )
        self.assertFalse(self.customer.activity_ids)
        self.assertEqual(asked.feedback, f"Handed over: {litigation.display_name}")
        told = self._get_told()
        self.assertIn("Handed over", told.body)
        self.assertEqual(told.author_id, manager.partner_id)

    def test_who_has_proposed_a_write_off_is_told_that_dunning_goes_on(self):
        manager, asked = self._propose_write_off()
        hold = self.env["dunning.hold"].search([("state", "=", "active")])
        hold.with_user(manager).action_release()
        self.assertFalse(self.customer.activity_ids)
        self.assertIn("has ended", asked.feedback)
        self.assertIn("has ended", self._get_told().body)

    def test_who_has_proposed_a_write_off_is_told_the_answer(self):
        manager, asked = self._propose_write_off()
        asked.with_user(manager).action_feedback("Not before June")
        self.assertIn("Not before June", self._get_told().body)

    def test_who_decides_on_its_own_proposal_is_told_nothing(self):
        _manager, asked = self._propose_write_off()
        hold = self.env["dunning.hold"].search([("state", "=", "active")])
        hold.with_user(self.collector).action_release()
        self.assertFalse(asked.active)
        self.assertFalse(self._get_told())

    def test_a_credit_manager_is_proposed_for_a_write_off_and_told_how_to_answer(self):
        action = self._follow_up()
        dialog = self._decide(action, decision="write_off")
        manager = "account_dunning.group_dunning_manager"
        self.assertTrue(dialog.user_id.has_group(manager))
        dialog.action_apply()
        self.assertIn("release the hold", self.customer.activity_ids.note)

    def test_what_is_missing_is_asked_for(self):
        action = self._follow_up()
        dialogs = self.env["dunning.follow.up"].with_user(self.collector)
        for values, message in (
            ({"decision": "write_off", "user_id": False}, "who is asked"),
            ({"decision": "salesperson", "date": self._day(0)}, "after today"),
        ):
            with self.assertRaisesRegex(UserError, message):
                dialogs.create({"action_id": action.id} | values).action_apply()
        self.assertEqual(action.state, "todo")

    def test_what_claims_nothing_is_not_written_off(self):
        actions = self.env["dunning.action"].with_user(self.collector)
        other = self._create_customer("Other")
        task = actions.create({"partner_id": other.id, "channel": "task"})
        dialog = self._decide(task, decision="write_off")
        with self.assertRaisesRegex(UserError, "^Nothing is claimed any more by"):
            dialog.action_apply()
        self.assertEqual(task.state, "todo")

    def test_what_cannot_be_carried_out_is_not_written_off(self):
        action = self._follow_up()
        for failure, told in (
            (False, "This cannot be recorded any more: open the action again."),
            ("It has failed", "It has failed"),
        ):
            action.sudo().failure = failure
            dialog = self._decide(action, decision="write_off")
            with (
                patch.object(self.registry["dunning.action"], "action_execute"),
                self.assertRaisesRegex(UserError, f"^{told}$"),
            ):
                dialog.action_apply()
        self.assertFalse(
            self.env["dunning.hold"].search([("partner_id", "=", self.customer.id)])
        )

    def test_an_auditor_decides_nothing(self):
        action = self._follow_up()
        auditor = self._create_user("auditor", "group_dunning_readonly")
        with self.assertRaises(AccessError):
            self.env["dunning.follow.up"].with_user(auditor).create(
                {"action_id": action.id}
            )

    # ------------------------------------------------------------------
    # REMIND NOW
    # ------------------------------------------------------------------

    def _remind(self, user=None):
        window = self.customer.with_user(user or self.collector).action_dunning_remind()
        return self.env["dunning.action"].browse(window["res_id"])

    def test_a_customer_is_reminded_now_by_the_text_of_its_level(self):
        self._step(0)
        first = self._actions()
        reminder = self._remind().with_user(self.collector)
        self.assertNotEqual(reminder, first)
        self.assertEqual(reminder.level_id, first.level_id)
        self.assertTrue(reminder.get_preview()["body"])
        reminder.action_execute()
        self.assertEqual(reminder.state, "done")
        self.assertTrue(reminder.sending_id)
        self.assertEqual(self._reached(self.invoice), first.level_id)

    def test_after_reminding_now_comes_what_comes_next_for_its_items(self):
        call = {"channel": "call", "execution": "manual"}
        self._set_levels(
            [("Call", 15, call), ("Firm", 30, {}), ("Last Call", 45, call)]
        )
        self._pay(self.invoice)
        newer = self._create_invoice(due=-6)
        reminder = self._remind()
        self.assertEqual(reminder.level_id.name, "Firm")
        self.assertEqual(reminder.next_level_id.name, "Call")
        [item] = self.customer._dunning_get_items()
        self.assertEqual(item.move_id, newer)
        self.assertEqual(item.next_level_id, reminder.next_level_id)
        reminder.action_execute()
        self.env.invalidate_all()
        self.assertEqual(reminder.next_level_id.name, "Call")

    def test_what_is_planned_is_what_is_sent(self):
        planned = self._run(0).action_ids
        self.assertEqual(self._remind(), planned)

    def test_what_another_company_has_planned_is_no_reminder_of_this_one(self):
        other = self._create_second_company()
        other.dunning_scenario_id = self._create_scenario(company_id=other.id)
        self._create_invoice(due=-20, company=other)
        theirs = self._run(0, company=other).action_ids
        self.assertEqual(theirs.company_id, other)
        self.collector.company_ids |= other
        reminder = self._remind()
        self.assertNotIn(reminder, theirs)
        self.assertEqual(reminder.company_id, self.company)

    def test_a_planned_call_is_not_what_is_sent(self):
        call = {"channel": "call", "execution": "manual"}
        self._set_levels([("Reminder", 5, {}), ("Call", 15, call)])
        self._step(0)
        planned = self._run(1).action_ids
        self.assertEqual(planned.channel, "call")
        reminder = self._remind()
        self.assertNotEqual(reminder, planned)
        self.assertEqual(reminder.channel, "email")

    def test_an_e_mail_planned_by_hand_is_no_reminder_of_what_is_due(self):
        actions = self.env["dunning.action"].with_user(self.collector)
        planned = actions.create({"partner_id": self.customer.id, "channel": "email"})
        reminder = self._remind()
        self.assertNotEqual(reminder, planned)
        self.assertTrue(reminder.level_id)

    def test_who_owes_nothing_is_not_reminded(self):
        self._create_hold(self.invoice)
        told = rf"owes nothing.*\n{self.invoice.name}: Hold: 100\.00"
        with self.assertRaisesRegex(UserError, told):
            self._remind()

    def test_who_has_just_got_its_invoice_is_told_with_its_day(self):
        self.invoice.button_cancel()
        self.company.dunning_first_contact_days = 5
        late = self._create_invoice(due=-10)
        told = rf"owes nothing.*\n{late.name}: .*, until \S+$"
        with self.assertRaisesRegex(UserError, told):
            self._remind()

    def test_nothing_is_softer_than_what_was_received(self):
        notice = {
            "channel": "registered",
            "tone": "formal",
            "letter_template_id": self.env.ref(
                "account_dunning.letter_template_formal_notice"
            ).id,
        }
        self._set_levels(
            [("Reminder", 5, {"tone": "courteous"}), ("Notice", 15, notice)]
        )
        address = {"street": "1 rue", "zip": "75001", "city": "Paris"}
        self.customer.write(address)
        # A formal notice names both parties with their addresses.
        self.company.write(address)
        self._step(0)
        self._step(1)
        self.assertEqual(self._reached(self.invoice).name, "Notice")
        with self.assertRaisesRegex(UserError, "more softly"):
            self._remind()

    def test_a_formal_notice_is_no_reminder(self):
        self._set_levels([("Notice", 5, {"tone": "formal"})])
        with self.assertRaisesRegex(UserError, "^Customer can only be reminded by a"):
            self._remind()

    def test_without_any_e_mail_a_call_is_proposed(self):
        email = {"mail_template_id": False, "execution": "manual", "channel": "call"}
        before = ("Before", -5, {"tone": "courteous"})
        self._set_levels([before, ("Call", 5, email)])
        with self.assertRaisesRegex(UserError, "has an e-mail: plan a call instead"):
            self._remind()
        self._set_levels([before, ("Due", 0, {"tone": "courteous"})])
        self.assertEqual(self._remind().level_id.name, "Due")

    def test_a_reminder_is_for_those_who_may_plan(self):
        auditor = self._create_user("auditor", "group_dunning_readonly")
        with self.assertRaises(AccessError):
            self._remind(auditor)
