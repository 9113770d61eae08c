from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from odoo.addons.account_dunning.tools.words import OPEN_STAGES, STAGES

from ..disputes import DisputeCommon


@tagged("post_install", "-at_install")
class TestDispute(DisputeCommon):
    """What a dispute is about, how much, and what people may change of it."""

    # ------------------------------------------------------------------
    # NEW
    # ------------------------------------------------------------------

    def test_all_that_is_open_is_in_dispute_unless_said_otherwise(self):
        invoice = self._create_invoice(due=-10)
        self._pay(invoice, 30)
        dispute = self._dispute(invoice)
        self.assertEqual((dispute.amount, dispute.amount_held), (70, 70))
        self.assertEqual(dispute.partner_id, self.customer)
        self.assertPlanned(invoice, "out", reason="held")

    def test_the_disputed_part_is_kept_out_and_the_rest_dunned(self):
        invoice = self._create_invoice(due=-10)
        self._dispute(invoice, 40)
        action = self._run().action_ids
        self.assertEqual(action.line_ids.amount_claimed, 60)

    def test_a_dispute_takes_what_its_reason_says(self):
        self.assertEqual(self.today.weekday(), 0)
        self._go_to(3)
        dispute = self._dispute(self._create_invoice())
        # From Thursday, three working days: Friday, Monday, Tuesday.
        self.assertEqual(dispute.date_deadline, self._day(8))

    def test_a_dispute_is_settled_by_who_records_it_or_by_the_owner_of_disputes(self):
        dispute = self._dispute(self._create_invoice())
        self.assertEqual(dispute.user_id, self.collector)
        owner = self._create_user("owner", "group_dunning_collector")
        self.company.dunning_dispute_user_id = owner
        dispute = self._dispute(self._create_invoice())
        self.assertEqual(dispute.user_id, owner)
        self.assertEqual(dispute.activity_ids.user_id, owner)

    def test_the_contact_is_that_of_dunning(self):
        contact = self._create_customer("Accounts", parent_id=self.customer.id)
        self.customer.dunning_contact_id = contact
        self.assertEqual(self._dispute(self._create_invoice()).contact_id, contact)

    def test_a_dispute_of_a_contact_is_one_of_the_customer(self):
        contact = self._create_customer("Shop", parent_id=self.customer.id)
        dispute = self._dispute(self._create_invoice(contact), partner_id=contact.id)
        self.assertEqual(dispute.partner_id, self.customer)

    def test_a_new_dispute_is_among_the_activities_of_its_owner(self):
        dispute = self._dispute(self._create_invoice())
        activity = dispute.activity_ids
        self.assertEqual(activity.user_id, self.collector)
        self.assertEqual(activity.date_deadline, dispute.date_deadline)

    def test_who_settles_a_dispute_is_mailed_once_about_it(self):
        owner, other = (
            self._create_user(login, "group_dunning_collector")
            for login in ("settler", "second_settler")
        )
        self.company.dunning_dispute_user_id = owner
        items = self._items(self._create_invoice())
        disputes = self.env["dunning.dispute"].with_user(self.collector)
        disputes = disputes.with_context(tracking_disable=False)
        dispute = disputes.create(
            {"move_line_ids": [Command.set(items.ids)], "reason_id": self.reason.id}
        )
        dispute.user_id = other
        for user in (owner, other):
            told = self.env["mail.notification"].search(
                [("res_partner_id", "=", user.partner_id.id)]
            )
            self.assertEqual(len(told), 1, told.mail_message_id.mapped("subject"))
            self.assertIn("assigned to you", told.mail_message_id.subject)

    # ------------------------------------------------------------------
    # REFUSED
    # ------------------------------------------------------------------

    def assertRefused(self, words, *args, **values):
        with self.assertRaisesRegex(ValidationError, words), self.env.cr.savepoint():
            self._dispute(*args, **values)

    def test_a_dispute_says_about_what_and_why(self):
        self.assertRefused("Choose the invoices", self.env["account.move.line"])
        self.assertRefused("Choose the reason", self._create_invoice(), reason_id=False)

    def test_a_dispute_of_less_than_nothing_is_refused_before_the_database_does(self):
        invoice = self._create_invoice()
        with self.assertNoLogs("odoo.sql_db", "ERROR"):
            for amount in (-5, -0.01, 0.001):
                self.assertRefused("more than zero", invoice, amount)
        dispute = self._dispute(invoice, 10)
        for amount in (-5, 0, False):
            with self.assertRaisesRegex(ValidationError, "more than zero"):
                dispute.amount = amount

    def test_only_what_is_open_can_be_disputed(self):
        paid = self._create_invoice()
        self._pay(paid)
        self.assertRefused("Nothing is to be paid", paid)
        self.assertRefused("Nothing is to be paid", self._create_invoice(post=False))

    def test_no_more_can_be_disputed_than_what_is_open(self):
        invoice = self._create_invoice()
        self.assertRefused("is.*100.00", invoice, 100.01)

    def test_no_more_can_be_disputed_than_others_leave(self):
        invoice = self._create_invoice()
        self._dispute(invoice, 70)
        self.assertRefused("is.*30.00", invoice, 31)
        self._dispute(invoice, 30)
        self.assertRefused("in dispute already", invoice)
        self.assertEqual(self._get_withheld(invoice), 100)

    def test_a_dispute_is_about_one_customer_and_one_currency(self):
        dollar = self.setup_other_currency("USD", rates=[("2020-01-01", 2.0)])
        mine = self._create_invoice()
        for other in (
            self._create_invoice(self._create_customer("Other")),
            self._create_invoice(currency=dollar),
        ):
            self.assertRefused("one customer", mine | other)

    def test_a_dispute_in_foreign_currency_counts_in_it(self):
        dollar = self.setup_other_currency("USD", rates=[("2020-01-01", 2.0)])
        invoice = self._create_invoice(due=-10, currency=dollar)
        dispute = self._dispute(invoice, 40)
        self.assertEqual(dispute.currency_id, dollar)
        action = self._run().action_ids
        self.assertEqual(action.line_ids.amount_claimed, 60)

    # ------------------------------------------------------------------
    # CHANGED
    # ------------------------------------------------------------------

    def test_amount_and_items_follow_as_long_as_it_is_open(self):
        invoice, other = (self._create_invoice(due=due) for due in (-10, -5))
        dispute = self._dispute(invoice, 60)
        dispute.amount = 80
        self.assertEqual(self._get_withheld(invoice), 80)
        dispute.write(
            {"move_line_ids": [Command.link(self._items(other).id)], "amount": 150}
        )
        self.assertEqual(self._get_withheld(invoice), 100)
        self.assertEqual(self._get_withheld(other), 50)
        with self.assertRaisesRegex(ValidationError, "is.*200.00"):
            dispute.amount = 201

    def test_an_older_dispute_does_not_take_what_a_newer_one_needs(self):
        invoice, other = (self._create_invoice(due=due) for due in (-10, -5))
        old = self._dispute(invoice | other, 50)
        new = self._dispute(invoice, 50)
        old.amount = 150
        self.assertEqual((old.amount_held, new.amount_held), (150, 50))
        with self.assertRaisesRegex(ValidationError, "needs them"):
            old.amount = 151

    def test_an_item_that_is_paid_cannot_be_added(self):
        paid = self._create_invoice()
        self._pay(paid)
        dispute = self._dispute(self._create_invoice())
        with self.assertRaisesRegex(ValidationError, "Nothing is to be paid"):
            dispute.move_line_ids |= self._items(paid)

    def test_the_activity_follows_owner_and_deadline(self):
        dispute = self._dispute(self._create_invoice())
        owner = self._create_user("owner", "group_dunning_collector")
        dispute.write({"user_id": owner.id, "date_deadline": self._day(20)})
        self.assertRecordValues(
            dispute.activity_ids,
            [{"user_id": owner.id, "date_deadline": self._day(20)}],
        )

    def test_what_people_have_closed_stays_closed_by_them_when_it_is_paid(self):
        invoice = self._create_invoice(due=-5)
        dispute = self._dispute(invoice)
        dispute.action_reject()
        closed_by = dispute.closed_by
        self._pay(invoice)
        self.env.flush_all()
        self.assertEqual(dispute.closed_by, closed_by)
        self.assertEqual(dispute.state, "rejected")

    def test_open_stages_are_shown_although_empty_and_closed_ones_where_used(self):
        stages = self.env["dunning.dispute"]._expand_stages(["rejected"], [])
        shown = ["new", "in_process", "waiting_department", "waiting_customer"]
        self.assertEqual(set(shown), set(OPEN_STAGES))
        self.assertEqual(set(stages), {*shown, "rejected"})
        order = [stage for stage, _label in STAGES]
        self.assertEqual(stages, sorted(stages, key=order.index))

    def test_another_reason_proposes_another_deadline_as_long_as_it_is_new(self):
        late = self.reason.copy({"name": "Late", "delay_days": 5})
        draft = self.env["dunning.dispute"].new({"company_id": self.company.id})
        draft.date_deadline = self._day(1)
        draft._onchange_reason_id()
        self.assertEqual(draft.date_deadline, self._day(1))
        draft.reason_id = late
        draft._onchange_reason_id()
        self.assertEqual(draft.date_deadline, self._day(7))
        dispute = self._dispute(self._create_invoice(due=-20))
        known = dispute.new(origin=dispute)
        known.reason_id = late
        known._onchange_reason_id()
        self.assertEqual(known.date_deadline, dispute.date_deadline)

    def test_a_dispute_cannot_be_deleted(self):
        with self.assertRaisesRegex(UserError, "cancel it instead"):
            self._dispute(self._create_invoice()).sudo().unlink()

    # ------------------------------------------------------------------
    # WITH PROMISES
    # ------------------------------------------------------------------

    def test_what_a_plain_hold_keeps_out_can_be_disputed(self):
        invoice = self._create_invoice(due=-10)
        self._create_hold(invoice, amount=40).sudo().origin = "dispute"
        self._dispute(invoice, 100)
        self.assertPlanned(invoice, "out", reason="held")

    def test_a_customer_can_promise_beside_a_dispute_and_break_it(self):
        invoice = self._create_invoice(due=-10)
        dispute = self._dispute(invoice, 40)
        promise = self.env["dunning.promise"].create(
            {
                "partner_id": self.customer.id,
                "line_ids": [Command.create({"date": self._day(5), "amount": 60})],
            }
        )
        self.assertEqual((dispute.amount_held, promise.amount_held), (40, 60))
        self._run(30)
        self.assertEqual(promise.state, "broken")
        self.assertEqual((dispute.amount_held, promise.amount_held), (40, 0))
