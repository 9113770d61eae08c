"""What is said in calls agrees with the number of invoices, where the shipped sentence
is still there: singular and plural are written ``[it|them]``."""

import json

SENTENCES = (
    (
        "due since {{ object.date_due }}: have you received it, and is it approved "
        "for payment?",
        "due since {{ object.date_due }}: have you received [it|them], and [is it|are "
        "they] approved for payment?",
    ),
    (
        "échéance du {{ object.date_due }}\N{NO-BREAK SPACE}: l’avez-vous bien "
        "reçue, et est-elle bonne à payer\N{NO-BREAK SPACE}?",
        "échéance du {{ object.date_due }}\N{NO-BREAK SPACE}: [l’avez-vous|les "
        "avez-vous] bien [reçue|reçues], et [est-elle bonne|sont-elles bonnes] à "
        "payer\N{NO-BREAK SPACE}?",
    ),
)


def migrate(cr, version):
    cr.execute("SELECT id, instructions FROM dunning_level WHERE instructions != '{}'")
    for id_, scripts in cr.fetchall():
        changed = {lang: agree(script) for lang, script in scripts.items()}
        if changed != scripts:
            cr.execute(
                "UPDATE dunning_level SET instructions = %s WHERE id = %s",
                [json.dumps(changed), id_],
            )


def agree(script):
    """Return a script whose shipped sentence agrees with the number of invoices."""
    for before, after in SENTENCES:
        script = script and script.replace(before, after)
    return script
