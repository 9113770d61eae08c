"""The terms to translate, as Odoo's own exporter finds them."""

import io
import os
from unittest.mock import patch

import polib

from odoo.tools.translate import trans_export

ADDON = "account_dunning"


def exported_terms(env):
    """Return the terms of the addon in a database, as a ``polib.POFile``."""
    buffer = io.BytesIO()
    with patch("odoo.tools.translate.os.walk", _walk_addon):
        trans_export(False, [ADDON], buffer, "po", env)
    return polib.pofile(buffer.getvalue().decode())


def _walk_addon(top, walk=os.walk, **options):
    """Walk the addon only: in a checkout, hidden folders hold the environment and
    links back to the addon."""
    for root, folders, files in walk(top, **options):
        if root == top:
            folders[:] = [name for name in folders if name == ADDON]
        elif os.path.basename(root) == ADDON:
            folders[:] = [name for name in folders if _is_product(name)]
        yield root, folders, files


def _is_product(name):
    return not name.startswith((".", "_")) and name not in ("dev", "tests")
