from importlib.util import module_from_spec, spec_from_file_location
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools.misc import file_path

from ..customers import ChangeCommon

ADDON = "account_dunning"


@tagged("post_install", "-at_install")
class TestCustomerBecomesContact(ChangeCommon):
    """A customer gets a parent company: what it owes, and all that was said of it, is
    the parent's from then on."""

    def setUp(self):
        super().setUp()
        self.invoice = self._create_invoice(due=-10)

    # ------------------------------------------------------------------
    # NOTHING IS REFUSED
    # ------------------------------------------------------------------

    def test_a_part_payment_of_what_was_promised_is_taken(self):
        promise = self._promise(self.invoice, (5, 100))
        self._attach()
        self._pay_as_accountant(self.invoice, 40)
        self.assertEqual(promise.partner_id, self.group)
        self.assertRecordValues(promise, [{"state": "open", "amount_received": 40}])
        self.assertHeld(self.invoice, 60)

    def test_a_part_payment_of_what_is_disputed_is_taken(self):
        dispute = self._dispute(self.invoice)
        self._attach()
        self._pay_as_accountant(self.invoice, 40)
        self.assertEqual((dispute.partner_id, dispute.state), (self.group, "new"))
        self.assertHeld(self.invoice, 60)

    def test_a_bank_reconciliation_of_what_was_promised_and_disputed_is_done(self):
        self._dispute(self.invoice, 30)
        promise = self._promise(self.invoice, (5, 70))
        self._attach()
        self._reconcile_bank_line(self.invoice, 50)
        self.assertEqual(promise.amount_received, 50)
        self.assertHeld(self.invoice, 50)

    def test_a_part_payment_of_what_is_on_hold_is_taken(self):
        hold = self._create_hold(self.invoice, amount=60)
        self._attach()
        self._pay_as_accountant(self.invoice, 20)
        self.assertEqual(hold.partner_id, self.group)
        self.assertHeld(self.invoice, 60)

    def test_a_customer_that_is_no_company_any_more_is_followed(self):
        self.customer.write({"is_company": True, "parent_id": self.group.id})
        promise = self._promise(self.invoice, (5, 100))
        self.customer.with_user(self.accountant).is_company = False
        self.assertEqual(promise.partner_id, self.group)
        self._pay_as_accountant(self.invoice, 40)
        self.assertHeld(self.invoice, 60)

    # ------------------------------------------------------------------
    # WHAT GOES ALONG
    # ------------------------------------------------------------------

    def test_what_is_over_goes_along_as_well(self):
        kept = self._promise(self.invoice, (5, 40))
        dispute = self._dispute(self.invoice, 10)
        dispute.with_user(self.collector).action_cancel()
        self._pay(self.invoice, 40)
        self.assertEqual((kept.state, dispute.state), ("kept", "cancelled"))
        self._attach()
        self.assertEqual(kept.partner_id, self.group)
        self.assertEqual(dispute.partner_id, self.group)
        self._pay_as_accountant(self.invoice)
        self.assertEqual((kept.state, dispute.state), ("kept", "cancelled"))

    def test_the_level_and_the_gap_between_contacts_go_along(self):
        self.scenario.contact_gap_days = 30
        done = self._step()
        self._attach()
        self.assertEqual((done.partner_id, done.state), (self.group, "done"))
        self.assertEqual(self._reached(self.invoice), self.reminder)
        self.assertPlanned(self.invoice, "later", date=30, reason="contact_gap")

    def test_an_open_action_goes_along_and_is_carried_out(self):
        action = self._run().action_ids
        self._attach()
        self.assertRecordValues(
            action, [{"partner_id": self.group.id, "state": "todo", "amount": 100}]
        )
        self._execute(action)
        self.assertEqual(action.state, "done")
        self.assertListed(action, {self.invoice: self.reminder})

    def test_a_customer_with_many_contacts_is_followed_as_often_as_one_with_none(self):
        actions = self.registry["dunning.action"]
        counts = []
        for number in (0, 4):
            customer = self._create_customer(f"Of {number}")
            self._create_invoice(customer, due=-10)
            self.env["res.partner"].create(
                [{"name": f"{i}", "parent_id": customer.id} for i in range(number)]
            )
            self._run(number)
            with patch.object(
                actions,
                "_refresh_customers",
                autospec=True,
                side_effect=actions._refresh_customers,
            ) as followed:
                customer.parent_id = self.group
            counts.append(followed.call_count)
        self.assertEqual(counts[1], counts[0])

    def test_two_open_actions_of_who_is_one_customer_now_are_planned_as_one(self):
        theirs = self._create_invoice(self.group, due=-10)
        planned = self._run().action_ids
        self._attach()
        self.assertEqual(set(planned.mapped("cancel_cause")), {"merged"})
        action = self._run().action_ids
        self.assertListed(action, {theirs: self.reminder, self.invoice: self.reminder})

    def test_two_follow_ups_of_who_is_one_customer_now_become_one(self):
        self._set_levels([("Only Level", 5, {})])
        self._create_invoice(self.group, due=-10)
        self._step()
        follow_ups = self._run(1).action_ids
        self.assertEqual(follow_ups.mapped("kind"), ["follow_up"] * 2)
        self._attach()
        self.assertEqual(set(follow_ups.mapped("state")), {"cancelled"})
        self.assertEqual(len(self._run(2).action_ids), 1)

    def test_what_another_contact_had_replaced_stays_cancelled(self):
        self._set_levels([("Call", 5, {"channel": "call", "execution": "manual"})])
        self._execute(self._run().action_ids)
        [follow_up] = self._run(1).action_ids
        self._create_invoice(due=-4)
        self._create_invoice(self.group, due=-4)
        calls = self._run(2).action_ids
        self.assertEqual(
            (follow_up.state, follow_up.cancel_cause), ("cancelled", "open_action")
        )
        self._attach()
        self.assertEqual(set((calls | follow_up).mapped("cancel_cause")), {"merged"})
        self._pay(self.invoice, 40)
        self.assertEqual(follow_up.state, "cancelled")
        self.assertEqual(len(self._run(3).action_ids), 1)

    def test_a_call_planned_by_hand_goes_along(self):
        call = self.env["dunning.action"].create(
            {"partner_id": self.customer.id, "channel": "call"}
        )
        self._attach()
        self.assertRecordValues(
            call, [{"partner_id": self.group.id, "state": "todo", "amount": 100}]
        )

    # ------------------------------------------------------------------
    # WHAT CONCERNED THE WHOLE CUSTOMER
    # ------------------------------------------------------------------

    def test_a_hold_on_the_customer_covers_the_parent_that_owes_nothing_else(self):
        hold = self._create_hold()
        self._attach()
        self.assertRecordValues(
            hold, [{"partner_id": self.group.id, "scope": "customer"}]
        )
        self.assertPlanned(self.invoice, "out", reason="held")

    def test_a_hold_on_the_customer_covers_nothing_that_the_parent_owes(self):
        theirs = self._create_invoice(self.group, due=-10)
        balance = self._create_entry(due=-10, amount=20, no_followup=False)
        hold = self._create_hold()
        self._attach()
        self.assertPlanned(theirs, "step")
        self.assertPlanned(self.invoice, "out", reason="held")
        self.assertPlanned(self._items(balance), "out", reason="held")
        self.assertEqual(hold.scope, "items")
        self.assertIn("brought along", hold.message_ids[0].body)

    def test_a_hold_on_a_customer_that_owes_nothing_is_released(self):
        self._pay(self.invoice)
        self._create_invoice(self.group, due=-10)
        hold = self._create_hold()
        self._attach()
        self.assertEqual(hold.state, "released")
        self.assertIn("owes nothing", hold.message_ids[0].body)

    def test_settings_go_along_to_a_parent_that_owes_nothing_else(self):
        scenario = self._create_scenario(name="Chosen")
        self.customer.write(
            {
                "dunning_scenario_id": scenario.id,
                "dunning_user_id": self.collector.id,
                "dunning_channel": "letter",
                "dunning_note": "Call before noon.",
            }
        )
        self.group.dunning_note = "Ask for Jo."
        self._attach()
        self.assertRecordValues(
            self.group,
            [
                {
                    "dunning_scenario_id": scenario.id,
                    "dunning_user_id": self.collector.id,
                    "dunning_channel": "letter",
                    "dunning_note": "Ask for Jo.",
                }
            ],
        )
        self.assertIn("Instructions", self.group.message_ids[0].body)

    def test_settings_that_all_go_along_are_not_said_to_apply_no_more(self):
        self.customer.dunning_note = "Call before noon."
        self.group.dunning_user_id = self.collector
        self._attach()
        self.assertEqual(self.group.dunning_note, "Call before noon.")
        told = self.group.message_ids.mapped("body")
        self.assertFalse([body for body in told if "do not apply" in body])

    def test_settings_of_a_contact_do_not_change_how_the_parent_is_dunned(self):
        self._create_invoice(self.group, due=-10)
        self.customer.dunning_scenario_id = self._create_scenario(name="Chosen")
        self._attach()
        self.assertFalse(self.group.dunning_scenario_id)
        self.assertIn("Scenario", self.group.message_ids[0].body)

    # ------------------------------------------------------------------
    # SIBLINGS
    # ------------------------------------------------------------------

    def test_what_happens_in_another_company_goes_along_too(self):
        company = self._create_second_company()
        invoice = self._create_invoice(due=-10, company=company)
        hold = self._create_hold(invoice)
        self._attach()
        self.assertEqual(hold.partner_id, self.group)
        self.assertEqual(hold.company_id, company)

    def test_what_the_parent_owes_in_another_company_is_no_matter_here(self):
        company = self._create_second_company()
        self._create_invoice(self.group, due=-10, company=company)
        hold = self._create_hold()
        self.customer.dunning_note = "Call before noon."
        self._attach()
        self.assertEqual(hold.scope, "customer")
        self.assertEqual(self.group.dunning_note, "Call before noon.")

    def test_a_hold_covers_what_is_brought_along_in_its_own_company_alone(self):
        self._create_invoice(self.group, due=-10)
        company = self._create_second_company()
        self._create_invoice(due=-10, company=company)
        hold = self._create_hold()
        self._attach()
        self.assertEqual(hold.move_line_ids, self._items(self.invoice))

    def test_a_contact_that_becomes_a_customer_leaves_what_its_parent_owes(self):
        self._attach()
        promise = self._promise(self.invoice, (5, 100))
        self.customer.with_user(self.accountant).parent_id = False
        # So does the ledger.
        self.assertEqual(self._items(self.invoice).partner_id, self.group)
        self.assertEqual(promise.partner_id, self.group)
        self._pay_as_accountant(self.invoice, 40)
        self.assertHeld(self.invoice, 60)

    def test_a_contact_that_is_a_company_again_takes_its_items_along(self):
        self.customer.write({"is_company": True, "parent_id": self.group.id})
        promise = self._promise(self.invoice, (5, 100))
        self.customer.is_company = False
        self.customer.is_company = True
        self.assertEqual(promise.partner_id, self.customer)
        self._pay_as_accountant(self.invoice, 40)
        self.assertHeld(self.invoice, 60)

    def test_an_archived_customer_goes_along(self):
        hold = self._create_hold(self.invoice)
        self.customer.active = False
        self._attach()
        self.assertEqual(hold.partner_id, self.group)

    def test_a_customer_merged_into_a_contact_goes_to_its_parent(self):
        contact = self._create_customer("Contact", parent_id=self.group.id)
        promise = self._promise(self.invoice, (5, 100))
        done = self._step()
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((self.customer | contact).ids, contact, extra_checks=False)
        self.assertEqual(promise.partner_id, self.group)
        self.assertEqual(done.partner_id | self.group, self.group)
        self._pay_as_accountant(self.invoice, 40)
        self.assertHeld(self.invoice, 60)

    def test_a_tax_id_that_differs_is_refused_by_odoo_and_nothing_has_moved(self):
        self.group.vat = "FR23334175221"
        hold = self._create_hold(self.invoice)
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self._attach()
        self.assertEqual(hold.partner_id, self.customer)


@tagged("post_install", "-at_install")
class TestFormerVersion(ChangeCommon):
    """What a former version left behind when customers changed."""

    def test_what_was_left_with_a_contact_or_a_former_customer_follows(self):
        invoice = self._create_invoice(due=-10)
        readdressed = self._create_invoice(self.other, due=-10)
        done = self._step().filtered(lambda action: action.partner_id == self.customer)
        hold = self._create_hold(invoice, amount=40)
        promise = self._promise(invoice, (5, 60))
        dispute = self._dispute(readdressed)
        records = (done, hold, promise, promise.hold_ids)
        self._attach()
        self._readdress(readdressed, self.group)
        # As if nothing had followed.
        for record in records:
            self.env["res.partner"]._dunning_hand_over(record, self.customer)
        self.env["res.partner"]._dunning_hand_over(dispute, self.other)
        self._migrate()
        for record in (*records, dispute):
            self.assertEqual(record.partner_id, self.group)
        self._pay_as_accountant(invoice, 10)
        self._pay_as_accountant(readdressed, 10)

    def _migrate(self):
        path = file_path(f"{ADDON}/migrations/19.0.1.4.0/post-customers.py")
        spec = spec_from_file_location("post_customers", path)
        script = module_from_spec(spec)
        spec.loader.exec_module(script)
        self.env.flush_all()
        script.migrate(self.env.cr, "19.0.1.3.0")
        self.env.invalidate_all()
