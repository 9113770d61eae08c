"""E-invoices of this month, and what the platforms of their buyers say of them: one of
each kind, some that wait, and one that came by e-mail from somebody unknown."""

from datetime import datetime, time, timedelta
from decimal import Decimal

from odoo import Command

from ..tools.einvoice_message import Document
from .einvoice_messages import make_status, write_cdar, write_peppol

# Days from today.
ISSUED, DUE = -38, -8
UNKNOWN_SELLER = "999888777"

BUYERS = (
    ("vallon", "Menuiseries du Vallon", "99930111200017", "Annecy", "74000"),
    ("arceaux", "Hôtel des Arceaux", "99930222400015", "Montpellier", "34000"),
    ("passerelle", "Clinique de la Passerelle", "99930333600013", "Metz", "57000"),
)

# Buyer, what was sold, its price; what was said of it: status, reason, days from today
# and what else.
INVOICES = (
    ("vallon", "Établis, lot de deux", 1850, [("203", "", -37), ("205", "", -20)]),
    (
        "vallon",
        "Rayonnage, travées 1 à 4",
        3200,
        [("206", "QTE_ERR", -12, {"amount": Decimal("480.00")})],
    ),
    (
        "vallon",
        "Servantes d'atelier",
        960,
        [
            ("203", "", -37),
            ("207", "PU_ERR", -9, {"text": "Le prix de la commande était de 820 €."}),
        ],
    ),
    ("vallon", "Pose et réglage", 740, [("208", "JUSTIF_ABS", -10)]),
    (
        "arceaux",
        "Chaises empilables, lot de trente",
        2100,
        [("208", "CMD_ERR", -25), ("209", "", -18)],
    ),
    (
        "arceaux",
        "Banquettes du hall",
        4300,
        [("210", "DOUBLE_FACT", -7, {"text": "Déjà facturé le mois dernier."})],
    ),
    (
        "arceaux",
        "Tables basses",
        1250,
        [("211", "", -1, {"amount": Decimal("1500.00"), "in_days": 2})],
    ),
    ("arceaux", "Mobilier de terrasse", 5600, [("213", "REJ_SEMAN", -36)]),
    ("passerelle", "Chariots de soins", 3900, [("221", "ROUTAGE_ERR", -35)]),
    ("passerelle", "Armoires de pharmacie", 2750, [("200", "NON_TRANSMISE", -37)]),
    ("passerelle", "Bureaux d'accueil", 1900, [("225", "", -15)]),
    ("passerelle", "Sièges de consultation", 1480, [("227", "", -14)]),
    ("passerelle", "Vestiaires", 1120, [("299", "NOUVEAU", -5)]),
    ("vallon", "Casiers", 610, [("UQ", "PRI", -6)]),
    ("passerelle", "Lampes d'examen", 890, [("205", "", -20), ("212", "", -3)]),
)


def tell(build):
    """Post the invoices, and take what is said of them.

    :param build: the demo, played up to today
    """
    company = build.companies["main"]
    seller = company.company_registry[:9]
    partners = {row[0]: _create_buyer(build, *row) for row in BUYERS}
    moves = _create_invoices(build, company, partners)
    documents = [
        document
        for (buyer, __, __, said), move in zip(INVOICES, moves, strict=True)
        for document in _write(build, move, seller, partners[buyer], said)
    ]
    waiting = [
        make_status("207", "QTE_ERR", "FAC-INCONNUE-0042", seller, text=""),
        make_status("210", "EMMET_INC", moves[0].name, UNKNOWN_SELLER, text=""),
    ]
    documents += [
        Document(f"{status.number}.xml", write_cdar([status])) for status in waiting
    ]
    events = build.env["dunning.einvoice.event"]
    events._receive_all(documents, "file")
    status = make_status("207", "AUTRE", moves[0].name, seller, text="À revoir.")
    events._receive_all(
        [Document("statut.xml", write_cdar([status]))], "mail", trusted=False
    )


def _create_buyer(build, code, name, registry, city, code_postal):
    return build.named(
        f"buyer_{code}",
        build.env["res.partner"].create(
            {
                "name": build.label(name),
                "is_company": True,
                "company_registry": registry,
                "city": city,
                "zip": code_postal,
                "country_id": build.env.ref("base.fr").id,
                "email": f"comptabilite@{code}.example",
                "lang": build.lang("fr_FR"),
            }
        ),
    )


def _create_invoices(build, company, partners):
    moves = build.env["account.move"].with_company(company)
    tax = company.account_sale_tax_id
    created = moves.create(
        [
            {
                "move_type": "out_invoice",
                "partner_id": partners[buyer].id,
                "company_id": company.id,
                "journal_id": build.journal(company, "sale").id,
                "invoice_date": build.today + timedelta(days=ISSUED),
                "invoice_date_due": build.today + timedelta(days=DUE),
                "invoice_payment_term_id": False,
                "invoice_user_id": build.users["sales"].id,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": label,
                            "price_unit": price,
                            "tax_ids": [Command.set(tax.ids)],
                        }
                    )
                ],
            }
            for buyer, label, price, __ in INVOICES
        ]
    )
    created.action_post()
    return created


def _write(build, move, seller, partner, said):
    """Give the messages about an invoice."""
    buyer = partner.company_registry[:9]
    for code, reason, days, *more in said:
        values = dict(more[0]) if more else {}
        day = build.today + timedelta(days=days)
        values["date"] = datetime.combine(day, time(9, 12))
        if in_days := values.pop("in_days", None):
            values["date_payment"] = build.today + timedelta(days=in_days)
        name = f"{code}_{move.name.replace('/', '-')}.xml"
        values |= {
            "sender": buyer,
            "buyers": (buyer,),
            "invoice_date": move.invoice_date,
        }
        status = make_status(code, reason, move.name, seller, **values)
        content = write_cdar([status]) if code.isdigit() else write_peppol(status, code)
        yield Document(name, content)
