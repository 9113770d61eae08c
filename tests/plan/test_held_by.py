from hypothesis import given

from odoo.tests import tagged
from odoo.tools import float_compare

from ...models.customer.res_partner_balance import LEFT_OUT_REASONS
from ..disputes import DisputeCommon
from ..plan_strategies import examples, ledgers
from ..promise.test_promise import PromiseCommon
from .test_plan_model import PlanModelCommon


@tagged("post_install", "-at_install")
class TestHeldBy(PromiseCommon, DisputeCommon):
    """What keeps an item or an invoice out is told where people look at it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.invoice = cls.old

    def assertHeld(self, amount, text, invoice=None):
        """Check what the item and the invoice show."""
        invoice = (invoice or self.invoice).with_user(self.collector)
        self.env.invalidate_all()
        item = self.env["dunning.item"].with_user(self.collector)
        self.assertRecordValues(
            item.search([("move_id", "=", invoice.id)]),
            [{"amount_withheld": amount, "held_by": text}],
        )
        self.assertRecordValues(
            invoice, [{"dunning_withheld": amount, "dunning_held_by": text}]
        )

    def test_what_is_not_held_says_nothing(self):
        self.assertHeld(0, "")

    def test_a_promise_says_until_when(self):
        promise = self._promise((5, 60), items=self.invoice)
        self.assertHeld(60, "Promise to Pay until 03/10/2026: 60.00 €")
        for record in (self.invoice, self._find_item()):
            action = self._open(record)
            self.assertEqual(action["res_model"], "dunning.promise")
            self.assertEqual(action["res_id"], promise.id)

    def test_a_dispute_says_why(self):
        dispute = self._dispute(self.invoice, 30)
        self.assertHeld(30, "Dispute (Wrong Price): 30.00 €")
        self.assertEqual(self._open(self.invoice)["res_id"], dispute.id)

    def test_a_hold_by_hand_says_until_when(self):
        hold = self._create_hold(self.invoice, date_end=3)
        self.assertHeld(100, "Hold until 03/05/2026: 100.00 €")
        self.assertEqual(self._open(self.invoice)["res_model"], "dunning.hold")
        self.assertEqual(self._open(self.invoice)["res_id"], hold.id)

    def test_a_hold_on_the_customer_holds_each_item(self):
        self._create_hold()
        self.assertHeld(100, "Hold: 100.00 €")

    def test_a_hold_on_a_customer_holds_no_item_of_another(self):
        theirs = self._create_invoice(self._create_customer("Other"), due=-5)
        self._create_hold()
        items = (self._items(self.invoice) | self._items(theirs)).sudo()
        shares = self.env["dunning.hold"].sudo()._get_shares(items)
        self.assertEqual(
            {item: sum(amount for _hold, amount in shares[item.id]) for item in items},
            {self._items(self.invoice): 100, self._items(theirs): 0},
        )

    def test_an_amount_held_of_several_is_of_the_oldest_as_far_as_it_goes(self):
        self._create_hold(self.old + self.new, amount=60)
        self.assertHeld(60, "Hold: 60.00 €")
        self.assertHeld(0, "", self.new)

    def test_an_amount_held_of_the_customer_is_of_no_item(self):
        self._create_hold(amount=50)
        self.assertHeld(0, "")

    def test_a_payment_in_process_says_so(self):
        self._pay_without_entry(self.invoice, 40)
        self.assertHeld(40, "Payment in process: 40.00 €")

    def test_several_say_no_more_than_there_is(self):
        self._create_hold(self.invoice, amount=70)
        self._promise((5, 60), items=self.invoice)
        self._dispute(self.invoice, 30)
        self.assertHeld(
            100,
            "Dispute (Wrong Price): 30.00 €; "
            "Promise to Pay until 03/10/2026: 60.00 €; "
            "Hold: 10.00 €",
        )
        action = self._open(self.invoice)
        self.assertEqual(action["res_model"], "dunning.hold")
        self.assertEqual(len(action["domain"][0][2]), 3)

    def test_a_hold_for_which_nothing_is_left_is_not_named(self):
        self._dispute(self.invoice, 100)
        self._create_hold(self.invoice)
        self.assertHeld(100, "Dispute (Wrong Price): 100.00 €")

    def test_an_invoice_of_two_instalments_adds_up_what_keeps_them_out(self):
        terms = self._create_terms((50, 0), (50, 5))
        invoice = self._create_invoice(date=-10, terms=terms)
        self._dispute(invoice, 80)
        self.env.invalidate_all()
        self.assertEqual(invoice.dunning_held_by, "Dispute (Wrong Price): 80.00 €")
        self.assertEqual(invoice.dunning_withheld, 80)

    def test_drafts_and_paid_invoices_are_not_held(self):
        self._create_hold()
        draft = self._create_invoice(post=False)
        paid = self._create_invoice()
        self._pay(paid)
        self.assertEqual((draft | paid).mapped("dunning_withheld"), [0, 0])

    def test_an_invoice_leads_to_its_promises_and_disputes(self):
        invoice = self.invoice.with_user(self.collector)
        self.assertEqual(invoice.dunning_promise_count, 0)
        promise = self._promise((5, 60), items=self.invoice)
        promise.action_withdraw("Taken back")
        dispute = self._dispute(self.invoice, 30)
        self._dispute(self.new, 30)
        self.env.invalidate_all()
        self.assertRecordValues(
            invoice, [{"dunning_promise_count": 1, "dunning_dispute_count": 1}]
        )
        for action, record in (
            (invoice.action_dunning_open_promises(), promise),
            (invoice.action_dunning_open_disputes(), dispute),
        ):
            self.assertEqual(action["res_model"], record._name)
            self.assertEqual(action["res_id"], record.id)

    def test_instalments_are_told_apart_where_items_are_chosen(self):
        terms = self._create_terms((50, 0), (50, 5))
        invoice = self._create_invoice(date=-10, terms=terms)
        items = self._items(invoice).sorted("date_maturity")
        self.assertEqual(
            items.with_context(dunning_items=True).mapped("display_name"),
            [
                f"{invoice.name} (1/2) (02/20/2026)",
                f"{invoice.name} (2/2) (02/25/2026)",
            ],
        )

    def test_a_list_is_told_by_one_query_for_the_holds(self):
        self._create_hold(self.invoice)
        self._dispute(self.new, 30)
        invoices = self.old | self.new

        def count(moves):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            moves.mapped("dunning_held_by")
            return self.env.cr.sql_log_count - before

        count(invoices)
        self.assertEqual(count(self.new), count(invoices))

    def test_accountants_without_rights_on_dunning_see_why(self):
        hold = self._create_hold(self.invoice)
        self.env.invalidate_all()
        invoice = self.invoice.with_user(self.simple_accountman)
        self.assertEqual(invoice.dunning_held_by, "Hold: 100.00 €")
        self.assertEqual(invoice.action_dunning_open_holds()["res_id"], hold.id)

    def _find_item(self):
        return self.env["dunning.item"].search([("move_id", "=", self.invoice.id)])

    def _open(self, record):
        if record._name == "account.move":
            return record.with_user(self.collector).action_dunning_open_holds()
        return record.with_user(self.collector).action_open_holds()


@tagged("post_install", "-at_install")
class TestHeldByModel(PlanModelCommon):
    """On any ledger, what keeps items out adds up to what the plan withholds."""

    @examples(60)
    @given(ledgers())
    def test_shares_add_up_to_what_is_withheld(self, ledger):
        self._go_to(self.today)
        with self._written(ledger) as writer:
            self._go_to(ledger.date)
            lines = self.env["account.move.line"].browse(writer.lines.values())
            holds_sudo = self.env["dunning.hold"].sudo()
            shares = holds_sudo._get_shares(lines.sudo())
            scope = self.company._dunning_scope()
            rows = self.env.execute_query_dict(
                self.env["dunning.plan"]._get_query(scope)
            )
        for row in rows:
            if row["reason"] in LEFT_OUT_REASONS:
                continue
            held = row["reason"] == "held"
            told = sum(amount for _hold, amount in shares.get(row["id"], []))
            planned = row["residual"] if held else row["withheld"]
            self.assertEqual(float_compare(told, planned, 2), 0, row)
