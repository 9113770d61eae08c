from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged

from .rights_common import RightsCommon

# Everything else is set by the system, whoever asks.
EDITABLE = {
    "dunning.action": {"date", "note", "reason_id", "user_id"},
    # The stage only among those that are open.
    "dunning.dispute": {
        "amount",
        "contact_id",
        "date_deadline",
        "description",
        "document_ids",
        "move_line_ids",
        "reason_id",
        "state",
        "user_id",
    },
    "dunning.hold": {
        "amount",
        "currency_id",
        "date_end",
        "date_review",
        "move_line_ids",
        "note",
        "reason_id",
    },
}
GIVEN_AT_CREATION = {
    # The channel of an action planned by hand can still be changed afterwards.
    "dunning.action": {"channel", "company_id", "partner_id"},
    "dunning.dispute": {"company_id", "currency_id", "partner_id"},
    "dunning.hold": {"company_id", "partner_id"},
}
# Written by the ORM, the chatter and the activities.
OTHERS = ("id", "create_", "write_", "message_", "activity_", "rating_", "website_")
REFUSED = (AccessError, UserError, ValidationError)


def _is_ours(field):
    """Return whether no other module has begun the field."""
    return all(module.startswith("account_dunning") for module in field._modules)


@tagged("post_install", "-at_install")
class TestProtectedFields(RightsCommon):
    """What the engine sets cannot be set from outside, on any way in."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Whoever may do more than this is the system itself.
        cls.users["mighty"] = new_test_user(
            cls.env(su=True, context={"no_reset_password": True}),
            "rights_mighty",
            "base.group_system,base.group_partner_manager,account.group_account_manager",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )
        cls.level = cls.scenario.level_ids[-1]
        cls.free_customer = cls._create_customer("Free Customer")
        cls.free_invoice = cls._create_invoice(cls.free_customer)

    def _get_protected(self, model, creating=False):
        """Yield each protected field with a value that it does not have."""
        editable = EDITABLE[model] | (GIVEN_AT_CREATION[model] if creating else set())
        for name, field in self.env[model]._fields.items():
            if name not in editable and not name.startswith(OTHERS) and field.store:
                yield name, self._get_other_value(self.samples[model], field)

    def _get_other_value(self, record, field):
        match field.type:
            case "selection":
                present = {record[field.name], field.default and field.default(record)}
                return next(v for v in field.get_values(self.env) if v not in present)
            case "many2one":
                return self._get_other_record(record, field).id
            case "one2many":
                vals = {"level_id": self.level.id, "currency_id": record.currency_id.id}
                return [Command.create(vals)]
            case "many2many":
                return [Command.link(self.done_invoice.id)]
            case "integer" | "float" | "monetary":
                return 1234
            case "date":
                return "2020-02-02"
            case "datetime":
                return "2020-02-02 02:02:02"
            case "boolean":
                return not record[field.name]
        return "Forged"

    def _get_other_record(self, record, field):
        present = record[field.name]
        scenario = self.scenario.copy()
        samples = (self.level, scenario, self.users["auditor"], self.free_customer)
        for sample in samples:
            if sample._name == field.comodel_name and sample != present:
                return sample
        others = self.env[field.comodel_name].sudo().search([], limit=2) - present
        # A foreign key to nothing would be refused for another reason.
        return others[:1] or others.create({})

    def _new_vals(self, model):
        vals = {"partner_id": self.free_customer.id}
        if model == "dunning.hold":
            vals |= {"note": "On request"}
        if model == "dunning.dispute":
            items = self._items(self.free_invoice)
            reason = self.samples["dunning.reason"]
            vals |= {
                "move_line_ids": [Command.set(items.ids)],
                "amount": 1,
                "reason_id": reason.id,
            }
        return vals

    def _get_value(self, record, name):
        self.env.invalidate_all()
        value = record.sudo()[name]
        if record._fields[name].type == "one2many":
            # Each record has its own.
            return len(value)
        return value.ids if record._fields[name].relational else value

    def _try(self, method, *args, **context):
        """Do something as the mightiest of users and keep what it did.

        :return: whether it was refused, and the result
        """
        try:
            with self.env.cr.savepoint():
                result = method(*args, **context)
                self.env.flush_all()
                return False, result
        except REFUSED:
            return True, None

    # ------------------------------------------------------------------
    # EXISTING RECORDS
    # ------------------------------------------------------------------

    def test_protected_fields_cannot_be_written(self):
        for model in EDITABLE:
            record = self._as("mighty", model).browse(self.samples[model].id)
            protected = list(self._get_protected(model))
            self.assertTrue(protected, model)
            for name, value in protected:
                with self.subTest(model=model, field=name):
                    refused, _result = self._try(record.write, {name: value})
                    self.assertTrue(refused)

    def test_fields_of_ours_are_protected_whatever_they_are_called(self):
        # The chatter and the activities write what is called alike.
        models = [
            model
            for model in self.registry
            if hasattr(self.registry[model], "_get_protected")
        ]
        self.assertIn("dunning.einvoice.event", models)
        for model in models:
            record = self.env[model].browse()
            ours = {n for n, field in record._fields.items() if _is_ours(field)}
            editable = record._get_editable_fields()
            with self.subTest(model=model):
                self.assertEqual(record._get_protected(ours), ours - editable)

    def test_protected_fields_cannot_be_written_through_other_records(self):
        for parent, field, inverse in self._get_ways():
            model = field.comodel_name
            record = self.samples[model]
            owner = self._as("mighty", parent).browse(record[inverse].id)
            for name, value in self._get_protected(model):
                commands = [Command.update(record.id, {name: value})]
                with self.subTest(parent=parent, model=model, field=name):
                    refused, _result = self._try(owner.write, {field.name: commands})
                    self.assertTrue(refused)

    def test_protected_fields_cannot_be_imported(self):
        for model in EDITABLE:
            record = self.samples[model]
            xmlid = record.export_data(["id"])["datas"][0][0]
            for name, value in self._get_protected(model):
                if isinstance(value, list):
                    continue
                before = self._get_value(record, name)
                column = f"{name}/.id" if record._fields[name].relational else name
                with self.subTest(model=model, field=name):
                    self._try(
                        self._as("mighty", model).load,
                        ["id", column],
                        [[xmlid, str(value)]],
                    )
                    self.assertEqual(self._get_value(record, name), before)

    def _get_ways(self):
        """Yield each one2many field that leads to a protected record."""
        for parent in self.registry:
            for field in self.env[parent]._fields.values():
                if field.type == "one2many" and field.comodel_name in EDITABLE:
                    if (
                        field.store
                        and self.samples[field.comodel_name][field.inverse_name]
                    ):
                        yield parent, field, field.inverse_name

    def test_there_are_ways_through_other_records(self):
        ways = {(parent, field.name) for parent, field, _inverse in self._get_ways()}
        self.assertIn(("res.partner", "dunning_action_ids"), ways)

    # ------------------------------------------------------------------
    # NEW RECORDS
    # ------------------------------------------------------------------

    def test_protected_fields_cannot_be_given_to_new_records(self):
        for model in EDITABLE:
            protected = list(self._get_protected(model, creating=True))
            self.assertTrue(protected, model)
            for name, value in protected:
                vals = {**self._new_vals(model), name: value}
                with self.subTest(model=model, field=name):
                    refused, _result = self._try(self._as("mighty", model).create, vals)
                    self.assertTrue(refused)

    def test_protected_fields_cannot_be_given_by_context(self):
        self._check_defaults(
            lambda model, name, value: model.with_context(**{f"default_{name}": value})
        )

    def test_protected_fields_cannot_be_given_by_user_defaults(self):
        def set_default(model, name, value):
            # Lists are no defaults a user can set.
            if not isinstance(value, list):
                model.env["ir.default"].set(model._name, name, value, user_id=True)
            return model

        self._check_defaults(set_default)

    def _check_defaults(self, prepare):
        """Check that new records are the same with and without defaults."""
        for model in EDITABLE:
            for name, value in self._get_protected(model, creating=True):
                clean = self._as("mighty", model).create(self._new_vals(model))
                expected = self._get_value(clean, name)
                clean.sudo()._write_multi([{"partner_id": self.customer.id}])
                proposed = prepare(self._as("mighty", model), name, value)
                _refused, record = self._try(proposed.create, self._new_vals(model))
                with self.subTest(model=model, field=name):
                    if record:
                        self.assertEqual(self._get_value(record, name), expected)

    def test_copies_are_refused_or_begin_anew(self):
        for model in EDITABLE:
            source = self.samples[model]
            if model == "dunning.action":
                source = self.done_action
            record = self._as("mighty", model).browse(source.id)
            refused, copy = self._try(record.copy)
            with self.subTest(model=model):
                self.assertTrue(refused or copy.state != source.state)

    # ------------------------------------------------------------------
    # WHAT IS DONE
    # ------------------------------------------------------------------

    def test_what_is_done_cannot_be_changed_by_anybody(self):
        values = {
            "date": "2030-01-01",
            "note": "Forged",
            "user_id": self.users["auditor"].id,
            "state": "todo",
        }
        for superuser in (False, True):
            action = self._as("mighty", "dunning.action").browse(self.done_action.id)
            action = action.sudo(superuser)
            for name, value in values.items():
                with self.subTest(superuser=superuser, field=name):
                    refused, _result = self._try(action.write, {name: value})
                    self.assertTrue(refused)
            line = action.line_ids[0].sudo(superuser)
            with self.subTest(superuser=superuser, what="line"):
                self.assertTrue(self._try(line.write, {"amount_residual": 1})[0])
                self.assertTrue(self._try(line.unlink)[0])
                self.assertTrue(self._try(action.unlink)[0])

    def test_what_is_done_keeps_whoever_and_whatever_it_names(self):
        reason = self.env["dunning.reason"].create({"name": "Cash Trouble"})
        self.action.write({"reason_id": reason.id})
        self.action.action_execute()
        self.assertTrue(self._try(reason.unlink)[0])
        user = self.done_action.done_user_id
        self.assertTrue(user)
        self.assertEqual(self.done_action._fields["done_user_id"].ondelete, "restrict")

    def test_done_actions_carry_out_nothing_twice(self):
        for method, args in (
            ("action_execute", []),
            ("action_validate", []),
            ("action_postpone", ["2030-01-01", "Later"]),
            ("action_skip", ["No"]),
        ):
            error = self._rpc(
                "manager", "dunning.action", method, self.done_action.ids, *args
            )
            with self.subTest(method=method):
                self.assertIsInstance(error, UserError)

    def test_a_context_gives_nothing_to_what_execution_creates(self):
        self._create_invoice(due=-10)
        line = self.action.line_ids
        self.action.with_user(self.users["collector"]).with_context(
            default_level_id=self.level.id,
            default_state="done",
            default_body_html="Forged",
            default_subject="Forged",
        ).action_execute()
        self.assertEqual(self.action.state, "done")
        self.assertEqual((self.action.line_ids - line).level_id.ids, [])
        self.assertNotEqual(self.action.mail_id.subject, "Forged")

    # ------------------------------------------------------------------
    # HOLDS
    # ------------------------------------------------------------------

    def test_a_released_hold_stays_as_it_was(self):
        hold = self._as("collector", "dunning.hold").browse(self.hold.id)
        hold.action_release()
        for vals in ({"amount": 5}, {"date_end": "2030-01-01"}, {"note": "Forged"}):
            with self.subTest(vals=vals):
                self.assertTrue(self._try(hold.write, vals)[0])
        self.assertTrue(self._try(hold.sudo().unlink)[0])

    def test_dialogs_on_actions_of_another_company_are_refused(self):
        vals = {"action_ids": [Command.set(self.action.ids)], "reason": "None"}
        for model in ("dunning.action.skip", "dunning.action.postpone"):
            with self.subTest(model=model):
                refused, _result = self._try(self._as("outsider", model).create, vals)
                self.assertTrue(refused)

    def test_a_dry_run_of_another_company_is_refused(self):
        vals = {"company_id": self.company.id}
        for model in ("dunning.preview", "dunning.start.levels"):
            with self.subTest(model=model):
                refused, _result = self._try(self._as("outsider", model).create, vals)
                self.assertTrue(refused)
