from itertools import cycle, islice

from odoo.tests import tagged

from ..einvoice_effects import EinvoiceCommon

# Of each thing that dunning makes, by several reasons and effects.
KINDS = (
    ("205",),
    ("206", "QTE_ERR"),
    ("207", "PU_ERR"),
    ("207", "QUALITE_ERR"),
    ("208", "JUSTIF_ABS"),
    ("210", "DOUBLON"),
    ("211",),
    ("212",),
    ("213", "REJ_SEMAN"),
    ("221", "ROUTAGE_ERR"),
    ("225",),
    ("299",),
)


@tagged("post_install", "-at_install")
class TestEinvoiceBatch(EinvoiceCommon):
    """What follows from many statuses is made at once."""

    def _count_queries(self, kinds, number):
        """Return the queries that the statuses of some invoices cost, each of another
        customer."""
        invoices = [
            self._create_invoice(self._create_customer(f"Buyer {place}"), due=-40)
            for place in range(number)
        ]
        values = [
            self._prepare_said(*said, invoice=invoice, paid=0)
            for said, invoice in zip(
                islice(cycle(kinds), number), invoices, strict=True
            )
        ]
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        self._receive(*values)
        self.env.flush_all()
        return self.cr.sql_log_count - before

    def test_twice_as_many_statuses_cost_as_many_queries(self):
        self._count_queries(KINDS, len(KINDS))
        few = self._count_queries(KINDS, 2 * len(KINDS))
        many = self._count_queries(KINDS, 4 * len(KINDS))
        self.assertLess(many, 1.2 * few)

    def test_disputes_of_all_kinds_cost_as_much_as_those_of_one(self):
        one = [("207", "PU_ERR")]
        mixed = [("207", "PU_ERR"), ("206", "QTE_ERR"), ("210", "DOUBLON")]
        self._count_queries(mixed, 3)
        expected = self._count_queries(one, 12)
        self.assertLess(self._count_queries(mixed, 12), 1.2 * expected)

    def test_payments_of_many_buyers_cost_as_many_queries_as_of_twice_as_many(self):
        self._count_queries([("211",)], 5)
        few = self._count_queries([("211",)], 5)
        self.assertLess(self._count_queries([("211",)], 20), 1.2 * few)

    def test_payments_that_come_at_once_are_promised_each_with_its_own_limit(self):
        others = [
            self._create_invoice(self._create_customer(f"Payer {place}"), due=-40)
            for place in range(2)
        ]
        same = self._create_invoice(due=-20, amount=400)
        self._receive(
            self._prepare_said("211", day=-1, paid=0, amount=300),
            self._prepare_said("211", day=-1, paid=1, amount=5000),
            self._prepare_said("211", day=-1, paid=0, invoice=same),
            self._prepare_said("211", day=-1, paid=1, invoice=others[0]),
            self._prepare_said("211", day=-1, paid=-30, invoice=others[1]),
        )
        promises = self._get_promises()
        self.assertEqual(sorted(promises.mapped("amount")), [300, 700])
        for promise in promises | self._get_promises(same):
            [line] = promise.line_ids
            limit = self.company._dunning_get_last_day(line.date, 2)
            self.assertEqual((promise.tolerance_days, line.date_limit), (2, limit))
        self.assertEqual(self._get_promises(same).amount, 400)
        self.assertEqual(len(self._get_promises(others[0])), 1)
        self.assertFalse(self._get_promises(others[1]))
        for invoice in (self.invoice, same, others[0]):
            self.assertPlanned(self._items(invoice), "out", reason="held")
