"""What the parts of the demo loader share while the company is built."""

from dataclasses import dataclass, field
from datetime import date

from odoo.api import Environment
from odoo.tools import SQL

from .company import activate_currencies

MODULE = "account_dunning"
# Models whose tables the demo fills.
GROWING = (
    "account.move",
    "account.move.line",
    "account.partial.reconcile",
    "account.payment",
)


@dataclass
class Build:
    """Records made so far, by the codes of the catalogue.

    :param scope: prefix of the external identifiers. ``demo`` is the demo database;
        anything else makes a second set, as the tests do
    """

    env: Environment
    today: date
    scope: str = "demo"
    companies: dict = field(default_factory=dict)
    currencies: dict = field(default_factory=dict)
    terms: dict = field(default_factory=dict)
    users: dict = field(default_factory=dict)
    customers: list = field(default_factory=list)
    partners: dict = field(default_factory=dict)
    dunning_contacts: dict = field(default_factory=dict)
    second_receivable: object = None
    dated: list = field(default_factory=list)
    moves: dict = field(default_factory=dict)
    credit_notes: dict = field(default_factory=dict)
    payments: dict = field(default_factory=dict)
    entries: dict = field(default_factory=dict)
    holds: dict = field(default_factory=dict)
    promises: dict = field(default_factory=dict)
    disputes: dict = field(default_factory=dict)

    @property
    def is_demo(self):
        return self.scope == "demo"

    def named(self, name, record):
        """Give a record its external identifier, and return it."""
        self.env["ir.model.data"]._update_xmlids(
            [{"xml_id": self.xmlid(name), "record": record, "noupdate": True}]
        )
        return record

    def xmlid(self, name):
        return f"{MODULE}.{self.scope}_{name}"

    def label(self, text):
        """A text that must be unique: marked outside the demo database."""
        return text if self.is_demo else f"{self.scope}_{text}"

    def lang(self, code):
        """The language if it is active, English otherwise."""
        active = self.env["res.lang"]._get_data(code=code)
        return code if active else "en_US"

    def currency(self, code):
        if not self.currencies:
            activate_currencies(self)
        return self.currencies[code]

    def journal(self, company, kind):
        """The company's first journal of a kind, or its parent's."""
        journals = self.env["account.journal"].with_company(company)
        return journals.search(
            [
                *journals._check_company_domain(company),
                ("type", "=", kind),
                ("id", "!=", company.root_id.currency_exchange_journal_id.id),
            ],
            limit=1,
        )

    def analyze(self):
        """Have the database look at what was just written. It plans the queries of
        accounting as if the tables were empty otherwise, and they may take minutes."""
        self.env.flush_all()
        for model in GROWING:
            table = SQL.identifier(self.env[model]._table)
            self.env.execute_query(SQL("ANALYZE %s", table))
