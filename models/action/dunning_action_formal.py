from odoo import models

from ...tools.tone import misses_notice
from ...tools.words import TONE_RANKS, WRITTEN_CHANNELS


class DunningAction(models.Model):
    """A formal notice is one only when it was written. The highest level due decides
    how a customer is contacted, and the others count with it; but a call, or a milder
    text, does not stand for the formal notice of an item that has had none: the item is
    only listed, and its notice follows."""

    _inherit = "dunning.action"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _mark_done(self, date):
        # EXTENDS 'account_dunning'
        missed = self._get_missed_notices()
        # Until now the line has kept the item from being contacted twice.
        missed.write({"level_id": False, "is_aligned": False})
        return super()._mark_done(date)

    def _get_missed_notices(self):
        """Return the lines that would count a formal notice that nobody has written."""
        lines = self.filtered(lambda action: action._may_miss_notices()).line_ids
        formal = {level: level._get_written_notices() for level in lines.level_id}
        lines = lines.filtered(
            lambda line: (
                line.state == "open"
                and formal.get(line.level_id)
                and (line.is_aligned or line.level_id in formal[line.level_id])
            )
        )
        if not lines:
            return lines
        states = self.env["dunning.item.state"].search(
            [("move_line_id", "in", lines.move_line_id.ids)]
        )
        states = {state.move_line_id: state for state in states}
        return lines.filtered(
            lambda line: line._misses_notice(
                states.get(line.move_line_id), formal[line.level_id]
            )
        )

    def _may_miss_notices(self):
        """Return whether the action is no formal notice, nor what was chosen in place
        of one that could not be written. A starting level stands for all before it."""
        self.ensure_one()
        return self.kind != "start" and not self.level_id._is_written_notice()


class DunningActionLine(models.Model):
    _inherit = "dunning.action.line"

    def _misses_notice(self, state, notices):
        """Return whether the item has had none of the formal notices that lie between
        the level it has reached and that of the line.

        :param state: ``dunning.item.state`` of the item, or None
        :param notices: levels that write one, up to that of the line
        """
        self.ensure_one()
        return misses_notice(
            heard=state.tone if state else 0,
            reached=state.level_id.delay_days if state and state.level_id else None,
            notices=notices.mapped("delay_days"),
        )


class DunningLevel(models.Model):
    _inherit = "dunning.level"

    def _get_written_notices(self):
        """Return the levels of the scenario that write a formal notice, up to this
        one."""
        self.ensure_one()
        return self.scenario_id.level_ids.filtered(
            lambda level: (
                level.delay_days <= self.delay_days and level._is_written_notice()
            )
        )

    def _is_written_notice(self):
        """Return whether the level writes a formal notice."""
        written = self.channel in WRITTEN_CHANNELS
        return written and self._get_rank() == TONE_RANKS["formal"]
