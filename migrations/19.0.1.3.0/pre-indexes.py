"""Customers are not looked up by what no list is searched by: Odoo keeps indexes that
fields have no longer."""

from odoo.tools.sql import drop_index

FIELDS = ("dunning_scenario_id", "dunning_channel", "dunning_note")


def migrate(cr, version):
    for name in FIELDS:
        drop_index(cr, f"res_partner__{name}_index", "res_partner")
