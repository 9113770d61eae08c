from odoo import models
from odoo.tools import SQL


class ResPartner(models.Model):
    """What was recorded by mistake, and undone, was no exchange with the customer."""

    _inherit = "res.partner"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _dunning_get_exchanged_sql(self):
        # EXTENDS 'account_dunning': a call that became an e-mail has left
        field = self.env["dunning.action"]._fields["corrects_id"]
        return SQL(
            """
            %s AND (
                NOT EXISTS (
                    SELECT FROM dunning_action again WHERE %s = dunning_action.id
                )
             OR EXISTS (
                    SELECT
                      FROM dunning_sending sending
                     WHERE sending.action_id = dunning_action.id
                )
            )
            """,
            super()._dunning_get_exchanged_sql(),
            SQL.identifier("again", "corrects_id", to_flush=field),
        )

    def _dunning_tell_actions(self, ids):
        # EXTENDS 'account_dunning'
        entries = super()._dunning_tell_actions(ids)
        for action in self.env["dunning.action"].browse(ids):
            if action._is_redone():
                undone = {"muted": self.env._("Undone"), "amount": False}
                entries[action.id] |= undone | {"still_open": False}
        return entries
