import base64
import io
import zipfile
from contextlib import ExitStack
from unittest.mock import patch

import openpyxl

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import format_date

from ...models.litigation import dunning_proof, dunning_proof_documents
from ...tools.errors import PrinterError
from ...tools.proof_zip import Package
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

    def test_the_agent_gets_what_is_on_account_as_well(self):
        litigation = self._hand_over(self.invoice)
        self._create_payment(amount=30)
        litigation.invalidate_recordset(["amount_credited"])
        book = self._read_workbook(self._make(litigation))
        *_heads, last = book["Items"].iter_rows(values_only=True)
        self.assertEqual((last[0], last[4]), ("Not allocated yet", -30))

    def test_the_agent_gets_what_is_to_be_credited_as_well(self):
        self._accept_dispute(self.invoice, 40)
        litigation = self._hand_over(self.invoice)
        book = self._read_workbook(self._make(litigation))
        *_heads, last = book["Items"].iter_rows(values_only=True)
        self.assertEqual(
            (last[0], last[4]), (f"To be credited on {self.invoice.name}", -40)
        )

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
        told = {row["title"]: row for row in collection.rows}
        for action in actions:
            row = told[f"{action.channel}.txt"]
            self.assertEqual(row["state"], action.display_name)
            self.assertEqual(row["date"], format_date(self.env, row["moment"][:10]))
        self.assertEqual(len(set(actions.mapped("display_name"))), 2)

    # ------------------------------------------------------------------
    # WHAT IS PRINTED, AND WHAT IS MISSING
    # ------------------------------------------------------------------

    def _collect(self, method, **patches):
        """Have a part added to a package.

        :return: what is told of it, what is missing, and the names of its files
        """
        self._make()
        collection = self.proof._collect()
        rows, missing = len(collection.rows), len(collection.missing)
        target = io.BytesIO()
        package = Package(target)
        reports = self.registry["ir.actions.report"]
        with ExitStack() as stack:
            for name, change in patches.items():
                stack.enter_context(patch.object(reports, name, change))
            getattr(self.proof, method)(package, collection)
        package.close()
        names = zipfile.ZipFile(target).namelist()
        return collection.rows[rows:], collection.missing[missing:], names

    def test_invoices_without_a_file_are_printed_until_one_cannot_be(self):
        invoices = self.invoice
        for number in (1, 2):
            invoices |= self._create_invoice(due=-number)
        asked = []

        def print_invoices(_reports, _name, ids):
            asked.append(ids)
            if len(asked) == failing:
                raise UserError("No layout")
            return b"%PDF", "html" if len(asked) == others else "pdf"

        for failing, others, files in ((0, 0, 3), (2, 0, 1), (0, 2, 2), (1, 0, 0)):
            asked.clear()
            with self.subTest(failing=failing, others=others):
                rows, missing, names = self._collect(
                    "_add_invoices", _render_qweb_pdf=print_invoices
                )
                self.assertEqual(len(asked), failing or 3)
                self.assertEqual(len(rows), 3)
                self.assertEqual(len(names), files)
                self.assertEqual(len(missing), 3 - files)
                for told in missing:
                    self.assertRegex(told, "^Invoice .* has no PDF: print it first")

    def test_only_some_invoices_are_printed(self):
        self._create_invoice(due=-5)
        with patch.object(dunning_proof_documents, "MOST_PRINTED", 1):
            _rows, missing, names = self._collect(
                "_add_invoices", _render_qweb_pdf=lambda *_args: (b"%PDF", "pdf")
            )
        self.assertEqual((len(names), len(missing)), (1, 1))

    def test_an_invoice_that_has_a_file_is_in_it_with_that_one(self):
        self.invoice.invoice_pdf_report_file = base64.b64encode(b"%PDF-own")
        self.invoice.invalidate_recordset(["invoice_pdf_report_id"])
        rows, missing, names = self._collect("_add_invoices")
        self.assertEqual(names, [rows[0]["path"]])
        self.assertFalse(missing)
        content = self._open(self._make()).read(names[0])
        self.assertEqual(content, b"%PDF-own")

    def test_an_invoice_that_was_not_issued_is_not_in_it(self):
        draft = self._create_invoice(due=-30, post=False)
        self._make()
        moves = self.proof._collect().moves
        self.assertIn(self.invoice, moves)
        self.assertNotIn(draft, moves)

    def test_a_file_that_cannot_be_read_is_none(self):
        package = Package(io.BytesIO())
        file = self.env["ir.attachment"].create({"name": "a.txt", "raw": b"One"})
        copy = self.env["dunning.proof"]._copy
        self.assertEqual(copy(package, "a.txt", file), "a.txt")
        with patch.object(type(file), "_full_path", lambda *_args: "/no/such/file"):
            self.assertIsNone(copy(package, "b.txt", file))
        # Kept in the database.
        file = file.new({"name": "b.txt"})
        with patch.object(type(file), "_dunning_get_raw", lambda _self: b"Two"):
            self.assertEqual(copy(package, "c.txt", file), "c.txt")
        with patch.object(type(file), "_dunning_get_raw", lambda _self: b""):
            self.assertIsNone(copy(package, "d.txt", file))
        self.assertEqual([entry["size"] for entry in package.entries], [3, 3])
        package.close()

    def test_where_nothing_prints_the_index_and_the_penalties_are_pages(self):
        def refuse(*_args):
            raise PrinterError("Not installed")

        _rows, _missing, names = self._collect("_add_index", _dunning_print_page=refuse)
        self.assertEqual(names, ["index.html"])
        _rows, _missing, names = self._collect(
            "_add_index", _dunning_print_page=lambda *_args: b"%PDF"
        )
        self.assertEqual(names, ["index.pdf"])
        statement = self.registry["dunning.interest.statement"]
        for change, ending in ((refuse, "html"), (lambda *_args: b"%PDF", "pdf")):
            with patch.object(statement, "_print", change):
                rows, _missing, names = self._collect("_add_penalties")
            self.assertEqual(names, [f"7 penalties/Statement of penalties.{ending}"])
            self.assertEqual(rows[0]["path"], names[0])
        reports = self.env["ir.actions.report"]
        for state, printed in (("install", False), ("ok", True)):
            with (
                patch.object(type(reports), "get_wkhtmltopdf_state", lambda _s: state),  # noqa: B023
                patch.object(
                    type(reports), "_dunning_run_letters", lambda *_args: b"%PDF"
                ),
            ):
                if printed:
                    self.assertEqual(reports._dunning_print_page("<p/>", 1), b"%PDF")
                    continue
                with self.assertRaisesRegex(PrinterError, "is not installed on the"):
                    reports._dunning_print_page("<p/>", 1)

    def test_a_data_sheet_that_cannot_be_printed_is_missing(self):
        litigation = self._hand_over(self.invoice)

        def refuse(*_args):
            raise UserError("No layout")

        self._make(litigation)
        for change, is_there in (
            (refuse, False),
            (lambda *_args: (b"<p/>", "html"), False),
            (lambda *_args: (b"%PDF", "pdf"), True),
        ):
            collection = self.proof._collect()
            before = len(collection.missing)
            package = Package(io.BytesIO())
            reports = self.registry["ir.actions.report"]
            with patch.object(reports, "_render_qweb_pdf", change):
                self.proof._add_agent_sheet(package, collection)
            package.close()
            self.assertEqual(len(package.entries), int(is_there))
            missing = collection.missing[before:]
            told = [] if is_there else ["The data sheet could not be printed."]
            self.assertEqual(missing, told)

    def test_a_proof_file_that_fails_leaves_no_file_open(self):
        self._make()
        opened = []
        make = dunning_proof.TemporaryFile

        def make_file(**options):
            opened.append(make(**options))
            return opened[-1]

        def fail(_proof, package):
            package.add("a.txt", self._fail())

        with (
            patch.object(dunning_proof, "TemporaryFile", make_file),
            patch.object(self.registry["dunning.proof"], "_fill", fail),
            self.assertRaisesRegex(UserError, "^Out of order$"),
        ):
            self.proof._make()
        self.assertEqual([file.closed for file in opened], [True])

    def _fail(self):
        yield b"One"
        raise UserError("Out of order")

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
