"""Records about e-invoices, on which rights are tried out."""

from odoo.addons.account_dunning.demo.einvoice_messages import make_status, write_cdar

SIREN = "999090137"


def create_einvoice_event(env, company, number=None):
    """Return what was said of an invoice.

    :param company: who sold
    :param number: of the invoice; without one it waits
    """
    company_sudo = company.sudo()
    company_sudo.company_registry = SIREN
    status = make_status("203", "", number or "UNKNOWN-1", SIREN)
    return env["dunning.einvoice.event"]._receive(write_cdar([status]))


def create_einvoice_dialogs(env, event):
    """Return one record for each dialog about e-invoices.

    :param event: one that waits
    """
    status = make_status("203", "", "UNKNOWN-2", SIREN)
    file = env["ir.attachment"].create({"name": "one.xml", "raw": write_cdar([status])})
    return [
        env["dunning.einvoice.upload"].create({"attachment_ids": [(6, 0, file.ids)]}),
        env["dunning.einvoice.decision"].create(
            {
                "event_ids": [(6, 0, event.ids)],
                "decision": "ignore",
                "reason": "A test",
            }
        ),
    ]
