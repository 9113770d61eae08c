from lxml import etree

from odoo import Command
from odoo.tests import tagged

from ..common import DunningCommon
from ..rights import METHODS, MODELS

# Odoo's forms in which the addon has buttons.
ODOO_VIEWS = ("base.view_partner_form", "account.view_move_form")
HIDDEN_MENUS = {
    "manager": set(),
    "collector": {
        "menu_configuration",
        "menu_configuration_law",
        "menu_configuration_reasons",
        "menu_configuration_work",
        "menu_contract_rate",
        "menu_deadline_rule",
        "menu_department",
        "menu_einvoice_rule",
        "menu_hold_open_ended",
        "menu_legal_limit",
        "menu_mail_template",
        "menu_rate",
        "menu_priority_rule",
        "menu_watch_rule",
        "menu_assignment_rule",
        "menu_substitution",
        "menu_reason",
        "menu_scenario",
        "menu_settings",
        "menu_sms_template",
        "menu_start_levels",
        "menu_text",
        "menu_workbook_schedule",
    },
}
HIDDEN_MENUS["auditor"] = {
    *HIDDEN_MENUS["collector"],
    "menu_batch",
    "menu_penalty_claim",
    "menu_preview",
}


@tagged("post_install", "-at_install")
class TestViewsByGroup(DunningCommon):
    """Nobody is shown a button that he may not use, nor a menu that is not for him;
    who works has what he needs."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        employees = {"group_ids": [Command.set(cls.env.ref("base.group_user").ids)]}
        cls.users = {
            "internal": cls._create_user("in", "group_dunning_readonly", **employees),
            "auditor": cls._create_user("auditor", "group_dunning_readonly"),
            "collector": cls.collector,
            "manager": cls._create_user("manager", "group_dunning_manager"),
        }

    # ------------------------------------------------------------------
    # BUTTONS
    # ------------------------------------------------------------------

    def _get_buttons(self, kind):
        """Return the buttons that a kind of user is shown, whatever the record.

        :return: list of tuples: view, model, type and name
        """
        buttons = []
        for view in self._get_views(kind):
            found = self.env[view.model].with_user(self.users[kind])
            found = found.get_views([(view.id, view.type)])
            arch = etree.fromstring(found["views"][view.type]["arch"])
            for button in arch.iter("button"):
                if button.get("special") or not button.get("name"):
                    continue
                model = self._get_model_of(button, view.model)
                names = (button.get("type"), button.get("name"))
                buttons.append((view.xml_id, model, *names))
        return buttons

    def _get_views(self, kind):
        models = [
            model
            for model in MODELS
            if self.env[model].with_user(self.users[kind]).has_access("read")
        ]
        domain = [
            ("model", "in", models),
            ("type", "in", ("form", "list", "kanban")),
            ("mode", "=", "primary"),
        ]
        views = self.env["ir.ui.view"].search(domain, order="id")
        if kind == "internal":
            return views
        return views.union(*map(self.env.ref, ODOO_VIEWS))

    def _get_model_of(self, node, model):
        """Return the model of a node of a view: a list in a form has its own."""
        names = [
            field.get("name")
            for field in reversed(list(node.iterancestors("field")))
            if field.get("name") in self.env[model]._fields
        ]
        for name in names:
            field = self.env[model]._fields.get(name)
            model = (field and field.comodel_name) or model
        return model

    def test_nobody_is_shown_a_button_that_he_may_not_use(self):
        for kind in ("auditor", "collector", "manager"):
            buttons = self._get_buttons(kind)
            self.assertGreater(len(buttons), 20, kind)
            for xml_id, model, sort, name in buttons:
                with self.subTest(view=xml_id, button=name, user=kind):
                    if sort == "object" and (model, name) in METHODS:
                        self.assertIn(kind, METHODS[model, name])
                    elif sort == "action":
                        self.assertTrue(self._may_open(kind, name))

    def _may_open(self, kind, name):
        """Return whether a kind of user can work with what a button opens: somebody
        has to create a dialog."""
        action = self.env["ir.actions.actions"].sudo().browse(int(name))
        window = self.env[action.type].browse(action.id)
        model = window.res_model if action.type == "ir.actions.act_window" else False
        if model not in MODELS:
            return True
        letter = "c" if self.env[model]._transient else "r"
        return letter in MODELS[model].get(kind, "")

    def _get_names(self, kind, model):
        """Return the methods that a kind of user has a button for."""
        return {
            name
            for _view, of_model, sort, name in self._get_buttons(kind)
            if sort == "object" and of_model == model
        }

    def test_an_auditor_s_forms_have_no_work_buttons(self):
        work = {
            method
            for (model, method), kinds in METHODS.items()
            if model.startswith("dunning.") and "auditor" not in kinds
        }
        self.assertGreater(len(work), 30)
        for model in ("dunning.action", "dunning.promise", "dunning.dispute"):
            with self.subTest(model=model):
                self.assertFalse(self._get_names("auditor", model) & work)

    def test_a_collector_has_the_buttons_of_his_work(self):
        for model, names in {
            "dunning.action": {
                "action_execute",
                "action_finish",
                "action_print",
                "action_approve",
            },
            "dunning.dispute": {"action_process", "action_reopen"},
            "dunning.hold": {"action_release"},
            "dunning.promise": {"action_reopen"},
        }.items():
            with self.subTest(model=model):
                self.assertLessEqual(names, self._get_names("collector", model))

    def test_only_managers_are_asked_to_approve_promises(self):
        self.assertIn("action_approve", self._get_names("manager", "dunning.promise"))
        for kind in ("collector", "auditor"):
            names = self._get_names(kind, "dunning.promise")
            self.assertNotIn("action_approve", names)

    # ------------------------------------------------------------------
    # AMOUNTS
    # ------------------------------------------------------------------

    def test_each_amount_of_a_list_can_be_exported_with_its_currency(self):
        views = self._get_views("manager").filtered(lambda view: view.type == "list")
        self.assertGreater(len(views), 30)
        for view in views:
            columns = etree.fromstring(view.get_combined_arch()).findall("field")
            shown = {
                column.get("name")
                for column in columns
                if not column.get("column_invisible")
            }
            fields = self.env[view.model]._fields
            amounts = [
                fields[name] for name in shown if fields[name].type == "monetary"
            ]
            for field in amounts:
                with self.subTest(view=view.xml_id, amount=field.name):
                    currency = field.get_currency_field(self.env[view.model])
                    self.assertIn(currency, shown)

    # ------------------------------------------------------------------
    # MENUS
    # ------------------------------------------------------------------

    def _get_menus(self, kind):
        """Return the menus of the addon that a kind of user sees, by name."""
        data = self.env["ir.model.data"].search(
            [("module", "=", "account_dunning"), ("model", "=", "ir.ui.menu")]
        )
        menus = self.env["ir.ui.menu"].with_user(self.users[kind])
        seen = menus._visible_menu_ids()
        found = {}
        for name, menu in zip(data.mapped("name"), data.mapped("res_id"), strict=True):
            # A menu is where its parents are.
            path = self.env["ir.ui.menu"].browse(menu).parent_path.strip("/")
            found[name] = {int(id_) for id_ in path.split("/")} <= set(seen)
        return found

    def test_each_user_sees_the_menus_that_are_for_him(self):
        for kind, hidden in HIDDEN_MENUS.items():
            menus = self._get_menus(kind)
            self.assertGreater(len(menus), 25)
            with self.subTest(user=kind):
                found = {name for name, is_seen in menus.items() if not is_seen}
                self.assertEqual(found, hidden)

    def test_an_employee_sees_no_menu_of_dunning(self):
        self.assertFalse(any(self._get_menus("internal").values()))

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    def test_an_employee_finds_nothing_of_dunning_on_customers_and_invoices(self):
        accountants = self.env.ref("account.group_account_invoice")
        user = self.users["internal"]
        user.group_ids += accountants
        for xml_id in ODOO_VIEWS:
            view = self.env.ref(xml_id)
            records = self.env[view.model].with_user(user)
            found = records.get_views([(view.id, "form")])["models"][view.model]
            names = {x for x in found["fields"] if x.startswith("dunning_")}
            with self.subTest(view=xml_id):
                self.assertEqual(names, set())
            with_rights = self.env[view.model].with_user(self.users["auditor"])
            shown = with_rights.get_views([(view.id, "form")])["models"][view.model]
            self.assertTrue([x for x in shown["fields"] if x.startswith("dunning_")])
