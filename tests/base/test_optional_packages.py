import importlib
import sys
from unittest.mock import patch

from odoo.tests import BaseCase, tagged

from ...tools import phones


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
