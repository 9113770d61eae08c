from odoo import fields, models

from ...tools.words import READERS

FREQUENCIES = [("monthly", "Each Month"), ("quarterly", "Each Quarter")]


class ResCompany(models.Model):
    """To whom statements of account go by themselves, when, and whether customers are
    thanked."""

    _inherit = "res.company"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    dunning_statement_scope = fields.Selection(
        [
            ("none", "Nobody"),
            ("chosen", "Chosen Customers"),
            ("all", "All Customers"),
        ],
        string="Statements of Account",
        required=True,
        default="none",
        help="Who gets a statement of account by itself. Chosen customers are those "
        "for whom it says so; of all customers, those get none who do not want any.",
        groups=READERS,
    )
    dunning_statement_frequency = fields.Selection(
        FREQUENCIES,
        string="How Often",
        required=True,
        default="monthly",
        groups=READERS,
    )
    dunning_statement_day = fields.Integer(
        string="Day of the Month",
        default=5,
        help="Statements go out on that day, or on the next working day.",
        groups=READERS,
    )
    dunning_thanks = fields.Boolean(
        string="Thank for Payments",
        help="When everything overdue has been paid after a reminder, a short e-mail "
        "thanks the customer.",
        groups=READERS,
    )

    # === Constraints and indexes === #
    _dunning_statement_day_in_month = models.Constraint(
        "CHECK(dunning_statement_day BETWEEN 1 AND 28)",
        "Statements go out on a day between 1 and 28: each month has those.",
    )


class DunningSettingsFields(models.AbstractModel):
    _inherit = "dunning.settings.fields"

    dunning_statement_scope = fields.Selection(
        related="company_id.dunning_statement_scope", readonly=False
    )
    dunning_statement_frequency = fields.Selection(
        related="company_id.dunning_statement_frequency", readonly=False
    )
    dunning_statement_day = fields.Integer(
        related="company_id.dunning_statement_day", readonly=False
    )
    dunning_thanks = fields.Boolean(related="company_id.dunning_thanks", readonly=False)
