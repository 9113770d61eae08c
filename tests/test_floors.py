import re
from collections import defaultdict
from pathlib import Path

from odoo.tests import BaseCase, tagged

from .floors import FOLDERS, House

ROOT = Path(__file__).parents[1]
MOST_LINES = 400


@tagged("post_install", "-at_install")
class TestFloors(BaseCase):
    """The house stands on floors, each of which knows only those below it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        text = (ROOT / "models" / "__init__.py").read_text()
        cls.floors = re.findall(r"^from \. import (\w+)$", text, re.M)
        cls.house = House(ROOT, cls.get_floor)

    @classmethod
    def get_floor(cls, path):
        return cls.floors.index(path.split("/")[1])

    def test_there_is_a_house_to_look_at(self):
        self.assertGreater(len(self.floors), 15)
        self.assertGreater(len(self.house.sources), 200)
        self.assertGreater(len(list(self.house.get_uses())), 2500)

    def test_each_file_lies_on_a_floor(self):
        for folder in FOLDERS:
            lying = [path.name for path in (ROOT / folder).glob("*.py")]
            self.assertEqual(lying, ["__init__.py"])
            floors = [path.parent.name for path in (ROOT / folder).rglob("*.py")]
            self.assertEqual(set(floors) - {folder}, set(floors) & {*self.floors})

    def test_each_folder_says_what_it_does(self):
        for floor in self.floors:
            first = (ROOT / "models" / floor / "__init__.py").read_text().split("\n")[0]
            self.assertRegex(first, r'^""".{10,}\."""$')

    def test_the_design_says_of_each_floor_what_its_folder_says(self):
        design = (ROOT / "docs" / "design.md").read_text().replace("`", "")
        for floor in self.floors:
            first = (ROOT / "models" / floor / "__init__.py").read_text().split("\n")[0]
            self.assertIn(f"| {floor} | {first[3:-4]} |", design)

    def test_what_is_printed_asks_nothing_of_a_higher_floor(self):
        known = defaultdict(set)
        for path in (ROOT / "models").rglob("*.py"):
            for name in re.findall(r"def (\w+)\(", path.read_text()):
                known[name].add(self.get_floor(str(path.relative_to(ROOT))))
        asked = [
            (self.get_floor(str(path.relative_to(ROOT))), path.name, name)
            for path in (ROOT / "reports").rglob("*.xml")
            for name in re.findall(r"\.(_\w+)\(", path.read_text())
            if name in known
        ]
        self.assertGreater(len(asked), 5)
        upward = [use for use in asked if min(known[use[2]]) > use[0]]
        self.assertEqual(upward, [])

    def test_a_floor_knows_only_those_below_it(self):
        self.assertEqual([str(use) for use in self.house.get_upward()], [])

    def test_no_method_stands_below_what_it_extends(self):
        self.assertEqual(self.house.get_lost(), [])

    def test_methods_on_odoo_s_models_bear_the_name_of_the_addon(self):
        self.assertEqual(self.house.get_nameless(), [])

    def test_no_file_is_too_long_to_be_read(self):
        long = {
            str(path.relative_to(ROOT)): count
            for folder in (*FOLDERS, "tools", "tests")
            for path in (ROOT / folder).rglob("*.py")
            if (count := len(path.read_text().splitlines())) > MOST_LINES
        }
        self.assertEqual(long, {})
