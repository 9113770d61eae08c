import base64
import io

from openpyxl import Workbook

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from ...tools.dates import shift
from ...wizards.risk.dunning_cover_import import MOST_SHOWN
from .common_risk import RiskCommon

HEADS = ("Client", "Assureur", "Contrat", "Montant", "Du", "Au")


@tagged("post_install", "-at_install")
class TestCoverImport(RiskCommon):
    """The list of a credit insurer, from Excel or CSV: shown before, row by row."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.insurer = cls._create_customer("Assurcrédit")
        cls.customer.write({"name": "Société Générique", "vat": "FR40303265045"})
        cls.covers = cls.env["dunning.cover"]

    def _import(self, *rows, heads=HEADS, **values):
        lines = [";".join(heads), *(";".join(row) for row in rows)]
        content = "\n".join(lines).encode("cp1252")
        return self._open(content, **values)

    def _open(self, content, **values):
        return self.env["dunning.cover.import"].create(
            {"file": base64.b64encode(content), "file_name": "list", **values}
        )

    def _row(self, name="Société Générique", amount="12 500,50", first="01/01/2027"):
        return (name, "Assurcrédit", "AC-1", amount, first, "31/12/2027")

    def _of_customer(self):
        return self.covers.search([("partner_id", "=", self.customer.id)])

    def test_each_row_becomes_a_cover(self):
        dialog = self._import(self._row())
        self.assertEqual(dialog.ready_count, 1)
        dialog.action_apply()
        cover = self._of_customer()
        self.assertEqual(
            (cover.insurer_id, cover.policy, cover.amount, str(cover.date_from)),
            (self.insurer, "AC-1", 12500.50, "2027-01-01"),
        )
        self.assertEqual(str(cover.date_to), "2027-12-31")

    def test_a_workbook_is_read_as_well(self):
        book = Workbook()
        book.active.append(["Raison sociale", "Montant garanti"])
        book.active.append(["SOCIETE GENERIQUE", 8000])
        stream = io.BytesIO()
        book.save(stream)
        dialog = self._open(
            stream.getvalue(), insurer_id=self.insurer.id, declaration_days=60
        )
        dialog.action_apply()
        cover = self._of_customer()
        self.assertEqual((cover.amount, cover.declaration_days), (8000, 60))
        self.assertEqual(cover.date_from, self.company._dunning_today())

    def test_what_begins_later_is_named_by_its_first_day(self):
        self._import(self._row(first="01/02/2027")).action_apply()
        dialog = self._import(self._row())
        self.assertEqual(dialog.ready_count, 0)
        self.assertIn("One from 02/01/2027 is entered already.", dialog.preview)

    def test_a_customer_is_found_by_its_number(self):
        heads = ("SIREN", "Client", "Montant")
        dialog = self._import(
            ("303 265 045", "Autrement", "100"),
            heads=heads,
            insurer_id=self.insurer.id,
        )
        dialog.action_apply()
        self.assertEqual(self._of_customer().amount, 100)

    def test_a_number_is_none_of_who_has_no_number(self):
        dialog = self._import(
            ("FALSE", "Société Générique", "100"),
            heads=("SIREN", "Client", "Montant"),
            insurer_id=self.insurer.id,
        )
        dialog.action_apply()
        self.assertEqual(self._of_customer().amount, 100)

    def test_rows_that_cannot_be_used_are_told_and_the_others_entered(self):
        dialog = self._import(
            self._row(),
            self._row("Nobody Known"),
            self._row(amount="abc"),
            ("", "Assurcrédit", "", "5", "", ""),
            self._row(first="01/01/2028"),
        )
        self.assertEqual(dialog.ready_count, 1)
        for text in ("abc", "Nobody Known", "rejected: 4", "end before"):
            self.assertIn(text, dialog.preview)
        told = base64.b64decode(dialog.rejected_file).decode("utf-8-sig")
        self.assertEqual(len(told.splitlines()), 5)
        self.assertIn("3;Nobody Known;No customer has this name or number.", told)
        download = dialog.action_download_rejected()["url"]
        self.assertIn(f"/{dialog.id}/rejected_file/", download)
        self.assertEqual(dialog.action_apply()["params"]["next"]["res_id"], dialog.id)
        self.assertEqual(len(self._of_customer()), 1)

    def test_who_is_called_as_somebody_else_is_not_guessed(self):
        self._create_customer("Société Générique")
        dialog = self._import(self._row())
        self.assertEqual(dialog.ready_count, 0)
        self.assertIn("Several customers", dialog.preview)

    def test_the_same_list_again_changes_nothing(self):
        self._import(self._row()).action_apply()
        again = self._import(self._row())
        self.assertEqual(again.ready_count, 0)
        with self.assertRaises(UserError):
            again.action_apply()
        self.assertEqual(len(self._of_customer()), 1)

    def test_another_amount_changes_the_cover(self):
        self._import(self._row()).action_apply()
        self._import(self._row(amount="9000")).action_apply()
        self.assertEqual(self._of_customer().mapped("amount"), [9000])

    def test_a_later_cover_takes_the_place_of_the_one_that_runs(self):
        self._import(self._row()).action_apply()
        self._import(self._row(first="01/07/2027", amount="5000")).action_apply()
        later, former = self._of_customer()
        self.assertEqual(str(former.date_to), "2027-06-30")
        self.assertEqual((str(later.date_from), later.amount), ("2027-07-01", 5000))

    def test_a_list_without_days_keeps_what_is_covered_for_as_much(self):
        today = self.company._dunning_today()
        cover = self.covers.create(
            {
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "insurer_id": self.insurer.id,
                "amount": 12500.5,
                "date_from": shift(today, -150),
                "date_to": shift(today, 200),
                "declaration_days": 120,
            }
        )
        row = ("Société Générique", "Assurcrédit", "", "12 500,50", "", "")
        self.assertEqual(self._import(row).ready_count, 0)
        self._import((*row[:3], "9000", *row[4:])).action_apply()
        later, former = self._of_customer()
        self.assertEqual((former, former.date_to), (cover, shift(today, -1)))
        self.assertEqual((later.amount, later.declaration_days), (9000, 120))

    def test_as_much_until_another_day_is_another_cover(self):
        today = self.company._dunning_today()
        cover = self.covers.create(
            {
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "insurer_id": self.insurer.id,
                "amount": 12500.5,
                "date_from": shift(today, -150),
                "date_to": shift(today, 200),
            }
        )
        row = ("Société Générique", "Assurcrédit", "", "12 500,50", "")
        for days, ready in ((200, 0), (300, 1)):
            last = shift(today, days).strftime("%d/%m/%Y")
            with self.subTest(date_to=last):
                self.assertEqual(self._import((*row, last)).ready_count, ready)
        self.assertEqual(self._of_customer(), cover)

    def test_as_much_in_another_currency_is_another_cover(self):
        today = self.company._dunning_today()
        dollar = self._enable_currency("USD")
        cover = self.covers.create(
            {
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "insurer_id": self.insurer.id,
                "currency_id": dollar.id,
                "amount": 12500.5,
                "date_from": shift(today, -150),
                "date_to": shift(today, 200),
            }
        )
        row = ("Société Générique", "Assurcrédit", "", "12 500,50", "", "")
        self._import(row).action_apply()
        later, former = self._of_customer()
        self.assertEqual((former, former.date_to), (cover, shift(today, -1)))
        self.assertEqual(later.currency_id, self.company.currency_id)

    def test_an_earlier_cover_than_the_one_entered_is_rejected(self):
        self._import(self._row(first="01/07/2027")).action_apply()
        self.assertEqual(self._import(self._row()).ready_count, 0)

    def test_a_row_that_is_twice_in_the_file_is_entered_once(self):
        dialog = self._import(self._row(), self._row(amount="1"))
        dialog.action_apply()
        self.assertEqual(self._of_customer().amount, 12500.50)

    def test_what_is_no_list_is_told(self):
        for content, told in (
            (b"%PDF-1.7", "CSV or XLSX"),
            (b"A;B\n1;2", "No column is called"),
            (b"\xd0\xcf\x11\xe0", "old XLS"),
        ):
            with self.subTest(told):
                dialog = self._open(content)
                self.assertIn(told, dialog.preview)
                with self.assertRaises(UserError):
                    dialog.action_apply()

    def test_what_a_row_says_is_no_markup_and_no_formula(self):
        dialog = self._import(self._row("<b>=1+1</b>"), self._row("=1+1"))
        self.assertNotIn("<b>", dialog.preview)
        told = base64.b64decode(dialog.rejected_file).decode("utf-8-sig")
        self.assertIn(";'=1+1;", told)

    def test_what_is_not_shown_of_a_list_is_counted(self):
        for number, words in ((MOST_SHOWN, ""), (MOST_SHOWN + 2, "and 2 more")):
            with self.subTest(rows=number):
                preview = self._import(*[self._row()] * number).preview
                self.assertIn(words, preview)
                self.assertIs("more" in preview, bool(words))

    def test_a_form_shows_what_would_happen_before_it_is_saved(self):
        form = Form(self.env["dunning.cover.import"])
        content = "Client;Montant\nSociété Générique;100".encode()
        form.file = base64.b64encode(content)
        self.assertEqual(form.ready_count, 0)
        form.insurer_id = self.insurer
        self.assertEqual(form.ready_count, 1)

    def test_the_only_insurer_of_the_company_is_proposed(self):
        imports = self.env["dunning.cover.import"]
        self.assertFalse(Form(imports).insurer_id)
        self._import(self._row()).action_apply()
        other = {"insurer_id": self._create_customer("Other").id}
        company = self._create_second_company()
        self._of_customer().copy(other | {"company_id": company.id})
        self.assertEqual(Form(imports).insurer_id, self.insurer)
        own = self._of_customer().filtered(lambda c: c.company_id == self.company)
        own.copy(other)
        self.assertFalse(Form(imports).insurer_id)

    def test_each_row_that_cannot_be_used_says_why(self):
        heads = (*HEADS, "Devise", "Délai")
        self.env["res.currency"].search([("name", "=", "USD")]).active = False
        for values, problem in (
            ({"Montant": "x"}, "“x” is no amount."),
            ({"Délai": "two"}, "“two” is no number of days."),
            ({"Du": "soon"}, "“soon” is no day."),
            ({"Au": "later"}, "“later” is no day."),
            ({"Assureur": "Nobody"}, "The insurer “Nobody” is not among the contacts."),
            ({"Assureur": ""}, "The insurer is missing: choose it above."),
            ({"Devise": "usd"}, "The currency “usd” is not used here."),
            ({"Montant": ""}, "The amount is missing, or negative."),
            ({"Montant": "-0,01"}, "The amount is missing, or negative."),
            ({"Au": "31/12/2026"}, "It would end before it begins."),
            ({"Au": "01/01/2027"}, ""),
            ({"Montant": "0"}, ""),
            ({"Devise": "eur"}, ""),
            ({"Délai": "0"}, ""),
        ):
            with self.subTest(values=values):
                row = dict(zip(HEADS, self._row(), strict=True)) | values
                dialog = self._import([row.get(h, "") for h in heads], heads=heads)
                self.assertEqual(dialog.ready_count, 0 if problem else 1)
                told = base64.b64decode(dialog.rejected_file or "").decode("utf-8-sig")
                lines = told.splitlines()[1:]
                self.assertEqual(len(lines), 1 if problem else 0)
                self.assertIn(problem, told)

    def test_what_runs_is_said_to_end_or_to_change(self):
        heads, row = (*HEADS, "Délai"), self._row()
        self._import((*row, "60"), heads=heads).action_apply()
        self.assertEqual(self._of_customer().declaration_days, 60)
        for other, status in (
            ((*row, "60"), "As it is"),
            ((*row, ""), "As it is"),
            ((*row, "0"), "Changed"),
            ((*row, "90"), "Changed"),
            ((*self._row(first="01/07/2027"), "60"), "Takes the place of the one"),
            ((*row[:2], "AC-2", *row[3:], "60"), "New"),
        ):
            with self.subTest(other=other):
                self.assertIn(status, self._import(other, heads=heads).preview)
        self._import((*row, "90"), heads=heads).action_apply()
        self.assertEqual(self._of_customer().declaration_days, 90)

    def test_an_auditor_imports_nothing(self):
        auditor = self._create_user("auditor19", "group_dunning_readonly")
        with self.assertRaises(AccessError):
            self.env["dunning.cover.import"].with_user(auditor).create({})
