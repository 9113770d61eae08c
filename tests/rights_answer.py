"""Records of what customers answer on their page, for the tests of rights."""

from odoo import Command, fields


def create_answer(env, company, customer, mark="Phone"):
    """Return a correction that a customer has asked for, and what it would change.

    :param mark: stands in each of them
    """
    # Written by the system alone.
    requests_sudo = env["dunning.portal.request"].sudo()
    request_sudo = requests_sudo.create(
        {
            "partner_id": customer.id,
            "company_id": company.id,
            "kind": "details",
            "title": mark,
            "payload": {"details": {"phone": mark}},
            "details": {"en_US": [["Phone", mark]]},
            "date": fields.Datetime.now(),
            "state": "done",
            "decision": "open",
            "change_ids": [Command.create({"name": "phone", "old": "", "new": mark})],
        }
    )
    return request_sudo, request_sudo.change_ids


def create_refusal(env, samples):
    """Return the dialog that refuses an answer."""
    answers = samples["dunning.portal.request"]
    return env["dunning.answer.refusal"].create(
        {"request_ids": [Command.set(answers.ids)]}
    )


def create_dispute_answer(env, dispute, mark="We look at it"):
    """Return what a customer was answered about a dispute."""
    # Written by the system alone.
    answers_sudo = env["dunning.dispute.answer"].sudo()
    return answers_sudo.create(
        {
            "dispute_id": dispute.id,
            "date": fields.Datetime.now(),
            "user_id": env.uid,
            "text": mark,
            "address": f"{mark}@example.com",
        }
    )
