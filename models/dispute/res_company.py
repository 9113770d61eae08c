from odoo import fields, models

from ...tools.words import READERS


class ResCompany(models.Model):
    """How the company settles disputes."""

    _inherit = "res.company"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    dunning_dispute_user_id = fields.Many2one(
        "res.users",
        string="Default Owner of Disputes",
        help="Who settles new disputes; when empty, whoever records them.",
        groups=READERS,
    )
    dunning_question_days = fields.Integer(
        string="Days to Answer",
        default=3,
        help="Working days that a department has to answer a question about a dispute.",
        groups=READERS,
    )
    dunning_question_reminder_days = fields.Integer(
        string="Days between Reminders",
        default=2,
        help="Who has not answered in time is reminded after so many days, again and "
        "again; 0, never.",
        groups=READERS,
    )

    # === Constraints and indexes === #
    _dunning_question_days_in_years = models.Constraint(
        "CHECK(dunning_question_days <= 3650 "
        "AND dunning_question_reminder_days <= 3650)",
        "Questions to Departments: the days to answer and those between reminders "
        "cannot be more than 3650 (ten years).",
    )
    _dunning_question_days_not_negative = models.Constraint(
        "CHECK(dunning_question_days >= 0)",
        "The days to answer a question cannot be negative.",
    )
    _dunning_question_reminder_days_not_negative = models.Constraint(
        "CHECK(dunning_question_reminder_days >= 0)",
        "The days between reminders cannot be negative.",
    )


class DunningSettingsFields(models.AbstractModel):
    _inherit = "dunning.settings.fields"

    dunning_dispute_user_id = fields.Many2one(
        related="company_id.dunning_dispute_user_id", readonly=False
    )
    dunning_question_days = fields.Integer(
        related="company_id.dunning_question_days", readonly=False
    )
    dunning_question_reminder_days = fields.Integer(
        related="company_id.dunning_question_reminder_days", readonly=False
    )
