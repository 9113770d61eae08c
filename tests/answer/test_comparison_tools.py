from decimal import Decimal
from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ...tools import ledger_index
from ...tools.ledger_cells import number_parts
from ...tools.ledger_columns import Line
from ...tools.ledger_comparison import Item, compare
from ...tools.ledger_index import Index


def make_item(key, number, amount=100, residual=None, **values):
    residual = amount if residual is None else residual
    document = values.pop("document", key)
    numbers = (number,) if isinstance(number, str) else number
    return Item(
        key, document, numbers, Decimal(str(amount)), Decimal(str(residual)), **values
    )


def make_line(number, amount=100, place=2, **values):
    texts = (number,) if isinstance(number, str) else number
    return Line(place, texts, Decimal(str(amount)), **values)


@tagged("post_install", "-at_install")
class TestComparison(BaseCase):
    """A customer's ledger beside ours: number and amount agree, or it is doubtful."""

    def _compare(self, lines, items):
        """Return of each result its status, reason and the keys of its items."""
        return [
            (result.status, result.reason, tuple(item.key for item in result.items))
            for result in compare(lines, items)
        ]

    def _judge(self, lines, items):
        [result] = self._compare(lines, items)
        return result[:2]

    # ------------------------------------------------------------------
    # NUMBERS
    # ------------------------------------------------------------------

    def test_a_number_agrees_however_its_parts_are_separated(self):
        for number in (
            "INV/2026/00042",
            "inv-2026-00042",
            "INV 2026 00042",
            "INV202600042",
            "Facture INV/2026/00042 du 3 mai",
        ):
            with self.subTest(number):
                found = self._judge(
                    [make_line(number)], [make_item(1, "INV/2026/00042")]
                )
                self.assertEqual(found, ("agreed", ""))

    def test_a_number_is_not_taken_for_one_that_it_begins_with(self):
        found = self._compare(
            [make_line("INV/2026/00042")], [make_item(1, "INV/2026/0004")]
        )
        self.assertNotIn("agreed", [status for status, *_rest in found])

    def test_what_parts_the_digits_counts(self):
        found = self._compare([make_line("2026/11/2")], [make_item(1, "2026/1/12")])
        self.assertNotIn("agreed", [status for status, *_rest in found])

    def test_a_number_without_its_zeros_is_doubtful(self):
        found = self._judge([make_line("42")], [make_item(1, "INV/2026/00042")])
        self.assertEqual(found, ("doubtful", "similar"))

    def test_a_number_that_only_looks_alike_with_another_amount_is_unknown(self):
        found = self._compare([make_line("42", 99)], [make_item(1, "INV/2026/00042")])
        self.assertEqual(
            found, [("unknown_to_us", "", ()), ("unknown_to_customer", "", (1,))]
        )

    def test_a_number_that_is_much_alike_is_doubtful_with_another_amount(self):
        for number in ("2026/00042", "FAC-2026-42", "00042", "inv 2026 042"):
            with self.subTest(number):
                found = self._judge(
                    [make_line(number, 99)], [make_item(1, "INV/2026/00042")]
                )
                self.assertEqual(found, ("doubtful", "alike"))

    def test_a_credit_or_nothing_is_alike_to_no_invoice(self):
        index = Index([make_item(1, "INV/2026/00042")])
        for amount, found in ((99, {1}), (0, set()), (-99, set())):
            with self.subTest(amount=amount):
                line = make_line("FAC-2026-42", amount)
                self.assertEqual(index.find_alike(line), found)

    def test_the_same_amount_says_more_than_a_number_that_is_much_alike(self):
        items = [make_item(1, "INV/2026/00042"), make_item(2, "INV/2026/00077", 99)]
        found = self._compare([make_line("FAC/2026/42", 99)], items)
        self.assertEqual(found[0], ("doubtful", "amount", (2,)))

    def test_a_number_of_several_documents_is_told_by_the_amount(self):
        items = [make_item(1, "42", 100), make_item(2, "42", 70)]
        self.assertEqual(
            self._compare([make_line("42", 70)], items),
            [("agreed", "", (2,)), ("unknown_to_customer", "", (1,))],
        )
        found = self._compare([make_line("42", 30)], items)
        self.assertEqual(found, [("doubtful", "several", (1, 2))])

    def test_the_number_is_looked_for_in_the_text_where_its_column_has_another(self):
        line = make_line(("A-17", "your invoice INV/2026/00042"))
        self.assertEqual(
            self._judge([line], [make_item(1, "INV/2026/00042")]), ("agreed", "")
        )

    # ------------------------------------------------------------------
    # AMOUNTS
    # ------------------------------------------------------------------

    def test_an_amount_without_number_is_doubtful_if_it_is_the_only_one(self):
        line = make_line("PAYABLE 7", 123)
        items = [make_item(1, "INV/1", 123)]
        self.assertEqual(self._judge([line], items), ("doubtful", "amount"))
        items.append(make_item(2, "INV/2", 123))
        found = self._compare([line], items)
        self.assertEqual(found[0], ("unknown_to_us", "", ()))

    def test_another_amount_says_whether_it_is_the_one_before_a_payment(self):
        item = make_item(1, "INV/1", 100, residual=40)
        self.assertEqual(
            self._judge([make_line("INV/1", 100)], [item]), ("other_amount", "before")
        )
        self.assertEqual(
            self._judge([make_line("INV/1", 90)], [item]), ("other_amount", "")
        )
        self.assertEqual(self._judge([make_line("INV/1", 40)], [item]), ("agreed", ""))

    def test_an_invoice_that_is_booked_twice_is_another_amount(self):
        lines = [make_line("INV/1", place=2), make_line("INV/1", place=3)]
        self.assertEqual(
            self._judge(lines, [make_item(1, "INV/1")]), ("other_amount", "double")
        )

    def test_an_invoice_with_its_payment_is_paid_by_the_customer(self):
        lines = [make_line("INV/1", 100), make_line("Payment of INV/1", -100, place=3)]
        lines[1] = lines[1]._replace(texts=("INV/1",))
        self.assertEqual(self._judge(lines, [make_item(1, "INV/1")]), ("paid", ""))

    def test_a_line_that_is_marked_as_paid_is_paid_by_the_customer(self):
        line = make_line("INV/1", settled=True)
        self.assertEqual(self._judge([line], [make_item(1, "INV/1")]), ("paid", ""))

    def test_what_is_paid_with_us_is_said(self):
        item = make_item(1, "INV/1", 100, residual=0)
        self.assertEqual(self._judge([make_line("INV/1")], [item]), ("settled", ""))
        self.assertEqual(
            self._judge([make_line("INV/1", settled=True)], [item]), ("settled", "")
        )

    def test_the_instalment_that_is_paid_with_us_is_said(self):
        items = [
            make_item(1, "INV/1", 30, residual=0, document="a"),
            make_item(2, "INV/1", 70, document="a"),
        ]
        self.assertEqual(
            self._compare([make_line("INV/1", 30)], items),
            [("settled", "", (1,)), ("unknown_to_customer", "", (2,))],
        )

    # ------------------------------------------------------------------
    # PAYMENTS
    # ------------------------------------------------------------------

    def test_a_payment_that_has_arrived_is_told_as_such(self):
        payment = make_item(2, (), -60, residual=0, is_payment=True)
        lines = [make_line("INV/1"), make_line("VIR 12", -60, place=3)]
        self.assertEqual(
            self._compare(lines, [make_item(1, "INV/1"), payment]),
            [("agreed", "", (1,)), ("payment", "received", (2,))],
        )

    def test_each_payment_of_the_same_amount_arrives_once(self):
        payment = make_item(2, (), -60, residual=0, is_payment=True)
        lines = [make_line("VIR", -60, place=place) for place in (2, 3)]
        self.assertEqual(
            self._compare(lines, [payment]),
            [("payment", "received", (2,)), ("payment", "missing", ())],
        )

    def test_a_payment_that_has_not_arrived_is_no_unknown_invoice(self):
        found = self._judge([make_line("VIR 12", -60)], [])
        self.assertEqual(found, ("payment", "missing"))
        found = self._judge([make_line("VIR 12", 0)], [])
        self.assertEqual(found, ("unknown_to_us", ""))

    def test_a_payment_that_bears_the_number_of_an_invoice_pays_it(self):
        others = [make_item(n, f"INV/{n}", n) for n in (7, 8)]
        known = [make_line(f"INV/{n}", n, place=n) for n in (7, 8)]
        for amount, left, expected in (
            (-100, 100, ("paid", "")),
            (-100, 0, ("settled", "")),
            (-30, 100, ("doubtful", "payment")),
        ):
            with self.subTest(amount=amount, left=left):
                item = make_item(1, "INV/1", 100, residual=left)
                lines = [make_line("INV/1", amount), *known]
                found = self._compare(lines, [item, *others])
                self.assertEqual(found[0][:2], expected)

    def test_another_currency_is_doubtful(self):
        line = make_line("INV/1", currency="USD")
        item = make_item(1, "INV/1", currency="EUR")
        self.assertEqual(self._judge([line], [item]), ("doubtful", "currency"))

    def test_a_file_with_negative_invoices_is_read_with_the_opposite_sign(self):
        items = [make_item(1, "INV/1", 100), make_item(2, "CN/1", -30)]
        lines = [make_line("INV/1", -100), make_line("CN/1", 30, place=3)]
        found = [status for status, *_rest in self._compare(lines, items)]
        self.assertEqual(found, ["agreed", "agreed"])

    def test_instalments_are_told_one_by_one_or_together(self):
        items = [
            make_item(n, "INV/1", 100, document="a", residual=100) for n in (1, 2, 3)
        ]
        whole = self._compare([make_line("INV/1", 300)], items)
        self.assertEqual(whole, [("agreed", "", (1, 2, 3))])
        one = self._compare([make_line("INV/1", 100)], items)
        self.assertEqual(
            one,
            [
                ("agreed", "", (1,)),
                ("unknown_to_customer", "", (2,)),
                ("unknown_to_customer", "", (3,)),
            ],
        )

    # ------------------------------------------------------------------
    # FILES THAT ARE MADE TO TAKE LONG
    # ------------------------------------------------------------------

    def test_what_cannot_be_a_number_of_ours_is_looked_up_once(self):
        items = [make_item(key, f"INV/2026/{key:05d}") for key in range(50)]
        text = " ".join(f"{place}x" for place in range(20, 50))
        lines = [
            make_line((f"{place} {text}", text), 0.5, place) for place in range(300)
        ]
        with (
            patch.object(
                Index, "_find_number", autospec=True, side_effect=Index._find_number
            ) as looked_up,
            patch.object(
                ledger_index, "number_parts", side_effect=number_parts
            ) as read,
        ):
            results = compare(lines, items)
        self.assertEqual({result.status for result in results[:300]}, {"unknown_to_us"})
        # Each text, and each number of ours, once.
        self.assertLessEqual(looked_up.call_count, 301)
        self.assertLessEqual(read.call_count, 351)

    def test_words_that_many_documents_bear_are_no_number(self):
        many = ledger_index.MOST_SAME
        for count, status in ((many, "doubtful"), (many + 1, "unknown_to_us")):
            items = [make_item(key, "Balance 2025", key + 1) for key in range(count)]
            found = self._compare([make_line("balance 2025", 0.5)], items)
            self.assertEqual(found[0][0], status)

    def test_of_the_numbers_of_a_line_the_most_telling_ones_count(self):
        many = ledger_index.MOST_SAME
        items = [
            make_item(f"{number}-{key}", number, key + 1)
            for number in ("3112025", "3112026", "3112027")
            for key in range(many)
        ] + [make_item("own", "INV/2026/99999", 999)]
        text = "contract 3112025 3112026 3112027"
        found = Index(items).find(make_line(text, 0.5))
        self.assertLessEqual(len(found), many)
        for line in (f"{text} INV/2026/99999", f"INV/2026/99999 {text}"):
            self.assertEqual(Index(items).find(make_line(line, 999)), ["own"])

    def test_a_day_or_year_that_many_numbers_end_with_is_like_none(self):
        many = ledger_index.MOST_SAME
        line = make_line("from 31122025", 1)
        for count in (many, many + 1):
            items = [
                make_item(key, f"Brought {key} 31122025", 1) for key in range(count)
            ]
            index = Index(items)
            for find in (index.find_alike, index.find_similar):
                self.assertEqual(len(find(line)), many if count == many else 0)

    # ------------------------------------------------------------------
    # WHATEVER IS COMPARED
    # ------------------------------------------------------------------

    NUMBERS = st.sampled_from(
        ["INV/26/1", "INV/26/01", "INV/26/11", "INV261", "26/1/1", "1", "11", "", "X"]
    )
    AMOUNTS = st.sampled_from([Decimal(n) for n in (-50, 0, 10, 50, 100, 150)])
    CURRENCIES = st.sampled_from(["", "EUR", "USD"])

    @given(
        st.lists(st.tuples(NUMBERS, AMOUNTS, CURRENCIES, st.booleans()), max_size=8),
        st.lists(
            st.tuples(NUMBERS, AMOUNTS, AMOUNTS, CURRENCIES, st.integers(0, 5)),
            max_size=8,
        ),
    )
    @settings(max_examples=400, deadline=None)
    def test_each_line_and_each_open_item_is_in_one_result(self, told, known):
        lines = [
            Line(place, (number,) if number else (), amount, currency, settled=settled)
            for place, (number, amount, currency, settled) in enumerate(told, 2)
        ]
        # The number of a document stands on each of its instalments.
        numbers = {document: number for number, *_rest, document in reversed(known)}
        items = [
            Item(key, document, (numbers[document],), amount, left, currency)
            for key, (_number, amount, left, currency, document) in enumerate(known)
        ]
        results = compare(lines, items)
        places = [line.place for result in results for line in result.lines]
        self.assertEqual(sorted(places), [line.place for line in lines])
        keys = [item.key for result in results for item in result.items]
        self.assertEqual(len(keys), len({*keys}))
        open_keys = {item.key for item in items if item.residual}
        self.assertLessEqual(open_keys, {*keys})
        for result in results:
            if result.status == "agreed":
                self._check_agreed(result)

    def _check_agreed(self, result):
        """Number and amount of what agrees are the same, in one currency."""
        written = {
            "".join(number_parts(number))
            for item in result.items
            for number in item.numbers
        }
        for line in result.lines:
            told = "".join(number_parts(line.texts[0]))
            self.assertTrue(any(number in told for number in written))
        open_lines = [line for line in result.lines if not line.settled]
        self.assertIn(
            abs(result.ours),
            {abs(result.theirs), abs(sum(line.amount for line in open_lines))},
        )

    @given(
        st.lists(
            st.tuples(st.integers(1, 10**6), st.integers(1, 10**6)),
            max_size=30,
            unique_by=lambda pair: pair[0],
        ),
        st.sampled_from(["{}", "inv-2026-{:07d}", "FAC INV/2026/{:07d}"]),
        st.booleans(),
    )
    @settings(max_examples=150, deadline=None)
    def test_a_true_copy_of_our_ledger_agrees_line_by_line(self, pairs, form, negative):
        if form == "{}":
            form = "INV/2026/{:07d}"
        sign = -1 if negative else 1
        items = [
            make_item(key, f"INV/2026/{number:07d}", Decimal(cents) / 100)
            for key, (number, cents) in enumerate(pairs)
        ]
        lines = [
            make_line(form.format(number), sign * Decimal(cents) / 100, place)
            for place, (number, cents) in enumerate(pairs, 2)
        ]
        found = self._compare(lines, items)
        self.assertEqual([status for status, *_ in found], ["agreed"] * len(pairs))
        self.assertEqual(
            [keys for *_, keys in found], [(k,) for k in range(len(pairs))]
        )
