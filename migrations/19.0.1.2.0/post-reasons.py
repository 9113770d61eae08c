"""Reasons of the former version knew neither category nor severity, department or
delay: those that were shipped get what they are shipped with now."""

from lxml import etree

from odoo import SUPERUSER_ID, api
from odoo.tools.misc import file_path

ADDON = "account_dunning"
NEW_FIELDS = ("category", "severity", "department_id", "delay_days")


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    # An update leaves alone what an installation has brought and people may change.
    shipped = etree.parse(file_path(f"{ADDON}/data/dunning_reason.xml"))
    for record in shipped.iterfind("record[@model='dunning.reason']"):
        reason = env.ref(f"{ADDON}.{record.get('id')}", raise_if_not_found=False)
        if reason and not reason.category:
            reason.write(get_new_values(env, record))


def get_new_values(env, record):
    """Return what a shipped reason says in the fields that are new."""
    fields = {field.get("name"): field for field in record.iterfind("field")}
    return {
        name: (
            env.ref(f"{ADDON}.{field.get('ref')}").id
            if "ref" in field.attrib
            else field.text
        )
        for name, field in fields.items()
        if name in NEW_FIELDS
    }
