from odoo import Command
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tests import tagged

from ..common import DunningCommon


@tagged("post_install", "-at_install")
class TestRuleAttack(DunningCommon):
    """A rule is no way to ask what one may not read: which customers it finds is seen
    in every list."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._create_user("manager", "group_dunning_manager")
        cls.other = cls._create_second_company()
        cls.mine = cls._create_invoice(due=-5, amount=100)
        cls.theirs = cls._create_invoice(due=-5, amount=4711, company=cls.other)
        cls.message = cls.theirs.with_company(cls.other).partner_id.message_post(
            body="They told that they are short of cash"
        )
        cls.message.sudo().record_company_id = cls.other

    def _write_rule(self, domain):
        return (
            self.env["dunning.scenario"]
            .with_user(self.manager)
            .create({"name": "Rule", "partner_domain": str(domain), "sequence": 1})
        )

    def _finds(self, domain):
        """Return whether a rule of the manager applies to the customer."""
        rule = self._write_rule(domain)
        items = self.env["dunning.item"].with_user(self.manager)
        items.invalidate_model()
        item = items.search([("move_line_id", "=", self._items(self.mine).id)])
        found = item.scenario_id == rule
        rule.unlink()
        return found

    def test_a_rule_sees_no_invoice_of_another_company(self):
        # Each company counts its invoices for itself.
        number = self._create_invoice(due=-5, company=self.other).name
        self.assertNotEqual(number, self.mine.name)
        for domain in (
            [("invoice_ids.amount_residual", "=", 4711)],
            [("invoice_ids", "any", [("amount_residual", ">", 1000)])],
            [("invoice_ids.line_ids.amount_residual", ">", 1000)],
            [("invoice_ids.company_id.name", "=", self.other.name)],
            [("invoice_ids.company_id", "=", self.other.id)],
            [("invoice_ids", "in", self.theirs.ids)],
            [("invoice_ids", "=", self.theirs.id)],
            ["!", ("invoice_ids", "not in", self.theirs.ids)],
            ["!", ("invoice_ids", "not any", [("amount_residual", ">", 1000)])],
            ["!", "!", ("invoice_ids.amount_residual", ">", 1000)],
            [("child_ids.invoice_ids.amount_residual", ">", 1000)],
            [("message_ids.body", "ilike", "short of cash")],
        ):
            with self.subTest(domain):
                self.assertFalse(self._finds(domain))
        self.assertFalse(self._finds([("invoice_ids", "ilike", number)]))

    def test_a_rule_sees_no_dispute_or_promise_of_another_company(self):
        fields = self.env["res.partner"]._fields.values()
        ours = [
            field
            for field in fields
            if field.relational and (field.comodel_name or "").startswith("dunning.")
        ]
        for field in ours:
            comodel = self.env[field.comodel_name]
            if "company_id" not in comodel._fields or not field._description_searchable:
                continue
            with self.subTest(field.name):
                path = f"{field.name}.company_id"
                self.assertFalse(self._finds([(path, "=", self.other.id)]))

    def test_a_rule_sees_the_invoices_of_its_company(self):
        for domain in (
            [("invoice_ids.amount_residual", "=", 100)],
            [("invoice_ids", "any", [("amount_residual", "<", 1000)])],
            [("invoice_ids", "in", self.mine.ids)],
            [("invoice_ids", "=", self.mine.id)],
            [("invoice_ids", "!=", False)],
            [("invoice_ids", "ilike", self.mine.name)],
            [("invoice_ids", "not in", self.theirs.ids)],
            [("invoice_ids", "not any", [("amount_residual", ">", 1000)])],
            ["!", ("invoice_ids.amount_residual", ">", 1000)],
            [("invoice_ids.company_id", "=", self.company.id)],
        ):
            with self.subTest(domain):
                self.assertTrue(self._finds(domain))
        for domain in (
            [("invoice_ids", "=", False)],
            [("invoice_ids", "not in", self.mine.ids)],
            [("invoice_ids.amount_residual", ">", 1000)],
        ):
            with self.subTest(domain):
                self.assertFalse(self._finds(domain))

    def test_a_rule_on_what_companies_share_is_as_before(self):
        tag = self.env["res.partner.category"].create({"name": "Good"})
        self.customer.write(
            {
                "category_id": [Command.set(tag.ids)],
                "country_id": self.env.ref("base.be").id,
                "user_id": self.manager.id,
            }
        )
        for domain in (
            [("category_id", "in", tag.ids)],
            [("category_id", "=", "Good")],
            [("category_id.name", "ilike", "goo")],
            [("country_id.code", "=", "BE")],
            [("country_id", "!=", False)],
            [("user_id", "=", self.manager.id)],
            [("user_id.login", "=", "manager")],
            [("parent_id", "=", False)],
            [("parent_id", "=?", False)],
            ["|", ("name", "=", "Nobody"), ("is_company", "in", [True, False])],
        ):
            with self.subTest(domain):
                self.assertTrue(self._finds(domain))

    def test_a_relation_holds_some_of_what_is_seen_or_none(self):
        seen = Domain("company_id", "=", 1)
        some = Domain("invoice_ids", "any", seen)
        ids = Domain("id", "in", [7]) | Domain("display_name", "in", [])
        names = Domain("id", "in", []) | Domain("display_name", "in", ["Name"])
        chosen = Domain("invoice_ids", "any", ids & seen)
        none = Domain("invoice_ids", "any", names.FALSE & seen)
        for operator, value, found in (
            ("=?", False, Domain.TRUE),
            ("=?", 7, chosen),
            ("=", 7, chosen),
            ("in", [7], chosen),
            ("=", "Name", Domain("invoice_ids", "any", names & seen)),
            ("=", True, some),
            ("in", [True], some),
            ("=", False, none | ~some),
            ("in", [7, False], chosen | ~some),
            ("in", [True, False], some | ~some),
            (
                "child_of",
                7,
                Domain("invoice_ids", "any", Domain("id", "child_of", 7) & seen),
            ),
            (
                "ilike",
                "Na",
                Domain(
                    "invoice_ids", "any", Domain("display_name", "ilike", "Na") & seen
                ),
            ),
        ):
            with self.subTest(operator=operator, value=value):
                choice = self.env["dunning.scenario"]._restrict_choice(
                    "invoice_ids", operator, value, seen
                )
                partners = self.env["res.partner"]
                self.assertEqual(choice.optimize(partners), found.optimize(partners))

    def test_a_rule_of_a_parent_sees_what_the_branch_owns(self):
        branch = self._create_branch()
        rule = self._create_scenario(
            name="Large",
            sequence=1,
            partner_domain="[('invoice_ids.amount_residual', '>', 1000)]",
        )
        large = self._create_invoice(due=-5, amount=2000, company=branch)
        items = self.env["dunning.item"]
        items.invalidate_model()
        scenarios = {
            invoice: items.search([("move_line_id", "=", self._items(invoice).id)])
            for invoice in (self.mine, large)
        }
        self.assertEqual(scenarios[large].scenario_id, rule)
        self.assertNotEqual(scenarios[self.mine].scenario_id, rule)

    def test_a_rule_asks_nothing_that_its_author_may_not_read(self):
        for domain in (
            [("signup_type", "=", False)],
            ["!", ("signup_type", "=", False)],
            [("child_ids.signup_type", "!=", False)],
            [("child_ids", "any", [("signup_type", "!=", False)])],
        ):
            with self.subTest(domain):
                with (
                    self.assertRaisesRegex(ValidationError, "cannot be used"),
                    self.env.cr.savepoint(),
                ):
                    self._write_rule(domain)
        rule = self._write_rule([("name", "=", "Nobody")])
        with (
            self.assertRaisesRegex(ValidationError, "signup_type"),
            self.env.cr.savepoint(),
        ):
            rule.partner_domain = "[('signup_type', '=', False)]"
        self.env.invalidate_all()
        self.assertEqual(rule.partner_domain, "[('name', '=', 'Nobody')]")
