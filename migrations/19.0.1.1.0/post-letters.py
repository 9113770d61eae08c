"""Levels of the first version knew no letters: their tone chooses the text, so that
those who go by post keep going out."""

from odoo import SUPERUSER_ID, api

TEXTS = {
    "courteous": "account_dunning.letter_template_courteous",
    "firm": "account_dunning.letter_template_firm",
    "formal": "account_dunning.letter_template_formal_notice",
}
CHANNELS = ("email", "letter", "registered")


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {"active_test": False})
    for tone, text in TEXTS.items():
        levels = env["dunning.level"].search(
            [
                ("tone", "=", tone),
                ("channel", "in", CHANNELS),
                ("letter_template_id", "=", False),
            ]
        )
        levels.letter_template_id = env.ref(text)
