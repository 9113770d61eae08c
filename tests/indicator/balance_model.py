"""What was open on a day, in plain Python: the rules written a second time, to compare
the statement with. Amounts are whole cents."""

from dataclasses import dataclass
from datetime import date as Date
from datetime import timedelta

from hypothesis import strategies as st

TODAY = Date(2026, 3, 2)
LINES = 9
COMPANIES = ("own", "own", "own", "own", "own", "branch", "branch", "other", "other")
CUSTOMERS = (0, 1, 2, None)
DAYS = st.integers(-150, 40).map(lambda days: TODAY + timedelta(days=days))


@dataclass
class Line:
    """A line of a receivable account; credits are negative."""

    company: str
    customer: int | None
    foreign: bool
    posted: bool
    date: Date
    due: Date
    invoiced: Date
    amount: int
    balance: int

    @property
    def is_credit(self):
        return self.balance < 0 or (self.balance == 0 and self.amount < 0)


@dataclass
class Match:
    """What is reconciled of two lines, by their numbers: in the company's currency and
    in that of each."""

    debit: int
    credit: int
    balance: int
    debit_amount: int
    credit_amount: int


@dataclass
class Ledger:
    lines: list[Line]
    matches: list[Match]

    def left(self, number: int, day: Date | None = None) -> tuple[int, int]:
        """Return what is left of a line, in its currency and the company's.

        :param day: as of its end; None is whatever Odoo keeps on the line
        """
        line = self.lines[number]
        amount, balance = line.amount, line.balance
        for match in self.matches:
            if day is None or self._counts(match, day):
                if match.debit == number:
                    amount -= match.debit_amount
                    balance -= match.balance
                if match.credit == number:
                    amount += match.credit_amount
                    balance += match.balance
        return amount, balance

    def _counts(self, match, day):
        ends = self.lines[match.debit], self.lines[match.credit]
        return all(line.posted and line.date <= day for line in ends)

    def open(self, day: Date) -> dict[int, tuple[int, int]]:
        """Return what was open on a day, by the number of the line."""
        return {
            number: left
            for number, line in enumerate(self.lines)
            if line.posted and line.date <= day
            if any(left := self.left(number, day))
        }

    def balance(self, day: Date, companies) -> int:
        """Return the balance of the receivable accounts of companies."""
        return sum(
            line.balance
            for line in self.lines
            if line.posted and line.date <= day and line.company in companies
        )


@st.composite
def lines(draw, company):
    """A line of a company: some are in another currency, at any rate; some exchange
    differences have no amount in it."""
    foreign = draw(st.booleans())
    credit = draw(st.booleans())
    amount = draw(st.integers(1, 20_000)) * (-1 if credit else 1)
    balance = amount
    if foreign:
        rate = draw(st.sampled_from([0.5, 0.9, 1.1, 3]))
        balance = round(amount * rate) or amount
        if draw(st.integers(0, 5)) == 0:
            amount = 0
    return Line(
        company,
        draw(st.sampled_from(CUSTOMERS)),
        foreign,
        draw(st.integers(0, 6)) != 0,
        draw(DAYS),
        draw(DAYS),
        draw(DAYS),
        amount,
        balance,
    )


@st.composite
def ledgers(draw):
    """Lines of two companies and a branch, and what is reconciled of them, wholly or in
    part; what was reconciled and undone again is not there, as in Odoo's ledger."""
    ledger = Ledger([draw(lines(company)) for company in COMPANIES], [])
    for _number in range(draw(st.integers(0, 8))):
        _match(draw, ledger)
    undone = draw(st.sets(st.integers(0, 7), max_size=2))
    ledger.matches = [
        match for number, match in enumerate(ledger.matches) if number not in undone
    ]
    return ledger


def _match(draw, ledger):
    debit, credit = (draw(st.integers(0, LINES - 1)) for _side in range(2))
    ends = [ledger.lines[debit], ledger.lines[credit]]
    # A branch's items may be paid to its parent.
    roots = {"other" if end.company == "other" else "own" for end in ends}
    amount, balance = ledger.left(debit)
    credit_amount, credit_balance = ledger.left(credit)
    if len(roots) > 1 or balance <= 0 or credit_balance >= 0:
        return
    part = draw(st.sampled_from([1, 1, 0.5, 0.37]))
    ledger.matches.append(
        Match(
            debit,
            credit,
            round(min(balance, -credit_balance) * part),
            round(max(amount, 0) * part),
            round(max(-credit_amount, 0) * part),
        )
    )
