import base64

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..common import DunningCommon
from ..web_client import WebForm


@tagged("post_install", "-at_install")
class TestApprovalRoute(DunningCommon):
    """Approving: to whom it goes and with which files, when it goes, and taking it
    back."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.scenario.level_ids.execution = "validate"
        cls.invoice = cls._create_invoice(due=-8)
        cls.boss = cls._create_customer("Boss", parent_id=cls.customer.id)

    def setUp(self):
        super().setUp()
        self.action = self._run(0).action_ids.with_user(self.collector)
        self.assertEqual(self.action.state, "to_validate")

    def _open(self):
        window = self.action.action_edit_text()
        dialogs = self.env[window["res_model"]].with_user(self.collector)
        return WebForm(dialogs.with_context(**window["context"]))

    def _file(self, name="Statement.pdf", raw=b"%PDF-1.4 statement"):
        files = self.env["ir.attachment"].with_user(self.collector)
        return files.create({"name": name, "datas": base64.b64encode(raw)})

    def _edit(self, **values):
        dialog = self._open().save()
        dialog.write(values)
        dialog.action_apply()

    # ------------------------------------------------------------------
    # TO WHOM, WITH WHAT
    # ------------------------------------------------------------------

    def test_the_dialog_shows_to_whom_it_goes(self):
        form = self._open()
        self.assertEqual(form.recipient_ids.ids, self.customer.ids)
        self.assertFalse(form.cc)

    def test_the_text_can_be_edited_where_nobody_has_an_address(self):
        self.customer.email = False
        form = self._open()
        form.subject = "Your statement"
        form.save().action_apply()
        self.assertEqual(self.action.custom_subject, "Your statement")

    def test_it_goes_to_whom_was_chosen_with_copy_and_file_and_the_proof_says_so(self):
        file = self._file()
        self._edit(
            recipient_ids=[Command.set(self.boss.ids)],
            cc="a@example.com; b@example.com",
            file_ids=[Command.set(file.ids)],
        )
        self.env.invalidate_all()
        shown = self.action.get_preview()
        self.assertIn("boss@example.com", shown["to"])
        self.assertIn("b@example.com", shown["cc"])
        self.assertIn(file.id, [attached["id"] for attached in shown["attachments"]])
        self.action.action_validate()
        self._cron_execute()
        sending = self.action.sudo().sending_id
        self.assertEqual(self.action.state, "done")
        self.assertIn("boss@example.com", sending.recipients)
        self.assertIn("a@example.com", sending.email_cc)
        self.assertIn("Statement.pdf", sending.file_ids.mapped("name"))

    def test_it_belongs_to_this_action_only(self):
        self._edit(recipient_ids=[Command.set(self.boss.ids)], cc="a@example.com")
        self.action.action_validate()
        self._cron_execute()
        later = self._run(10).action_ids
        self.assertEqual(later._get_recipients(), self.customer)

    def test_amounts_that_change_bring_it_back_to_approval(self):
        self._edit(recipient_ids=[Command.set(self.boss.ids)])
        self.action.action_validate()
        self._pay(self.invoice, 10)
        self.assertEqual(self.action.state, "to_validate")
        self.assertTrue(self.action.custom_stale)

    def test_going_back_to_the_template_forgets_to_whom_it_went(self):
        self._edit(recipient_ids=[Command.set(self.boss.ids)], cc="a@example.com")
        self.action.action_restore_text()
        self.assertEqual(self.action._get_recipients(), self.customer)
        self.assertFalse(self.action.custom_cc)

    def test_wrong_addresses_are_refused(self):
        for values, message in (
            ({"cc": "a@example.com, nowhere"}, "nowhere"),
            ({"recipient_ids": [Command.clear()]}, "choose a recipient"),
        ):
            with self.assertRaisesRegex(UserError, message):
                self._edit(**values)
        self.boss.email = "nobody"
        with self.assertRaisesRegex(UserError, "no valid e-mail"):
            self._edit(recipient_ids=[Command.set(self.boss.ids)])

    def test_files_beyond_the_limit_are_refused(self):
        self.company.dunning_attachment_size = 1
        large = self._file("Large.bin", b"0" * (1024 * 1024 + 1))
        with self.assertRaisesRegex(UserError, "larger than 1 MB"):
            self._edit(file_ids=[Command.set(large.ids)])

    def test_files_of_others_cannot_be_sent(self):
        secret = self.env["ir.attachment"].create({"name": "Secret", "raw": b"x"})
        with self.assertRaises(AccessError):
            self._edit(file_ids=[Command.set(secret.ids)])

    def test_files_of_other_records_are_copied_and_stay_theirs(self):
        paper = self.env["ir.attachment"].create(
            {
                "name": "Contract.pdf",
                "raw": b"%PDF-1.4 contract",
                "res_model": "account.move",
                "res_id": self.invoice.id,
            }
        )
        for _again in range(2):
            form = self._open()
            kept = form.file_ids.ids or paper.ids
            self._edit(file_ids=[Command.set(kept)])
            self.assertEqual(
                (paper.res_model, paper.res_id), ("account.move", self.invoice.id)
            )
            copy = self.action.custom_file_ids.sudo()
            self.assertEqual(len(copy), 1)
            self.assertNotEqual(copy, paper)
            self.assertEqual(copy.raw, paper.raw)
            self.assertEqual(
                (copy.res_model, copy.res_id), ("dunning.action", self.action.id)
            )

    # ------------------------------------------------------------------
    # WHEN IT GOES
    # ------------------------------------------------------------------

    def test_approving_says_when_it_goes(self):
        told = self.action.action_approve()
        self.assertEqual(self.action.state, "todo")
        self.assertIn("within a few minutes", told["params"]["message"])
        self.assertIn(self.customer.name, told["params"]["message"])

    def test_approving_says_why_it_cannot_go(self):
        self.customer.email = False
        message = self.action.action_approve()["params"]["message"]
        self.assertIn("e-mail", message)
        self.assertNotIn("within a few minutes", message)

    def test_approving_says_that_it_goes_another_way(self):
        self.customer.write({"email": False, "phone": "+33 6 12 34 56 78"})
        self.action.sudo().level_id.fallback_channel = "call"
        message = self.action.action_approve()["params"]["message"]
        self.assertIn("takes another way (Phone Call)", message)

    def test_approving_for_later_says_the_day(self):
        self.action.action_postpone(self._day(4), "Later")
        told = self.action.action_approve()
        self.assertIn("03/06/2026", told["params"]["message"])

    def test_approving_on_a_day_off_says_the_working_day(self):
        self._go_to(5)
        told = self.action.action_approve()
        self.assertIn("leaving on 03/09/2026", told["params"]["message"])

    def test_what_was_approved_waits_as_long_as_it_can_be_taken_back(self):
        cron = self.env.ref("account_dunning.cron_execute")
        triggers = self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)])
        triggers.unlink()
        self.action.action_approve()
        trigger = triggers.search([("cron_id", "=", cron.id)])
        waits = trigger.call_at - fields.Datetime.now()
        self.assertGreaterEqual(waits.total_seconds(), 30)

    def test_an_approval_is_taken_back(self):
        undo = self.action.action_approve()["params"]["undo"]
        self.assertEqual(undo["ids"], self.action.ids)
        getattr(self.action, undo["method"])()
        self.assertEqual(
            (self.action.state, self.action.execution), ("to_validate", "validate")
        )
        self._cron_execute()
        self.assertEqual(self.action.state, "to_validate", "it does not go")

    def test_what_was_validated_says_what_becomes_of_it_until_it_leaves(self):
        self.assertFalse(self.action.approved_text)
        self.action.action_approve()
        self.action.invalidate_recordset(["approved_text"])
        self.assertEqual(self.action.approved_text, "leaving within a few minutes")
        self._cron_execute()
        self.assertFalse(self.action.approved_text)

    def test_what_was_planned_by_hand_is_not_called_validated(self):
        self.action.action_skip("Not now")
        customer = self.customer.with_user(self.collector)
        window = customer.action_dunning_remind()
        action = self.action.browse(window["res_id"])
        self.assertEqual((action.kind, action.state), ("manual", "todo"))
        self.assertFalse(action.approved_text)

    def test_an_edited_text_that_goes_out_by_itself_is_taken_back_too(self):
        self.scenario.level_ids.execution = "automatic"
        self._edit(body="<p>Please pay, Jean</p>")
        self.action.action_approve()
        self.action.action_withdraw_approval()
        self.assertEqual(self.action.state, "to_validate")

    def test_what_has_left_is_not_taken_back(self):
        self.action.action_approve()
        self._cron_execute()
        with self.assertRaisesRegex(UserError, "too late"):
            self.action.action_withdraw_approval()

    def test_of_several_what_has_left_already_is_told(self):
        self._create_invoice(self._create_customer("Second"), due=-8)
        second = self._run().action_ids.with_user(self.collector)
        actions = self.action | second
        for action in actions:
            action.action_approve()
        second.action_execute()
        told = actions.action_withdraw_approval()["params"]
        self.assertEqual(told["message"], "1 to validate again, 1 had left already")
        self.assertEqual(told["type"], "warning")
        self.assertEqual((self.action.state, second.state), ("to_validate", "done"))
        self.action.action_approve()
        told = self.action.action_withdraw_approval()["params"]
        self.assertEqual(told["message"], "1 to validate again")
        self.assertEqual(told["type"], "success")

    def test_what_becomes_of_an_approval_depends_on_the_channel(self):
        for channel, told in (
            ("email", "%(count)s leaving within a few minutes"),
            ("letter", "%(count)s to be printed"),
            ("call", "%(count)s in the agenda"),
        ):
            self.action.sudo().channel = channel
            self.assertEqual(self.action._get_approved_text(self._day(0)), told)
        # To whom an e-mail goes is no matter of another channel.
        files = self.env["ir.attachment"].browse()
        self.action.sudo().channel = "letter"
        self.action._route(self.customer, "no address", files, False)
        self.action.sudo().channel = "email"
        with self.assertRaises(UserError):
            self.action._route(self.customer, "no address", files, False)

    def test_many_are_told_and_taken_back_together(self):
        self._create_invoice(self._create_customer("Second"), due=-8)
        actions = self.action | self._run().action_ids.with_user(self.collector)
        dialogs = self.env["dunning.action.validate"].with_user(self.collector)
        dialog = dialogs.with_context(active_ids=actions.ids).create({})
        told = dialog.action_apply()
        self.assertIn("2 validated", told["params"]["message"])
        actions.action_withdraw_approval()
        self.assertEqual(set(actions.mapped("state")), {"to_validate"})
