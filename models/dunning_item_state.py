from odoo import api, fields, models
from odoo.tools import SQL


class DunningItemState(models.Model):
    """The level each item has reached, kept beside the history so that a plan reads
    one narrow row per item. It holds nothing of its own: :meth:`_rebuild` derives it
    from the done actions at any time."""

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
    level_id = fields.Many2one(
        "dunning.level", required=True, readonly=True, ondelete="restrict"
    )
    date = fields.Date(required=True, readonly=True)

    # === Constraints and indexes === #
    _item_uniq = models.UniqueIndex("(move_line_id)")

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    @api.model
    def _rebuild(self, move_line_ids):
        """Derive the level reached by the given items from their history.

        :param move_line_ids: ids of journal items
        """
        if not move_line_ids:
            return
        self.env["dunning.action"].flush_model(["state", "date_done"])
        self.env["dunning.action.line"].flush_model()
        self._forget_unreached(move_line_ids)
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO dunning_item_state (move_line_id, level_id, date)
                SELECT DISTINCT ON (line.move_line_id)
                       line.move_line_id, line.level_id,
                       GREATEST(action.date_done, action.date)
                  FROM dunning_action_line line
                  JOIN dunning_action action ON action.id = line.action_id
                 WHERE line.state = 'done'
                   AND line.level_id IS NOT NULL
                   AND line.move_line_id = ANY(%s)
              ORDER BY line.move_line_id,
                       GREATEST(action.date_done, action.date) DESC,
                       line.id DESC
           ON CONFLICT (move_line_id)
             DO UPDATE SET level_id = EXCLUDED.level_id, date = EXCLUDED.date
                """,
                list(move_line_ids),
            )
        )
        self.invalidate_model()

    @api.model
    def _forget_unreached(self, move_line_ids):
        """Remove the state of items all of whose contacts were taken back."""
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM dunning_item_state state
                      WHERE state.move_line_id = ANY(%s)
                        AND NOT EXISTS (
                                SELECT FROM dunning_action_line line
                                 WHERE line.move_line_id = state.move_line_id
                                   AND line.state = 'done'
                                   AND line.level_id IS NOT NULL
                            )
                """,
                list(move_line_ids),
            )
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
