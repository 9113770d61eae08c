"""Who is at risk: profiles, limits, a group, credit insurance, a watch list."""

from datetime import timedelta

from odoo import Command

# What customers may owe, by their codes.
LIMITS = {
    "delorme": 12_000,
    "quercy": 15_000,
    "castellane": 20_000,
    "kerguelen": 10_000,
}
# What is insured, until how many days from today.
COVERS = {"delorme": (10_000, 200), "quercy": (15_000, 20), "castellane": (25_000, 340)}
INSURER = "Assurcrédit Alpha"
DECLARATION_DAYS = 120
GROUP_PREFIX, GROUP_NAME, GROUP_LIMIT = "arvenis", "Groupe Arvenis", 250_000
WATCHED, CHECKED = "kerguelen", "quercy"


def create_risk(build):
    """Set limits, insure, group and watch customers, and write their profiles."""
    main = build.companies["main"]
    env = build.env(context={**build.env.context, "allowed_company_ids": main.ids})
    main.write(
        {
            "account_use_credit_limit": True,
            "dunning_stop_limit": "warn",
            "dunning_stop_age": "block",
            "dunning_stop_days": 150,
        }
    )
    partners = {
        code: partner.with_env(env).with_company(main)
        for code, partner in build.partners.items()
    }
    for code, limit in LIMITS.items():
        partners[code].credit_limit = limit
    _insure(env, main, partners, build.today)
    _group(env, main, partners)
    env["dunning.solvency"].create(
        {
            "partner_id": partners[CHECKED].id,
            "company_id": main.id,
            "date": build.today - timedelta(days=40),
            "source": "Greffe du tribunal de commerce",
            "score": "6/20",
            "date_next": build.today + timedelta(days=140),
        }
    )
    env["dunning.watch"].create(
        {
            "partner_id": partners[WATCHED].id,
            "company_id": main.id,
            "reason": "Changement de dirigeant",
            "effect": "warn",
        }
    )
    for company in build.companies.values():
        env["dunning.profile"]._refresh(company)
        env["dunning.watch.rule"]._apply_all(company)


def _insure(env, company, partners, today):
    insurer = env["res.partner"].create({"name": INSURER, "is_company": True})
    env["dunning.cover"].create(
        [
            {
                "partner_id": partners[code].id,
                "company_id": company.id,
                "insurer_id": insurer.id,
                "policy": f"AC-{2400 + number}",
                "currency_id": company.currency_id.id,
                "amount": amount,
                "date_from": today - timedelta(days=150),
                "date_to": today + timedelta(days=days),
                "declaration_days": DECLARATION_DAYS,
            }
            for number, (code, (amount, days)) in enumerate(COVERS.items(), 1)
        ]
    )


def _group(env, company, partners):
    found = [p for code, p in partners.items() if code.startswith(GROUP_PREFIX)]
    members = env["res.partner"].union(*found).commercial_partner_id
    env["dunning.customer.group"].create(
        {
            "name": GROUP_NAME,
            "company_id": company.id,
            "credit_limit": GROUP_LIMIT,
            "member_ids": [Command.set(members.ids)],
        }
    )
