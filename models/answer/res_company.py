from odoo import fields, models

from ...tools.words import READERS


class ResCompany(models.Model):
    """What customers may do on their page, and for how long that holds."""

    _inherit = "res.company"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    dunning_answer_promise_days = fields.Integer(
        string="Longest Promise on the Page",
        default=30,
        help="Days ahead for which customers may promise a payment on their page; 0, "
        "they may not.",
        groups=READERS,
    )
    dunning_answer_instalments = fields.Integer(
        string="Most Instalments on the Page",
        default=1,
        help="Monthly payments in which customers may promise on their page; 1, no "
        "instalments.",
        groups=READERS,
    )
    dunning_answer_hold_days = fields.Integer(
        string="Hold after “I Have Paid”",
        default=5,
        help="Working days for which items are not dunned after the customer has said "
        "that they are paid; once for each item. 0: none.",
        groups=READERS,
    )

    # === Constraints and indexes === #
    _dunning_answer_within_limits = models.Constraint(
        "CHECK(dunning_answer_promise_days BETWEEN 0 AND 3650 "
        "AND dunning_answer_instalments BETWEEN 1 AND 60 "
        "AND dunning_answer_hold_days BETWEEN 0 AND 60)",
        "On the customer's page promises reach 0 to 3650 days ahead (ten years), in "
        "1 to 60 instalments, and a hold after “I have paid” lasts 0 to 60 working "
        "days.",
    )


class DunningSettingsFields(models.AbstractModel):
    _inherit = "dunning.settings.fields"

    dunning_answer_promise_days = fields.Integer(
        related="company_id.dunning_answer_promise_days", readonly=False
    )
    dunning_answer_instalments = fields.Integer(
        related="company_id.dunning_answer_instalments", readonly=False
    )
    dunning_answer_hold_days = fields.Integer(
        related="company_id.dunning_answer_hold_days", readonly=False
    )
