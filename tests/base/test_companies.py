from collections import Counter

from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger
from odoo.tools.safe_eval import safe_eval

from ..common import DunningCommon
from .registry_common import MARK, RegistryRightsCommon

LOGGERS = ("odoo.models", "odoo.addons.base.models.ir_model", "odoo.sql_db")
RELATIONS = ("many2one", "many2many")
# Followers are Odoo's; who gets a scheduled workbook works in any of its companies.
FREE = {
    "message_partner_ids",
    "dunning.workbook.schedule.recipient_ids",
    "dunning.workbook.schedule.user_ids",
}
# What is set for the company in which one works, whatever that of the record.
SHARED = ("res.partner", "res.users")


@tagged("post_install", "-at_install")
class TestCompanies(RegistryRightsCommon):
    """Who works in two companies names nothing of one in a record of the other, where
    colleagues who work in that one alone would read it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.foreign["res.company"]
        for kind in ("manager", "collector"):
            cls.users[kind].company_ids = [Command.link(cls.other.id)]
        cls.foreign["res.partner"] = cls._create_strange_customer()
        cls.foreign["res.users"] = cls._create_user(
            "strange_collector", "group_dunning_manager"
        )
        cls.foreign["res.users"].write(
            {
                "company_ids": [Command.set(cls.other.ids)],
                "company_id": cls.other.id,
            }
        )
        # The company is none of those in which the user of the tests works.
        journals_sudo = cls.env["account.journal"].sudo()
        cls.foreign["account.journal"] = journals_sudo.search(
            [("company_id", "=", cls.other.id), ("type", "=", "general")], limit=1
        )
        accounts_sudo = cls.env["account.account"].sudo()
        cls.foreign["account.account"] = accounts_sudo.search(
            [("company_ids", "in", cls.other.ids)], limit=1
        )
        cls.foreign["product.product"] = cls.env["product.product"].create(
            {"name": f"{MARK} Penalty", "company_id": cls.other.id}
        )
        cls.env.flush_all()

    @classmethod
    def _create_strange_customer(cls, **values):
        values = {"company_id": cls.other.id, "email": "s@example.com"} | values
        return cls.env["res.partner"].create({"name": f"{MARK} Stranger"} | values)

    def _get_relations(self):
        """Yield each field by which people name what may belong to a company, and
        records to try it on."""
        own = self._get_given_models()
        added = {field.model_name for field in self._get_added_fields()}
        for model in [*own, *sorted(added)]:
            for field in self.env[model]._fields.values():
                if field.type not in RELATIONS or field.comodel_name == "ir.attachment":
                    continue
                if {field.name, str(field)} & FREE:
                    continue
                if model not in own and not field.name.startswith("dunning_"):
                    continue
                if self.foreign.get(field.comodel_name, self.other) != self.other:
                    yield model, field

    def _get_tries(self):
        given = self._get_given_models()
        for model, field in self._get_relations():
            ours = model in given
            sample = self._get_sample("manager", model) if ours else None
            mine = sample.ids if ours else self._get_ids(model)
            foreign = self.foreign[field.comodel_name]
            value = foreign.id
            if field.type == "many2many":
                value = [Command.link(foreign.id)]
            vals = {field.name: value}
            yield model, field, "write", (mine, vals), {}
            if ours:
                context = {f"default_{field.name}": value}
                yield model, field, "create", (self._new_vals(model) | vals,), {}
                yield model, field, "create", (self._new_vals(model),), context

    def _get_owners(self, record):
        if record._name == "res.company":
            return record
        if record._name in SHARED:
            return self.company
        if "company_id" in record._fields:
            # What all share is read in ours as well.
            return record.company_id or self.company
        owners = self.env["res.company"]
        for name, field in record._fields.items():
            if (
                field.type in RELATIONS
                and (field.comodel_name or "").startswith("dunning.")
                and "company_id" in self.env[field.comodel_name]._fields
            ):
                owners |= record[name].company_id
        return owners

    def _try(self, model, field, method, args, context):
        """Return whether a record of ours names what it was given."""
        savepoint = self.env.cr.savepoint()
        try:
            both = (self.company | self.other).ids
            context = {**context, "allowed_company_ids": both}
            result = self._call("manager", model, method, *args, context=context)
            if isinstance(result, Exception):
                return result
            self.env.flush_all()
            self.env.invalidate_all()
            ids = args[0] if method == "write" else [result]
            # What was written is looked at, whoever may read it.
            records_sudo = self.env[model].sudo().with_company(self.company)
            record_sudo = records_sudo.browse(ids)
            named = record_sudo[field.name] & self.foreign[field.comodel_name]
            # A dialog about no company is read by nobody else.
            owners = self._get_owners(record_sudo)
            return bool(named and owners and self.other not in owners)
        except Exception as error:
            return error
        finally:
            savepoint.close(rollback=True)
            self.env.invalidate_all(flush=False)

    # ------------------------------------------------------------------
    # TESTS
    # ------------------------------------------------------------------

    @mute_logger(*LOGGERS)
    def test_no_record_names_what_belongs_to_another_company(self):
        wrong, tried, refused = [], Counter(), Counter()
        for model, field, method, args, context in self._get_tries():
            tried[model] += 1
            result = self._try(model, field, method, args, context)
            if isinstance(result, Exception):
                refused[type(result).__name__] += 1
            elif result:
                wrong.append(f"{method} {field} {list(context)}")
        rows = "\n".join(wrong)
        self.assertFalse(wrong, f"{len(wrong)} of {tried.total()}:\n{rows}")
        self.assertFalse(set(refused) & {"TypeError", "KeyError", "AttributeError"})
        self.assertGreater(len(tried), 30)
        self.assertGreater(refused["ValidationError"], 50)


@tagged("post_install", "-at_install")
class TestCustomersOfCompanies(DunningCommon):
    """Which customers a company's records may name, beside its own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls._create_second_company()
        cls.branch = cls.env["res.company"].create(
            {"name": "Branch", "parent_id": cls.company.id}
        )
        cls.worker = cls._create_user("works_in_all", "group_dunning_manager")
        cls.worker.company_ids |= cls.other | cls.branch
        cls.everywhere = (cls.company | cls.other | cls.branch).ids

    def _as_worker(self, model):
        env = self.env(user=self.worker, su=False)
        return env[model].with_context(allowed_company_ids=self.everywhere)

    def _create_hold(self, partner, company=None):
        return self._as_worker("dunning.hold").create(
            {
                "partner_id": partner.id,
                "company_id": (company or self.company).id,
                "note": "On request",
            }
        )

    def _create_customer_of(self, company):
        return self._create_customer("Customer of One", company_id=company.id)

    def test_a_customer_of_another_company_is_refused_by_name(self):
        stranger = self._create_customer_of(self.other)
        # What the other one has booked on it tells nothing here.
        self._create_invoice(stranger, due=-5, company=self.other)
        with self.assertRaisesRegex(ValidationError, "Customer of One.*belongs to"):
            self._create_hold(stranger)
        self.assertTrue(self._create_hold(stranger, self.other))

    def test_what_would_be_refused_is_not_offered(self):
        self._create_customer_of(self.other)
        for name in (
            "dunning.action",
            "dunning.hold",
            "dunning.cover",
            "dunning.promise.dialog",
            "dunning.dispute.dialog",
        ):
            known = self.env[name].fields_get(["partner_id"], ["domain"])
            offered = {
                company: self.env["res.partner"].name_search(
                    "Customer of One",
                    safe_eval(
                        known["partner_id"]["domain"], {"company_id": company.id}
                    ),
                )
                for company in (self.company, self.other)
            }
            self.assertFalse(offered[self.company], name)
            self.assertEqual(len(offered[self.other]), 1, name)

    def test_a_customer_of_a_branch_is_none_of_its_parent(self):
        with self.assertRaisesRegex(ValidationError, "Customer of One.*belongs to"):
            self._create_hold(self._create_customer_of(self.branch))

    def test_a_shared_customer_and_one_of_the_parent_are_held_by_a_branch(self):
        own = self._create_customer_of(self.company)
        for partner in (self.customer, own):
            self.assertEqual(
                self._create_hold(partner, self.branch).company_id, self.branch
            )

    def test_work_on_a_customer_given_to_another_company_goes_on(self):
        customer = self._create_customer("Given Away")
        self._create_invoice(customer, due=-10)
        action = self.company._dunning_run().action_ids
        customer.company_id = self.other
        action.with_env(self._as_worker("dunning.action").env).note = "Wrote to us"
        self.assertEqual(action.note, "Wrote to us")
        self.assertEqual(self._create_hold(customer).partner_id, customer)
        self.assertEqual(action.state, "cancelled")

    def test_the_system_names_whom_it_finds(self):
        stranger = self._create_customer_of(self.other)
        hold = self.env["dunning.hold"].sudo().create({"partner_id": stranger.id})
        self.assertEqual(hold.company_id, self.company)

    def test_a_default_of_ones_own_names_no_customer_of_another_company(self):
        stranger = self._create_customer_of(self.other)
        holds = self._as_worker("dunning.hold")
        with self.assertRaisesRegex(ValidationError, "belongs to another company"):
            holds.with_context(default_partner_id=stranger.id).create({"note": "Held"})

    def test_settings_take_nothing_of_another_company(self):
        journal = self.env["account.journal"].create(
            {
                "name": "Entries Elsewhere",
                "type": "sale",
                "code": "ELSE",
                "company_id": self.other.id,
            }
        )
        vals = {"dunning_penalty_journal_id": journal.id}
        self.worker.group_ids |= self.env.ref("base.group_system")
        for model in ("dunning.settings", "res.config.settings"):
            with self.assertRaisesRegex(ValidationError, "Entries Elsewhere.*belongs"):
                self._as_worker(model).create(vals)
        with self.assertRaisesRegex(ValidationError, "Entries Elsewhere.*belongs"):
            self._as_worker("res.company").browse(self.company.id).write(vals)

    def test_a_branch_uses_what_its_parent_has(self):
        journal = self.env["account.journal"].search(
            [("company_id", "=", self.company.id), ("type", "=", "sale")], limit=1
        )
        vals = {"company_id": self.branch.id, "dunning_penalty_journal_id": journal.id}
        self._as_worker("dunning.settings").create(vals)
        self.assertEqual(self.branch.dunning_penalty_journal_id, journal)
