"""Records of litigation, on which rights are tried out."""


def create_deadline_rule(env, company, trigger):
    """Return a legal deadline.

    :param company: whose it is
    :param trigger: kind of the act from which it counts
    """
    return env["dunning.deadline.rule"].create(
        {
            "name": "Answer",
            "company_id": company.id,
            "trigger": trigger,
            "ending": "news",
        }
    )


def create_proof(env, litigation):
    """Return a proof file, and the seal and chain on which it stands.

    :param litigation: of which it is
    """
    litigation.action_proof()
    proof = env["dunning.proof"].search([], order="id desc", limit=1)
    # Written by the system alone.
    seal_sudo = env["dunning.seal"].sudo().search([], limit=1)
    return proof, seal_sudo, seal_sudo.chain_id
