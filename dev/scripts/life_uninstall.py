"""Run in Odoo's shell: uninstall the addon as the administrator does in Apps."""

module = env["ir.module.module"].search([("name", "=", "account_dunning")])
apps = env(user=env.ref("base.user_admin"))
wizard = apps["base.module.uninstall"].create({"module_ids": module.ids})
# What the window shows before.
assert wizard.model_ids
wizard.action_uninstall()
