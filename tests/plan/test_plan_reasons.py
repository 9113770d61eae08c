from datetime import datetime

from odoo import Command
from odoo.tests import tagged

from odoo.addons.account_dunning.tools.plan import LATER_REASONS, OUT_REASONS

from ..common import DunningCommon


@tagged("post_install", "-at_install")
class TestPlanReasons(DunningCommon):
    """Each reason of the plan, and the entries that dunning reads."""

    def test_every_reason_has_a_label(self):
        labels = self.env["dunning.item"]._get_reason_labels()
        for reason in OUT_REASONS + LATER_REASONS:
            self.assertTrue(labels[reason], reason)

    def test_no_partner_the_entry_has_no_customer(self):
        entry = self._create_entry(due=-5, no_followup=False)
        self._items(entry).partner_id = False
        self.assertPlanned(entry, "out", reason="no_partner", date=None)
        self.assertFalse(self._run().action_ids)

    def test_excluded_the_invoice_is_marked_no_follow_up(self):
        invoice = self._create_invoice(due=-5)
        invoice.no_followup = True
        self.assertPlanned(invoice, "out", reason="excluded")
        invoice.no_followup = False
        self.assertPlanned(invoice, "step")

    def test_excluded_miscellaneous_entries_are_unless_the_company_includes_them(self):
        entry = self._create_entry(due=-5)
        self.assertPlanned(entry, "out", reason="excluded")
        self.company.dunning_include_misc = True
        self.assertPlanned(entry, "step")

    def test_excluded_an_entry_of_a_sales_journal_stays_out_whatever_the_company(self):
        self.company.dunning_include_misc = True
        invoice = self._create_invoice(due=-5)
        invoice.no_followup = True
        self.assertPlanned(invoice, "out", reason="excluded")

    def test_archived_an_archived_customer_is_not_dunned(self):
        invoice = self._create_invoice(due=-5)
        self.customer.active = False
        self.assertPlanned(invoice, "out", reason="archived")
        self.assertFalse(self._run().action_ids)

    def test_no_scenario_nothing_applies_to_the_customer(self):
        self.company.dunning_scenario_id = False
        invoice = self._create_invoice(due=-5)
        self.assertPlanned(invoice, "out", reason="no_scenario", level=None)

    def test_no_level_the_scenario_has_none(self):
        self.company.dunning_scenario_id = self._create_scenario([])
        invoice = self._create_invoice(due=-5)
        self.assertPlanned(invoice, "out", reason="no_level", level=None)

    def test_no_level_all_levels_are_archived(self):
        self.scenario.level_ids.active = False
        self.assertPlanned(self._create_invoice(due=-5), "out", reason="no_level")

    def test_held_the_item_is_on_hold(self):
        invoice = self._create_invoice(due=-5)
        self._create_hold(invoice, date_end=10)
        self.assertPlanned(invoice, "out", reason="held", date=11)

    def test_in_payment_a_payment_waits_for_the_bank(self):
        invoice = self._create_invoice(due=-5)
        self._pay_without_entry(invoice)
        self.assertPlanned(invoice, "out", reason="in_payment")
        self.assertFalse(self._run().action_ids)

    def test_in_payment_an_open_action_is_cancelled_and_comes_back(self):
        invoice = self._create_invoice(due=-5)
        action = self._run().action_ids
        payment = self._pay_without_entry(invoice)
        self.assertRecordValues(
            action, [{"state": "cancelled", "cancel_cause": "in_payment"}]
        )
        payment.action_reject()
        self.assertEqual(action.state, "todo")

    def test_in_payment_a_part_is_being_paid(self):
        invoice = self._create_invoice(due=-5)
        self._pay_without_entry(invoice, 60)
        self.assertPlanned(invoice, "step")
        line = self._run().action_ids.line_ids
        self.assertRecordValues(
            line,
            [{"amount_residual": 100, "amount_withheld": 60, "amount_claimed": 40}],
        )

    def test_in_payment_a_rejected_payment_pays_nothing(self):
        invoice = self._create_invoice(due=-5)
        payment = self._pay_without_entry(invoice)
        payment.action_reject()
        self.assertPlanned(invoice, "step")

    def test_open_action_an_action_waits(self):
        invoice = self._create_invoice(due=-5)
        self._run()
        self.assertPlanned(invoice, "out", 1, reason="open_action", date=0)

    def test_covered_credits_cover_what_is_overdue(self):
        invoice = self._create_invoice(due=-5)
        self._create_payment(amount=100)
        self.assertPlanned(invoice, "out", reason="covered", date=None)

    def test_below_minimum_too_little_is_overdue(self):
        self.scenario.minimum_amount = 100
        invoice = self._create_invoice(due=-5)
        self.assertPlanned(invoice, "out", reason="below_minimum", date=None)

    def test_a_call_that_is_to_follow_a_formal_notice_follows_it(self):
        soft = {"tone": "courteous"}
        *_levels, call = self._set_levels(
            [
                ("Reminder", 5, soft),
                ("Notice", 10, {"tone": "formal"}),
                ("Call", 20, {"channel": "call", "execution": "manual", **soft}),
            ]
        )
        invoice = self._create_invoice(due=-20)
        self._step(-14)
        self._step(-10)
        self.assertPlanned(invoice, "step", 1, level=call)

    def test_last_level_the_scenario_is_at_its_end(self):
        self._set_levels([("Only Level", 5, {})])
        invoice = self._create_invoice(due=-5)
        self._step()
        self.assertPlanned(invoice, "out", 1, reason="last_level", level=None)

    def test_not_due_the_item_is_not_due_yet(self):
        invoice = self._create_invoice(due=4)
        self.assertPlanned(
            invoice, "later", reason="not_due", level=self.scenario.level_ids[0], date=9
        )

    def test_level_date_the_level_has_its_day(self):
        invoice = self._create_invoice(due=-1)
        self.assertPlanned(invoice, "later", -0, reason="level_date", date=4)

    def test_level_gap_the_previous_level_is_too_recent(self):
        invoice = self._create_invoice(due=-50)
        self._step()
        self.assertPlanned(invoice, "later", reason="level_gap", date=1)

    def test_contact_gap_the_customer_was_contacted_recently(self):
        self.scenario.contact_gap_days = 10
        self._create_invoice(due=-5)
        self._step()
        self.assertPlanned(
            self._create_invoice(due=-5), "later", reason="contact_gap", date=10
        )

    def test_open_contact_another_contact_waits(self):
        self._create_invoice(due=-5)
        self._run()
        self.assertPlanned(self._create_invoice(due=-5), "later", reason="open_contact")

    def test_non_working_day_the_day_is_off(self):
        invoice = self._create_invoice(due=0)
        self.assertPlanned(invoice, "later", 5, reason="non_working_day", date=7)

    def test_a_day_that_is_off_is_no_reason_while_another_one_holds(self):
        invoice = self._create_invoice(due=0)
        self.assertPlanned(invoice, "later", 1, reason="level_date", date=7)
        self.scenario.contact_gap_days = 5
        self._create_invoice(due=-5)
        self._step()
        again = self._create_invoice(due=-5)
        self.assertPlanned(again, "later", 1, reason="contact_gap", date=7)
        self.assertPlanned(again, "later", 5, reason="non_working_day", date=7)

    def test_the_first_reason_that_applies_is_told(self):
        invoice = self._create_invoice(due=-5)
        self._create_payment(amount=100)
        self._create_hold(invoice)
        self.customer.active = False
        self.assertPlanned(invoice, "out", reason="archived")
        self.customer.active = True
        self.assertPlanned(invoice, "out", reason="held")

    def test_a_receipt_is_dunned(self):
        receipt = self._create_invoice(due=-5, move_type="out_receipt")
        self.assertPlanned(receipt, "step")

    def test_an_opening_balance_with_follow_up_is_dunned(self):
        entry = self._create_entry(due=-5, no_followup=False)
        self.assertPlanned(entry, "step")

    def test_an_entry_without_due_date_is_due_on_its_date(self):
        entry = self._create_entry(due=-5, no_followup=False, date_maturity=False)
        self.assertFalse(self._items(entry).date_maturity)
        self.assertPlanned(entry, "step")
        self.assertEqual(self._run().action_ids.line_ids.days_late, 5)

    def test_a_down_payment_reduces_what_is_claimed(self):
        # An invoice of 100 less a down payment invoiced before, both in one entry.
        invoice = self._create_invoice(due=-5, amount=100, post=False)
        invoice.invoice_line_ids = [
            Command.create({"name": "Down Payment", "price_unit": -30, "tax_ids": []})
        ]
        invoice.action_post()
        self.assertEqual(self._run().action_ids.line_ids.amount_residual, 70)

    def test_a_draft_or_cancelled_invoice_is_not_planned(self):
        draft = self._create_invoice(due=-5, post=False)
        cancelled = self._create_invoice(due=-5)
        cancelled.button_cancel()
        self.assertNotPlanned(draft | cancelled)

    def test_a_credit_note_has_no_row_of_its_own(self):
        credit_note = self._create_invoice(due=-5, move_type="out_refund")
        self.assertNotPlanned(credit_note)

    def test_a_paid_invoice_is_not_planned(self):
        invoice = self._create_invoice(due=-5)
        self._pay(invoice)
        self.assertNotPlanned(invoice)


@tagged("post_install", "-at_install")
class TestPlanDates(DunningCommon):
    """Calendar: leap days, month ends, time zones, a change of time."""

    def _get_step_date(self, due, delay):
        """Return the day of a level after a due date, on any day of the week."""
        self.company.resource_calendar_id = False
        self._set_levels([("Level", delay, {})])
        due = self._day(due)
        self._go_to(due)
        invoice = self._create_invoice(due=due)
        return self._plan()[self._items(invoice)].date

    def test_dates_a_leap_day_is_a_day_like_another(self):
        self.assertEqual(self._get_step_date("2028-02-28", 1), self._day("2028-02-29"))

    def test_dates_an_invoice_due_on_a_leap_day_counts_from_it(self):
        self.assertEqual(self._get_step_date("2028-02-29", 1), self._day("2028-03-01"))
        self.assertEqual(
            self._get_step_date("2028-02-29", 366), self._day("2029-03-01")
        )

    def test_dates_delays_are_days_whatever_the_month(self):
        self.assertEqual(self._get_step_date("2026-01-31", 30), self._day("2026-03-02"))
        self.assertEqual(self._get_step_date("2026-12-31", 1), self._day("2027-01-01"))

    def test_dates_today_is_that_of_the_company_whatever_the_server(self):
        self._go_to(datetime(2026, 3, 2, 22, 30))
        self.assertEqual(self.company._dunning_today(), self._day("2026-03-02"))
        # In Paris it is half past midnight.
        self._go_to(datetime(2026, 3, 2, 23, 30))
        self.assertEqual(self.company._dunning_today(), self._day("2026-03-03"))

    def test_dates_today_follows_summer_time(self):
        self._go_to(datetime(2026, 7, 1, 22, 30))
        self.assertEqual(self.company._dunning_today(), self._day("2026-07-02"))

    def test_dates_today_does_not_depend_on_the_user(self):
        self.env.user.tz = "Pacific/Honolulu"
        self._go_to(datetime(2026, 3, 2, 23, 30))
        company = self.company.with_context(tz="Pacific/Honolulu")
        self.assertEqual(company._dunning_today(), self._day("2026-03-03"))

    def test_dates_each_company_has_its_own_today(self):
        overseas = self.env["res.company"].create({"name": "Overseas"})
        overseas.resource_calendar_id.tz = "Pacific/Noumea"
        self._go_to(datetime(2026, 3, 2, 14, 0))
        self.assertEqual(overseas._dunning_today(), self._day("2026-03-03"))
        self.assertEqual(self.company._dunning_today(), self._day("2026-03-02"))

    def test_dates_a_run_near_midnight_is_that_of_the_company(self):
        invoice = self._create_invoice(due=-4)
        self._go_to(datetime(2026, 3, 2, 22, 30))
        self.assertFalse(self._run().action_ids)
        self._go_to(datetime(2026, 3, 2, 23, 30))
        run = self._run()
        self.assertEqual(run.date, self._day("2026-03-03"))
        self._execute(run)
        self.assertEqual(run.action_ids.date_done, self._day("2026-03-03"))
        self.assertEqual(self._reached(invoice), self.scenario.level_ids[0])

    def test_dates_the_change_to_summer_time_moves_nothing(self):
        self.scenario.contact_gap_days = 7
        self._go_to("2026-03-27")
        self._create_invoice(due="2026-03-22")
        self._step()
        other = self._create_invoice(due="2026-03-22")
        self.assertPlanned(other, "later", date="2026-04-03", reason="contact_gap")

    def test_dates_a_holiday_that_ends_at_midnight_takes_no_day_more(self):
        # Midnight to midnight in Paris, an hour earlier in UTC.
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Tuesday",
                "company_id": self.company.id,
                "calendar_id": self.company.resource_calendar_id.id,
                "date_from": datetime(2026, 3, 2, 23, 0),
                "date_to": datetime(2026, 3, 3, 23, 0),
            }
        )
        invoice = self._create_invoice(due=-4)
        self.assertPlanned(invoice, "later", date=2, reason="level_date")
        self.assertPlanned(self._create_invoice(due=-5), "step")
        self.assertPlanned(self._create_invoice(due=-3), "later", date=2)

    def test_dates_days_late_are_those_of_the_day_of_the_plan(self):
        invoice = self._create_invoice(due=-5)
        self.assertEqual(self._run().action_ids.days_late, 5)
        item = self.env["dunning.item"].search(
            [("move_line_id", "=", self._items(invoice).id)]
        )
        self.assertEqual(item.days_late, 5)

    def test_dates_the_age_of_an_item_is_that_of_its_last_day_too(self):
        for days, age in ((0, "0"), (1, "1"), (30, "1"), (31, "2"), (60, "2")) + (
            *((61, "3"), (90, "3"), (91, "4"), (180, "4"), (181, "5")),
        ):
            item = self._items(self._create_invoice(due=-days))
            with self.subTest(days=days):
                self.assertEqual(self.env["dunning.item"].browse(item.id).aging, age)

    def test_dates_the_plan_of_a_past_or_future_day_can_be_asked(self):
        invoice = self._create_invoice(due=-5)
        level = self.scenario.level_ids[0]
        self.assertPlanned(invoice, "later", -30, level=level, reason="not_due")
        self.assertPlanned(invoice, "step", 365, level=level)
