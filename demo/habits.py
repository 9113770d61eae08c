"""Who the collectors deal with and how, for the history of the demo. No ORM here.

Identifiers such as ``scenario_sensitive`` are those of the addon's data.
"""

from dataclasses import dataclass

# Customers the credit manager takes care of in person.
TAKEN_OVER = ("flandre", "arvenis", "arvenis_ind", "arvenis_dis")

SCENARIOS = {
    "scenario_sensitive": ("flandre", "arvenis", "arvenis_ind", "arvenis_dis", "orge"),
    "scenario_small_amounts": ("mainsvertes", "estelle"),
}
INVOICE_SCENARIOS = {"lenoir:d10": "scenario_sensitive"}

# Customers who asked for a statement by post.
ON_PAPER = ("castellane", "floralis", "sarthois")

NOTES = {
    "flandre": "Campagnes de paiement les 10 et 25. Passer par Isabelle Lemaire.",
    "arvenis": "Ne rien envoyer sans l'accord de Nadia Lefèvre.",
    "delorme": "Joindre Christine Boucher le matin, elle est à mi-temps.",
    "orge": "Mandatement sous 50 jours. Rappeler le numéro d'engagement.",
    "pereira": "Rumeurs de difficultés : ne plus accorder de délai.",
}

# What customers say on the phone: reason and note.
CALL_OUTCOMES = (
    ("reason_forgotten", "Facture oubliée, virement promis pour la fin de semaine."),
    ("reason_payment_run", "Passe dans la prochaine campagne de règlement."),
    ("reason_not_received", "Facture non reçue, renvoyée pendant l'appel."),
    ("reason_not_approved", "Bon à payer en attente chez le responsable de service."),
    ("reason_already_paid", "Dit avoir réglé, envoie l'avis de virement."),
    ("reason_cash", "Trésorerie tendue, demande un délai. Rappeler la semaine proche."),
    ("reason_own_customers", "Attend lui-même un règlement important."),
)

SKIPS = (
    "Avis de virement reçu ce matin",
    "Vu avec le commercial, le client règle à la livraison",
    "Déjà eu au téléphone hier",
)


@dataclass(frozen=True)
class Hold:
    """A hold put by the collector.

    :param invoices: keys of the invoices; none, it covers the whole customer
    :param day: when it was put, in days from today
    :param until: its last day, in days from today; None, it is open-ended
    :param released: when it was released, if it was
    """

    customer: str
    day: int
    until: int | None
    reason: str
    note: str
    invoices: tuple = ()
    released: int | None = None


HOLDS = (
    Hold(
        "bellerive",
        -6,
        9,
        "reason_cash",
        "Saison basse : règlement annoncé au prochain encaissement de groupe.",
    ),
    Hold(
        "aubrac",
        -44,
        -30,
        "reason_absent",
        "Vendanges : personne au bureau avant la fin du mois.",
    ),
    Hold(
        "montclar",
        -24,
        None,
        "reason_not_approved",
        "Bon à payer chez l'associé absent ; reçu depuis.",
        invoices=("montclar:d45",),
        released=-11,
    ),
)
