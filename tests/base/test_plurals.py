import re
from pathlib import Path

from odoo.tests import BaseCase, tagged
from odoo.tools.misc import file_path

# Fields that hold a number of something; units behind what is typed in are none.
NUMBER = r'(?:name|t-out)="[\w.]*(?:count|days_late|attempts|number)"'
# A number that is shown, and the words that follow it up to the next mark-up.
SHOWN = re.compile(rf"<(?:field|t|span|strong) {NUMBER}[^>]*/>\s*([^<\"\n]+)")
# What is shown for several only.
SEVERAL = re.compile(r"(?:&gt; 1|!= 1|== 1)")
FOLDERS = ("views", "wizards", "reports", "static/src")


@tagged("post_install", "-at_install")
class TestPlurals(BaseCase):
    """One is no plural: what stands behind a number on a screen suits one as well."""

    def test_words_behind_a_number_suit_one_of_them(self):
        root = Path(file_path("account_dunning"))
        paths = [p for folder in FOLDERS for p in (root / folder).rglob("*.xml")]
        self.assertGreater(len(paths), 50)
        found = [
            f"{path.relative_to(root)}: {line.strip()[:100]}"
            for path in paths
            for line in path.read_text().splitlines()
            for words in SHOWN.findall(line)
            if self._is_plural(words) and not SEVERAL.search(line)
        ]
        self.assertFalse(found)

    def _is_plural(self, words):
        first = words.strip(" ()·.,").split()[:1]
        return any(word.endswith("s") or word == "selected" for word in first) or (
            " they " in words
        )

    def test_it_would_be_seen(self):
        line = '<div><field name="level_count" /> levels</div>'
        self.assertTrue(self._is_plural(*SHOWN.findall(line)))
