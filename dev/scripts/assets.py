"""Run in Odoo's shell: build the bundles the first page would wait for."""

env["ir.qweb"]._pregenerate_assets_bundles()
env.cr.commit()
