import io
from unittest.mock import patch

import openpyxl

from odoo.tests import tagged

from ..web_client import WebForm
from .test_proof import ProofCommon


@tagged("post_install", "-at_install")
class TestProofPackage(ProofCommon):
    """What else a proof file holds: how penalties are worked out, and what the agent
    of a litigation asks for."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.france = cls.env.ref("base.fr")
        cls.company.country_id = cls.france
        cls.customer.write({"is_company": True, "country_id": cls.france.id})

    def _get_names(self, content, folder):
        names = self._open(content).namelist()
        return [name for name in names if name.startswith(f"{folder} ")]

    def _read_workbook(self, content):
        [name] = [
            name for name in self._get_names(content, "0") if name.endswith(".xlsx")
        ]
        return openpyxl.load_workbook(io.BytesIO(self._open(content).read(name)))

    # ------------------------------------------------------------------
    # PENALTIES
    # ------------------------------------------------------------------

    def test_what_bears_penalties_has_its_statement(self):
        content = self._make()
        self.assertRight(content)
        [name] = self._get_names(content, "7")
        self.assertRegex(name, r"Statement of penalties\.(pdf|html)$")
        self.assertTrue(self._open(content).read(name))

    def test_of_one_invoice_the_statement_is_about_that_one(self):
        other = self._create_invoice(due=-30, amount=777)
        self._make(self.invoice)
        collection = self.proof._collect()
        items = self.proof._get_penalty_items(collection, self.today)
        self.assertEqual(items, self._items(self.invoice))
        self._make()
        items = self.proof._get_penalty_items(self.proof._collect(), self.today)
        self.assertEqual(items, self._items(self.invoice | other))

    def test_without_penalties_there_is_no_statement(self):
        customer = self._create_customer("Punctual", is_company=True)
        self._create_invoice(customer, due=20)
        self.assertFalse(self._get_names(self._make(customer), "7"))

    def test_a_rate_that_is_missing_is_said_and_stops_nothing(self):
        self.env["dunning.rate"].sudo().search([]).active = False
        content = self._make()
        self.assertRight(content)
        self.assertTrue(self._get_names(content, "7"))

    def test_the_statement_of_many_reads_as_often_as_of_few(self):
        counts = []
        for number in (3, 12):
            customer = self._create_customer(
                f"C{number}", is_company=True, country_id=self.france.id
            )
            for day in range(number):
                self._create_invoice(customer, due=-20 - day)
            statements = self.env["dunning.interest.statement"]
            items = self.env["account.move.line"].search(
                [
                    ("partner_id", "=", customer.id),
                    ("account_type", "=", "asset_receivable"),
                ]
            )
            statement = statements._prepare_for(items)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            statement._describe_items(items)
            counts.append(self.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 2)

    # ------------------------------------------------------------------
    # THE AGENT
    # ------------------------------------------------------------------

    def test_the_agent_gets_the_items_as_a_workbook(self):
        later = self._create_invoice(due=-5, amount=250)
        litigation = self._hand_over(self.invoice | later, reference="2026/7")
        content = self._make(litigation)
        self.assertRight(content)
        book = self._read_workbook(content)
        rows = list(book["Items"].iter_rows(values_only=True))
        self.assertEqual(rows[0][0], "Number")
        self.assertEqual([row[0] for row in rows[1:]], [self.invoice.name, later.name])
        self.assertEqual([row[4] for row in rows[1:]], [100, 250])
        interest = self._items(self.invoice)._dunning_interest()
        [periods] = interest.values()
        self.assertAlmostEqual(rows[1][5], sum(one.amount for one in periods), 2)
        self.assertEqual(rows[1][7].year, self.invoice.invoice_date_due.year + 5)
        values = [row[2] for row in book["Parties"].iter_rows(values_only=True)]
        self.assertIn(self.customer.name, values)
        self.assertIn(self.company.name, values)

    def test_a_document_is_told_with_what_it_was_attached_to(self):
        actions = self.env["dunning.action"].with_user(self.collector)
        files = self.env["ir.attachment"].with_user(self.collector)
        for channel in ("call", "task"):
            action = actions.create(
                {"partner_id": self.customer.id, "channel": channel, "note": channel}
            )
            action.action_execute()
            files.create(
                {
                    "name": f"{channel}.txt",
                    "raw": b"Done",
                    "res_model": "dunning.action",
                    "res_id": action.id,
                }
            )
            actions |= action
        self._make()
        collection = self.proof._collect()
        with patch.object(
            self.registry["dunning.proof"], "_copy", lambda _proof, _zip, path, _: path
        ):
            self.proof._add_attached(None, collection)
        told = {row["title"]: row["state"] for row in collection.rows}
        for action in actions:
            self.assertEqual(told[f"{action.channel}.txt"], action.display_name)
        self.assertEqual(len(set(actions.mapped("display_name"))), 2)

    def test_a_proof_file_without_litigation_has_nothing_for_an_agent(self):
        self.assertFalse(self._get_names(self._make(), "0"))

    def test_it_is_offered_when_something_was_handed_over(self):
        dialogs = self.env["dunning.litigation.dialog"].with_user(self.collector)
        form = WebForm(
            dialogs.with_context(
                active_model="account.move", active_ids=self.invoice.ids
            )
        )
        form.agent_id = self.lawyer
        window = form.save().action_apply()
        litigation = self.env["dunning.litigation"].browse(window["res_id"])
        arch = litigation.with_user(self.collector).get_view(view_type="form")["arch"]
        self.assertIn("Agent's File", arch)
        url = litigation.with_user(self.collector).action_proof()["url"]
        self.assertTrue(url.startswith("/dunning/proof/"))
