from odoo.tests import tagged

from ..send.test_channels import ChannelCommon
from ..smtp import mail_server
from .test_replies import BOUNCE, RepliesCommon


@tagged("post_install", "-at_install")
class TestRecipients(ChannelCommon):
    """Invoices are written about to where they were addressed; who has no e-mail
    address is replaced by the customer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.level = cls.scenario.level_ids[0]
        cls.level.write({"channel": "email", "execution": "automatic"})

    def _create_contact(self, name, **values):
        return self._create_customer(
            name, parent_id=self.customer.id, **{"type": "invoice"} | values
        )

    def assertWrittenTo(self, expected):
        """Check who gets the e-mails of today."""
        action = self._step()
        self.assertEqual(action.state, "done")
        sent = self.env["mail.mail"].search(
            [("mail_message_id", "=", action.sent_message_id.id)]
        )
        self.assertEqual(sent.recipient_ids, expected)
        return action

    # ------------------------------------------------------------------
    # WITHOUT E-MAIL ADDRESS
    # ------------------------------------------------------------------

    def test_an_invoice_address_without_email_falls_back_to_the_customer(self):
        contact = self._create_contact("Accounts", email=False)
        self._create_invoice(due=-5)
        action = self.assertWrittenTo(self.customer)
        self.assertEqual(action.contact_id, contact)
        self.assertEqual(action.contact_email, self.customer.email)

    def test_an_address_is_kept_as_it_comes_back(self):
        self.customer.email = "Ms Payer <Ms.Payer@Example.COM>"
        self._create_invoice(due=-5)
        recipients_sudo = self._step().sending_id.sudo().recipient_ids
        self.assertEqual(recipients_sudo.address, "ms.payer@example.com")

    def test_a_dunning_contact_without_email_falls_back_to_the_customer(self):
        contact = self._create_contact("Accounts", email=False, type="contact")
        self.customer.dunning_contact_id = contact
        self._create_invoice(due=-5)
        self.assertWrittenTo(self.customer)

    def test_nobody_has_an_email_address(self):
        self._create_contact("Accounts", email=False)
        self.customer.email = False
        self._create_invoice(due=-5)
        action = self._step()
        self.assertEqual(action.state, "failed")
        self.assertIn("no e-mail address", action.failure)

    # ------------------------------------------------------------------
    # INVOICES WITH AN ADDRESS OF THEIR OWN
    # ------------------------------------------------------------------

    def test_an_invoice_with_an_address_of_its_own_is_written_to_there(self):
        self._create_contact("Head Office")
        branch = self._create_contact("Branch")
        self._create_invoice(branch, due=-5)
        action = self.assertWrittenTo(branch)
        self.assertRecordValues(
            action, [{"partner_id": self.customer.id, "contact_id": branch.id}]
        )

    def test_invoices_with_several_addresses_make_one_action(self):
        head = self._create_contact("Head Office")
        branch = self._create_contact("Branch")
        self._create_invoice(branch, due=-6)
        self._create_invoice(due=-5)
        action = self.assertWrittenTo(head | branch)
        self.assertEqual(len(action), 1)
        self.assertEqual(action.contact_id, head)

    def test_an_own_address_without_email_falls_back(self):
        branch = self._create_contact("Branch", email=False)
        shop = self._create_contact("Shop")
        self._create_invoice(branch, due=-6)
        self._create_invoice(shop, due=-5)
        self.assertWrittenTo(self.customer | shop)

    def test_one_address_of_two_contacts_is_written_to_once(self):
        first = self._create_contact("First", email="Accounts <a@example.com>")
        second = self._create_contact("Second", email="A@example.com")
        self._create_invoice(first, due=-6)
        self._create_invoice(second, due=-5)
        self.assertWrittenTo(first)

    def test_a_dunning_contact_receives_everything(self):
        contact = self._create_contact("Treasurer", type="contact")
        self.customer.dunning_contact_id = contact
        self._create_invoice(self._create_contact("Branch"), due=-5)
        self.assertWrittenTo(contact)

    def test_an_archived_address_is_not_used(self):
        branch = self._create_contact("Branch")
        self._create_invoice(branch, due=-5)
        branch.active = False
        self.assertWrittenTo(self.customer)

    def test_the_preview_names_all_recipients(self):
        shop, branch = self._create_contact("Shop"), self._create_contact("Branch")
        self._create_invoice(branch, due=-6)
        self._create_invoice(shop, due=-5)
        action = self._run().action_ids
        self.assertEqual(action.recipient_ids, branch | shop)
        self.assertIn("shop@example.com", action._format_contact())
        self.assertIn("branch@example.com", action._format_contact())

    # ------------------------------------------------------------------
    # REPLY-TO
    # ------------------------------------------------------------------

    def test_answers_never_go_to_the_system_s_own_user(self):
        self.company.dunning_user_id = False
        self._create_invoice(due=-5)
        action = self._run().action_ids
        self.assertFalse(action.user_id)
        self._cron_execute()
        self.assertEqual(action.state, "done")
        mail = action.mail_id
        self.assertIn("us@example.com", mail.reply_to)
        self.assertIn("Dunning Company", mail.reply_to)
        self.assertEqual(mail.author_id, self.company.partner_id)
        self.assertNotIn("OdooBot", f"{mail.reply_to} {mail.email_from}")

    def test_answers_go_to_the_collector(self):
        self._create_invoice(due=-5)
        action = self._step()
        self.assertIn("collector@example.com", action.mail_id.reply_to)


@tagged("post_install", "-at_install")
class TestLostAddresses(RepliesCommon):
    """A bounce of one of several addresses is followed; an address from which e-mails
    came back is not written to again without a word."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.scenario.level_ids.write({"channel": "email", "execution": "automatic"})
        cls.shop, cls.branch = cls.env["res.partner"].create(
            [
                {
                    "name": name,
                    "email": f"{name.lower()}@example.com",
                    "type": "invoice",
                    "parent_id": cls.customer.id,
                }
                for name in ("Shop", "Branch")
            ]
        )

    def setUp(self):
        super().setUp()
        self.enterContext(mail_server(self.env))
        # What other modules have queued is not ours.
        self.env["mail.mail"].sudo().search([]).unlink()

    def _process_queue(self):
        self.env["mail.mail"].sudo().process_email_queue()

    def _send_to_both(self):
        self._create_invoice(self.shop, due=-6)
        self._create_invoice(self.branch, due=-5)
        action = self._step()
        self._process_queue()
        return action

    def _bounce_of(self, action, partner):
        line = action.sending_id.sudo().recipient_ids.filtered(
            lambda line: line.partner_id == partner
        )
        self._receive(
            BOUNCE.format(
                outcome="failed",
                address=line.address,
                message_id=action.sending_id.header_id,
                token=line.token,
                status="5.1.1",
                said="User unknown",
            )
        )

    def test_a_bounce_of_one_address_is_followed(self):
        action = self._send_to_both()
        self._bounce_of(action, self.branch)
        self.assertEqual(action.state, "done")
        states = {
            line.partner_id: line.state
            for line in action.sending_id.sudo().recipient_ids
        }
        self.assertEqual(states[self.branch], "bounced")
        self.assertIn("branch@example.com", action.message_ids[0].body)
        [reminder] = self.customer.activity_ids
        self.assertEqual(reminder.user_id, self.collector)
        self.assertEqual(reminder.summary, "E-mail to branch@example.com came back")

    def test_the_action_fails_when_all_addresses_come_back(self):
        action = self._send_to_both()
        self._bounce_of(action, self.branch)
        self._bounce_of(action, self.shop)
        self.assertEqual(action.state, "failed")

    def test_an_address_that_bounced_is_left_out_and_it_is_said(self):
        self._bounce_of(self._send_to_both(), self.branch)
        action = self._run(10).action_ids
        self.assertEqual(action.lost_recipient_ids, self.branch)
        self._execute(action)
        sent_to = action.sending_id.sudo().recipient_ids.partner_id
        self.assertEqual(sent_to, self.shop)
        log = " ".join(action.message_ids.mapped("body"))
        self.assertIn("The last e-mail to branch@example.com came back on", log)

    def test_what_came_back_to_another_company_is_no_matter(self):
        action = self._send_to_both()
        self._bounce_of(action, self.branch)
        other = self._create_second_company()
        self.assertIn("branch@example.com", action._find_lost_addresses(self.company))
        self.assertFalse(action._find_lost_addresses(other))

    def test_without_its_company_nothing_is_known_to_have_come_back(self):
        action = self._send_to_both()
        draft = action.new({"partner_id": self.customer.id, "channel": "email"})
        self.assertTrue(draft.recipient_ids)
        draft.company_id = False
        self.assertFalse(draft.lost_recipient_ids)

    def _let_the_only_address_bounce(self):
        invoice = self._create_invoice(self.branch, due=-5)
        action = self._step()
        self._process_queue()
        self._bounce_of(action, self.branch)
        self.assertEqual(action.state, "failed")
        return invoice, action

    def test_the_only_address_bounced_before(self):
        __, first = self._let_the_only_address_bounce()
        first.action_skip("Later")
        self._create_invoice(self.branch, due=-5)
        action = self._run(1).action_ids
        self._execute(action)
        self.assertEqual(action.state, "failed")
        self.assertIn("branch@example.com came back", action.failure)
        self.assertIn("Correct the address", action.failure)

    def test_whoever_sends_again_tries_the_address_all_the_same(self):
        __, action = self._let_the_only_address_bounce()
        self._execute(action)
        self.assertEqual(action.state, "done")
        self.assertEqual(action.sending_id.sudo().recipient_ids.partner_id, self.branch)

    def test_an_address_that_was_corrected_is_written_to(self):
        __, first = self._let_the_only_address_bounce()
        first.action_skip("Later")
        self.branch.email = "right@example.com"
        self._create_invoice(self.branch, due=-5)
        action = self._step(1)
        self.assertEqual(action.state, "done")

    def test_what_arrived_since_makes_the_address_good_again(self):
        __, action = self._let_the_only_address_bounce()
        self._execute(action)
        self._process_queue()
        self._create_invoice(self.branch, due=-4)
        action = self._step(1)
        self.assertEqual(action.state, "done")
