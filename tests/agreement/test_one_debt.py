from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common import DunningCommon


@tagged("post_install", "-at_install")
class TestOneDebt(DunningCommon):
    """What is agreed or put aside is about items of one customer, in one company and
    one currency."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.items = cls._items(cls._create_invoice(due=-10))
        dollar = cls.setup_other_currency("USD")
        cls.others = {
            "customer": cls._create_invoice(cls._create_customer("Other"), due=-10),
            "company": cls._create_invoice(
                due=-10, company=cls._create_second_company()
            ),
            "currency": cls._create_invoice(due=-10, currency=dollar),
        }
        cls.lawyer = cls._create_customer("Lawyer", dunning_agent_kind="lawyer")

    def _prepare(self, model):
        """Return what else a record needs, beside its items."""
        own = {"partner_id": self.customer.id, "company_id": self.company.id}
        payment = Command.create({"date": self._day(5), "amount": 10})
        currency = {"currency_id": self.company.currency_id.id}
        return {
            "dunning.dispute": {
                "reason_id": self.env.ref("account_dunning.reason_price").id,
                "amount": 10,
            },
            "dunning.hold": own | currency | {"note": "Later", "amount": 10},
            "dunning.litigation": own | {"agent_id": self.lawyer.id},
            "dunning.promise": own | {"line_ids": [payment]},
        }[model]

    def _create(self, model, items):
        values = self._prepare(model) | {"move_line_ids": [Command.set(items.ids)]}
        record = self.env[model].create(values)
        record.flush_recordset()
        return record

    def test_what_is_agreed_is_about_one_customer_company_and_currency(self):
        for model in (
            "dunning.dispute",
            "dunning.hold",
            "dunning.litigation",
            "dunning.promise",
        ):
            for name, move in self.others.items():
                with self.subTest(model=model, other=name):
                    with self.assertRaises(UserError):
                        self._create(model, self.items | self._items(move))
            with self.subTest(model=model), self.cr.savepoint() as savepoint:
                record = self._create(model, self.items)
                self.assertEqual(record.company_id, self.company)
                savepoint.rollback()
            self.env.invalidate_all(flush=False)
