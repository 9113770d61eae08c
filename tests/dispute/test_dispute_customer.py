from odoo.tests import tagged

from ..disputes import DisputeCommon


@tagged("post_install", "-at_install")
class TestDisputeCustomer(DisputeCommon):
    """What the customer's screen says of its habit of disputing."""

    def _figures(self):
        self.customer.invalidate_recordset()
        partner = self.customer.with_user(self.collector)
        return (
            partner.dunning_dispute_count,
            partner.dunning_dispute_total,
            partner.dunning_dispute_rejected_share,
        )

    def test_a_customer_without_disputes_has_no_figures(self):
        self.assertEqual(self._figures(), (0, 0, 0))
        self.assertFalse(self.customer.dunning_dispute_reason_id)

    def test_the_share_is_that_of_what_was_decided(self):
        disputes = [
            self._dispute(self._create_invoice(due=-20, amount=100)) for _ in range(4)
        ]
        disputes[0].action_reject()
        disputes[1].action_reject()
        disputes[2].action_correct()
        self.assertEqual(self._figures(), (1, 4, 67))

    def test_a_cancelled_dispute_is_no_pretext(self):
        self._dispute(self._create_invoice(due=-20, amount=100)).action_cancel()
        self.assertEqual(self._figures(), (0, 1, 0))

    def test_what_was_closed_long_ago_is_forgotten(self):
        old = self._dispute(self._create_invoice(due=-20, amount=100))
        old.action_reject()
        self._dispute(self._create_invoice(due=-20, amount=100))
        self._go_to("2027-03-02")
        self.assertEqual(self._figures(), (1, 2, 100))
        self._go_to("2027-03-03")
        self.assertEqual(self._figures(), (1, 1, 0))

    def test_the_reason_that_comes_back_shows(self):
        other = self.reason.copy({"name": "Late"})
        for reason in (self.reason, other, other):
            self._dispute(
                self._create_invoice(due=-20, amount=100), reason_id=reason.id
            )
        partner = self.customer.with_user(self.collector)
        self.assertEqual(partner.dunning_dispute_reason_id, other)

    def test_amounts_of_open_disputes_add_up_in_company_currency(self):
        dollar = self.setup_other_currency("USD", rates=[("2020-01-01", 2.0)])
        self._dispute(self._create_invoice(due=-20), 30)
        self._dispute(self._create_invoice(due=-20, currency=dollar), 40)
        self._dispute(self._create_invoice(due=-20), 50).action_reject()
        partner = self.customer.with_user(self.collector)
        self.assertEqual(partner.dunning_dispute_amount, 50)

    def test_another_company_sees_nothing_of_it(self):
        self._dispute(self._create_invoice(due=-20, amount=100))
        company = self._create_second_company()
        partner = self.customer.with_company(company)
        self.assertEqual(partner.dunning_dispute_total, 0)
