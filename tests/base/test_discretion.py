from contextlib import suppress

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from ..common import DunningCommon
from ..smtp import mail_server

SECRET = "Reminder for"
MT_DUNNING = "account_dunning.mt_dunning"
OUTSIDE = ("sales", "accountant", "portal")


@tagged("post_install", "-at_install")
class TestDiscretion(DunningCommon):
    """What dunning writes on customers and invoices is read by readers of dunning."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        env = cls.env(su=True, context={"no_reset_password": True})
        company = {
            "company_id": cls.company.id,
            "company_ids": [Command.set(cls.company.ids)],
        }
        cls.users = {
            "sales": new_test_user(
                env,
                "discreet_sales",
                "base.group_user,base.group_partner_manager",
                **company,
            ),
            "accountant": new_test_user(
                env, "discreet_accountant", "account.group_account_invoice", **company
            ),
            "portal": new_test_user(
                env, "discreet_portal", "base.group_portal", **company
            ),
            "auditor": cls._create_user("discreet_auditor", "group_dunning_readonly"),
        }
        cls.portal = cls.users["portal"].partner_id
        cls.portal.parent_id = cls.customer
        cls.customer.user_id = cls.users["sales"]
        cls.customer.message_subscribe((cls.portal | cls.users["sales"].partner_id).ids)
        cls.invoice = cls._create_invoice(due=-10)
        cls.action = cls.company._dunning_run().action_ids
        cls.action.action_execute()
        assert cls.action.state == "done"

    def _get_texts(self, kind, record):
        """Return what a user reads of the messages of a record, on each way."""
        env = self.env(user=self.users[kind], su=False)
        domain = [("model", "=", record._name), ("res_id", "=", record.id)]
        found = env["mail.message"].search_read(domain, ["body", "subject", "preview"])
        texts = [str(row) for row in found]
        for message in self.env["mail.message"].sudo().search(domain):
            try:
                read = env["mail.message"].browse(message.id).read(["body", "subject"])
            except AccessError:
                continue
            texts.append(str(read))
        with suppress(AccessError):
            texts.append(
                str(env[record._name].browse(record.id).message_ids.mapped("body"))
            )
        return " ".join(texts)

    def _check_hidden(self, text, *records):
        for record in records:
            told = " ".join(self._get_texts("auditor", r) for r in records)
            self.assertIn(text, told)
            for kind in OUTSIDE:
                with self.subTest(kind=kind, record=record._name, text=text):
                    self.assertNotIn(text, self._get_texts(kind, record))

    def test_reminders_are_read_by_readers_of_dunning_alone(self):
        self._check_hidden(SECRET, self.customer)

    def test_notes_on_invoices_are_read_by_readers_of_dunning_alone(self):
        self._check_hidden(self.action.level_id.name, self.invoice)

    def test_outcomes_of_calls_are_read_by_readers_of_dunning_alone(self):
        call = self.env["dunning.action"].create({"partner_id": self.customer.id})
        self.env["dunning.call.outcome"].create(
            {
                "action_id": call.id,
                "outcome": "other",
                "reason_id": self.env.ref("account_dunning.reason_cash").id,
                "note": "Bank has cut the credit line",
            }
        ).action_apply()
        self._check_hidden("credit line", self.customer, self.invoice)

    def test_attempts_to_call_are_read_by_readers_of_dunning_alone(self):
        call = self.env["dunning.action"].create({"partner_id": self.customer.id})
        call.note = "Nobody there"
        call._retry_call({}, self._day(3), note="Nobody there")
        self._check_hidden("Nobody there", self.customer)

    def _receive_answer(self, **values):
        # As the mail gateway does.
        customer_sudo = self.customer.sudo().with_context(mail_notify_force_send=False)
        return customer_sudo.message_post(
            message_type="email",
            parent_id=self.action.sent_message_id.id,
            author_id=self.customer.id,
            **{"body": "We cannot pay your reminder"} | values,
        )

    def test_answers_to_reminders_are_read_by_readers_of_dunning_alone(self):
        self._receive_answer(subtype_xmlid="mail.mt_comment")
        self._check_hidden("cannot pay", self.customer)
        activity = self.customer.activity_ids.filtered("dunning_discreet")
        self.assertTrue(activity)
        for kind in ("sales", "accountant"):
            own = activity.with_user(self.users[kind])
            self.assertFalse(own.search([("id", "in", activity.ids)]))
            self.assertFalse(own.has_access("read"))
        self.assertTrue(activity.with_user(self.collector).has_access("read"))

    def _find(self, kind, model, path):
        records = self.env[model].with_user(self.users[kind])
        try:
            return bool(records.search([(path, "ilike", SECRET)]))
        except AccessError:
            return False

    def test_nobody_looks_for_customers_by_what_they_may_not_read(self):
        self.customer._dunning_discreetly(self.company).activity_schedule(
            "mail.mail_activity_data_todo", summary=SECRET, user_id=self.collector.id
        )
        self.env.flush_all()
        for model, path in (
            ("res.partner", "message_ids.subject"),
            ("res.partner", "website_message_ids.subject"),
            ("res.partner", "child_ids.parent_id.message_ids.subject"),
            ("res.users", "partner_id.parent_id.message_ids.subject"),
            ("res.partner", "activity_ids.summary"),
            ("res.partner", "activity_summary"),
        ):
            with self.subTest(model=model, path=path):
                self.assertTrue(self._find("auditor", model, path))
                for kind in OUTSIDE:
                    self.assertFalse(self._find(kind, model, path), kind)

    def test_nobody_is_shown_the_next_activity_that_they_may_not_read(self):
        self.customer._dunning_discreetly(self.company).activity_schedule(
            "mail.mail_activity_data_todo", summary=SECRET, user_id=self.collector.id
        )
        names = ["activity_summary", "activity_type_id", "activity_type_icon"]
        names += ["activity_user_id", "activity_date_deadline", "activity_state"]
        for user, seen in (
            (self.collector, True),
            (self.users["sales"], False),
            (self.users["accountant"], False),
        ):
            for name in names:
                # One by one: what is read beside it may hide it.
                self.env.invalidate_all()
                [values] = self.customer.with_user(user).read([name])
                with self.subTest(user=user.login, name=name):
                    self.assertEqual(bool(values[name]), seen)

    def test_what_is_done_of_it_is_told_to_readers_of_dunning_alone(self):
        sales = self.users["sales"]
        for user in (self.collector, sales):
            self.customer._dunning_discreetly(self.company).activity_schedule(
                "mail.mail_activity_data_todo",
                summary="Short of cash",
                user_id=user.id,
            )
            activity = self.customer.activity_ids.filtered(
                lambda x, user=user: x.user_id == user and x.summary == "Short of cash"
            )
            activity.with_user(user).action_feedback(feedback="They pay in May")
            self._check_hidden("They pay in May", self.customer)
            self._check_hidden("Short of cash", self.customer)

    def test_who_follows_a_customer_is_told_no_more_than_they_may_read(self):
        users = self.users | {"neighbour": self._create_neighbour()}
        partners = {kind: user.partner_id for kind, user in users.items()}
        subtypes = self.env["mail.message.subtype"].search([])
        for kind in ("sales", "accountant", "auditor", "neighbour"):
            own = self.customer.with_user(users[kind])
            own.sudo().message_subscribe(partners[kind].ids, subtypes.ids)
        self.customer._dunning_discreetly(self.company).activity_schedule(
            "mail.mail_activity_data_todo",
            summary="Short of cash",
            user_id=self.collector.id,
        )
        activity = self.customer.activity_ids.filtered("dunning_discreet")
        activity.with_user(self.collector).action_feedback(feedback="Pays in May")
        self._receive_answer(subtype_xmlid="mail.mt_comment")
        told = self.env["mail.notification"].search(
            [
                ("mail_message_id.model", "=", "res.partner"),
                ("mail_message_id.res_id", "=", self.customer.id),
                ("mail_message_id.subtype_id", "=", self.env.ref(MT_DUNNING).id),
            ]
        )
        self.assertIn(partners["auditor"], told.res_partner_id)
        for kind in (*OUTSIDE, "neighbour"):
            self.assertNotIn(partners[kind], told.res_partner_id, kind)

    def test_whoever_sends_what_waits_has_it_marked_as_sent(self):
        administrator = new_test_user(
            self.env, "discreet_system", "base.group_user,base.group_system"
        )
        self.enterContext(mail_server(self.env))
        told = self.action.message_notify(
            partner_ids=self.users["auditor"].partner_id.ids,
            body="Called",
            force_send=False,
        )
        self.assertEqual(told.mail_ids.state, "outgoing")
        self.env.invalidate_all()
        told.mail_ids.with_user(administrator).send()
        self.env.invalidate_all()
        self.assertEqual(told.notification_ids.notification_status, "sent")

    def test_files_of_answers_are_read_by_readers_of_dunning_alone(self):
        message = self._receive_answer(
            body="See our bank's letter",
            attachments=[("letter.txt", b"No more credit")],
        )
        file = message.attachment_ids
        self.assertTrue(file)
        self.assertTrue(file.with_user(self.users["auditor"]).has_access("read"))
        neighbour = self._create_neighbour()
        for user in (*(self.users[kind] for kind in OUTSIDE), neighbour):
            own = file.with_user(user)
            self.assertFalse(own.has_access("read"), user.login)
            self.assertFalse(own.search([("id", "=", file.id)]), user.login)

    def test_whom_the_collector_asks_is_told_and_nobody_else(self):
        action = self.env["dunning.action"].create({"partner_id": self.customer.id})
        sales = self.users["sales"]
        asked = self._create_user("asked", "group_dunning_readonly")
        asked.group_ids = [Command.set(self.env.ref("base.group_user").ids)]
        follow_up = self.env["dunning.follow.up"].create(
            {
                "action_id": action.id,
                "decision": "salesperson",
                "user_id": asked.id,
                "date": self.today,
            }
        )
        follow_up._ask()
        activity = self.customer.activity_ids.filtered(lambda x: x.user_id == asked)
        self.assertTrue(activity.with_user(asked).has_access("read"))
        self.assertFalse(activity.with_user(sales).has_access("read"))

    def _create_neighbour(self):
        """A collector of another company, whose customer this one is as well."""
        other = self._create_second_company()
        neighbour = self._create_user("neighbour", "group_dunning_manager", other)
        self.assertTrue(self.customer.with_user(neighbour).has_access("read"))
        return neighbour

    def test_what_one_company_writes_is_not_read_in_another(self):
        neighbour = self._create_neighbour()
        self.users = self.users | {"neighbour": neighbour}
        call = self.env["dunning.action"].create({"partner_id": self.customer.id})
        call.note = "Nobody there"
        call._retry_call({}, self._day(3), note="Nobody there")
        self.test_answers_to_reminders_are_read_by_readers_of_dunning_alone()
        texts = self._get_texts("neighbour", self.customer)
        own = self._get_texts("auditor", self.customer)
        for text in (SECRET, "Nobody there", "cannot pay"):
            self.assertIn(text, own)
            self.assertNotIn(text, texts)
        activity = self.customer.activity_ids.filtered("dunning_discreet")
        self.assertFalse(activity.with_user(neighbour).has_access("read"))

    def test_what_one_company_writes_is_not_told_in_another(self):
        neighbour = self._create_neighbour()
        self.test_answers_to_reminders_are_read_by_readers_of_dunning_alone()
        for user, told in ((self.users["auditor"], True), (neighbour, False)):
            customer = self.customer.with_user(user)
            customer.invalidate_recordset()
            shown = str(customer.dunning_get_timeline())
            self.assertEqual("cannot pay" in shown, told)
        self.assertFalse(self.customer.with_user(neighbour).dunning_last_exchange)

    def test_nobody_has_a_hand_in_activities_that_they_may_not_read(self):
        discreet = self.customer._dunning_discreetly(self.company)
        activity = discreet.activity_schedule(
            "mail.mail_activity_data_todo", user_id=self.collector.id
        )
        other = self._create_user(
            "discreet_other", "group_dunning_collector", self._create_second_company()
        )
        other.group_ids += self.env.ref("base.group_partner_manager")
        for user in (self.users["sales"], other):
            theirs = activity.with_user(user)
            for values in (
                {"summary": "Pay to me"},
                {"note": "Pay to me"},
                {"res_id": self.portal.id},
                {"dunning_discreet": False},
                {"active": False},
            ):
                with self.subTest(user=user.login, values=values):
                    with self.assertRaises(AccessError):
                        theirs.write(values)
            with self.assertRaises(AccessError):
                theirs.unlink()
        activity.with_user(self.collector).write({"summary": "Ask again"})

    def test_the_marks_of_activities_are_the_systems_own(self):
        values = {
            "res_model_id": self.env["ir.model"]._get_id("res.partner"),
            "res_id": self.customer.id,
        }
        activities = self.env["mail.activity"].with_user(self.collector)
        own = activities.create(values)
        for name, value in (
            ("dunning_discreet", True),
            ("dunning_company_id", self.company.id),
            ("dunning_reminder", True),
        ):
            with self.subTest(name=name):
                with self.assertRaises(AccessError):
                    own.write({name: value})
                with self.assertRaises(AccessError):
                    activities.create(values | {name: value})
                with self.assertRaises(AccessError):
                    activities.with_context(**{f"default_{name}": value}).create(values)

    def test_nobody_hides_messages_and_activities_by_a_context(self):
        sales = self.users["sales"]
        customer = self.customer.with_user(sales).with_context(dunning_discreet=True)
        customer.message_post(body="For everybody")
        activity = customer.activity_schedule(
            "mail.mail_activity_data_todo", user_id=self.users["auditor"].id
        )
        self.assertIn("For everybody", self._get_texts("sales", self.customer))
        self.assertFalse(activity.sudo().dunning_discreet)

    def test_what_one_may_not_read_is_refused_in_the_same_words(self):
        sales = self.users["sales"]
        other = self.company.partner_id.message_post(body="Elsewhere")
        other.write({"model": "dunning.action", "res_id": self.action.id})
        ours = self.env["mail.message"].search(
            [("res_id", "=", self.customer.id), ("model", "=", "res.partner")]
        )
        ours = ours.filtered(lambda message: message._dunning_is_marked())[:1]
        words = set()
        for message in (ours, other):
            for call in ("check_access", "read"):
                argument = "read" if call == "check_access" else ["body"]
                with self.assertRaises(AccessError) as refused:
                    getattr(message.with_user(sales), call)(argument)
                words.add(str(refused.exception).replace(str(message.id), "N"))
        self.assertEqual(len(words), 1, words)

    def test_other_messages_are_read_as_before(self):
        self.customer.message_post(body="Likes blue", subtype_xmlid="mail.mt_note")
        self.assertIn("Likes blue", self._get_texts("sales", self.customer))

    def test_posted_letters_are_read_by_readers_of_dunning_alone(self):
        self.company.dunning_post_letters = True
        self.customer.write({"street": "1 rue A", "zip": "75001", "city": "Paris"})
        self._set_levels_of_new_customer()
        letter = self.env["snailmail.letter"].search([], limit=1, order="id desc")
        self.assertTrue(letter)
        for kind in ("sales", "accountant"):
            own = letter.with_user(self.users[kind])
            self.assertFalse(own.search([("id", "=", letter.id)]))
            self.assertFalse(own.has_access("read"))

    def _set_levels_of_new_customer(self):
        customer = self._create_customer(
            "Posted", street="1 rue A", zip="75001", city="Paris"
        )
        customer.dunning_scenario_id = self._create_scenario(
            [("Letter", 5, {"channel": "letter"})]
        )
        self._create_invoice(customer, due=-10)
        self._execute(self.company._dunning_run())

    def test_searching_and_sorting_by_figures_need_the_right_to_read_them(self):
        partners = self.env["res.partner"].with_user(self.users["sales"])
        for domain in (
            [("dunning_overdue", ">", 10)],
            [("dunning_is_customer", "=", True)],
            [("child_ids.dunning_overdue", ">", 10)],
        ):
            with self.subTest(domain=domain), self.assertRaises(AccessError):
                partners.search(domain)
        with self.assertRaises(AccessError):
            partners.search([], order="dunning_due desc")
        with self.assertRaises(AccessError):
            partners.formatted_read_group([], [], ["dunning_due:sum"])
