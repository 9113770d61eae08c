from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ...tools.words import TONE_RANKS
from ..common import DunningCommon
from ..web_client import WebForm


@tagged("post_install", "-at_install")
class TestStartLevels(DunningCommon):
    """A company that begins with an old ledger says once where its items stand."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._create_user("manager", "group_dunning_manager")
        _early, cls.reminder, cls.second, cls.notice = cls._set_levels(
            [
                ("Before", -5, {"tone": "courteous"}),
                ("Reminder", 5, {"tone": "courteous"}),
                ("Second", 15, {"tone": "firm", "gap_days": 10}),
                ("Formal Notice", 30, {"tone": "formal"}),
            ]
        )

    def _start(self, **values):
        """Set the starting levels as the credit manager does.

        :return: the actions that say so
        """
        dialogs = self.env["dunning.start.levels"].with_user(self.manager)
        dialogs.create(values).action_apply()
        return self.env["dunning.action"].search([("kind", "=", "start")])

    def assertStarts(self, expected, **values):
        """Check at which level items begin.

        :param expected: dict of entry to level, None for none
        """
        self._start(**values)
        found = {move: self._reached(move) or None for move in expected}
        self.assertEqual(found, expected)

    def assertNothingToDo(self, **values):
        with self.assertRaisesRegex(UserError, "nothing to do"):
            self._start(**values)

    # ------------------------------------------------------------------
    # WHICH LEVEL
    # ------------------------------------------------------------------

    def test_an_item_begins_at_the_level_whose_day_is_today_at_the_latest(self):
        days = {-4: None, -5: self.reminder, -14: self.reminder, -15: self.second}
        self.assertStarts(
            {self._create_invoice(due=day): level for day, level in days.items()}
        )

    def test_the_tone_is_not_exceeded_whatever_the_age(self):
        for tone, level in (
            ("courteous", self.reminder),
            ("firm", self.second),
            ("formal", self.notice),
        ):
            with self.subTest(tone=tone):
                self.assertStarts({self._create_invoice(due=-60): level}, tone=tone)

    def test_formal_levels_are_left_to_be_done_unless_somebody_asks(self):
        self.assertStarts({self._create_invoice(due=-60): self.second})

    def test_a_starting_level_is_no_contact(self):
        self.scenario.contact_gap_days = 10
        self._create_invoice(due=-60)
        self.assertTrue(self._start())
        self.assertPlanned(self._create_invoice(due=-5), "step")

    def test_a_formal_level_has_its_day_too(self):
        self.assertStarts(
            {
                self._create_invoice(due=-29): self.second,
                self._create_invoice(due=-30): self.notice,
            },
            tone="formal",
        )

    def test_a_level_before_the_due_date_is_no_start(self):
        self._create_invoice(due=-1)
        self.assertNothingToDo()

    def test_an_archived_level_is_no_start(self):
        self.second.active = False
        self.assertStarts({self._create_invoice(due=-20): self.reminder})

    def test_levels_are_those_of_the_customer_s_scenario(self):
        other = self._create_scenario([("Other", 3, {})])
        partner = self._create_customer("Other", dunning_scenario_id=other.id)
        self.assertStarts(
            {
                self._create_invoice(due=-20): self.second,
                self._create_invoice(partner, due=-20): other.level_ids,
            }
        )

    # ------------------------------------------------------------------
    # WHICH ITEMS
    # ------------------------------------------------------------------

    def test_what_has_a_level_keeps_it(self):
        reached = self._create_invoice(due=-5)
        self._step(0)
        self._go_to(20)
        new = self._create_invoice(due=0)
        actions = self._start()
        self.assertListed(actions, {new: self.second})
        self.assertEqual(self._reached(reached), self.reminder)

    def test_what_waits_for_an_open_action_is_left_to_it(self):
        self._create_invoice(due=-5)
        [action] = self._run().action_ids
        self.assertNothingToDo()
        self.assertEqual(action.state, "todo")

    def test_what_is_excluded_or_not_due_or_paid_has_no_start(self):
        excluded, paid = [self._create_invoice(due=-20) for _number in range(2)]
        self._items(excluded).no_followup = True
        self._pay(paid)
        self._create_invoice(due=0)
        self.assertNothingToDo()

    def test_starting_twice_is_starting_once(self):
        self._create_invoice(due=-20)
        self._start()
        self.assertNothingToDo()

    def test_another_company_s_items_are_left_alone(self):
        other = self._create_second_company()
        other.dunning_scenario_id = self._create_scenario(
            [("Theirs", 5, {})], company_id=other.id
        )
        theirs = self._create_invoice(due=-20, company=other)
        ours = self._create_invoice(due=-20)
        self.assertStarts({ours: self.second, theirs: None})
        with self.assertRaises(AccessError):
            self._start(company_id=other.id)
        self.assertFalse(self._reached(theirs))

    # ------------------------------------------------------------------
    # WHAT IT LEAVES
    # ------------------------------------------------------------------

    def test_the_history_has_one_action_for_each_customer_and_nothing_is_sent(self):
        other = self._create_customer("Other")
        mine = [self._create_invoice(due=-20, amount=100) for _number in range(2)]
        theirs = self._create_invoice(other, due=-6, amount=50)
        actions = self._start(date=self._day(-3))
        self.assertRecordValues(
            actions.sorted("amount"),
            [
                {
                    "partner_id": partner.id,
                    "amount": amount,
                    "date_due": self._day(due),
                    "date": self._day(-3),
                    "date_done": self._day(-3),
                    "state": "done",
                    "done_user_id": self.manager.id,
                    "company_id": self.company.id,
                    "mail_id": False,
                }
                for partner, amount, due in ((other, 50, -6), (self.customer, 200, -20))
            ],
        )
        self.assertListed(
            actions, {mine[0]: self.second, mine[1]: self.second, theirs: self.reminder}
        )
        self.assertFalse(actions.sending_ids)

    def test_the_gap_counts_from_the_day_on_which_the_level_was_reached(self):
        invoice = self._create_invoice(due=-20)
        self._start(date=self._day(-3), tone="courteous")
        self.assertPlanned(
            invoice, "later", level=self.second, date=7, reason="level_gap"
        )

    def test_the_next_level_follows_the_start(self):
        invoice = self._create_invoice(due=-30)
        self._start()
        action = self._step(1)
        self.assertListed(action, {invoice: self.notice})

    def test_a_text_does_not_fall_back_behind_the_start(self):
        old = self._create_invoice(due=-20)
        self._start()
        state = self.env["dunning.item.state"].search(
            [("move_line_id", "=", self._items(old).id)]
        )
        self.assertEqual(state.tone, TONE_RANKS["firm"])
        new = self._create_invoice(due=-5)
        self.assertListed(self._run(1).action_ids, {new: self.reminder})

    # ------------------------------------------------------------------
    # THE DIALOG
    # ------------------------------------------------------------------

    def test_the_dialog_says_how_many_items_begin_where(self):
        self._create_invoice(due=-6, amount=10)
        self._create_invoice(due=-60, amount=500)
        self._create_invoice(due=-60, amount=300)
        form = WebForm(self.env["dunning.start.levels"].with_user(self.manager))
        self.assertEqual(form.item_count, 3)
        form.tone = "formal"
        dialog = form.save()
        self.assertRecordValues(
            dialog.line_ids,
            [
                {"level_id": self.reminder.id, "item_count": 1, "amount": 10},
                {"level_id": self.notice.id, "item_count": 2, "amount": 800},
            ],
        )
        opened = dialog.action_apply()
        self.assertEqual(opened["res_model"], "dunning.item")

    def test_a_day_to_come_is_refused(self):
        self._create_invoice(due=-20)
        with self.assertRaisesRegex(UserError, "in the future"):
            self._start(date=self._day(1))
        self.assertTrue(self._start(date=self._day(0)))

    def test_collectors_set_no_levels(self):
        self._create_invoice(due=-20)
        dialogs = self.env["dunning.start.levels"].with_user(self.collector)
        with self.assertRaises(AccessError):
            dialogs.create({})
        with self.assertRaises(AccessError):
            self.env["dunning.start.levels"].create({}).with_user(
                self.collector
            ).action_apply()
