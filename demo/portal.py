"""A customer who logs in, and a provider that takes payments without a bank."""

from odoo import Command

# The accountant of the customer of whom most is to be told; the password is the login.
CONTACT, LOGIN = "delorme_boucher", "customer"
PROVIDER = "payment.payment_provider_demo"


def open_portal(build):
    """Let a customer see its page, and pay there where the provider is installed."""
    users = build.env["res.users"].create(
        {
            "partner_id": build.partners[CONTACT].id,
            "login": build.label(LOGIN),
            "password": build.label(LOGIN),
            "company_id": build.companies["main"].id,
            "company_ids": [Command.set(build.companies["main"].ids)],
            "group_ids": [Command.set(build.env.ref("base.group_portal").ids)],
        }
    )
    build.named("user_customer", users)
    _take_payments(build)


def _take_payments(build):
    provider = build.env.ref(PROVIDER, raise_if_not_found=False)
    if not provider or not build.is_demo:
        return
    company = build.companies["main"]
    if provider.company_id != company:
        provider = provider.copy({"company_id": company.id})
    provider.payment_method_ids.active = True
    provider.write({"state": "test", "is_published": True})
    provider.journal_id = provider.journal_id or build.journal(company, "bank")
