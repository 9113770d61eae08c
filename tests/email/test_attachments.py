import os
from contextlib import contextmanager
from unittest.mock import patch

from odoo import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.account_dunning.models.email import dunning_action_attachment
from odoo.addons.base.models import ir_actions_report

from ..letter.test_letter import LetterCommon


@tagged("post_install", "-at_install")
class TestAttachments(LetterCommon):
    """What goes with e-mails: the letter, and the PDFs of the invoices."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.level = cls._set_levels(
            [
                (
                    "E-mail",
                    5,
                    {
                        "attach_invoices": True,
                        "letter_template_id": cls.letter_template.id,
                    },
                )
            ]
        )

    @contextmanager
    def _count_renderings(self):
        """Collect the ids of the invoices of which a PDF is rendered."""
        rendered = []
        reports = type(self.env["ir.actions.report"])
        render = reports._pre_render_qweb_pdf

        def counted(report, report_ref, res_ids=None, data=None):
            rendered.extend(res_ids)
            return render(report, report_ref, res_ids, data)

        with patch.object(reports, "_pre_render_qweb_pdf", counted):
            yield rendered

    def _attach_pdf(self, move, raw=b"%PDF-1.4 known"):
        attachment = self.env["ir.attachment"].create(
            {
                "name": f"{move.name}.pdf",
                "raw": raw,
                "res_model": "account.move",
                "res_id": move.id,
                "res_field": "invoice_pdf_report_file",
            }
        )
        move.invalidate_recordset(["invoice_pdf_report_id"])
        return attachment

    # ------------------------------------------------------------------
    # INVOICES
    # ------------------------------------------------------------------

    def test_known_pdfs_are_attached_as_they_are_and_only_the_others_made(self):
        known = self._create_invoice(due=-10)
        pdf = self._attach_pdf(known)
        new = self._create_invoice(due=-9)
        with self._count_renderings() as rendered:
            action = self._step(0)
        self.assertEqual(rendered, new.ids)
        self.assertEqual(action.mail_id.attachment_ids, pdf | new.invoice_pdf_report_id)
        self.assertTrue(new.invoice_pdf_report_id)

    def test_a_batch_makes_its_pdfs_together(self):
        self._create_invoices(self.customer, 2)
        self._create_invoices(self._create_addressee("Other"), 2)
        with patch.object(
            type(self.env["account.move.send"]),
            "_prepare_invoice_pdf_report",
            autospec=True,
            side_effect=type(self.env["account.move.send"])._prepare_invoice_pdf_report,
        ) as prepare:
            actions = self._step(0)
        self.assertEqual(prepare.call_count, 1)
        for action in actions:
            self.assertEqual(len(action.mail_id.attachment_ids), 2)

    def test_what_is_made_does_not_wait_for_scripts(self):
        invoice = self._create_invoice(due=-10)
        reports = type(self.env["ir.actions.report"])
        build = reports._build_wkhtmltopdf_args
        delays = []

        def noted(report, *args, **kwargs):
            command = build(report, *args, **kwargs)
            delays.append(command[command.index("--javascript-delay") + 1])
            return command

        printing = self.env(context={"force_report_rendering": True})
        with (
            patch.object(reports, "_build_wkhtmltopdf_args", noted),
            # Nobody serves the styles.
            mute_logger("odoo.addons.base.models.ir_actions_report"),
        ):
            invoice.with_env(printing)._dunning_make_pdfs()
            self.assertEqual(delays, ["0"])
            # What people print themselves is as Odoo has it.
            invoice.invoice_pdf_report_id.unlink()
            report = printing["ir.actions.report"]
            report._render_qweb_pdf("account.account_invoices", invoice.ids)
        self.assertEqual(delays, ["0", "1000"])

    def test_an_email_whose_pdfs_are_there_does_not_wait_for_those_of_others(self):
        self._create_invoices(self.customer, 2)
        other = self._create_addressee("Other")
        self._attach_pdf(self._create_invoice(other, due=-9))
        actions = self._run(0).action_ids
        waiting, prompt = actions.sorted(lambda a: a.partner_id == other)
        seen = []
        moves = type(self.env["account.move"])
        make = moves._dunning_try_pdfs

        def observe(invoices):
            invoices.env.invalidate_all()
            seen.append((prompt.state, waiting.state))
            return make(invoices)

        with patch.object(moves, "_dunning_try_pdfs", observe):
            self._cron_execute()
        self.assertEqual(seen, [("done", "todo")])
        self.assertEqual(set(actions.mapped("state")), {"done"})
        self.assertEqual(len(waiting.mail_id.attachment_ids), 2)

    def test_what_was_put_off_leaves_a_few_customers_at_a_time(self):
        for number in range(3):
            self._create_invoice(self._create_addressee(f"Person {number}"), due=-9)
        actions = self._run(0).action_ids
        sizes = []
        moves = type(self.env["account.move"])
        make = moves._dunning_try_pdfs

        def observe(invoices):
            sizes.append(len(invoices))
            return make(invoices)

        with (
            patch.object(dunning_action_attachment, "TOGETHER", 2),
            patch.object(moves, "_dunning_try_pdfs", observe),
        ):
            self._cron_execute()
        self.assertEqual(sizes, [2, 1])
        self.assertEqual(set(actions.mapped("state")), {"done"})

    def test_many_pdfs_are_made_by_one_process_whatever_prints_them(self):
        invoices = self._create_invoices(self.customer, 3)
        # On more than one sheet, so that pages alone do not tell invoices apart.
        long = self._create_invoice(self.customer, due=-10, post=False)
        line = {"name": "Long list", "price_unit": 1, "tax_ids": False}
        long.invoice_line_ids = [Command.create(line) for _number in range(80)]
        long.action_post()
        invoices |= long
        printed = []
        base = ir_actions_report._run_wkhtmltopdf

        def count(args):
            printed.append(args)
            return base(args)

        invoices = invoices.with_context(force_report_rendering=True)
        with (
            patch.object(ir_actions_report, "_run_wkhtmltopdf", count),
            # Nobody serves the styles.
            mute_logger("odoo.addons.base.models.ir_actions_report"),
        ):
            self.assertFalse(invoices._dunning_make_pdfs())
        self.assertEqual(len(printed), 1)
        for invoice in invoices:
            pages = self._read_pages(invoice.invoice_pdf_report_id.raw)
            self.assertEqual(len(pages) > 1, invoice == long)
            self.assertIn(invoice.name, " ".join(pages))
            for other in invoices - invoice:
                self.assertNotIn(other.name, " ".join(pages))

    def test_more_invoices_than_wanted_are_left_out_and_the_text_says_so(self):
        self.company.dunning_attachment_count = 2
        self.mail_template.body_html = '<t t-out="object.items_table"/>'
        invoices = self._create_invoices(self.customer, 5)
        with self._count_renderings() as rendered:
            action = self._step(0)
        self.assertEqual(len(rendered), 2)
        self.assertEqual(action.unattached_count, 3)
        oldest = invoices.sorted("invoice_date_due")[:2]
        self.assertEqual(action.mail_id.attachment_ids, oldest.invoice_pdf_report_id)
        self.assertIn("we send the others on request", action.mail_id.body_html)

    def test_invoices_that_are_too_large_together_are_left_out(self):
        self.company.dunning_attachment_size = 1
        invoices = self._create_invoices(self.customer, 3)
        for move in invoices:
            self._attach_pdf(move, b"%PDF" + os.urandom(600 * 1024))
        action = self._step(0)
        self.assertEqual(len(action.mail_id.attachment_ids), 1)
        self.assertEqual(action.unattached_count, 2)

    def test_a_file_that_is_lost_fails_its_own_action_with_its_name(self):
        lost = self._create_invoice(due=-10)
        pdf = self._attach_pdf(lost, os.urandom(50))
        self._create_invoice(self._create_addressee("Other"), due=-10)
        os.unlink(pdf._full_path(pdf.store_fname))
        actions = self._step(0)
        failed = actions.filtered(lambda a: a.partner_id == self.customer)
        self.assertEqual(failed.state, "failed")
        self.assertIn(pdf.name, failed.failure)
        self.assertEqual((actions - failed).state, "done")

    def test_an_invoice_that_cannot_be_printed_fails_its_own_action(self):
        bad = self._create_invoice(due=-10)
        good = self._create_invoice(self._create_addressee("Other"), due=-10)
        prepare = type(self.env["account.move.send"])._prepare_invoice_pdf_report

        def fail(send, invoices_data):
            if bad in invoices_data:
                raise ValueError("Broken layout")
            return prepare(send, invoices_data)

        with patch.object(
            type(self.env["account.move.send"]), "_prepare_invoice_pdf_report", fail
        ):
            actions = self._step(0)
        failed = actions.filtered(lambda a: a.partner_id == self.customer)
        self.assertIn(bad.name, failed.failure)
        self.assertIn("Broken layout", failed.failure)
        self.assertEqual((actions - failed).state, "done")
        self.assertTrue(good.invoice_pdf_report_id)

    def test_nothing_is_attached_unless_the_level_asks(self):
        self.level.attach_invoices = False
        self._create_invoice(due=-10)
        with self._count_renderings() as rendered:
            action = self._step(0)
        self.assertFalse(rendered)
        self.assertFalse(action.mail_id.attachment_ids)

    # ------------------------------------------------------------------
    # LETTERS
    # ------------------------------------------------------------------

    def test_letters_are_attached_and_printed_by_one_process(self):
        self.level.write({"attach_invoices": False, "attach_letter": True})
        for number in range(5):
            self._create_invoice(self._create_addressee(f"Person {number}"), due=-10)
        with self._count_processes() as processes:
            actions = self._step(0)
        self.assertEqual(len(processes), 1)
        for action in actions:
            self.assertEqual(action.mail_id.attachment_ids, action.letter_id)
            self.assertIn(action.partner_id.name, " ".join(self._read(action)))

    def test_an_attached_letter_shows_what_is_left_to_pay(self):
        self.level.write({"attach_invoices": False, "attach_letter": True})
        invoice = self._create_invoice(due=-10, amount=500)
        run = self._run(0)
        self._pay(invoice, 200)
        action = self._execute(run)
        self.assertIn("300.00", " ".join(self._read(action)))

    def test_what_the_template_attaches_goes_too(self):
        terms = self.env["ir.attachment"].create({"name": "Terms", "raw": b"Terms"})
        self.mail_template.attachment_ids = [Command.link(terms.id)]
        self._create_invoice(due=-10)
        action = self._step(0)
        self.assertIn(terms, action.mail_id.attachment_ids)
        self.assertEqual(len(action.mail_id.attachment_ids), 2)

    # ------------------------------------------------------------------
    # FILES AND REPORTS OF THE TEMPLATE
    # ------------------------------------------------------------------

    def _plan_email(self):
        self.level.attach_invoices = False
        self._create_invoice(due=-10)
        return self._run().action_ids

    def test_reports_of_the_template_go_with_the_email(self):
        report = self.env["ir.actions.report"].create(
            {
                "name": "Our Report",
                "model": "dunning.action",
                "report_type": "qweb-text",
                "report_name": "account_dunning.content_company",
                "print_report_name": "'Report'",
            }
        )
        self.level.mail_template_id.report_template_ids = report
        action = self._plan_email()
        reports = self.env.registry["ir.actions.report"]
        with patch.object(reports, "_render", lambda *args, **kwargs: (b"Made", "txt")):
            self.assertEqual(self._shown(action)["unmade"], "Our Report")
            self.assertFalse(self._shown(action)["attachments"])
            action.action_execute()
        self.assertEqual(action.state, "done")
        [file] = action.mail_id.attachment_ids
        self.assertEqual((file.name, file.raw), ("Report.txt", b"Made"))

    def test_a_file_of_the_template_keeps_to_the_limit(self):
        template = self.level.mail_template_id
        self.company.dunning_attachment_size = 1
        template.attachment_ids = self.env["ir.attachment"].create(
            {"name": "Terms.pdf", "raw": b"x" * (2 * 1024 * 1024)}
        )
        action = self._plan_email()
        action.action_execute()
        self.assertEqual(action.state, "failed")
        self.assertIn("too large", action.failure)
        self.assertFalse(action.mail_id)
        self.company.dunning_attachment_size = 3
        action.action_execute()
        self.assertEqual(action.state, "done")

    def test_files_of_the_template_leave_less_room_for_invoices(self):
        self.company.dunning_attachment_size = 1
        self.level.mail_template_id.attachment_ids = self.env["ir.attachment"].create(
            {"name": "Terms.pdf", "raw": b"x" * 900_000}
        )
        move = self._create_invoice(due=-10)
        self._attach_pdf(move, b"%PDF" + b"x" * 400_000)
        action = self._step(0)
        self.assertEqual(action.unattached_count, 1)
        self.assertEqual(action.mail_id.attachment_ids.mapped("name"), ["Terms.pdf"])
