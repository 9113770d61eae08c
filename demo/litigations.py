"""What was handed over: one invoice to an agency, one to a lawyer who has asked for an
order to pay, one customer that is insolvent."""

from datetime import timedelta

AGENCY_INVOICES = ("quercy:d160",)
COURT_INVOICES = ("pereira:d180",)
INSOLVENT = "pixel"
# Days before today.
HANDED_OVER, NEWS, PUBLISHED = 20, 6, 12
TO_LAWYER, REQUESTED, ISSUED = 14, 12, 4
# Accounts of the French chart on which entries are prepared.
ACCOUNTS = {
    "dunning_doubtful_account_id": "pcg_416",
    "dunning_provision_account_id": "pcg_491",
    "dunning_provision_expense_id": "pcg_68174",
    "dunning_loss_account_id": "pcg_6541",
}


def hand_over(build, past):
    """Hand over what nobody pays.

    :param past: the history, played up to today
    """
    company = build.companies["main"]
    _set_accounts(build, company)
    agency = _create_agent(
        build,
        "agency",
        name="Recouvrement Atlantique",
        email="dossiers@recouvrement-atlantique.example",
        is_company=True,
        street="14 quai de la Fosse",
        zip="44000",
        city="Nantes",
    )
    administrator = _create_agent(
        build,
        "administrator",
        name="Me Lacombe, mandataire judiciaire",
        email="etude@lacombe.example",
        street="3 rue du Palais",
        zip="33000",
        city="Bordeaux",
    )
    env = past.as_user("collector", company)
    moves = [build.moves[key] for key in AGENCY_INVOICES]
    litigation = _create(
        build,
        env,
        moves,
        {
            "kind": "agency",
            "agent_id": agency.id,
            "reference": "RA-2041",
            "date": _ago(build, HANDED_OVER),
            "reason_id": past.ref("reason_legal").id,
        },
    )
    litigation.state = "amicable"
    acts = env["dunning.litigation.act"]
    acts.create(
        [
            {
                "litigation_id": litigation.id,
                "kind": "sent",
                "date": _ago(build, HANDED_OVER),
            },
            {
                "litigation_id": litigation.id,
                "kind": "news",
                "date": _ago(build, NEWS),
                "note": "Le débiteur propose un échéancier",
            },
        ]
    )
    _go_to_court(build, past, env)
    insolvent = build.partners[INSOLVENT]
    owed = [move for move in build.moves.values() if move.partner_id == insolvent]
    _create(
        build,
        env,
        owed,
        {
            "partner_id": insolvent.id,
            "kind": "insolvency",
            "agent_id": administrator.id,
            "date_published": _ago(build, PUBLISHED),
            "reason_id": past.ref("reason_insolvency").id,
        },
    )


def _set_accounts(build, company):
    """Say on which accounts entries are prepared, where the chart has them."""
    charts = build.env["account.chart.template"].with_company(company)
    accounts = {
        name: charts.ref(xmlid, raise_if_not_found=False)
        for name, xmlid in ACCOUNTS.items()
    }
    if all(accounts.values()):
        # What is on it stays open until it is paid.
        accounts["dunning_doubtful_account_id"].write(
            {"account_type": "asset_receivable", "reconcile": True}
        )
        company.write({name: account.id for name, account in accounts.items()})
        company.dunning_vat_recovery = True


def _go_to_court(build, past, env):
    """A lawyer has asked for an order to pay, which is to be served by now."""
    lawyer = _create_agent(
        build,
        "lawyer",
        name="Me Delmas, avocate",
        email="cabinet@delmas-avocats.example",
        street="21 cours Clemenceau",
        zip="33000",
        city="Bordeaux",
    )
    litigation = _create(
        build,
        env,
        [build.moves[key] for key in COURT_INVOICES],
        {
            "kind": "lawyer",
            "agent_id": lawyer.id,
            "reference": "2026-IP-118",
            "date": _ago(build, TO_LAWYER),
            "reason_id": past.ref("reason_legal").id,
        },
    )
    litigation.state = "court"
    env["dunning.litigation.act"].create(
        [
            {"litigation_id": litigation.id, "kind": kind, "date": _ago(build, days)}
            for kind, days in (
                ("sent", TO_LAWYER),
                ("order_requested", REQUESTED),
                ("order_issued", ISSUED),
            )
        ]
    )


def _create_agent(build, kind, name, **values):
    """Somebody in France to whom one hands over, who reads French."""
    partner = build.env["res.partner"].create(
        {
            "name": build.label(name),
            "country_id": build.env.ref("base.fr").id,
            "lang": build.lang("fr_FR"),
            "dunning_agent_kind": kind,
            **values,
        }
    )
    return build.named(kind, partner)


def _create(build, env, moves, values):
    lines = build.env["account.move.line"].union(*(move.line_ids for move in moves))
    items = lines.filtered(
        lambda line: (
            line.account_type == "asset_receivable"
            and line.parent_state == "posted"
            and line.amount_residual > 0
        )
    )
    return env["dunning.litigation"].create(
        {"move_line_ids": [(6, 0, items.ids)], **values}
    )


def _ago(build, days):
    return build.today - timedelta(days=days)
