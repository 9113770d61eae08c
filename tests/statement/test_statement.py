from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..common import DunningCommon
from ..letter.test_letter import ADDRESS

# The day of the clock is March 2, 2026, a Monday.
APRIL_FIRST, APRIL_SECOND = "2026-04-01", "2026-04-02"


@tagged("post_install", "-at_install")
class TestStatement(DunningCommon):
    """Statements of account on a schedule: they say what is open, and claim nothing."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write(
            {"dunning_statement_scope": "all", "dunning_statement_day": 2}
        )

    def _get_statements(self, run):
        return run.action_ids.filtered(lambda action: action.notice == "statement")

    def _state(self, day=None):
        """Run on a day and send its statements."""
        statements = self._get_statements(self._run(day))
        return self._execute(statements) if statements else statements

    # ------------------------------------------------------------------
    # WHAT IT SAYS
    # ------------------------------------------------------------------

    def test_all_that_is_open_is_stated_due_or_not(self):
        self._create_invoice(due=-10, amount=100, ref="PO 7")
        self._create_invoice(due=20, amount=40)
        [statement] = self._state()
        self.assertEqual(statement.state, "done")
        self.assertIn("140.00", statement.amount_text)
        items = statement.notice_details["items"]
        self.assertEqual([item["balance"] for item in items], [100, 40])
        self.assertEqual([item["late"] for item in items], [10, 0])
        body = statement.mail_id.body_html
        self.assertIn("PO 7", body)
        self.assertIn("of which overdue", body)
        self.assertIn("no reminder", body)

    def test_credits_lower_the_balance_and_what_is_due_of_it(self):
        self._create_invoice(due=-10, amount=100)
        self._create_payment(amount=30)
        [statement] = self._state()
        [total] = statement._get_notice_totals()
        self.assertEqual((total.balance, total.credit), (100, 30))
        self.assertEqual((total.claimed, total.overdue), (70, 70))

    def test_currencies_are_never_added_up(self):
        dollar = self._enable_currency("USD")
        self._create_invoice(due=-10, amount=100)
        self._create_invoice(due=-10, amount=50, currency=dollar)
        [statement] = self._state()
        totals = statement._get_notice_totals()
        self.assertEqual(
            {total.currency.name: total.claimed for total in totals},
            {"EUR": 100, "USD": 50},
        )

    def test_what_is_contested_or_promised_is_said(self):
        contested = self._create_invoice(due=-10)
        promised = self._create_invoice(due=-9)
        self._create_invoice(due=-8)
        reason = self.env["dunning.reason"].search([], limit=1)
        self.env["dunning.dispute"].create(
            {"move_line_ids": self._items(contested).ids, "reason_id": reason.id}
        )
        self.env["dunning.promise"].create(
            {
                "partner_id": self.customer.id,
                "move_line_ids": self._items(promised).ids,
                "line_ids": [(0, 0, {"date": self._day(5), "amount": 100})],
            }
        )
        [statement] = self._state()
        said = [item["said"] for item in statement.notice_details["items"]]
        self.assertEqual(said, ["dispute", "promise", False])

    def test_a_promise_that_waits_for_approval_is_not_said(self):
        self.company.dunning_promise_max_amount = 50
        invoice = self._create_invoice(due=-9)
        promises = self.env["dunning.promise"].with_user(self.collector)
        promise = promises.create(
            {
                "partner_id": self.customer.id,
                "move_line_ids": self._items(invoice).ids,
                "line_ids": [(0, 0, {"date": self._day(5), "amount": 100})],
            }
        )
        self.assertEqual(promise.approval, "waiting")
        [statement] = self._state()
        [item] = statement.notice_details["items"]
        self.assertFalse(item["said"])

    def test_what_is_over_is_not_said(self):
        invoice = self._create_invoice(due=-9)
        promise = self.env["dunning.promise"].create(
            {
                "partner_id": self.customer.id,
                "move_line_ids": self._items(invoice).ids,
                "line_ids": [(0, 0, {"date": self._day(5), "amount": 100})],
            }
        )
        promise.action_withdraw()
        reason = self.env["dunning.reason"].search([], limit=1)
        dispute = self.env["dunning.dispute"].create(
            {"move_line_ids": self._items(invoice).ids, "reason_id": reason.id}
        )
        dispute.action_cancel()
        [statement] = self._state()
        [item] = statement.notice_details["items"]
        self.assertFalse(item["said"])

    def test_a_statement_that_was_sent_can_be_told_again_as_it_was(self):
        invoice = self._create_invoice(due=-10)
        [statement] = self._state()
        told = statement.items_table
        self._pay(invoice)
        statement.invalidate_recordset()
        self.assertEqual(statement.items_table, told)

    # ------------------------------------------------------------------
    # IT COUNTS AS NO REMINDER
    # ------------------------------------------------------------------

    def test_it_reaches_no_level_and_begins_no_gap(self):
        self.scenario.contact_gap_days = 10
        invoice = self._create_invoice(due=-3)
        [statement] = self._state()
        self.assertEqual(statement.state, "done")
        self.assertFalse(statement.line_ids)
        self.assertFalse(statement.level_id)
        item = self.env["dunning.item"].browse(self._items(invoice).id)
        self.assertFalse(item.level_id)
        [reminder] = self._run(2).action_ids
        self.assertEqual(reminder.level_id.name, "Reminder")

    def test_skipping_it_puts_nothing_on_hold_and_says_nothing_of_it(self):
        self._create_invoice(due=-10)
        run = self._run()
        statement = self._get_statements(run)
        dialogs = self.env["dunning.action.skip"]
        for actions, held in ((statement, False), (run.action_ids, True)):
            dialog = dialogs.with_context(active_ids=actions.ids).new({})
            self.assertEqual(dialog.has_items, held)

    def test_it_claims_nothing_and_asks_for_no_transfer(self):
        self._create_invoice(due=-10)
        [statement] = self._state()
        self.assertEqual((statement.amount, statement.payment_block), (0, ""))
        self.assertEqual(
            statement._get_kind()._get_totals_to_pay(
                statement, statement._get_notice_totals()
            ),
            [],
        )

    # ------------------------------------------------------------------
    # TO WHOM
    # ------------------------------------------------------------------

    def test_nobody_gets_one_unless_the_company_says_so(self):
        self.company.dunning_statement_scope = "none"
        self.customer.dunning_statement = "monthly"
        self._create_invoice(due=20)
        self.assertFalse(self._state())

    def test_chosen_customers_get_one_and_no_others(self):
        self.company.dunning_statement_scope = "chosen"
        other = self._create_customer("Other")
        self.customer.dunning_statement = "monthly"
        self._create_invoice(due=20)
        self._create_invoice(other, due=20)
        self.assertEqual(self._state().partner_id, self.customer)

    def test_who_does_not_want_one_gets_none(self):
        self._create_invoice(due=20)
        self.customer.dunning_statement = "never"
        self.assertFalse(self._state())

    def test_who_says_so_before_it_leaves_gets_none(self):
        self._create_invoice(due=20)
        [statement] = self._get_statements(self._run())
        self.customer.dunning_statement = "never"
        self._execute(statement)
        self.assertEqual(
            (statement.state, statement.cancel_cause),
            ("cancelled", "statement_declined"),
        )

    def test_customers_without_open_items_get_none(self):
        invoice = self._create_invoice(due=-10)
        self._pay(invoice)
        self._create_payment(self._create_customer("In Credit"), amount=30)
        self.assertFalse(self._state())

    def test_who_pays_before_it_leaves_gets_none(self):
        invoice = self._create_invoice(due=20)
        [statement] = self._get_statements(self._run())
        self._pay(invoice)
        self.assertEqual(
            (statement.state, statement.cancel_cause), ("cancelled", "nothing_open")
        )

    def test_insolvent_customers_and_those_with_a_lawyer_get_none(self):
        for origin in ("insolvency", "litigation"):
            customer = self._create_customer(origin.title())
            invoice = self._create_invoice(customer, due=-10)
            hold = self._create_hold(invoice)
            hold.sudo().origin = origin
        self.assertFalse(self._state())

    def test_whose_lawyer_has_ended_or_works_for_others_gets_one(self):
        other = self._create_second_company()
        self._go_to(-5)
        for name, values in (
            ("Ended", {"date_end": self._day(-1)}),
            ("Released", {"date_released": self._day(-1)}),
            ("Of Others", {"company_id": other.id}),
            ("Other Reason", {"origin": "dispute"}),
        ):
            customer = self._create_customer(name)
            self._create_invoice(customer, due=-10)
            hold = self._create_hold(partner_id=customer.id)
            hold.sudo().write({"origin": "litigation"} | values)
        self.assertEqual(len(self._state(0)), 4)

    def test_each_company_states_its_own_items(self):
        company = self._create_second_company()
        self._create_invoice(due=20)
        self._create_invoice(due=20, amount=70, company=company)
        [statement] = self._state()
        self.assertEqual(len(statement.notice_details["items"]), 1)

    def test_what_another_company_has_stated_keeps_nobody_from_its_own(self):
        company = self._create_second_company(
            dunning_statement_scope="all", dunning_statement_day=2
        )
        self._create_invoice(due=20)
        self._create_invoice(due=20, amount=70, company=company)
        self.assertTrue(self._state())
        self.assertEqual(len(self._get_statements(self._run(company=company))), 1)

    def test_who_has_no_address_gets_a_letter(self):
        self.customer.write(
            {**ADDRESS, "email": False, "country_id": self.env.ref("base.fr").id}
        )
        self._create_invoice(due=20)
        [statement] = self._get_statements(self._run())
        self.assertEqual(statement.channel, "letter")
        statement.action_print()
        self.assertEqual(statement.state, "done")

    # ------------------------------------------------------------------
    # WHEN
    # ------------------------------------------------------------------

    def test_one_goes_out_a_month_on_its_day(self):
        self._create_invoice(due=200)
        self.assertTrue(self._state())
        for day in range(1, 25):
            self.assertFalse(self._state(day))
        self.assertFalse(self._state(APRIL_FIRST))
        self.assertTrue(self._state(APRIL_SECOND))

    def test_quarterly_ones_go_out_in_the_first_month_of_a_quarter(self):
        self.company.dunning_statement_frequency = "quarterly"
        self._create_invoice(due=200)
        self.assertFalse(self._state())
        self.assertTrue(self._state(APRIL_SECOND))

    def test_what_a_customer_has_chosen_comes_first(self):
        self.customer.dunning_statement = "quarterly"
        self._create_invoice(due=200)
        self.assertFalse(self._state())

    def test_a_day_off_is_made_up_for_on_the_next_working_day(self):
        self._add_holiday(0)
        self._create_invoice(due=200)
        self.assertFalse(self._state())
        self.assertTrue(self._state(1))

    def test_a_missed_run_is_made_up_for_within_a_week_and_not_later(self):
        self._create_invoice(due=200)
        self.assertFalse(self._state(8))
        self.assertTrue(self._state("2026-04-09"))

    def test_running_twice_states_once(self):
        self._create_invoice(due=200)
        self.assertEqual(len(self._get_statements(self._run())), 1)
        self._create_invoice(self._create_customer("Late"), due=200)
        self.assertFalse(self._get_statements(self._run()))

    # ------------------------------------------------------------------
    # RIGHTS AND COST
    # ------------------------------------------------------------------

    def test_only_collectors_choose_for_a_customer(self):
        self.customer.with_user(self.collector).dunning_statement = "never"
        reader = self._create_user("reader", "group_dunning_readonly")
        with self.assertRaises(AccessError):
            self.customer.with_user(reader).dunning_statement = "monthly"

    def test_many_statements_cost_as_many_queries_as_few(self):
        def count(customers):
            for customer in customers:
                self._create_invoice(customer, due=20)
            # Where an action comes from is set by the system.
            actions = (
                self.env["dunning.action"]
                .sudo()
                .create(
                    [
                        {
                            "kind": "notice",
                            "notice": "statement",
                            "partner_id": customer.id,
                            "channel": "email",
                        }
                        for customer in customers
                    ]
                )
            )
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            actions.mapped("statement")
            return self.cr.sql_log_count - before

        few = count([self._create_customer(f"A{n}") for n in range(2)])
        many = count([self._create_customer(f"B{n}") for n in range(12)])
        self.assertLessEqual(many, few)

    # ------------------------------------------------------------------
    # BY HAND
    # ------------------------------------------------------------------

    def _prepare_by_hand(self):
        window = self.customer.with_user(self.collector).action_dunning_send_statement()
        return self.env["dunning.action"].browse(window["res_id"])

    def test_a_collector_sends_one_at_any_time_to_who_wants_none_by_itself(self):
        self.customer.dunning_statement = "never"
        self._create_invoice(due=20, amount=40)
        statement = self._prepare_by_hand()
        self.assertEqual((statement.state, statement.user_id), ("todo", self.collector))
        self._cron_execute()
        self.assertEqual(statement.state, "todo")
        statement.with_user(self.collector).action_execute()
        self.assertEqual(statement.state, "done")
        self.assertIn("40.00", statement.mail_id.body_html)

    def test_the_one_that_waits_is_opened_again(self):
        self._create_invoice(due=20)
        self.assertEqual(self._prepare_by_hand(), self._prepare_by_hand())

    def test_nothing_to_state_is_said_at_once(self):
        with self.assertRaisesRegex(UserError, "nothing to state"):
            self._prepare_by_hand()

    def test_an_auditor_sends_none(self):
        auditor = self._create_user("auditor", "group_dunning_readonly")
        self._create_invoice(due=20)
        with self.assertRaises(AccessError):
            self.customer.with_user(auditor).action_dunning_send_statement()
