from odoo import Command
from odoo.tools import html2plaintext

from ..litigations import LitigationCommon


class EntryCommon(LitigationCommon):
    """A company whose accountant prepares entries, and an invoice with taxes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.accountant = cls._create_user("accountant", "group_dunning_readonly")
        cls.accountant.group_ids = [
            Command.link(cls.env.ref("account.group_account_user").id)
        ]
        cls.doubtful = cls._create_account("416000", "asset_receivable", reconcile=True)
        cls.provision = cls._create_account("491000", "asset_current")
        cls.dotation = cls._create_account("681700", "expense")
        cls.loss = cls._create_account("654000", "expense")
        cls.company.write(
            {
                "dunning_doubtful_account_id": cls.doubtful.id,
                "dunning_provision_account_id": cls.provision.id,
                "dunning_provision_expense_id": cls.dotation.id,
                "dunning_loss_account_id": cls.loss.id,
                "dunning_vat_recovery": True,
            }
        )
        cls.vat = cls._create_account("445710", "liability_current")
        tax = cls.env["account.tax"].create(
            {
                "name": "20 %",
                "amount": 20,
                "invoice_repartition_line_ids": [
                    Command.create({"repartition_type": "base"}),
                    Command.create(
                        {"repartition_type": "tax", "account_id": cls.vat.id}
                    ),
                ],
                "refund_repartition_line_ids": [
                    Command.create({"repartition_type": "base"}),
                    Command.create(
                        {"repartition_type": "tax", "account_id": cls.vat.id}
                    ),
                ],
            }
        )
        cls.invoice = cls._create_invoice(due=-10, post=False)
        cls.invoice.invoice_line_ids.tax_ids = tax
        cls.invoice.action_post()

    @classmethod
    def _create_account(cls, code, account_type, **values):
        return cls.env["account.account"].create(
            {"name": code, "code": code, "account_type": account_type, **values}
        )

    def _prepare(self, litigation, kind, user=None, **values):
        dialogs = self.env["dunning.litigation.entry"].with_user(
            user or self.accountant
        )
        dialog = dialogs.create({"litigation_id": litigation.id, "kind": kind} | values)
        window = dialog.action_apply()
        return self.env["account.move"].browse(window["res_id"])

    def _preview(self, litigation, kind):
        dialogs = self.env["dunning.litigation.entry"].with_user(self.accountant)
        dialog = dialogs.new({"litigation_id": litigation.id, "kind": kind})
        return html2plaintext(str(dialog.preview)).replace("\N{NO-BREAK SPACE}", " ")

    def assertEntry(self, move, expected):
        """Check a draft: dict of account to balance."""
        self.assertEqual(move.state, "draft")
        found = {}
        for line in move.line_ids:
            found[line.account_id] = found.get(line.account_id, 0) + line.balance
        self.assertEqual(found, expected)
