from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_date

from ...tools import merge_fields

# Merge fields of scripts: the texts that e-mails use too, and who is meant.
SCRIPT_FIELDS = (
    "amount_text",
    "company_id.name",
    "contact_id.name",
    "date_due",
    "date_text",
    "days_late",
    "deadline_text",
    "oldest_number",
    "partner_id.name",
    "reference",
    "user_id.name",
)
# What a script says where an action has no value.
NOTHING = "…"


class DunningAction(models.Model):
    """The script of a call: the instructions of its level, with the customer's own
    numbers and amounts in the place of the merge fields."""

    _inherit = "dunning.action"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    script = fields.Text(string="What to Say", compute="_compute_script")

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("level_id.instructions", "channel", "line_ids.state", "date_due")
    @api.depends_context("lang")
    def _compute_script(self):
        for action in self:
            text = action._get_script_level().instructions
            if text and "|" in text:
                text = merge_fields.choose(text, len(action._get_content_lines()))
            if text and "{{" in text:
                text = merge_fields.fill(text, action._get_script_values())
            action.script = text

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _get_script_level(self):
        """Return the level whose instructions apply. A call planned by hand takes
        those of the call that its customer's scenario has for the level reached."""
        self.ensure_one()
        if self.level_id or self.channel != "call":
            return self.level_id
        states = self.env["dunning.item.state"].search(
            [("move_line_id", "in", self.line_ids.move_line_id.ids)]
        )
        reached = states.level_id.sorted("delay_days")[-1:]
        calls = reached.scenario_id.level_ids.filtered(
            lambda level: level.channel == "call" and level.instructions
        ).sorted("delay_days")
        made = calls.filtered(lambda level: level.delay_days <= reached.delay_days)
        return made[-1:] or calls[:1]

    def _get_script_values(self):
        """Return what stands for each merge field, as text."""
        self.ensure_one()
        values = {
            "company_id.name": self.company_id.name,
            "contact_id.name": self.contact_id.name or self.partner_id.name,
            "date_due": self.date_due and format_date(self.env, self.date_due),
            "days_late": str(self.days_late),
            "partner_id.name": self.partner_id.name,
            "user_id.name": self.user_id.name,
        }
        texts = (name for name in SCRIPT_FIELDS if name not in values)
        values.update((name, self[name]) for name in texts)
        return {name: value or NOTHING for name, value in values.items()}


class DunningLevel(models.Model):
    _inherit = "dunning.level"

    # ------------------------------------------------------------------
    # CONSTRAINT METHODS
    # ------------------------------------------------------------------

    @api.constrains("instructions")
    def _check_instructions(self):
        for level in self:
            wrong = merge_fields.unknown_fields(level.instructions or "", SCRIPT_FIELDS)
            if wrong:
                raise ValidationError(
                    self.env._(
                        "The script of the level “%(level)s” uses what cannot be "
                        "filled in: %(wrong)s. These fields can be used: %(fields)s.",
                        level=level.name,
                        wrong=", ".join(wrong),
                        fields=", ".join(
                            f"{{{{ object.{name} }}}}" for name in SCRIPT_FIELDS
                        ),
                    )
                )

    # ------------------------------------------------------------------
    # CRUD METHODS
    # ------------------------------------------------------------------

    def update_field_translations(self, field_name, translations, source_lang=""):
        # EXTENDS 'base': a translated script is checked like the original
        result = super().update_field_translations(
            field_name, translations, source_lang
        )
        if field_name == "instructions":
            for lang in translations:
                self.with_context(lang=lang)._check_instructions()
        return result
