import os
from datetime import timedelta
from random import Random
from unittest.mock import patch

from odoo import Command
from odoo.tests import tagged

from ..common import DunningCommon

# Longer and other histories on request: DUNNING_DAYS=200 DUNNING_SEED=7 make test
# T=test_progression
DAYS = int(os.environ.get("DUNNING_DAYS", 60))
SEED = int(os.environ.get("DUNNING_SEED", 1))
CUSTOMERS = 10
INVOICES = 4
RANKS = ("courteous", "firm", "formal")
OPEN_STATES = ("to_validate", "todo", "failed")


@tagged("post_install", "-at_install")
class TestProgression(DunningCommon):
    """Months of dunning on a random ledger, a day at a time: runs, sending, people
    who do or do not do their part, payments, holds. Each day the rules must hold."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.random = Random(SEED)
        cls.scenarios = [cls._create_random_scenario(n) for n in range(3)]
        cls.customers = cls.env["res.partner"].create(
            [
                {
                    "name": f"Customer {number}",
                    "email": f"customer{number}@example.com",
                    "dunning_scenario_id": cls.random.choice(cls.scenarios).id,
                }
                for number in range(CUSTOMERS)
            ]
        )
        cls.invoices = cls.env["account.move"].concat(
            *(
                cls._create_invoice(
                    cls.random.choice(cls.customers),
                    cls.random.randint(-60, DAYS),
                    cls.random.choice([5, 40, 100, 400]),
                    move_type=cls.random.choice(["out_invoice"] * 9 + ["out_refund"]),
                    post=False,
                )
                for _number in range(CUSTOMERS * INVOICES)
            )
        )
        cls.invoices.action_post()

    @classmethod
    def _create_random_scenario(cls, number):
        random = cls.random
        delays = random.sample([-10, -3, 1, 4, 8, 15, 25, 40], random.randint(2, 5))
        return cls._create_scenario(
            [
                (
                    f"Level {delay}",
                    delay,
                    {
                        "gap_days": random.choice([0, 3, 10]),
                        "channel": random.choice(["email", "email", "call"]),
                        "execution": random.choice(["automatic", "validate", "manual"]),
                        "tone": random.choice(["courteous", "firm", "formal"]),
                    },
                )
                for delay in sorted(delays)
            ],
            name=f"Scenario {number}",
            contact_gap_days=random.choice([0, 2, 7]),
            minimum_amount=random.choice([0, 10, 60]),
            align_levels=number == 2,
        )

    # ------------------------------------------------------------------
    # LIFE
    # ------------------------------------------------------------------

    def test_the_rules_hold_every_day(self):
        for number in range(DAYS):
            day = self._day(number)
            self._go_to(day)
            # The run of a day now and then does not take place.
            if self.random.random() < 0.9:
                self.company._dunning_run()
                if not number % 5:
                    self.assertFalse(self.company._dunning_run().action_ids, "I1")
            self._check_plan(day)
            self._send()
            self._work(day)
            self._happen(day)
            self._check_history()
        self.assertGreater(len(self._get_done()), CUSTOMERS)

    def _send(self):
        with patch.object(
            self.registry["ir.cron"], "_commit_progress", lambda *args, **kwargs: 1
        ):
            self.env["dunning.action"].sudo()._cron_execute()
        self.env.invalidate_all()

    def _work(self, day):
        """People carry out, approve, postpone or skip some of what is theirs."""
        waiting = self.env["dunning.action"].search(
            [("state", "in", OPEN_STATES), ("date", "<=", day)]
        )
        what = {action: self.random.random() for action in waiting}
        approved = waiting.filtered(
            lambda action: what[action] < 0.5 and action.state == "to_validate"
        )
        approved.action_validate()
        carried_out = waiting.filtered(lambda action: what[action] < 0.5) - approved
        if carried_out:
            carried_out.action_execute()
        postponed = waiting.filtered(lambda action: 0.5 <= what[action] < 0.55)
        postponed.action_postpone(day + timedelta(days=4), "Not today")
        waiting.filtered(lambda action: what[action] > 0.95).action_skip("Not needed")

    def _happen(self, day):
        """Customers pay something, and collectors hold something."""
        unpaid = self.invoices.filtered(
            lambda move: move.move_type == "out_invoice" and move.amount_residual
        )
        if unpaid and self.random.random() < 0.4:
            invoice = self.random.choice(unpaid)
            part = self.random.choice([1, 1, 0.5])
            self._pay(invoice, invoice.amount_residual * part, date=day)
        if unpaid and self.random.random() < 0.1:
            invoice = self.random.choice(unpaid)
            items = self.random.choice([self._items(invoice), None])
            self.env["dunning.hold"].create(
                {
                    "partner_id": invoice.partner_id.id,
                    "move_line_ids": [Command.set(items.ids if items else [])],
                    "amount": self.random.choice([0, 50]),
                    "date_end": day + timedelta(days=self.random.randint(0, 15)),
                    "note": "On request",
                }
            )

    # ------------------------------------------------------------------
    # RULES
    # ------------------------------------------------------------------

    def _check_plan(self, day):
        """Every overdue item has a date or a reason; no step stands for an item that
        is held, covered or too small."""
        self.env.flush_all()
        rows = self.company._dunning_plan(day)
        planned = {row.move_line_id: row for row in rows}
        for item in self._items(self.invoices):
            if item.amount_residual <= 0:
                self.assertNotIn(item.id, planned)
                continue
            row = planned[item.id]
            self.assertTrue(row.date or row.reason, f"I4: {item.display_name}")
            if row.decision == "step":
                self.assertEqual(row.date, day)
            elif row.decision == "later":
                self.assertGreaterEqual(row.date, day)
            else:
                self.assertTrue(row.reason)

    def _get_done(self):
        return self.env["dunning.action"].search(
            [("state", "=", "done"), ("partner_id", "in", self.customers.ids)],
            order="id",
        )

    def _check_history(self):
        new = self._get_done() - self.checked
        for action in new:
            self._check_step(action)
            self._check_tone(action)
            self._check_contact(action, self.checked)
            self.checked += action

    @property
    def checked(self):
        return self.__dict__.setdefault("_checked", self.env["dunning.action"])

    @checked.setter
    def checked(self, actions):
        self.__dict__["_checked"] = actions

    def _check_step(self, action):
        """One level at a time, after the gap; preventive levels before the due date;
        nothing for what cannot be collected."""
        for line in action.line_ids.filtered(
            lambda line: line.state == "done" and line.level_id
        ):
            level, where = line.level_id, f"{line.name} at {line.level_id.name}"
            before = self.checked.line_ids.filtered(
                lambda other, line=line: (
                    other.move_line_id == line.move_line_id
                    and other.state == "done"
                    and other.level_id
                )
            )
            self.assertNotIn(level, before.level_id, f"I2: {where}")
            for other in before:
                gap = (action.date_done - other.action_id.date_done).days
                self.assertGreaterEqual(gap, 1, f"rule 1: {where}")
            if before and not action.scenario_id.align_levels:
                last = before.action_id.sorted("date_done")[-1]
                gap = (action.date_done - last.date_done).days
                self.assertGreaterEqual(gap, level.gap_days, f"rule 1: {where}")
            if level.delay_days < 0:
                self.assertLess(action.date_done, line.date_due, f"rule 2: {where}")
            self.assertGreater(line.amount_claimed, 0, f"I3: {where}")

    def _check_tone(self, action):
        """No text is softer than one the item has had; no second formal notice."""
        if action.channel != "email" or not action.level_id:
            return
        rank = RANKS.index(action.level_id.tone)
        for line in action.line_ids.filtered(lambda line: line.state == "done"):
            for other in self.checked.filtered("level_id"):
                if other.channel != "email" or line.move_line_id not in (
                    other.line_ids.filtered(lambda x: x.state == "done").move_line_id
                ):
                    continue
                where = f"{line.name}: {action.display_name}, {other.display_name}"
                heard = RANKS.index(other.level_id.tone)
                self.assertLessEqual(heard, rank, f"rule 10: {where}")
                if heard == RANKS.index("formal"):
                    self.assertNotEqual(heard, rank, f"rule 10: {where}")

    def _check_contact(self, action, before):
        """What goes out by itself keeps the distance to all other contacts, and to
        days off."""
        if action.execution == "manual" or action.done_user_id == self.env.user:
            # What a person does on a day is the person's decision.
            return
        self.assertLess(action.date_done.weekday(), 5, "rule 5")
        gap = action.scenario_id.contact_gap_days
        for other in before.filtered(lambda o: o.partner_id == action.partner_id):
            days = (action.date_done - other.date_done).days
            self.assertGreaterEqual(days, gap, "rule 5")
