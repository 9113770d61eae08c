"""Indicators of credit management, from amounts and days.

A ratio whose denominator is zero, or negative, does not exist: None. The fixture of the
doctests: on 31/10/2026, sales of 60 000 in August, 90 000 in September and 120 000 in
October; receivables of 165 000, of which 105 000 are not due; 140 000 on 1 October.
"""

from collections.abc import Iterable


def simple(receivable: float, sales: float, days: int) -> float | None:
    """Return days sales outstanding: receivables ÷ sales of a period × its days.

    >>> round(simple(165_000, 270_000, 92), 2)
    56.22

    Investopedia, "Days Sales Outstanding": 350 000 open, 500 000 sold in July:

    >>> round(simple(350_000, 500_000, 31), 1)
    21.7

    Nothing was sold; nothing is open:

    >>> simple(165_000, 0, 92), simple(165_000, -5, 92), simple(-10, 270_000, 92)
    (None, None, 0.0)

    :param receivable: open at the end of the period, credits deducted
    :param sales: of the period, tax included, as receivables are
    :param days: of the period
    """
    ratio = divide(max(receivable, 0.0), sales)
    return None if ratio is None else ratio * days


def countback(receivable: float, months: Iterable[tuple[float, int]]) -> float | None:
    """Return days sales outstanding by exhaustion: the months, from the last one back,
    whose sales are open; that in which receivables end counts in proportion.

    >>> round(countback(165_000, [(120_000, 31), (90_000, 30), (60_000, 31)]), 2)
    46.0

    Benji Pays, "Mastering DSO Calculation", months of 30 days:

    >>> round(countback(212_000, [(100_000, 30), (80_000, 30), (70_000, 30)]), 1)
    73.7

    More is open than was ever sold; nothing is open; a month without sales, or with
    more credit notes than sales, is passed over with its days:

    >>> countback(300_000, [(120_000, 31), (90_000, 30)]), countback(-5, [(10, 31)])
    (None, 0.0)
    >>> countback(15, [(10, 31), (0, 30), (-5, 31), (10, 30)])
    107.0

    :param months: sales and days of each, the newest first
    """
    left, total = receivable, 0.0
    if left <= 0:
        return 0.0
    for sales, days in months:
        if sales > left:
            return total + left / sales * days
        left -= max(sales, 0.0)
        total += days
        # Amounts are kept to the cent.
        if left < 0.005:
            return total
    return None


def best_possible(not_due: float, sales: float, days: int) -> float | None:
    """Return what days sales outstanding would be if nobody paid late.

    >>> round(best_possible(105_000, 270_000, 92), 2)
    35.78

    :param not_due: open at the end of the period and not due yet
    """
    return simple(not_due, sales, days)


def collection_effectiveness(
    opening: float, sales: float, closing: float, closing_not_due: float
) -> float | None:
    """Return what was collected of what could be, as a fraction.

    >>> round(collection_effectiveness(140_000, 120_000, 165_000, 105_000), 4)
    0.6129

    Gaviti, "What is Collection Effectiveness Index":

    >>> collection_effectiveness(100_000, 1_000_000, 120_000, 100_000)
    0.98

    Credit Guru, "Collection Effectiveness Index", with the sales of one month:

    >>> round(collection_effectiveness(6_200, 10_890 / 3, 6_340, 3_590), 3)
    0.559

    :param opening: receivables on the evening before the period
    :param sales: of the period
    :param closing: receivables at its end
    :param closing_not_due: what of them is not due yet
    """
    return divide(opening + sales - closing, opening + sales - closing_not_due)


def weighted_delay(pairs: Iterable[tuple[float, int]]) -> float | None:
    """Return the days late of amounts, each as much as its amount.

    >>> late = [(28_000, 10), (17_000, 45), (9_000, 75), (6_000, 120)]
    >>> round(weighted_delay(late), 2)
    40.67
    >>> weighted_delay([]) is None
    True

    :param pairs: amount and days late; early ones are negative
    """
    pairs = list(pairs)
    total = sum(amount for amount, _days in pairs)
    return divide(sum(amount * days for amount, days in pairs), total)


def divide(part: float, whole: float) -> float | None:
    """Return a fraction, None where there is nothing to divide by.

    >>> divide(60_000, 165_000), divide(1, 0), divide(1, -2)
    (0.36363636363636365, None, None)
    """
    return part / whole if whole > 0 else None
