"""Acknowledgements of all that a customer owed name it: without items, they were about
whatever came to the customer since then."""

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    env["dunning.acknowledgement"].search([])._name_items()
