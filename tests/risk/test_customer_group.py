from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, tagged

from .common_risk import RiskCommon


@tagged("post_install", "-at_install")
class TestCustomerGroup(RiskCommon):
    """Several legal entities that are one debtor to us."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sister = cls._create_customer("Sister")
        cls.group = cls.env["dunning.customer.group"].create(
            {
                "name": "Family",
                "member_ids": [(6, 0, (cls.customer | cls.sister).ids)],
                "credit_limit": 1000,
            }
        )

    def _read(self):
        self.env.flush_all()
        self.env.invalidate_all()
        return self.group

    def test_what_they_owe_is_added_up(self):
        self._create_invoice(due=-10, amount=400)
        self._create_invoice(self.sister, due=10, amount=500)
        group = self._read()
        self.assertEqual(group.exposure, 900)
        self.assertEqual(group.overdue, 400)
        self.assertEqual(group.room, 100)
        self.assertFalse(group.is_exceeded)
        group.credit_limit = 900
        self.assertEqual((group.room, group.is_exceeded), (0, False))
        self.assertEqual(self.sister.dunning_group_id, group)

    def test_each_company_has_its_own_groups(self):
        other = self._create_second_company()
        theirs = self.group.copy({"name": "Aunts", "company_id": other.id})
        theirs.member_ids = self.customer
        for company, group in ((self.company, self.group), (other, theirs)):
            # Who sees both companies works in one of them.
            customer = self.customer.sudo().with_company(company)
            self.assertEqual(customer.dunning_group_id, group)
        theirs.credit_limit = 10
        self._create_invoice(due=-10, company=other)
        for company, exceeded in ((self.company, set()), (other, {self.customer.id})):
            found = self.group.sudo()._get_exceeded(company, self.customer)
            self.assertEqual(found, exceeded)

    def test_together_above_the_limit_all_are_stopped(self):
        self.company.dunning_stop_limit = "block"
        self._create_invoice(due=10, amount=900)
        self.assertEqual(self.sister.dunning_credit_stop, "none")
        invoice = self._create_invoice(due=10, amount=101)
        self._read()
        self.assertEqual(self.sister.dunning_credit_stop, "block")
        self.assertEqual(
            self.sister.dunning_credit_stop_reason, "group above its limit"
        )
        self._pay(invoice)
        self._read()
        self.assertEqual(self.sister.dunning_credit_stop, "none")

    def test_each_is_dunned_by_itself(self):
        self._create_invoice(due=-20)
        self._create_invoice(self.sister, due=-20)
        actions = self._run().action_ids
        self.assertEqual(actions.partner_id, self.customer | self.sister)
        self.assertEqual(len(actions), 2)

    def test_what_they_owe_is_opened_together(self):
        invoices = self._create_invoice(due=-20)
        invoices |= self._create_invoice(self.sister, due=-20)
        action = self.group.action_open_items()
        found = self.env["dunning.item"].search(action["domain"])
        self.assertEqual(found.move_id, invoices)

    def test_a_customer_belongs_to_one_group(self):
        groups = self.env["dunning.customer.group"]
        with self.assertRaisesRegex(ValidationError, "Family"):
            groups.create({"name": "Other", "member_ids": [(4, self.sister.id)]})
        contact = self._create_customer("Contact", parent_id=self.sister.id)
        with self.assertRaisesRegex(ValidationError, "contact"):
            groups.create({"name": "Other", "member_ids": [(4, contact.id)]})

    def test_collectors_make_groups_and_auditors_read_them(self):
        self.group.active = False
        groups = self.env["dunning.customer.group"].with_user(self.collector)
        with Form(groups) as form:
            form.name = "New Family"
            form.credit_limit = 10
        auditor = self._create_user("auditor", "group_dunning_readonly")
        group = form.record.with_user(auditor)
        self.assertEqual(group.credit_limit, 10)
        with self.assertRaises(AccessError):
            group.credit_limit = 20
