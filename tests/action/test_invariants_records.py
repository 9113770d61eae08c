from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..common import DunningCommon


@tagged("post_install", "-at_install")
class TestRecords(DunningCommon):
    """I4, I5 and I7: everything is explained, kept and true to the ledger."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.level = cls.scenario.level_ids[0]
        cls.other = cls._create_customer("Other")

    # ------------------------------------------------------------------
    # I4
    # ------------------------------------------------------------------

    def test_i4_every_overdue_item_has_a_next_date_or_a_reason(self):
        dollar = self.setup_other_currency("USD", rates=[("2020-01-01", 2.0)])
        account = self.copy_account(self.company_data["default_account_receivable"])
        invoices = self._create_invoice(due=-5)
        for due in (-400, -40, -12, -1, 0, 4, 30):
            invoices |= self._create_invoice(due=due)
            invoices |= self._create_invoice(self.other, due=due, currency=dollar)
        invoices |= self._create_entry(self.other, due=-20)
        invoices |= self._create_entry(due=-20, account=account, no_followup=False)
        nameless = self._create_entry(due=-20, no_followup=False)
        self._items(nameless).partner_id = False
        small = self._create_customer("Small")
        invoices |= nameless | self._create_invoice(small, due=-9, amount=2)
        invoices |= self._create_invoice(
            due=-60, date=-60, terms=self._create_terms((30, 0), (70, 60))
        )
        small.dunning_scenario_id = self._create_scenario(minimum_amount=10)
        self._create_hold(invoices[2])
        self._create_payment(self.other, 150, currency_id=dollar.id)
        for day in range(0, 50, 3):
            self._step(day)
            self._assert_every_item_explained(invoices)

    def _assert_every_item_explained(self, invoices):
        plan = self._plan()
        self.assertEqual(
            set(plan), set(self._items(invoices).filtered(lambda i: not i.reconciled))
        )
        for item, row in plan.items():
            if row.decision == "out":
                self.assertTrue(row.reason, item.display_name)
            else:
                self.assertTrue(row.level_id and row.date, item.display_name)
                self.assertGreaterEqual(row.date, self.company._dunning_today())
            if row.decision == "later":
                self.assertTrue(row.reason, item.display_name)

    # ------------------------------------------------------------------
    # I5
    # ------------------------------------------------------------------

    def _get_done(self):
        self._create_invoice(due=-5)
        action = self._step()
        self.assertEqual(action.state, "done")
        return action

    def test_i5_a_done_action_cannot_be_changed_by_anyone(self):
        action = self._get_done()
        flags = {
            "install_mode": True,
            "force_delete": True,
            "tracking_disable": True,
            "check_move_validity": False,
            "dunning_force": True,
        }
        for record in (
            action,
            action.sudo(),
            action.with_context(**flags),
            action.with_user(self.collector),
        ):
            for values in (
                {"amount": 1},
                {"state": "todo"},
                {"date_done": False},
                {"note": "Never happened"},
                {"user_id": False},
                {"message_ids": [], "amount": 1},
                {"line_ids": [Command.clear()]},
            ):
                with self.assertRaises(UserError), self.env.cr.savepoint():
                    record.write(values)
                    record.flush_recordset()
            with self.assertRaises(UserError):
                record.unlink()
        self.assertRecordValues(action, [{"state": "done", "amount": 100}])
        self.assertEqual(len(action.line_ids), 1)

    def test_i5_lines_of_a_done_action_cannot_be_changed_by_anyone(self):
        action = self._get_done()
        line = action.line_ids
        for record in (line, line.sudo(), line.sudo().with_context(force_delete=True)):
            with self.assertRaises(UserError):
                record.write({"amount_residual": 1})
            with self.assertRaises(UserError):
                record.write({"state": "dropped"})
            with self.assertRaises(UserError):
                record.unlink()
        with self.assertRaises(UserError), self.env.cr.savepoint():
            line.sudo().copy({"level_id": False})
        self.assertEqual(action.line_ids, line)

    def test_i5_the_customer_can_still_be_written_to_about_a_done_action(self):
        action = self._get_done()
        action.message_post(body="They answered")
        self.assertEqual(action.state, "done")

    def test_i5_actions_done_and_open_cannot_be_changed_together(self):
        done = self._get_done()
        self._create_invoice(self.other, due=-5)
        planned = self._run().action_ids
        with self.assertRaises(UserError):
            (done | planned).write({"note": "Both"})
        self.assertFalse(planned.note)

    # ------------------------------------------------------------------
    # I7
    # ------------------------------------------------------------------

    def test_i7_lines_and_items_show_what_the_ledger_says(self):
        dollar = self.setup_other_currency("USD", rates=[("2020-01-01", 2.0)])
        invoices = self.env["account.move"]
        for amount in (0.01, 33.33, 100.10, 12345.67):
            invoices |= self._create_invoice(due=-5, amount=amount)
            invoices |= self._create_invoice(due=-5, amount=amount, currency=dollar)
        self._pay(invoices[2], 11.11)
        action = self._run().action_ids
        self.assertEqual(len(action.line_ids), len(invoices))
        self.assertLedger(action)
        self._pay(invoices[6], 0.67)
        self.assertLedger(action)
        self._execute(action)
        self.assertLedger(action)

    def assertLedger(self, action):
        self.env.flush_all()
        for line in action.line_ids:
            item = line.move_line_id
            self.assertEqual(line.amount_residual, item.amount_residual_currency)
            self.assertEqual(line.currency_id, item.currency_id)
        items = action.line_ids.move_line_id
        self.assertEqual(
            action.company_id.currency_id.round(sum(items.mapped("amount_residual"))),
            action.amount,
        )
        rows = self.env["dunning.item"].search([("partner_id", "=", self.customer.id)])
        rows.invalidate_recordset()
        for row in rows:
            self.assertEqual(
                row.amount_residual, row.move_line_id.amount_residual_currency
            )
            self.assertEqual(row.amount_company, row.move_line_id.amount_residual)

    def test_i7_invoices_show_what_the_plan_says(self):
        invoice = self._create_invoice(due=-5)
        self._step()
        self.assertRecordValues(
            invoice,
            [
                {
                    "dunning_level_id": self.level.id,
                    "dunning_next_date": self._day(10),
                    "dunning_out_reason": False,
                    "dunning_days_late": 5,
                }
            ],
        )
        hold = self._create_hold(invoice)
        invoice.invalidate_recordset()
        self.assertEqual(invoice.dunning_out_reason, "held")
        self.assertFalse(invoice.dunning_next_date)
        found = self.env["account.move"].search([("dunning_out_reason", "=", "held")])
        self.assertEqual(found, invoice)
        hold.action_release()
        found = self.env["account.move"].search(
            [("dunning_next_date", "=", self._day(10))]
        )
        self.assertEqual(found, invoice)

    def test_i7_invoices_are_found_by_their_level_however_it_is_asked_for(self):
        reached = self._create_invoice(due=-5)
        self._step()
        before = self._create_invoice(due=4)
        moves = self.env["account.move"]
        invoices = reached | before
        name = self.level.name
        for domain, found in (
            ([("dunning_level_id", "=", self.level.id)], reached),
            ([("dunning_level_id", "in", self.level.ids)], reached),
            ([("dunning_level_id", "!=", self.level.id)], before),
            ([("dunning_level_id", "=", False)], before),
            ([("dunning_level_id", "ilike", name)], reached),
            ([("dunning_level_id", "not ilike", name)], before),
            ([("dunning_level_id", "ilike", f"not {name}")], moves),
            ([("dunning_level_id.delay_days", "=", self.level.delay_days)], reached),
        ):
            with self.subTest(domain=domain):
                asked = [("id", "in", invoices.ids), *domain]
                self.assertEqual(moves.search(asked), found)


@tagged("post_install", "-at_install")
class TestI6Companies(DunningCommon):
    """I6: a company's users never see or touch another company's items."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.second = cls._create_second_company()
        cls.second.dunning_scenario_id = cls._create_scenario(
            company_id=cls.second.id, name="Theirs"
        )
        cls.invoice = cls._create_invoice(due=-5, company=cls.second)
        cls.their_run = cls.second._dunning_run()
        cls.action = cls.their_run.action_ids
        cls.hold = cls._create_hold(
            partner_id=cls._create_customer("Held").id, company_id=cls.second.id
        )

    def test_i6_users_do_not_see_what_is_of_another_company(self):
        for model, records in (
            ("dunning.action", self.action),
            ("dunning.action.line", self.action.line_ids),
            ("dunning.run", self.their_run),
            ("dunning.hold", self.hold),
            ("dunning.scenario", self.second.dunning_scenario_id),
            ("dunning.level", self.second.dunning_scenario_id.level_ids),
        ):
            theirs = self.env[model].with_user(self.collector)
            self.assertFalse(theirs.search([("id", "in", records.ids)]), model)
            with self.assertRaises(AccessError):
                records.with_user(self.collector).check_access("read")
        items = self.env["dunning.item"].with_user(self.collector).search([])
        self.assertNotIn(self._items(self.invoice).id, items.ids)

    def test_i6_users_do_not_touch_what_is_of_another_company(self):
        action = self.action.with_user(self.collector)
        for method, args in (
            ("action_execute", ()),
            ("action_validate", ()),
            ("action_postpone", (self._day(5), "Mine")),
            ("action_skip", ("Mine",)),
            ("write", ({"note": "Mine"},)),
        ):
            with self.assertRaises(AccessError, msg=method):
                getattr(action, method)(*args)
        with self.assertRaises(AccessError):
            self.hold.with_user(self.collector).action_release()
        self.assertEqual(self.action.state, "todo")
        self.assertEqual(self.hold.state, "active")

    def test_i6_users_do_not_make_actions_or_holds_for_another_company(self):
        for model in ("dunning.action", "dunning.hold"):
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                self.env[model].with_user(self.collector).create(
                    {"partner_id": self.customer.id, "company_id": self.second.id}
                )

    def test_i6_a_user_of_both_companies_sees_those_that_are_chosen(self):
        self.collector.company_ids |= self.second
        actions = self.env["dunning.action"].with_user(self.collector)
        both = actions.with_context(
            allowed_company_ids=(self.company | self.second).ids
        )
        one = actions.with_context(allowed_company_ids=self.company.ids)
        self.assertIn(self.action, both.search([]))
        self.assertNotIn(self.action, one.search([]))
