from odoo import api, fields, models
from odoo.exceptions import ValidationError


class DunningScenario(models.Model):
    """What is to be known before a scenario is changed, rather than after."""

    _inherit = "dunning.scenario"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    refusal = fields.Char(string="Why Not Changed", compute="_compute_refusal")
    level_problem = fields.Char(
        string="Problem of the Levels", compute="_compute_level_problem"
    )

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("company_id", "name")
    @api.depends_context("uid", "allowed_company_ids", "lang")
    def _compute_refusal(self):
        for scenario in self:
            saved = scenario._origin
            scenario.refusal = saved._find_refusal() if saved else False

    @api.depends(
        "level_ids.active",
        "level_ids.channel",
        "level_ids.delay_days",
        "level_ids.letter_template_id",
        "level_ids.mail_template_id",
        "level_ids.name",
        "level_ids.sms_template_id",
        "level_ids.tone",
    )
    @api.depends_context("lang")
    def _compute_level_problem(self):
        for scenario in self:
            levels = scenario.level_ids.filtered("active").sorted("delay_days")
            problems = [levels._tell_silent(), levels._tell_too_soft()]
            scenario.level_problem = " ".join(filter(None, problems)) or False

    # ------------------------------------------------------------------
    # CRUD METHODS
    # ------------------------------------------------------------------

    def write(self, vals):
        # EXTENDS 'base': who may not change it is told so first
        result = super().write(vals)
        if not vals.get("active", True) and not self.env.su:
            self._check_not_default()
        return result

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _check_not_default(self):
        """Refuse to archive what customers take for whom nothing else is said.

        :raise ValidationError: naming the company
        """
        # A company that the user does not see would be left without scenario, too.
        companies_sudo = self.env["res.company"].sudo()
        company_sudo = companies_sudo.search(
            [("dunning_scenario_id", "in", self.ids)], limit=1
        )
        if company_sudo:
            raise ValidationError(
                self.env._(
                    "“%(scenario)s” is the default scenario of %(company)s: without it "
                    "most customers would not be dunned any more. Choose another one "
                    "in the settings, then archive it.",
                    scenario=company_sudo.dunning_scenario_id.display_name,
                    company=company_sudo.name,
                )
            )
