from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ...tools import rule as rules
from ...tools.dates import shift
from ...tools.errors import RuleError

EFFECTS = [
    ("alert", "Tell the Collector"),
    ("approve", "Validate What Goes Out"),
    ("warn", "Warn before Selling"),
    ("block", "Stop Selling"),
]


class DunningWatchRule(models.Model):
    """Who comes on the watch list by itself: conditions on payment profiles, and what
    follows for those who meet them."""

    _name = "dunning.watch.rule"
    _description = "Watch List Rule"
    _inherit = ["dunning.conditions", "dunning.shared"]
    _order = "sequence, id"
    _conditions_model = "dunning.profile"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    name = fields.Char(
        string="Reason", required=True, translate=True, help="Why somebody is watched."
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        ondelete="cascade",
        index=True,
        default=lambda self: self._get_default_company(),
        help="Leave empty to share the rule among all companies.",
    )
    domain = fields.Char(help="On the payment profile of customers.")
    effect = fields.Selection(
        EFFECTS, required=True, default="alert", help="What follows for who is watched."
    )
    days = fields.Integer(
        string="For Days",
        help="After so many days a customer leaves the list; 0: it stays as long as "
        "the rule holds, or until somebody takes it off.",
    )
    leaves = fields.Boolean(
        string="Leaves by Itself",
        default=True,
        help="When the conditions do not hold any more.",
    )
    watch_count = fields.Integer(string="Watched", compute="_compute_watch_count")

    # === Constraints === #
    _days_in_years = models.Constraint(
        "CHECK(days BETWEEN 0 AND 3650)",
        "The days on the watch list must be within ten years: lower them.",
    )

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    def _compute_watch_count(self):
        groups = self.env["dunning.watch"]._read_group(
            [("rule_id", "in", self.ids), ("date_closed", "=", False)],
            ["rule_id"],
            ["__count"],
        )
        counts = {rule.id: count for rule, count in groups}
        for rule in self:
            rule.watch_count = counts.get(rule.id, 0)

    # ------------------------------------------------------------------
    # CONSTRAINT METHODS
    # ------------------------------------------------------------------

    @api.constrains("domain")
    def _check_has_condition(self):
        for rule in self:
            try:
                conditions = rules.read(rule.domain)
            except RuleError:
                # Refused as such.
                continue
            if not conditions:
                raise ValidationError(
                    self.env._(
                        "“%s” has no condition, so that every customer would be "
                        "watched: add one.",
                        rule.name,
                    )
                )

    # ------------------------------------------------------------------
    # CRUD METHODS
    # ------------------------------------------------------------------

    def write(self, vals):
        # EXTENDS 'base': a rule out of use holds for nobody
        result = super().write(vals)
        if not vals.get("active", True):
            self._let_go()
        return result

    def unlink(self):
        # EXTENDS 'base': as above
        self.check_access("unlink")
        self._let_go()
        return super().unlink()

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_apply(self) -> bool:
        """Look now who meets the conditions: in the current company, or in that of a
        rule which does not hold there.

        :raise AccessError: the user may not change rules
        """
        self.check_access("read")
        # Of rules that all companies share, each manager applies what each night does.
        self.browse().check_access("write")
        current = self.env.company
        # Who is watched does not depend on who looks.
        rules_sudo = self.sudo()
        here_sudo = rules_sudo.filtered_domain(self._check_company_domain(current))
        elsewhere_sudo = (rules_sudo - here_sudo).grouped("company_id")
        for company, applied_sudo in {current: here_sudo, **elsewhere_sudo}.items():
            applied_sudo.env["dunning.profile"]._refresh(company)
            applied_sudo._bring_in_line(company)
        return True

    def action_open_watched(self) -> dict:
        """Open who is on the list by the rule."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.actions"]._for_xml_id(
            "account_dunning.action_watch"
        )
        return dict(action, domain=[("rule_id", "=", self.id)])

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    @api.model
    def _apply_all(self, company) -> None:
        """Bring the watch list of a company in line with its rules."""
        self.env["dunning.watch"]._close_expired(company)
        self._get_rules(company)._bring_in_line(company)

    def _bring_in_line(self, company):
        """Put on the list of a company who meets the conditions of these rules, and
        take off who does not any more. A rule that cannot be used puts nobody on and
        takes nobody off."""
        watches = self.env["dunning.watch"]
        for rule in self:
            found = rule._find_customers(company)
            if found is None:
                continue
            running = watches.search(
                [
                    ("rule_id", "=", rule.id),
                    ("company_id", "=", company.id),
                    ("date_closed", "=", False),
                ]
            )
            if rule.leaves:
                gone = running.filtered(
                    lambda w, found=found: w.partner_id not in found
                )
                gone._close("rule")
            rule._put_on(company, found - running.partner_id)

    def _let_go(self):
        """Take off the list, in all companies, who is on it by these rules and leaves
        when they do not hold any more."""
        # Who is watched does not depend on who changes the rule.
        watches_sudo = self.env["dunning.watch"].sudo()
        leaving = self.filtered("leaves")
        watches_sudo = watches_sudo.search(
            [("rule_id", "in", leaving.ids), ("date_closed", "=", False)]
        )
        watches_sudo._close("rule")

    def _find_customers(self, company):
        """Return the customers of a company who meet the conditions, None when these
        cannot be used any more."""
        found = self._find(company, Domain("company_id", "=", company.id))
        return None if found is None else found.partner_id

    def _put_on(self, company, partners):
        created = self.env["dunning.watch"].create(
            [self._prepare_watch(company, partner) for partner in partners]
        )
        created.filtered(lambda watch: watch.effect == "alert")._tell()

    def _prepare_watch(self, company, partner):
        """Return how a customer comes on the list of a company."""
        today = company._dunning_today()
        return {
            "partner_id": partner.id,
            "company_id": company.id,
            "rule_id": self.id,
            "effect": self.effect,
            # In the company's words, whoever applies the rule: at night nobody does.
            "reason": self.with_context(lang=company.partner_id.lang).name,
            "date": today,
            "date_end": shift(today, self.days) if self.days else False,
        }
