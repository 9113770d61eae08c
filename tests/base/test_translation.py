import ast
import re
from pathlib import Path

import polib

from odoo.modules import get_module_path
from odoo.tests import TransactionCase, tagged

from ..terms import ADDON, exported_terms

FOLDER = Path(get_module_path(ADDON)) / "i18n"
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\{.*?\}\}|t-out=\"[^\"]*\"")
CODE = ("controllers", "models", "reports", "wizards")
HOW = "run dev/scripts/export_terms.py in Odoo's shell, then translate what is new"


@tagged("post_install", "-at_install")
class TestTranslation(TransactionCase):
    """Every term of the addon has a good French translation."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.terms = {entry.msgid for entry in exported_terms(cls.env)}
        cls.french = polib.pofile(str(FOLDER / "fr.po"))
        assert len(cls.french) > 1000

    def test_the_template_holds_every_term_of_the_addon(self):
        template = polib.pofile(str(FOLDER / f"{ADDON}.pot"))
        found = {entry.msgid for entry in template}
        self.assertFalse(sorted(self.terms - found), f"missing: {HOW}")
        self.assertFalse(sorted(found - self.terms), f"gone: {HOW}")

    def test_no_term_stands_in_an_f_string_where_the_export_is_blind(self):
        found = [
            f"{path}:{call.lineno}"
            for path, tree in self._get_sources()
            for text in ast.walk(tree)
            if isinstance(text, ast.JoinedStr)
            for call in ast.walk(text)
            if isinstance(call, ast.Call) and getattr(call.func, "attr", "") == "_"
        ]
        self.assertEqual(found, [])

    def test_every_term_of_the_code_is_exported(self):
        found = [
            f"{path}:{call.lineno}: {call.args[0].value}"
            for path, tree in self._get_sources()
            for call in ast.walk(tree)
            if isinstance(call, ast.Call) and getattr(call.func, "attr", "") == "_"
            if isinstance(call.args[0], ast.Constant)
            if call.args[0].value not in self.terms
        ]
        self.assertEqual(found, [])

    def _get_sources(self):
        """Yield the path and the tree of each file whose texts people read."""
        root = FOLDER.parent
        paths = [path for folder in CODE for path in (root / folder).rglob("*.py")]
        self.assertGreater(len(paths), 200)
        for path in paths:
            yield path.relative_to(root), ast.parse(path.read_text())

    def test_every_term_is_translated(self):
        translated = {entry.msgid for entry in self.french.translated_entries()}
        self.assertFalse(sorted(self.terms - translated), HOW)

    def test_nothing_is_fuzzy_nor_twice_there(self):
        self.assertFalse([entry.msgid for entry in self.french.fuzzy_entries()])
        entries = [entry.msgid for entry in self.french]
        self.assertEqual(len(entries), len(set(entries)))

    def test_translations_keep_placeholders_and_tags(self):
        for entry in self.french:
            with self.subTest(term=entry.msgid):
                self.assertEqual(
                    sorted(PLACEHOLDER.findall(entry.msgid)),
                    sorted(PLACEHOLDER.findall(entry.msgstr)),
                )
                self.assertEqual(
                    sorted(re.findall(r"</?\w+", entry.msgid)),
                    sorted(re.findall(r"</?\w+", entry.msgstr)),
                )

    def test_translations_keep_what_is_evaluated(self):
        """A space that does not break is an error in a condition."""
        conditions = re.compile(r'(?:invisible|readonly|required|t-if)="[^"]*"')
        for entry in self.french:
            with self.subTest(term=entry.msgid):
                self.assertEqual(
                    sorted(conditions.findall(entry.msgid)),
                    sorted(conditions.findall(entry.msgstr)),
                )

    def test_french_is_set_with_its_own_punctuation(self):
        """Curved apostrophes, and spaces that do not break before ``:;?!»``."""
        for entry in self.french:
            text = re.sub(r"<[^>]*>|\{\{.*?\}\}", "", entry.msgstr)
            with self.subTest(term=entry.msgid):
                self.assertFalse(re.findall(r"\w'\w| [:;?!»]|« ", text))

    def test_e_mails_are_translated_to_the_last_paragraph(self):
        e_mails = [x for x in self.french if "object.items_table" in x.msgid]
        self.assertGreater(len(e_mails), 5)
        for entry in e_mails:
            paragraphs = set(re.findall(r">\s*([^<>]*\w[^<>]*?)\s*<", entry.msgid))
            left = paragraphs & set(
                re.findall(r">\s*([^<>]*\w[^<>]*?)\s*<", entry.msgstr)
            )
            self.assertFalse(left)

    def test_scenarios_and_e_mails_speak_french(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        addon = self.env["ir.module.module"].search([("name", "=", ADDON)])
        addon._update_translations("fr_FR")
        french = self.env(context={"lang": "fr_FR"})
        scenario = french.ref(f"{ADDON}.scenario_regular")
        self.assertEqual(scenario.name, "Clients courants")
        self.assertIn("relance", scenario.level_ids[0].name.lower())
        template = french.ref(f"{ADDON}.mail_template_formal_notice")
        self.assertIn("mise en demeure", template.body_html)
