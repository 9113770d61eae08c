from contextlib import closing

from psycopg2.errors import QueryCanceled

from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools import rule as rules

# Seconds that conditions may take to find somebody.
TIME_LIMIT = 5


class DunningConditions(models.AbstractModel):
    """A rule with conditions that people write: they are values, see one company, and
    may ask what their author may search by."""

    _name = "dunning.conditions"
    _description = "Rule with Conditions"

    # What the conditions are about.
    _conditions_model = "res.partner"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    domain = fields.Char(string="Conditions", required=True, default="[]")

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
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    @api.model
    def _get_rules(self, company: models.BaseModel) -> models.BaseModel:
        """Return the rules that count in a company: its own, its parents', shared."""
        return self.search(self._check_company_domain(company))

    def _find(
        self, company: models.BaseModel, beside: Domain
    ) -> models.BaseModel | None:
        """Return what meets the conditions in a company, None when these cannot be used
        any more.

        :param beside: what has to hold as well
        """
        self.ensure_one()
        records = self.env[self._conditions_model].with_company(company)
        try:
            with self.env.cr.savepoint(flush=False):
                return records.search(beside & self._read_domain(company))
        except Exception:
            # What was written for another version, or names what is gone.
            return None

    def _read_domain(self, company) -> Domain:
        """Return the conditions as they count in a company.

        :raise RuleError: they cannot be used
        """
        return self.env["dunning.scenario"]._restrict_rule(
            rules.read(self.domain), self.env[self._conditions_model], company
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
                    f"{TIME_LIMIT * 1000:.0f}ms",
                )
            )
            self.env[self._conditions_model].search(domain, limit=1)

    def _get_refusal(self, error):
        return self.env._(
            "The conditions of “%(rule)s” cannot be used: %(error)s",
            rule=self.name,
            error=self.env["dunning.scenario"]._get_rule_problem(error),
        )
