from odoo import api, models
from odoo.tools import SQL

from ...tools.words import OPEN_STATES, WRITTEN_CHANNELS
from .dunning_run_statement import Contacts

CONTACT_COLUMNS = (
    "partner_id",
    "scenario_id",
    "level_id",
    "kind",
    "channel",
    "execution",
    "state",
    "date",
    "user_id",
)


class DunningRun(models.Model):
    """What a run creates of the plan: whom it contacts, by which level, about what."""

    _inherit = "dunning.run"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    @api.model
    def _get_chosen_sql(self, scope) -> SQL:
        """One row for each customer to contact, of the items in ``plan``: the level
        that decides, the date, and how strong the text is, if it is one. The highest
        level decides, but for a text that would be too soft for some of the items that
        have a step. The dry run asks for the same."""
        return SQL(
            """
            WITH step AS (
                SELECT DISTINCT ON (plan.partner_id)
                       plan.partner_id, plan.scenario_id, plan.level_id,
                       level.delay_days, level.channel, plan.date, plan.align_levels,
                       CASE WHEN level.channel IN %(written)s THEN %(rank)s END
                           AS text_rank
                  FROM (
                           SELECT *,
                                  MAX(heard_tone) OVER (PARTITION BY partner_id)
                                      AS loudest
                             FROM plan
                            WHERE decision = 'step'
                       ) plan
                  JOIN dunning_level level ON level.id = plan.level_id
                  JOIN dunning_scenario scenario ON scenario.id = plan.scenario_id
              ORDER BY plan.partner_id,
                       level.channel IN %(written)s AND %(rank)s < plan.loudest,
                       level.delay_days DESC, scenario.sequence, scenario.id
            )
            SELECT partner_id, 'step' AS kind, scenario_id, level_id, delay_days, date,
                   align_levels, text_rank
              FROM step
             UNION ALL
            (
                SELECT DISTINCT ON (plan.partner_id)
                       plan.partner_id, 'follow_up', plan.scenario_id,
                       NULL, NULL, plan.day, FALSE, NULL
                  FROM plan
                 WHERE plan.reason = 'last_level'
                   AND plan.days_late > 0
                   AND NOT EXISTS (
                           SELECT FROM dunning_action other
                            WHERE other.partner_id = plan.partner_id
                              AND other.company_id = plan.company_id
                              AND other.kind = 'follow_up'
                              AND other.state IN ('to_validate', 'todo', 'failed')
                       )
                   AND NOT %(called)s
                   AND plan.partner_id NOT IN (%(given_time)s)
                   -- A call is about all that is overdue.
                   AND plan.partner_id NOT IN (
                           SELECT partner_id FROM step WHERE channel = 'call'
                       )
              ORDER BY plan.partner_id, plan.day
            )
            """,
            called=self._get_is_called_sql(),
            given_time=self._get_given_time_sql(scope),
            written=WRITTEN_CHANNELS,
            rank=self.env["dunning.plan"]._get_rank_sql("level"),
        )

    def _get_planned_contacts(self, scope) -> Contacts:
        """Return what is created of ``plan`` and ``chosen``."""
        return Contacts(
            action=self._get_contact_sql(scope),
            columns=CONTACT_COLUMNS,
            content=self._get_content_sql(),
            key=("partner_id", "kind"),
        )

    def _get_contact_sql(self, scope) -> SQL:
        # The plan of a company does not depend on who runs it.
        partners_sudo = self.env["res.partner"].sudo().with_company(scope.company)
        return SQL(
            """
            SELECT chosen.partner_id,
                   chosen.scenario_id,
                   chosen.level_id,
                   chosen.kind,
                   COALESCE(channel.value, 'task') AS channel,
                   execution.value AS execution,
                   CASE WHEN execution.value = 'validate' THEN 'to_validate'
                        ELSE 'todo'
                   END AS state,
                   chosen.date,
                   %(collector)s AS user_id
              FROM chosen
              JOIN res_partner partner ON partner.id = chosen.partner_id
         LEFT JOIN dunning_level level ON level.id = chosen.level_id
             %(way)s
            """,
            collector=scope.company._dunning_get_worker_sql(
                partners_sudo._field_to_sql("partner", "dunning_user_id")
            ),
            way=self.env["dunning.level"]._get_way_sql(scope.company),
        )

    def _get_content_sql(self) -> SQL:
        """The items of each contact, with the level each of them reaches. When the
        scenario aligns levels, those below the level of the contact come up to it.
        Those that are further than its text are not listed again: the text refers to
        what they have received."""
        return SQL(
            """
            SELECT plan.*,
                   chosen.kind,
                   chosen.delay_days <= 0 AS is_early,
                   refer.further,
                   raised.up AND NOT (
                       plan.decision = 'step' AND plan.level_id = chosen.level_id
                   ) AS is_aligned,
                   CASE WHEN chosen.kind = 'follow_up' OR refer.further THEN NULL
                        WHEN plan.decision = 'step' AND NOT raised.up
                        THEN plan.level_id
                        WHEN raised.up THEN chosen.level_id
                   END AS new_level_id
              FROM plan
              JOIN chosen ON chosen.partner_id = plan.partner_id
         LEFT JOIN dunning_level reached ON reached.id = plan.reached_id
        CROSS JOIN LATERAL (SELECT %(further)s AS further) refer
        CROSS JOIN LATERAL (
                       SELECT chosen.align_levels
                          AND NOT refer.further
                          AND chosen.scenario_id = plan.scenario_id
                          AND plan.action_id IS NULL
                          AND plan.listed
                          AND (reached.id IS NULL
                               OR reached.delay_days < chosen.delay_days) AS up
                   ) raised
             WHERE %(told)s
            """,
            told=self._get_is_told_sql(),
            further=self._get_is_further_sql(),
        )

    @api.model
    def _get_is_further_sql(self) -> SQL:
        """Whether the text of ``chosen`` only refers to an item of ``plan``."""
        return self.env["dunning.plan"]._get_further_sql(
            SQL("plan.heard_tone"), SQL("chosen.text_rank")
        )

    @api.model
    def _get_is_told_sql(self) -> SQL:
        """Whether the contact of ``chosen`` is about an item of ``plan``."""
        return SQL(
            """
            CASE chosen.kind
            WHEN 'step' THEN plan.decision = 'step' OR plan.listed
            ELSE plan.reason = 'last_level' AND plan.days_late > 0 AND NOT %s
            END
            """,
            self._get_is_called_sql(),
        )

    @api.model
    def _get_is_called_sql(self) -> SQL:
        """Whether a call about an item of ``plan`` is to be made already: nobody is to
        follow it beside (see ``tools/judgement.py``)."""
        return SQL(
            """
            EXISTS (
                SELECT FROM dunning_action_line line
                  JOIN dunning_action call ON call.id = line.action_id
                 WHERE line.move_line_id = plan.id
                   AND line.state = 'open'
                   AND call.channel = 'call'
                   AND call.state IN %s
            )
            """,
            OPEN_STATES,
        )
