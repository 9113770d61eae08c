import math
import os
from datetime import datetime
from difflib import unified_diff
from pathlib import Path
from unittest.mock import patch

from freezegun import freeze_time

from odoo.sql_db import BaseCursor
from odoo.tests import TransactionCase, tagged

from ..indicator.test_dashboard import PARTS
from ..workbooks import Reading
from .month import FIRST_DAY, HOUR, Month
from .picture import Picture

EXPECTED = Path(__file__).parent / "company.txt"
# Of Odoo's models, what dunning leaves behind.
LEFT_BEHIND = {
    "mail.activity": ("res_name", "res_model", "summary", "user_id", "date_deadline"),
    "mail.mail": ("subject", "body_html", "email_to", "recipient_ids", "state"),
    "mail.message": ("model", "subject", "body", "author_id", "message_type"),
    "sms.sms": ("number", "body", "state"),
}
# To whom something was sent stays as it was.
OF_THE_DAY = {"dunning.sending", "dunning.sending.recipient"}
ASKED_OF = ("res.partner", "account.move", "account.move.line")


@tagged("post_install", "-at_install")
class TestPortrait(TransactionCase):
    """The demo company and a month of its life say what they said before, each field,
    figure and text of it: what is otherwise is meant, or a mistake.

    When it is meant, ``make portrait`` lays the new picture down; the differences are
    then read like any other change of the code.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        clock = freeze_time(datetime.combine(FIRST_DAY, HOUR), tick=False)
        cls.addClassCleanup(clock.stop)
        frozen = clock.start()
        # What the database takes as the moment is that of the clock, too.
        cls.startClassPatcher(patch.object(BaseCursor, "now", lambda _: datetime.now()))
        # Jobs commit, which tests undo.
        go_on = patch.object(
            cls.registry["ir.cron"], "_commit_progress", lambda *_, **__: math.inf
        )
        cls.startClassPatcher(go_on)
        cls.last = {
            name: cls._get_all(name)[:1].id or 0
            for name in (*cls._get_ours(), *LEFT_BEHIND, *ASKED_OF)
        }
        cls.month = Month(cls.env, frozen)
        cls.diary = Picture()
        cls.month.play(cls._note)
        cls.env.invalidate_all()

    @classmethod
    def _get_ours(cls, kept=True):
        """Return the names of the addon's models that are kept, or else of those that
        the database works out."""
        return [
            name
            for name, model in sorted(cls.env.items())
            if model._original_module == "account_dunning"
            and model._auto is kept
            and not (model._abstract or model._transient)
        ]

    @classmethod
    def _get_all(cls, name, *domain):
        model = cls.env[name].with_context(active_test=False)
        return model.search(list(domain), order="id desc")

    def _get_new(self, name):
        return self._get_all(name, ("id", ">", self.last[name]))

    @classmethod
    def _note(cls, day):
        """Note what the lists show at the end of a day, and the dashboard at that of a
        week."""
        cls.env.invalidate_all()
        for life in cls.month.lives:
            title = f"{life.company.name}: every day"
            for name in cls._get_ours(kept=False):
                rows = life.as_user("manager", name).search([])
                cls.diary.add_records(rows, f"{title}, {name}", stored=True)
            opened = life.as_user("manager", "dunning.action").search(
                [("state", "in", ("to_validate", "todo"))]
            )
            cls.diary.add_records(opened, f"{title}, actions", stored=True)
            if day.weekday() == 4:
                cls._note_dashboard(cls.diary, life.as_user("manager", "res.company"))

    @classmethod
    def _note_dashboard(cls, picture, companies):
        """Note what a user is shown of the company in which they work."""
        env = companies.env
        for part in PARTS:
            shown = getattr(env["dunning.dashboard"], part)()
            picture.add(f"{env.company.name}: {part}", shown)

    # ------------------------------------------------------------------
    # WHAT IS TOLD
    # ------------------------------------------------------------------

    def _take(self):
        picture = self.diary
        for name in self._get_ours():
            picture.add_records(self._get_new(name))
        for name, fields in LEFT_BEHIND.items():
            rows = self._get_new(name)
            picture.add(name, [{field: r[field] for field in fields} for r in rows])
        for company in self.month.companies.values():
            self._tell_company(picture, company)
        return picture.get_text()

    def _tell_company(self, picture, company):
        env = self.month.past.as_user("manager", company)
        title = company.name
        for name in ASKED_OF:
            records = self._get_new(name).with_env(env)
            if "company_id" in records and name != "res.partner":
                records = records.filtered(lambda r: r.sudo().company_id == company)
            picture.add_records(records, f"{title}: {name}", start="dunning_")
        self._note_dashboard(picture, company.with_env(env))
        picture.add(f"{title}: forecast", company.with_env(env)._dunning_forecast())
        preview = env["dunning.preview"].create({})
        preview.action_preview()
        picture.add_records(preview.line_ids, f"{title}: dry run")
        customers = self._get_new("res.partner").with_env(env)
        for customer in customers.filtered(lambda c: c.dunning_due):
            entries = customer.dunning_get_timeline(limit=100)["entries"]
            picture.add(f"{title}: timeline", entries)
        self._tell_penalties(picture, env, title)
        self._tell_workbook(picture, env, title)

    def _tell_penalties(self, picture, env, title):
        claim = env["dunning.penalty.claim"].create({"company_id": env.company.id})
        claim.action_fill()
        picture.add_records(claim.line_ids, f"{title}: penalties")

    def _tell_workbook(self, picture, env, title):
        env["dunning.workbook.export"].create({}).action_export()
        workbook = env["dunning.workbook"].search([], limit=1)
        read = Reading(workbook.sudo().attachment_id.raw)
        for sheet in read.values.sheetnames:
            rows = read.get_rows(sheet)
            rows = [{f"column {n}": cell for n, cell in enumerate(r)} for r in rows]
            picture.add(f"{title}: workbook, {sheet}", rows)

    def test_the_demo_company_and_its_month_say_what_they_said_before(self):
        found = self._take()
        if os.environ.get("DUNNING_PORTRAIT"):
            EXPECTED.write_text(found)
        lines = EXPECTED.read_text().splitlines(), found.splitlines()
        changes = "\n".join(unified_diff(*lines, "before", "now", lineterm="", n=0))
        self.assertFalse(changes)

    # ------------------------------------------------------------------
    # WHAT HOLDS OF ALL OF IT
    # ------------------------------------------------------------------

    def test_nothing_names_a_customer_that_became_a_contact_of_another(self):
        found = self._get_new_by_customer()
        self.assertGreater(len(found), 15)
        customers = self.env["res.partner"].union(
            *(records[:1].partner_id for records in found.values())
        )
        owner = self.env["res.partner"].create({"name": "Owner", "is_company": True})
        # Odoo refuses contacts with numbers of their own.
        numbers = {"company_registry", "peppol_endpoint", "vat"} & {*customers._fields}
        customers.write(dict.fromkeys(numbers, False) | {"is_company": False})
        for customer in customers:
            customer.parent_id = owner
        self.env.flush_all()
        self.env.invalidate_all()
        left = {
            name
            for name, records in self._get_new_by_customer().items()
            if records.filtered(lambda record: record.partner_id in customers)
        }
        self.assertEqual(left, OF_THE_DAY)

    def _get_new_by_customer(self):
        """Return what names customers, by model."""
        found = {}
        for name in self._get_ours():
            field = self.env[name]._fields.get("partner_id")
            if field and field.store and field.comodel_name == "res.partner":
                found[name] = self._get_new(name).filtered("partner_id")
        return {name: records for name, records in found.items() if records}
