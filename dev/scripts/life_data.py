"""Run in Odoo's shell: print what the addon has brought into the database, a line for
each value; in English, for Odoo leaves the translations that a database has as they are
when they have become others."""

import re

# What Odoo derives from the code, and what it counts for itself.
DERIVED = ("ir.model", "ir.model.access")
COUNTED = {"id", "create_date", "create_uid", "write_date", "write_uid", "parent_path"}
COUNTED |= {"arch_prev", "lastcall", "nextcall", "message_follower_ids"}
# What was told already is not told again.
COUNTED |= {"date_told"}


def read(record, field):
    value = record[field.name]
    if not field.relational:
        # Views and menus name actions by their ids.
        digits = record._name.startswith("ir.ui") or field.name == "help"
        return re.sub(r"\d+", "#", str(value)) if digits else value
    xmlids = value.get_external_id()
    return sorted(xmlids[x.id] or x.display_name for x in value)


domain = [("module", "=", "account_dunning"), ("model", "not in", DERIVED)]
for data in env["ir.model.data"].search(domain):
    if data.model.startswith("ir.model."):
        continue
    record = env[data.model].browse(data.res_id)
    for field in record._fields.values():
        known = field.store and field.type not in ("one2many", "binary")
        if not known or field.name in COUNTED:
            continue
        value = read(record.with_context(lang="en_US"), field)
        print(data.name, field.name, repr(value))
