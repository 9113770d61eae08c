from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ..common import DunningCommon


@tagged("post_install", "-at_install")
class TestDecisions(DunningCommon):
    """Who may decide about what others use, or have begun."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._create_user("decider", "group_dunning_manager")
        cls.auditor = cls._create_user("looker", "group_dunning_readonly")
        cls.shared = cls._create_scenario(name="Shared")
        cls.shared.sudo().company_id = False

    # ------------------------------------------------------------------
    # WHAT COMPANIES SHARE
    # ------------------------------------------------------------------

    def test_one_company_s_manager_does_not_change_what_all_share(self):
        self._create_second_company()
        level = self.shared.level_ids[0]
        reason = self.env["dunning.reason"].sudo().create({"name": "Shared"})
        department = self.env["dunning.department"].sudo().create({"name": "Shared"})
        for record, vals in (
            (self.shared, {"active": False}),
            (self.shared, {"level_ids": [Command.update(level.id, {"name": "Mine"})]}),
            (self.shared, {"company_id": self.company.id}),
            (level, {"delay_days": 400}),
            (reason, {"name": "Mine"}),
            (department, {"active": False}),
        ):
            with self.subTest(record=record, vals=vals):
                self.assertFalse(record.with_user(self.manager).has_access("write"))
                with self.assertRaisesRegex(AccessError, "shared by all companies"):
                    record.with_user(self.manager).write(vals)
                with self.assertRaises(AccessError):
                    record.with_user(self.manager).unlink()

    def test_one_company_s_manager_does_not_change_what_shared_texts_carry(self):
        self._create_second_company()
        # An administrator gives it files.
        text_sudo = self.env.ref("account_dunning.mail_template_reminder_1").sudo()
        files_sudo = self.env["ir.attachment"].sudo()
        file_sudo = files_sudo.create({"name": "terms.txt", "raw": b"Terms"})
        text_sudo.attachment_ids = file_sudo
        self.assertEqual(file_sudo.res_id, text_sudo.id)
        file = file_sudo.with_user(self.manager).sudo(False)
        own = text_sudo.with_user(self.manager).sudo(False).copy()
        self.assertEqual(own.attachment_ids.mapped("raw"), [b"Terms"])
        self.assertEqual(text_sudo.attachment_ids, file_sudo)
        for change in (
            lambda: file.write({"raw": b"Other"}),
            lambda: file.write({"name": "other.txt"}),
            lambda: own.write({"attachment_ids": [Command.set(file.ids)]}),
            lambda: file.unlink(),
        ):
            with self.assertRaises(AccessError):
                change()
        own.attachment_ids = [Command.create({"name": "own.txt", "raw": b"Own"})]
        own.attachment_ids[-1].name = "mine.txt"

    def test_a_scenario_says_before_it_is_changed_that_it_cannot_be(self):
        self._create_second_company()
        shared = self.shared.with_user(self.manager)
        self.assertIn("shared by all companies", shared.refusal)
        self.assertFalse(self.shared.with_user(self.auditor).refusal)
        self.assertFalse(shared.copy().refusal)
        self.manager.company_ids = self.env["res.company"].search([])
        shared.invalidate_recordset()
        self.assertFalse(shared.refusal)

    def test_who_changes_nothing_is_not_offered_to_archive_nor_told_to_duplicate(self):
        self._create_second_company()
        with self.assertRaises(AccessError) as raised:
            self.shared.with_user(self.auditor).action_archive()
        self.assertNotIn("Duplicate", str(raised.exception))
        for model in self.env.values():
            if (
                model._original_module == "account_dunning"
                and not model._abstract
                and "active" in model._fields
                and model.with_user(self.auditor).has_access("read")
            ):
                with self.subTest(model=model._name):
                    for user in (self.auditor, self.manager):
                        offered = model.with_user(user).has_access("write")
                        active = model.with_user(user).fields_get(["active"])["active"]
                        self.assertEqual(active["readonly"], not offered)

    def test_who_works_in_all_companies_changes_what_all_share(self):
        second = self._create_second_company()
        companies = self.env["res.company"].search([])
        self.assertIn(second, companies)
        self.manager.company_ids = companies
        self.shared.with_user(self.manager).name = "Ours"
        self.assertEqual(self.shared.name, "Ours")

    def test_a_copy_of_what_all_share_is_one_s_own(self):
        self._create_second_company()
        copy = self.shared.with_user(self.manager).copy()
        self.assertEqual(copy.company_id, self.company)
        copy.name = "Mine"

    def test_what_one_company_s_manager_creates_is_its_own(self):
        self._create_second_company()
        scenarios = self.env["dunning.scenario"].with_user(self.manager)
        self.assertEqual(scenarios.create({"name": "New"}).company_id, self.company)
        with self.assertRaises(AccessError):
            scenarios.create({"name": "For all", "company_id": False})

    def test_a_level_does_not_move_into_a_scenario_of_others(self):
        self._create_second_company()
        level = self.scenario.level_ids[0].with_user(self.manager)
        with self.assertRaises(AccessError):
            level.write({"scenario_id": self.shared.id, "delay_days": 77})

    def test_a_branch_s_manager_does_not_change_the_parent_s_scenario(self):
        branch = self.env["res.company"].create(
            {"name": "Branch", "parent_id": self.company.id}
        )
        self.manager.write(
            {"company_ids": [Command.set(branch.ids)], "company_id": branch.id}
        )
        scenario = self.scenario.with_user(self.manager)
        self.assertTrue(scenario.has_access("read"))
        self.assertFalse(scenario.has_access("write"))
        with self.assertRaisesRegex(AccessError, "belongs to"):
            scenario.write({"active": False})
        with self.assertRaises(AccessError):
            scenario.level_ids[0].write({"delay_days": 400})
        with self.assertRaises(AccessError):
            self.env["dunning.level"].with_user(self.manager).create(
                {**self._prepare_level("Mine", 99), "scenario_id": scenario.id}
            )
        copy = scenario.copy()
        self.assertEqual(copy.company_id, branch)

    def test_texts_that_others_use_are_changed_by_who_works_everywhere(self):
        second = self._create_second_company()
        self._create_scenario(name="Theirs", company_id=second.id)
        shipped = self.env.ref("account_dunning.letter_template_courteous")
        own = self._create_mail_template(name="Own", body_html="<p>Pay</p>", lang=False)
        for template in (self.mail_template, shipped):
            with self.assertRaisesRegex(AccessError, "other companies"):
                template.with_user(self.manager).write({"subject": "Pay"})
        own.with_user(self.manager).write({"subject": "Pay"})
        self.assertEqual(own.subject, "Pay")

    # ------------------------------------------------------------------
    # DRY RUN
    # ------------------------------------------------------------------

    def test_an_auditor_writes_nothing_into_the_manager_s_dry_run(self):
        self._create_invoice(due=-10)
        previews = self.env["dunning.preview"]
        theirs = previews.with_user(self.manager).create({})
        theirs._fill()
        mine = previews.with_user(self.auditor).create({})
        mine._fill()
        line = mine.line_ids[0]
        for vals in (
            {"preview_id": theirs.id},
            {"move_line_id": theirs.line_ids[0].move_line_id.id + 1},
            {"decision": "out"},
        ):
            with self.subTest(vals=vals), self.assertRaises(UserError):
                line.write(vals)
        commands = [
            Command.create({"excluded": True}),
            Command.link(line.id),
            Command.update(theirs.line_ids[0].id, {"excluded": True}),
        ]
        for command in commands:
            with self.subTest(command=command), self.assertRaises(AccessError):
                theirs.with_user(self.auditor).write({"line_ids": [command]})
        line.write({"excluded": True})
        self.assertFalse(theirs.line_ids.filtered("excluded"))

    # ------------------------------------------------------------------
    # CUSTOMERS
    # ------------------------------------------------------------------

    def test_how_a_customer_is_dunned_is_for_those_who_dun(self):
        editor = self._create_user(
            "editor",
            "group_dunning_readonly",
            group_ids=[
                Command.set(
                    self.env.ref("base.group_user").ids
                    + self.env.ref("base.group_partner_manager").ids
                )
            ],
        )
        contact = self._create_customer("Accounts", parent_id=self.customer.id)
        vals = {
            "dunning_contact_id": contact.id,
            "dunning_user_id": self.collector.id,
            "dunning_scenario_id": self.scenario.id,
            "dunning_channel": "letter",
            "dunning_note": "Never call",
        }
        for name, value in vals.items():
            for groups in ("", "account_dunning.group_dunning_readonly"):
                if groups:
                    editor.group_ids |= self.env.ref(groups)
                with self.subTest(field=name, groups=groups):
                    with self.assertRaises(AccessError):
                        self.customer.with_user(editor).write({name: value})
        self.customer.with_user(editor).write({"phone": "+33 1 02 03 04 05"})
        self.customer.with_user(self.collector).write(vals)
        self.assertEqual(self.customer.dunning_contact_id, contact)

    def test_the_dunning_contact_is_one_of_the_customer_s(self):
        stranger = self._create_customer("Stranger")
        with self.assertRaisesRegex(ValidationError, "Stranger"):
            self.customer.with_user(self.collector).write(
                {"dunning_contact_id": stranger.id}
            )
        contact = self._create_customer("Accounts", parent_id=self.customer.id)
        self.customer.dunning_contact_id = contact
        contacts = self.customer._dunning_get_contacts()
        self.assertEqual(contacts[self.customer.id], contact)
        contact.parent_id = stranger
        contacts = self.customer._dunning_get_contacts()
        self.assertEqual(contacts[self.customer.id], self.customer)
