from contextlib import closing

from psycopg2.errors import QueryCanceled

from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools import rule as rules
from ...tools.dates import shift

# Seconds that a rule may take to find somebody.
RULE_TIME_LIMIT = 5

EFFECTS = [
    ("alert", "Tell the Collector"),
    ("warn", "Warn before Selling"),
    ("block", "Stop Selling"),
]


class DunningWatchRule(models.Model):
    """Who comes on the watch list by itself: conditions on payment profiles, and what
    follows for those who meet them."""

    _name = "dunning.watch.rule"
    _description = "Watch List Rule"
    _inherit = ["dunning.shared"]
    _order = "sequence, id"

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
    domain = fields.Char(
        string="Conditions",
        required=True,
        default="[]",
        help="On the payment profile of customers.",
    )
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
    def _check_domain(self):
        for rule in self:
            try:
                rule._try_domain()
            except Exception as error:
                raise ValidationError(rule._get_refusal(error)) from error

    def _check_domain_rights(self):
        """Refuse conditions by which their author may not search: constraints are
        checked elevated.

        :raise ValidationError: saying what may not be read
        """
        for rule in self:
            try:
                rule._try_domain()
            except (AccessError, QueryCanceled) as error:
                raise ValidationError(rule._get_refusal(error)) from error

    # ------------------------------------------------------------------
    # CRUD METHODS
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS 'base'
        found = super().create(vals_list)
        if not self.env.su:
            found._check_domain_rights()
        return found

    def write(self, vals):
        # EXTENDS 'base'
        result = super().write(vals)
        if not self.env.su and vals.get("domain"):
            self._check_domain_rights()
        return result

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_apply(self) -> bool:
        """Look now who meets the conditions, in the current company.

        :raise AccessError: the user may not change the rule
        """
        self.check_access("write")
        company = self.env.company
        # Who is watched does not depend on who looks.
        rules_sudo = self.sudo()
        rules_sudo.env["dunning.profile"]._refresh(company)
        rules_sudo._bring_in_line(company)
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
    def _get_rules(self, company):
        """Return the rules that count in a company: its own, its parents', shared."""
        return self.search(self._check_company_domain(company))

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

    def _find_customers(self, company):
        """Return the customers of a company who meet the conditions, None when these
        cannot be used any more."""
        self.ensure_one()
        profiles = self.env["dunning.profile"]
        own = Domain("company_id", "=", company.id)
        try:
            with self.env.cr.savepoint(flush=False):
                return profiles.search(own & self._read_domain(company)).partner_id
        except Exception:
            # What was written for another version, or names what is gone.
            return None

    def _put_on(self, company, partners):
        today = company._dunning_today()
        end = shift(today, self.days) if self.days else False
        # In the company's words: those of the rule.
        created = self.env["dunning.watch"].create(
            [
                {
                    "partner_id": partner.id,
                    "company_id": company.id,
                    "rule_id": self.id,
                    "effect": self.effect,
                    "reason": self.name,
                    "date": today,
                    "date_end": end,
                }
                for partner in partners
            ]
        )
        created.filtered(lambda watch: watch.effect == "alert")._tell()

    def _read_domain(self, company) -> Domain:
        """Return the conditions as they count in a company.

        :raise RuleError: they cannot be used
        """
        return self.env["dunning.scenario"]._restrict_rule(
            rules.read(self.domain), self.env["dunning.profile"], company
        )

    def _try_domain(self):
        """Look for somebody by the conditions, within their time."""
        self.ensure_one()
        domain = self._read_domain(self.company_id or self.env.company)
        self.env.flush_all()
        with closing(self.env.cr.savepoint(flush=False)):
            self.env.cr.execute(
                SQL(
                    "SET LOCAL statement_timeout = %s",
                    f"{RULE_TIME_LIMIT * 1000:.0f}ms",
                )
            )
            self.env["dunning.profile"].search(domain, limit=1)

    def _get_refusal(self, error):
        return self.env._(
            "The conditions of “%(rule)s” cannot be used: %(error)s",
            rule=self.name,
            error=self.env["dunning.scenario"]._get_rule_problem(error),
        )
