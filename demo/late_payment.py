"""The worked case of late payment: 10 000 € due on 31/05/2025, a formal notice with its
penalties on 15/09/2025, and the payment of the principal on that day. What is owed of
penalties can still be claimed."""

from datetime import date

from odoo import Command

DUE, PAID = date(2025, 5, 31), date(2025, 9, 15)
CUSTOMER = {
    "name": "Menuiserie Vercors",
    "street": "6 chemin des Scieries",
    "zip": "38250",
    "city": "Villard-de-Lans",
    "email": "compta@menuiserie-vercors.example",
    "company_registry": "99900999900018",
}


def play(build, past) -> None:
    """Sell, write and be paid as the worked case says.

    :param build: the demo so far
    :param past: the ``History``, whose clock is set back to the day of the letter
    """
    if not build.companies["main"].country_id.code == "FR":
        return
    partner = build.named("partner_vercors", _create_customer(build))
    move = build.named("invoice_vercors", _create_invoice(build, partner))
    level = _create_level(build)
    with past.clock(PAID):
        _write(build, past, partner, level)
    past.date_messages(PAID)
    _pay(build, move)


def _create_customer(build):
    partners = build.env["res.partner"].with_company(build.companies["main"])
    return partners.create(
        CUSTOMER
        | {
            "is_company": True,
            "country_id": build.env.ref("base.fr").id,
            "lang": build.lang("fr_FR"),
            "user_id": build.users["sales"].id,
        }
    )


def _create_invoice(build, partner):
    company = build.companies["main"]
    move = (
        build.env["account.move"]
        .with_company(company)
        .create(
            {
                "move_type": "out_invoice",
                "partner_id": partner.id,
                "company_id": company.id,
                "invoice_date": date(2025, 5, 1),
                "invoice_date_due": DUE,
                "invoice_payment_term_id": False,
                "narration": "Pénalités de retard : taux de la BCE majoré de 10 points."
                "<br/>Indemnité forfaitaire pour frais de recouvrement : 40 €.",
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": "Agencement d’atelier",
                            "price_unit": 10_000,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
            }
        )
    )
    move.action_post()
    build.env["dunning.invoice.arrival"].search([("move_id", "=", move.id)]).unlink()
    return move


def _create_level(build):
    """A scenario whose formal notice claims penalties."""
    company = build.companies["main"]
    scenario = build.env["dunning.scenario"].create(
        {
            "name": build.label("Mise en demeure avec pénalités"),
            "description": "Pour les clients auxquels des pénalités de retard sont "
            "réclamées\N{NO-BREAK SPACE}: une mise en demeure, avec leur détail.",
            "company_id": company.id,
            "level_ids": [
                Command.create(
                    {
                        "name": "Mise en demeure",
                        "delay_days": 60,
                        "channel": "registered",
                        "execution": "manual",
                        "tone": "formal",
                        "claim": "claimed",
                        "letter_template_id": build.env.ref(
                            "account_dunning.letter_template_formal_notice"
                        ).id,
                    }
                )
            ],
        }
    )
    return scenario.level_ids


def _write(build, past, partner, level):
    """Send the formal notice by registered post."""
    # Which text an action has is set by the system.
    actions_sudo = build.env["dunning.action"].sudo()
    notice_sudo = actions_sudo.create(
        {
            "partner_id": partner.id,
            "company_id": build.companies["main"].id,
            "channel": "registered",
            "level_id": level.id,
            "scenario_id": level.scenario_id.id,
            "date": PAID,
            "user_id": build.users["collector"].id,
        }
    )
    past.as_user("collector", build.companies["main"])["dunning.action"].browse(
        notice_sudo.id
    ).action_execute()
    build.named("action_vercors", notice_sudo)


def _pay(build, move):
    wizard = (
        build.env["account.payment.register"]
        .with_context(active_model="account.move", active_ids=move.ids)
        .create(
            {
                "payment_date": PAID,
                "journal_id": build.journal(move.company_id, "bank").id,
            }
        )
    )
    wizard._create_payments()
