from contextlib import closing

from psycopg2.errors import QueryCanceled

from odoo import api, models
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools import rule as rules
from ...tools.errors import RuleError

# Seconds that a rule may take to find one customer: each plan asks it of all.
RULE_TIME_LIMIT = 5

# Operators that ask for the contrary of another one.
CONTRARIES = {
    "!=": "=",
    "<>": "=",
    "not in": "in",
    "not like": "like",
    "not ilike": "ilike",
    "not =like": "=like",
    "not =ilike": "=ilike",
    "not any": "any",
}

# What belongs to a company by another field than ``company_id``.
COMPANY_FIELDS = {
    "mail.activity": "dunning_company_id",
    "mail.message": "record_company_id",
}


class DunningScenario(models.Model):
    """The rule on customers: what it may ask, and what it sees.

    How it works: who writes a rule must be allowed to search by it. The plan does not
    depend on who looks at it, so that rules are read elevated; of what belongs to
    companies, invoices for instance, a rule sees that of the company which is dunned
    alone. Otherwise it would tell what a customer owes to others.
    """

    _inherit = "dunning.scenario"

    # ------------------------------------------------------------------
    # CONSTRAINT METHODS
    # ------------------------------------------------------------------

    @api.constrains("partner_domain")
    def _check_partner_domain(self):
        for scenario in self.filtered("partner_domain"):
            try:
                scenario._try_rule()
            except Exception as error:
                raise ValidationError(scenario._get_rule_refusal(error)) from error

    def _check_rule_rights(self):
        """Refuse rules by which their author may not search: constraints are checked
        elevated.

        :raise ValidationError: saying what may not be read
        """
        for scenario in self.filtered("partner_domain"):
            try:
                scenario._try_rule()
            except (AccessError, QueryCanceled) as error:
                raise ValidationError(scenario._get_rule_refusal(error)) from error

    # ------------------------------------------------------------------
    # CRUD METHODS
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS 'base'
        scenarios = super().create(vals_list)
        if not self.env.su:
            scenarios._check_rule_rights()
        return scenarios

    def write(self, vals):
        # EXTENDS 'base'
        result = super().write(vals)
        if not self.env.su and vals.get("partner_domain"):
            self._check_rule_rights()
        return result

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _try_rule(self):
        """Look for a customer by the rule, within its time."""
        self.ensure_one()
        company = self.company_id or self.env.company
        domain = self._read_rule(self.partner_domain, company)
        self.env.flush_all()
        with closing(self.env.cr.savepoint(flush=False)):
            self.env.cr.execute(
                SQL(
                    "SET LOCAL statement_timeout = %s",
                    f"{RULE_TIME_LIMIT * 1000:.0f}ms",
                )
            )
            self.env["res.partner"].search(domain, limit=1)

    @api.model
    def _read_rule(self, text, company) -> Domain:
        """Return a rule as it counts in a company.

        :param text: the rule, as it is written
        :raise RuleError: it cannot be used
        """
        return self._restrict_rule(rules.read(text), self.env["res.partner"], company)

    def _get_rule_refusal(self, error):
        return self.env._(
            "The customer rule of the scenario “%(scenario)s” cannot be used: "
            "%(error)s",
            scenario=self.name,
            error=self._get_rule_problem(error),
        )

    @api.model
    def _get_rule_problem(self, error: Exception) -> str | Exception:
        """Return what is wrong with a rule: words, or an error that says it itself."""
        if isinstance(error, QueryCanceled):
            return self.env._("it takes too long to find a customer by it.")
        if not isinstance(error, RuleError):
            return error
        match error.problem:
            case "calculated":
                return self.env._("it may hold values only, nothing to calculate.")
            case "size":
                return self.env._("it has too many conditions.")
        return self.env._("it is not a list of conditions.")

    # ------------------------------------------------------------------
    # BUSINESS METHODS - WHAT A RULE SEES
    # ------------------------------------------------------------------

    @api.model
    def _restrict_rule(
        self,
        domain: list | Domain,
        records: models.BaseModel,
        company: models.BaseModel,
    ) -> Domain:
        """Return conditions on records that see of related ones those of a company, and
        those that are nobody's."""
        return Domain(domain).map_conditions(
            lambda condition: self._restrict_condition(condition, records, company)
        )

    @api.model
    def _restrict_condition(self, condition, records, company):
        name, __, path = condition.field_expr.partition(".")
        field = records._fields.get(name)
        if field is None or not field.relational:
            return condition
        operator, value = condition.operator, condition.value
        if path:
            # As Odoo reads paths, those that ask for the contrary too.
            operator, value = "any", Domain(path, operator, value)
        if operator in CONTRARIES:
            positive = Domain(name, CONTRARIES[operator], value)
            return ~self._restrict_rule(positive, records, company)
        related = self.env[field.comodel_name]
        seen = self._get_rule_scope(related, company)
        if operator == "any":
            return Domain(
                name, "any", self._restrict_rule(value, related, company) & seen
            )
        if seen.is_true():
            return condition
        return self._restrict_choice(name, operator, value, seen)

    @api.model
    def _restrict_choice(self, name, operator, value, seen):
        """Return the condition that a relation holds some records, or none, of those
        that are seen."""
        several = isinstance(value, list | tuple | set)
        if operator == "=?" and not value:
            return Domain.TRUE
        if operator not in ("=", "=?", "in"):
            field_name = (
                "id" if operator in ("child_of", "parent_of") else "display_name"
            )
            return Domain(name, "any", Domain(field_name, operator, value) & seen)
        values = list(value) if several else [value]
        ids = [one for one in values if type(one) is int]
        names = [one for one in values if one and isinstance(one, str)]
        found = Domain("id", "in", ids) | Domain("display_name", "in", names)
        if True in [one for one in values if isinstance(one, bool)]:
            found = Domain.TRUE
        chosen = Domain(name, "any", found & seen)
        if not all(values):
            chosen |= ~Domain(name, "any", seen)
        return chosen

    @api.model
    def _get_rule_scope(self, related, company) -> Domain:
        """Return which records of a model a rule sees in a company."""
        if related._name == "res.users":
            # Everybody sees the names of colleagues.
            return Domain.TRUE
        if related._name == "res.company":
            return Domain("id", "in", company._dunning_get_lineage(company))
        if name := COMPANY_FIELDS.get(related._name):
            return Domain(name, "in", [False, company.id])
        if "company_id" not in related._fields:
            return Domain.TRUE
        return Domain(related._check_company_domain(company))
