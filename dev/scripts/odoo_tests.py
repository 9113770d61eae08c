"""Starts Odoo so that it runs the tests of modules that are installed already with
everything else loaded, as in life: also those that it runs by itself while it loads
the modules one by one, when nothing but a part of the tables' columns is known."""

import sys

from odoo.cli import main
from odoo.tests import loader
from odoo.tests.suite import OdooSuite

LOADING, LOADED = "at_install", "post_install"
make_suite = loader.make_suite


def make_whole_suite(module_names, position=LOADING):
    """Return no tests while modules are loaded, and all of them afterwards."""
    if position == LOADING:
        return OdooSuite()
    suite = make_suite(module_names, LOADED)
    suite.addTests(make_suite(module_names, LOADING))
    return suite


loader.make_suite = make_whole_suite
sys.exit(main())
