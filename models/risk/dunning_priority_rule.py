from odoo import api, fields, models
from odoo.tools import SQL

CONDITIONS = [
    ("amount", "Amount to Collect"),
    ("days", "Days Late"),
    ("broken", "Broken Promises"),
    ("rating", "Bad Rating"),
    ("near", "Soon Long Unpaid"),
    ("limitation", "Soon Time-Barred"),
    ("limit", "Limit Exceeded"),
    ("deadline", "Deadline Passed"),
    ("answered", "Customer Has Answered"),
    ("unreached", "Never Reached"),
]
# Conditions of which a customer meets more or less; the others hold or do not.
MEASURED = ("amount", "days", "broken", "rating", "limit", "unreached")
# What a rule gives or takes at most.
MOST_POINTS = 1000


class DunningPriorityRule(models.Model):
    """How many points a customer gets for what, in the worklist: all of them from a
    value on, below it in proportion."""

    _name = "dunning.priority.rule"
    _description = "Priority Rule"
    _inherit = ["dunning.shared"]
    _order = "sequence, id"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        ondelete="cascade",
        index=True,
        default=lambda self: self._get_default_company(),
        help="Leave empty to share the rule among all companies.",
    )
    condition = fields.Selection(CONDITIONS, required=True)
    points = fields.Integer(required=True, default=10, help="At most, by this rule.")
    full_from = fields.Float(
        string="All Points From",
        digits=(16, 2),
        help="The value from which all points are given; below it in proportion: an "
        "amount, days, a number, percent above the limit; of a rating, 4 stands for E. "
        "At 0 all points are given whenever there is something.",
    )
    is_measured = fields.Boolean(compute="_compute_is_measured")
    preview = fields.Html(compute="_compute_preview", sanitize=False)

    # === Constraints === #
    _points_in_reason = models.Constraint(
        f"CHECK(points BETWEEN -{MOST_POINTS} AND {MOST_POINTS})",
        "The points of a rule must be between -1000 and 1000: change them.",
    )
    _full_from_not_negative = models.Constraint(
        "CHECK(full_from >= 0)",
        "The value from which all points are given cannot be negative.",
    )

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("condition")
    def _compute_is_measured(self):
        for rule in self:
            rule.is_measured = rule.condition in MEASURED

    @api.depends("condition", "points", "full_from", "active", "company_id")
    @api.depends_context("company", "lang")
    def _compute_preview(self):
        worklist = self.env["dunning.worklist"]
        for rule in self:
            rule.preview = self.env["ir.qweb"]._render(
                "account_dunning.priority_preview",
                {"rows": worklist._get_comparison(rule)},
            )

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    @api.model
    def _get_rules(self, company):
        """Return the rules that count in a company: its own, its parents', shared."""
        # Which customers come first does not depend on who looks.
        rules_sudo = self.sudo()
        found_sudo = rules_sudo.search(self._check_company_domain(company))
        return found_sudo.with_env(self.env)

    def _counts_in(self, company) -> bool:
        """Return whether the rule, as it is on a form, counts in a company."""
        self.ensure_one()
        owner = self.company_id._origin
        return self.active and (
            not owner or owner.id in owner._dunning_get_lineage(company)
        )

    def _get_points_sql(self, company) -> SQL | None:
        """Return SQL of the points of the rule on a row of the worklist, None for a
        condition that nothing measures any more."""
        self.ensure_one()
        condition = self.env["dunning.condition"]._of(self.condition)
        if condition is None:
            return None
        measure = condition._get_measure_sql(company)
        # While one types, more may stand there than is saved.
        points = max(-MOST_POINTS, min(self.points, MOST_POINTS))
        if not self.full_from or not self.is_measured:
            return SQL("CASE WHEN %s > 0 THEN %s ELSE 0 END", measure, points)
        return SQL(
            "COALESCE("
            "ROUND(%s * LEAST(1, GREATEST(0, (%s)::float8 / %s))), 0"
            ")::integer",
            points,
            measure,
            self.full_from,
        )
