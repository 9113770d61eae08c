"""Two ledgers beside each other: that of a customer and ours.

How it works: a line of the customer is of a document of ours when it bears its number.
What it says of the amount then decides. A number that is only like one of ours, or an
amount without number, is never an agreement: it is *doubtful*, and people look at it.
Each of the customer's lines and each of our open items is in exactly one result.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from .ledger_columns import Line
from .ledger_index import Index, Item

AGREED = "agreed"
PAID = "paid"
OTHER_AMOUNT = "other_amount"
DOUBTFUL = "doubtful"
SETTLED = "settled"
PAYMENT = "payment"
UNKNOWN_TO_US = "unknown_to_us"
UNKNOWN_TO_CUSTOMER = "unknown_to_customer"

STATUSES = (
    AGREED,
    PAID,
    OTHER_AMOUNT,
    UNKNOWN_TO_CUSTOMER,
    UNKNOWN_TO_US,
    PAYMENT,
    DOUBTFUL,
    SETTLED,
)


@dataclass(frozen=True)
class Result:
    """What came out of some lines and items.

    :param status: one of :data:`STATUSES`
    :param reason: why it is so, a word: of what is doubtful ``similar`` (the number is
        like ours), ``alike`` (so it is, with another amount), ``amount`` (only the
        amount is the same), ``several`` (the number may be of several documents),
        ``currency`` (another one), ``settled`` (paid in part), ``payment`` (of a part
        of it); of another amount ``before`` (the amount before part of it was paid),
        ``double`` (listed more than once); of a payment ``received``, ``missing``
    """

    status: str
    lines: tuple[Line, ...] = ()
    items: tuple[Item, ...] = ()
    reason: str = ""

    @property
    def theirs(self) -> Decimal | None:
        """What the lines add up to, None without lines."""
        return (
            sum((line.amount for line in self.lines), Decimal(0))
            if self.lines
            else None
        )

    @property
    def ours(self) -> Decimal | None:
        """What is left of the items, None without items."""
        residuals = (item.residual for item in self.items)
        return sum(residuals, Decimal(0)) if self.items else None

    @property
    def place(self) -> int | None:
        """Number of the first row of the file, None without lines."""
        return self.lines[0].place if self.lines else None


def compare(lines: Sequence[Line], items: Iterable[Item]) -> list[Result]:
    """Return what each line and each open item comes out as.

    A file in which invoices are negative is read with the opposite sign.

    :param lines: of the customer's file
    :param items: ours, settled documents of the last years among them
    :return: results in the order of the file, then what is not in it

    >>> ours = [Item(1, "a", ("INV/26/01",), Decimal(100), Decimal(100)),
    ...         Item(2, "b", ("INV/26/02",), Decimal(50), Decimal(50))]
    >>> theirs = [Line(2, ("inv 26 01",), Decimal(100)), Line(3, ("X9",), Decimal(7))]
    >>> [(r.status, r.place, [i.key for i in r.items]) for r in compare(theirs, ours)]
    [('agreed', 2, [1]), ('unknown_to_us', 3, []), ('unknown_to_customer', None, [2])]
    """
    index = Index(items)
    sign = index.find_sign(lines)
    lines = [_with_sign(line, sign) for line in lines]
    several, groups, loose = [], defaultdict(list), []
    for line in lines:
        documents = index.find(line)
        if len(documents) == 1:
            groups[documents[0]].append(line)
        elif chosen := _choose(line, documents, index):
            groups[chosen].append(line)
        elif documents:
            several.append((line, documents))
        else:
            loose.append(line)
    found = []
    for document, own in groups.items():
        found += _judge_document(own, index.documents[document])
    found += _judge_several(several, found, index)
    found += _judge_loose(loose, found, index)
    return _in_order(found, index)


def _with_sign(line, sign):
    return line if sign > 0 else line._replace(amount=-line.amount)


def _choose(line, documents, index):
    """Return of which of several documents a line is: that of which it has the amount,
    None if it is none of them or more than one."""
    same = [
        document
        for document in documents
        if line.amount
        and line.amount == index.get_residual(document)
        and not _has_other_currency(line, index.documents[document])
    ]
    return same[0] if len(same) == 1 else None


def _judge_several(several, found, index):
    """Judge lines whose number may be of several documents."""
    taken = {item.document for result in found for item in result.items}
    results = []
    for line, documents in several:
        free = [document for document in documents if document not in taken]
        taken |= {*free}
        items = tuple(item for document in free for item in index.documents[document])
        results.append(Result(DOUBTFUL, (line,), items, "several"))
    return results


def _has_other_currency(line, items):
    return bool(line.currency) and any(
        item.currency and item.currency != line.currency for item in items
    )


# ----------------------------------------------------------------------
# Lines that bear the number of one document
# ----------------------------------------------------------------------


def _judge_document(lines, items):
    """Judge the lines that bear the number of a document."""
    if any(_has_other_currency(line, items) for line in lines):
        return [Result(DOUBTFUL, tuple(lines), tuple(items), "currency")]
    theirs = sum(line.amount for line in lines)
    ours = sum(item.residual for item in items)
    if any(line.settled for line in lines):
        return _judge_settled(lines, items, ours)
    if theirs == ours:
        return [Result(AGREED if ours else SETTLED, tuple(lines), tuple(items))]
    if len(items) > 1:
        return _judge_instalments(lines, items)
    return [_judge_difference(lines, items, theirs)]


def _judge_settled(lines, items, ours):
    """Judge a document that is paid by what the file says of some of its lines."""
    if not ours:
        return [Result(SETTLED, tuple(lines), tuple(items))]
    left = [line for line in lines if not line.settled]
    # The rest of it, of which both say that it is open.
    if left and sum(line.amount for line in left) == ours:
        return [Result(AGREED, tuple(lines), tuple(items))]
    amounts = {
        abs(sum(line.amount for line in lines)),
        abs(sum(line.amount for line in lines if line.settled)),
    }
    known = {Decimal(0), abs(ours), abs(sum(item.amount for item in items))}
    if amounts & known and not left:
        return [Result(PAID, tuple(lines), tuple(items))]
    return [Result(DOUBTFUL, tuple(lines), tuple(items), "settled")]


def _judge_difference(lines, items, theirs):
    """Judge a document of which the customer has another amount."""
    amount, ours = sum(i.amount for i in items), sum(i.residual for i in items)
    lines, items = tuple(lines), tuple(items)
    if theirs < 0 < amount:
        return _judge_paying(lines, items, theirs)
    if not ours and theirs == amount:
        # With us it is paid.
        return Result(SETTLED, lines, items)
    if not theirs:
        return Result(PAID, lines, items)
    if theirs == amount:
        return Result(OTHER_AMOUNT, lines, items, "before")
    if len(lines) > 1 and len({line.amount for line in lines}) == 1:
        return Result(OTHER_AMOUNT, lines, items, "double")
    return Result(OTHER_AMOUNT, lines, items)


def _judge_paying(lines, items, theirs):
    """Judge a document of which the customer has more payments than invoices."""
    amount, ours = sum(i.amount for i in items), sum(i.residual for i in items)
    if not ours:
        return Result(SETTLED, lines, items)
    if -theirs in (amount, ours):
        return Result(PAID, lines, items)
    return Result(DOUBTFUL, lines, items, "payment")


def _take_settled(lines, items, results):
    """Judge the lines that are of instalments that are paid with us.

    :param items: that are left: those are taken out
    :param results: get what comes out
    :return: lines that are left
    """
    rest = []
    for line in lines:
        paid = (i for i in items if not i.residual and i.amount == line.amount)
        if (item := next(paid, None)) and line.amount:
            items.remove(item)
            results.append(Result(SETTLED, (line,), (item,)))
        else:
            rest.append(line)
    return rest


def _judge_instalments(lines, items):
    """Judge the instalments of a document one by one: each line is that of the oldest
    with its amount; what is left is judged together."""
    left, results, rest = list(items), [], []
    for line in lines:
        same = next((item for item in left if item.residual == line.amount), None)
        if same and line.amount:
            left.remove(same)
            results.append(Result(AGREED, (line,), (same,)))
        else:
            rest.append(line)
    rest = _take_settled(rest, left, results)
    open_left = [item for item in left if item.is_open]
    if rest:
        about = left or list(items)[:1]
        results.append(
            _judge_difference(rest, about, sum(line.amount for line in rest))
            if left
            else Result(OTHER_AMOUNT, tuple(rest), (), "double")
        )
    else:
        results += [Result(UNKNOWN_TO_CUSTOMER, (), (item,)) for item in open_left]
    return results


# ----------------------------------------------------------------------
# Lines without one
# ----------------------------------------------------------------------


def _judge_loose(lines, found, index):
    """Judge lines that bear no number of ours: one that is like it, or an amount that
    only one of our open documents has, is doubtful. What the customer takes off is no
    invoice: it has paid that, or expects it as a credit."""
    taken = {item.document for result in found for item in result.items}
    results = []
    for judge in (_judge_similar, _judge_payments, _judge_amounts, _judge_alike):
        own, lines = judge(lines, taken, index)
        taken |= {item.document for result in own for item in result.items}
        results += own
    return results + [
        Result(PAYMENT, (line,), (), "missing")
        if line.amount < 0
        else Result(UNKNOWN_TO_US, (line,))
        for line in lines
    ]


def _judge_similar(lines, taken, index):
    """Judge lines whose number is like ours, with the amount of it.

    :return: results, and the lines that are left
    """
    return _judge_likeness(lines, taken, index, index.find_similar, "similar")


def _judge_alike(lines, taken, index):
    """Judge lines whose number is much like ours, with another amount."""
    return _judge_likeness(lines, taken, index, index.find_alike, "alike")


def _judge_likeness(lines, taken, index, find, reason):
    results, left, taken = [], [], {*taken}
    for line in lines:
        documents = find(line) - taken
        if len(documents) == 1:
            taken |= documents
            items = tuple(index.documents[documents.pop()])
            results.append(Result(DOUBTFUL, (line,), items, reason))
        else:
            left.append(line)
    return results, left


def _judge_payments(lines, taken, index):
    """Judge what the customer has paid, by the amounts that have arrived with us."""
    arrived = index.get_payments_by_amount(taken)
    results, left, taken = [], [], {*taken}
    for line in lines:
        documents = [
            document
            for document in arrived.get(line.amount, ())
            if document not in taken
            and not _has_other_currency(line, index.documents[document])
        ]
        if documents:
            taken.add(documents[0])
            items = tuple(index.documents[documents[0]])
            results.append(Result(PAYMENT, (line,), items, "received"))
        else:
            left.append(line)
    return results, left


def _judge_amounts(lines, taken, index):
    """Judge lines that alone have the amount of one of our open documents."""
    by_amount = defaultdict(list)
    for line in lines:
        by_amount[line.amount].append(line)
    open_by_amount = index.get_open_by_amount(taken)
    results, left = [], []
    for amount, same in by_amount.items():
        documents = open_by_amount.get(amount, ())
        one = len(same) == 1 == len(documents) and amount
        items = tuple(index.documents[documents[0]]) if one else ()
        if one and not _has_other_currency(same[0], items):
            results.append(Result(DOUBTFUL, tuple(same), items, "amount"))
        else:
            left += same
    return results, left


def _in_order(found, index):
    """Return the results in the order of the file, then those of our items that are in
    none."""
    told = {item.key for result in found for item in result.items}
    missing = [
        Result(UNKNOWN_TO_CUSTOMER, (), (item,))
        for items in index.documents.values()
        for item in items
        if item.is_open and item.key not in told
    ]
    placed = sorted((r for r in found if r.lines), key=lambda result: result.place)
    return [*placed, *(r for r in found if not r.lines), *missing]
