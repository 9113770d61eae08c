"""Records of what dunning makes of what buyers say, for the tests of rights."""


def create_effect_samples(env, invoice):
    """Return a record of each model, about an invoice that its buyer has suspended."""
    # Statuses are written by the system.
    events_sudo = env["dunning.einvoice.event"].sudo()
    event_sudo = events_sudo.create(
        {
            "state": "assigned",
            "code": "208",
            "reason_codes": "JUSTIF_ABS",
            "date": "2026-02-20 09:00:00",
            "move_id": invoice.id,
            "company_id": invoice.company_id.id,
            "currency_id": invoice.currency_id.id,
            "message_ref": f"rights-{invoice.id}",
        }
    )
    event_sudo._apply()
    of_invoice = [("move_id", "=", invoice.id)]
    rules = env["dunning.einvoice.rule"]
    return [
        event_sudo.matter_ids,
        env["dunning.einvoice.status"].search(of_invoice),
        env["dunning.einvoice.answer"].search(of_invoice),
        rules.create({"code": "300", "company_id": invoice.company_id.id}),
    ]


def get_effect_typed():
    """Return what somebody has to fill in to make a record of each model."""
    return {"dunning.einvoice.rule": {"code": "301"}}
