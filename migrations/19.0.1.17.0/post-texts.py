"""Texts are about one item as well as about several, where the shipped sentence is
still there."""

from odoo import SUPERUSER_ID, api

TEMPLATES = (
    "mail_template_reminder_1",
    "letter_template_courteous",
    "mail_template_invoice_copy",
    "mail_template_call_missed",
    "mail_template_dispute_refusal",
    "letter_template_dispute_refusal",
)
SENTENCES = (
    (
        "we have not yet received the payment of the items below, whose due date has "
        "passed.",
        "we have not yet received the payment of what is listed below and has fallen "
        "due.",
    ),
    (
        "If something is not right with one of these invoices,",
        "If something is not right,",
    ),
    (
        "that you have not received them, please find attached the invoices that are "
        "open on your account.",
        "that you have received nothing, please find attached what is open on your "
        "account.",
    ),
    ("If one of them lacks anything (", "If anything is lacking ("),
    (
        "without success, about the items below.",
        "without success, about the following.",
    ),
    (
        "You have told us that you contest the invoices below.",
        "You have told us that you contest what is listed below.",
    ),
    ("The due dates of the invoices have not changed", "No due date has changed"),
    (
        "Si l’une de ces factures appelle une remarque,",
        "Si quelque chose appelle une remarque,",
    ),
    ("ne pas les avoir reçues", "n’avoir rien reçu"),
    (
        "ci-joint les factures ouvertes sur votre compte.",
        "ci-joint ce qui est ouvert sur votre compte.",
    ),
    ("S’il manque quelque chose à l’une d’elles (", "S’il y manque quelque chose ("),
)


def migrate(cr, version):
    templates = api.Environment(cr, SUPERUSER_ID, {})["mail.template"]
    templates._dunning_update_shipped(TEMPLATES, SENTENCES)
