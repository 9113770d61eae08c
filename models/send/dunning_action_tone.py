from odoo import models

from ...tools.tone import is_further
from ...tools.words import WRITTEN_CHANNELS


class DunningAction(models.Model):
    """A call is not made up for by a text that is softer than what the customer has
    received."""

    _inherit = "dunning.action"

    # ------------------------------------------------------------------
    # BUSINESS METHODS - TONE
    # ------------------------------------------------------------------

    def _refresh_new_texts(self, asked, any_day):
        """Bring what has become a text in line with the ledger once more: it does not
        list what a call would have spoken of.

        :param asked: dict of action to the channel and execution it had
        :return: the actions that stand
        """
        texts = self.filtered(
            lambda action: (
                action.level_id
                and action.channel in WRITTEN_CHANNELS
                and asked[action][0] not in WRITTEN_CHANNELS
            )
        )
        if not texts:
            return self
        return self - texts | texts._refresh(any_day=any_day, complete=True)

    def _get_missing(self, channel):
        # EXTENDS 'account_dunning': a call is not made up for by a text that is softer
        # than what the customer has received
        missing = super()._get_missing(channel)
        becomes_text = (
            channel in WRITTEN_CHANNELS and self.channel not in WRITTEN_CHANNELS
        )
        if missing or not becomes_text or not self._is_too_soft():
            return missing
        return self.env._(
            "The text of this level would be softer than what the customer has "
            "received: choose another way, or skip this step."
        )

    def _is_too_soft(self):
        """Return whether the text of the level would be softer than what an item has
        received that it brings to a level."""
        steps = self.line_ids.filtered(lambda x: x.state == "open" and x.level_id)
        states = self.env["dunning.item.state"].search(
            [("move_line_id", "in", steps.move_line_id.ids)]
        )
        rank = self.level_id._get_rank()
        return any(is_further(tone, rank) for tone in states.mapped("tone"))
