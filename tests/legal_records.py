"""Records of the legal floor, for the tests of rights."""

RATE = {
    "customer_kind": "business",
    "date_from": "2000-01-01",
    "date_to": "2000-06-30",
    "reference": 2.0,
    "margin": 8.0,
    "source": "Official journal",
}
LIMIT = {"date_from": "2000-01-01", "limitation_years": 5}
CONTRACT = {
    "name": "Terms of sale",
    "rate": 20.0,
    "date_from": "2000-01-01",
    "date_to": "2000-12-31",
}


def create_legal_records(test):
    """Return one record of our company for each model of the floor.

    :param test: class of the tests of rights
    """
    country = test.env.ref("base.fr").id
    values = {"country_id": country, "company_id": test.company.id}
    euro = {"currency_id": test.env.ref("base.EUR").id}
    return [
        test.env["dunning.rate"].create(RATE | values | euro),
        test.env["dunning.contract.rate"].create(
            CONTRACT | {"company_id": test.company.id}
        ),
        _create_terms(test.env, test.invoice),
        *_create_more(test.env, test.company, test._items(test.invoice)),
    ]


def create_foreign_legal_records(env, company, mark):
    """Return records of another company.

    :param env: environment of who works there
    :param mark: text that each bears
    """
    country = env.ref("base.fr").id
    values = {"country_id": country, "company_id": company.id, "source": mark}
    return [
        env["dunning.rate"].create(RATE | values),
        env["dunning.contract.rate"].create(
            CONTRACT | {"company_id": company.id, "name": mark}
        ),
        env["dunning.legal.limit"].create(
            LIMIT | {"country_id": country, "company_id": company.id, "source": mark}
        ),
    ]


def create_claims(env, items):
    """Return the dialog by which penalties are claimed, with a line.

    :param env: environment of whoever opens it
    :param items: journal items of a customer
    """
    items.company_id.country_id = env.ref("base.fr")
    claim = env["dunning.penalty.claim"].create(
        {"reason_id": env.ref("account_dunning.reason_price").id}
    )
    claim.action_fill()
    line = claim.line_ids.filtered(lambda line: line.move_line_id == items[:1])
    claim.line_ids -= claim.line_ids - line
    statement = env["dunning.interest.statement"]._prepare_for(items[:1])
    return [claim, line, statement]


def _create_more(env, company, items):
    """Return limits by law, an acknowledgement, and what was claimed."""
    france = env.ref("base.fr").id
    # What the system writes of what was claimed.
    penalties_sudo = env["dunning.penalty"].sudo()
    penalty_sudo = penalties_sudo.create(
        {
            "partner_id": items.partner_id.id,
            "company_id": company.id,
            "currency_id": items.currency_id.id,
            "date": "2026-03-02",
            "state": "waived",
            "line_ids": [
                (
                    0,
                    0,
                    {
                        "kind": "interest",
                        "move_line_id": items[:1].id,
                        "date_from": "2020-02-21",
                        "date_to": "2020-03-02",
                        "amount_waived": 1,
                    },
                )
            ],
        }
    )
    return [
        env["dunning.limitation.alert"]
        .sudo()
        .create({"move_line_id": items[:1].id, "date_limit": "2031-01-01"}),
        env["dunning.legal.limit"].create(
            LIMIT | {"country_id": france, "company_id": company.id}
        ),
        env["dunning.acknowledgement"].create(
            {
                "name": "Letter",
                "company_id": company.id,
                "partner_id": items.partner_id.id,
                "move_line_ids": [(6, 0, items.ids)],
            }
        ),
        penalty_sudo,
        penalty_sudo.line_ids,
    ]


def _create_terms(env, invoice):
    """Return what is kept of what an invoice says; the system writes it."""
    terms_sudo = env["dunning.invoice.terms"].sudo()
    found_sudo = terms_sudo.search([("move_id", "=", invoice.id)])
    return found_sudo or terms_sudo.create({"move_id": invoice.id, "text": "12.15 %"})
