from contextlib import suppress

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common import DunningCommon

SECRET = "Reminder for"
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

    def test_answers_to_reminders_are_read_by_readers_of_dunning_alone(self):
        self.customer.with_context(mail_notify_force_send=False).message_post(
            body="We cannot pay your reminder",
            message_type="email",
            parent_id=self.action.sent_message_id.id,
            author_id=self.customer.id,
            subtype_xmlid="mail.mt_comment",
        )
        self._check_hidden("cannot pay", self.customer)
        activity = self.customer.activity_ids.filtered("dunning_discreet")
        self.assertTrue(activity)
        for kind in ("sales", "accountant"):
            own = activity.with_user(self.users[kind])
            self.assertFalse(own.search([("id", "in", activity.ids)]))
            self.assertFalse(own.has_access("read"))
        self.assertTrue(activity.with_user(self.collector).has_access("read"))

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
