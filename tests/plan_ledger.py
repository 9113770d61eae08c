"""What the plan model reads: a ledger with its rules and its history, as objects."""

from dataclasses import dataclass, field
from datetime import date as Date
from fractions import Fraction

COMPANY_CURRENCY = "company"
OPEN_STATES = ("to_validate", "todo", "failed")
TONES = ("courteous", "firm", "formal")


@dataclass(eq=False)
class Level:
    delay: int
    gap: int = 10
    active: bool = True
    tone: str = "courteous"
    channel: str = "email"

    @property
    def is_text(self):
        return self.channel not in ("call", "task")

    @property
    def is_formal_text(self):
        return self.is_text and self.tone == TONES[-1]

    @property
    def rank(self):
        return 1 + TONES.index(self.tone)


@dataclass(eq=False)
class Scenario:
    levels: list[Level]
    minimum: int = 0
    contact_gap: int = 7
    align: bool = False
    active: bool = True
    # Rule by which it applies by itself: some customers, an overdue amount.
    customers: tuple[int, ...] | None = None
    amount_from: int = 0
    amount_to: int = 0

    @property
    def ladder(self):
        active = [level for level in self.levels if level.active]
        return sorted(active, key=lambda level: level.delay)

    def applies_to(self, customer, overdue):
        if self.customers is None and not self.amount_from and not self.amount_to:
            return False
        return (
            (self.customers is None or customer in self.customers)
            and (not self.amount_from or overdue and overdue >= self.amount_from)
            and (not self.amount_to or overdue and overdue < self.amount_to)
        )


@dataclass(eq=False)
class Item:
    """A line of the ledger: owed when positive, a credit when negative.

    :param company: ``own``, whose plan is asked, ``parent`` or ``branch`` of its own
    """

    customer: int | None
    due: Date
    residual: Fraction
    currency: str = COMPANY_CURRENCY
    residual_company: Fraction | None = None
    excluded: bool = False
    blocked: bool = False
    # All but the early payment discount was paid in time for it.
    discounted: bool = False
    # When the customer got the invoice, if that was late.
    arrived: Date | None = None
    scenario: Scenario | None = None
    paying: Fraction = Fraction(0)
    paid_in: str = "own"
    company: str = "own"
    account: str = "main"

    def __post_init__(self):
        if self.residual_company is None:
            self.residual_company = self.residual


@dataclass(eq=False)
class Hold:
    """:param items: empty for the whole customer; :param amount: 0 for all of it
    :param resume: once released, how dunning goes on, from which day"""

    customer: int
    items: list[Item] = field(default_factory=list)
    amount: Fraction = Fraction(0)
    currency: str = COMPANY_CURRENCY
    end: Date | None = None
    released: bool = False
    resume: tuple[str, Date] | None = None


@dataclass(eq=False)
class Action:
    """:param levels: the level each of its items reaches through it
    :param level: the level of the action itself, that of its text
    :param listed: items of which it speaks without bringing them to a level"""

    customer: int
    date: Date
    levels: dict[Item, Level]
    state: str = "done"
    kind: str = "step"
    execution: str = "automatic"
    level: Level | None = None
    channel: str = "email"
    listed: tuple[Item, ...] = ()


@dataclass(eq=False)
class Ledger:
    date: Date
    items: list[Item]
    scenarios: list[Scenario]
    default: Scenario | None = None
    archived: tuple[int, ...] = ()
    chosen: dict[int, Scenario] = field(default_factory=dict)
    holds: list[Hold] = field(default_factory=list)
    actions: list[Action] = field(default_factory=list)
    days_off: set[Date] = field(default_factory=set)
    first_contact_days: int = 5

    @property
    def due_items(self):
        return [item for item in self.own_items if item.residual > 0]

    @property
    def own_items(self):
        return [item for item in self.items if item.company == "own"]

    @property
    def active_holds(self):
        return [
            hold
            for hold in self.holds
            if not hold.released and (hold.end is None or hold.end >= self.date)
        ]

    def is_overdue(self, item):
        return item.due < self.date
