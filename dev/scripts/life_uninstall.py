"""Run in Odoo's shell: uninstall the addon as the Apps menu does."""

env["ir.module.module"].search(
    [("name", "=", "account_dunning")]
).button_immediate_uninstall()
