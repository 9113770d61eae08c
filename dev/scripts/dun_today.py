"""Run in Odoo's shell on the demo database: today's dunning, then a summary.

Prints one line of JSON: what the run did, who can log in, where to look.
"""

import json

from odoo.exceptions import AccessDenied

ADDON = "account_dunning"
FIRST_MENUS = ("agenda", "to_validate", "customer", "promise", "dispute", "coverage")


def run_dunning():
    """Run today's dunning for every company; say what it made."""
    for company in env["res.company"].search([]):
        company._dunning_run()
    groups = env["dunning.action"]._read_group([], ["channel"], ["__count"])
    channels = dict(
        env["dunning.action"]._fields["channel"]._description_selection(env)
    )
    return [f"{channels.get(channel, channel)} {count}" for channel, count in groups]


def accounts():
    """Who can log in: the administrator and the addon's demo users."""
    data = env["ir.model.data"].search(
        [("module", "=", ADDON), ("model", "=", "res.users")]
    )
    users = env.ref("base.user_admin") + env["res.users"].browse(data.mapped("res_id"))
    found = [(user, password_of(user)) for user in users.exists()]
    return [[user.login, word, user.name] for user, word in found if word]


def password_of(user):
    """The password demo data gave, tried rather than guessed."""
    for word in (user.login, "demo", "admin"):
        credential = {"type": "password", "login": user.login, "password": word}
        try:
            user.with_user(user)._check_credentials(credential, {"interactive": False})
        except AccessDenied:
            continue
        return word
    return ""


def places():
    """Where to begin, with the addresses: one menu for each part of the work."""
    menus = env["ir.ui.menu"].concat(
        *(env.ref(f"{ADDON}.menu_{name}") for name in FIRST_MENUS)
    )
    return [[menu.complete_name, f"/odoo/{menu.action.path}"] for menu in menus]


summary = {"made": run_dunning(), "accounts": accounts(), "places": places()}
env.cr.commit()
print("SUMMARY " + json.dumps(summary))
