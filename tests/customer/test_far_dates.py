from datetime import date as Date

from hypothesis import given
from hypothesis import strategies as st
from psycopg2 import IntegrityError

from odoo.tests import BaseCase, tagged
from odoo.tools import mute_logger

from ...tools import dates, instalments, promises, settlement, working_days
from ..plan_strategies import examples
from ..promises import PromiseCommon

FIRST, LAST = Date.min, Date.max

# The lists and screens of people who work in the company.
LISTS = (
    "dunning.item",
    "dunning.aged.balance",
    "dunning.action",
    "dunning.action.line",
    "dunning.hold",
    "dunning.promise",
    "dunning.promise.line",
    "dunning.dispute",
    "dunning.coverage",
    "dunning.procedure",
)


@tagged("post_install", "-at_install")
class TestFarDatesOfTools(BaseCase):
    """Reckoning with days never leaves the calendar, and always comes to an end."""

    @examples(200)
    @given(st.dates(), st.integers(-(10**9), 10**9))
    def test_a_shifted_day_is_a_day(self, day, days):
        shifted = dates.shift(day, days)
        self.assertTrue(FIRST <= shifted <= LAST)
        if FIRST < shifted < LAST:
            self.assertEqual((shifted - day).days, days)

    @examples(200)
    @given(st.dates(), st.integers(0, 3650), st.integers(0, 30))
    def test_a_working_day_is_found_for_any_day(self, day, count, length):
        days_off = {dates.shift(day, number) for number in range(length)}
        found = working_days.next_working_day(day, days_off)
        self.assertTrue(found >= day)
        self.assertTrue(working_days.previous_working_day(day, days_off) <= day)
        self.assertTrue(working_days.add_working_days(day, count, days_off) >= found)
        self.assertEqual(len(working_days.postponements(days_off)), len(days_off))

    @examples(100)
    @given(st.dates(), st.integers(1, 10**9), st.sampled_from(["week", "month"]))
    def test_a_schedule_is_within_the_calendar_or_refused(self, day, count, unit):
        try:
            plan = instalments.split(10**9, count, day, unit)
        except ValueError:
            return
        self.assertEqual(len(plan), count)
        self.assertTrue(all(FIRST <= date <= LAST for date, _amount in plan))

    @examples(100)
    @given(st.dates(), st.integers(0, 10**6), st.dates())
    def test_a_promise_for_any_day_is_settled(self, day, tolerance, today):
        limit = dates.shift(day, tolerance)
        instalment = promises.Instalment("all", day, 100, limit)
        promise = promises.Promise(1, [instalment], ["item"])
        settled = settlement.settle([promise], [], {"item": 100}, today, 2)
        over = limit < today
        self.assertEqual(settled.standings["all"].state, "broken" if over else "open")


@tagged("post_install", "-at_install")
class TestFarDates(PromiseCommon):
    """Whoever writes 9999-12-31 for "for ever", or types a year 1, breaks no list."""

    def _look(self):
        """Open what people open, and let a day of dunning go by."""
        self.env.flush_all()
        self.env.invalidate_all()
        for name in LISTS:
            model = self.env[name].with_user(self.collector)
            names = [
                field
                for field, described in model.fields_get().items()
                if described["type"] not in ("binary", "html")
            ]
            model.search_read([], names)
        customers = self.customer.with_user(self.collector)
        customers.read([x for x in customers.fields_get() if x.startswith("dunning_")])
        self._group()
        moves = self.env["account.move"].search([("partner_id", "=", customers.id)])
        moves.read(["dunning_next_date", "dunning_out_reason", "dunning_days_late"])
        customers._dunning_get_balances()
        self._step()

    def _group(self):
        """Group lists by each of their days, as people do."""
        for name in LISTS:
            model = self.env[name].with_user(self.collector)
            for field, described in model.fields_get().items():
                if described["type"] == "date" and described.get("groupable"):
                    for part in ("day", "month", "quarter", "year"):
                        groups = model.web_read_group([], [f"{field}:{part}"])
                        for group in groups["groups"]:
                            found = model.search_count(group["__extra_domain"])
                            self.assertEqual(found, group["__count"])

    def assertShown(self, item, **expected):
        self.env.flush_all()
        shown = self.env["dunning.item"].browse(self._items(item).id)
        self.assertRecordValues(shown, [expected])

    def test_an_invoice_due_at_the_end_of_time_is_shown(self):
        invoice = self._create_invoice(due=LAST, date=0)
        self._look()
        self.assertShown(invoice, date_due=LAST, date=LAST, reason="not_due")
        self._pay(invoice, 10)

    def test_an_invoice_due_in_the_year_one_is_shown(self):
        self._set_levels([("Early", -5, {}), ("Late", 5, {})])
        invoice = self._create_invoice(due=FIRST, date=0)
        self._look()
        days = (self.today - FIRST).days
        self.assertShown(invoice, date_due=FIRST, days_late=days)
        self._pay(invoice, 10)

    def test_a_hold_for_ever_is_shown(self):
        hold = self._create_hold(self.old, date_end=LAST)
        self._create_hold(date_end=LAST)
        self._look()
        self.assertShown(self.old, reason="held", date=LAST)
        self._pay(self.old, 10)
        self.assertEqual(hold.state, "active")

    def test_a_promise_for_the_end_of_time_is_shown(self):
        promise = self._promise((LAST, 100), items=self.old)
        self._look()
        self.assertShown(self.old, reason="held", date=LAST)
        self._pay(self.old)
        self.assertEqual(promise.sudo().state, "kept")

    def test_an_action_postponed_to_the_end_of_time_is_shown_and_paid(self):
        action = self._run().action_ids
        action.action_postpone(LAST, "Never again")
        self._look()
        self._pay(self.old, 10)
        self.assertEqual(action.date, LAST)
        self._pay(self.old + self.new, group_payment=True)
        self.assertEqual(action.state, "cancelled")

    def test_a_call_for_the_end_of_time_is_shown(self):
        call = self.env["dunning.action"].create(
            {"partner_id": self.customer.id, "channel": "call", "date": LAST}
        )
        self._look()
        self._pay(self.old)
        self.assertEqual((call.date, call.state), (LAST, "todo"))
        self.assertListed(call, {self.new: None})

    def test_a_dispute_to_settle_at_the_end_of_time_is_shown(self):
        reason = self.env["dunning.reason"].create({"name": "Why", "delay_days": 3650})
        dispute = self.env["dunning.dispute"].create(
            {"move_line_ids": self._items(self.old).ids, "reason_id": reason.id}
        )
        self.assertGreater(dispute.date_deadline, self._day(3650))
        dispute.date_deadline = LAST
        self._look()
        self._pay(self.old)

    def test_plans_of_the_first_and_the_last_day_are_made(self):
        for day in (FIRST, LAST):
            with self.subTest(day=day):
                self.assertTrue(self._plan(day))

    def test_dates_that_no_calendar_has_are_shown_as_the_nearest(self):
        item = self._items(self.old)
        self.env.flush_all()
        for there, shown in (
            ("infinity", LAST),
            ("100000-01-01", LAST),
            ("-infinity", FIRST),
            ("4000-01-01 BC", FIRST),
        ):
            with self.subTest(date=there):
                self.env.cr.execute(
                    "UPDATE account_move_line SET date_maturity = %s WHERE id = %s",
                    (there, item.id),
                )
                self.env.invalidate_all()
                rows = self.env["dunning.item"].search_read(
                    [("id", "=", item.id)], ["date_due"]
                )
                self.assertEqual(rows, [{"id": item.id, "date_due": shown}])
                self.assertTrue(self._plan())

    def test_working_days_are_found_at_both_ends_of_the_calendar(self):
        for day in (FIRST, LAST, Date(9000, 12, 31), Date(1000, 1, 1)):
            with self.subTest(day=day):
                self.assertGreaterEqual(self.company._dunning_get_working_day(day), day)

    def test_days_beyond_reason_are_refused_in_words(self):
        for record, field in (
            (self.scenario.level_ids[0], "delay_days"),
            (self.scenario.level_ids[0], "gap_days"),
            (self.scenario.level_ids[0], "deadline_days"),
            (self.scenario, "contact_gap_days"),
            # Shipped reasons are shared: the limit is the database's.
            (self.env["dunning.reason"].sudo().search([], limit=1), "delay_days"),
            (self.company, "dunning_promise_tolerance"),
            (self.company, "dunning_promise_reminder_days"),
            (self.company, "dunning_question_days"),
            (self.company, "dunning_question_reminder_days"),
        ):
            with (
                self.subTest(field=field),
                mute_logger("odoo.sql_db"),
                self.assertRaises(IntegrityError),
                self.env.cr.savepoint(),
            ):
                record[field] = 2_000_000_000
                self.env.flush_all()
