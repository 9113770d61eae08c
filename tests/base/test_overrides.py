import ast
from collections import defaultdict
from pathlib import Path

from odoo.tests import BaseCase, tagged

ROOT = Path(__file__).parents[2]
FOLDERS = ("models", "wizards", "reports")


@tagged("post_install", "-at_install")
class TestOverrides(BaseCase):
    """A model is made of many classes: none takes the place of another's method without
    knowing it."""

    def test_no_method_takes_the_place_of_another_by_accident(self):
        """Of the classes of a model that define a method, all but one call the others,
        or say that they override them."""
        definitions = defaultdict(list)
        for folder in FOLDERS:
            for path in sorted((ROOT / folder).rglob("*.py")):
                text = path.read_text()
                for node in ast.parse(text).body:
                    if isinstance(node, ast.ClassDef):
                        self._collect(definitions, path, text, node)
        several = {key: found for key, found in definitions.items() if len(found) > 1}
        self.assertGreater(len(several), 50, "there is something to look at")
        wrong = {
            ".".join(key): [path for path, knows in found if not knows]
            for key, found in several.items()
            if sum(not knows for _path, knows in found) > 1
        }
        self.assertEqual(wrong, {})

    def _collect(self, definitions, path, text, node):
        """Note the methods of a class by the model that they belong to."""
        values = {
            statement.targets[0].id: ast.literal_eval(statement.value)
            for statement in node.body
            if isinstance(statement, ast.Assign)
            and isinstance(statement.targets[0], ast.Name)
            and statement.targets[0].id in ("_name", "_inherit")
        }
        inherited = values.get("_inherit")
        model = values.get("_name") or inherited
        if not isinstance(model, str):
            return
        for method in node.body:
            if isinstance(method, ast.FunctionDef):
                source = ast.get_source_segment(text, method)
                knows = "super(" in source or "# OVERRIDES" in source
                name = str(path.relative_to(ROOT))
                definitions[model, method.name].append((name, knows))
