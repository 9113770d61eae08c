"""Checks of the addon's data files: XML and CSV, and what the manifest lists.

Runs inside the virtual environment, where lxml is.
"""

import ast
import csv
import re
import sys
from collections import Counter
from pathlib import Path

from lxml import etree

ROOT = Path(__file__).resolve().parent.parent
ADDON = "account_dunning"
DATA_FOLDERS = ("data", "demo", "reports", "security", "views", "wizards")
OUTDATED = {
    "//tree": "<tree> is called <list> now",
    "//*[@attrs]": "attrs= is gone: write invisible=, readonly=, required=",
    "//*[@states]": "states= is gone: write invisible=",
    "//*[@t-raw]": "t-raw is unsafe and gone: use t-out",
    "//*[@t-esc]": "t-esc is deprecated: use t-out",
    "//search//group[@expand or @string]": "a search view's group takes no such key",
    "//openerp": "<openerp> is called <odoo> now",
    "//field[@name='users'][ancestor::record[@model='res.groups']]": (
        "the field is called user_ids now"
    ),
    "//field[@name='groups_id']": "the field is called group_ids now",
    "//kanban//*[@t-name='kanban-box']": 't-name="card" replaces kanban-box',
}
REPLACED = "//field[@name='arch']//*[@position='replace'][not(node())]"


def main():
    """Print what is wrong, one line each; return 1 if anything is."""
    found = list(check())
    print("\n".join(found))
    return 1 if found else 0


def check():
    """Yield what is wrong in the addon's data files."""
    manifest = ast.literal_eval((ROOT / "__manifest__.py").read_text())
    listed = [*manifest.get("data", ()), *manifest.get("demo", ())]
    yield from _listed(listed)
    identifiers = Counter()
    for path in sorted(_files(".xml")):
        try:
            tree = etree.parse(path)
        except etree.XMLSyntaxError as error:
            yield f"{path.relative_to(ROOT)}: {error}"
            continue
        yield from _check_tree(path.relative_to(ROOT), tree)
        if str(path.relative_to(ROOT)) in listed:
            identifiers.update(_identifiers(tree))
    for name in listed:
        if name.endswith(".csv") and (ROOT / name).is_file():
            yield from _check_csv(Path(name))
    for identifier, count in identifiers.items():
        if count > 1:
            yield f"{count} records have the id {identifier}"


def _files(suffix):
    for folder in (*DATA_FOLDERS, "static"):
        for path in (ROOT / folder).rglob(f"*{suffix}"):
            if "lib" not in path.relative_to(ROOT).parts:
                yield path


def _listed(listed):
    """The manifest and the folders tell the same."""
    for name in listed:
        if not (ROOT / name).is_file():
            yield f"__manifest__.py lists {name}, which does not exist"
    for name, count in Counter(listed).items():
        if count > 1:
            yield f"__manifest__.py lists {name} {count} times"
    for path in (*_files(".xml"), *_files(".csv")):
        name = str(path.relative_to(ROOT))
        # demo/ also holds tables that its Python code reads
        read_by_code = path.suffix == ".csv" and name.startswith("demo/")
        if name not in listed and not name.startswith("static/") and not read_by_code:
            yield f"{name} is not listed in __manifest__.py"


def _check_tree(path, tree):
    for expression, advice in OUTDATED.items():
        for node in tree.xpath(expression):
            yield f"{path}:{node.sourceline}: {advice}"
    for node in tree.xpath("//odoo//*[self::record or self::template][@id]"):
        if node.get("id").startswith(f"{ADDON}."):
            yield f"{path}:{node.sourceline}: the id needs no {ADDON}. before it"
    for node in tree.xpath(REPLACED):
        yield (
            f"{path}:{node.sourceline}: removing a node of another's view breaks "
            "whoever extends it: make it invisible"
        )
    if tree.getroot().tag == "odoo":
        yield from _against_schema(path, tree)


def _against_schema(path, tree):
    """Odoo's own grammar of data files."""
    schema = _schema()
    if not schema.validate(tree):
        for error in schema.error_log:
            yield f"{path}:{error.line}: {error.message}"


def _schema():
    if not hasattr(_schema, "cached"):
        path = next(
            Path(folder) / "odoo" / "import_xml.rng"
            for folder in sys.path
            if (Path(folder) / "odoo" / "import_xml.rng").is_file()
        )
        _schema.cached = etree.RelaxNG(etree.parse(path))
    return _schema.cached


def _identifiers(tree):
    tags = "self::record or self::template or self::menuitem"
    for node in tree.xpath(f"//odoo//*[{tags}][@id]"):
        yield node.get("id")


def _check_csv(path):
    with open(ROOT / path, newline="", encoding="utf-8") as handle:
        rows = list(csv.reader(handle))
    if not rows:
        yield f"{path} is empty"
        return
    for number, row in enumerate(rows[1:], 2):
        if len(row) != len(rows[0]):
            yield f"{path}:{number}: {len(row)} values for {len(rows[0])} columns"
    for identifier, count in Counter(row[0] for row in rows[1:] if row).items():
        if count > 1:
            yield f"{path}: {count} rows have the id {identifier}"
    if not re.fullmatch(r"[\w.]+", path.stem):
        yield f"{path}: the file's name must be a model's"
