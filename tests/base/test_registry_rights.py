from collections import Counter
from itertools import product

import psycopg2

from odoo import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .registry_common import AMOUNT, MARK, MORE_GROUPS, RegistryRightsCommon

INSIDE = ("auditor", "collector", "manager")
OUTSIDE = ("none", "portal", "internal", "salesperson", *MORE_GROUPS)
# What people of the house may be asked about without any right on dunning.
ASKED = ("dunning.dispute", "dunning.dispute.document", "dunning.dispute.question")
# What an answer about nothing has beside.
BESIDE = ("id", "__count", "__domain", "__extra_domain")
LOGGERS = ("odoo.models", "odoo.addons.base.models.ir_model", "odoo.sql_db")


@tagged("post_install", "-at_install")
class TestRegistryRights(RegistryRightsCommon):
    """Each field × each kind of user × each way to read it."""

    @classmethod
    def _is_answer(cls, result):
        """Return whether something was learnt: neither an error nor a list of
        nothing."""
        if isinstance(result, Exception):
            return False
        if isinstance(result, dict):
            return any(cls._is_answer(value) for value in result.values())
        if isinstance(result, list):
            return any(
                any(value for name, value in row.items() if name not in BESIDE)
                if isinstance(row, dict)
                else row
                for row in result
            )
        return bool(result)

    def _find_answers(self, kinds, fields, get_readings):
        """Try each way to read each field as each kind of user.

        :return: list of what was answered, and the number of tries by kind
        """
        answers, tried = [], Counter()
        for kind, field in product(kinds, fields):
            ids = self._get_ids(field.model_name)
            savepoint = self.env.cr.savepoint(flush=False)
            for label, method, args in get_readings(field, ids):
                tried[kind] += 1
                result = self._call(kind, field.model_name, method, *args)
                if isinstance(result, psycopg2.Error):
                    savepoint.rollback()
                if self._is_answer(result):
                    answers.append(f"{kind}: {label} {field} {result}"[:160])
            savepoint.close(rollback=False)
        return answers, tried

    def _check_answers(self, kinds, fields, get_readings):
        answers, tried = self._find_answers(kinds, fields, get_readings)
        rows = "\n".join(answers[:50])
        self.assertEqual(len(answers), 0, f"{len(answers)} were answered:\n{rows}")
        self.assertEqual(set(tried), set(kinds))
        self.assertGreater(min(tried.values()), 5 * len(fields))

    def _get_foreign_values(self, field):
        """Yield the values by which a field names a record of the other company."""
        foreign = self.foreign.get(field.comodel_name)
        if not foreign:
            return
        if field.type == "many2one":
            yield foreign.id
            return
        yield [Command.link(foreign.id)]
        yield [Command.set(foreign.ids)]
        yield [Command.update(foreign.id, {})]

    def _get_foreign_tries(self):
        """Yield each way to give a record of ours one of the other company's."""
        for model in self._get_given_models():
            everything = {
                name: {"fields": {"display_name": {}}} if field.relational else {}
                for name, field in self.env[model]._fields.items()
            }
            mine = self._get_sample("manager", model).ids
            for field in self.env[model]._fields.values():
                if not field.relational or field.name in ("create_uid", "write_uid"):
                    continue
                for value in self._get_foreign_values(field):
                    vals = {field.name: value}
                    context = {f"default_{field.name}": value}
                    ids = self.foreign[field.comodel_name].ids
                    context["active_ids"] = ids
                    context["active_id"] = ids[0]
                    context["active_model"] = field.comodel_name
                    names = [field.name]
                    yield model, field, "onchange", ([], vals, names, everything), {}
                    yield model, field, "onchange", (mine, vals, names, everything), {}
                    yield model, field, "onchange", ([], {}, [], everything), context
                    yield model, field, "onchange", ([], dict(vals), [], everything), {}
                    yield model, field, "default_get", (list(everything),), context
                    yield model, field, "create", (self._new_vals(model) | vals,), {}
                    yield model, field, "create", (self._new_vals(model),), context
                    yield model, field, "write", (mine, vals), {}

    # ------------------------------------------------------------------
    # TESTS
    # ------------------------------------------------------------------

    @mute_logger(*LOGGERS)
    def test_a_record_of_another_company_that_is_given_tells_nothing(self):
        wrong, tried, errors = [], Counter(), Counter()
        for model, field, method, args, context in self._get_foreign_tries():
            tried[model] += 1
            if method in ("create", "write"):
                result = self._change("manager", model, method, *args, context=context)
            else:
                result = self._call("manager", model, method, *args, context=context)
            if isinstance(result, Exception):
                errors[type(result).__name__] += 1
            elif self._is_marked(result):
                wrong.append(f"{method} {field} {context.keys()} {result}"[:300])
        rows = "\n".join(wrong[:40])
        self.assertFalse(wrong, f"{len(wrong)} told something:\n{rows}")
        self.assertFalse(set(errors) & {"TypeError", "KeyError", "AttributeError"})
        self.assertGreater(len(tried), 15)
        self.assertGreater(errors["AccessError"], 100)

    def test_a_name_that_is_told_is_noticed(self):
        self.assertTrue(self._is_marked({"value": {"note": f"… {MARK}"}}))
        self.assertTrue(self._is_marked([{"amount": AMOUNT}]))

    @classmethod
    def _is_marked(cls, result):
        return MARK in repr(result) or str(AMOUNT) in repr(result)

    @mute_logger(*LOGGERS)
    def test_companies_named_in_a_context_give_no_rights(self):
        context = {"allowed_company_ids": self.foreign["res.company"].ids}
        self.assertGreater(len(self._get_given_models()), 20)
        for model in self._get_given_models():
            everything = {name: {} for name in self.env[model]._fields if name != "id"}
            for method, args in (
                ("onchange", ([], {}, [], everything)),
                ("create", (self._new_vals(model),)),
            ):
                call = self._change if method == "create" else self._call
                result = call("manager", model, method, *args, context=context)
                with self.subTest(model=model, method=method):
                    self.assertIsInstance(result, Exception)
                    self.assertNotIsInstance(result, (TypeError, KeyError))

    def test_models_that_people_fill_in_check_what_they_are_given(self):
        self.assertGreater(len(self._get_given_models()), 20)
        for model in self._get_given_models():
            with self.subTest(model=model):
                self.assertIn("dunning.guarded", self._get_parents(model))

    def _get_parents(self, model):
        return {
            cls._name for cls in type(self.env[model]).mro() if "_name" in vars(cls)
        }

    def test_a_field_that_is_open_is_noticed(self):
        field = self.env["res.partner"]._fields["name"]
        answers, tried = self._find_answers(
            ["internal"], [field], self._get_more_readings
        )
        # All but the sum of names.
        self.assertGreater(len(answers), tried["internal"] / 2)

    @mute_logger(*LOGGERS)
    def test_who_has_no_rights_learns_nothing_of_our_models(self):
        self.assertGreater(len(self._get_own_models()), 40)
        for model in self._get_own_models():
            fields = [f for f in self.env[model]._fields.values() if f.name != "id"]
            with self.subTest(model=model):
                self._check_answers(OUTSIDE, fields, self._get_readings)

    @mute_logger(*LOGGERS)
    def test_who_has_no_rights_learns_nothing_of_what_is_added_to_other_models(self):
        fields = self._get_added_fields()
        self.assertGreater(len(fields), 50)
        self._check_answers(OUTSIDE, fields, self._get_more_readings)
