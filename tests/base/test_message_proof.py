from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .shown_common import ShownCommon


@tagged("post_install", "-at_install")
class TestMessageProof(ShownCommon):
    """What is told of dunning stays as it was written, by whom and when: Odoo lets
    people write messages in many ways."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._create_user("manager", "group_dunning_manager")

    def test_what_the_system_has_written_is_rewritten_by_nobody(self):
        user = self.outside[0]
        # As the system writes for who acts.
        dispute_sudo = self.dispute.with_user(user).sudo()
        told = dispute_sudo._message_log(body="What has happened")
        mine = self.dispute.with_user(self.collector).message_post(
            body="Note", message_type="comment"
        )
        for message, writer in (
            (told.with_user(user).sudo(False), user),
            (self.message.with_user(self.collector), self.collector),
        ):
            for values in (
                {"body": "Other"},
                {"date": "2020-01-01"},
                {"author_id": self.customer.id},
                {"subtype_id": False},
                {"is_internal": False},
            ):
                with self.subTest(writer=writer.login, values=values):
                    with self.assertRaises(AccessError):
                        message.write(values)
        mine.write({"body": "Corrected"})
        with self.assertRaises(AccessError):
            mine.write({"date": "2020-01-01"})
        for reader in self.outside:
            mine.sudo().partner_ids = reader.partner_id
            with self.subTest(told=reader.login), self.assertRaises(AccessError):
                mine.with_user(reader).write({"body": "Other"})
        for remover in (*self.outside, self.collector):
            with self.assertRaises(AccessError):
                told.with_user(remover).sudo(False).unlink()
        mine.unlink()

    def test_nobody_writes_on_a_record_by_the_mail_gateway(self):
        head = "From: {}\nTo: a@example.com\nSubject: Own\nMessage-Id: <{}>\n\nThere"
        auditor = self._create_user("auditor", "group_dunning_readonly")
        for user in (*self.outside, auditor, self.collector):
            gateway = self.env["mail.thread"].with_user(user)
            for record in (self.action, self.dispute):
                for values in ({"thread_id": record.id}, {"custom_values": {}}):
                    mail = head.format(user.email, f"{user.id}-{record}-{len(values)}")
                    with self.subTest(user=user.login, record=record, values=values):
                        with self.assertRaises(AccessError):
                            gateway.message_process(record._name, mail, **values)
            mail = head.format(user.email, f"{user.id}-partner")
            with self.assertRaises(AccessError):
                gateway.message_process(
                    "res.partner", mail, custom_values={"dunning_note": "Own"}
                )

    def test_nobody_writes_on_a_record_by_answering_a_message_of_their_own(self):
        auditor = self._create_user("auditor", "group_dunning_readonly")
        note = self.env["ir.model.data"]._xmlid_to_res_id("mail.mt_comment")
        mail = self.action.mail_id
        self.assertTrue(mail)
        for user in (*self.outside, auditor):
            messages = self.env["mail.message"].with_user(user)
            own = {
                "body": "Own",
                "partner_ids": [Command.link(user.partner_id.id)],
                "subtype_id": note,
            }
            for record in (self.action, self.dispute, self.action.sending_id, mail):
                place = {"model": record._name, "res_id": record.id}
                place |= {"body": "There", "subtype_id": note}
                with self.subTest(user=user.login, record=record):
                    parent = messages.create(own)
                    with self.assertRaises(AccessError):
                        messages.create(place | {"parent_id": parent.id})
                    with self.assertRaises(AccessError):
                        messages.create(own | {"child_ids": [Command.create(place)]})

    def _get_forged(self):
        """Yield what people say of a message that the system alone knows."""
        now = fields.Datetime.now()
        yield {"author_id": self.customer.id}
        yield {"author_id": False, "email_from": "Camille <camille@example.com>"}
        yield {"date": now - timedelta(days=2)}
        yield {"date": now + timedelta(days=2)}
        field = self.env["ir.model.fields"]._get(self.action._name, "state")
        change = {"field_id": field.id, "old_value_char": "A", "new_value_char": "B"}
        yield {"tracking_value_ids": [Command.create(change)]}
        notified = {"res_partner_id": self.customer.id, "notification_status": "sent"}
        yield {"notification_ids": [Command.create(notified)]}

    def _check_own(self, message, user):
        """Check that a message is the user's own, of now."""
        self.assertEqual(message.author_id, user.partner_id)
        self.assertEqual(message.email_from, user.partner_id.email_formatted)
        now = fields.Datetime.now()
        self.assertLess(abs(message.date - now), timedelta(minutes=1))
        self.assertFalse(message.sudo().tracking_value_ids)

    def test_nobody_writes_in_the_name_of_another_or_of_another_day(self):
        discreet = self.env["mail.thread"]._dunning_get_subtype_id()
        for user, record, values in (
            (self.collector, self.action, {}),
            (self.collector, self.customer, {"subtype_id": discreet}),
            (self.manager, self.dispute, {}),
        ):
            messages = self.env["mail.message"].with_user(user)
            own = {"model": record._name, "res_id": record.id, "body": "Own"} | values
            told = messages.create(own)
            self.assertEqual(told.author_id, user.partner_id)
            for forged in self._get_forged():
                with self.subTest(user=user.login, record=record, forged=forged):
                    with self.assertRaises(AccessError):
                        messages.create(own | forged)
                    if {"author_id", "date"} & forged.keys():
                        defaults = {f"default_{name}": forged[name] for name in forged}
                        with self.assertRaises(AccessError):
                            messages.with_context(**defaults).create(own)

    def test_who_posts_is_the_author_whatever_they_say(self):
        discreet = self.env["mail.thread"]._dunning_get_subtype_id()
        for user, record, values in (
            (self.collector, self.action, {}),
            (self.collector, self.customer, {"subtype_id": discreet}),
            (self.manager, self.dispute, {}),
        ):
            for forged in self._get_forged():
                if "notification_ids" in forged:
                    # Of whom it went to, Odoo says what became of it.
                    continue
                with self.subTest(user=user.login, record=record, forged=forged):
                    message = record.with_user(user).message_post(
                        body="Own", **values, **forged
                    )
                    self._check_own(message, user)
            sender = {"email_from": "Camille <camille@example.com>"}
            messages = self.env["mail.message"].with_user(user)
            place = {"model": record._name, "res_id": record.id, "body": "Own"}
            own = record.with_user(user)
            self._check_own(own.message_post(body="Own", **values, **sender), user)
            self._check_own(messages.create(place | values | sender), user)

    def test_a_collector_sends_an_sms_by_the_history_of_a_record(self):
        composers = self.env["sms.composer"].with_user(self.collector)
        composers.create(
            {
                "composition_mode": "comment",
                "res_model": self.dispute._name,
                "res_id": self.dispute.id,
                "recipient_single_number_itf": "+33612345678",
                "body": "Call us",
            }
        ).action_send_sms()
        self.assertIn("Call us", str(self.dispute.message_ids.mapped("body")))

    def test_nobody_says_by_hand_that_something_has_left_or_come_in(self):
        discreet = self.env["mail.thread"]._dunning_get_subtype_id()
        for record, values in (
            (self.action, {}),
            (self.customer, {"subtype_id": discreet}),
        ):
            own = record.with_user(self.collector)
            for kind in (
                "auto_comment",
                "email",
                "email_outgoing",
                "out_of_office",
                "sms",
                "snailmail",
            ):
                place = {"model": record._name, "res_id": record.id, "body": "Own"}
                with self.subTest(record=record, kind=kind):
                    with self.assertRaises(AccessError):
                        own.message_post(body="Own", message_type=kind, **values)
                    with self.assertRaises(AccessError):
                        own.env["mail.message"].create(
                            place | values | {"message_type": kind}
                        )

    def test_what_has_left_or_waits_to_leave_is_taken_away_by_nobody(self):
        sent = self.message.with_user(self.collector)
        with self.assertRaises(AccessError):
            sent.unlink()
        with self.assertRaises(AccessError):
            self.message.with_user(self.manager).unlink()

    def test_who_follows_what_they_may_not_read_is_told_nothing_of_it(self):
        stranger = self.outside[0]
        for record in (self.action, self.dispute):
            record.message_subscribe((stranger | self.collector).partner_id.ids)
            message = record.with_user(self.manager).message_post(
                body="Told", message_type="comment", subtype_xmlid="mail.mt_comment"
            )
            # Who is asked for the test need not read what others are told.
            told_sudo = message.sudo().notified_partner_ids
            self.assertIn(self.collector.partner_id, told_sudo)
            self.assertNotIn(stranger.partner_id, told_sudo)
            with self.assertRaises(AccessError):
                message.with_user(stranger).sudo(False).read(["body"])
        # Nor who has left.
        self.collector.sudo().action_archive()
        message = record.with_user(self.manager).message_post(
            body="Told", message_type="comment", subtype_xmlid="mail.mt_comment"
        )
        self.assertNotIn(self.collector.partner_id, message.sudo().notified_partner_ids)

    def test_whose_user_is_deleted_is_told_nothing_any_more(self):
        leaving = self._create_user("leaving", "group_dunning_collector")
        portal = [Command.set(self.env.ref("base.group_portal").ids)]
        gone = self._create_user("gone", "group_dunning_collector")
        partner = leaving.partner_id
        contact = self.env["res.partner"].create({"name": "Their lawyer"})
        self.dispute.message_subscribe((partner | contact).ids)
        self.dispute.message_subscribe(gone.partner_id.ids)
        self.customer.message_subscribe(partner.ids)
        # As who administers users does.
        gone_sudo, users_sudo = gone.sudo(), (leaving | gone).sudo()
        gone_sudo.group_ids = portal
        self.assertTrue(gone.share)
        partner |= gone.partner_id
        users_sudo.unlink()
        message = self.dispute.with_user(self.manager).message_post(
            body="Told", message_type="comment", subtype_xmlid="mail.mt_comment"
        )
        # Who is told, and follows, is asked for as the system does.
        told_sudo, customer_sudo = (
            message.sudo().notified_partner_ids,
            self.customer.sudo(),
        )
        self.assertFalse(partner & told_sudo)
        self.assertIn(contact, told_sudo)
        # What else they follow is Odoo's matter.
        self.assertIn(partner[0], customer_sudo.message_partner_ids)

    def test_who_is_asked_has_nobody_else_asked(self):
        asked, colleague = self.outside[0], self.outside[1]
        self.dispute._ask(self.env["dunning.department"], "Why?", asked)
        question = self.dispute.activity_ids.filtered(lambda own: own.user_id == asked)
        self.assertTrue(question)
        for user in (colleague, *self.outside[2:], self.env["res.users"]):
            with self.subTest(user=user.login):
                with self.assertRaisesRegex(UserError, "say who knows"):
                    question.with_user(asked).write({"user_id": user.id})
        with self.assertRaises(AccessError):
            self.action.with_user(asked).message_notify(
                body="There", partner_ids=asked.partner_id.ids
            )
        question.with_user(self.collector).write({"user_id": colleague.id})
        self.assertEqual(question.user_id, colleague)
        # What is no question is handed on as before.
        task = (
            self.env["mail.activity"]
            .with_user(asked)
            .create({"summary": "Own", "user_id": asked.id})
        )
        task.write({"user_id": colleague.id})
        self.assertEqual(task.sudo().user_id, colleague)

    def test_who_has_caused_what_is_written_reads_it_where_they_may(self):
        messages = self.env["mail.message"]
        for user in self.outside:
            for record in (self.action, self.dispute):
                # As the system writes for who acts.
                record_sudo = record.with_user(user).sudo()
                told_sudo = record_sudo._message_log(body="What has happened")
                self.assertEqual(told_sudo.create_uid, user)
                told = told_sudo.with_user(user).sudo(False)
                with self.subTest(user=user.login, record=record):
                    self.env.invalidate_all()
                    with self.assertRaises(AccessError):
                        told.read(["body", "record_name"])
                    found = messages.with_user(user).search([("id", "=", told.id)])
                    self.assertFalse(found)
                    told.sudo().partner_ids = user.partner_id
                    self.env.invalidate_all()
                    self.assertIn("happened", str(told.read(["body"])))
        # Who works there reads all of it.
        self.assertIn("happened", str(told.with_user(self.collector).read(["body"])))

    def test_nobody_makes_a_message_of_dunning_of_another_one(self):
        discreet = self.env["mail.thread"]._dunning_get_subtype_id()
        before = fields.Datetime.now() - timedelta(days=9)
        messages = self.env["mail.message"].with_user(self.collector)
        place = {"model": "res.partner", "res_id": self.customer.id, "body": "Own"}
        other = self.outside[0].partner_id
        for forged in ({"date": before}, {"author_id": other.id}):
            message = messages.create(place | forged)
            with self.subTest(forged=forged):
                with self.assertRaises(AccessError):
                    message.write({"subtype_id": discreet})
                with self.assertRaises(AccessError):
                    message.write({"model": "dunning.action", "res_id": self.action.id})
        message = messages.create(place)
        other = self.outside[-1].company_id
        with self.assertRaises(AccessError):
            message.write({"subtype_id": discreet, "record_company_id": other.id})
        message.write({"subtype_id": discreet, "record_company_id": self.company.id})
        with self.assertRaises(AccessError):
            messages.create(place | {"message_type": "email"})
        with self.assertRaises(AccessError):
            self.customer.with_user(self.collector).message_post(
                body="I owe it", message_type="email", author_id=self.customer.id
            )
