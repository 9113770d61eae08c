from contextlib import suppress

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..common import DunningCommon

MARK = "Quokka"


@tagged("post_install", "-at_install")
class TestDescribed(DunningCommon):
    """Forms and contexts may describe a record by values instead of naming it: what it
    stands for, and names itself, must be readable as well."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.collector = cls._create_user("describer", "group_dunning_collector")
        cls.other = cls.env["res.company"].create({"name": "Elsewhere"})
        cls.stranger = cls._create_customer(MARK, company_id=cls.other.id)
        actions_sudo = cls.env["dunning.action"].sudo()
        cls.action = actions_sudo.create(
            {
                "partner_id": cls.stranger.id,
                "company_id": cls.other.id,
                "channel": "call",
                "date": fields.Date.today(),
            }
        )
        cls.env.flush_all()

    def _open(self, model, values=None, **defaults):
        """Return what the form of a new record shows."""
        self.env.invalidate_all()
        records = self.env(user=self.collector, su=False)[model]
        context = {f"default_{name}": value for name, value in defaults.items()}
        context["allowed_company_ids"] = self.company.ids
        names = [*(values or {}), *defaults]
        return records.with_context(**context).onchange(
            values or {},
            list(values or ()),
            {name: {"fields": {"display_name": {}}} for name in names}
            | {"display_name": {}},
        )

    def test_a_default_describes_no_customer_of_another_company(self):
        stranger = {"id": self.stranger.id}
        for model in ("dunning.action", "dunning.hold", "dunning.promise.dialog"):
            with self.subTest(model), self.assertRaises(AccessError):
                self._open(model, partner_id=stranger)
        with self.assertRaises(AccessError):
            self._open("dunning.action.edit", action_id={"id": self.action.id})

    def test_a_default_describes_no_record_that_names_one_of_another_company(self):
        for id_ in (self.customer.id, False):
            child = {"id": id_, "parent_id": self.stranger.id}
            with self.subTest(id_), self.assertRaises(AccessError):
                self._open("dunning.action", partner_id=child)
        line = {"action_id": {"id": self.action.id}}
        for given in (line, Command.create(line)):
            with self.subTest(given), self.assertRaises(AccessError):
                self._open("dunning.action", line_ids=[given])

    def test_a_default_of_a_customer_describes_nobody_of_another_company(self):
        with self.assertRaises(AccessError):
            self._open("res.partner", dunning_contact_id={"id": self.stranger.id})

    def test_what_is_described_has_one_id_or_none(self):
        for id_ in ([self.stranger.id], [float(self.stranger.id)], "9"):
            described = {"id": id_}
            with self.subTest(id_), self.assertRaises(ValidationError):
                self._open("dunning.action", {"partner_id": described})
            with self.subTest(id_), self.assertRaises(ValidationError):
                self._open("dunning.action", partner_id=described)

    def test_a_message_of_dunning_is_described_to_nobody_else(self):
        customer = self.customer._dunning_discreetly(self.company)
        note = customer.message_post(body=MARK)
        employee = new_test_user(self.env, "described_to", "base.group_user")
        self.env.invalidate_all()
        messages = self.env(user=employee, su=False)["mail.message"]
        for id_ in (note.id, [note.id], [float(note.id)]):
            described = messages.with_context(default_parent_id={"id": id_})
            with self.subTest(id_), self.assertRaises(UserError):
                described.onchange({}, [], {"parent_id": {"fields": {"body": {}}}})

    # Odoo's own remark: what is described has not been saved.
    @mute_logger("odoo.domains")
    def test_what_stands_for_no_record_is_no_error_of_the_database(self):
        for value in (True, {"id": False, "parent_id": False}):
            for model, name in (
                ("dunning.action", "partner_id"),
                ("dunning.hold", "partner_id"),
                ("res.partner", "dunning_contact_id"),
            ):
                with self.subTest(model=model, value=value):
                    with suppress(UserError):
                        self._open(model, **{name: value})
                    with suppress(UserError):
                        self._open(model, {name: value})

    # Odoo's own remark: what is described has not been saved.
    @mute_logger("odoo.domains")
    def test_what_one_may_read_is_described_as_before(self):
        shown = self._open("dunning.action", partner_id={"id": self.customer.id})
        self.assertIn(self.customer.name, shown["value"]["display_name"])
        shown = self._open("dunning.action", {"partner_id": {"id": self.customer.id}})
        self.assertIn(self.customer.name, shown["value"]["display_name"])
