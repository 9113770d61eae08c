from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .shown_common import ShownCommon


@tagged("post_install", "-at_install")
class TestMessageReceived(ShownCommon):
    """What has come in from customers stays as it came, and is nothing else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._create_user("manager", "group_dunning_manager")
        cls.invoice = cls._create_invoice(due=-3)
        cls.visitor = cls.outside[2]
        cls.visitor.sudo().partner_id.parent_id = cls.customer
        cls.invoice.message_subscribe(cls.customer.ids)

    def _receive(self, record):
        return record.sudo().message_post(
            body="The delivery was broken",
            message_type="email",
            author_id=self.customer.id,
            subtype_xmlid="mail.mt_comment",
        )

    def test_what_a_customer_has_written_is_rewritten_by_nobody(self):
        groups = "base.group_system", "account.group_account_manager"
        administrator = self._create_user(
            "administrator",
            "group_dunning_manager",
            group_ids=[Command.link(self.env.ref(name).id) for name in groups],
        )
        for record in (self.customer, self.invoice):
            message = self._receive(record)
            for user in (self.collector, self.manager, *self.outside):
                own = message.with_user(user).sudo(False)
                for change in (
                    {"body": "I owe it", "subject": "I admit"},
                    {"date": "2020-06-06 00:00:00"},
                    {"author_id": user.partner_id.id},
                    {"message_type": "comment"},
                    {"attachment_ids": [Command.clear()]},
                ):
                    with self.subTest(user=user.login, change=change):
                        with self.assertRaises(AccessError):
                            own.write(change)
                with self.subTest(user=user.login), self.assertRaises(AccessError):
                    own.unlink()
            # What nobody has asked for is taken away by an administrator.
            message.with_user(administrator).unlink()
            self.assertFalse(message.exists())

    def test_what_a_customer_has_sent_is_changed_by_nobody(self):
        groups = (
            "base.group_user",
            "base.group_partner_manager",
            "account.group_account_manager",
            "account_dunning.group_dunning_manager",
        )
        user = self._create_user(
            "able",
            "group_dunning_manager",
            group_ids=[Command.link(self.env.ref(name).id) for name in groups],
        )
        other = self._create_customer("Other")
        # The mail server hands it in.
        customer_sudo = self.customer.sudo()
        message = customer_sudo.message_post(
            message_type="email",
            author_id=self.customer.id,
            attachments=[("order.txt", b"As ordered")],
        )
        file = message.attachment_ids.with_user(user).sudo(False)
        for change in ({"raw": b"Forged"}, {"name": "x.txt"}, {"res_id": other.id}):
            with self.subTest(change=change):
                with self.assertRaisesRegex(UserError, "proves what happened"):
                    file.write(change)
        with self.assertRaisesRegex(UserError, "proves what happened"):
            file.unlink()

    def test_files_of_bills_that_came_by_e_mail_belong_to_who_enters_them(self):
        bill = self.env["account.move"].create({"move_type": "in_invoice"})
        # As above.
        bill_sudo = bill.sudo()
        message = bill_sudo.message_post(
            message_type="email", attachments=[("bill.txt", b"Bill")]
        )
        message = message.sudo(False)
        file = message.attachment_ids
        file.name = "other.txt"
        file.unlink()
        message.unlink()
        self.assertFalse(file.exists() or message.exists())

    def test_who_writes_an_invoice_hides_what_came_in_from_the_page(self):
        message = self._receive(self.invoice)
        accountant = self._create_user(
            "accountant",
            "group_dunning_collector",
            group_ids=self.env.ref("account.group_account_invoice").ids,
        )
        message.with_user(accountant).sudo(False).is_internal = True
        self.assertTrue(message.is_internal)

    def test_nobody_writes_by_hand_what_has_come_in(self):
        messages = self.env["mail.message"]
        for user, record in (
            (self.collector, self.customer),
            (self.collector, self.invoice),
            (self.visitor, self.invoice),
        ):
            own = messages.with_user(user)
            values = {"model": record._name, "res_id": record.id, "body": "Waived"}
            values["subtype_id"] = self.env.ref("mail.mt_comment").id
            with self.subTest(user=user.login, record=record):
                with self.assertRaises(AccessError):
                    own.create(values | {"message_type": "email"})
                comment = own.create(values | {"message_type": "comment"})
                with self.assertRaises(AccessError):
                    comment.write({"message_type": "email"})

    def test_visitors_write_for_whoever_reads_the_record(self):
        discreet = self.env["mail.thread"]._dunning_get_subtype_id()
        invoice_sudo = self.invoice.with_user(self.visitor).sudo()
        message_sudo = invoice_sudo.message_post(
            body="Ours", message_type="comment", subtype_id=discreet
        )
        self.assertEqual(message_sudo.subtype_id, self.env.ref("mail.mt_comment"))

    def test_a_message_of_another_day_says_when_it_was_entered(self):
        before = fields.Datetime.now() - timedelta(days=400)
        for user in (self.collector, self.visitor):
            for record in (self.customer, self.invoice):
                message_sudo = (
                    record.with_user(user)
                    .sudo()
                    .message_post(body="Waived", message_type="comment", date=before)
                )
                entry = self.customer._dunning_tell_message(message_sudo)
                with self.subTest(user=user.login, record=record):
                    self.assertIn("entered on", entry["who"])

    def test_nobody_says_by_hand_who_was_told(self):
        message = self.dispute.with_user(self.collector).message_post(body="Own")
        notifications = self.env["mail.notification"].with_user(self.collector)
        values = {"res_partner_id": self.customer.id, "notification_type": "email"}
        with self.assertRaises(AccessError):
            notifications.create(values | {"mail_message_id": message.id})

    def test_what_is_marked_is_of_a_company(self):
        discreet = self.env["mail.thread"]._dunning_get_subtype_id()
        values = {"model": "res.partner", "res_id": self.customer.id, "body": "Own"}
        values |= {"subtype_id": discreet, "record_company_id": False}
        message = self.env["mail.message"].with_user(self.collector).create(values)
        self.assertEqual(message.record_company_id, self.company)
