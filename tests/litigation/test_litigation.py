from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import format_amount

from ..litigations import LitigationCommon


@tagged("post_install", "-at_install")
class TestLitigation(LitigationCommon):
    """What is handed over, to whom, how it ends, and what people may change of it."""

    # ------------------------------------------------------------------
    # HANDING OVER
    # ------------------------------------------------------------------

    def test_what_is_handed_over_is_not_dunned(self):
        invoice, other = (self._create_invoice(due=-10) for _i in range(2))
        litigation = self._hand_over(invoice)
        self.assertEqual(litigation.partner_id, self.customer)
        self.assertEqual(litigation.amount, 100)
        self.assertEqual((litigation.amount_left, litigation.recovered), (100, 0))
        hold = litigation.hold_ids
        self.assertEqual((hold.origin, hold.amount), ("litigation", 100))
        self.assertPlanned(invoice, "out", reason="held")
        self.assertPlanned(other, "step")

    def test_open_actions_about_it_are_cancelled(self):
        invoice = self._create_invoice(due=-10)
        action = self._run().action_ids
        self._hand_over(invoice)
        self.assertEqual(action.state, "cancelled")

    def test_a_part_payment_before_lowers_what_is_handed_over(self):
        invoice = self._create_invoice(due=-10)
        self._pay(invoice, 30)
        litigation = self._hand_over(invoice)
        self.assertEqual((litigation.amount, litigation.recovered), (70, 0))

    def test_its_holds_are_changed_by_nobody(self):
        litigation = self._hand_over(self._create_invoice(due=-10))
        hold = litigation.hold_ids.with_user(self.collector)
        with self.assertRaisesRegex(UserError, "belongs to"):
            hold.action_release()
        self.assertEqual(hold.action_open_source()["res_id"], litigation.id)

    def test_items_in_foreign_currency_count_in_it_and_in_company_currency(self):
        dollar = self.setup_other_currency("USD", rates=[("2020-01-01", 2.0)])
        litigation = self._hand_over(self._create_invoice(due=-10, currency=dollar))
        self.assertEqual(litigation.currency_id, dollar)
        self.assertEqual((litigation.amount, litigation.left_company), (100, 50))

    def test_more_items_can_be_handed_over_and_some_taken_out(self):
        invoice, other = (self._create_invoice(due=-10) for _i in range(2))
        litigation = self._hand_over(invoice)
        items = self._items(invoice), self._items(other)
        litigation.move_line_ids = [Command.link(items[1].id)]
        self.assertEqual((litigation.amount, litigation.amount_left), (200, 200))
        litigation.move_line_ids = [Command.unlink(items[0].id)]
        self.assertEqual((litigation.amount, litigation.amount_left), (100, 100))
        self.assertPlanned(invoice, "step")
        self.assertPlanned(other, "out", reason="held")

    def test_what_was_promised_or_disputed_is_handed_over_too(self):
        invoice = self._create_invoice(due=-10)
        dispute = self.env["dunning.dispute"].create(
            {
                "move_line_ids": [Command.set(self._items(invoice).ids)],
                "reason_id": self.env.ref("account_dunning.reason_price").id,
                "amount": 40,
            }
        )
        litigation = self._hand_over(invoice)
        self.assertEqual((litigation.amount, litigation.amount_held), (100, 60))
        self.assertEqual(dispute.amount_held, 40)
        dispute.action_reject()
        self.assertEqual(litigation.amount_held, 100)

    def test_what_the_agent_agrees_upon_can_be_promised(self):
        invoice = self._create_invoice(due=-10)
        litigation = self._hand_over(invoice)
        promise = self.env["dunning.promise"].create(
            {
                "partner_id": self.customer.id,
                "move_line_ids": [Command.set(self._items(invoice).ids)],
                "line_ids": [Command.create({"date": self._day(5), "amount": 60})],
            }
        )
        self.assertEqual(promise.amount_held, 60)
        self.assertEqual(self._get_withheld(invoice), 100)
        self._run(30)
        self.assertEqual(promise.state, "broken")
        self.assertEqual(litigation.amount_held, 100)
        self.assertPlanned(invoice, "out", day=60, reason="held")

    # ------------------------------------------------------------------
    # REFUSED
    # ------------------------------------------------------------------

    def assertRefused(self, words, *args, **values):
        with self.assertRaisesRegex(ValidationError, words), self.env.cr.savepoint():
            self._hand_over(*args, **values)

    def test_something_open_is_handed_over(self):
        self.assertRefused("Choose the invoices", self.env["account.move.line"])
        paid = self._create_invoice()
        self._pay(paid)
        self.assertRefused("Nothing is to be paid", paid)

    def test_not_all_of_it_is_taken_out(self):
        litigation = self._hand_over(self._create_invoice(due=-10))
        with self.assertRaisesRegex(ValidationError, "^Choose the invoices to hand"):
            litigation.move_line_ids = [Command.clear()]

    def test_nothing_is_handed_over_on_a_day_to_come(self):
        self.assertRefused("day to come", self._create_invoice(), date=self._day(1))

    def test_nothing_is_handed_over_twice(self):
        invoice = self._create_invoice(due=-10)
        self._hand_over(invoice)
        self.assertRefused(f"{invoice.name}.*handed over already", invoice)

    def test_items_are_of_one_customer_and_currency(self):
        dollar = self.setup_other_currency("USD", rates=[("2020-01-01", 2.0)])
        mine = self._create_invoice()
        for other in (
            self._create_invoice(self._create_customer("Other")),
            self._create_invoice(currency=dollar),
        ):
            self.assertRefused("one customer", mine | other)

    def test_figures_are_the_ledgers(self):
        litigation = self._hand_over(self._create_invoice(due=-10))
        for values in ({"recovered": 50}, {"amount": 1}, {"costs": 5}):
            with self.assertRaises(UserError):
                litigation.write(values)

    def test_an_auditor_hands_nothing_over(self):
        auditor = self._create_user("auditor", "group_dunning_readonly")
        with self.assertRaises(AccessError):
            self._hand_over(self._create_invoice(), user=auditor)

    # ------------------------------------------------------------------
    # STAGES AND ENDS
    # ------------------------------------------------------------------

    def test_it_goes_from_amicable_to_court_and_back(self):
        litigation = self._hand_over(self._create_invoice(due=-10))
        for stage in ("amicable", "court", "amicable"):
            litigation.state = stage
        self.env.flush_all()
        with self.assertRaisesRegex(UserError, "by its button"):
            litigation.state = "recovered"

    def test_what_is_taken_back_is_dunned_again(self):
        invoice = self._create_invoice(due=-10)
        litigation = self._hand_over(invoice)
        litigation.action_close("cancelled", "Too expensive")
        self.assertEqual(litigation.decision, "Too expensive")
        self.assertPlanned(invoice, "step")
        with self.assertRaisesRegex(UserError, "closed"):
            litigation.reference = "X"
        with self.assertRaisesRegex(UserError, "closed already"):
            litigation.action_close("irrecoverable")
        litigation.action_reopen()
        self.assertEqual((litigation.state, litigation.date_closed), ("new", False))
        with self.assertRaisesRegex(UserError, "Only what somebody has closed"):
            litigation.action_reopen()
        self.assertPlanned(invoice, "out", reason="held")

    def test_why_it_had_ended_stays_in_the_history(self):
        litigation = self._hand_over(self._create_invoice(due=-10))
        litigation.action_close("irrecoverable", "No assets")
        litigation.action_reopen()
        told = litigation.message_ids.mapped("body")
        self.assertTrue([body for body in told if "No assets" in body])

    def test_what_is_irrecoverable_is_not_dunned(self):
        invoice = self._create_invoice(due=-10)
        litigation = self._hand_over(invoice)
        with self.assertRaisesRegex(UserError, "still open"):
            litigation.action_close("recovered")
        with self.assertRaisesRegex(UserError, "Nothing was recovered"):
            litigation.action_close("partial")
        litigation.action_close("irrecoverable")
        self.assertEqual(litigation.closed_user_id, self.collector)
        self.assertPlanned(invoice, "out", day=90, reason="held")

    def test_what_was_recovered_in_part_is_closed_so(self):
        invoice = self._create_invoice(due=-10)
        litigation = self._hand_over(invoice)
        self._pay(invoice, 40)
        with self.assertRaisesRegex(UserError, "partly recovered"):
            litigation.action_close("irrecoverable")
        litigation.action_close("partial")
        self.assertEqual((litigation.recovered, litigation.amount_left), (40, 60))
        self.assertPlanned(invoice, "out", day=90, reason="held")

    def test_what_is_handed_over_anew_meanwhile_is_not_reopened(self):
        invoice = self._create_invoice(due=-10)
        litigation = self._hand_over(invoice)
        litigation.action_close("cancelled")
        self._hand_over(invoice, agent_id=self.agency.id, kind="agency")
        with self.assertRaisesRegex(ValidationError, "handed over already"):
            litigation.action_reopen()

    def test_a_litigation_cannot_be_deleted(self):
        with self.assertRaisesRegex(UserError, "cannot be deleted"):
            self._hand_over(self._create_invoice()).sudo().unlink()

    # ------------------------------------------------------------------
    # ACTS AND COSTS
    # ------------------------------------------------------------------

    def test_acts_add_up_to_what_it_costs(self):
        litigation = self._hand_over(self._create_invoice(due=-10))
        self._record(litigation, "order_requested", cost=35.5)
        act = self._record(litigation, "cost", cost=14.5)
        self.assertEqual((litigation.costs, litigation.costs_company), (50, 50))
        act.action_cancel()
        self.assertEqual(litigation.costs, 35.5)

    def test_a_file_that_was_sent_is_not_to_be_handed_over_any_more(self):
        invoice = self._create_invoice(due=-10)
        litigation = self._hand_over(invoice)
        self._record(litigation, "news")
        self.assertEqual(litigation.state, "new")
        self._record(litigation, "sent")
        self.assertEqual(litigation.state, "amicable")
        litigation.state = "court"
        self._record(litigation, "sent")
        self.assertEqual(litigation.state, "court")
        insolvency = self._declare_insolvent()
        self._record(insolvency, "sent")
        self.assertEqual(insolvency.state, "new")

    def test_an_act_is_cancelled_once(self):
        litigation = self._hand_over(self._create_invoice(due=-10))
        first, second = (self._record(litigation, "cost", cost=1) for _ in range(2))
        first.action_cancel()
        (first | second).action_cancel()
        told = [m for m in litigation.message_ids.mapped("body") if "Cancelled" in m]
        self.assertEqual(len(told), 2)

    def test_an_act_is_recorded_with_its_paper_as_the_form_uploads_it(self):
        litigation = self._hand_over(self._create_invoice(due=-10))
        files = self.env["ir.attachment"].with_user(self.collector)
        # Of a record that does not exist yet.
        paper = files.create(
            {
                "name": "order.pdf",
                "raw": b"%PDF-1.4 order",
                "res_model": "dunning.litigation.act",
                "res_id": 0,
            }
        )
        act = self._record(
            litigation, "order_issued", attachment_ids=[Command.link(paper.id)]
        )
        self.assertEqual(act.attachment_ids.res_id, act.id)
        with self.assertRaises(UserError):
            act.attachment_ids.name = "other.pdf"

    def test_an_act_stays_as_it_was_recorded(self):
        litigation = self._hand_over(self._create_invoice(due=-10))
        document = self.env["ir.attachment"].with_user(self.collector)
        document = document.create({"name": "Order", "raw": b"pdf"})
        act = self._record(
            litigation, "order_issued", attachment_ids=[Command.set(document.ids)]
        )
        self.assertEqual(act.attachment_ids.res_id, act.id)
        with self.assertRaisesRegex(UserError, "set by the system"):
            act.note = "Changed"
        for change in (act.sudo().unlink, act.attachment_ids.sudo().unlink):
            with self.assertRaises(UserError):
                change()

    def test_a_file_of_somebody_else_is_copied_and_stays_theirs(self):
        picture = self.env["ir.attachment"].create(
            {"name": "Picture of the website", "raw": b"picture", "public": True}
        )
        litigation = self._hand_over(self._create_invoice(due=-10))
        act = self._record(
            litigation, "order_issued", attachment_ids=[Command.set(picture.ids)]
        )
        self.assertFalse(picture.res_id)
        own = act.attachment_ids
        self.assertEqual((own.res_id, own.raw, own.public), (act.id, b"picture", False))
        picture.unlink()

    def test_a_copy_is_that_of_the_content_though_a_context_asks_for_sizes(self):
        order = self.env["ir.attachment"].create(
            {"name": "Order", "raw": b"order", "public": True}
        )
        litigation = self._hand_over(self._create_invoice(due=-10))
        acts = self.env["dunning.litigation.act"].with_user(self.collector)
        self.env.flush_all()
        self.env.invalidate_all()
        act = acts.with_context(bin_size=True).create(
            {
                "litigation_id": litigation.id,
                "kind": "order_issued",
                "date": self._day(0),
                "attachment_ids": [
                    Command.set(order.sudo().copy({"public": True}).ids)
                ],
            }
        )
        own = act.sudo().attachment_ids
        self.assertEqual(own._dunning_get_raw(), b"order")
        self.assertEqual(own._dunning_get_sha256(), order._dunning_get_sha256())

    def test_what_is_kept_in_the_database_is_recognized_by_its_content_too(self):
        files = self.env["ir.attachment"]
        kept = files.create({"name": "Order", "raw": b"order"})
        self.env["ir.config_parameter"].set_param("ir_attachment.location", "db")
        stored, empty = files.create(
            [{"name": "Order", "raw": b"order"}, {"name": "Empty"}]
        )
        self.assertTrue(stored.db_datas)
        self.assertEqual(stored._dunning_get_sha256(), kept._dunning_get_sha256())
        self.assertIs(empty._dunning_get_sha256(), False)

    def test_an_act_is_not_recorded_before_it_is_done_nor_with_a_negative_cost(self):
        litigation = self._hand_over(self._create_invoice(due=-10))
        with self.assertRaisesRegex(ValidationError, "or later"):
            self._record(litigation, "order_served", 1)
        with self.assertRaisesRegex(ValidationError, "less than zero"):
            self._record(litigation, "cost", cost=-1)

    # ------------------------------------------------------------------
    # CUSTOMER AND INVOICE
    # ------------------------------------------------------------------

    def test_the_customer_tells_what_was_handed_over_to_whom(self):
        self._hand_over(self._create_invoice(due=-10))
        self._hand_over(self._create_invoice(due=-20, amount=50), kind="agency")
        self._hand_over(self._create_invoice(due=-30, amount=7), kind="agency")
        told = self.customer.with_user(self.collector).dunning_litigation_text
        self.assertRegex(
            told, r"^Lawyer: \D*100\.00\D*, Collection Agency: \D*57\.00\D*$"
        )

    def test_the_customer_tells_what_was_handed_over_in_its_currency(self):
        dollar = self.setup_other_currency("USD", rates=[("2020-01-01", 2.0)])
        self._hand_over(self._create_invoice(due=-10, currency=dollar))
        self._hand_over(self._create_invoice(due=-10, amount=70))
        told = self.customer.with_user(self.collector).dunning_litigation_text
        self.assertIn(format_amount(self.env, 100, dollar), told)
        self.assertIn(format_amount(self.env, 70, self.company.currency_id), told)
        self.assertNotIn("50", told)

    def test_customer_and_invoice_tell_of_it(self):
        invoice = self._create_invoice(due=-10)
        litigation = self._hand_over(invoice)
        customer = self.customer.with_user(self.collector)
        self.assertEqual(customer.dunning_litigation_kind, "lawyer")
        self.assertEqual(customer.dunning_litigation_amount, 100)
        self.assertEqual(invoice.dunning_litigation_count, 1)
        partners = self.env["res.partner"].with_user(self.collector)
        found = partners.search([("dunning_litigation_kind", "!=", False)])
        self.assertEqual(found, customer)
        found = partners.search([("dunning_litigation_kind", "=", False)])
        self.assertNotIn(customer, found)
        self._declare_insolvent()
        self.assertEqual(customer.dunning_litigation_kind, "insolvency")
        self.assertEqual(customer.dunning_litigation_count, 2)
        self.assertEqual(litigation.state, "cancelled")

    def test_the_timeline_tells_of_litigation_and_acts(self):
        litigation = self._hand_over(self._create_invoice(due=-10), note="Urgent")
        self._record(litigation, "summons", note="Tribunal of Paris")
        litigation.action_close("irrecoverable", "Bankrupt")
        page = self.customer.with_user(self.collector).dunning_get_timeline(
            "litigation"
        )
        told = [(entry["channel"], entry["text"]) for entry in page["entries"]]
        self.assertEqual(
            sorted(told),
            [
                ("Lawyer", "Urgent"),
                ("Litigation closed", "Bankrupt"),
                ("Summons", "Tribunal of Paris"),
            ],
        )
        [act] = [x for x in page["entries"] if x["channel"] == "Summons"]
        self.assertFalse(act["amount"], "It has cost nothing")
