"""Tone never goes backwards: what items have heard is derived from the history, and
what was shipped says and does so, where nobody has changed it."""

import json

from lxml import etree

from odoo import SUPERUSER_ID, api
from odoo.tools.misc import file_path

ADDON = "account_dunning"
BATCH = 10_000

# What the texts said of reminders, whether there were any or not.
SENTENCES = (
    "In spite of our previous reminder, the items below are still unpaid.",
    "In spite of our previous reminders, the items below are still unpaid.",
    "Despite our reminders, the items below are still unpaid.",
    "Despite our reminders, the items below, whose due date has passed, remain unpaid.",
    "Malgré notre précédente relance, les échéances ci-dessous restent impayées.",
    "Malgré nos précédentes relances, les échéances ci-dessous restent impayées.",
    "Malgré nos relances, les échéances ci-dessous restent impayées à ce jour.",
    "Malgré nos relances, les échéances ci-dessous, dont le terme est dépassé, "
    "demeurent impayées à ce jour.",
    "Malgré nos relances, les échéances ci-dessous, dont la date est dépassée, "
    "demeurent impayées.",
)
FIELD = '<t t-out="object.unpaid_text"/>'
TEMPLATES = (
    "mail_template_reminder_2",
    "mail_template_final",
    "mail_template_formal_notice",
    "letter_template_firm",
    "letter_template_formal_notice",
)
SCENARIOS = ("regular", "at_risk", "small_amounts")
# What makes a level what it is; texts and instructions may be anybody's.
LEVEL_FIELDS = ("delay_days", "gap_days", "channel", "execution", "tone")


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    derive_tones(env)
    mark_aligned(cr)
    for name in TEMPLATES:
        if template := env.ref(f"{ADDON}.{name}", raise_if_not_found=False):
            update_text(cr, template)
    for name in SCENARIOS:
        if scenario := env.ref(f"{ADDON}.scenario_{name}", raise_if_not_found=False):
            update_scenario(env, name, scenario)


def derive_tones(env):
    """Derive what open items have heard from the history."""
    env.cr.execute(
        """
        SELECT DISTINCT done.move_line_id
          FROM dunning_action_line done
          JOIN account_move_line item ON item.id = done.move_line_id
         WHERE done.state = 'done'
           AND item.reconciled IS NOT TRUE
        """
    )
    ids = [id_ for (id_,) in env.cr.fetchall()]
    for start in range(0, len(ids), BATCH):
        env["dunning.item.state"]._rebuild(ids[start : start + BATCH])


def mark_aligned(cr):
    """Items that were raised to the level of the contact before their own day."""
    cr.execute(
        """
        UPDATE dunning_action_line line
           SET is_aligned = TRUE
          FROM dunning_action action, dunning_scenario scenario, dunning_level level
         WHERE line.state = 'open'
           AND action.id = line.action_id
           AND scenario.id = action.scenario_id
           AND scenario.align_levels
           AND level.id = line.level_id
           AND level.id = action.level_id
           AND line.date_due + level.delay_days > action.date
        """
    )


def update_text(cr, template):
    """Have a text say of reminders what is true of each item, in each language in
    which the sentence is still the one that was shipped."""
    cr.execute("SELECT body_html FROM mail_template WHERE id = %s", [template.id])
    [body] = cr.fetchone()
    changed = {lang: replace_sentence(text) for lang, text in (body or {}).items()}
    if changed != body:
        cr.execute(
            "UPDATE mail_template SET body_html = %s WHERE id = %s",
            [json.dumps(changed), template.id],
        )
        template.invalidate_recordset(["body_html"])


def replace_sentence(text):
    for sentence in SENTENCES:
        text = text and text.replace(f">{sentence}<", f">{FIELD}<")
    return text


def update_scenario(env, name, scenario):
    """Align the levels of a scenario whose levels are those that were shipped."""
    levels = env["dunning.level"].with_context(active_test=False)
    levels = levels.search([("scenario_id", "=", scenario.id)])
    mine = {tuple(str(level[field]) for field in LEVEL_FIELDS) for level in levels}
    if all(levels.mapped("active")) and mine == get_shipped_levels(name):
        scenario.align_levels = True


def get_shipped_levels(name):
    """Return the levels of a shipped scenario, as text."""
    shipped = etree.parse(file_path(f"{ADDON}/data/scenario_{name}.xml"))
    levels = set()
    for record in shipped.iterfind("record[@model='dunning.level']"):
        values = {
            field.get("name"): field.get("eval") or field.text
            for field in record.iterfind("field")
        }
        levels.add(tuple(values[field] for field in LEVEL_FIELDS))
    return levels
