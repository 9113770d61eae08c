"""Run in Odoo's shell: load the demo data of the addon, as "Load demo data" of Odoo's
settings would, but without that of the modules it depends on."""

from odoo.modules.module import Manifest
from odoo.tools import convert_file

ADDON = "account_dunning"

for file in Manifest.for_addon(ADDON)["demo"]:
    convert_file(env, ADDON, file, {}, "init", noupdate=True)
env["ir.module.module"].search([("name", "=", ADDON)]).demo = True
env.cr.commit()
