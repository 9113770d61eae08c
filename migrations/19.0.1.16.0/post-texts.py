"""Two statements say which items they list, three French texts are about one item as
well as about several, and an e-mail is true after one call as well as after several,
where the shipped sentence is still there."""

from odoo import SUPERUSER_ID, api

DAY = '<t t-out="object.date_text"/>'
TEMPLATES = (
    "mail_template_statement",
    "letter_template_statement",
    "mail_template_reminder_1",
    "letter_template_courteous",
    "mail_template_dispute_refusal",
    "letter_template_dispute_refusal",
    "mail_template_call_missed",
)
# Each begins a sentence in the letter, and ends one in the e-mail.
STATEMENTS = (
    (
        f"ere is the statement of your account with us on {DAY}.",
        f"ere is the statement of what remains to be paid on your account on {DAY}. "
        "What we have agreed upon, or what you contest, is not listed.",
    ),
    (
        f"oici le relevé de votre compte dans nos livres au {DAY}.",
        f"oici le relevé de ce qui reste à régler sur votre compte au {DAY}. Ce dont "
        "nous sommes convenus, ou que vous contestez, n’y figure pas.",
    ),
)
SENTENCES = (
    *STATEMENTS,
    (
        "le règlement des échéances ci-dessous, aujourd’hui dépassées, ne nous est pas "
        "encore parvenu.",
        "le règlement de ce qui est détaillé ci-dessous, aujourd’hui échu, ne nous est "
        "pas encore parvenu.",
    ),
    (
        "le règlement des échéances ci-dessous, dont la date est dépassée.",
        "le règlement de ce qui est détaillé ci-dessous, aujourd’hui échu.",
    ),
    (
        "Vous nous avez indiqué contester les factures ci-dessous.",
        "Vous nous avez indiqué contester ce qui est détaillé ci-dessous.",
    ),
    (
        "Les dates d’échéance des factures n’ont pas changé",
        "Aucune date d’échéance n’a changé",
    ),
    (
        "We have tried to reach you on the phone several times, without success,",
        "We have tried to reach you on the phone, without success,",
    ),
    (
        "Nous avons cherché plusieurs fois à vous joindre au téléphone, sans succès,",
        "Nous avons cherché à vous joindre au téléphone, sans succès,",
    ),
)


def migrate(cr, version):
    templates = api.Environment(cr, SUPERUSER_ID, {})["mail.template"]
    templates._dunning_update_shipped(TEMPLATES, SENTENCES)
