"""Records of what tells whom to watch, for the tests of rights."""

import base64


def create_risk_samples(env, company, customer):
    """Return a record of each model, about a customer."""
    # Written by the engine alone.
    profiles_sudo = env["dunning.profile"].sudo()
    profiles_sudo._refresh(company)
    marks_sudo = env["dunning.profile.mark"].sudo()
    marks_sudo._mark(company, customer)
    return [
        profiles_sudo.search(
            [("partner_id", "=", customer.id), ("company_id", "=", company.id)]
        ),
        marks_sudo.search([], order="id desc", limit=1),
        env["dunning.cover"].create(
            {
                "partner_id": customer.id,
                "company_id": company.id,
                "insurer_id": customer.id,
                "amount": 1000,
            }
        ),
        env["dunning.solvency"].create(
            {"partner_id": customer.id, "company_id": company.id, "source": "Register"}
        ),
        env["dunning.customer.group"].create(
            {
                "name": "Family",
                "company_id": company.id,
                "member_ids": [(6, 0, customer.ids)],
            }
        ),
        env["dunning.assignment.rule"].create(
            {
                "name": "Rule",
                "company_id": company.id,
                "user_ids": [(6, 0, env.user.ids)],
            }
        ),
        # Written by the engine alone, too.
        profiles_sudo.env["dunning.substitution"].create(
            {
                "company_id": company.id,
                "user_id": env.user.id,
                "substitute_id": env.ref("base.user_admin").id,
                "date_start": company._dunning_today(),
                "date_end": company._dunning_today(),
            }
        ),
        env["dunning.watch"].create(
            {"partner_id": customer.id, "company_id": company.id, "reason": "Bad news"}
        ),
        env["dunning.watch.rule"].create(
            {"name": "Late", "company_id": company.id, "domain": "[('delay', '>', 9)]"}
        ),
        env["dunning.stop.release"].create(
            {"partner_id": customer.id, "company_id": company.id, "reason": "Paid"}
        ),
        env["dunning.priority.rule"].create(
            {"name": "Rule", "company_id": company.id, "condition": "days"}
        ),
        env["dunning.worklist"].search(
            [("partner_id", "=", customer.id), ("company_id", "=", company.id)]
        ),
    ]


def create_risk_dialogs(env, users, customer):
    """Return one record for each dialog, as if its user had opened it."""
    return [
        env["dunning.assignment.dialog"].create(
            {"scope": "all", "way": "user", "user_id": users["manager"].id}
        ),
        env["dunning.absence.dialog"].create(
            {
                "user_id": users["collector"].id,
                "substitute_id": users["manager"].id,
            }
        ),
        env["dunning.cover.import"].create(
            {
                "insurer_id": customer.id,
                "file": base64.b64encode(f"Client;Montant\n{customer.name};9".encode()),
            }
        ),
        env["dunning.stop.dialog"].create(
            {"partner_ids": [(6, 0, customer.ids)], "reason": "Paid"}
        ),
    ]


def get_risk_typed(customer):
    """Return what somebody has to fill in to make a record of each model."""
    about = {"partner_id": customer}
    return {
        "dunning.assignment.rule": {"name": "Rule"},
        "dunning.cover": {**about, "insurer_id": customer},
        "dunning.customer.group": {"name": "Another Family"},
        "dunning.priority.rule": {"name": "Rule", "condition": "days"},
        "dunning.solvency": {**about, "source": "Register"},
        "dunning.stop.dialog": {"reason": "Paid"},
        "dunning.stop.release": {**about, "reason": "Paid"},
        "dunning.watch": {**about, "reason": "Bad news"},
        "dunning.watch.rule": {"name": "Late", "domain": "[('overdue', '>', 0)]"},
    }
