from collections import defaultdict
from typing import NamedTuple

from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.i18n import format_list

from ...tools.judgement import FURTHER
from ...tools.words import TONE_RANKS, WRITTEN_CHANNELS

# How many numbers a sentence names.
NAMED_NUMBERS = 5


class Received(NamedTuple):
    """A text that the customer has received about an item.

    :param date: the day on which it went out, False for what was before dunning began
    :param reminds: it came after the due date
    """

    date: object
    rank: int
    reminds: bool


class DunningAction(models.Model):
    """What texts say of those before them: reminders that there were, and what was
    written more firmly of items that they do not list again."""

    _inherit = "dunning.action"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    unpaid_text = fields.Char(
        compute="_compute_received",
        help="That the items are still unpaid, in spite of the reminders there were.",
    )
    further_text = fields.Char(
        compute="_compute_received",
        help="What the text refers to: what was written of the items that it does not "
        "list again, and formal notices of those that it lists.",
    )

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("line_ids.state", "line_ids.drop_cause", "line_ids.name")
    @api.depends_context("lang")
    def _compute_received(self):
        received = self._get_received()
        for action in self:
            texts = received[action]
            action.unpaid_text = action._get_unpaid_text(texts)
            action.further_text = action._get_further_text(texts)

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _get_further_content_lines(self):
        """Return the lines that the text only refers to, the oldest first."""
        self.ensure_one()
        dropped = self.line_ids.grouped("state").get("dropped", self.line_ids.browse())
        return dropped.filtered(lambda line: line.drop_cause == FURTHER).sorted(
            lambda line: (line.date_due, line.id)
        )

    def _get_received(self):
        """Return the texts that customers had received before each action about its
        items.

        :return: dict of action to dict of journal item id to list of
            :class:`Received`
        """
        received = {action: defaultdict(list) for action in self}
        lines = self.line_ids
        if not lines.move_line_id:
            return received
        by_item = defaultdict(list)
        for item_id, action_id, *values in self.env.execute_query(
            self._get_received_query(lines.move_line_id.ids)
        ):
            by_item[item_id].append((action_id, Received(*values)))
        for action in self:
            for item_id in action.line_ids.move_line_id.ids:
                received[action][item_id] = [
                    text
                    for action_id, text in by_item[item_id]
                    if action._is_after(action_id, text)
                ]
        return received

    def _get_received_query(self, item_ids) -> SQL:
        self.env["dunning.action"].flush_model()
        self.env["dunning.action.line"].flush_model()
        self.env["dunning.level"].flush_model()
        return SQL(
            """
            SELECT line.move_line_id,
                   action.id,
                   CASE WHEN action.kind != 'start' THEN action.date_done END,
                   %(rank)s,
                   level.delay_days >= 0
              FROM dunning_action_line line
              JOIN dunning_action action ON action.id = line.action_id
              JOIN dunning_level level
                ON level.id = CASE WHEN action.kind = 'start' THEN line.level_id
                                   ELSE action.level_id
                              END
             WHERE line.state = 'done'
               AND line.move_line_id = ANY(%(items)s)
               AND (action.kind = 'start' OR action.channel IN %(written)s)
          ORDER BY action.date_done, action.id
            """,
            rank=self.env["dunning.plan"]._get_rank_sql("level"),
            items=item_ids,
            written=WRITTEN_CHANNELS,
        )

    def _is_after(self, action_id, text):
        """Return whether a text had gone out before the action was done."""
        self.ensure_one()
        if action_id == self._origin.id:
            return False
        if self.state != "done" or not text.date:
            return True
        return (text.date, action_id) < (self.date_done, self._origin.id)

    def _get_unpaid_text(self, received):
        """Return that the items are unpaid, in spite of the reminders there were: of
        those that had one."""
        lines = self._get_content_lines()
        reminders = {
            line: [text for text in received[line.move_line_id.id] if text.reminds]
            for line in lines
        }
        reminded = lines.filtered(lambda line: reminders[line])
        if not reminded:
            return (
                self.env._(
                    "The item below, whose due date has passed, is still unpaid."
                )
                if len(lines) == 1
                else self.env._(
                    "The items below, whose due date has passed, are still unpaid."
                )
            )
        dates = {text.date for texts in reminders.values() for text in texts}
        text = self.env._(
            "%(cause)s, %(statement)s.",
            cause=self._get_reminders_text(dates),
            statement=self._get_statement(reminded, reminded == lines),
        )
        others = len(lines - reminded)
        if others == 1:
            text += " " + self.env._("The other item below is overdue as well.")
        elif others:
            text += " " + self.env._("The other items below are overdue as well.")
        return text

    def _get_reminders_text(self, dates):
        """Return in spite of which reminders items are unpaid.

        :param dates: days of the reminders, without one where it is not known
        """
        if not all(dates):
            return self.env._("In spite of our reminders")
        day = self._format_day(max(dates))
        if len(dates) == 1:
            return self.env._("In spite of our reminder of %s", day)
        return self.env._("In spite of our reminders, the last of which was of %s", day)

    def _get_statement(self, lines, is_all):
        """Return that items are unpaid: those below, or some by their numbers."""
        if is_all:
            return (
                self.env._("the item below is still unpaid")
                if len(lines) == 1
                else self.env._("the items below are still unpaid")
            )
        numbers = self._name_numbers(lines)
        return (
            self.env._("%s remains unpaid", numbers)
            if len(lines) == 1
            else self.env._("%s remain unpaid", numbers)
        )

    def _get_further_text(self, received):
        """Return what the text refers to for the items that it does not list again,
        and which formal notices of those that it lists remain."""
        told = [
            self._refer(rank, date, lines)
            for (rank, date), lines in self._group_by_firmest(
                self._get_further_content_lines(), received
            )
        ]
        if self.level_id._get_rank() < TONE_RANKS["formal"]:
            told += [
                self._tell_standing(date, lines)
                for (rank, date), lines in self._group_by_firmest(
                    self._get_content_lines(), received
                )
                if rank == TONE_RANKS["formal"]
            ]
        return " ".join(told)

    def _group_by_firmest(self, lines, received):
        """Return lines by the rank and the day of the firmest text about them."""
        groups = defaultdict(self.line_ids.browse)
        for line in lines:
            if texts := received.get(line.move_line_id.id):
                strongest = max(texts, key=lambda text: (text.rank, bool(text.date)))
                last = [text for text in texts if text.rank == strongest.rank][-1]
                groups[last.rank, last.date] += line
        return groups.items()

    def _tell_standing(self, date, lines):
        """Return that a formal notice remains, whatever the text says besides."""
        numbers = self._name_numbers(lines)
        if not date:
            return self.env._("Our formal notice about %s remains in force.", numbers)
        return self.env._(
            "Our formal notice of %(day)s about %(numbers)s remains in force.",
            day=self._format_day(date),
            numbers=numbers,
        )

    def _refer(self, rank, date, lines):
        values = {
            "numbers": self._name_numbers(lines),
            "day": date and self._format_day(date),
        }
        formal = rank == TONE_RANKS["formal"]
        if formal and date:
            return self.env._(
                "For %(numbers)s, we refer to our formal notice of %(day)s.", **values
            )
        if formal:
            return self.env._(
                "For %(numbers)s, we refer to our formal notice.", **values
            )
        if date:
            return self.env._(
                "For %(numbers)s, we refer to our reminder of %(day)s.", **values
            )
        return self.env._("For %(numbers)s, we refer to our reminders.", **values)

    def _name_numbers(self, lines):
        """Return the numbers of lines as they are named in a sentence."""
        numbers = list(dict.fromkeys(line._get_content_number() for line in lines))
        named, others = numbers[:NAMED_NUMBERS], len(numbers[NAMED_NUMBERS:])
        if others > 1:
            named.append(self.env._("%s others", others))
        elif others:
            named = numbers
        return format_list(self.env, named)
