from odoo import api, models
from odoo.tools import SQL

from ...tools.words import TONE_RANKS, WRITTEN_CHANNELS

# Stands for "no level reached yet" where levels are compared by their delay.
NO_LEVEL = -100_000


class DunningPlan(models.AbstractModel):
    """The ladder of each scenario, and the manners of the plan: tone never goes
    backwards, and what accountants have to settle among themselves is not dunned.

    ``heard_tone`` is the rank of the strongest text that listed an item, whatever the
    level the item has reached by it: an item that was listed in a formal notice has
    received it, even if its own level came no further than a courteous reminder.
    """

    _inherit = "dunning.plan"

    @api.model
    def _get_ladder_sql(self) -> SQL:
        """For each scenario, each level that an item may have reached and each tone it
        may have heard, the level that follows and the first that follows and is not
        preventive. Levels are compared by their delay, so that an item that changes
        scenario goes on from where it was; but the formal notice of the other one comes
        before its end, where there was none."""
        following = SQL(
            """
            SELECT level.id, level.delay_days, GREATEST(level.gap_days, 1) AS gap_days
              FROM dunning_level level
             WHERE level.scenario_id = scenario.id
               AND level.active
               AND (
                   level.delay_days > reached.delay_days
                   OR elsewhere.reached
                   AND level.channel IN %(written)s
                   AND %(rank)s = %(formal)s
               )
               AND NOT (%(overtaken)s)
            """,
            written=WRITTEN_CHANNELS,
            rank=self._get_rank_sql("level"),
            formal=TONE_RANKS["formal"],
            overtaken=self._get_overtaken_sql(),
        )
        return SQL(
            """
            SELECT scenario.id AS scenario_id,
                   reached.delay_days AS reached_delay,
                   elsewhere.reached AS reached_elsewhere,
                   heard.tone AS heard_tone,
                   first.id AS first_id,
                   first.delay_days AS first_delay,
                   first.gap_days AS first_gap,
                   late.id AS late_id,
                   late.delay_days AS late_delay,
                   late.gap_days AS late_gap,
                   COALESCE(scenario.minimum_amount, 0) AS minimum_amount,
                   COALESCE(scenario.contact_gap_days, 0) AS contact_gap_days,
                   scenario.align_levels IS TRUE AS align_levels,
                   EXISTS (
                       SELECT FROM dunning_level
                        WHERE scenario_id = scenario.id AND active
                   ) AS has_levels
              FROM dunning_scenario scenario
        CROSS JOIN (
                       SELECT %(no_level)s AS delay_days
                        UNION
                       SELECT delay_days FROM dunning_level
                   ) reached
        CROSS JOIN UNNEST(%(tones)s) heard(tone)
        CROSS JOIN (VALUES (FALSE), (TRUE)) elsewhere(reached)
         LEFT JOIN LATERAL (
                       %(following)s ORDER BY delay_days LIMIT 1
                   ) first ON TRUE
         LEFT JOIN LATERAL (
                       %(following)s AND delay_days >= 0 ORDER BY delay_days LIMIT 1
                   ) late ON TRUE
             WHERE scenario.active
            """,
            no_level=NO_LEVEL,
            tones=[0, *TONE_RANKS.values()],
            following=following,
        )

    @api.model
    def _get_overtaken_sql(self) -> SQL:
        """Return the condition that a level does not come any more, after a tone that
        was heard: a text that is softer, or a second formal notice; and what would
        have led up to a level of that tone, such as a first call. What the scenario
        has planned to come after that tone comes, however it is said."""
        return SQL(
            """
            CASE WHEN level.channel IN %(written)s
                 THEN %(rank)s < heard.tone
                      OR %(rank)s = %(formal)s AND heard.tone = %(formal)s
                 ELSE %(rank)s < heard.tone
                      AND level.delay_days < (
                          SELECT MIN(other.delay_days)
                            FROM dunning_level other
                           WHERE other.scenario_id = level.scenario_id
                             AND other.active
                             AND %(other_rank)s >= heard.tone
                      )
            END
            """,
            written=WRITTEN_CHANNELS,
            rank=self._get_rank_sql("level"),
            other_rank=self._get_rank_sql("other"),
            formal=TONE_RANKS["formal"],
        )

    @api.model
    def _get_rank_sql(self, alias: str) -> SQL:
        """Return the rank of the tone of a level."""
        tone = SQL.identifier(alias, "tone")
        return SQL(
            "CASE %s %s END",
            tone,
            SQL(" ").join(
                SQL("WHEN %s THEN %s", name, rank) for name, rank in TONE_RANKS.items()
            ),
        )

    @api.model
    def _get_further_sql(self, heard: SQL, rank: SQL) -> SQL:
        """Return the condition that an item has heard what a text of that rank cannot
        come back to: something stronger, or a formal notice, which is not repeated.

        :param heard: rank of what the item has heard
        :param rank: rank of the text, NULL for what is no text
        """
        return SQL(
            "COALESCE(%(heard)s > %(rank)s"
            " OR %(heard)s = %(formal)s AND %(rank)s = %(formal)s, FALSE)",
            heard=heard,
            rank=rank,
            formal=TONE_RANKS["formal"],
        )

    # ------------------------------------------------------------------
    # WHAT ACCOUNTANTS SETTLE
    # ------------------------------------------------------------------

    @api.model
    def _get_blocked_sql(self) -> SQL:
        """The invoice is marked in accounting as not to be paid."""
        return SQL(
            """
            line.move_id IN (
                SELECT id
                  FROM account_move
                 WHERE payment_state = 'blocked'
            )
            """
        )

    @api.model
    def _get_discounted_sql(self) -> SQL:
        """All is paid but the early payment discount, in time for it: what is left is
        to be written off, not to be claimed."""
        return SQL(
            """
            CASE WHEN line.discount_date IS NOT NULL
                  AND line.discount_amount_currency > 0
                  AND line.amount_residual_currency > 0
                  AND line.amount_residual_currency
                      <= line.amount_currency - line.discount_amount_currency
                 THEN COALESCE(
                     (
                         SELECT SUM(partial.debit_amount_currency)
                           FROM account_partial_reconcile partial
                          WHERE partial.debit_move_id = line.id
                            AND partial.max_date <= line.discount_date
                     ) >= line.discount_amount_currency,
                     FALSE
                 )
                 ELSE FALSE
            END
            """
        )
