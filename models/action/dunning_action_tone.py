from odoo import models

from ...tools.plan import STEP
from ...tools.words import TONE_RANKS, WRITTEN_CHANNELS
from .dunning_action_line import FURTHER
from .dunning_action_refresh import FINAL_CAUSES, WAITING_REASONS


class DunningAction(models.Model):
    """Which lines of an action stand, at which level, and what its text may say.

    How it works: each line that brings its item to a level stands as long as the plan
    would step the item to that level. The highest of these levels decides. Lines that
    were raised to the level of the contact follow it, or come down to their own when
    what had decided is gone. What the customer has been written to more firmly of is
    not listed by a text: it refers to it in one sentence.
    """

    _inherit = "dunning.action"

    # ------------------------------------------------------------------
    # BUSINESS METHODS - LINES
    # ------------------------------------------------------------------

    def _judge_lines(self, rows, taken):
        """Return which lines stand.

        :param rows: dict of journal item id to row of the plan
        :param taken: what actions that were judged before do already
        :return: dict of line to the level its item reaches, empty when it is only
            listed, and the level that decides
        """
        self.ensure_one()
        candidates = {
            line: rows[line.move_line_id.id]
            for line in self.line_ids
            if (line.state == "open" or line.drop_cause not in FINAL_CAUSES)
            and line.move_line_id.id in rows
        }
        steps = {
            line: row
            for line, row in candidates.items()
            if line.level_id and (row["id"], line.level_id.id) not in taken
        }
        raised = {
            line: row
            for line, row in steps.items()
            if line.is_aligned and not self._get_own_level(line, row)
        }
        own = {
            line: level
            for line, row in steps.items()
            if line not in raised and (level := self._get_own_level(line, row))
        }
        level = self._get_deciding_level(own, rows)
        for line, row in raised.items():
            if self._is_raised(row, level, taken):
                own[line] = level
        if not level:
            own = {
                line: level
                for line, row in raised.items()
                if (level := self._get_own_level(line, row, lower=True))
                and (row["id"], level.id) not in taken
            }
            level = self._get_deciding_level(own, rows)
        levels = {
            line: self.env["dunning.level"]
            for line, row in candidates.items()
            if (line in raised or not line.level_id)
            and self._is_listed_line(row, taken)
        }
        return levels | own, level

    def _get_own_level(self, line, row, lower=False):
        """Return the level of the line, if the plan would step its item to it.

        :param lower: the level may be another than that of the line
        """
        level = self.env["dunning.level"].browse(row["level_id"])
        if not level or (level != line.level_id and not lower):
            return self.env["dunning.level"]
        waits = row["level_due"] and row["reason"] in WAITING_REASONS
        stands = row["decision"] == STEP or waits
        return level if stands else self.env["dunning.level"]

    def _is_raised(self, row, level, taken):
        """Return whether an item comes up to the level that decides."""
        reached = self.env["dunning.level"].browse(row["reached_id"])
        return (
            level
            and row["align_levels"]
            and row["listed"]
            and row["scenario_id"] == level.scenario_id.id
            and (row["id"], level.id) not in taken
            and (not reached or reached.delay_days < level.delay_days)
        )

    def _is_listed_line(self, row, taken):
        """Return whether a line stands that brings its item to no level."""
        # The customer has one follow-up at a time.
        followed = (row["partner_id"], "follow_up") in taken
        kind = self._get_kind()
        return kind._is_listed(self, row) and not (
            self.kind == "follow_up" and followed
        )

    def _get_deciding_level(self, steps, rows):
        """Return the highest level, but for a text that is too soft for an item that
        has a step.

        :param steps: dict of line to level
        """
        levels = self.env["dunning.level"].union(*steps.values())
        loudest = max((rows[x.move_line_id.id]["heard_tone"] for x in steps), default=0)
        return levels.sorted(
            lambda level: (
                level.channel not in WRITTEN_CHANNELS or level._get_rank() >= loudest,
                level.delay_days,
            )
        )[-1:]

    def _write_levels(self, levels, rows):
        """Give lines the levels at which they stand.

        :param levels: dict of line to level
        """
        for line, level in levels.items():
            if line.level_id != level:
                own = rows[line.move_line_id.id]["level_id"]
                line.write(
                    {"level_id": level.id, "is_aligned": level and level.id != own}
                )

    # ------------------------------------------------------------------
    # BUSINESS METHODS - TONE
    # ------------------------------------------------------------------

    def _get_further_lines(self, levels, level, rows):
        """Return the lines whose items have heard what the text cannot come back to.

        :param levels: dict of line that stands to its level
        :param level: the level that decides
        """
        # A reminder ahead of time brings no item to the level whose text it has.
        rank = self._get_text_rank(level or self.level_id)
        return self.line_ids.filtered(
            lambda line: (
                line in levels
                and self._is_further(rows[line.move_line_id.id]["heard_tone"], rank)
            )
        )

    def _get_text_rank(self, level):
        """Return how strong the text of the action is at a level; 0 when it is no
        text, or says nothing of a level."""
        if not level:
            return 0
        channel = self.channel
        if level != self.level_id:
            channel = self._get_wanted_channel(level)
        return level._get_rank() if channel in WRITTEN_CHANNELS else 0

    def _is_further(self, heard, rank):
        """Return whether an item has heard what a text of that rank cannot come back
        to: something stronger, or a formal notice, which is not repeated."""
        formal = TONE_RANKS["formal"]
        return bool(rank) and (heard > rank or heard == rank == formal)


class DunningActionLine(models.Model):
    _inherit = "dunning.action.line"

    def _refer_to(self, rows):
        """Leave the lines out of the table of the text, which refers to them."""
        for line in self:
            vals = {
                "state": "dropped",
                "drop_cause": FURTHER,
                **line.action_id._prepare_line_amounts(rows[line.move_line_id.id]),
            }
            changed = {
                name: value for name, value in vals.items() if line[name] != value
            }
            if changed:
                line.write(changed)
