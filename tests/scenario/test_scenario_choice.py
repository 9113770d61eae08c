from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ..common import DunningCommon


@tagged("post_install", "-at_install")
class TestScenarioChoice(DunningCommon):
    """Invoice, else customer, else first rule that matches, else company, else none."""

    def assertScenario(self, invoice, scenario):
        # Read from the ledger at each look.
        self.env["dunning.item"].invalidate_model()
        item = self.env["dunning.item"].search(
            [("move_line_id", "=", self._items(invoice).id)]
        )
        self.assertEqual(item.scenario_id.name, scenario.name)

    def _create_rule(self, name, domain="[]", **values):
        return self._create_scenario(name=name, partner_domain=domain, **values)

    def test_a_new_customer_begins_with_no_scenario_of_another_company(self):
        other = self._create_second_company()
        theirs = self._create_scenario(company_id=other.id)
        partners = self.env["res.partner"].with_user(self.collector)
        shown = {"dunning_scenario_id": {"fields": {"display_name": {}}}}
        with self.assertRaises(AccessError):
            partners.with_context(default_dunning_scenario_id=theirs.id).onchange(
                {}, [], shown
            )
        self.env["ir.default"].set(
            "res.partner", "dunning_scenario_id", theirs.id, user_id=self.collector.id
        )
        with self.assertRaises(AccessError):
            partners.onchange({}, [], shown)

    def test_a_company_is_dunned_by_no_scenario_of_another_company(self):
        other = self._create_second_company()
        theirs = self._create_scenario(name="Theirs", company_id=other.id)
        both = self._create_user("both", "group_dunning_manager")
        both.company_ids |= other
        allowed = {"allowed_company_ids": (self.company | other).ids}
        settings = self.env["dunning.settings"].with_user(both).with_context(**allowed)
        with self.assertRaises(UserError):
            settings.create({"dunning_scenario_id": theirs.id})
        # Nor as an administrator.
        with self.assertRaises(UserError):
            self.company.sudo().dunning_scenario_id = theirs
        self.assertEqual(self.company.dunning_scenario_id, self.scenario)
        customer = self.customer.with_user(both).with_context(**allowed)
        with self.assertRaises(UserError):
            customer.dunning_scenario_id = theirs
        customer.with_company(other).dunning_scenario_id = theirs
        self.assertFalse(customer.dunning_scenario_id)

    def test_a_branch_is_dunned_by_a_scenario_of_its_parent(self):
        branch = self._create_branch()
        branch.dunning_scenario_id = self.scenario
        self.assertEqual(branch.dunning_scenario_id, self.scenario)

    def test_choice_the_company_default_applies_when_nothing_else_does(self):
        self.assertScenario(self._create_invoice(due=-5), self.scenario)

    def test_choice_a_rule_comes_before_the_company_default(self):
        rule = self._create_rule("Rule", "[('name', '=', 'Customer')]")
        invoice = self._create_invoice(due=-5)
        self.assertScenario(invoice, rule)
        other = self._create_invoice(self._create_customer("Other"), due=-5)
        self.assertScenario(other, self.scenario)

    def test_choice_the_first_rule_by_sequence_applies(self):
        late = self._create_rule("Late", sequence=20)
        early = self._create_rule("Early", sequence=5)
        invoice = self._create_invoice(due=-5)
        self.assertScenario(invoice, early)
        late.sequence = 1
        self.assertScenario(invoice, late)

    def test_choice_the_customer_comes_before_any_rule(self):
        self._create_rule("Rule", sequence=1)
        own = self._create_scenario(name="Own")
        self.customer.dunning_scenario_id = own
        self.assertScenario(self._create_invoice(due=-5), own)

    def test_choice_the_invoice_comes_before_the_customer(self):
        self.customer.dunning_scenario_id = self._create_scenario(name="Customer's")
        own = self._create_scenario(name="Invoice's")
        invoice = self._create_invoice(due=-5, dunning_scenario_id=own.id)
        other = self._create_invoice(due=-5)
        self.assertScenario(invoice, own)
        self.assertScenario(other, self.customer.dunning_scenario_id)

    def test_choice_the_scenario_of_an_invoice_is_not_copied(self):
        own = self._create_scenario(name="Invoice's")
        invoice = self._create_invoice(due=-5, dunning_scenario_id=own.id)
        self.assertFalse(invoice.copy().dunning_scenario_id)

    def test_choice_a_scenario_without_rule_is_not_chosen_by_itself(self):
        self._create_scenario(name="No Rule", sequence=1)
        self.assertScenario(self._create_invoice(due=-5), self.scenario)

    def test_choice_an_archived_scenario_is_passed_over_everywhere(self):
        rule = self._create_rule("Rule")
        customers = self._create_scenario(name="Customer's")
        invoices = self._create_scenario(name="Invoice's")
        self.customer.dunning_scenario_id = customers
        invoice = self._create_invoice(due=-5, dunning_scenario_id=invoices.id)
        for archived, next_one in (
            (invoices, customers),
            (customers, rule),
            (rule, self.scenario),
        ):
            archived.active = False
            self.assertScenario(invoice, next_one)
        self.scenario.sudo().active = False
        self.assertPlanned(invoice, "out", reason="no_scenario")

    def test_choice_a_rule_can_be_on_what_is_overdue(self):
        small = self._create_rule("Small", False, amount_to=100)
        large = self._create_rule("Large", False, amount_from=1000)
        invoice = self._create_invoice(due=-5, amount=99)
        self.assertScenario(invoice, small)
        self._create_invoice(due=-5, amount=1)
        self.assertScenario(invoice, self.scenario)
        self._create_invoice(due=-5, amount=900)
        self.assertScenario(invoice, large)

    def test_choice_a_rule_on_amounts_counts_only_what_is_overdue(self):
        large = self._create_rule("Large", False, amount_from=1000)
        invoice = self._create_invoice(due=-5, amount=100)
        self._create_invoice(due=10, amount=5000)
        self.assertScenario(invoice, self.scenario)
        self._create_invoice(due=-1, amount=900)
        self.assertScenario(invoice, large)

    def test_choice_a_rule_can_be_on_customers_and_amounts_together(self):
        both = self._create_rule("Both", "[('name', '=', 'Customer')]", amount_from=500)
        invoice = self._create_invoice(due=-5, amount=100)
        other = self._create_invoice(self._create_customer("Other"), due=-5, amount=900)
        self.assertScenario(invoice, self.scenario)
        self.assertScenario(other, self.scenario)
        self._create_invoice(due=-5, amount=400)
        self.assertScenario(invoice, both)

    def test_choice_amounts_of_a_rule_are_in_company_currency(self):
        dollar = self.setup_other_currency("USD", rates=[("2020-01-01", 2.0)])
        large = self._create_rule("Large", False, amount_from=100)
        invoice = self._create_invoice(due=-5, amount=199, currency=dollar)
        self.assertScenario(invoice, self.scenario)
        self._create_invoice(due=-5, amount=1, currency=dollar)
        self.assertScenario(invoice, large)

    def test_choice_a_rule_can_follow_relations(self):
        country = self.env.ref("base.be")
        rule = self._create_rule("Belgium", "[('country_id.code', '=', 'BE')]")
        invoice = self._create_invoice(due=-5)
        self.assertScenario(invoice, self.scenario)
        self.customer.country_id = country
        self.assertScenario(invoice, rule)

    def test_choice_a_rule_is_judged_on_the_company_and_not_on_its_contacts(self):
        rule = self._create_rule("Rule", "[('name', '=', 'Customer')]")
        contact = self.env["res.partner"].create(
            {"name": "Contact", "parent_id": self.customer.id}
        )
        self.assertScenario(self._create_invoice(contact, due=-5), rule)

    def test_choice_a_scenario_of_another_company_is_not_chosen(self):
        other = self.env["res.company"].create({"name": "Other Company"})
        self._create_rule("Foreign", sequence=1, company_id=other.id)
        self.assertScenario(self._create_invoice(due=-5), self.scenario)

    def test_the_default_of_a_company_is_not_archived(self):
        manager = self._create_user("archiver", "group_dunning_manager")
        scenario = self._create_scenario(name="Ours")
        self.company.dunning_scenario_id = scenario
        with self.assertRaisesRegex(ValidationError, "Choose another one"):
            scenario.with_user(manager).action_archive()
        self.company.dunning_scenario_id = self._create_scenario(name="Next")
        scenario.with_user(manager).action_archive()
        self.assertFalse(scenario.active)

    def test_choice_a_shared_scenario_can_be_chosen(self):
        shared = self._create_rule("Shared", sequence=1)
        # Only who works in all companies shares a scenario.
        shared_sudo = shared.sudo()
        shared_sudo.company_id = False
        self.assertScenario(self._create_invoice(due=-5), shared)

    def test_choice_the_scenario_of_a_customer_is_by_company(self):
        # Who tests works in one company, and sets the stage in another.
        other_sudo = self.env["res.company"].sudo().create({"name": "Other Company"})
        scenarios_sudo = self.env["dunning.scenario"].sudo()
        own = scenarios_sudo.create({"name": "Own", "company_id": other_sudo.id})
        self.customer.sudo().with_company(other_sudo).dunning_scenario_id = own
        self.assertScenario(self._create_invoice(due=-5), self.scenario)

    def test_choice_the_plan_does_not_depend_on_who_looks(self):
        rule = self._create_rule("Rule", "[('user_id.login', '=', 'collector')]")
        self.customer.user_id = self.collector
        invoice = self._create_invoice(due=-5)
        mine = self.company.with_user(self.collector)._dunning_plan()
        self.assertEqual(mine, self.company.sudo()._dunning_plan())
        self.assertScenario(invoice, rule)


@tagged("post_install", "-at_install")
class TestBranches(DunningCommon):
    """A branch dunns its own items, with the settings of its parents."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.branch = cls._create_branch()
        cls.level = cls.scenario.level_ids[0]

    def test_branch_its_items_are_planned_by_the_branch(self):
        invoice = self._create_invoice(due=-5, company=self.branch)
        self.assertEqual(invoice.company_id, self.branch)
        self.assertNotIn(self._items(invoice), self._plan(company=self.company))
        self.assertIn(self._items(invoice), self._plan(company=self.branch))

    def test_branch_it_takes_the_default_scenario_of_its_parent(self):
        invoice = self._create_invoice(due=-5, company=self.branch)
        self.assertPlanned(invoice, "step", level=self.level)

    def test_branch_its_own_default_scenario_comes_first(self):
        own = self._create_scenario([("Own", 3, {})], name="Own")
        self.branch.dunning_scenario_id = own
        invoice = self._create_invoice(due=-5, company=self.branch)
        self.assertPlanned(invoice, "step", level=own.level_ids)

    def test_branch_rules_of_its_parent_apply(self):
        rule = self._create_scenario([("Rule", 3, {})], partner_domain="[]")
        invoice = self._create_invoice(due=-5, company=self.branch)
        self.assertPlanned(invoice, "step", level=rule.level_ids)

    def test_branch_each_contacts_the_customer_for_its_own_items(self):
        mine = self._create_invoice(due=-5)
        theirs = self._create_invoice(due=-5, company=self.branch)
        first = self._run().action_ids
        second = self._run(company=self.branch).action_ids
        self.assertListed(first, {mine: self.level})
        self.assertListed(second, {theirs: self.level})
        self.assertEqual(second.company_id, self.branch)
