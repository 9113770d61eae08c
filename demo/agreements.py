"""What customers promised and contested, and what became of it. No ORM here.

Days are counted from today: -30 is thirty days ago. What was received is with the
invoices, in ``cases.py``.
"""

from dataclasses import dataclass

# Above these a promise needs the approval of the credit manager.
MAX_DAYS, MAX_AMOUNT = 60, 20000
REMINDER_DAYS = 2

# Who answers for the departments.
DEPARTMENTS = {
    "department_quality": "quality",
    "department_logistics": "logistics",
    "department_sales": "sales",
}


@dataclass(frozen=True)
class Promise:
    """A promise, made by the collector.

    :param invoices: keys of the invoices
    :param day: when it was made
    :param pays: day of the payment, or of the first instalment
    :param amount: what is promised; 0, all that is open
    :param count: number of instalments
    :param withdrawn: when it was withdrawn, if it was
    :param approved: when the credit manager approved it, if need be
    """

    name: str
    invoices: tuple
    day: int
    pays: int
    by: str = ""
    note: str = ""
    reason: str = "reason_promised"
    means: str = "transfer"
    amount: float = 0
    count: int = 1
    interval: str = "month"
    withdrawn: int | None = None
    approved: int | None = None


PROMISES = (
    Promise(
        "kept",
        ("rougier:late",),
        -43,
        -36,
        "M. Rougier",
        "Règle dès l'encaissement de son chantier de l'école.",
    ),
    Promise(
        "partly_kept",
        ("delorme:part",),
        -44,
        -31,
        "Christine Boucher",
        "La moitié tout de suite, le reste à voir en fin de mois.",
        amount=3360,
        reason="reason_cash",
    ),
    Promise(
        "broken",
        ("quercy:d120",),
        -48,
        -30,
        note="Virement annoncé pour la prochaine campagne de règlement.",
        reason="reason_payment_run",
    ),
    Promise(
        "plan",
        ("sarthois:plan",),
        -24,
        -16,
        "Mme Garnier, comptable",
        "Trois mensualités, à l'avancement du chantier des Tanneurs.",
        reason="reason_own_customers",
        count=3,
        approved=-22,
    ),
    Promise(
        "plan_broken",
        ("pereira:plan",),
        -47,
        -40,
        "José Pereira",
        "Dernier délai accordé, en trois fois.",
        reason="reason_cash",
        means="check",
        count=3,
        interval="fortnight",
    ),
    # put off, and put off again
    Promise("first", ("moulinier:d38",), -34, -20, reason="reason_forgotten"),
    Promise("second", ("moulinier:d38",), -23, -9, reason="reason_own_customers"),
    Promise(
        "third",
        ("moulinier:d38",),
        -11,
        6,
        "M. Moulinier père",
        "Troisième date : prévenir Nadia si rien n'arrive.",
        reason="reason_own_customers",
    ),
    Promise(
        "to_approve",
        ("arvenis_dis:d31", "arvenis_dis:d75"),
        -2,
        20,
        "Service fournisseurs",
        "Solde complet contre la livraison du quai n° 5.",
    ),
    Promise(
        "approved",
        ("minervois:d28", "minervois:d50"),
        -15,
        4,
        "La directrice de la cave",
        "Six mensualités, jusqu'à la vente de la récolte.",
        reason="reason_cash",
        count=6,
        approved=-13,
    ),
    Promise(
        "today",
        ("escale:d33",),
        -9,
        0,
        "Le gérant",
        "Passe déposer un chèque à l'agence.",
        means="check",
    ),
    Promise(
        "tomorrow",
        ("grandval:d18",),
        -8,
        1,
        "Mme Grandval",
        reason="reason_payment_run",
    ),
    Promise(
        "dollars",
        ("lakeshore:late",),
        -20,
        7,
        "Dana Whitfield",
        "Wire goes out once their own client has paid.",
        reason="reason_own_customers",
    ),
    Promise(
        "pounds",
        ("harrow:part",),
        -34,
        -20,
        "Accounts payable",
        "Half now, the rest after the site visit.",
        amount=3100,
    ),
    Promise("withdrawn", ("vasseur:consumer",), -7, 8, "Paul Vasseur", withdrawn=-4),
)
WITHDRAWAL = "Le client est revenu sur sa promesse."


@dataclass(frozen=True)
class Dispute:
    """A dispute, recorded by the collector.

    :param invoices: keys of the invoices
    :param day: when it was recorded
    :param amount: what is contested; 0, all that is open
    :param steps: what was done about it: day, action of the dispute (or one of
        ``dealings.py``), and what that needs
    """

    name: str
    invoices: tuple
    day: int
    reason: str
    description: str
    amount: float = 0
    steps: tuple = ()


DISPUTES = (
    Dispute(
        "new",
        ("castellane:d8",),
        -1,
        "reason_duplicate",
        "Pense avoir déjà reçu cette facture le mois dernier.",
    ),
    Dispute(
        "in_process",
        ("roubaix:d60",),
        -20,
        "reason_discount",
        "Remise de fin d'année non déduite, accord verbal de Hugo Martin.",
        amount=2000,
        steps=((-19, "process"),),
    ),
    # asked, and not answered in time
    Dispute(
        "waiting_department",
        ("flandre:disputed",),
        -17,
        "reason_quality",
        "Échelles non conformes : trois ont été renvoyées.",
        steps=(
            (-16, "process"),
            (-14, "ask", "L'avoir du retour partiel couvre-t-il tout ?", -9),
        ),
    ),
    Dispute(
        "answered",
        ("bellandi:d30",),
        -12,
        "reason_wrong_quantity",
        "Trente-huit casiers reçus au lieu de quarante.",
        amount=240,
        steps=(
            (-11, "ask", "Combien de casiers sont partis ?", -6),
            (-7, "answer", "logistics", "Quarante au bon de livraison, signé."),
        ),
    ),
    Dispute(
        "waiting_customer",
        ("aubrac:d20",),
        -10,
        "reason_damaged",
        "Deux éléments rayés à la livraison.",
        amount=900,
        steps=((-9, "process"), (-6, "wait_customer")),
    ),
    Dispute(
        "rejected",
        ("escale:d15",),
        -12,
        "reason_quality",
        "Chaises jugées instables sur la terrasse.",
        steps=(
            (-11, "process"),
            (
                -5,
                "reject",
                None,
                "Le procès-verbal de réception, signé sans réserve, ne mentionne "
                "aucun défaut.",
            ),
        ),
    ),
    Dispute(
        "accepted",
        ("montclar:d22",),
        -16,
        "reason_late_delivery",
        "Livraison en deux fois : demande 10 % de remise.",
        amount=648,
        steps=(
            (-15, "process"),
            (-5, "accept", "Accord de Hugo Martin pour un geste de 10 %."),
        ),
    ),
    Dispute(
        "corrected",
        ("pagnel:d40",),
        -32,
        "reason_wrong_details",
        "Numéro d'engagement manquant : facture refusée sur Chorus Pro.",
        steps=((-30, "correct", "Facture redéposée avec le numéro d'engagement."),),
    ),
    Dispute(
        "cancelled",
        ("delorme:d61",),
        -38,
        "reason_delivery",
        "Livraison incomplète d'après le magasin.",
        steps=((-36, "cancel", "Le colis manquant était au quai voisin."),),
    ),
    # closed by the ledger
    Dispute(
        "paid",
        ("semnoz:early",),
        -33,
        "reason_price",
        "Prix unitaire différent du devis ; vérifié avec eux, le devis était ancien.",
        steps=((-32, "process"),),
    ),
)
