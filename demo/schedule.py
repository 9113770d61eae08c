"""From the catalogue to dated invoices: when issued, when due, when paid. No ORM.

The everyday invoices are drawn with a fixed seed, so that two loads on the same
day give the same ledger, and two loads on different days the same one shifted.
"""

import calendar
import csv
import random
from dataclasses import dataclass
from datetime import date, timedelta

from odoo.tools import file_open

from .cases import INVOICES
from .catalogue import END_OF_MONTH, PRODUCTS, PROFILES, TERMS, Invoice

SEED = 19
FIRST_DUE, LAST_DUE = -330, 28
# Everyday payments come once a week, on Tuesday.
PAYMENT_WEEKDAY = 1


@dataclass(frozen=True)
class Dated:
    """An invoice of the catalogue with its dates.

    :param due: set when it is typed by hand instead of following from terms
    :param payments: ``(date, share, instalment)``
    """

    invoice: Invoice
    terms: str
    issued: date
    due: date | None
    payments: tuple


def read_csv(name):
    """Rows of a CSV file beside this module, as dictionaries."""
    with file_open(f"account_dunning/demo/{name}") as handle:
        return list(csv.DictReader(handle))


def schedule(customers, today, everyday=True):
    """Every invoice of the demo ledger, oldest first.

    :param customers: rows of ``customers.csv``
    :param everyday: with the everyday invoices, or the special cases alone
    :rtype: list[Dated]
    """
    terms = {row["code"]: row["terms"] for row in customers}
    planned = [_dated_case(case, terms[case.customer], today) for case in INVOICES]
    generator = random.Random(SEED)
    for row in customers if everyday else ():
        planned += _everyday(row, generator, today)
    return sorted(planned, key=lambda item: (item.issued, item.invoice.key))


def working_day(today, days):
    """The day so many days from today, or the Friday before that weekend."""
    day = today + timedelta(days=days)
    return day - timedelta(days=max(0, day.weekday() - 4))


def _dated_case(case, customer_terms, today):
    """Put a special case on the calendar: its first due date is what counts."""
    terms = case.terms or customer_terms
    by_hand = TERMS[terms].lines[0][2] == END_OF_MONTH
    due = today + timedelta(days=case.due)
    issued = due - timedelta(days=50 if by_hand else TERMS[terms].first_delay)
    payments = tuple(
        (max(issued, working_day(today, pay.day)), pay.share, pay.instalment)
        for pay in case.payments
    )
    if by_hand:
        return Dated(case, "", issued, due, payments)
    return Dated(case, terms, issued, None, payments)


# -- everyday invoices ------------------------------------------------------------


def _everyday(row, generator, today):
    """Yield the regular invoices of a customer and how they were paid."""
    rhythm = int(row["rhythm"])
    due, number = FIRST_DUE + generator.randrange(rhythm or 1), 0
    while rhythm and due <= LAST_DUE:
        number += 1
        invoice = Invoice(
            key=f"{row['code']}:{number}",
            customer=row["code"],
            due=due,
            lines=_basket(float(row["basket"]), generator),
            terms=row["terms"],
            company=row["home"],
            reference=f"BC{generator.randrange(1000, 9999)}",
        )
        due += round(rhythm * generator.uniform(0.75, 1.25))
        dated = _dated_everyday(invoice, PROFILES[row["profile"]], generator, today)
        if dated.issued <= today:
            yield dated


def _basket(amount, generator):
    """Lines worth about the given amount: ``(label, quantity, price)``."""
    wanted = amount * generator.uniform(0.6, 1.5)
    count = generator.choice((1, 1, 2, 3)) if amount > 300 else 1
    affordable = [item for item in PRODUCTS if item[1] <= wanted / count]
    affordable = affordable or [PRODUCTS[-1]]
    chosen = generator.sample(affordable, min(count, len(affordable)))
    return tuple(
        (label, max(1, round(wanted / len(chosen) / price)), price)
        for label, price in chosen
    )


def _dated_everyday(invoice, profile, generator, today):
    terms = TERMS[invoice.terms]
    middle_of_month = 15 if terms.lines[0][2] == END_OF_MONTH else 0
    days = invoice.due - terms.first_delay - middle_of_month
    issued = working_day(today, days)
    payments = []
    for index, (_percent, days, delay_type) in enumerate(terms.lines):
        due = due_date(issued, days, delay_type)
        instalment = index if len(terms.lines) > 1 else None
        payments += _payments(issued, due, instalment, profile, generator, today)
    payments.sort(key=lambda event: (event[0], event[2] or 0))
    return Dated(invoice, invoice.terms, issued, None, tuple(payments))


def due_date(issued, days, delay_type):
    """When an instalment falls due, as Odoo works it out."""
    if delay_type == END_OF_MONTH:
        last = calendar.monthrange(issued.year, issued.month)[1]
        issued = issued.replace(day=last)
    return issued + timedelta(days=days)


def _payments(issued, due, instalment, profile, generator, today):
    """How an instalment was paid, up to today: ``(date, share, instalment)``."""
    low, high = profile.late
    late = generator.randint(low, high)
    in_halves = generator.random() < profile.halves
    second = late + generator.randint(25, 45)
    events = [(late, 0.5), (second, 1.0)] if in_halves else [(late, 1.0)]
    limit = today + timedelta(days=profile.stopped)
    for days, share in events:
        day = _payment_day(max(issued, due + timedelta(days=days)))
        if day <= limit:
            yield (day, share, instalment)


def _payment_day(day):
    """The day itself, or the next one on which payments come."""
    while day.weekday() != PAYMENT_WEEKDAY:
        day += timedelta(days=1)
    return day
