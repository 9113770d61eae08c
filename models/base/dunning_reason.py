from odoo import fields, models

from ...tools.words import OUTCOMES

CATEGORIES = [
    ("administrative", "Administrative"),
    ("logistics", "Delivery"),
    ("quality", "Quality"),
    ("price", "Price and Terms"),
    ("cash", "Cash"),
    ("legal", "Legal"),
    ("contact", "Contact"),
]
SEVERITIES = [("low", "Low"), ("medium", "Medium"), ("high", "High")]


class DunningReason(models.Model):
    """Why a customer does not pay or an action does not happen: one catalogue for
    call outcomes, holds, skipped actions, promises and disputes."""

    _name = "dunning.reason"
    _description = "Dunning Reason"
    _inherit = ["dunning.shared"]
    _order = "sequence, name"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    outcome = fields.Selection(
        OUTCOMES,
        string="Call Outcome",
        help="Outcome of a call for which the reason is offered; empty, for all.",
    )
    category = fields.Selection(CATEGORIES, help="Gathers reasons in the analysis.")
    severity = fields.Selection(
        SEVERITIES,
        default="medium",
        help="How much the reason endangers the payment.",
    )
    company_id = fields.Many2one(
        "res.company",
        ondelete="cascade",
        default=lambda self: self._get_default_company(),
        help="Leave empty to share the reason among all companies.",
    )

    # === Disputes, and what is checked later === #
    delay_days = fields.Integer(
        string="Days to Settle",
        default=10,
        help="Working days in which a dispute of this reason should be settled.",
    )

    # === Constraints and indexes === #
    _delay_days_in_years = models.Constraint(
        "CHECK(delay_days <= 3650)",
        "The days to settle a dispute must be within ten years: lower them.",
    )
    _delay_days_not_negative = models.Constraint(
        "CHECK(delay_days >= 0)", "The days to settle a dispute cannot be negative."
    )
