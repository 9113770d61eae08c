"""What was handed over: one invoice to an agency, one customer that is insolvent."""

from datetime import timedelta

AGENCY_INVOICES = ("quercy:d160",)
INSOLVENT = "pixel"
# Days before today.
HANDED_OVER, NEWS, PUBLISHED = 20, 6, 12


def hand_over(build, past):
    """Hand over what nobody pays.

    :param past: the history, played up to today
    """
    company = build.companies["main"]
    partners = build.env["res.partner"]
    agency = build.named(
        "agency",
        partners.create(
            {
                "name": build.label("Recouvrement Atlantique"),
                "email": "dossiers@recouvrement-atlantique.example",
                "is_company": True,
                "dunning_agent_kind": "agency",
            }
        ),
    )
    administrator = build.named(
        "administrator",
        partners.create(
            {
                "name": build.label("Me Lacombe, mandataire judiciaire"),
                "email": "etude@lacombe.example",
                "dunning_agent_kind": "administrator",
            }
        ),
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
