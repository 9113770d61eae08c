import io
from ast import literal_eval
from contextlib import contextmanager
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools.pdf import PdfFileReader

from ..common import DunningCommon

ADDRESS = {"street": "2 rue des Lilas", "zip": "69003", "city": "Lyon"}


class LetterCommon(DunningCommon):
    """A company that writes letters, to customers who have an address."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if cls.env["ir.actions.report"].get_wkhtmltopdf_state() == "install":
            cls.skipTest(cls, "wkhtmltopdf is missing")
        cls.company.write(
            {
                "street": "1 place du Pont",
                "zip": "33000",
                "city": "Bordeaux",
                "country_id": cls.env.ref("base.fr").id,
            }
        )
        cls.customer.write({**ADDRESS, "country_id": cls.env.ref("base.fr").id})
        cls.letter_template = cls._create_letter_template()
        cls._set_levels(
            [
                (
                    "Letter",
                    5,
                    {
                        "channel": "letter",
                        "execution": "manual",
                        "letter_template_id": cls.letter_template.id,
                    },
                )
            ]
        )

    @classmethod
    def _create_letter_template(cls, **values):
        return cls.env["mail.template"].create(
            {
                "name": "Test Letter",
                "model_id": cls.env["ir.model"]._get_id("dunning.action"),
                "lang": "{{ object.contact_lang }}",
                "subject": "About {{ object.reference }}",
                "body_html": '<div><p>Please pay</p><t t-out="object.items_table"/>'
                '<t t-out="object.payment_block"/><p>Goodbye</p></div>',
            }
            | values
        )

    @classmethod
    def _create_addressee(cls, name, **values):
        return cls._create_customer(
            name, **{**ADDRESS, "country_id": cls.env.ref("base.fr").id, **values}
        )

    @classmethod
    def _create_invoices(cls, customer, count):
        """Create overdue invoices of one customer, posted together."""
        moves = cls.env["account.move"].concat(
            *(
                cls._create_invoice(
                    customer, due=-10 - number, amount=1000 + number, post=False
                )
                for number in range(count)
            )
        )
        moves.action_post()
        cls.env.flush_all()
        return moves

    @staticmethod
    def _read_pages(pdf):
        reader = PdfFileReader(io.BytesIO(pdf))
        return [" ".join(page.extract_text().split()) for page in reader.pages]

    def _read(self, action):
        """Return the pages of an action's letter as text."""
        return self._read_pages(action.letter_id.raw)

    @contextmanager
    def _count_processes(self):
        """Count how often wkhtmltopdf is started."""
        calls = []
        reports = self.env.registry["ir.actions.report"]
        run = reports._dunning_run_letters

        def counted(self, *args):
            calls.append(args)
            return run(self, *args)

        with patch.object(reports, "_dunning_run_letters", counted):
            yield calls


@tagged("post_install", "-at_install")
class TestLetter(LetterCommon):
    """What letters are made of, and how."""

    # ------------------------------------------------------------------
    # CONTENT
    # ------------------------------------------------------------------

    def test_a_letter_holds_what_the_ledger_says(self):
        invoice = self._create_invoice(due=-10, amount=1234.5)
        action = self._step(0)
        [page] = self._read(action)
        self.assertIn("Customer 2 rue des Lilas 69003 Lyon", page)
        self.assertIn("1 place du Pont", page)
        self.assertIn(f"About {invoice.name}", page)
        self.assertIn("1,234.50", page)
        self.assertIn("Page 1 of 1", page)
        self.assertEqual(action.state, "done")

    def test_each_letter_holds_its_own_items_and_no_others(self):
        customers = [self._create_addressee(f"Person {n:02}") for n in range(12)]
        invoices = {
            customer: self._create_invoices(customer, 31 if number % 4 == 1 else 1)
            for number, customer in enumerate(customers)
        }
        actions = self._step(0)
        self.assertEqual(len(actions), 12)
        numbers = {move.name for moves in invoices.values() for move in moves}
        for action in actions:
            pages = self._read(action)
            found = {number for number in numbers if number in " ".join(pages)}
            self.assertEqual(found, {move.name for move in invoices[action.partner_id]})
            self.assertEqual(len(pages), 2 if len(found) > 1 else 1)

    def test_a_long_letter_repeats_the_heads_of_its_table_and_loses_no_item(self):
        self._create_invoices(self.customer, 66)
        [action] = self._step(0)
        pages = self._read(action)
        self.assertEqual(len(pages), 3)
        for number, page in enumerate(pages, 1):
            self.assertIn(f"Page {number} of 3", page)
        self.assertEqual(len(action.line_ids), 66)
        # The oldest is in the subject too.
        for line in action.line_ids.sorted("date_due")[1:]:
            self.assertEqual(" ".join(pages).count(line.name), 1, line.name)
        # The last page has what follows the table.
        for page in pages[:2]:
            self.assertIn("Days late", page)
        self.assertIn("Goodbye", pages[-1])
        self.assertIn(action.user_id.name, pages[-1].split("Goodbye")[1])

    def test_reminders_of_four_invoices_fit_on_one_sheet(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.env["res.partner.bank"].create(
            {
                "partner_id": self.company.partner_id.id,
                "acc_number": "FR7630006000011234567890189",
            }
        )
        self.collector.write({"phone": "+33 4 65 71 90 00", "function": "Recouvrement"})
        for text in ("courteous", "firm", "statement"):
            template = self.env.ref(f"account_dunning.letter_template_{text}")
            self.scenario.level_ids.letter_template_id = template
            addressee = self._create_addressee(text, lang="fr_FR", ref="C0001")
            self._create_invoices(addressee, 4)
            self._create_payment(addressee, amount=100)
            action = self._step(0).filtered(lambda a, p=addressee: a.partner_id == p)
            with self.subTest(text=text):
                self.assertEqual(len(self._read(action)), 1)

    def test_letters_are_in_the_language_of_each_customer(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        french = self._create_addressee("Jean", lang="fr_FR")
        self.customer.lang = "en_US"
        self._create_invoice(due=-10)
        self._create_invoice(french, due=-10)
        actions = self._step(0)
        texts = {a.partner_id: " ".join(self._read(a)) for a in actions}
        self.assertIn("Subject: About", texts[self.customer])
        self.assertIn("Objet : About", texts[french])
        self.assertIn("Page 1/1", texts[french])
        self.assertIn("Bordeaux, le 2 mars 2026", texts[french])

    def test_deductions_and_totals_are_those_of_the_ledger(self):
        self._create_invoice(due=-10, amount=500)
        self._create_payment(amount=120)
        [action] = self._step(0)
        [page] = self._read(action)
        self.assertIn("Balance of these items", page)
        self.assertRegex(page, r"Total to pay \(EUR\) 380.00")

    def test_a_code_to_scan_is_shown_where_odoo_can_make_one(self):
        self.env["res.partner.bank"].create(
            {
                "partner_id": self.company.partner_id.id,
                "acc_number": "FR7630006000011234567890189",
            }
        )
        self._create_invoice(due=-10, amount=500)
        [action] = self._step(0)
        [page] = self._read(action)
        self.assertIn("FR76 3000 6000 0112 3456 7890 189", page)
        methods = dict(
            self.env["res.partner.bank"].get_available_qr_methods_in_sequence()
        )
        self.assertEqual("Scan to pay" in page, "sct_qr" in methods)

    # ------------------------------------------------------------------
    # RE-CHECK
    # ------------------------------------------------------------------

    def test_a_letter_shows_what_is_left_after_a_payment(self):
        invoice = self._create_invoice(due=-10, amount=500)
        run = self._run(0)
        self._pay(invoice, 200)
        action = self._execute(run)
        self.assertIn("300.00", " ".join(self._read(action)))

    def test_no_letter_is_made_of_what_was_paid(self):
        invoice = self._create_invoice(due=-10)
        action = self._run(0).action_ids
        self._pay(invoice)
        with self._count_processes() as processes, self.assertRaises(UserError):
            action.action_print()
        self.assertFalse(processes)
        self.assertFalse(action.letter_id)

    # ------------------------------------------------------------------
    # PROCESSES
    # ------------------------------------------------------------------

    def test_one_process_prints_a_whole_batch(self):
        for number in range(8):
            self._create_invoice(self._create_addressee(f"Person {number}"), due=-10)
        with self._count_processes() as processes:
            actions = self._step(0)
        self.assertEqual(len(processes), 1)
        self.assertEqual(set(actions.mapped("state")), {"done"})
        self.assertEqual(len(actions.letter_id), 8)

    def test_what_cannot_be_cut_is_printed_one_by_one(self):
        for number in range(3):
            self._create_invoice(self._create_addressee(f"Person {number}"), due=-10)
        print_letters = type(self.env["ir.actions.report"])._dunning_print_letters

        def fail(reports, letters, companies):
            if len(letters) > 1:
                raise ValueError("Mixed up")
            return print_letters(reports, letters, companies)

        with patch.object(
            type(self.env["ir.actions.report"]), "_dunning_print_letters", fail
        ):
            actions = self._step(0)
        self.assertEqual(set(actions.mapped("state")), {"done"})
        for action in actions:
            self.assertIn(action.partner_id.name, " ".join(self._read(action)))

    # ------------------------------------------------------------------
    # FAILURES
    # ------------------------------------------------------------------

    def test_a_letter_without_address_fails_alone_and_says_what_is_missing(self):
        nowhere = self._create_customer("Nowhere", street="3 rue du Port")
        self._create_invoice(nowhere, due=-10)
        self._create_invoice(due=-10)
        actions = self._step(0)
        failed = actions.filtered(lambda action: action.partner_id == nowhere)
        self.assertEqual(failed.state, "failed")
        self.assertIn("postal code, city", failed.failure)
        self.assertEqual((actions - failed).state, "done")

    def test_a_letter_that_has_failed_waits_among_those_to_print(self):
        nowhere = self._create_customer("Nowhere", street="3 rue du Port")
        self._create_invoice(nowhere, due=-10)
        failed = self._step(0)
        self.assertEqual(failed.state, "failed")
        window = self.env.ref("account_dunning.action_letters")
        self.assertEqual(failed.filtered_domain(literal_eval(window.domain)), failed)

    def test_a_template_that_fails_fails_its_own_action(self):
        other = self._create_addressee("Other")
        self._create_invoice(due=-10)
        self._create_invoice(other, due=-10)
        self.letter_template.body_html = (
            "<p><t t-out=\"1 / (0 if object.partner_id.name == 'Other' else 1)\"/></p>"
        )
        with self._count_processes() as processes:
            actions = self._step(0)
        failed = actions.filtered(lambda action: action.partner_id == other)
        self.assertEqual(failed.state, "failed")
        self.assertIn("division by zero", failed.failure)
        self.assertIn("Test Letter", failed.failure)
        self.assertEqual((actions - failed).state, "done")
        self.assertEqual(len(processes), 1)

    def test_an_empty_text_fails_with_a_message(self):
        self.letter_template.body_html = "<p><br></p>"
        self._create_invoice(due=-10)
        action = self._step(0)
        self.assertEqual(action.state, "failed")
        self.assertIn("empty", action.failure)

    def test_a_level_without_text_fails_with_a_message(self):
        self.scenario.level_ids.letter_template_id = False
        self._create_invoice(due=-10)
        action = self._step(0)
        self.assertEqual(action.state, "failed")
        self.assertIn("no text for letters", action.failure)

    def test_names_with_markup_or_from_right_to_left_are_printed_as_they_are(self):
        names = ["<b>Bold</b> & Sons", "{{ 1/0 }}", "LETTER-MARK", "شركة النور"]
        for name in names:
            partner = self._create_addressee("Person")
            partner.name = name
            self._create_invoice(partner, due=-10)
        actions = self._step(0)
        self.assertEqual(set(actions.mapped("state")), {"done"})
        texts = {a.partner_id.name: " ".join(self._read(a)) for a in actions}
        for name in names[:3]:
            self.assertIn(name, texts[name])

    # ------------------------------------------------------------------
    # PROOF
    # ------------------------------------------------------------------

    def test_the_letter_of_a_done_action_stays_as_it_was_sent(self):
        self._create_invoice(due=-10)
        action = self._step(0)
        letter = action.letter_id
        for change in (
            {"raw": b"Something else"},
            {"name": "Other"},
            {"res_id": 0},
        ):
            with self.subTest(change=change), self.assertRaises(UserError):
                letter.write(change)
        with self.assertRaises(UserError):
            letter.unlink()
        letter.write({"description": "Sent"})
        with self.assertRaises(UserError):
            action.letter_id = False

    def test_another_attempt_takes_the_place_of_the_former_letter(self):
        self._create_invoice(due=-10)
        action = self._run(0).action_ids
        action.sudo()._make_letters()
        first = action.letter_id
        self._execute(action)
        self.assertFalse(first.exists())
        self.assertTrue(action.letter_id.exists())

    # ------------------------------------------------------------------
    # BY HAND
    # ------------------------------------------------------------------

    def test_a_letter_planned_by_hand_is_a_statement(self):
        self._create_invoice(due=-3)
        action = self.env["dunning.action"].create(
            {"partner_id": self.customer.id, "channel": "letter"}
        )
        action.action_print()
        self.assertEqual(action.state, "done")
        self.assertIn("Statement of your account", " ".join(self._read(action)))

    def test_the_contact_is_named_and_the_address_of_the_company_used(self):
        accounts = self._create_customer(
            "Anne", parent_id=self.customer.id, type="other", street=False, city=False
        )
        self.customer.dunning_contact_id = accounts
        self._create_invoice(due=-10)
        action = self._step(0)
        self.assertIn("Customer Anne 2 rue des Lilas", " ".join(self._read(action)))

    def test_abroad_is_what_is_abroad_for_the_company_that_writes(self):
        self._create_invoice(due=-10)
        action = self._run(0).action_ids
        other = self._create_second_company()
        other.sudo().country_id = self.env.ref("base.be")
        lines = action.sudo().with_company(other)._get_address_lines()
        self.assertNotIn("France", lines)

    def test_the_country_is_told_abroad_only(self):
        belgian = self._create_addressee("Jan", country_id=self.env.ref("base.be").id)
        self._create_invoice(belgian, due=-10)
        self._create_invoice(due=-10)
        lines = {a.partner_id: a._get_address_lines() for a in self._run(0).action_ids}
        self.assertIn("Belgium", lines[belgian])
        self.assertNotIn("France", lines[self.customer])
