from odoo.exceptions import AccessError
from odoo.service.model import call_kw
from odoo.tests import new_test_user, tagged

from .common_portal import PortalCommon

MODELS = (
    "dunning.portal.visit",
    "dunning.portal.request",
    "dunning.portal.attempt",
    "dunning.action",
    "dunning.sending",
    "dunning.hold",
    "dunning.item",
)


@tagged("post_install", "-at_install")
class TestPortalRights(PortalCommon):
    """What stands behind the page is read by who duns, and changed by nobody."""

    def setUp(self):
        super().setUp()
        self._create_item()
        self._watch_act()
        self.request = self._submit(user=self.visitor)
        portal = self.env["dunning.portal"]
        customer = portal._enter(self.customer.id, self.company.sudo())
        self.env["dunning.portal.visit"]._note(customer, self.visitor)
        self.visit = self.env["dunning.portal.visit"].search([])

    def _call(self, user, model, method, *args):
        return call_kw(self.env(user=user, su=False)[model], method, list(args), {})

    def test_portal_users_read_no_model_of_dunning(self):
        for model in MODELS:
            with self.subTest(model=model), self.assertRaises(AccessError):
                self._call(self.visitor, model, "search_read", [])

    def test_nobody_calls_what_opens_pages(self):
        for model, method in (
            ("dunning.portal", "_sign"),
            ("dunning.portal", "_find_customer"),
            ("dunning.portal.request", "_confirm"),
            ("dunning.portal.request", "_submit"),
            ("dunning.portal.statement", "_prepare_statement"),
            ("res.partner", "_dunning_portal_url"),
        ):
            for user in (self.visitor, self.manager):
                with self.subTest(method=method), self.assertRaises(AccessError):
                    self._call(user, model, method, [])

    def test_portal_users_neither_open_nor_revoke_pages(self):
        for method in ("action_dunning_portal_open", "action_dunning_portal_revoke"):
            with self.subTest(method=method), self.assertRaises(AccessError):
                self._call(self.visitor, "res.partner", method, self.customer.ids)
        with self.assertRaises(AccessError):
            self.company.with_user(self.visitor)._dunning_portal_revoke()

    def test_who_reads_dunning_does_not_revoke_links(self):
        auditor = self._create_user("dunning_auditor", "readonly")
        with self.assertRaises(AccessError):
            self.customer.with_user(auditor).action_dunning_portal_revoke()

    def test_collectors_read_what_happened_and_change_none_of_it(self):
        for record in (self.request, self.visit):
            own = record.with_user(self.manager).with_context(
                allowed_company_ids=self.company.ids
            )
            self.assertTrue(own.read(["date"]))
            for change in (
                lambda r: r.write({"date": "2020-01-01"}),
                lambda r: r.unlink(),
            ):
                with self.subTest(model=record._name), self.assertRaises(AccessError):
                    change(own)

    def test_another_company_reads_nothing(self):
        data = self.setup_other_company(name="Second Company")
        foreign = new_test_user(
            self.env(context={"no_reset_password": True}),
            "dunning_foreign",
            "account_dunning.group_dunning_manager",
            company_id=data["company"].id,
            company_ids=[(6, 0, data["company"].ids)],
        )
        for record in (self.request, self.visit):
            own = record.with_user(foreign).with_context(allowed_company_ids=[])
            with self.subTest(model=record._name), self.assertRaises(AccessError):
                own.read(["date"])
            self.assertFalse(own.search([]))
