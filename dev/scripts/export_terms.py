"""Run in Odoo's shell on a fresh database with the addon: bring i18n/ up to date.

``make -s shell DB=name < dev/scripts/export_terms.py`` writes the template with
Odoo's own exporter, and each PO file with the terms of the template: translations
stay with their terms, new terms come without one, those that are gone go.
"""

from pathlib import Path

import polib

from odoo.modules import get_module_path

from odoo.addons.account_dunning.tests.terms import ADDON, exported_terms

FOLDER = Path(get_module_path(ADDON)).resolve() / "i18n"


def save(path, terms, header):
    """Write a file unless only its dates would change."""
    terms.wrapwidth = 78
    if path.exists():
        present = polib.pofile(str(path), wrapwidth=78)
        header = present.metadata
        if [str(entry) for entry in present] == [str(entry) for entry in terms]:
            return
    terms.metadata = header
    terms.save(str(path))
    print(f"{path.name}: {len(terms)} terms, {len(terms.untranslated_entries())} to do")


def merged(path, template):
    """Return the terms of the template with the translations of a PO file."""
    known = {entry.msgid: entry.msgstr for entry in polib.pofile(str(path))}
    terms = polib.POFile()
    terms.header = template.header
    for entry in template:
        terms.append(
            polib.POEntry(
                msgid=entry.msgid,
                msgstr=known.get(entry.msgid, ""),
                comment=entry.comment,
                occurrences=entry.occurrences,
            )
        )
    return terms


template = exported_terms(env)
save(FOLDER / f"{ADDON}.pot", template, template.metadata)
for path in sorted(FOLDER.glob("*.po")):
    save(path, merged(path, template), template.metadata)
