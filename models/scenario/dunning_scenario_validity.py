import psycopg2

from odoo import api, fields, models
from odoo.tools import SQL, Query, ormcache, plaintext2html

from ...tools import rule as rules
from ...tools.errors import RuleError
from .res_company_collectors import MANAGER_GROUP


class DunningScenario(models.Model):
    """Rules that were valid when they were written: the field of a removed module, or
    a custom field that was deleted, leaves one behind that nobody can ask any more. It
    applies to nobody, and says so; whatever asks the plan goes on."""

    _inherit = "dunning.scenario"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    rule_problem = fields.Char(
        string="Problem of the Rule", compute="_compute_rule_problem"
    )
    rule_problem_told = fields.Char(
        string="Problem That Managers Were Told", readonly=True, copy=False
    )

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("partner_domain")
    @api.depends_context("lang")
    def _compute_rule_problem(self):
        for scenario in self:
            text = scenario.partner_domain
            # What is being written is looked at when it is saved.
            is_saved = text and text == scenario._origin.partner_domain
            scenario.rule_problem = is_saved and self._find_rule_problem(text)

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    @api.model
    def _get_rule_customers(
        self, text: str, partners: models.BaseModel
    ) -> Query | None:
        """Return the query of the customers that a rule chooses.

        :param text: the rule, as it is written on the scenario
        :param partners: ``res.partner`` of the environment in which they are looked for
        :return: None when the rule cannot be used any more: it chooses nobody
        """
        if not self._is_rule_usable(text):
            return None
        try:
            return self._compile_rule(text, partners)
        except psycopg2.Error:
            # Of the database, which has ended the transaction, not of the rule.
            raise
        except Exception:
            return None

    @api.model
    @ormcache("text", "self.env.company.id")
    def _is_rule_usable(self, text: str) -> bool:
        """Return whether customers of the current company can be looked for by a rule.
        It is found out once, and again when fields or scenarios have changed."""
        return self._find_rule_error(text) is None

    @api.model
    def _find_rule_error(self, text: str) -> Exception | None:
        """Return what happens when customers are looked for by a rule."""
        # The plan of a company does not depend on who looks at it.
        partners_sudo = self.env["res.partner"].sudo()
        try:
            query = self._compile_rule(text, partners_sudo)
            # The database says whether values suit their columns. Nothing is flushed
            # within the savepoint: going back to it would lose that.
            with self.env.cr.savepoint(flush=False):
                self.env.cr.execute(
                    SQL("EXPLAIN %s", query.select()), log_exceptions=False
                )
        except (psycopg2.ProgrammingError, psycopg2.DataError) as error:
            return error
        except psycopg2.Error:
            raise
        except Exception as error:
            return error
        return None

    @api.model
    def _compile_rule(self, text, partners) -> Query:
        domain = self._read_rule(text, self.env.company)
        return partners.with_context(active_test=False)._search(domain)

    @api.model
    def _find_rule_problem(self, text: str) -> str | bool:
        """Return why a rule cannot be used and what to do, in the user's words, or
        False."""
        if self._is_rule_usable(text):
            return False
        error = self._find_rule_error(text)
        if isinstance(error, RuleError):
            reason = self._get_rule_problem(error)
        elif name := self._find_missing_field(
            rules.read(text), self.env["res.partner"]
        ):
            reason = self.env._("there is no field “%s” any more.", name)
        elif isinstance(error, psycopg2.Error):
            reason = self.env._("a value does not suit its field any more.")
        else:
            reason = str(error)
        return self.env._(
            "The rule on customers applies to nobody, because it cannot be used: "
            "%(reason)s Change that condition of the rule or take it out.",
            reason=reason,
        )

    @api.model
    def _find_missing_field(self, domain: list, model) -> str | None:
        """Return the first field of a domain that does not exist."""
        for term in domain:
            if not isinstance(term, list | tuple) or len(term) != 3:
                continue
            name, operator, value = term
            inner = model
            for part in str(name).split("."):
                field = inner._fields.get(part)
                if not field:
                    return part
                if not field.relational:
                    # What follows is a part of a date or of properties.
                    break
                inner = self.env[field.comodel_name]
            if operator in ("any", "not any") and isinstance(value, list):
                if missing := self._find_missing_field(value, inner):
                    return missing
        return None

    # ------------------------------------------------------------------
    # BUSINESS METHODS - TELLING
    # ------------------------------------------------------------------

    def _tell_rule_problems(self) -> None:
        """Tell the credit managers which rules cannot be used any more: once, and
        again only when it is something else."""
        for scenario in self.with_context(lang=None):
            problem = scenario.rule_problem
            if problem != scenario.rule_problem_told:
                # What the system notes is not changed by people.
                scenario_sudo = scenario.sudo()
                scenario_sudo.rule_problem_told = problem
                if problem:
                    scenario._tell_rule_problem()

    def _tell_rule_problem(self):
        self.ensure_one()
        for user_sudo in self._get_managers_sudo():
            scenario = self.with_context(lang=user_sudo.lang)
            self.env["mail.thread"].with_context(lang=user_sudo.lang).message_notify(
                model=self._name,
                res_id=self.id,
                partner_ids=user_sudo.partner_id.ids,
                subject=scenario.env._(
                    "The rule of the scenario “%s” cannot be used", scenario.name
                ),
                body=plaintext2html(scenario.rule_problem),
            )

    def _get_managers_sudo(self):
        """Return the credit managers who work with the scenario, elevated."""
        companies = self.company_id
        # Who is told does not depend on whom the one who runs may see.
        companies_sudo = self.env["res.company"].sudo()
        domain = [("id", "child_of", companies.ids)] if companies else []
        users_sudo = self.env["res.users"].sudo()
        return users_sudo.search(
            [
                ("all_group_ids", "in", self.env.ref(MANAGER_GROUP).ids),
                ("company_ids", "in", companies_sudo.search(domain).ids),
            ],
            order="id",
        )
