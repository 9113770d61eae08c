import base64
import socketserver
import threading
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from odoo.addons.account_dunning.models.letter import ir_actions_report
from odoo.addons.account_dunning.tools import letter_body

from .test_letter import LetterCommon

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAA"
    "AABJRU5ErkJggg=="
)


class Listener(socketserver.BaseRequestHandler):
    """Somebody who wants to know when a letter is printed."""

    def handle(self):
        self.server.heard.append(self.request.recv(100))


@tagged("post_install", "-at_install")
class TestLetterSafety(LetterCommon):
    """Letters are printed in bounded time, without the network, and are proof."""

    def setUp(self):
        super().setUp()
        self.server = socketserver.TCPServer(("127.0.0.1", 0), Listener)
        self.server.heard = []
        self.addCleanup(self.server.server_close)
        self.addCleanup(self.server.shutdown)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/seen"

    def _get_letter(self, body):
        self._create_invoice(due=-10)
        action = self._run().action_ids
        action._customize("Subject", body, False)
        action.action_execute()
        return action

    def test_an_edited_letter_fetches_nothing_when_it_is_printed(self):
        action = self._get_letter(
            f"<p>Please pay</p><img src='{self.url}.png'/>"
            f"<p style='background: url({self.url})'>Thank you</p>"
            f"<table background='{self.url}'><tr><td>us</td></tr></table>"
        )
        self.assertEqual(action.state, "done")
        self.assertIn("Please pay", self._read(action)[0])
        self.assertFalse(self.server.heard)

    def test_what_runs_in_a_text_is_not_run_when_it_is_printed(self):
        self._create_invoice(due=-10)
        action = self._run().action_ids
        action._customize("Subject", "<p>Please pay</p>", False)
        action.flush_recordset()
        # As Odoo stores translations, without cleaning them.
        self.cr.execute(
            "UPDATE dunning_action SET custom_body = %s WHERE id = %s",
            [
                "<p>Please pay</p><img src='data:image/png,x' "
                "onerror='document.body.textContent = \"Evil\"'/>",
                action.id,
            ],
        )
        action.invalidate_recordset()
        action.action_execute()
        self.assertEqual(action.state, "done")
        self.assertIn("Please pay", self._read(action)[0])

    def test_a_letter_has_its_pictures_though_a_context_asks_for_sizes(self):
        pixel = base64.b64encode(PIXEL)
        self.company.write({"logo": pixel})
        self._create_invoice(due=-10)
        action = self._run().action_ids
        action.user_id = self.env.user
        action.user_id.sudo().dunning_signature = pixel
        self.env.flush_all()
        self.env.invalidate_all()
        action = action.with_context(bin_size=True)
        action.action_execute()
        self.assertEqual((action.state, action.failure), ("done", False))
        self.assertTrue(action._get_letter_pdfs()[action].startswith(b"%PDF"))

    def test_printing_has_no_network_whatever_a_document_holds(self):
        html = f"<html><body>Hello <img src='{self.url}.png'/></body></html>"
        reports = self.env["ir.actions.report"]
        pdf = reports._dunning_run_letters(html, 60)
        self.assertTrue(pdf.startswith(b"%PDF"))
        self.assertFalse(self.server.heard)

    def _create_picture(self, **values):
        # Whoever may.
        return (
            self.env["ir.attachment"]
            .sudo()
            .create({"name": "a.png", "raw": PIXEL, **values})
        )

    def _embed(self, picture, action, token=""):
        return letter_body.embed(
            f'<img src="/web/image/{picture.id}-1/a.png?access_token={token}"/>',
            action._get_letter_picture,
        )

    def test_pictures_of_a_text_are_printed_with_it(self):
        self._create_invoice(due=-10)
        action = self._run().action_ids
        template = action._get_letter_template()
        # As the editor keeps them: of a text that is saved, or with their token.
        for picture in (
            self._create_picture(res_model=template._name, res_id=template.id),
            self._create_picture(res_model="dunning.action", res_id=action.id),
            self._create_picture(res_model="dunning.action.edit"),
            self._create_picture(public=True),
        ):
            token = picture.generate_access_token()[0] if not picture.res_id else ""
            with self.subTest(picture.res_model):
                body = self._embed(picture, action, token)
                self.assertIn("data:image/png;base64,", body)

    def test_pictures_of_others_are_not_printed(self):
        self._create_invoice(due=-10)
        action = self._run().action_ids
        customer = self._create_customer("Other")
        other = action.create({"partner_id": customer.id})
        texts = self.env["mail.template"].search([], limit=2)
        texts -= action._get_letter_template()
        for values in (
            {"res_model": "res.partner", "res_id": self.customer.id},
            {"res_model": "dunning.action.edit", "res_id": 1},
            {"res_model": "dunning.action.edit"},
            {"res_model": "mail.template", "res_id": texts[:1].id},
            {"res_model": "dunning.action", "res_id": other.id},
        ):
            picture = self._create_picture(**values)
            with self.subTest(**values):
                self.assertFalse(self._embed(picture, action))
                picture.generate_access_token()
                self.assertFalse(self._embed(picture, action, "guessed"))

    def test_a_picture_that_is_none_is_not_printed(self):
        broken = self._create_picture(
            raw=b"no picture", mimetype="image/png", public=True
        )
        action = self.env["dunning.action"]
        self.assertFalse(self._embed(broken, action))
        text = f'<img src="/web/image/{10**30}"/><img src="/web/image/{"1" * 5000}"/>'
        self.assertFalse(letter_body.embed(text, action._get_letter_picture))
        for values in (
            {"mimetype": "text/plain"},
            {"raw": b"", "mimetype": "image/png"},
        ):
            none = self._create_picture(public=True)
            none.write(values)
            with self.subTest(values=values):
                self.assertIsNone(action._get_letter_picture(none.id))
        self.assertTrue(
            action._get_letter_picture(self._create_picture(public=True).id)
        )

    def test_what_the_printer_says_fails_a_letter_unless_it_has_printed(self):
        reports = self.env["ir.actions.report"]
        for code in (0, 1, 2, -9):

            def answer(_reports, command, _seconds, code=code):
                if code in (0, 1):
                    command[-1].write_bytes(b"%PDF")
                return code, "x" * 2000 + "Reason"

            with (
                self.subTest(code=code),
                patch.object(type(reports), "_dunning_run_printer", answer),
            ):
                if code in (0, 1):
                    printed = reports._dunning_run_letters("<p/>", 1)
                    self.assertEqual(printed, b"%PDF")
                    continue
                told = rf"error code {code}\): x{{994}}Reason$"
                with self.assertRaisesRegex(UserError, told):
                    reports._dunning_run_letters("<p/>", 1)

    def test_a_printer_that_is_missing_is_no_fault_of_the_text(self):
        reports = self.env.registry["ir.actions.report"]
        self._create_invoice(due=-10)
        action = self._run().action_ids
        with patch.object(reports, "get_wkhtmltopdf_state", lambda reports: "install"):
            action.action_execute()
        self.assertEqual(action.state, "failed")
        self.assertIn("have it installed", action.failure)
        self.assertNotIn("correct its text", action.failure)
        missing = ir_actions_report._wkhtml()._replace(bin="/no/such/program")
        with patch.object(ir_actions_report, "_wkhtml", lambda: missing):
            action.action_execute()
        self.assertIn("cannot be started", action.failure)

    def test_a_letter_that_went_out_is_changed_in_nothing(self):
        self._create_invoice(due=-10)
        action = self._step(0)
        for name, value in (
            ("public", True),
            ("res_field", "image_128"),
            ("mimetype", "text/html"),
            ("url", "https://example.com"),
            ("type", "url"),
            ("name", "other.pdf"),
            ("raw", b"other"),
            ("res_id", 0),
        ):
            with (
                self.subTest(name),
                self.assertRaisesRegex(UserError, "cannot be changed"),
                mute_logger("odoo.sql_db"),
                self.env.cr.savepoint(),
            ):
                action.letter_id.write({name: value})
        self.env.invalidate_all()
        self.assertFalse(action.letter_id.public)

    def test_nobody_opens_a_letter_that_went_out_to_who_does_not_log_in(self):
        self._create_invoice(due=-10)
        letter = self._step(0).letter_id
        manager = self._create_user("letter_manager", "group_dunning_manager")
        own = letter.with_user(manager)
        self.assertTrue(own.has_access("read"))
        for change in (
            lambda: own.write({"access_token": "guess"}),
            own.generate_access_token,
            lambda: letter.sudo(False).write({"access_token": "guess"}),
        ):
            with self.assertRaisesRegex(UserError, "cannot be changed"):
                change()
        # As Odoo itself does for a file too large for a mail, of which it sends a link.
        letter_sudo = letter.sudo()
        self.assertFalse(letter_sudo.access_token)
        [token] = letter_sudo.generate_access_token()
        self.assertEqual(own.generate_access_token(), [token])


@tagged("post_install", "-at_install")
class TestPrinterTime(TransactionCase):
    """In real time, which the other tests stop."""

    def test_a_letter_that_takes_too_long_is_given_up(self):
        endless = "<html><body><script>while (true) {}</script></body></html>"
        with self.assertRaisesRegex(UserError, "within 1 seconds"):
            self.env["ir.actions.report"]._dunning_run_letters(endless, 1)
