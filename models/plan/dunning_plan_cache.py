from datetime import date
from typing import NamedTuple

from odoo import api, models
from odoo.tools import ormcache

from ...tools import working_days


class ScenarioRule(NamedTuple):
    """To whom a scenario applies by itself, and from which amount."""

    scenario_id: int
    partner_domain: str
    amount_from: float
    amount_to: float
    minimum_amount: float


class DunningPlan(models.AbstractModel):
    """What every plan takes for granted and seldom changes: accounts, scenarios, days
    off. It is read once, and again after a change of the records it comes from
    (``dunning.plan.basis``): a payment should not wait for it."""

    _inherit = "dunning.plan"

    @api.model
    @ormcache("company.id")
    def _get_scenario_rules(self, company) -> tuple[ScenarioRule, ...]:
        """Return the rules of the active scenarios of a company, in order."""
        # The plan of a company does not depend on who looks at it.
        scenarios_sudo = company.sudo()._dunning_get_scenarios()
        return tuple(
            ScenarioRule(
                scenario.id,
                scenario.partner_domain,
                scenario.amount_from,
                scenario.amount_to,
                scenario.minimum_amount,
            )
            for scenario in scenarios_sudo
        )

    @api.model
    @ormcache()
    def _get_lead_days(self) -> int:
        """Return how many days before the due date the earliest level comes."""
        # The levels of all companies: one reads more invoices at worst.
        levels_sudo = self.env["dunning.level"].sudo()
        groups = levels_sudo._read_group([], [], ["delay_days:min"])
        return max(0, -(groups[0][0] or 0))

    @api.model
    @ormcache("company.id", "company.sudo().resource_calendar_id.id", "start", "end")
    def _get_postponements(self, company, start, end) -> tuple[tuple[date, date], ...]:
        """Return the days off of a period, with the day that replaces each; none for
        a company without calendar."""
        days_off = company._dunning_get_days_off(start, end)
        return tuple(working_days.postponements(days_off))
