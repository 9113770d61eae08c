from lxml import etree

from odoo import Command
from odoo.tests import tagged

from ..common import DunningCommon

RECORD_VIEWS = ("list", "kanban", "calendar", "form")


def read_spec(model, arch):
    """Return what the web client asks of records to show a view."""
    spec = {}
    for node in arch.iterdescendants("field"):
        if next(node.iterancestors("field"), None) is not None:
            continue
        field = model._fields[node.get("name")]
        if field.type == "many2one":
            spec[field.name] = {"fields": {"display_name": {}}}
        elif field.type in ("one2many", "many2many"):
            inner = next(node.iterchildren("list", "kanban"), None)
            lines = model.env[field.comodel_name]
            fields = {} if inner is None else read_spec(lines, inner)
            spec[field.name] = {"fields": fields or {"display_name": {}}}
        else:
            spec[field.name] = {}
    return spec


@tagged("post_install", "-at_install")
class TestMovedCustomer(DunningCommon):
    """A shared customer whose contacts, or who, are given to another company."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls._create_second_company()
        cls.manager = cls._create_user("manager", "group_dunning_manager")

    # ------------------------------------------------------------------
    # CONTACTS OF ANOTHER COMPANY
    # ------------------------------------------------------------------

    def _create_contact(self, company, **values):
        return self._create_customer(
            f"Accounts of {company.name or 'all'}",
            **{
                "parent_id": self.customer.id,
                "type": "invoice",
                "company_id": company.id,
            }
            | values,
        )

    def assertContact(self, contact, company=None):
        partner = self.customer.with_company(company or self.company)
        self.assertEqual(partner._dunning_get_contacts()[partner.id], contact)

    def test_reminders_do_not_go_to_the_invoice_contact_of_another_company(self):
        theirs = self._create_contact(self.other)
        self.assertContact(self.customer)
        self.assertContact(theirs, self.other)
        self._create_invoice(due=-5)
        action = self._step()
        self.assertEqual(action.mail_id.recipient_ids, self.customer)

    def test_the_contact_of_the_company_itself_comes_first(self):
        self._create_contact(self.other)
        shared = self._create_contact(self.other.browse())
        self.assertContact(shared)
        own = self._create_contact(self.company)
        self.assertContact(own)

    def test_a_branch_writes_to_the_contact_of_its_parent(self):
        branch = self._create_branch()
        own = self._create_contact(self.company)
        self.assertContact(own, branch)

    def test_a_dunning_contact_that_was_given_to_another_company_is_left_out(self):
        contact = self._create_contact(self.other.browse(), type="contact")
        self.customer.dunning_contact_id = contact
        self.assertContact(contact)
        contact.company_id = self.other
        self.assertContact(self.customer)

    def test_contacts_of_another_company_are_not_proposed_for_a_call(self):
        self.scenario.level_ids.write({"channel": "call", "execution": "manual"})
        self._create_contact(self.other, phone="+33 1 23 45 67 89")
        own = self._create_contact(self.company, type="contact", phone="+33 2")
        self._create_invoice(due=-5)
        action = self._run().action_ids
        self.assertEqual(action.phone_partner_ids, own)

    def test_whoever_looks_the_contact_is_the_same(self):
        self._create_contact(self.other)
        both = self.env["dunning.action"].with_context(
            allowed_company_ids=[self.company.id, self.other.id]
        )
        self._create_invoice(due=-5)
        action = self._run().action_ids
        self.assertEqual(both.browse(action.id).contact_id, self.customer)

    # ------------------------------------------------------------------
    # CUSTOMER OF ANOTHER COMPANY
    # ------------------------------------------------------------------

    def _give_away(self):
        """Give a customer to another company of which something of all kinds is open
        and done."""
        self.scenario.level_ids[1:].write({"channel": "call", "execution": "manual"})
        items = self._items(
            self.env["account.move"].concat(
                *(self._create_invoice(due=due) for due in (-5, -15, -7, -8, -9))
            )
        )
        self._create_hold(items[2])
        self.env["dunning.dispute"].create(
            {
                "partner_id": self.customer.id,
                "move_line_ids": [Command.set(items[3].ids)],
                "reason_id": self.env["dunning.reason"].search([], limit=1).id,
            }
        )
        self.env["dunning.promise"].create(
            {
                "partner_id": self.customer.id,
                "move_line_ids": [Command.set(items[4].ids)],
                "line_ids": [Command.create({"date": self._day(3), "amount": 100})],
            }
        )
        self._step()
        self._create_invoice(due=-12)
        self._run(1)
        self.customer.company_id = self.other
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertFalse(
            self.env["res.partner"]
            .with_user(self.manager)
            .search([("id", "=", self.customer.id)])
        )

    def _get_windows(self):
        """Return the windows of the addon that show something of customers."""
        records = self.env["ir.model.data"].search(
            [("module", "=", "account_dunning"), ("model", "=", self.window._name)]
        )
        return self.window.browse(records.mapped("res_id")).filtered(
            lambda window: (
                window.res_model.startswith("dunning.")
                and "partner_id" in self.env[window.res_model]._fields
                and window.target == "current"
            )
        )

    @property
    def window(self):
        return self.env["ir.actions.act_window"]

    def test_all_screens_open_although_a_customer_is_another_company_s(self):
        self._give_away()
        env = self.env(user=self.manager, context={}, su=False)
        shown = set()
        for window in self._get_windows():
            model = env[window.res_model]
            for view_id, kind in window.views:
                if kind not in RECORD_VIEWS:
                    continue
                arch = etree.fromstring(model.get_view(view_id, kind)["arch"])
                with self.subTest(window=window.name, view=kind):
                    env.invalidate_all()
                    found = model.web_search_read([], read_spec(model, arch))
                    if found["length"]:
                        shown.add(window.res_model)
        self.assertLessEqual(
            {
                "dunning.action",
                "dunning.coverage",
                "dunning.dispute",
                "dunning.hold",
                "dunning.item",
                "dunning.promise",
                "dunning.procedure",
            },
            shown,
        )

    def test_the_call_screen_opens_although_the_customer_is_another_company_s(self):
        self._give_away()
        actions = self.env["dunning.action"].with_user(self.manager)
        call = actions.search([("channel", "=", "call"), ("state", "=", "todo")])
        self.assertTrue(call)
        self.assertTrue(call[0].display_name)

    def test_work_on_the_customer_of_another_company_goes_on(self):
        self._give_away()
        actions = self.env["dunning.action"].with_user(self.manager)
        action = actions.search([("state", "=", "todo")])[:1]
        action.action_execute()
        self.assertEqual(action.state, "done")
        run = self.company.with_user(self.manager)._dunning_run()
        self.assertEqual(run.state, "done")

    def test_a_customer_that_is_only_proposed_is_read_with_the_rights_of_who_asks(self):
        stranger = self._create_customer("Stranger", company_id=self.other.id)
        self.env.flush_all()
        self.env.invalidate_all()
        actions = self.env["dunning.action"].with_user(self.manager)
        action = actions.new({"partner_id": stranger.id, "channel": "call"})
        for name in ("display_name", "contact_email", "customer_balance"):
            with self.subTest(name=name):
                try:
                    value = action[name]
                except Exception:  # pylint: disable=broad-except
                    continue
                self.assertNotIn("tranger", str(value or ""))
