# What is asked of each is the same, whether it needs all of it or not.
# pylint: disable=unused-argument

from odoo import models

# What is proposed when the fallbacks of the level are exhausted.
LAST_RESORTS = ("letter", "call")


class DunningKind(models.AbstractModel):
    """How actions of a kind are sent."""

    _inherit = "dunning.kind"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _has_texts(self, action):
        """Return whether something is there to say what the action sends."""
        return bool(action.level_id)

    def _get_channels(self, action) -> list[str]:
        """Return the channels to try, in order."""
        level = action.level_id
        order = (
            action._get_wanted_channel(level),
            level.channel,
            level.fallback_channel,
            level.fallback2_channel,
        )
        channels = list(dict.fromkeys(filter(None, order)))
        if not action.replaced_channel:
            return channels
        if action.channel in channels:
            channels = channels[channels.index(action.channel) + 1 :]
        tried = (action.channel, action.replaced_channel)
        return [action.channel, *(name for name in channels if name not in tried)]

    def _get_last_resorts(self) -> tuple[str, ...]:
        """Return the channels to propose when an action has no other fallback."""
        return LAST_RESORTS

    def _get_problem(self, action, channel):
        """Say what is missing to reach the customer on a channel, and what to do.

        :return: text, or None when nothing is
        """
        return self.env["dunning.channel"]._of(channel)._get_problem(action)

    def _is_outdated(self, action, rows):
        """Return whether what was written says what is no longer true.

        :param rows: what the plan says of the items now
        """
        return action._has_other_amounts(rows)


class DunningKindDeadline(models.AbstractModel):
    """What a deadline that has passed leads to: it is about what the letter listed, not
    about what came later."""

    _name = "dunning.kind.deadline"
    _inherit = "dunning.kind"
    _description = "Deadline Passed"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _get_title(self, action):
        # EXTENDS 'dunning.kind': which deadline
        title, level = super()._get_title(action), action.origin_id.level_id
        return f"{title} – {level.name}" if level else title

    def _is_pointful(self, action, valid, steps):
        # OVERRIDES 'dunning.kind'
        return bool(valid) and action.origin_id.state == "done"

    def _is_listed(self, action, row):
        # EXTENDS 'dunning.kind'
        told = action.origin_id.line_ids.filtered(lambda line: line.state == "done")
        listed = super()._is_listed(action, row)
        return listed and row["id"] in told.move_line_id.ids
