from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..common import DunningCommon
from .test_access_rights import OPERATIONS

READERS = "group_dunning_readonly"
# Rights that the addon gives on Odoo's models, beside those that a group implies: kinds
# of users that have none are not named.
READ = {"auditor": "r", "collector": "r", "manager": "r", "outsider": "r"}
# Employees read the texts of SMS anyway.
TEXTS = {
    "auditor": "r",
    "collector": "r",
    "manager": "crwu",
    "outsider": "crwu",
}
GIVEN = {
    "account.account": READ,
    "account.full.reconcile": READ,
    "account.journal": READ,
    "account.move": READ,
    "account.move.line": READ,
    "account.partial.reconcile": READ,
    "account.payment": READ,
    "account.payment.term": READ,
    "account.payment.term.line": READ,
    "sms.template": TEXTS,
}
# What nobody may change because of dunning, whatever the addon does with it itself.
UNTOUCHED = (
    "account.move",
    "account.move.line",
    "account.partial.reconcile",
    "account.payment",
    "ir.config_parameter",
    "ir.cron",
    "ir.model.access",
    "ir.rule",
    "ir.ui.view",
    "mail.mail",
    "res.company",
    "res.groups",
    "res.users",
)


@tagged("post_install", "-at_install")
class TestOdooRights(DunningCommon):
    """What the addon lets its users do with Odoo's own models, and no more."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        other = cls.env["res.company"].create({"name": "Other Company"})
        employees = {"group_ids": [Command.set(cls.env.ref("base.group_user").ids)]}
        cls.users = {
            "internal": cls._create_user("internal", READERS, **employees),
            "auditor": cls._create_user("auditor", READERS),
            "collector": cls.collector,
            "manager": cls._create_user("manager", "group_dunning_manager"),
            "outsider": cls._create_user("outsider", "group_dunning_manager", other),
        }

    def _as(self, kind, model):
        return self.env[model].with_user(self.users[kind])

    def _get_own(self, model):
        """Return the rights and rules of a kind that come with the addon."""
        data = self.env["ir.model.data"].search(
            [("module", "=", "account_dunning"), ("model", "=", model)]
        )
        return self.env[model].browse(data.mapped("res_id")).exists()

    def _get_operations(self, kind, model):
        access = self._as(kind, "ir.model.access")
        return "".join(
            letter
            for letter, operation in OPERATIONS.items()
            if access.check(model, operation, raise_exception=False)
        )

    def test_the_rights_on_odoo_s_models_are_written_down(self):
        rights = self._get_own("ir.model.access").filtered(
            lambda access: not access.model_id.model.startswith("dunning.")
        )
        self.assertEqual(set(rights.mapped("model_id.model")), set(GIVEN))

    def test_they_are_exactly_these(self):
        found = {
            (model, kind): set(self._get_operations(kind, model))
            for model in GIVEN
            for kind in ("auditor", "collector", "manager", "outsider")
        }
        expected = {key: set(GIVEN[key[0]].get(key[1], "")) for key in found}
        wrong = {key: found[key] for key in found if found[key] != expected[key]}
        self.assertEqual(wrong, {key: expected[key] for key in wrong})

    def test_they_are_given_to_dunning_users_alone(self):
        """To employees and portal users the addon gives nothing."""
        rights = self._get_own("ir.model.access").filtered(
            lambda access: not access.model_id.model.startswith("dunning.")
        )
        self.assertTrue(rights)
        self.assertLessEqual(rights.group_id, self._get_own("res.groups"))
        self.assertTrue(all(access.group_id for access in rights))

    def test_no_field_added_to_odoo_s_models_is_for_everybody(self):
        added = [
            field
            for model in self.env.values()
            if model._original_module != "account_dunning"
            and not (model._abstract or model._transient)
            for field in model._fields.values()
            if "dunning_" in field.name
        ]
        self.assertGreater(len(added), 100)
        for field in added:
            with self.subTest(field=field):
                self.assertTrue(field.groups)

    def test_no_dunning_user_changes_the_ledger_or_the_system(self):
        for kind in ("auditor", "collector", "manager"):
            for model in UNTOUCHED:
                theirs = set(self._get_operations(kind, model)) - {"r"}
                employee = set(self._get_operations("internal", model)) - {"r"}
                with self.subTest(model=model, kind=kind):
                    self.assertLessEqual(theirs, employee)

    def test_auditors_may_do_no_more_than_read_what_employees_may_not(self):
        self.assertIn("account.move", self.env.registry)
        for model in self.env.registry:
            records = self.env[model]
            if records._abstract or records._transient or model.startswith("dunning."):
                continue
            more = set(self._get_operations("auditor", model))
            more -= set(self._get_operations("internal", model))
            with self.subTest(model=model):
                self.assertLessEqual(more, {"r"})

    def test_rules_on_odoo_s_models_widen_nothing_but_reading(self):
        rules = self._get_own("ir.rule").filtered(
            lambda rule: not rule.model_id.model.startswith("dunning.")
        )
        found = {
            rule.model_id.model: "".join(
                letter
                for letter, operation in OPERATIONS.items()
                if rule[f"perm_{operation}"]
            )
            for rule in rules
            if rule.domain_force == "[(1, '=', 1)]"
        }
        self.assertEqual(found, {"account.move": "r", "account.move.line": "r"})

    def test_the_daily_work_is_started_by_credit_managers_alone(self):
        crons = self._get_own("ir.cron")
        self.assertEqual(len(crons), 11)
        runs = self.env["dunning.run"].sudo().search_count([])
        for kind in ("internal", "auditor", "collector"):
            for action in crons.ir_actions_server_id:
                with self.subTest(kind=kind, action=action.name):
                    own = self.env["ir.actions.server"].with_user(self.users[kind])
                    with self.assertRaises(AccessError):
                        own.browse(action.id).run()
        self.assertEqual(self.env["dunning.run"].sudo().search_count([]), runs)

    def test_another_company_s_ledger_stays_closed(self):
        invoice = self._create_invoice(due=-5)
        theirs = self._as("outsider", "account.move")
        self.assertFalse(theirs.search([("company_id", "=", self.company.id)]))
        self.assertFalse(theirs.browse(invoice.id).has_access("read"))
        payments = self._as("outsider", "account.payment")
        self.assertFalse(payments.search([("company_id", "=", self.company.id)]))

    def test_who_may_copy_a_record_of_odoo_s_needs_no_right_on_dunning(self):
        """Odoo reads what it copies, and refuses the whole when it may not."""
        internal = self.users["internal"]
        kept = {
            f"{name}.{field.name}"
            for name, model in self.env(user=internal).items()
            # Companies Odoo does not copy, and users are copied by administrators.
            if not name.startswith("dunning.")
            if name not in ("res.company", "res.users")
            if not model._abstract and not model._transient
            for field in model._fields.values()
            if field.copy and field._module == "account_dunning"
            if not model._has_field_access(field, "read")
        }
        self.assertFalse(kept)
        activities = self.env["mail.activity"].with_user(internal)
        activity = activities.create({"summary": "Call", "user_id": internal.id})
        self.assertEqual(activity.copy().summary, "Call")
