from datetime import timedelta

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .test_call_outcome import CallCommon

FEW, MANY = 2, 12


@tagged("post_install", "-at_install")
class TestCallScreen(CallCommon):
    """The queue of calls, and what the screen shows of each."""

    def _add_calls(self, number):
        customers = [self._create_customer(f"Client {n}") for n in range(number)]
        for customer in customers:
            self._create_invoice(customer, due=-6, amount=100)
        return self._run(0).action_ids.filtered(
            lambda action: action.partner_id in self.call.partner_id.union(*customers)
        )

    def _queue(self, mine=True, user=None):
        actions = self.env["dunning.action"].with_user(user or self.collector)
        return actions.get_call_queue(mine)

    def _read_screen(self, call):
        """Read a call as the screen does."""
        view = self.env.ref("account_dunning.view_call_form")
        arch = call.get_views([(view.id, "form")])["models"]["dunning.action"]
        self.env.invalidate_all()
        names = [name for name in arch["fields"] if name in call._fields]
        return call.read(names)[0]

    # ------------------------------------------------------------------
    # QUEUE
    # ------------------------------------------------------------------

    def test_what_is_most_at_stake_comes_first(self):
        small = self._create_customer("Small")
        self._create_invoice(small, due=-6, amount=10)
        huge = self._create_customer("Huge")
        self._create_invoice(huge, due=-5, amount=90000)
        calls = self._run(0).action_ids
        ids = self._queue()["ids"]
        customers = self.env["dunning.action"].browse(ids).partner_id
        # Records that are equal may still be in another order.
        self.assertEqual(customers.ids, [huge.id, self.customer.id, small.id])
        self.assertLessEqual(set(calls.ids), set(ids))

    def test_late_calls_are_today_s_and_later_ones_are_not(self):
        self._go_to(2)
        self.assertIn(self.call.id, self._queue()["ids"])
        self.call.action_postpone(self._day(3), "Back tomorrow")
        self.assertNotIn(self.call.id, self._queue()["ids"])

    def test_a_call_for_this_afternoon_waits_at_the_end(self):
        other = self._add_calls(1)
        self._answer("no_answer", retry="today")
        ids = self._queue()["ids"]
        self.assertEqual(ids[-1], self.call.id)
        self.assertIn(other.id, ids)
        self._go_to(fields.Datetime.now() + timedelta(hours=4))
        self.assertEqual(self._queue()["ids"][0], self.call.id)

    def test_mine_are_those_of_the_collector(self):
        colleague = self._create_user("colleague", "group_dunning_collector")
        later = {"partner_id": self._create_customer("Later").id, "date": self._day(5)}
        self.env["dunning.action"].create(later | {"user_id": colleague.id})
        self.assertEqual(self._queue(user=colleague)["ids"], [])
        self.assertEqual(self._queue(False, user=colleague)["ids"], self.call.ids)

    def test_who_makes_no_calls_sees_those_of_all(self):
        manager = self._create_user("boss", "group_dunning_manager")
        self.assertEqual(
            self._queue(user=manager),
            {"ids": self.call.ids, "done": 0, "mine": False},
        )

    def test_calls_made_today_count_as_progress(self):
        self._answer("cash")
        self.assertEqual(self._queue(), {"ids": [], "done": 1, "mine": True})
        self._go_to(1)
        self.assertEqual(self._queue()["done"], 0)

    def test_a_call_counts_as_progress_of_who_made_it(self):
        colleague = self._create_user("colleague", "group_dunning_collector")
        self._answer("cash", self.call.with_user(colleague))
        self.assertEqual(self.call.user_id, self.collector)
        self.assertEqual(self._queue()["done"], 0)
        self.assertEqual(self._queue(user=colleague)["done"], 1)

    def test_attempts_and_promises_count_as_work_of_the_day(self):
        [other, third] = self._add_calls(2).with_user(self.collector)
        self._answer("no_answer")
        self.assertEqual(self._queue()["done"], 1, "to be tried again tomorrow")
        self._answer("promise", other, date=self._day(8))
        self._answer("cash", third, amount=0)
        queue = self._queue()
        self.assertEqual((queue["ids"], queue["done"]), ([], 3))
        params = self.call.browse().action_open_calls()["params"]
        self.assertEqual(
            [params[name] for name in ("ended", "attempts", "promises")], [2, 1, 1]
        )
        self.assertIn("100.00", params["promised"])

    def test_an_attempt_for_later_today_is_not_done(self):
        self._answer("no_answer", retry="today")
        self.assertEqual(self._queue()["done"], 0)

    def test_the_queue_is_that_of_ones_companies(self):
        other = self._create_second_company()
        stranger = self._create_user(
            "stranger", "group_dunning_collector", company=other
        )
        self.assertEqual(self._queue(False, user=stranger)["ids"], [])

    def test_the_menu_opens_the_first_call(self):
        window = self.call.browse().action_open_calls()
        self.assertEqual(window["res_id"], self.call.id)
        self.assertEqual(window["views"][0][1], "form")

    def test_without_calls_the_menu_says_what_comes_next(self):
        self._answer("not_approved", next_date=self._day(4))
        window = self.call.browse().action_open_calls()
        self.assertEqual(window["tag"], "account_dunning.calls_done")
        self.assertEqual(window["params"]["done"], 1)
        self.assertEqual(
            window["params"]["days"], [{"date": "Friday, March 6", "count": 1}]
        )

    def test_the_first_of_a_month_is_an_ordinal_in_french(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        calls = self.call.browse().with_context(lang="fr_FR")
        first = self._day("2026-12-01")
        self.assertEqual(calls._format_weekday(first), "mardi 1er décembre")

    # ------------------------------------------------------------------
    # SCREEN
    # ------------------------------------------------------------------

    def test_the_screen_says_whom_to_call_and_when_it_was_last(self):
        self.assertEqual(self.call.last_exchange_label, "Never contacted")
        contact = self._create_customer(
            "Marie", parent_id=self.customer.id, phone="0199001122", lang="en_US"
        )
        self.customer.dunning_contact_id = contact
        self.env.invalidate_all()
        self.assertEqual(self.call.contact_phone, "0199001122")
        self.assertEqual(self.call.phone_partner_ids, self.customer)
        self._answer("not_approved")
        again = self._get_next()
        self._go_to(3)
        self.env.invalidate_all()
        self.assertEqual(again.last_exchange_label, "3 days ago")

    def test_what_is_said_today_is_said_today_wherever_who_reads_it_is(self):
        self.customer.message_post(body="Spoke to Marie", message_type="comment")
        for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago"):
            call = self.call.with_context(tz=zone)
            self.assertEqual(call.last_exchange_label, "Today", zone)

    def test_a_note_of_the_system_is_no_exchange(self):
        for record in (self.customer, self.call):
            record.message_post(body="Noted", message_type="notification")
        self.assertEqual(self.call.last_exchange_label, "Never contacted")

    def test_a_collector_reads_all_of_the_screen(self):
        values = self._read_screen(self.call)
        self.assertIn("1,500.00", values["amount_text"])
        self.assertIn(self.old.name, str(self.call.line_ids.mapped("display_name")))

    def test_opening_a_call_takes_as_many_queries_in_a_long_queue(self):
        self._add_calls(FEW)
        counts = []
        for number in (0, 0, MANY):
            self._add_calls(number)
            self._read_screen(self.call)
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self._queue()
            self._read_screen(self.call)
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])

    # ------------------------------------------------------------------
    # SCRIPT
    # ------------------------------------------------------------------

    def test_a_script_speaks_of_this_customer(self):
        self.call.level_id.sudo().instructions = (
            "{{ object.partner_id.name }} owes {{object.amount_text}}, the oldest "
            "{{ object.oldest_number }}, {{ object.days_late }} days late."
        )
        self.assertEqual(
            self.call.script,
            f"Customer owes {self.call.amount_text}, the oldest {self.old.name}, "
            "12 days late.",
        )

    def test_a_script_speaks_of_one_item_or_of_several(self):
        self.call.level_id.sudo().instructions = "Have you received [it|them]?"
        self.assertEqual(self.call.script, "Have you received them?")
        self._pay(self.old)
        self.env.invalidate_all()
        self.assertEqual(self.call.script, "Have you received it?")

    def test_names_in_a_script_are_not_read_as_fields(self):
        self.customer.name = "{{ object.amount_text }}"
        self.call.level_id.sudo().instructions = "{{ object.partner_id.name }}"
        self.assertEqual(self.call.script, "{{ object.amount_text }}")

    def test_unknown_fields_are_refused_at_saving(self):
        level = self.scenario.level_ids[0]
        for text in (
            "{{ object.secret }}",
            "{{ object.env.cr }}",
            "{{ 1 + 1 }}",
            "{{ object.amount_text",
        ):
            with (
                self.subTest(text=text),
                self.assertRaisesRegex(ValidationError, "object.amount_text"),
            ):
                level.instructions = text

    def test_a_translated_script_is_checked_too(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        level = self.scenario.level_ids[0]
        level.instructions = "Call"
        with self.assertRaises(ValidationError):
            level.update_field_translations(
                "instructions", {"fr_FR": "{{ object.secret }}"}
            )

    def test_a_call_planned_by_hand_has_the_script_of_the_last_one(self):
        self.call.level_id.sudo().instructions = "Ask for {{ object.amount_text }}"
        self._answer("cash")
        again = self._get_next()
        self.assertEqual(again.script, f"Ask for {again.amount_text}")

    def test_a_call_planned_by_hand_takes_no_instructions_of_a_letter(self):
        first, second = self.scenario.level_ids.sorted("delay_days")
        (first | second).sudo().write({"instructions": "Ask", "channel": "call"})
        self._answer("cash")
        again = self._get_next()
        self.assertEqual(again.script, "Ask")
        first.sudo().write({"instructions": "Look at the letter", "channel": "letter"})
        again.invalidate_recordset(["script"])
        self.assertEqual(again.script, "Ask")

    def test_the_scripts_that_come_with_the_addon_are_filled_in(self):
        calls = self.env["dunning.level"].search(
            [
                ("channel", "=", "call"),
                ("instructions", "!=", False),
                ("scenario_id.active", "in", (True, False)),
            ]
        )
        shipped = calls.filtered(lambda level: level.get_external_id()[level.id])
        self.assertEqual(set(shipped.mapped("tone")), {"courteous", "firm"})
        for level in shipped:
            with self.subTest(level=level.name):
                self.call.sudo().level_id = level
                self.assertIn("{{", level.instructions)
                self.assertNotIn("{{", self.call.script)
                self.assertIn(self.old.name, self.call.script)
