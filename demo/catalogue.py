"""What the demo company sells, to whom and on which terms. No ORM here.

The special situations are in ``cases.py``, the everyday invoices are drawn from
the profiles below in ``schedule.py``. Days are counted from today: -30 is thirty
days ago.
"""

from dataclasses import dataclass, field

# -- shapes -----------------------------------------------------------------------


@dataclass(frozen=True)
class Terms:
    """A payment term: its name on the invoice and ``(percent, days, delay)``."""

    name: str
    lines: tuple

    @property
    def first_delay(self):
        """Days from the invoice to its first due date, end of month left out."""
        return self.lines[0][1]


@dataclass(frozen=True)
class Pay:
    """A payment: when, and which share of what is left; one instalment or all."""

    day: int
    share: float = 1.0
    instalment: int | None = None


@dataclass(frozen=True)
class Invoice:
    """One invoice and what became of it.

    :param due: first due date, in days from today; the invoice date follows from it
    :param amount: before tax, in the invoice's currency
    :param payments: what was received, oldest first
    :param flags: what happened besides: see ``cases.py``
    """

    key: str
    customer: str
    due: int
    lines: tuple
    terms: str = ""
    company: str = "main"
    currency: str = "EUR"
    kind: str = "out_invoice"
    contact: str = ""
    payments: tuple = ()
    flags: frozenset = field(default_factory=frozenset)
    reference: str = ""


@dataclass(frozen=True)
class Profile:
    """How a customer pays: days late between two limits, and what else.

    :param stopped: nothing was paid since that day
    :param halves: the share of invoices paid in two parts
    """

    late: tuple
    stopped: int = 0
    halves: float = 0.0


# -- terms ------------------------------------------------------------------------

AFTER, END_OF_MONTH = "days_after", "days_after_end_of_month"

TERMS = {
    "now": Terms("Comptant à réception", ((100, 0, AFTER),)),
    "30d": Terms("30 jours date de facture", ((100, 30, AFTER),)),
    "60d": Terms("60 jours date de facture", ((100, 60, AFTER),)),
    "45eom": Terms("45 jours fin de mois", ((100, 45, END_OF_MONTH),)),
    "30_60_90": Terms(
        "Trois échéances à 30, 60 et 90 jours",
        ((33.33, 30, AFTER), (33.33, 60, AFTER), (33.34, 90, AFTER)),
    ),
    "30_balance": Terms(
        "30 % à la commande, solde à 60 jours", ((30, 0, AFTER), (70, 60, AFTER))
    ),
}

# -- habits -----------------------------------------------------------------------

PROFILES = {
    "punctual": Profile((-7, -2)),
    "habitual": Profile((5, 17)),
    "reminded": Profile((3, 8)),
    "slow": Profile((22, 46)),
    "public": Profile((15, 42)),
    "struggling": Profile((28, 66), halves=0.5),
    "silent": Profile((2, 14), stopped=-115),
}

# -- goods and services -----------------------------------------------------------

PRODUCTS = (
    ("Fauteuil de bureau ergonomique, dossier résille", 289.00),
    ("Bureau réglable en hauteur 160 × 80, chêne clair", 612.00),
    ("Caisson mobile trois tiroirs", 148.50),
    ("Armoire à rideaux haute, gris perle", 437.00),
    ("Cloison acoustique sur pied 120 × 160", 356.00),
    ("Table de réunion dix places", 1240.00),
    ("Rayonnage mi-lourd, travée de 2 m", 264.00),
    ("Établi d'atelier, plateau hêtre 2 m", 895.00),
    ("Vestiaire industrie propre, deux cases", 219.00),
    ("Transpalette manuel 2,5 t", 479.00),
    ("Contrat de maintenance, trimestre à échoir", 340.00),
    ("Montage et installation sur site, demi-journée", 310.00),
    ("Location de mobilier événementiel, semaine", 185.00),
    ("Étude d'implantation et plans", 760.00),
    ("Lot de pièces détachées et visserie", 46.90),
    ("Cartouches et consommables, carton", 38.50),
)

# -- who works there --------------------------------------------------------------

USERS = {
    "collector": ("Camille Renard", "Chargée de recouvrement"),
    "manager": ("Nadia Lefèvre", "Credit manager"),
    "sales": ("Hugo Martin", "Ingénieur commercial"),
    "quality": ("Karim Belaïd", "Responsable qualité"),
    "logistics": ("Sandrine Faure", "Responsable des expéditions"),
    "auditor": ("Éric Vasnier", "Auditeur"),
}

# The branch comes after its parent.
COMPANIES = {
    "main": {
        "name": "Valmorel Équipement",
        "street": "18 rue des Mécaniciens",
        "zip": "69007",
        "city": "Lyon",
        "phone": "+33 4 65 71 90 00",
        "email": "recouvrement@valmorel-equipement.example",
        "website": "https://www.valmorel-equipement.example",
        "vat": "FR08999090137",
        "company_registry": "99909013700012",
        "iban": "FR7630006000011234567890189",
    },
    "small": {
        "name": "Valmorel Services",
        "street": "4 chemin du Vercors-Bleu",
        "zip": "38000",
        "city": "Grenoble",
        "phone": "+33 4 65 71 91 00",
        "email": "compta@valmorel-services.example",
        "website": "https://www.valmorel-services.example",
        "vat": "FR16999090269",
        "company_registry": "99909026900021",
        "iban": "FR1420041010050500013M02606",
    },
    "branch": {
        "name": "Valmorel Équipement – Agence de Nantes",
        "parent": "main",
        "street": "27 quai des Antilles-Vertes",
        "zip": "44200",
        "city": "Nantes",
        "phone": "+33 2 61 91 92 00",
        "email": "nantes@valmorel-equipement.example",
        "website": "https://www.valmorel-equipement.example",
        "vat": "FR08999090137",
        "company_registry": "99909013700038",
    },
}

# Foreign currency for one euro, from a year ago to now, one rate every five weeks.
RATES = {
    "USD": (1.09, 1.10, 1.08, 1.05, 1.04, 1.08, 1.13, 1.14, 1.17, 1.16, 1.17, 1.16),
    "GBP": (0.84, 0.84, 0.83, 0.83, 0.83, 0.84, 0.85, 0.85, 0.86, 0.87, 0.87, 0.88),
    "CHF": (0.94, 0.94, 0.93, 0.94, 0.94, 0.95, 0.94, 0.94, 0.93, 0.94, 0.93, 0.93),
    "JPY": (161, 163, 160, 158, 157, 160, 162, 163, 170, 172, 174, 177),
}
RATE_EVERY = 35

SECOND_RECEIVABLE = ("411500", "Clients – secteur public")

# Company tag put on customers of a kind.
TAGS = {
    "public": "Secteur public",
    "association": "Association",
    "person": "Particulier",
}
KEY_ACCOUNTS = ("flandre", "arvenis", "arvenis_ind", "arvenis_dis")
KEY_ACCOUNT_TAG = "Grand compte"
