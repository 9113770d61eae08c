"""Proofs of acknowledgements belong to these: they were seen by nobody but whoever had
uploaded them."""

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    env["dunning.acknowledgement"].search([])._adopt_proofs()
