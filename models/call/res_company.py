from odoo import fields, models

from ...tools.words import READERS


class ResCompany(models.Model):
    _inherit = "res.company"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    dunning_call_attempts = fields.Integer(
        string="Call Attempts",
        default=3,
        help="After so many calls that nobody answered, writing is proposed instead; "
        "0, never.",
        groups=READERS,
    )
    _dunning_call_attempts_not_negative = models.Constraint(
        "CHECK(dunning_call_attempts >= 0)",
        "The number of call attempts cannot be negative.",
    )
    _dunning_call_attempts_limited = models.Constraint(
        "CHECK(dunning_call_attempts <= 100)",
        "Nobody is called more than 100 times: lower the number of call attempts.",
    )


class DunningSettingsFields(models.AbstractModel):
    _inherit = "dunning.settings.fields"

    dunning_call_attempts = fields.Integer(
        related="company_id.dunning_call_attempts", readonly=False
    )
