import re
from collections import defaultdict
from pathlib import Path

from odoo.tests import BaseCase, tagged

from . import sources
from .floors import FOLDERS, House

ROOT = Path(__file__).parents[1]


@tagged("post_install", "-at_install")
class TestSources(BaseCase):
    """What the house asks of its sources, held by reading them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.files = sources.read(ROOT, *FOLDERS)
        cls.entries = cls._get_entries()

    def _find(self, find, files=None):
        return [place for file in files or self.files for place in find(file)]

    # ------------------------------------------------------------------
    # RIGHTS
    # ------------------------------------------------------------------

    def test_rights_are_raised_for_a_reason_that_is_written_there(self):
        self.assertGreater(len(self._find(sources.get_elevations)), 100)
        self.assertEqual(self._find(sources.find_unreasoned), [])

    def test_elevated_records_say_so_by_their_name(self):
        self.assertEqual(self._find(sources.find_unnamed), [])

    def test_whoever_comes_second_is_told_by_one_wording(self):
        locking = {
            file.name
            for file in self.files
            if ".lock_for_update(" in "".join(file.lines)
        }
        # Beside it, `try_lock_for_update` says whose turn it is.
        self.assertEqual(locking, {"models/base/dunning_lock.py"})

    def test_a_colon_is_set_as_the_reader_writes_it(self):
        # Formulas, domains and addresses of pages are no words.
        bare = re.compile(r'f".*\}: (?:\{|"$)')
        texts = [file for file in self.files if not file.name.startswith("tools/")]
        self.assertGreater(len(texts), 300)
        self.assertEqual(
            [
                (file.name, line)
                for file in texts
                for line in file.lines
                if bare.search(line)
            ],
            [],
        )

    def test_what_is_wrong_is_found(self):
        text = (
            "def method(self):\n"
            '    """Do it."""\n'
            "    record = self.sudo().browse(1)\n"
            "    for line in self.sudo():\n"
            "        line.unlink()\n"
            "    return self.sudo()\n"
        )
        source = sources.Source("models/x.py", text)
        self.assertEqual(len(sources.find_unreasoned(source)), 3)
        self.assertEqual(
            sources.find_unnamed(source),
            ["models/x.py:3 record", "models/x.py:4 line", "models/x.py:6 method"],
        )
        told = text.replace("Do it.", "Return it elevated.")
        self.assertEqual(
            sources.find_unreasoned(sources.Source("models/x.py", told)), []
        )

    # ------------------------------------------------------------------
    # WHAT CALLERS ARE TOLD
    # ------------------------------------------------------------------

    def test_public_methods_say_what_they_do(self):
        files = [*self.files, *sources.read(ROOT, "tools")]
        self.assertGreater(len(self._find(sources.get_methods, files)), 1000)
        self.assertEqual(self._find(sources.find_untold, files), [])

    def test_what_is_called_from_another_floor_says_what_it_does(self):
        self.assertEqual(self._find_entries(sources.find_untold), [])

    def test_what_is_called_from_another_floor_says_what_type_it_returns(self):
        self.assertEqual(self._find_entries(sources.find_untyped), [])

    def test_arguments_that_cross_a_floor_say_of_what_type_they_are(self):
        self.assertEqual(self._find_entries(sources.find_unannotated), [])

    def test_an_argument_without_type_is_found(self):
        text = (
            "def told(self, day: Date, *said: str) -> str: ...\n"
            "def untold(self, day, *, at: int = 0): ...\n"
            "def _hook(self, **values): ...\n"
            "def create(self, vals_list):\n"
            "    # EXTENDS 'base'\n"
            "    return 1\n"
        )
        source = sources.Source("models/x.py", text)
        self.assertEqual(
            sources.find_unannotated(source, {"_hook"}),
            ["models/x.py:2 untold", "models/x.py:3 _hook"],
        )
        self.assertEqual(sources.find_unannotated(source), ["models/x.py:2 untold"])

    def _find_entries(self, find):
        self.assertGreater(sum(map(len, self.entries.values())), 150)
        return [
            place
            for file in self.files
            for place in find(file, self.entries[file.name])
        ]

    @classmethod
    def _get_entries(cls):
        """Return the methods that other floors call: dict of path to names."""
        text = (ROOT / "models" / "__init__.py").read_text()
        floors = re.findall(r"^from \. import (\w+)$", text, re.M)
        house = House(ROOT, lambda path: floors.index(path.split("/")[1]))
        entries = defaultdict(set)
        for use in house.get_uses():
            if use.how == "calls" and house.floor_of(use.path) != house.floor_of(
                use.target
            ):
                entries[use.target].add(use.what)
        return entries
