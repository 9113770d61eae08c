"""A proof file of hundreds or thousands of documents: every second one an invoice, the
others e-mails as they were sent."""

import datetime
import os

from odoo import Command

from benchmarks import clock

DOCUMENTS = 500
# Items that each e-mail lists.
LISTED = 250
PDF = 100_000


def make(env, documents=DOCUMENTS, listed=LISTED):
    """Make the proof file of a customer, as its download does.

    :param documents: that it is to hold at least
    :param listed: invoices that there are already when the e-mails are sent
    """
    clock.pretend(env, clock.first_day())
    partner = env["res.partner"].create(
        {
            "name": "Proof",
            "email": "proof@bench.example",
            "is_company": True,
            "country_id": env.ref("base.fr").id,
        }
    )
    _invoice(env, partner, listed)
    _write(env, partner, documents - documents // 2)
    if documents // 2 > listed:
        _invoice(env, partner, documents // 2 - listed)
    proof = env["dunning.proof"].create(
        {
            "partner_id": partner.id,
            "company_id": env.company.id,
            "user_id": env.uid,
        }
    )
    env.flush_all()
    env.invalidate_all()
    figures = {}
    with clock.stopwatch(figures):
        file, _name = proof._make()
    with file:
        size = file.seek(0, os.SEEK_END)
    found = proof.document_count
    env.cr.rollback()
    if found < documents:
        raise ValueError(f"The proof file has {found} documents only.")
    return {**figures, "documents": found, "bytes": size}


def _invoice(env, partner, count):
    """Post invoices that are late, each with the PDF that was sent."""
    due = clock.first_day() - datetime.timedelta(days=40)
    moves = env["account.move"].create(
        [
            {
                "move_type": "out_invoice",
                "partner_id": partner.id,
                "invoice_date": due - datetime.timedelta(days=30),
                "invoice_date_due": due,
                "invoice_payment_term_id": False,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": "Service",
                            "price_unit": 100 + number,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
            }
            for number in range(count)
        ]
    )
    moves.action_post()
    env["ir.attachment"].create(
        [
            {
                "name": f"{number}.pdf",
                "res_model": "account.move",
                "res_id": move.id,
                "res_field": "invoice_pdf_report_file",
                # Does not become smaller in the archive, as PDFs do not.
                "raw": b"%PDF-1.4 " + os.urandom(PDF),
                "mimetype": "application/pdf",
            }
            for number, move in enumerate(moves)
        ]
    )


def _write(env, partner, count):
    """Send e-mails about them, one after the other."""
    scenario = env["dunning.scenario"].create(
        {
            "name": "Proof",
            "level_ids": [
                Command.create(
                    {
                        "name": "Reminder",
                        "delay_days": 1,
                        "channel": "email",
                        "mail_template_id": env.ref(
                            "account_dunning.mail_template_reminder_1"
                        ).id,
                    }
                )
            ],
        }
    )
    for _number in range(count):
        action = env["dunning.action"].create(
            {
                "partner_id": partner.id,
                "company_id": env.company.id,
                "channel": "email",
                "level_id": scenario.level_ids.id,
                "scenario_id": scenario.id,
                "date": clock.first_day(),
            }
        )
        action.action_execute()
