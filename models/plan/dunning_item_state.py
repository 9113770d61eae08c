from odoo import api, fields, models
from odoo.tools import SQL

from ...tools.words import WRITTEN_CHANNELS


class DunningItemState(models.Model):
    """The level each item has reached and the tone it has heard, kept beside the
    history so that a plan reads one narrow row per item. It holds nothing of its own:
    :meth:`_rebuild` derives it from the done actions at any time."""

    _name = "dunning.item.state"
    _description = "Level Reached by an Open Item"
    _log_access = False
    _rec_name = "move_line_id"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    move_line_id = fields.Many2one(
        "account.move.line", required=True, readonly=True, ondelete="cascade"
    )
    level_id = fields.Many2one("dunning.level", readonly=True, ondelete="restrict")
    date = fields.Date(string="Reached on", readonly=True)
    tone = fields.Integer(
        string="Tone Heard",
        required=True,
        readonly=True,
        default=0,
        help="How strong the strongest text was that listed the item, whatever level "
        "it has reached by it: 1 courteous, 2 firm, 3 formal; 0 for none.",
    )

    # === Constraints and indexes === #
    _item_uniq = models.UniqueIndex("(move_line_id)")

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    @api.model
    def _rebuild(self, move_line_ids: list[int]) -> None:
        """Derive the level reached and the tone heard by the given items from their
        history. What was only spoken of in a call has neither.

        :param move_line_ids: ids of journal items
        """
        if not move_line_ids:
            return
        self.env["dunning.action"].flush_model(["channel", "state", "date_done"])
        self.env["dunning.level"].flush_model()
        self.env["dunning.action.line"].flush_model()
        history = self._get_history_sql(move_line_ids)
        self.env.cr.execute(
            SQL(
                """
                WITH history AS MATERIALIZED (%(history)s),
                     told AS (
                         SELECT move_line_id, COALESCE(MAX(tone), 0) AS tone
                           FROM history
                       GROUP BY move_line_id
                     ),
                     reached AS (
                         SELECT DISTINCT ON (move_line_id) move_line_id, level_id, date
                           FROM history
                          WHERE level_id IS NOT NULL
                       ORDER BY move_line_id, date DESC, id DESC
                     ),
                     current AS (
                         SELECT told.move_line_id, level_id, date, tone
                           FROM told
                      LEFT JOIN reached USING (move_line_id)
                          WHERE tone > 0 OR level_id IS NOT NULL
                     ),
                     forgotten AS (
                         DELETE FROM dunning_item_state
                               WHERE move_line_id = ANY(%(items)s)
                                 AND move_line_id NOT IN (
                                         SELECT move_line_id FROM current
                                     )
                     )
                INSERT INTO dunning_item_state (move_line_id, level_id, date, tone)
                SELECT move_line_id, level_id, date, tone FROM current
           ON CONFLICT (move_line_id)
             DO UPDATE SET level_id = EXCLUDED.level_id,
                           date = EXCLUDED.date,
                           tone = EXCLUDED.tone
                """,
                history=history,
                items=list(move_line_ids),
            )
        )
        self.invalidate_model()

    @api.model
    def _get_history_sql(self, move_line_ids) -> SQL:
        """What was done about items: the level it brought them to, if any, and the
        rank of the tone in which it was written. A starting level stands for all that
        the scenario writes up to it."""
        rank = self.env["dunning.plan"]._get_rank_sql("level")
        return SQL(
            """
            SELECT line.id,
                   line.move_line_id,
                   line.level_id,
                   GREATEST(action.date_done, action.date) AS date,
                   CASE WHEN action.kind = 'start'
                        THEN (
                            SELECT MAX(%(rank)s)
                              FROM dunning_level level
                              JOIN dunning_level start ON start.id = line.level_id
                             WHERE level.scenario_id = start.scenario_id
                               AND level.delay_days <= start.delay_days
                               AND level.channel IN %(written)s
                               AND (level.active OR level.id = start.id)
                        )
                        WHEN action.channel IN %(written)s
                        THEN (
                            SELECT %(rank)s
                              FROM dunning_level level
                             WHERE level.id = action.level_id
                        )
                   END AS tone
              FROM dunning_action_line line
              JOIN dunning_action action ON action.id = line.action_id
             WHERE line.state = 'done'
               AND line.move_line_id = ANY(%(items)s)
            """,
            rank=rank,
            written=WRITTEN_CHANNELS,
            items=list(move_line_ids),
        )

    @api.autovacuum
    def _gc_paid_items(self):
        """Forget the items that are paid: an un-reconciliation derives them anew."""
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM dunning_item_state state
                      USING account_move_line line
                      WHERE line.id = state.move_line_id
                        AND line.reconciled
                """
            )
        )
        self.invalidate_model()
