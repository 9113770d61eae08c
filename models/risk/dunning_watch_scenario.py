from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from ..plan.dunning_plan_watched import Watch

EFFECT = ("scenario", "Dun by Another Scenario")

# Whom the plan is told of when this changes.
WATCHED = Watch(
    "dunning_watch",
    ("company_id", "date_closed", "effect", "partner_id", "scenario_id"),
    "SELECT UNNEST(ARRAY[OLD.partner_id, NEW.partner_id])",
    condition="{row}.effect = 'scenario'",
)


class DunningWatchScenario(models.AbstractModel):
    """Who is watched is dunned by another scenario meanwhile, whatever the rules of the
    scenarios say; a scenario chosen on the customer comes first all the same."""

    _name = "dunning.watch.scenario"
    _description = "Another Scenario for Who Is Watched"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    scenario_id = fields.Many2one(
        "dunning.scenario",
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
        help="By which they are dunned while they are watched.",
    )

    # ------------------------------------------------------------------
    # CONSTRAINT METHODS
    # ------------------------------------------------------------------

    @api.constrains("effect", "scenario_id")
    def _check_scenario_id(self):
        if any(x.effect == EFFECT[0] and not x.scenario_id for x in self):
            raise ValidationError(
                self.env._("Choose the scenario by which to dun who is watched.")
            )


class DunningWatchRule(models.Model):
    _name = "dunning.watch.rule"
    _inherit = ["dunning.watch.rule", "dunning.watch.scenario"]
    _check_company_auto = True

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    effect = fields.Selection(
        selection_add=[EFFECT], ondelete={EFFECT[0]: "set default"}
    )

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _prepare_watch(self, company, partner):
        # EXTENDS 'account_dunning'
        values = super()._prepare_watch(company, partner)
        if self.effect == EFFECT[0]:
            values["scenario_id"] = self.scenario_id.id
        return values


class DunningWatch(models.Model):
    _name = "dunning.watch"
    _inherit = ["dunning.watch", "dunning.watch.scenario"]
    _check_company_auto = True
    _check_company_domain = models.check_company_domain_parent_of

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    effect = fields.Selection(
        selection_add=[EFFECT], ondelete={EFFECT[0]: "set default"}
    )

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _get_editable_fields(self):
        # EXTENDS 'account_dunning'
        return super()._get_editable_fields() | {"scenario_id"}


class DunningPlan(models.AbstractModel):
    _inherit = "dunning.plan"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    @api.model
    def _get_scenario_choices(self, scope):
        # EXTENDS 'account_dunning': what is chosen on the customer > here > rules
        chosen, *others = super()._get_scenario_choices(scope)
        self.env["dunning.watch"].flush_model()
        return [chosen, self._get_watched_scenario_sql(scope.company), *others]

    @api.model
    def _get_watched_scenario_sql(self, company) -> SQL:
        """Return SQL giving by which scenario ``partner`` is dunned for being watched.
        Of several, the first in the order of the scenarios."""
        watched = SQL(
            """
            dunning_watch watch
              JOIN dunning_scenario other ON other.id = watch.scenario_id
             WHERE other.active
               AND watch.company_id = %s
               AND watch.date_closed IS NULL
               AND watch.effect = %s
            """,
            company.id,
            EFFECT[0],
        )
        # Few are watched: the others are told apart by one look at all of them.
        return SQL(
            """
            CASE WHEN partner.id IN (SELECT watch.partner_id FROM %(watched)s)
                 THEN (
                          SELECT other.id
                            FROM %(watched)s
                             AND watch.partner_id = partner.id
                        ORDER BY other.sequence, other.id
                           LIMIT 1
                      )
            END
            """,
            watched=watched,
        )


class DunningPlanMark(models.Model):
    _inherit = "dunning.plan.mark"

    # ------------------------------------------------------------------
    # WHO MARKS
    # ------------------------------------------------------------------

    @api.model
    def _get_watched(self):
        # EXTENDS 'account_dunning'
        return (*super()._get_watched(), WATCHED)
