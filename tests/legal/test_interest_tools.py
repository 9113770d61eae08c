import calendar
from datetime import date as Date
from datetime import timedelta
from fractions import Fraction
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.account_dunning.tools import interest
from odoo.addons.account_dunning.tools.errors import InterestError, MissingRate

from ..plan_strategies import examples

FIRST = Date(2023, 11, 1)

days = st.integers(0, 600).map(lambda count: FIRST + timedelta(days=count))
cents = st.integers(0, 50_000).map(lambda amount: amount / 100)
percents = st.integers(0, 2000).map(lambda rate: rate / 100)


@st.composite
def debts(draw):
    """Draw the arguments of a debt."""
    principal = draw(cents)
    left = round(principal * 100)
    payments = []
    for part in draw(st.lists(st.integers(0, 100), max_size=4)):
        paid = left * part // 100
        left -= paid
        payments.append((draw(days), paid / 100))
    starts = draw(st.lists(days, unique=True, max_size=4))
    rates = [(FIRST - timedelta(days=1), draw(percents))]
    rates += [(day, draw(percents)) for day in starts if day >= FIRST]
    pauses = []
    for start, length in draw(
        st.lists(st.tuples(days, st.integers(0, 90)), max_size=2)
    ):
        end = draw(st.sampled_from([None, start + timedelta(days=length)]))
        pauses.append((start, end, draw(st.none() | cents)))
    return {
        "principal": principal,
        "date_due": draw(days),
        "date_end": draw(days),
        "rates": rates,
        "payments": payments,
        "frozen": draw(st.booleans()),
        "basis": draw(st.sampled_from(interest.BASES)),
        "pauses": pauses,
    }


def count_by_day(debt):
    """Yield each day that bears interest: day, base in cents, rate, exact amount. It
    knows nothing of periods."""
    rates = dict(debt["rates"])
    day, frozen = debt["date_due"] + timedelta(days=1), None
    while day <= debt["date_end"]:
        rate = rates[max(start for start in rates if start <= day)]
        frozen = rate if frozen is None else frozen
        left = debt["principal"] * 100
        left -= sum(paid * 100 for date, paid in debt["payments"] if date < day)
        base = round(left)
        for start, end, amount in debt["pauses"]:
            if start <= day and (not end or day <= end):
                base -= round(left if amount is None else amount * 100)
        if base > 0:
            leap = calendar.isleap(day.year)
            year = debt["basis"] if debt["basis"] != "actual" else 366 if leap else 365
            percent = Fraction(round((frozen if debt["frozen"] else rate) * 100), 100)
            yield day, base, percent, Fraction(base, 100) * percent / 100 / year
        day += timedelta(days=1)


@tagged("post_install", "-at_install")
class TestInterestTools(BaseCase):
    """Interest, compared with what somebody finds who counts day by day."""

    @examples(100)
    @given(debts())
    def test_periods_are_what_counting_day_by_day_gives(self, debt):
        counted = {day: rest for day, *rest in count_by_day(debt)}
        periods = interest.accrue(**debt)
        covered = {}
        for period in periods:
            span = [
                period.date_from + timedelta(days=count) for count in range(period.days)
            ]
            self.assertEqual(span[-1], period.date_to)
            for day in span:
                self.assertNotIn(day, covered)
                covered[day] = period
            exact = sum(counted[day][2] for day in span)
            self.assertLessEqual(
                abs(exact - Fraction(str(period.amount))), Fraction(5, 1000)
            )
            rounded = (exact * 100 + Fraction(1, 2)).__floor__()
            self.assertEqual(round(period.amount * 100), rounded)
        self.assertEqual(covered.keys(), counted.keys())
        for day, (base, percent, _amount) in counted.items():
            self.assertEqual(round(covered[day].base * 100), base)
            self.assertEqual(Fraction(str(covered[day].rate)), percent)

    @examples(100)
    @given(debts())
    def test_no_period_is_cut_without_a_reason(self, debt):
        changes = {day for day, _rate in debt["rates"]}
        changes |= {day + timedelta(days=1) for day, _amount in debt["payments"]}
        changes |= {start for start, _end, _amount in debt["pauses"]}
        changes |= {end + timedelta(days=1) for _s, end, _a in debt["pauses"] if end}
        for _before, after in pairwise(interest.accrue(**debt)):
            self.assertIn(after.date_from, changes)

    @examples(100)
    @given(debts())
    def test_a_later_day_never_costs_less(self, debt):
        whole = interest.accrue(**debt)
        earlier = interest.accrue(
            **debt | {"date_end": debt["date_end"] - timedelta(days=1)}
        )
        self.assertLessEqual(interest.total(earlier), interest.total(whole))

    def test_the_worked_case_of_the_law(self):
        rates = [(Date(2025, 1, 1), 3.15 + 10), (Date(2025, 7, 1), 2.15 + 10)]
        periods = interest.accrue(10_000, Date(2025, 5, 31), Date(2025, 9, 15), rates)
        self.assertEqual(
            [(p.days, p.rate, p.amount) for p in periods],
            [(30, 13.15, 108.08), (77, 12.15, 256.32)],
        )
        self.assertEqual(sum(period.days for period in periods), 107)
        self.assertEqual(interest.total(periods), 364.40)

    def test_a_semester_is_shown_although_its_rate_is_that_of_the_one_before(self):
        rates = [(Date(2025, 7, 1), 12.15), (Date(2026, 1, 1), 12.15)]
        periods = interest.accrue(1000, Date(2025, 12, 11), Date(2026, 1, 20), rates)
        self.assertEqual([period.days for period in periods], [20, 20])

    def test_a_day_without_rate_is_said_and_not_guessed(self):
        due, end = Date(2026, 6, 1), Date(2026, 7, 31)
        for rates, day in (
            ([(Date(2026, 1, 1), 12.15), (Date(2026, 7, 1), None)], Date(2026, 7, 1)),
            ([(Date(2026, 7, 1), 12.15)], Date(2026, 6, 2)),
            ([], Date(2026, 6, 2)),
        ):
            for frozen in (False, True):
                if frozen and day == Date(2026, 7, 1):
                    continue
                with self.assertRaises(MissingRate) as caught:
                    interest.accrue(1000, due, end, rates, frozen=frozen)
                self.assertEqual(caught.exception.day, day)

    def test_what_was_paid_before_a_rate_is_missing_needs_none(self):
        rates = [(Date(2026, 1, 1), 12.15), (Date(2026, 7, 1), None)]
        paid = [(Date(2026, 6, 30), 1000.0)]
        periods = interest.accrue(
            1000, Date(2026, 6, 20), Date(2026, 12, 31), rates, paid
        )
        self.assertEqual([period.days for period in periods], [10])

    def test_a_currency_without_cents_is_rounded_to_its_unit(self):
        rates = [(Date(2025, 1, 1), 10.0)]
        args = (1000, Date(2025, 1, 1), Date(2025, 1, 20), rates)
        self.assertEqual(interest.total(interest.accrue(*args, digits=0)), 5.0)
        self.assertEqual(interest.total(interest.accrue(*args, rounding=0.05)), 5.2)

    def test_figures_that_are_no_debt_are_refused(self):
        day, rates = Date(2025, 1, 1), [(Date(2025, 1, 1), 10.0)]
        for problem, changed in (
            ("negative", {"principal": -1}),
            ("negative", {"payments": [(day, -1.0)]}),
            ("overpaid", {"payments": [(day, 60.0), (day, 40.01)]}),
            ("overlap", {"rates": [*rates, (day, 12.0)]}),
            ("overlap", {"rates": [*rates, (day, None)]}),
            ("pause", {"pauses": [(day, day - timedelta(days=1), None)]}),
            ("basis", {"basis": 364}),
        ):
            debt = {
                "principal": 100,
                "date_due": day,
                "date_end": day + timedelta(days=10),
                "rates": rates,
            }
            with self.subTest(changed=changed):
                with self.assertRaises(InterestError) as caught:
                    interest.accrue(**debt | changed)
                self.assertEqual(caught.exception.problem, problem)

    def test_days_at_the_end_of_the_calendar_are_no_trouble(self):
        rates = [(Date(2025, 1, 1), 10.0)]
        self.assertFalse(interest.accrue(100, Date.max, Date.max, rates))
        first = Date.max - timedelta(days=2)
        with self.assertRaises(OverflowError):
            Date.max + timedelta(days=1)
        self.assertEqual(interest.accrue(100, first, Date.max, rates)[0].days, 2)
