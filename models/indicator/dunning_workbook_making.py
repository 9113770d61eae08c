from collections.abc import Callable
from dataclasses import dataclass, field, replace

from odoo import models
from odoo.tools import SQL

from ...tools.workbook import Head
from ...tools.workbook_cells import Column
from ...tools.workbook_styles import CREDIT, get_age_colours

CREDITS, NOT_DUE = -1, 0


@dataclass(frozen=True)
class Age:
    """An age group.

    :param number: -1 for credits, 0 for what is not late, then 1 and so on
    """

    number: int
    label: str
    colour: str


@dataclass
class Totals:
    """Sums of the items of one currency in one company, by number of age.

    :param count: of items
    :param amount: in their currency
    :param company: in company currency
    """

    count: dict[int, int] = field(default_factory=dict)
    amount: dict[int, float] = field(default_factory=dict)
    company: dict[int, float] = field(default_factory=dict)


@dataclass
class Making:
    """What the sheets of a workbook have in common while it is made.

    :param companies: whose figures they are
    :param names: what companies are called, by id; no two the same
    :param ages: in the order of the columns
    :param totals: by ids of company and currency
    :param codes: of currencies, by id
    :param digits: of currencies, by code
    :param own_label: what company currency is called
    :param head: of each sheet, but for its title
    :param address: of records, up to the name of their model
    :param beat: called with the share of the items that is written
    """

    companies: models.BaseModel
    names: dict[int, str]
    ages: list[Age]
    totals: dict[tuple[int, int], Totals]
    codes: dict[int, str]
    digits: dict[str, int]
    own_label: str
    head: Head
    address: str
    beat: Callable

    @property
    def several(self) -> bool:
        """Whether there are several companies."""
        return len(self.companies) > 1

    @property
    def foreign(self) -> bool:
        """Whether something is owed in another currency than the company's."""
        return any(
            currency_id != self.get_own_id(company_id)
            for company_id, currency_id in self.totals
        )

    @property
    def count(self) -> int:
        """Number of items."""
        return sum(sum(totals.count.values()) for totals in self.totals.values())

    def get_own_id(self, company_id: int) -> int:
        """Return the currency of a company."""
        return self.companies.browse(company_id)._dunning_get_currency().id

    def get_own(self, company_id: int) -> str:
        """Return the code of the currency of a company."""
        return self.codes[self.get_own_id(company_id)]

    def get_of_company(self, company_id: int) -> list[Totals]:
        """Return the sums of a company, one for each currency."""
        return [totals for key, totals in self.totals.items() if key[0] == company_id]


@dataclass(frozen=True)
class Source:
    """A column of a list, and where its values come from.

    :param key: by which formulas and other columns find it
    :param sql: gives its values
    :param column: as it is shown; None for what only other columns need
    :param currency: of an amount: key of the column with the code of its currency
    """

    key: str
    sql: SQL
    column: Column | None = None
    currency: str = ""


@dataclass
class Layout:
    """The columns of a list, those that are shown first."""

    sources: list[Source]

    def __post_init__(self):
        self.sources.sort(key=lambda source: source.column is None)
        self.positions = {source.key: n for n, source in enumerate(self.sources)}

    @property
    def columns(self) -> list[Column]:
        """The columns that are shown."""
        return [
            replace(source.column, currency=self.positions.get(source.currency))
            for source in self.sources
            if source.column
        ]

    @property
    def select(self) -> SQL:
        """What is selected for them."""
        return SQL(", ").join(source.sql for source in self.sources)


class DunningWorkbook(models.Model):
    """What the sheets of a workbook have in common."""

    _inherit = "dunning.workbook"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _prepare_making(self, beat) -> Making:
        """Read what all sheets need, the sums first of all.

        :raise AccessError: the author may not see any of the figures
        """
        self.ensure_one()
        # All of it is read by SQL.
        self.env.flush_all()
        companies = self._get_readable_companies()
        currencies = self.env["res.currency"].with_context(active_test=False)
        # Currencies are few.  pylint: disable-next=no-search-all
        currencies = currencies.search([])
        own = companies._dunning_get_currency()
        return Making(
            companies=companies,
            names=self._get_company_names(companies),
            ages=self._get_ages(),
            totals=self._read_totals(companies),
            codes={currency.id: currency.name for currency in currencies},
            digits={currency.name: currency.decimal_places for currency in currencies},
            own_label=own.name if len(own) == 1 else self.env._("company currency"),
            head=self._get_head(companies),
            address=f"{self.get_base_url()}/odoo/",
            beat=beat,
        )

    def _get_company_names(self, companies):
        """Return what each company is called: no two the same, for sums are by name."""
        names = {}
        for company in companies:
            name = company.name[:200]
            taken = {other.casefold() for other in names.values()}
            names[company.id] = (
                f"{name} ({company.id})" if name.casefold() in taken else name
            )
        return names

    def _get_ages(self) -> list[Age]:
        """Return the age groups, and what is apart from them."""
        limits = self._get_limits()
        first, *colours = get_age_colours(len(limits) + 1)
        calm = self.env._("Not Due") if self.by == "due" else self.env._("Same Day")
        ages = [Age(NOT_DUE, calm, first)]
        begins = [1, *(limit + 1 for limit in limits)]
        for number, (begin, colour) in enumerate(zip(begins, colours, strict=True), 1):
            if number > len(limits):
                label = self.env._("Over %s Days", limits[-1])
            elif begin == limits[number - 1]:
                label = self.env._("%s Days", begin)
            else:
                label = self.env._(
                    "%(begin)s–%(end)s Days", begin=begin, end=limits[number - 1]
                )
            ages.append(Age(number, label, colour))
        if self.credits == "apart":
            ages.append(Age(CREDITS, self.env._("Credits"), CREDIT))
        return ages

    def _get_head(self, companies) -> Head:
        """Return what is told above each sheet."""
        made = self.env._(
            "Made on %(moment)s by %(author)s",
            moment=self._format_now(),
            author=self.env.user.name,
        )
        names = ", ".join(companies.mapped("name"))
        day = self._format_date(self.date)
        whose = self.env._("%(companies)s, as of %(date)s", companies=names, date=day)
        return Head("", (whose, self._describe(companies), made), whose)

    def _describe(self, companies):
        """Return by which rules the figures were made, and of whom."""
        # Those it is restricted to are named to who chose them.
        workbook_sudo = self.sudo()
        labels = self._get_labels("dunning.workbook", "by")
        parts = [
            self.env._("Age counted from: %s", labels[self.by]),
            self.env._(
                "Credit notes and payments: %s",
                self._get_labels("dunning.workbook", "credits")[self.credits],
            ),
        ]
        for label, records_sudo in (
            (self.env._("Customers"), workbook_sudo.partner_ids),
            (self.env._("Collectors"), workbook_sudo.user_ids),
        ):
            if records_sudo:
                names = self._enumerate(records_sudo)
                parts.append(
                    self.env._("%(what)s: %(details)s", what=label, details=names)
                )
        if count := len(workbook_sudo.move_line_ids):
            parts.append(self.env._("Selected items only: %s", count))
        if self.domain:
            parts.append(self.env._("Only what was looked for in the list"))
        if any(company._dunning_sees_own_only() for company in companies):
            parts.append(self.env._("Only customers of %s", self.env.user.name))
        return " · ".join(parts)

    def _enumerate(self, records_sudo):
        # One more takes no more room than to say that there is one more.
        shown = 6 if len(records_sudo) == 6 else 5
        names = records_sudo[:shown].mapped("name")
        more = len(records_sudo) - len(names)
        return ", ".join(names) + (self.env._(" and %s more", more) if more else "")
