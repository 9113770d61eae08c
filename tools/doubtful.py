"""How what is left of an invoice splits into its net amount and its taxes."""

from collections.abc import Hashable, Iterable


def split(
    left: float, total: float, taxes: Iterable[tuple[Hashable, float]], digits: int
) -> tuple[float, dict[Hashable, float]]:
    """Return the net part of what is left of an invoice, and the part of each tax.

    :param left: still open, tax included
    :param total: of the invoice, tax included; 0 for an entry that is no invoice
    :param taxes: pairs of what a tax is known by and its amount in the invoice
    :param digits: decimal places of the currency
    :return: net amount, and dict of tax to amount, together what is left

    >>> split(60, 120, [("20 %", 20)], 2)
    (50.0, {'20 %': 10.0})
    >>> split(100, 359.61, [("20 %", 40), ("5.5 %", 8.61)], 2)
    (86.49, {'20 %': 11.12, '5.5 %': 2.39})
    >>> split(100, 0, [], 2), split(100, 100, [], 2)
    ((100, {}), (100, {}))
    """
    if not total:
        return left, {}
    parts = {}
    for tax, amount in taxes:
        parts[tax] = round(parts.get(tax, 0) + left * amount / total, digits)
    return round(left - sum(parts.values()), digits), parts
