from odoo import fields, models

from ...tools.words import READERS


class ResCompany(models.Model):
    """How the company works out interest on late payment."""

    _inherit = "res.company"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    dunning_interest_basis = fields.Selection(
        [
            ("365", "365 days"),
            ("360", "360 days"),
            ("actual", "As it has: 365 or 366 days"),
        ],
        string="Days of a Year",
        required=True,
        default="365",
        help="Of which each day of interest is a part.",
        groups=READERS,
    )
    dunning_interest_dispute = fields.Selection(
        [
            ("running", "Goes on"),
            ("suspended", "Stops meanwhile"),
            ("waived", "Is not owed where the customer was right"),
        ],
        string="Interest on What Is Disputed",
        required=True,
        default="waived",
        help="Goes on: a dispute changes nothing. Stops meanwhile: nothing is owed for "
        "the days of the dispute. Is not owed where the customer was right: nothing is "
        "worked out while it is open, and afterwards only if it was rejected.",
        groups=READERS,
    )
    dunning_interest_insolvency = fields.Selection(
        [("running", "Goes on"), ("suspended", "Stops")],
        string="Interest during Insolvency",
        required=True,
        default="suspended",
        groups=READERS,
    )

    dunning_limitation_days = fields.Integer(
        string="Soon Time-Barred",
        default=90,
        help="So many days before an item can no longer be claimed, its collector is "
        "told. 0: never.",
        groups=READERS,
    )

    # === How penalties are booked === #
    dunning_penalty_product_id = fields.Many2one(
        "product.product",
        string="Product of Penalties",
        ondelete="restrict",
        groups=READERS,
    )
    dunning_penalty_account_id = fields.Many2one(
        "account.account",
        string="Account of Penalties",
        ondelete="restrict",
        groups=READERS,
        help="Such as 7631 in France; otherwise that of the product or of the journal.",
    )
    dunning_penalty_journal_id = fields.Many2one(
        "account.journal",
        string="Journal of Penalties",
        ondelete="restrict",
        domain="[('type', '=', 'sale')]",
        groups=READERS,
    )
    dunning_penalty_bears = fields.Boolean(
        string="Penalties on Penalties",
        groups=READERS,
        help="A penalty invoice that is paid late bears penalties itself.",
    )

    # === Constraints and indexes === #
    _dunning_limitation_days_in_years = models.Constraint(
        "CHECK(dunning_limitation_days BETWEEN 0 AND 3650)",
        "Limitation: the days before it must be between 0 and 3650 (ten years).",
    )


class DunningSettingsFields(models.AbstractModel):
    _inherit = "dunning.settings.fields"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    dunning_interest_basis = fields.Selection(
        related="company_id.dunning_interest_basis", readonly=False
    )
    dunning_interest_dispute = fields.Selection(
        related="company_id.dunning_interest_dispute", readonly=False
    )
    dunning_interest_insolvency = fields.Selection(
        related="company_id.dunning_interest_insolvency", readonly=False
    )
    dunning_penalty_product_id = fields.Many2one(
        related="company_id.dunning_penalty_product_id", readonly=False
    )
    dunning_penalty_account_id = fields.Many2one(
        related="company_id.dunning_penalty_account_id", readonly=False
    )
    dunning_penalty_journal_id = fields.Many2one(
        related="company_id.dunning_penalty_journal_id", readonly=False
    )
    dunning_penalty_bears = fields.Boolean(
        related="company_id.dunning_penalty_bears", readonly=False
    )
    dunning_limitation_days = fields.Integer(
        related="company_id.dunning_limitation_days", readonly=False
    )
