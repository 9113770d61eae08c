"""Promises are looked up by the day on which time alone may change them; Odoo keeps
indexes that models have no longer."""

from odoo.tools.sql import drop_index


def migrate(cr, version):
    drop_index(cr, "dunning_promise__next_idx", "dunning_promise")
