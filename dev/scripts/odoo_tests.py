"""Starts Odoo so that it runs the tests of modules that are installed already, those
too that it runs while it installs them: with everything else loaded, as in life."""

import sys

from odoo.cli import main
from odoo.tests import loader

POSITIONS = ("at_install", "post_install")
make_suite = loader.make_suite


def make_whole_suite(module_names, position="at_install"):
    suite = make_suite(module_names, position)
    if position == POSITIONS[-1]:
        suite.addTests(make_suite(module_names, POSITIONS[0]))
    return suite


loader.make_suite = make_whole_suite
sys.exit(main())
