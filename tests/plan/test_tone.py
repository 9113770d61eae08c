from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools.mail import html2plaintext

from odoo.addons.account_dunning.models.text.dunning_action_received import Received
from odoo.addons.account_dunning.tools.tone import get_deciding_level
from odoo.addons.account_dunning.tools.words import TONE_RANKS

from ..common import DunningCommon

LEVELS = (
    ("Reminder", 5, {"tone": "courteous"}),
    ("Call", 10, {"channel": "call", "execution": "manual"}),
    ("Second", 15, {"tone": "firm"}),
    ("Formal Notice", 30, {"tone": "formal"}),
)


@tagged("post_install", "-at_install")
class TestTone(DunningCommon):
    """Rule 10: tone never goes backwards."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reminder, cls.call, cls.second, cls.formal = cls._set_levels(LEVELS)
        cls.mail_template.body_html = (
            '<t t-out="object.unpaid_text"/><t t-out="object.items_table"/>'
        )

    def setUp(self):
        super().setUp()
        self.old = self._create_invoice(due=-30)

    def _contact(self, day, send=True):
        """Go to a day, run and send.

        :return: the action by which the customer is contacted
        """
        action = self._run(day).action_ids.filtered(lambda x: x.kind == "step")
        action.ensure_one()
        return self._execute(action) if send else action

    def _send_formal_notice(self):
        """Send a formal notice of the old invoice, on day 0.

        :return: the action
        """
        for day, level in ((-14, self.reminder), (-13, self.call), (-12, self.second)):
            self.assertEqual(self._contact(day).level_id, level)
        action = self._contact(0)
        self.assertEqual(action.level_id, self.formal)
        return action

    def _text(self, action):
        return html2plaintext(action.mail_id.body_html)

    # ------------------------------------------------------------------
    # CALLS
    # ------------------------------------------------------------------

    def test_a_call_is_not_made_up_for_by_a_text_that_is_softer_than_what_was_heard(
        self,
    ):
        self.call.write({"fallback_channel": "email", "tone": "courteous"})
        self._contact(-14)
        call = self._contact(-13, send=False)
        self.assertEqual(call._get_call_fallback(), "email")
        states = self.env["dunning.item.state"].search(
            [("move_line_id", "in", self._items(self.old).ids)]
        )
        states.sudo().tone = TONE_RANKS["firm"]
        self.assertFalse(call._get_call_fallback())

    def test_what_others_have_received_makes_no_text_too_soft(self):
        self._send_formal_notice()
        other = self._create_customer("Other")
        self._create_invoice(other, due=-7)
        self.call.fallback_channel = "email"
        self._run(1)
        self._execute(self._actions(other))
        self._run(3)
        call = self._actions(other, channel="call")
        self.assertEqual(call._get_call_fallback(), "email")

    # ------------------------------------------------------------------
    # TEXTS
    # ------------------------------------------------------------------

    def test_a_softer_text_lists_only_what_has_had_nothing_firmer(self):
        notice = self._send_formal_notice()
        new = self._create_invoice(due=-5, amount=70)
        action = self._contact(1)
        self.assertEqual(action.level_id, self.reminder)
        self.assertListed(action, {new: self.reminder})
        self.assertEqual(action.amount, 70)
        text = self._text(action)
        self.assertIn(
            f"For {self.old.name}, we refer to our formal notice of "
            f"{notice._format_day(notice.date_done)}.",
            text,
        )
        self.assertNotIn("100.00", text)

    def test_a_text_refers_to_the_last_of_those_that_were_as_firm(self):
        self._send_formal_notice()
        self._create_invoice(due=-5, amount=70)
        action = self._contact(1, send=False)
        [further] = action._get_further_content_lines()
        first, last = self._day(-20), self._day(-12)
        texts = [Received(day, TONE_RANKS["firm"], True) for day in (first, last)]
        text = action._get_further_text({further.move_line_id.id: texts})
        self.assertIn(f"our reminder of {action._format_day(last)}", text)

    def test_a_formal_notice_is_not_repeated_for_the_same_items(self):
        new = self._create_invoice(due=-12, amount=70)
        self._send_formal_notice()
        newest = self._create_invoice(due=10, amount=30)
        for day in (1, 8, 17, 22, 28, 42, 49):
            self._step(day)
        notices = self._actions(level_id=self.formal.id, state="done")
        self.assertEqual(len(notices), 2)
        self.assertIn(new, notices[0].line_ids.move_id)
        self.assertListed(notices[1], {newest: self.formal})
        self.assertIn("we refer to our formal notice", self._text(notices[1]))

    def test_what_a_formal_notice_listed_does_not_begin_again_softly(self):
        new = self._create_invoice(due=-3, amount=70)
        self._send_formal_notice()
        # Its own level would be the reminder: it has had the formal notice.
        self.assertPlanned(new, "out", 20, reason="last_level")

    def test_what_a_formal_notice_listed_has_missed_none(self):
        new = self._create_invoice(due=-3, amount=70)
        notice = self._send_formal_notice()
        line = notice.line_ids.filtered(lambda x: x.move_id == new)
        states = self.env["dunning.item.state"]
        state = states.search([("move_line_id", "=", line.move_line_id.id)])
        self.assertFalse(line._misses_notice(state, self.formal))

    def test_an_item_in_the_middle_does_not_starve(self):
        self._send_formal_notice()
        middle = self._create_invoice(due=-3)
        for day in range(1, 40, 3):
            # Each day something new falls due.
            self._create_invoice(due=day - 5, amount=10)
            self._step(day)
        self.assertEqual(self._reached(middle), self.formal)

    def test_a_reminder_is_called_one_of_those_only_that_had_one(self):
        self._step(-20)
        self._step(-18)
        fresh = self._create_invoice(due=-16)
        action = self._contact(-12, send=False)
        text = action.unpaid_text
        self.assertIn(self.old.name, text)
        self.assertNotIn(fresh.name, text)
        self.assertIn("In spite of our reminder of", text)
        self.assertIn(f"{self.old.name} remains unpaid.", text)
        self.assertIn("The other item below is overdue as well.", text)

    def test_the_first_text_speaks_of_no_reminder(self):
        [action] = self._run(0).action_ids
        self.assertEqual(
            action.unpaid_text,
            "The item below, whose due date has passed, is still unpaid.",
        )

    def test_a_text_counts_what_it_speaks_of(self):
        self._create_invoice(due=-30)
        [action] = self._run(0).action_ids
        self.assertEqual(
            action.unpaid_text,
            "The items below, whose due date has passed, are still unpaid.",
        )

    def test_a_text_names_the_day_of_the_reminder(self):
        self._step(-20)
        self._step(-18)
        action = self._contact(-12, send=False)
        self.assertEqual(action.level_id, self.second)
        self.assertIn("In spite of our reminder of", action.unpaid_text)

    def test_a_text_of_the_due_date_is_a_reminder(self):
        self._pay(self.old)
        scenario = self._create_scenario([("On Time", 0, {}), ("Late", 5, {})])
        self.company.dunning_scenario_id = scenario
        self._create_invoice(due=1)
        first = self._contact(1)
        self.assertIn(
            f"In spite of our reminder of {first._format_day(first.date_done)}",
            self._text(self._contact(8)),
        )

    def test_no_text_decides_that_is_softer_than_what_was_heard(self):
        for heard, level in (("firm", self.second), ("formal", self.call)):
            levels = [planned._get_judged() for planned in (self.call, self.second)]
            decides = get_deciding_level(levels, TONE_RANKS[heard])
            with self.subTest(heard=heard):
                self.assertEqual(decides, level._get_judged())

    def test_a_call_lists_everything(self):
        self._send_formal_notice()
        new = self._create_invoice(due=-9, amount=70)
        self._step(1)
        call = self._contact(2, send=False)
        self.assertEqual(call.level_id, self.call)
        self.assertListed(call, {self.old: None, new: self.call})

    def test_credits_cover_what_the_text_refers_to_first(self):
        self._send_formal_notice()
        self._create_invoice(due=-5, amount=70)
        self._create_payment(amount=120)
        action = self._contact(1, send=False)
        [total] = action._get_totals()[action]
        self.assertEqual((total.credit, total.claimed), (20, 50))
        self.assertEqual(action.amount, 50)
        action.sudo()._refresh(complete=True)
        self.assertEqual(action.amount, 50)

    def test_what_is_paid_is_not_referred_to(self):
        self._send_formal_notice()
        self._create_invoice(due=-5, amount=70)
        action = self._contact(1, send=False)
        self.assertIn(self.old.name, action.further_text)
        self._pay(self.old)
        self.assertEqual(action.further_text, "")
        self.assertEqual(action.amount, 70)

    def test_a_bounced_formal_notice_was_not_received(self):
        notice = self._send_formal_notice()
        new = self._create_invoice(due=-6, amount=70)
        notice.sudo()._fail_after_sending("Unknown address")
        notice.action_skip("Not now")
        action = self._contact(1, send=False)
        self.assertEqual(action.level_id, self.formal)
        self.assertListed(action, {self.old: self.formal, new: self.reminder})

    def test_what_a_text_lists_changes_with_its_level(self):
        """When the item that decided is paid, the text becomes softer: what has had
        more is not listed by it."""
        firm = self._create_invoice(due=-24, amount=50)
        for day in (-14, -13, -12):
            self._contact(day)
        soft = self._create_invoice(due=-12, amount=20)
        action = self._contact(-7, send=False)
        self.assertListed(
            action, {firm: self.second, self.old: None, soft: self.reminder}
        )
        self._pay(firm)
        self.assertListed(action, {soft: self.reminder})
        self.assertRecordValues(action, [{"level_id": self.reminder.id, "amount": 20}])
        self.assertIn(self.old.name, action.further_text)

    def _remind(self):
        window = self.customer.action_dunning_remind()
        return self.env["dunning.action"].browse(window["res_id"])

    def test_reminding_now_lists_nothing_that_has_had_a_formal_notice(self):
        self._send_formal_notice()
        new = self._create_invoice(due=-4, amount=70)
        reminder = self._remind()
        self.assertListed(reminder, {new: None})
        self.assertEqual(reminder.amount, 70)
        self.assertIn(self.old.name, reminder.further_text)
        reminder.action_execute()
        self.assertNotIn("100.00", self._text(reminder))

    def test_reminding_now_is_as_firm_as_what_was_received(self):
        for day in (-14, -13, -12):
            self._contact(day)
        self._create_invoice(due=-16, amount=70)
        self.assertEqual(self._remind().level_id, self.second)

    def test_reminding_now_is_refused_after_a_formal_notice_of_everything(self):
        self._create_invoice(due=-3, amount=70)
        self._send_formal_notice()
        with self.assertRaisesRegex(UserError, "more softly"):
            self._remind()

    def test_reminding_now_repeats_no_formal_notice(self):
        self._send_formal_notice()
        with self.assertRaisesRegex(UserError, "more softly"):
            self._remind()


@tagged("post_install", "-at_install")
class TestFormalNotice(DunningCommon):
    """A call stands for no formal notice."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reminder, cls.formal, cls.last = cls._set_levels(
            [
                ("Reminder", 5, {"tone": "courteous"}),
                ("Formal Notice", 20, {"tone": "formal"}),
                (
                    "Last Call",
                    40,
                    {"tone": "formal", "channel": "call", "execution": "manual"},
                ),
            ]
        )

    def _call_about_both(self):
        """Call about an item, when another one comes to its formal notice.

        :return: the other one
        """
        self._create_invoice(due=-40)
        self._step(-12)
        self._step(-11)
        other = self._create_invoice(due=-20, amount=70)
        self._step(-10)
        [call] = self._run(0).action_ids
        self.assertEqual(call.level_id, self.last)
        self.assertFalse(self._run(0).action_ids, "running twice is running once")
        self._execute(call)
        return other

    def test_an_item_spoken_of_in_a_call_still_gets_its_formal_notice(self):
        other = self._call_about_both()
        self.assertEqual(self._reached(other), self.reminder)
        actions = self._run(1).action_ids
        notice = actions.filtered(lambda action: action.kind == "step")
        self.assertEqual(notice.level_id, self.formal)
        self.assertIn(other, notice.line_ids.move_id)
        self._execute(notice)
        self.assertEqual(self._reached(other), self.formal)

    def test_an_item_raised_by_a_call_still_gets_its_formal_notice(self):
        self.scenario.align_levels = True
        old = self._create_invoice(due=-40)
        self._step(-11)
        self._step(-10)
        self.assertEqual(self._reached(old), self.formal)
        other = self._create_invoice(due=-7, amount=70)
        [call] = self._run(0).action_ids
        self.assertEqual(call.level_id, self.last)
        self._execute(call)
        self.assertFalse(self._reached(other))
        self.assertPlanned(other, "step", 1, level=self.reminder)


@tagged("post_install", "-at_install")
class TestAlignedTone(DunningCommon):
    """Levels that are aligned to that of the contact."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reminder, cls.call, cls.second, cls.formal = cls._set_levels(LEVELS)
        cls.scenario.align_levels = True

    def test_what_was_raised_comes_down_when_what_decided_is_paid(self):
        old = self._create_invoice(due=-15)
        self._step(-5)
        self._step(-4)
        new = self._create_invoice(due=-6)
        [action] = self._run(0).action_ids
        self.assertListed(action, {old: self.second, new: self.second})
        self._pay(old)
        self.assertListed(action, {new: self.reminder})
        self.assertEqual(action.level_id, self.reminder)

    def test_what_was_raised_does_not_go_out_when_what_decided_is_paid(self):
        old = self._create_invoice(due=-5)
        self._create_invoice(due=-2)
        [action] = self._run(0).action_ids
        self._pay(old)
        self.assertEqual(action.state, "cancelled")

    def test_payments_of_what_was_raised_ask_no_plan(self):
        self._create_invoice(due=-5)
        new = self._create_invoice(due=-2)
        [action] = self._run(0).action_ids
        self.assertListed(
            action, dict.fromkeys(action.line_ids.move_line_id, self.reminder)
        )
        raised = action.line_ids.filtered("is_aligned")
        self.assertEqual(raised.move_id, new)
        self._pay(new)
        self.assertEqual(action.amount, 100)
        self.assertEqual(action.level_id, self.reminder)

    def test_all_of_a_customer_is_on_one_formal_notice(self):
        self._create_invoice(due=-31)
        self._create_invoice(due=-20)
        self._create_invoice(due=-10)
        for day in (0, 1, 2, 3, 10, 20, 30):
            self._step(day)
        notices = self._actions(level_id=self.formal.id)
        self.assertEqual(len(notices), 1)
        self.assertEqual(len(notices.line_ids), 3)
