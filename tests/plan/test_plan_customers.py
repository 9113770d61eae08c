from odoo.tests import tagged

from ..common import DunningCommon


@tagged("post_install", "-at_install")
class TestPlanCustomers(DunningCommon):
    """Plans of some customers say what that of the whole ledger says of them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.invoice = cls._create_invoice(due=-5)

    def _get_row(self, company=None, day=None, **options):
        """Return what the plan of a customer says of its only item."""
        company = company or self.company
        options.setdefault("partners", self.customer.ids)
        scope = company._dunning_scope(self._day(day), **options)
        query = self.env["dunning.plan"]._get_query(scope)
        [row] = self.env.execute_query_dict(query)
        return row

    def test_of_what_no_customer_owes_the_plan_says_nothing(self):
        accounts = self.company_data
        entry = self._create_entry(
            account=accounts["default_account_expense"],
            counterparts={accounts["default_account_revenue"]: -100},
        )
        self.assertFalse(entry.dunning_out_reason)
        self.assertEqual(entry.dunning_days_late, 0)

    def test_what_is_due_today_is_not_overdue(self):
        partner = self._create_customer("Punctual")
        for due, overdue in ((0, 0), (-1, 100)):
            self._create_invoice(partner, due=due)
            partner.invalidate_recordset()
            [balance] = partner._dunning_get_balances()
            self.assertEqual(balance["overdue"], overdue)
            self.assertEqual(partner.dunning_overdue, overdue)

    # ------------------------------------------------------------------
    # THE SAME ANSWERS
    # ------------------------------------------------------------------

    def test_the_plan_of_a_customer_is_that_of_the_ledger(self):
        other = self._create_invoice(self.env["res.partner"].create({"name": "Other"}))
        self.assertEqual(self._get_row()["decision"], "step")
        for day in (0, 1, 10):
            row = self._get_row(day=day, partners=other.partner_id.ids)
            rows = self.env.execute_query_dict(
                self.env["dunning.plan"]._get_query(
                    self.company._dunning_scope(self._day(day))
                )
            )
            self.assertIn(row, rows)
            self.assertEqual(row["move_id"], other.id)

    def test_some_actions_may_be_regarded_as_not_existing(self):
        action = self._run().action_ids
        self.assertEqual(self._get_row()["reason"], "open_action")
        row = self._get_row(without_actions=action.ids)
        self.assertEqual(row["decision"], "step")

    def test_days_off_are_those_of_the_day(self):
        self._add_holiday(0)
        self.assertEqual(self._get_row()["reason"], "non_working_day")
        self.assertEqual(self._get_row(any_day=True)["decision"], "step")
        self.assertEqual(self._get_row(day=1)["decision"], "step")

    def test_items_of_contacts_are_those_of_the_customer(self):
        contact = self.env["res.partner"].create(
            {"name": "Accounts", "parent_id": self.customer.id}
        )
        item = self._items(self.invoice)
        item.flush_recordset()
        # As an entry written by an import may have it.
        self.env.cr.execute(
            "UPDATE account_move_line SET partner_id = %s WHERE id = %s",
            [contact.id, item.id],
        )
        self.env.invalidate_all()
        self.assertEqual(self._get_row()["partner_id"], self.customer.id)

    # ------------------------------------------------------------------
    # WHAT CHANGES BETWEEN TWO PLANS
    # ------------------------------------------------------------------

    def test_a_setting_counts_at_once(self):
        self._items(self.invoice).no_followup = True
        self.invoice.journal_id.type = "general"
        self.assertEqual(self._get_row()["reason"], "excluded")
        self.company.dunning_include_misc = True
        self.assertEqual(self._get_row()["decision"], "step")

    def test_a_rule_counts_at_once(self):
        self.assertEqual(self._get_row()["scenario_id"], self.scenario.id)
        scenario = self._create_scenario(
            partner_domain="[('name', 'ilike', 'special')]"
        )
        self.assertEqual(self._get_row()["scenario_id"], self.scenario.id)
        self.customer.name = "Special Customer"
        self.assertEqual(self._get_row()["scenario_id"], scenario.id)

    def test_another_company_has_its_own_rules(self):
        second = self._create_second_company()
        second.dunning_scenario_id = self._create_scenario(company_id=second.id)
        invoice = self._create_invoice(due=-10, company=second)
        rows = {
            company: self._get_row(company)
            for company in (self.company, second, self.company, second)
        }
        self.assertEqual(rows[self.company]["move_id"], self.invoice.id)
        self.assertEqual(rows[second]["move_id"], invoice.id)
        self.assertEqual(rows[second]["scenario_id"], second.dunning_scenario_id.id)
