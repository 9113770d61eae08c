"""Records of what customers do on their page, for the tests of rights."""


def create_portal_samples(env, company, customer):
    """Return a record of each model, about a customer."""
    # Written by the engine alone.
    customer_sudo = env["dunning.portal"]._enter(customer.id, company.sudo())
    own = customer_sudo.env
    own["dunning.portal.visit"]._note(customer_sudo, own["res.users"])
    own["dunning.portal.attempt"]._count(customer_sudo, "10.0.0.1")
    request = own["dunning.portal.request"].create(
        {
            "partner_id": customer.id,
            "company_id": company.id,
            "kind": "other",
            "title": "Something",
            "date": "2026-03-02",
        }
    )
    return [
        request,
        own["dunning.portal.visit"].search([("partner_id", "=", customer.id)]),
        own["dunning.portal.attempt"].search([], order="id desc", limit=1),
    ]
