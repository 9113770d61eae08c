from odoo import SUPERUSER_ID, Command, fields
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged
from odoo.tools import format_date

from ..send.test_execution import ExecutionCommon


class TimelineCommon(ExecutionCommon):
    def _create_hold_now(self, **values):
        """Create a hold at the time of the clock, which the database does not know."""
        hold = self._create_hold(**values)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE dunning_hold SET create_date = %s WHERE id = %s",
            [fields.Datetime.now(), hold.id],
        )
        hold.invalidate_recordset(["create_date"])
        return hold

    def _post(self, body, record=None, subtype="mail.mt_note", **values):
        return (record or self.customer).message_post(
            body=body, message_type="comment", subtype_xmlid=subtype, **values
        )

    def _get_entries(self, kind=None, partner=None, user=None, **options):
        partner = (partner or self.customer).with_user(user or self.collector)
        return partner.dunning_get_timeline(kind, **options)["entries"]

    def _get_titles(self, kind=None, **options):
        return [
            (entry["channel"], entry["title"])
            for entry in self._get_entries(kind, **options)
        ]


@tagged("post_install", "-at_install")
class TestTimeline(TimelineCommon):
    """What happened with a customer: all of it, the last on top."""

    def test_a_reason_with_which_the_note_begins_is_told_once(self):
        reason = self.env["dunning.reason"].create({"name": "Not Received"})
        self._create_invoice(due=-5)
        self.reminder.write({"channel": "task", "execution": "manual"})
        task = self._run().action_ids
        task.write({"reason_id": reason.id, "note": "not received, sent again"})
        task.action_execute()
        self._go_to(1)
        self._create_hold_now(reason_id=reason.id, note="Not received: sent again")
        self.assertEqual(
            [(entry["reason"], entry["text"]) for entry in self._get_entries()],
            [(False, "Not received: sent again"), (False, "not received, sent again")],
        )

    def test_a_payment_of_many_invoices_names_the_first_and_counts_the_others(self):
        tell = self.customer._dunning_tell_matched
        self.assertEqual(tell([]), "Not allocated yet")
        self.assertEqual(tell(list("ABCDE")), "For A, B, C, D, and E")
        self.assertEqual(tell(list("ABCDEF")), "For A, B, C, D and 2 others")

    def test_what_was_claimed_is_told_with_what_is_still_open(self):
        invoices = [self._create_invoice(due=-5), self._create_invoice(due=-5)]
        [action] = self._step(0)
        self._pay(invoices[0])
        self._pay(invoices[1], 40)
        self.env.invalidate_all()
        [told] = self._get_entries("contact")
        self.assertEqual(
            (told["amount"], told["still_open"]), ("200.00\xa0€", "60.00\xa0€")
        )
        action = action.with_user(self.collector)
        self.assertEqual((action.amount, action.amount_open), (200, 60))
        self.assertEqual(action.line_ids.mapped("amount_claimed"), [100, 100])
        self.assertEqual(sorted(action.line_ids.mapped("amount_open")), [0, 60])

    def test_what_is_left_of_a_claim_is_told_as_it_was_claimed(self):
        invoice = self._create_invoice(due=-10, amount=5850)
        credit = self._create_payment(amount=800)
        [action] = self.company._dunning_run().action_ids
        action.action_execute()
        self.assertEqual((action.amount, action.amount_open), (5050, 5050))
        self._pay(invoice, 1000)
        self.env.invalidate_all()
        self.assertEqual(action.amount_open, 4050)
        self.assertIn("4,050.00", action.open_by_currency)
        # Once it is allocated it is taken from the invoice itself.
        lines = credit.move_id.line_ids | invoice.line_ids
        lines.filtered(lambda line: line.account_type == "asset_receivable").reconcile()
        self.env.invalidate_all()
        self.assertEqual(action.amount_open, 4050)

    def test_a_claim_from_which_nothing_was_deducted_is_still_open_as_a_whole(self):
        old = self._create_invoice(due=-40, amount=900)
        self.scenario.align_levels = False
        self._create_payment(amount=100)
        [former] = self._step(0)
        self._go_to(1)
        self._create_invoice(due=-4, amount=50)
        actions = self._step(1)
        own = actions.filtered(lambda x: old not in x.line_ids.move_id)
        for action in (former | own).with_user(self.collector):
            self.env.invalidate_all()
            self.assertEqual(action.amount_open, action.amount)

    def test_everything_is_told_the_last_on_top(self):
        invoice = self._create_invoice(due=-5)
        [action] = self._step(0)
        self._go_to(1)
        customer_sudo = self.customer.sudo()  # As the mail gateway does.
        customer_sudo.message_post(
            body="We pay soon", message_type="email", email_from="them@example.com"
        )
        self._go_to(2)
        hold = self._create_hold_now(note="Waiting")
        self._go_to(3)
        hold.action_release()
        self._go_to(4)
        payment = self._pay(invoice, 40, date=4)
        self.assertEqual(
            self._get_titles(),
            [
                ("Payment", payment.move_id.name),
                ("Hold released", hold.display_name),
                ("Put on hold", hold.display_name),
                ("Received", False),
                ("E-mail", "Reminder"),
            ],
        )
        self.assertEqual(self._get_entries("contact")[0]["res_id"], action.id)

    def test_kinds_are_filtered(self):
        invoice = self._create_invoice(due=-5)
        self._step(0)
        self._pay(invoice, 40)
        self._post("A note")
        self._post("Hello", subtype="mail.mt_comment")
        self._create_hold()
        found = {
            kind: sorted(entry["channel"] for entry in self._get_entries(kind))
            for kind in ("contact", "message", "payment", "note", "hold")
        }
        self.assertEqual(
            found,
            {
                "contact": ["E-mail"],
                "message": ["E-mail", "Message"],
                "payment": ["Payment"],
                "note": ["Note"],
                "hold": ["Put on hold"],
            },
        )

    def test_an_email_that_was_sent_is_told_once(self):
        self._create_invoice(due=-5)
        [action] = self._step(0)
        self.assertTrue(action.mail_id)
        self.assertEqual(self._get_titles("message"), [("E-mail", "Reminder")])

    def test_a_payment_says_what_it_paid(self):
        invoice = self._create_invoice(due=-5, amount=100)
        self._pay(invoice, 40)
        [entry] = self._get_entries("payment")
        self.assertIn("40.00", entry["amount"])
        self.assertEqual(entry["text"], f"For {invoice.name}")

    def test_a_payment_on_account_is_not_allocated_yet(self):
        self._create_payment(amount=70)
        [entry] = self._get_entries("payment")
        self.assertEqual(entry["text"], "Not allocated yet")

    def test_a_payment_that_was_cancelled_is_gone(self):
        invoice = self._create_invoice(due=-5, amount=100)
        payment = self._pay(invoice, 40)
        payment.move_id.line_ids.remove_move_reconcile()
        payment.action_draft()
        self.assertFalse(self._get_entries("payment"))

    def test_a_credit_note_is_told_among_the_payments(self):
        invoice = self._create_invoice(due=-5, amount=100)
        note = self._credit_note(invoice, 30)
        self.assertEqual(self._get_titles("payment"), [("Credit note", note.name)])

    def test_a_branch_is_told_of_what_its_parent_got_for_it_alone(self):
        branch = self._create_branch()
        theirs = self._create_invoice(due=-5, company=branch)
        own = self._create_invoice(due=-5)
        paid = self._pay(theirs).move_id
        self._pay(own)
        self._create_payment(amount=30)
        self.collector.company_ids |= branch
        customer = self.customer.with_user(self.collector).with_context(
            allowed_company_ids=branch.ids
        )
        [entry] = customer.dunning_get_timeline("payment")["entries"]
        self.assertEqual(
            (entry["title"], entry["text"]), (paid.name, f"For {theirs.name}")
        )

    def test_a_branch_is_told_what_its_parent_is_being_paid_for_it(self):
        branch = self._create_branch()
        theirs = self._create_invoice(due=-5, company=branch)
        self.inbound_payment_method_line.payment_account_id = False
        with self._as_bank_reconciliation():
            payment = self._create_payment(amount=100, invoice_ids=theirs.ids)
        self.collector.company_ids |= branch
        customer = self.customer.with_user(self.collector).with_context(
            allowed_company_ids=branch.ids
        )
        [entry] = customer.dunning_get_timeline("payment")["entries"]
        self.assertEqual(payment.company_id, self.company)
        self.assertEqual(entry["channel"], "Payment in process")
        self.assertEqual((entry["title"], entry["model"]), (payment.name, False))

    def test_what_is_being_paid_back_is_no_payment(self):
        self.outbound_payment_method_line.payment_account_id = False
        with self._as_bank_reconciliation():
            payment = self._create_payment(
                payment_type="outbound",
                payment_method_line_id=self.outbound_payment_method_line.id,
            )
        self.assertEqual((payment.state, payment.move_id.id), ("in_process", False))
        self.assertFalse(self._get_entries("payment"))

    def test_a_bank_statement_is_a_payment(self):
        self._create_invoice(due=-5, amount=100)
        line = self.env["account.bank.statement.line"].create(
            {
                "journal_id": self.company_data["default_journal_bank"].id,
                "date": self._day(0),
                "payment_ref": "Transfer",
                "partner_id": self.customer.id,
                "amount": 25,
            }
        )
        _liquidity, suspense, _other = line._seek_for_lines()
        receivable = self.company_data["default_account_receivable"]
        suspense.account_id = receivable
        [entry] = self._get_entries("payment")
        self.assertEqual(entry["channel"], "Payment")
        self.assertIn("25.00", entry["amount"])

    def test_what_was_cancelled_says_why(self):
        invoice = self._create_invoice(due=-5)
        [action] = self._run().action_ids
        self._pay(invoice)
        self.assertEqual(action.state, "cancelled")
        [entry] = self._get_entries("contact")
        self.assertEqual(
            (entry["muted"], entry["text"]), ("Cancelled", "Paid meanwhile")
        )

    def test_a_hold_that_ran_out_is_told(self):
        self._create_hold_now(date_end=2)
        self._go_to(3)
        self.assertEqual(
            [entry["channel"] for entry in self._get_entries("hold")],
            ["Hold ended", "Put on hold"],
        )

    def test_who_has_entered_what_somebody_else_says_is_told(self):
        colleague = self._create_user("colleague", "group_dunning_collector")
        # As the mail gateway does, whoever calls it.
        customer_sudo = self.customer.with_user(colleague).sudo()
        says = {"message_type": "email", "author_id": self.customer.id}
        customer_sudo.message_post(body="I owe it", date="2020-01-01 10:00:00", **says)
        # The mail server hands in what it receives.
        system = self.customer.with_user(SUPERUSER_ID)
        system.message_post(body="Received", **says)
        [received, entered] = self._get_entries("message")
        self.assertEqual(received["who"], self.customer.name)
        made = customer_sudo.message_ids.filtered("date").sorted("date")[:1].create_date
        day = format_date(self.env, made)
        for part in (self.customer.name, colleague.name, day):
            self.assertIn(part, entered["who"])

    def test_who_has_handed_in_what_somebody_else_says_is_told(self):
        mail = (
            "From: {}\nTo: a@example.com\nSubject: Own\nMessage-Id: <{}>\n"
            "Date: Wed, 1 Jan 2020 10:00:00 +0000\n\nI owe it"
        )
        invoice = self._create_invoice(due=-5)
        employee = new_test_user(self.env, "employee", company_id=self.company.id)
        by_name = {}
        for user in (employee, SUPERUSER_ID):
            gateway = self.env["mail.thread"].with_user(user).sudo(False)
            for record in (self.customer, invoice):
                text = mail.format(self.customer.email, f"{gateway.env.uid}-{record}")
                gateway.message_process(record._name, text, thread_id=record.id)
                message = record.message_ids.filtered("date").sorted("id")[-1:]
                user = gateway.env.user
                by_name[message.id] = f"{user.name} ({user.login})"
        told = self.customer._dunning_tell_messages(list(by_name))
        self.assertEqual(len(told), 4)
        for id_, name in by_name.items():
            handed_in = name == f"{employee.name} ({employee.login})"
            with self.subTest(name=name):
                self.assertIn(self.customer.name, told[id_]["who"])
                self.assertEqual(f"entered by {name} on" in told[id_]["who"], handed_in)
        messages = self.env["mail.message"].browse(by_name).with_user(self.collector)
        for user in (self.collector, employee):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                messages.with_user(user).write({"dunning_entered_by": False})

    def test_answers_to_an_invoice_are_told(self):
        # As the mail gateway does.
        invoice_sudo = self._create_invoice(due=-5).sudo()
        invoice_sudo.message_post(
            body="Not ours", message_type="email", email_from="them@example.com"
        )
        [entry] = self._get_entries("message")
        self.assertEqual((entry["model"], entry["text"]), ("account.move", "Not ours"))

    def test_what_a_contact_of_the_customer_paid_is_told(self):
        contact = self._create_customer("Contact", parent_id=self.customer.id)
        self._create_payment(contact, amount=70)
        self.assertEqual(len(self._get_entries("payment", partner=contact)), 1)
        self.assertEqual(len(self._get_entries("payment")), 1)

    def test_more_is_told_on_request(self):
        for number in range(7):
            self._post(f"Note {number}")
        timeline = self.customer.with_user(self.collector).dunning_get_timeline
        first = timeline(limit=3)
        second = timeline(limit=3, offset=3)
        last = timeline(limit=3, offset=6)
        self.assertEqual(
            [page["more"] for page in (first, second, last)], [True, True, False]
        )
        told = [
            entry["text"] for page in (first, second, last) for entry in page["entries"]
        ]
        self.assertEqual(told, [f"Note {number}" for number in range(6, -1, -1)])

    def test_a_customer_without_history_has_an_empty_one(self):
        self.assertEqual(
            self.customer.with_user(self.collector).dunning_get_timeline(),
            {"entries": [], "more": False},
        )

    def test_nonsense_is_refused_or_passed_over(self):
        self._post("Note")
        timeline = self.customer.with_user(self.collector).dunning_get_timeline
        self.assertEqual(len(timeline(kind="'; DROP TABLE x")["entries"]), 1)
        self.assertEqual(len(timeline(offset=-5, limit=-1)["entries"]), 1)
        self.assertEqual(len(timeline(limit=10**9)["entries"]), 1)

    def test_i6_another_company_s_history_is_not_told(self):
        other = self._create_second_company()
        self._create_hold(company_id=other.id)
        self._create_hold(company_id=other.id).sudo()._end()
        self.assertFalse(self._get_entries("hold"))
        with self.assertRaises(AccessError):
            self._get_entries("hold", company=other.id)

    def test_who_has_no_part_in_dunning_sees_nothing(self):
        user = self._create_user("visitor", "group_dunning_readonly")
        user.group_ids = [Command.set(self.env.ref("base.group_user").ids)]
        with self.assertRaises(AccessError):
            self._get_entries(user=user)

    def test_the_number_of_queries_does_not_grow_with_the_history(self):
        timeline = self.customer.with_user(self.collector).dunning_get_timeline
        counts = []
        # The first look fills what is kept between requests.
        for size in (1, 3, 12):
            for number in range(size):
                invoice = self._create_invoice(due=-5 - number)
                self._step()
                self._pay(invoice)
                self._create_hold().action_release()
                self._post("Question", invoice)
                self._post("Note")
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.assertGreaterEqual(len(timeline(limit=100)["entries"]), size * 6)
            counts.append(self.cr.sql_log_count - before)
        # What comes first on the page decides whose names are read with whose: that
        # is one query more or less, not one for each.
        self.assertAlmostEqual(counts[2], counts[1], delta=1)
