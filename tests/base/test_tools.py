import doctest
import importlib
import pkgutil

from odoo.tests import BaseCase, tagged

from odoo.addons.account_dunning import tools


@tagged("post_install", "-at_install")
class TestTools(BaseCase):
    def test_examples_in_the_documentation_of_tools_hold(self):
        attempted = 0
        for info in pkgutil.iter_modules(tools.__path__):
            with self.subTest(module=info.name):
                module = importlib.import_module(f"{tools.__name__}.{info.name}")
                result = doctest.testmod(module)
                self.assertFalse(result.failed)
                attempted += result.attempted
        self.assertGreater(attempted, 300)
