"""The special situations of the demo ledger, one line each. No ORM here.

Everyday invoices surround them, see ``schedule.py``. Amounts are before tax.
Flags of an invoice:

``excluded``    the accountant left it out of follow-up
``blocked``     its payment is blocked
``cancelled``   posted, then cancelled
``draft``       never posted
``in_process``  its payment is under way, without a journal entry yet
``bounced``     its last payment came back: un-reconciled and cancelled
``unmatched``   its last payment was un-reconciled and waits unallocated
``downpayment`` booked on the account of down payments received
``deducts``     its last line takes a down payment off
"""

from dataclasses import dataclass

from .catalogue import Invoice, Pay


def invoice(key, due, amount, label, *flags, **values):
    """An invoice with one line; the customer is the key's part before the colon."""
    customer = key.partition(":")[0]
    flags = frozenset(flags) | frozenset(values.pop("flags", ()))
    return Invoice(key, customer, due, ((label, 1, amount),), flags=flags, **values)


def receipt(key, due, amount, label, **values):
    """A sales receipt, as a shop gives it."""
    return invoice(key, due, amount, label, kind="out_receipt", **values)


TO_FLANDRE = {"contact": "flandre_invoice", "terms": "30d"}

# -- open invoices, from not due yet to far too late ------------------------------

OPEN = (
    invoice("tilleuls:ahead", 25, 1180, "Vestiaires du personnel, quatre cases"),
    invoice("lenoir:ahead", 12, 2240, "Réagencement de l'accueil"),
    invoice("semnoz:preventive", 5, 9850, "Rayonnage de la chambre froide"),
    invoice("muller:preventive", 3, 4300, "Établis d'affûtage", terms="30d"),
    invoice("weber:tomorrow", 1, 12400, "Workshop benches, set of twelve"),
    invoice("floralis:tomorrow", 1, 1560, "Présentoirs de serre"),
    invoice("tilleuls:today", 0, 730, "Sièges de la salle d'attente"),
    invoice("castellane:today", 0, 1890, "Meuble à plans"),
    invoice("fournil:d1", -1, 412, "Plan de travail inox 1,40 m"),
    invoice("rougier:d2", -2, 640, "Servante d'atelier équipée"),
    invoice("grandval:d3", -3, 815, "Présentoirs de vitrine"),
    invoice("kerguelen:d4", -4, 1960, "Établi de menuisier, plateau 2,50 m"),
    invoice("ginestet:d5", -5, 540, "Rayonnage pour fourgon"),
    invoice("rhein:d7", -7, 3120, "Acoustic partitions, eight units"),
    invoice("castellane:d8", -8, 1340, "Contrat de maintenance, trimestre échu"),
    invoice("lenoir:d10", -10, 980, "Fauteuils de réunion"),
    invoice("floralis:d12", -12, 2210, "Transpalettes manuels, lot de trois"),
    invoice("moulinier:d14", -14, 1475, "Armoire à outils et tiroirs"),
    invoice("escale:d15", -15, 1120, "Chaises de terrasse empilables"),
    invoice("grandval:d18", -18, 590, "Comptoir d'accueil, reprise de finition"),
    invoice("aubrac:d20", -20, 2760, "Aménagement du caveau de dégustation"),
    invoice("montclar:d22", -22, 5400, "Postes de travail, plateau du 2e étage"),
    invoice("bellerive:d25", -25, 8700, "Mobilier de vingt chambres, 1re tranche"),
    invoice("minervois:d28", -28, 3050, "Rayonnage de la cave, travées 1 à 6"),
    invoice("bellandi:d30", -30, 4180, "Industrial lockers, forty units"),
    invoice("arvenis_dis:d31", -31, 11800, "Équipement du quai n° 4"),
    invoice("escale:d33", -33, 760, "Location de mobilier, mariage du 12"),
    invoice("moulinier:d38", -38, 2090, "Pont élévateur, mise en service"),
    invoice("pagnel:d40", -40, 3260, "Établis de la section menuiserie"),
    invoice("montclar:d45", -45, 2950, "Étude d'implantation, phase 2"),
    invoice("minervois:d50", -50, 1870, "Montage et installation"),
    invoice("sarthois:d55", -55, 6240, "Base de vie du chantier des Tanneurs"),
    invoice("roubaix:d60", -60, 7900, "Tables de coupe, lot de deux"),
    invoice("delorme:d61", -61, 3480, "Rayonnage lourd, 1re travée"),
    invoice("orge:d65", -65, 15600, "Mobilier des consultations externes"),
    invoice("arvenis_dis:d75", -75, 6900, "Cloisons du plateau logistique"),
    invoice("sarthois:d90", -90, 4120, "Vestiaires et réfectoire de chantier"),
    invoice("delorme:d91", -91, 2640, "Contrat de maintenance annuel"),
    invoice("roubaix:d110", -110, 5350, "Fauteuils techniques, lot de dix-huit"),
    invoice("quercy:d120", -120, 4470, "Aménagement du bureau d'affrètement"),
    invoice("pixel:d125", -125, 6100, "Équipement complet du plateau"),
    invoice("pereira:d150", -150, 3820, "Abri de chantier et rayonnage"),
    invoice("quercy:d160", -160, 2380, "Armoires fortes"),
    invoice("pereira:d180", -180, 1290, "Location de matériel, trimestre"),
    invoice("pixel:d200", -200, 950, "Étude d'implantation"),
    # what is hardly worth a letter, and what is worth a visit
    invoice("mainsvertes:tiny", -21, 2.50, "Clé de caisson, double"),
    invoice("estelle:small", -17, 10, "Patins feutrés, sachet de cent"),
    invoice("arvenis:huge", -35, 245000, "Mobilier du nouveau siège, lot 1"),
    invoice("flandre:huge", -9, 186500, "Rayonnage du hall C, solde de marché"),
    # sent to the invoice address of the customer
    invoice("flandre:billed", -16, 4600, "Vestiaires de l'entrepôt 3", **TO_FLANDRE),
    invoice("orge:billed", -24, 7350, "Chariots de soins", contact="orge_tresor"),
    # a customer that has been archived since
    invoice("vigilance:archived", -140, 1980, "Mobilier du poste de garde"),
    # private customers and shop receipts
    invoice("vasseur:consumer", -11, 465, "Bureau réglable, coloris blanc"),
    receipt("lambert:receipt", -13, 148.50, "Caisson mobile trois tiroirs"),
    receipt("lambert:receipt_paid", -70, 289, "Fauteuil", payments=(Pay(-70),)),
)

# -- paid, partly paid, by instalments --------------------------------------------


def paid(key, due, amount, label, *payments, **values):
    """An invoice and the payments received for it."""
    return invoice(key, due, amount, label, payments=payments, **values)


SETTLED = (
    paid("semnoz:early", -20, 3300, "Tables de tri", Pay(-24)),
    paid("lenoir:on_time", -50, 1450, "Rayonnage des archives", Pay(-50)),
    paid("rougier:late", -44, 890, "Servante d'atelier", Pay(-36)),
    paid("bellandi:very_late", -130, 5200, "Industrial lockers", Pay(-52)),
    paid("delorme:part", -47, 5600, "Mezzanine démontable", Pay(-30, 0.4)),
    paid("sarthois:parts", -82, 8400, "Bungalow", Pay(-60, 0.25), Pay(-32, 0.5)),
    paid("roubaix:part", -27, 3900, "Sièges d'atelier", Pay(-6, 0.5)),
    paid("flandre:thirds", -70, 48600, "Rayonnage du hall B", Pay(-66, 1, 0)),
    paid("flandre:thirds_new", -4, 31200, "Mezzanine du hall D"),
    paid("kerguelen:thirds", -38, 9300, "Reprise", Pay(-35, 1, 0), terms="30_60_90"),
    paid("muller:balance", -75, 16400, "Ligne d'affûtage", Pay(-73, 1, 0)),
    paid("muller:balance_new", -2, 11900, "Armoires de séchage"),
    # promised in three instalments: one received, and one received before one missed
    paid("sarthois:plan", -68, 7500, "Préfabriqués, reprise", Pay(-15, 1 / 3)),
    paid("pereira:plan", -95, 4500, "Échafaudage roulant", Pay(-39, 1 / 3)),
)

# -- what goes otherwise than planned ---------------------------------------------

INCIDENTS = (
    invoice("semnoz:credited", -58, 640, "Bacs de rangement, erreur de prix"),
    invoice("castellane:part_credited", -26, 2480, "Massicot, mise en service"),
    invoice("flandre:disputed", -52, 7400, "Échelles de meunier, non conformes"),
    paid("quercy:bounced", -128, 3150, "Sièges de quai", Pay(-40), flags={"bounced"}),
    paid("floralis:unmatched", -34, 870, "Bacs", Pay(-29), flags={"unmatched"}),
    paid("aubrac:in_process", -8, 1640, "Casiers", Pay(-1), flags={"in_process"}),
    invoice("sarthois:excluded", -100, 2900, "Reprise de bungalow", "excluded"),
    invoice("bellerive:blocked", -12, 1350, "Tabourets du bar", "blocked"),
    invoice("montclar:cancelled", -15, 2200, "Fauteuils, double", "cancelled"),
    invoice("grandval:draft", -1, 330, "Comptoir, à vérifier", "draft"),
)

# -- down payments, on the account of down payments received ----------------------

DOWNPAYMENT = "Acompte de 30 % sur commande"
DOWN_PAYMENTS = (
    invoice("bellerive:down", -19, 6900, f"{DOWNPAYMENT} CDE2217", "downpayment"),
    paid(
        "muller:down",
        -95,
        5400,
        f"{DOWNPAYMENT} CDE2093",
        Pay(-93),
        terms="now",
        flags={"downpayment"},
    ),
    Invoice(
        "muller:final",
        "muller",
        -33,
        (
            ("Déligneuse, fourniture et pose", 1, 18000),
            ("Acompte déjà facturé, CDE2093", 1, -5400),
        ),
        terms="60d",
        flags=frozenset({"deducts"}),
    ),
)

# -- foreign currencies, one of them without decimals -----------------------------

FOREIGN = (
    paid("harrow:paid", -92, 3900, "Acoustic pods", Pay(-80), currency="GBP"),
    paid("harrow:part", -48, 6200, "Desks", Pay(-20, 0.5), currency="GBP"),
    invoice("harrow:late", -19, 2750, "Lockers", currency="GBP"),
    invoice("harrow:ahead", 11, 4100, "Meeting table", currency="GBP"),
    paid("lakeshore:paid", -61, 8800, "Partitions", Pay(-49), currency="USD"),
    invoice("lakeshore:late", -36, 12500, "Standing desks", currency="USD"),
    invoice("lakeshore:new", -3, 3300, "Spare parts", currency="USD"),
    # one customer, two currencies
    invoice("lakeshore:euro", -29, 1900, "Layout study"),
    invoice("uhrwerk:late", -41, 5600, "Établis d'horloger", currency="CHF"),
    invoice("uhrwerk:ahead", 9, 2100, "Lampes d'établi", currency="CHF"),
    invoice("kita:late", -23, 685000, "Ergonomic chairs", currency="JPY"),
    paid("kita:paid", -73, 240000, "Samples", Pay(-64), currency="JPY"),
)

# -- the two other companies ------------------------------------------------------

SMALL = {"company": "small"}
BRANCH = {"company": "branch"}
ELSEWHERE = (
    paid("fournil:small", -75, 450, "Nettoyage du four", Pay(-68), **SMALL),
    invoice("fournil:small_late", -32, 310, "Dépannage du pétrin", **SMALL),
    invoice("escale:small", -58, 1240, "Maintenance de la hotte", **SMALL),
    invoice("tilleuls:small", 14, 520, "Visite d'entretien", **SMALL),
    invoice("mainsvertes:small", -6, 180, "Contrôle des extincteurs", **SMALL),
    invoice("pasdedeux:branch", -37, 1480, "Miroirs du studio 2", **BRANCH),
    paid("kerguelen:branch", -66, 2600, "Établi", Pay(-51), **BRANCH),
    invoice("kerguelen:branch_late", -13, 1750, "Servantes", **BRANCH),
    invoice("escale:branch", 18, 940, "Mange-debout", **BRANCH),
)

INVOICES = OPEN + SETTLED + INCIDENTS + DOWN_PAYMENTS + FOREIGN + ELSEWHERE

# -- credit notes, payments and entries without an invoice ------------------------


@dataclass(frozen=True)
class CreditNote:
    """A credit note from an invoice: its share, day, and whether it is reconciled."""

    invoice: str
    day: int
    reason: str
    share: float = 1.0
    reconciled: bool = True


CREDIT_NOTES = (
    CreditNote("semnoz:credited", -49, "Erreur de prix"),
    CreditNote("castellane:part_credited", -12, "Remise commerciale", 0.2),
    CreditNote("flandre:disputed", -18, "Retour partiel, non affecté", 0.35, False),
    CreditNote("lenoir:on_time", -28, "Geste commercial", 0.15, False),
)


@dataclass(frozen=True)
class Unallocated:
    """Money received that nobody has matched yet."""

    customer: str
    day: int
    amount: float
    memo: str
    currency: str = "EUR"


UNALLOCATED = (
    Unallocated("moulinier", -9, 1770.00, "VIR GARAGE MOULINIER SANS REFERENCE"),
    Unallocated("pereira", -75, 500.00, "ACOMPTE CHEQUE 0047112"),
    Unallocated("ginestet", -3, 120.00, "VIR GINESTET TROP PERCU"),
    Unallocated("harrow", -5, 800.00, "HARROW FINCH PART PAYMENT", "GBP"),
)


@dataclass(frozen=True)
class Entry:
    """A miscellaneous entry on receivables.

    :param lines: customer, amount, due day, text
    :param followed: the accountant wants these items dunned all the same
    """

    reference: str
    day: int
    lines: tuple
    followed: bool = False


ENTRIES = (
    Entry(
        "Reprise des à-nouveaux",
        -260,
        (
            ("pereira", 4180.50, -290, "Solde à nouveau, facture 2231"),
            ("aubrac", 1260.00, -275, "Solde à nouveau, facture 2254"),
            ("roubaix", 2318.40, -268, "Solde à nouveau, facture 2260"),
            ("tilleuls", -86.20, -262, "Solde à nouveau, avoir 118"),
        ),
    ),
    Entry(
        "Refacturation de frais de rejet",
        -38,
        (("quercy", 24.00, -38, "Frais de prélèvement rejeté"),),
        followed=True,
    ),
    Entry(
        "Régularisation d'écarts de règlement",
        -55,
        (
            ("castellane", -3.10, -55, "Écart de règlement à apurer"),
            ("minervois", 7.45, -55, "Escompte déduit à tort"),
        ),
    ),
)

# Customers archived once their invoices exist.
ARCHIVED = ("vigilance",)
