import re

from odoo import Command, api, fields, models
from odoo.exceptions import ValidationError

OPTIONS = (
    "company_ids",
    "by",
    "limits",
    "credits",
    "with_items",
    "partner_ids",
    "user_ids",
)

# More ages than these no sheet of paper shows.
MOST_LIMITS = 8
# Days that a limit may have.
MOST_DAYS = 9999


class DunningWorkbookOptions(models.AbstractModel):
    """What a workbook of the aged balance is to show."""

    _name = "dunning.workbook.options"
    _description = "What a Workbook Shows"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    company_ids = fields.Many2many(
        "res.company",
        string="Companies",
        required=True,
        default=lambda self: [Command.set(self.env.companies.ids)],
    )
    by = fields.Selection(
        [("due", "Due Date"), ("invoice", "Invoice Date")],
        string="Age Counted from",
        required=True,
        default="due",
    )
    limits = fields.Char(
        string="Age Limits",
        required=True,
        default=lambda self: self._get_default_limits(),
        help="Days that end each age group, such as 30, 60, 90.",
    )
    credits = fields.Selection(
        [("apart", "In a Column of Their Own"), ("netted", "Deducted by Age")],
        string="Credit Notes and Payments",
        required=True,
        default="apart",
        help="Credit notes and payments that are not allocated to an invoice yet.",
    )
    with_items = fields.Boolean(
        string="List the Items",
        default=True,
        help="A sheet with each open item, beside those by customer.",
    )
    partner_ids = fields.Many2many(
        "res.partner",
        string="Customers",
        help="Only of these; of all customers when empty.",
    )
    user_ids = fields.Many2many(
        "res.users",
        string="Collectors",
        help="Only what these collect; of all collectors when empty.",
    )

    # ------------------------------------------------------------------
    # CONSTRAINT METHODS
    # ------------------------------------------------------------------

    @api.constrains("limits")
    def _check_limits(self):
        for record in self:
            record._get_limits()

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    @api.model
    def _get_default_limits(self):
        limits = self.env.company._dunning_get_age_limits()
        return ", ".join(str(limit) for limit in limits)

    def _get_limits(self) -> list[int]:
        """Return the days that end each age group.

        :raise ValidationError: saying how to enter them
        """
        self.ensure_one()
        parts = re.split(r"[\s,;/]+", (self.limits or "").strip())
        valid = all(part.isascii() and part.isdigit() for part in parts)
        limits = [int(part[:9]) for part in parts] if valid else []
        if (
            not limits
            or len(limits) > MOST_LIMITS
            or limits != sorted(set(limits))
            or not 0 < limits[0] <= limits[-1] <= MOST_DAYS
        ):
            raise ValidationError(
                self.env._(
                    "Enter up to %(count)s age limits in days, each higher than the "
                    "one before, such as 30, 60, 90.",
                    count=MOST_LIMITS,
                )
            )
        return limits

    def _get_options(self) -> dict:
        """Return what these show, as values for another record."""
        self.ensure_one()
        return {
            name: self[name].ids if self._fields[name].relational else self[name]
            for name in OPTIONS
        }
