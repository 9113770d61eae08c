from odoo import api, fields, models

from ...tools.words import READERS


class ResCompany(models.Model):
    """By whom and how customers are dunned for whom nothing else is said."""

    _inherit = "res.company"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    dunning_scenario_id = fields.Many2one(
        "dunning.scenario",
        string="Default Dunning Scenario",
        default=lambda self: self._dunning_get_shipped_scenario(),
        ondelete="restrict",
        check_company=True,
        help="Scenario of the customers to whom no other applies.",
        groups=READERS,
    )
    dunning_user_id = fields.Many2one(
        "res.users",
        string="Default Collector",
        help="Collector of the customers who have none of their own.",
        groups=READERS,
    )

    # ------------------------------------------------------------------
    # CONSTRAINT METHODS
    # ------------------------------------------------------------------

    @api.constrains("dunning_scenario_id")
    def _check_dunning_scenario(self):
        # Companies are no records of companies: Odoo looks at this when it is asked.
        self._check_company(["dunning_scenario_id"])

    # ------------------------------------------------------------------
    # BUSINESS METHODS - SETTINGS
    # ------------------------------------------------------------------

    def _dunning_get_scenarios(self) -> models.BaseModel:
        """Return the active scenarios the company can use, in order."""
        self.ensure_one()
        return self.env["dunning.scenario"].search(
            self.env["dunning.scenario"]._check_company_domain(self)
        )

    def _dunning_get_default_scenario(self) -> models.BaseModel:
        """Return the default scenario of the company, else of its parents."""
        self.ensure_one()
        for company in reversed(self.parent_ids):
            if company.dunning_scenario_id:
                return company.dunning_scenario_id
        return self.env["dunning.scenario"]

    @api.model
    def _dunning_get_shipped_scenario(self) -> models.BaseModel:
        """Return the scenario that a new company begins with; none once deleted."""
        return self.env.ref(
            "account_dunning.scenario_regular", raise_if_not_found=False
        )


class DunningSettingsFields(models.AbstractModel):
    _inherit = "dunning.settings.fields"

    dunning_scenario_id = fields.Many2one(
        related="company_id.dunning_scenario_id", readonly=False
    )
    dunning_user_id = fields.Many2one(
        related="company_id.dunning_user_id", readonly=False
    )
