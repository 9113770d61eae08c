from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import SQL

from ..models import dunning_plan_prepared
from .common import DunningCommon


@tagged("post_install", "-at_install")
class TestPlanPrepared(DunningCommon):
    """Plans of some customers, by a statement that the database prepares once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.invoice = cls._create_invoice(due=-5)

    def setUp(self):
        super().setUp()
        # No rollback takes back what another test has prepared.
        self.env.cr.execute("DEALLOCATE ALL")

    def _get_row(self, company=None, day=None, **options):
        """Return what the plan of a customer says of its only item."""
        company = company or self.company
        options.setdefault("partners", self.customer.ids)
        scope = company._dunning_scope(self._day(day), **options)
        [row] = self.env["dunning.plan"]._plan_customers(scope)
        return row

    def _get_prepared(self):
        """Return the names of the statements that the connection keeps."""
        rows = self.env.execute_query(
            SQL(
                "SELECT name FROM pg_prepared_statements WHERE starts_with(name, %s)",
                dunning_plan_prepared.PREFIX,
            )
        )
        return {name for (name,) in rows}

    # ------------------------------------------------------------------
    # THE SAME ANSWERS
    # ------------------------------------------------------------------

    def test_other_customers_and_days_take_the_same_statement(self):
        other = self._create_invoice(self.env["res.partner"].create({"name": "Other"}))
        action = self._run().action_ids
        self.assertEqual(self._get_row()["reason"], "open_action")
        prepared = self._get_prepared()
        self.assertEqual(len(prepared), 2, "the plan, and how many items there are")
        row = self._get_row(partners=other.partner_id.ids, day=1)
        self.assertEqual(row["move_id"], other.id)
        self.assertEqual(self._get_row(day=10)["days_late"], 15)
        self.assertEqual(self._get_prepared(), prepared)
        # Without some actions the rules are others, whichever actions these are.
        row = self._get_row(without_actions=action.ids)
        self.assertEqual(row["decision"], "step")

    def test_days_off_are_those_of_the_day(self):
        self._add_holiday(0)
        self.assertEqual(self._get_row()["reason"], "non_working_day")
        self.assertEqual(self._get_row(any_day=True)["decision"], "step")
        self.assertEqual(self._get_row(day=1)["decision"], "step")
        self.assertEqual(len(self._get_prepared()), 2)

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

    def test_many_items_are_planned_by_values(self):
        with patch.object(dunning_plan_prepared, "FEW_ITEMS", 0):
            row = self._get_row()
        self.assertEqual(len(self._get_prepared()), 1, "how many there are")
        self.assertEqual(row, self._get_row())

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

    # ------------------------------------------------------------------
    # THE CONNECTION
    # ------------------------------------------------------------------

    def test_a_rollback_takes_no_statement_back(self):
        savepoint = self.env.cr.savepoint()
        row = self._get_row()
        savepoint.close(rollback=True)
        prepared = self._get_prepared()
        self.assertEqual(self._get_row(), row)
        self.assertEqual(self._get_prepared(), prepared)

    def test_a_connection_that_knows_nothing_learns_it(self):
        # As after a restart, or behind a pooler.
        row = self._get_row()
        self.env.cr.execute("DEALLOCATE ALL")
        self.assertEqual(self._get_row(), row)

    def test_a_table_may_get_columns(self):
        row = self._get_row()
        self.env.cr.execute("ALTER TABLE account_move_line ADD COLUMN x_new integer")
        self.env.cr.execute("ALTER TABLE dunning_item_state ADD COLUMN x_new integer")
        self.assertEqual(self._get_row(), row)

    def test_columns_may_get_another_type(self):
        row = self._get_row()
        self.env.cr.execute(
            "ALTER TABLE account_move_line "
            "ALTER COLUMN amount_residual TYPE numeric(16, 2)"
        )
        self.assertEqual(self._get_row(), row)
        self.assertEqual(self._get_row(), row)

    def test_few_statements_are_kept(self):
        kept = dunning_plan_prepared.KEPT_STATEMENTS
        for number in range(kept + 2):
            self._create_scenario(partner_domain=f"[('id', '=', {-1 - number})]")
            self._get_row()
        self.assertEqual(len(self._get_prepared()), kept)

    def test_the_settings_of_the_connection_stay(self):
        self._get_row()
        [(mode,)] = self.env.execute_query(SQL("SHOW plan_cache_mode"))
        self.assertEqual(mode, "auto")
