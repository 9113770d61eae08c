"""Our documents by the numbers that others write of them."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date as Date
from decimal import Decimal

from .ledger_cells import number_parts, without_zeros, written_with_dots
from .ledger_columns import Line

# How much of a text is looked at, and of how many parts a number is made at most.
MAX_PARTS, MAX_WINDOW = 24, 8
# A number that is found within a text has at least so many signs and digits.
MIN_LENGTH, MIN_DIGITS = 5, 3
# What more documents bear is no number, but words such as those of an opening balance.
MOST_SAME = 50


@dataclass(frozen=True)
class Item:
    """What our ledger knows of a document, or of one instalment of it.

    :param key: what it is known by
    :param document: what the instalments of one document have in common
    :param numbers: by which the customer may know the document, ours first
    :param amount: what it was to begin with; negative for a credit
    :param residual: what is left of it; nothing of one that is settled
    :param is_payment: whether it is money that has arrived
    """

    key: Hashable
    document: Hashable
    numbers: tuple[str, ...]
    amount: Decimal
    residual: Decimal
    currency: str = ""
    date: Date | None = None
    is_payment: bool = False

    @property
    def is_open(self) -> bool:
        """Whether something is left of it."""
        return bool(self.residual)


class Index:
    """Our documents by their numbers.

    >>> index = Index([Item(1, "a", ("INV/26/01",), Decimal(100), Decimal(100))])
    >>> index.find(Line(2, ("your inv 26 01",), Decimal(5)))
    ['a']
    >>> index.find(Line(2, ("26/1",), Decimal(100)))
    []
    >>> index.find_similar(Line(2, ("26/1",), Decimal(100)))
    {'a'}

    What says no amount is like nothing:

    >>> paid = Index([Item(1, "a", ("INV/26/01",), Decimal(100), Decimal(0))])
    >>> paid.find_similar(Line(2, ("26/1",), Decimal(0)))
    set()
    """

    def __init__(self, items: Iterable[Item]):
        self.documents = defaultdict(list)
        for item in items:
            self.documents[item.document].append(item)
        self.whole = {
            document: sum(item.amount for item in own)
            for document, own in self.documents.items()
        }
        self.residual = {
            document: sum(item.residual for item in own)
            for document, own in self.documents.items()
        }
        self.exact, self.compact = defaultdict(set), defaultdict(set)
        self.similar = defaultdict(set)
        for document, own in self.documents.items():
            for number in dict.fromkeys(n for item in own for n in item.numbers):
                self._add(document, number_parts(number))
        # What is longer is none of our numbers.
        self.longest = max(map(len, self.compact), default=0)
        self.longest_similar = max(map(len, self.similar), default=0)
        self.parts, self.found = {}, {}

    def _add(self, document, parts):
        joined = "".join(parts)
        if not any(char.isdigit() for char in joined):
            return
        self.exact[written_with_dots(parts)].add(document)
        self.compact[joined].add(document)
        self.similar[without_zeros(parts)].add(document)
        # Without what stands before the year or the last number.
        for start in range(1, len(parts)):
            tail = parts[start:]
            if tail[0].isdigit():
                self.similar[without_zeros(tail)].add(document)

    def _get_parts(self, text):
        """Return the parts of a text, read once."""
        if text not in self.parts:
            self.parts[text] = number_parts(text)[:MAX_PARTS]
        return self.parts[text]

    def find(self, line: Line) -> list:
        """Return the documents whose number a line bears, in order."""
        for text in line.texts:
            parts = self._get_parts(text)
            if parts not in self.found:
                documents = self._find_number(parts) or self._find_within(parts)
                self.found[parts] = sorted(documents, key=str)
            if self.found[parts]:
                return self.found[parts]
        return []

    def _find_number(self, parts):
        """Return the documents of a number. What parts its digits counts, unless
        either writes them without anything between."""
        written, joined = written_with_dots(parts), "".join(parts)
        found = self.exact.get(written) or self.exact.get(joined)
        if not found and written == joined:
            found = self.compact.get(joined)
        return found if found and len(found) <= MOST_SAME else set()

    def _find_within(self, parts):
        """Return the documents whose number is a part of a text: of those that begin
        at the same place the longest, so that no number is taken for a shorter one."""
        found, start = [], 0
        while start < len(parts):
            for end in self._get_ends(parts, start):
                window = parts[start:end]
                documents = self._is_telling(window) and self._find_number(window)
                if documents:
                    found.append(documents)
                    start = end - 1
                    break
            start += 1
        return self._unite(found)

    @staticmethod
    def _unite(found):
        """Return the documents of several numbers, those of the most telling ones
        first: nobody learns of a line which of too many it means."""
        united = set()
        for documents in sorted(found, key=len):
            if len(united | documents) > MOST_SAME:
                break
            united |= documents
        return united

    def _get_ends(self, parts, start):
        """Return where a number of ours may end that begins at a place, the last
        first."""
        joined, ends = "", []
        for end in range(start + 1, min(len(parts), start + MAX_WINDOW) + 1):
            joined += parts[end - 1]
            if len(joined) > self.longest:
                break
            if joined in self.compact:
                ends.append(end)
        return reversed(ends)

    @staticmethod
    def _is_telling(parts):
        joined = "".join(parts)
        digits = sum(char.isdigit() for char in joined)
        return len(joined) >= MIN_LENGTH and digits >= MIN_DIGITS

    def find_similar(self, line: Line) -> set:
        """Return the documents whose number is like that of a line and whose amount
        is its own."""
        return {
            document
            for document in self._get_similar(line)
            if line.amount and line.amount in self._get_amounts(document)
        }

    def find_alike(self, line: Line) -> set:
        """Return the documents whose number is like that of a line in more than some
        signs, whatever the amount: what is asked for is like no credit."""
        return {
            document
            for document in self._get_similar(line, self._is_telling)
            if line.amount * self.whole[document] > 0
        }

    def _get_similar(self, line, is_enough=bool):
        """Return the documents whose number is like that of a line.

        :param is_enough: whether parts of a text are enough to go by
        """
        found = set()
        for text in line.texts:
            key, parts = "", self._get_parts(text)
            for start in reversed(range(len(parts))):
                own = without_zeros([parts[start]])
                key = f"{own}.{key}" if key else own
                if len(key) > self.longest_similar:
                    break
                documents = self.similar.get(key, set())
                if len(documents) <= MOST_SAME and is_enough(parts[start:]):
                    found |= documents
        return found

    def _get_amounts(self, document):
        return {self.residual[document], self.whole[document]}

    def get_residual(self, document: Hashable) -> Decimal:
        """Return what is left of a document."""
        return self.residual[document]

    def get_open_by_amount(self, taken: set) -> dict:
        """Return the open documents that no line bears the number of, by what is left
        of them."""
        found = defaultdict(list)
        for document in self.documents:
            residual = self.get_residual(document)
            if residual and document not in taken:
                found[residual].append(document)
        return found

    def get_payments_by_amount(self, taken: set) -> dict:
        """Return the payments that no line bears the number of, by what was paid and by
        what is left of it."""
        found = defaultdict(list)
        for document, own in self.documents.items():
            if own[0].is_payment and document not in taken:
                for amount in self._get_amounts(document) - {0}:
                    found[amount].append(document)
        return found

    def find_sign(self, lines: Sequence[Line]) -> int:
        """Return -1 for a file in which invoices are negative, else 1."""
        votes = 0
        for line in lines:
            documents = self.find(line)
            if len(documents) == 1 and line.amount:
                expected = self.whole[documents[0]]
                if abs(expected) == abs(line.amount):
                    votes += 1 if expected == line.amount else -1
        return -1 if votes < 0 else 1
