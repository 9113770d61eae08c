"""Records of what customers do on their page, for the tests of rights."""

from .rights_answer import create_answer


def create_portal_samples(env, company, customer):
    """Return a record of each model, about a customer."""
    # Written by the engine alone.
    customer_sudo = env["dunning.portal"]._enter(customer.id, company.sudo())
    own = customer_sudo.env
    own["dunning.portal.visit"]._note(customer_sudo, own["res.users"])
    own["dunning.portal.attempt"]._count(customer_sudo, "10.0.0.1")
    return [
        *create_answer(own, company, customer),
        own["dunning.portal.visit"].search([("partner_id", "=", customer.id)]),
        own["dunning.portal.attempt"].search([], order="id desc", limit=1),
    ]
