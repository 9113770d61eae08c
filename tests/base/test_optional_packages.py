import ast
import importlib
import os
import subprocess
import sys
from pathlib import Path
from unittest.mock import patch

from odoo.modules import Manifest
from odoo.tests import BaseCase, tagged
from odoo.tools import config

from ...tools import phones
from .. import sources

ROOT = Path(__file__).parents[2]
ADDON = "account_dunning"
LOAD = """
import importlib, sys
path, addons, missing, wanted = (argument.split(",") for argument in sys.argv[1:])
sys.modules |= {name: None for name in missing if name}
from odoo.modules.module import initialize_sys_path
from odoo.tools import config
config.parse_config(["--addons-path", ",".join(path)])
initialize_sys_path()
for addon in addons:
    importlib.import_module("odoo.addons." + addon)
print(*(name for name in wanted if name in sys.modules))
"""


@tagged("post_install", "-at_install")
class TestOptionalPackages(BaseCase):
    """What Odoo does without, the addon does without as well."""

    def test_without_the_library_of_phone_numbers_each_may_be_a_mobile(self):
        self.addCleanup(importlib.reload, phones)
        with patch.dict(sys.modules, {"phonenumbers": None}):
            importlib.reload(phones)
            self.assertTrue(phones.is_mobile("+33123456789"))
        importlib.reload(phones)
        self.assertFalse(phones.is_mobile("+33123456789"))

    def test_the_addon_is_imported_without_each_optional_package(self):
        _needed, optional = self._get_packages()
        self.assertIn("phonenumbers", optional)
        for package in sorted(optional):
            with self.subTest(package):
                self.assertEqual(self._load([ADDON], [package], ["odoo"]), {"odoo"})

    def test_what_the_addon_needs_is_brought_by_odoo_or_declared(self):
        needed, _optional = self._get_packages()
        self.assertIn("lxml", needed)
        manifest = Manifest.for_addon(ADDON)
        declared = manifest["external_dependencies"].get("python", [])
        brought = self._load(manifest["depends"], [], sorted(needed))
        self.assertEqual(needed - brought - {*declared}, set(), "declare or guard them")

    def _get_packages(self):
        """Return the packages of others that the addon imports: those that it needs,
        and those that it does without."""
        needed, optional = set(), set()
        folders = ("controllers", "models", "reports", "tools", "wizards")
        for source in sources.read(ROOT, *folders):
            for node in ast.walk(source.tree):
                match node:
                    case ast.Import(names=names):
                        found = {alias.name.split(".")[0] for alias in names}
                    case ast.ImportFrom(module=str(module), level=0):
                        found = {module.split(".")[0]}
                    case _:
                        continue
                found -= {*sys.stdlib_module_names, "odoo"}
                (optional if self._is_guarded(source, node) else needed).update(found)
        return needed - optional, optional

    def _is_guarded(self, source, node):
        attempt = source.get_around(node, ast.Try)
        names = [getattr(x.type, "id", "") for x in attempt.handlers] if attempt else []
        return "ImportError" in names

    def _load(self, addons, missing, wanted):
        """Import addons in a process of their own; return which of the wanted packages
        are loaded then."""
        path = config["addons_path"]
        arguments = [path if isinstance(path, list) else [path], addons]
        arguments += [missing, wanted]
        done = subprocess.run(
            [sys.executable, "-c", LOAD, *map(",".join, arguments)],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        self.assertEqual(done.returncode, 0, done.stderr)
        return {*done.stdout.split()}
