import inspect
import math

from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, MissingError, UserError, ValidationError
from odoo.service.model import call_kw
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .rights_common import RightsCommon

# What people can be told, constraints of the database by Odoo: anything else is an
# error of ours.
TOLD = (AccessError, IntegrityError, MissingError, UserError, ValidationError)

NOT_A_NUMBER = (math.nan, math.inf, -math.inf, "x", [1], {"a": 1})
NOT_A_DATE = ("0001-01-01", "2026-02-30", "x", 12, ["2026-01-01"], "2026-01-01\0")
NOT_A_TEXT = ("a\0b", "\ud800", ["a"], {"a": 1})
NOT_A_RECORD = (2**40, -1, "x", 1.5, [1, 2, 3], {"a": 1})
NO_RECORDS = (12, "x", [[9, 1, 1]], [["x"]], [[6, 0, ["x"]]], [[4, 2**40]], {"a": 1})
MADE_UP = {
    "boolean": ([1], {"a": 1}),
    "char": NOT_A_TEXT,
    "date": NOT_A_DATE,
    "datetime": NOT_A_DATE,
    "float": (*NOT_A_NUMBER, 1e300, 10**400),
    "html": NOT_A_TEXT,
    "integer": (*NOT_A_NUMBER, 2**40, 1e300),
    "many2many": (False, *NO_RECORDS),
    "many2one": NOT_A_RECORD,
    "monetary": (*NOT_A_NUMBER, 1e300, 10**400),
    "one2many": (False, *NO_RECORDS),
    "selection": ("no such choice", ["a"], {"a": 1}, "a\0b"),
    "text": NOT_A_TEXT,
}
# As arguments, whatever they are for.
ARGUMENTS = (
    math.nan,
    1e300,
    2**40,
    10**30,
    -1,
    "x",
    "1",
    "a\0b",
    "\ud800",
    "0001-01-01",
    "2026-02-30",
    [1],
    [[1]],
    [2**40],
    {"a": 1},
)
# What Odoo defines, with what it is given.
ODOOS = {
    "copy_data",
    "create",
    "default_get",
    "fields_get",
    "onchange",
    "search_fetch",
    "update_field_translations",
    "write",
}


@tagged("post_install", "-at_install")
class TestEntered(RightsCommon):
    """What cannot be is refused in words, wherever it is entered."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mighty = new_test_user(
            cls.env(su=True, context={"no_reset_password": True}),
            "entered_mighty",
            "base.group_system,base.group_partner_manager,"
            "account.group_account_manager,account_dunning.group_dunning_manager",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )

    def _try(self, function, *args):
        """Do something and take it back.

        :return: what happened that nobody should see
        """
        try:
            with mute_logger("odoo.sql_db", "odoo.http"), self.env.cr.savepoint() as sp:
                function(*args)
                self.env.flush_all()
                sp.rollback()
        except TOLD as error:
            text = str(error)
            return None if text.strip() and "Traceback" not in text else text
        except Exception as error:
            return f"{type(error).__name__}: {error}"
        finally:
            self.env.invalidate_all()
        return None

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    def _get_records(self):
        """Yield a record of each model, and of those of Odoo that have our fields, as
        somebody who may do everything."""
        for record in self.samples.values():
            yield record.sudo(False).with_user(self.mighty)
        for model in ("res.company", "res.users"):
            yield (
                self.env[model]
                .with_user(self.mighty)
                .browse(self.company.id if model == "res.company" else self.mighty.id)
            )
        for dialog in self._create_dialogs(self.mighty).values():
            yield dialog.sudo(False).with_user(self.mighty)

    def test_no_value_of_a_field_gives_an_error_that_nobody_understands(self):
        wrong, tried = [], 0
        for record in self._get_records():
            ours = record._name.startswith("dunning.")
            for name, field in record._fields.items():
                if not (ours or name.startswith("dunning_")) or name == "id":
                    continue
                for value in MADE_UP.get(field.type, ()):
                    for way in (record.write, record.browse().create):
                        tried += 1
                        if problem := self._try(way, {name: value}):
                            wrong.append(
                                (record._name, name, way.__name__, value, problem[:150])
                            )
        self.assertGreater(tried, 3000)
        self.assertFalse(wrong, "\n".join(map(str, wrong)))

    def test_no_value_in_a_form_gives_an_error_that_nobody_understands(self):
        wrong, tried = [], 0
        for record in self._get_records():
            if not record._name.startswith("dunning."):
                continue
            new = record.browse()
            for name, field in record._fields.items():
                for value in MADE_UP.get(field.type, ()):
                    tried += 1
                    if problem := self._try(
                        new.onchange, {name: value}, [name], {name: {}}
                    ):
                        wrong.append((record._name, name, value, problem[:150]))
        self.assertGreater(tried, 1500)
        self.assertFalse(wrong, "\n".join(map(str, wrong)))

    def _is_refused(self, record, values):
        try:
            with mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                record.write(values)
                self.env.flush_all()
        except (IntegrityError, ValidationError):
            return True
        return False

    def test_no_number_of_a_setting_is_without_bounds(self):
        """Whichever it is: but for places in an order."""
        tried = 0
        for record in self._get_records():
            for name, field in record._fields.items():
                ours = record._name.startswith("dunning.") or name.startswith(
                    "dunning_"
                )
                if not ours or field.type != "integer" or name == "sequence":
                    continue
                if field.readonly or not field.store or record.is_transient():
                    continue
                # What nobody may write needs no bounds.
                if not record._has_field_access(field, "write"):
                    continue
                tried += 1
                with self.subTest(model=record._name, field=name):
                    self.assertTrue(self._is_refused(record, {name: 10**6}))
        self.assertGreater(tried, 10)

    def test_nothing_impossible_is_kept(self):
        partner = self.customer.with_user(self.mighty)
        hold = self.hold.sudo(False).with_user(self.mighty)
        for record, name, value, words in (
            (hold, "amount", math.nan, "no number"),
            (hold, "amount", 1e300, "too large"),
            (hold, "note", "a\0b", "character"),
            (hold, "date_end", "0001-01-01", "too long ago"),
            (partner, "dunning_note", "a\0b", "character"),
            (partner, "dunning_channel", "pigeon", "no choice"),
            (
                self.company.with_user(self.mighty),
                "dunning_call_attempts",
                2**40,
                "too",
            ),
        ):
            with (
                self.subTest(name=name, value=value),
                self.assertRaisesRegex(ValidationError, words),
            ):
                record.write({name: value})

    # ------------------------------------------------------------------
    # METHODS
    # ------------------------------------------------------------------

    def _get_methods(self):
        """Yield each public method of ours that is given something."""
        for name, model_class in self.env.registry.items():
            for method_name, method in inspect.getmembers(model_class, callable):
                if method_name.startswith("_") or method_name in ODOOS:
                    continue
                if "account_dunning" not in getattr(method, "__module__", ""):
                    continue
                names = list(inspect.signature(method).parameters)[1:]
                if names and not getattr(method, "_api_private", False):
                    yield name, method_name, method, names

    def test_each_method_says_what_it_can_be_given(self):
        found = 0
        for model, name, method, names in self._get_methods():
            found += 1
            with self.subTest(model=model, method=name):
                self.assertEqual(
                    set(getattr(method, "_dunning_accepts", ())), set(names)
                )
        self.assertGreater(found, 15)

    def test_no_argument_gives_an_error_that_nobody_understands(self):
        samples = self.samples | {"dunning.action": self.call}
        samples |= {d._name: d for d in self._create_dialogs(self.mighty).values()}
        wrong = []
        for model, name, method, names in self._get_methods():
            if model not in samples:
                continue
            record = self.env[model].with_user(self.mighty).browse(samples[model].id)
            ids = [] if getattr(method, "_api_model", False) else [record.ids]
            for argument in names:
                for value in ARGUMENTS:
                    given = {n: "2026-12-31" if "date" in n else "Why" for n in names}
                    given = {
                        n: v
                        for n, v in given.items()
                        if inspect.signature(method).parameters[n].default
                        is inspect.Parameter.empty
                    }
                    given[argument] = value
                    if problem := self._try(call_kw, record, name, ids, given):
                        wrong.append((model, name, argument, value, problem[:150]))
        self.assertFalse(wrong, "\n".join(map(str, wrong)))

    def test_a_history_is_asked_for_by_numbers(self):
        customer = self.customer.with_user(self.users["auditor"])
        for asked in (
            {"offset": 10**30},
            {"offset": math.nan},
            {"company": "1"},
            {"limit": [1]},
        ):
            with self.subTest(asked), self.assertRaises(ValidationError):
                customer.dunning_get_timeline(**asked)

    def test_an_action_is_postponed_to_a_day_of_the_calendar(self):
        action = self.call.with_user(self.users["collector"])
        date = action.date
        for day in ("0001-01-01", "2026-02-30", [1], 12):
            with self.subTest(day), self.assertRaises(UserError):
                action.action_postpone(day, "Asked to")
        self.assertEqual(action.date, date)

    def test_a_context_that_names_no_customers_is_refused_in_words(self):
        items = self.env["dunning.item"].with_user(self.users["auditor"])
        for ids in ("x", ["x"], {"a": 1}, [[1]], [2**40]):
            with self.subTest(ids), self.assertRaises(ValidationError):
                items.with_context(dunning_partner_ids=ids).search([])

    def test_no_record_of_a_context_gives_an_error_that_nobody_understands(self):
        wrong = []
        for model in self.env.registry:
            if not (model.startswith("dunning.") and self.env[model]._transient):
                continue
            for key in ("active_id", "active_ids", "dunning_preview_id"):
                for active in ("res.partner", "account.move", "dunning.action", "x"):
                    for value in ("x", ["x"], [[1]], 2**40, {"a": 1}):
                        context = {"active_model": active, key: value}
                        records = self.env[model].with_user(self.mighty)
                        records = records.with_context(**context)
                        names = list(records._fields)
                        if problem := self._try(records.default_get, names):
                            wrong.append((model, key, active, value, problem[:100]))
        self.assertFalse(wrong, "\n".join(map(str, wrong)))

    # ------------------------------------------------------------------
    # RECORDS OF OTHER COMPANIES, ON ODOO'S MODELS
    # ------------------------------------------------------------------

    def _create_foreign(self):
        company = self.users["outsider"].company_id
        foreign = self.scenario.sudo().copy({"company_id": company.id})
        self.assertFalse(
            self.env["dunning.scenario"]
            .with_user(self.users["collector"])
            .search([("id", "=", foreign.id)])
        )
        return foreign

    def test_a_scenario_of_another_company_is_given_to_no_customer(self):
        foreign = self._create_foreign()
        partners = self.env["res.partner"].with_user(self.users["collector"])
        values = {"dunning_scenario_id": foreign.id}
        with self.assertRaises(AccessError):
            partners.create({"name": "New", **values})
        with self.assertRaises(AccessError):
            partners.with_context(default_dunning_scenario_id=foreign.id).create(
                {"name": "New"}
            )
        with self.assertRaises(AccessError):
            partners.browse(self.customer.id).write(values)
        with self.assertRaises(AccessError):
            partners.browse(self.customer.id).web_save(
                values, {"dunning_scenario_id": {"fields": {"display_name": {}}}}
            )
        self.assertFalse(self.customer.dunning_scenario_id)

    def test_a_line_of_a_form_names_no_record_of_another_company(self):
        company = self.users["outsider"].company_id
        foreign = (
            self.env["res.partner"]
            .sudo()
            .create({"name": "Foreign", "company_id": company.id})
        )
        lines = self.env["dunning.promise.dialog.line"]
        lines = lines.with_user(self.users["collector"])
        own = {"date": str(self.today), "amount": 5}
        spec = {"amount": {}, "currency_id": {"fields": {"display_name": {}}}}
        form = {"partner_id": self.customer.id, "company_id": self.company.id}
        self.assertTrue(lines.onchange(own | {"dialog_id": form}, ["amount"], spec))
        with self.assertRaises(AccessError):
            lines.onchange(
                own | {"dialog_id": form | {"partner_id": foreign.id}}, ["amount"], spec
            )

    def test_one_s_own_defaults_give_no_scenario_of_another_company(self):
        foreign = self._create_foreign()
        collector = self.users["collector"]
        self.env["ir.default"].sudo().set(
            "res.partner", "dunning_scenario_id", foreign.id, user_id=collector.id
        )
        with self.assertRaises(AccessError):
            self.env["res.partner"].with_user(collector).create({"name": "New"})

    def test_relations_of_ours_on_odoo_s_models_name_what_one_may_read(self):
        """Whichever they are."""
        foreign = {
            "dunning.scenario": self._create_foreign(),
            "dunning.action": self.env["dunning.action"],
        }
        company = self.users["outsider"].company_id
        foreign["res.partner"] = (
            self.env["res.partner"]
            .sudo()
            .create({"name": "Foreign", "company_id": company.id})
        )
        foreign["dunning.reason"] = (
            self.env["dunning.reason"]
            .sudo()
            .create({"name": "Foreign", "company_id": company.id})
        )
        tried = 0
        for record in (self.customer, self.invoice, self.company):
            record = record.with_user(self.mighty)
            for name, field in record._fields.items():
                target = foreign.get(field.comodel_name) if field.relational else None
                if not name.startswith("dunning_") or not target or field.readonly:
                    continue
                many = field.type != "many2one"
                value = [Command.link(target.id)] if many else target.id
                with self.subTest(model=record._name, field=name):
                    tried += 1
                    with self.assertRaises(AccessError), self.env.cr.savepoint():
                        record.write({name: value})
        self.assertGreater(tried, 3)

    def test_who_may_do_nothing_about_dunning_still_makes_customers_and_companies(self):
        partner = self.env["res.partner"].with_user(self.users["internal"])
        user = self.users["internal"]
        user.group_ids += self.env.ref("base.group_partner_manager")
        self.customer.dunning_scenario_id = self.scenario
        copied = partner.browse(self.customer.id).copy()
        self.assertTrue(copied)
        user.group_ids += self.env.ref("base.group_erp_manager")
        self.assertTrue(
            self.env["res.company"].with_user(user).create({"name": "Founded"})
        )
