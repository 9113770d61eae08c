from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...tools.legal_clock import Rule
from .dunning_litigation_act import ACTS

UNITS = [("month", "Months"), ("day", "Days")]


class DunningDeadlineRule(models.Model):
    """A deadline of the law, as data: what sets it, from when to when it holds, how
    long it is, and what meets it. When the law changes, the rule is ended and a new one
    begins: acts of before keep theirs."""

    _name = "dunning.deadline.rule"
    _description = "Legal Deadline"
    _inherit = ["dunning.shared"]
    _order = "sequence, id"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    name = fields.Char(string="What Is to Be Done", required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", default=lambda self: self._get_default_company()
    )
    country_id = fields.Many2one(
        "res.country", help="Of the company; empty, for companies of every country."
    )
    trigger = fields.Selection(ACTS, string="Counts from", required=True)
    basis = fields.Selection(
        ACTS,
        string="Law of the Day of",
        help="Whose day decides which rule applies; empty, that from which it counts.",
    )
    ending = fields.Selection(ACTS, string="Met by", required=True)
    other_ending = fields.Selection(ACTS, string="Or by")
    date_from = fields.Date(string="Valid from")
    date_to = fields.Date(string="Valid until")
    count = fields.Integer(string="Delay", required=True, default=1)
    unit = fields.Selection(UNITS, required=True, default="month")
    notice_days = fields.Integer(
        string="Days Ahead",
        required=True,
        default=15,
        help="So many days before, an activity is due.",
    )
    source = fields.Char(translate=True, help="Where the rule stands.")

    # === Constraints and indexes === #
    _count_in_years = models.Constraint(
        "CHECK(count BETWEEN 1 AND 3650 AND notice_days BETWEEN 0 AND 3650)",
        "Delays are between one day and ten years.",
    )

    # ------------------------------------------------------------------
    # CONSTRAINT METHODS
    # ------------------------------------------------------------------

    @api.constrains("count", "notice_days", "date_from", "date_to")
    def _check_delay(self):
        for rule in self:
            if rule.date_from and rule.date_to and rule.date_to < rule.date_from:
                raise ValidationError(
                    self.env._("A rule cannot end before it begins: correct its days.")
                )

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    @api.model
    def _get_rules(self, company) -> list[Rule]:
        """Return the rules that hold for a company."""
        # Rules are the same for all who work there, and companies for few to read.
        country_sudo = company.sudo().country_id
        found = self.search(
            [
                ("company_id", "in", (False, company.id)),
                ("country_id", "in", (False, country_sudo.id)),
            ]
        )
        return [
            Rule(
                rule.id,
                rule.trigger,
                rule.basis or rule.trigger,
                tuple(filter(None, (rule.ending, rule.other_ending))),
                rule.date_from or None,
                rule.date_to or None,
                rule.count,
                rule.unit,
            )
            for rule in found
        ]
