"""What becomes of an action, by what the plan says of its items.

Each line that brings its item to a level stands as long as the plan would step the item
to that level. The highest of these levels decides. Lines that were raised to the level
of the contact follow it, or come down to their own when what had decided is gone. What
the customer has been written to more firmly of is not listed by a text: it refers to it
in one sentence.

A *row* is what the plan says of an item, as if the action did not exist: a mapping, by
the names that ``dunning.plan`` gives its columns.
"""

from collections.abc import Collection, Mapping

from .claims import get_claimed
from .closing import CLOSINGS, get_most
from .plan import STEP
from .tone import get_deciding_level, is_further
from .verdict import Action, Verdict

# The step stands, it only has to wait for another day.
WAITING_REASONS = ("contact_gap", "non_working_day")

# What people have cancelled, or another action does, does not come back by itself.
FINAL_CAUSES = ("skipped", "merged", "replaced")

# Why a line is left out: its item has had what the text cannot come back to,
# something else is planned for it, or another action does it at its level.
FURTHER, ELSEWHERE, SUPERSEDED = "further", "open_action", "superseded"

# How the ledger leaves nothing to claim.
SETTLED = {"covered", *CLOSINGS}


def judge(
    action: Action, rows: Mapping[int, Mapping], taken: Collection[tuple] = ()
) -> Verdict:
    """Say what becomes of an action.

    :param rows: what the plan says of items, by their ids
    :param taken: what actions that were judged before do already (``Verdict.taken``)

    A scenario with two levels, and what the plan says of items:

    >>> from datetime import date
    >>> from odoo.addons.account_dunning.tools.tone import Level
    >>> from odoo.addons.account_dunning.tools.verdict import Line
    >>> low, high = Level(1, 7, delay=5, rank=1), Level(2, 7, delay=20, rank=2)
    >>> def row(level, decision="step", reason=None, **values):
    ...     return dict(
    ...         level_id=level.id, decision=decision, reason=reason, partner_id=3,
    ...         level_due=True, reached_id=None, scenario_id=7, align_levels=True,
    ...         listed=True, heard_tone=0, currency_id=1, claim=100, days_late=9,
    ...         deduction_company=0, date_due=date(2026, 3, 1), date=date(2026, 3, 9),
    ...     ) | values
    >>> def of(*lines, **values):
    ...     values = dict(level=high, levels={1: low, 2: high}) | values
    ...     return Action(3, "step", lines, **values)

    The highest level decides; the others keep their own:

    >>> action = of(Line(11, 51, low), Line(12, 52, high))
    >>> verdict = judge(action, {51: row(low), 52: row(high)})
    >>> verdict.level == high, verdict.lines == {11: low, 12: high}, verdict.amount
    (True, True, 200)

    When it is paid, what is left decides:

    >>> verdict = judge(action, {51: row(low)})
    >>> verdict.level == low, verdict.lines == {11: low}, verdict.dropped
    (True, True, {12: 'deleted'})

    What was raised comes up to the level that decides, and down to its own without it:

    >>> raised = of(Line(11, 51, high, is_aligned=True), Line(12, 52, high))
    >>> verdict = judge(raised, {51: row(low), 52: row(high)})
    >>> verdict.lines == {11: high, 12: high}, verdict.raised
    (True, {11})
    >>> verdict = judge(raised, {51: row(low)})
    >>> verdict.lines == {11: low}, verdict.raised
    (True, set())
    >>> other = Level(3, 8, delay=5, rank=1)
    >>> changed = of(Line(11, 51, high, is_aligned=True), levels={2: high, 3: other})
    >>> judge(changed, {51: row(other, scenario_id=8)}).cause
    'superseded'

    A text only refers to what has been written of more firmly; a call lists it:

    >>> rows = {51: row(low), 52: row(low, heard_tone=3)}
    >>> action = of(Line(11, 51, low), Line(12, 52), level=low)
    >>> verdict = judge(action, rows)
    >>> verdict.lines == {11: low}, verdict.further
    (True, {12})
    >>> call = of(Line(11, 51, low), Line(12, 52), get_text_rank=lambda level: 0)
    >>> judge(call, rows).lines == {11: low, 12: None}
    True

    Without a step it is cancelled, for what put out most of what it was about:

    >>> covered, held = (row(low, "out", reason) for reason in ("covered", "held"))
    >>> lines = Line(11, 51, low, amount=60), Line(12, 52, low, amount=40)
    >>> judge(of(*lines), {51: covered, 52: held}).cause
    'covered'

    So it is by credits that leave nothing of what it is about:

    >>> credit = row(low, deduction_company=100)
    >>> judge(of(Line(11, 51, low)), {51: credit}).cause
    'covered'

    It waits for the day that the plan gives, unless something is due:

    >>> later = row(low, "later", "contact_gap", date=date(2026, 3, 12))
    >>> judge(of(*lines), {51: later, 52: later}).wait_until
    datetime.date(2026, 3, 12)
    >>> judge(of(*lines), {51: later, 52: row(low)}).wait_until

    What another action does is not done twice:

    >>> first = judge(of(*lines), {51: row(low), 52: row(low)})
    >>> judge(of(*lines), {51: row(low), 52: row(low)}, first.taken).cause
    'superseded'

    After the last level the customer is followed, unless a call is to be made about the
    same:

    >>> beyond = row(low, "out", "last_level")
    >>> follow = Action(3, "follow_up", (Line(21, 52),), is_listed=lambda row: True,
    ...     is_pointful=lambda lines, steps: bool(lines))
    >>> call = of(Line(11, 51, low), Line(12, 52), is_call=True)
    >>> rows = {51: row(low), 52: beyond}
    >>> judge(follow, rows).cause, judge(follow, rows, judge(call, rows).taken).cause
    (None, 'open_action')
    """
    return _Judgement(action, rows, taken).get_verdict()


class _Judgement:
    """An action before the rows of its items."""

    def __init__(self, action, rows, taken):
        self.action = action
        self.plan = rows
        self.taken = taken
        # Of the lines that may stand.
        self.rows = {
            line: rows[line.item_id]
            for line in action.lines
            if line.item_id in rows and line.cause not in FINAL_CAUSES
        }

    def get_verdict(self):
        """Return what becomes of the action and its lines."""
        level, found = self.get_levels()
        further = self.get_further(found, level)
        lines = {
            line: found[line]
            for line in self.action.lines
            if line in found and line not in further
        }
        steps = [line for line, reached in lines.items() if reached]
        if not self.action.is_pointful([*lines], steps):
            return self.get_rejection()
        verdict = self.get_approval(level, lines, further, steps)
        if self.action.kind == "step" and not verdict.amount:
            # Credits leave nothing of the few items that it is still about.
            return Verdict(cause="covered")
        return verdict

    # === Levels === #

    def get_levels(self):
        """Return the level that decides, and dict of line to the level its item
        reaches, None when it is only listed."""
        steps = [
            line
            for line in self.rows
            if line.level and not self.is_taken(line, line.level)
        ]
        raised = [x for x in steps if x.is_aligned and not self.get_own_level(x)]
        own = {
            line: level
            for line in steps
            if line not in raised and (level := self.get_own_level(line))
        }
        if level := self.get_deciding(own):
            own |= {line: level for line in raised if self.is_raised(line, level)}
        else:
            own = self.get_lowered(raised)
            level = self.get_deciding(own)
        listed = {
            line: None
            for line in self.rows
            if (line in raised or not line.level) and self.is_listed(line)
        }
        return level, listed | own

    def get_own_level(self, line):
        """Return the level of the line, if the plan would step its item to it."""
        level = self.get_planned_level(line)
        return level if level == line.level else None

    def get_planned_level(self, line):
        """Return the level to which the plan would step the item of a line."""
        row = self.rows[line]
        waits = row["level_due"] and row["reason"] in WAITING_REASONS
        if row["decision"] == STEP or waits:
            return self.action.levels.get(row["level_id"])
        return None

    def get_lowered(self, raised):
        """Return the levels to which raised lines come down: in another scenario
        something else is to be done, which the next run plans."""
        return {
            line: level
            for line in raised
            if (level := self.get_planned_level(line))
            and level.scenario_id == line.level.scenario_id
            and not self.is_taken(line, level)
        }

    def get_deciding(self, levels):
        """Return the level that decides for the action.

        :param levels: dict of line to the level that it is listed with
        """
        loudest = max((self.rows[line]["heard_tone"] for line in levels), default=0)
        return get_deciding_level(levels.values(), loudest)

    def is_taken(self, line, level):
        """Return whether another action has the item of a line at a level already."""
        return (line.item_id, level.id) in self.taken

    def is_raised(self, line, level):
        """Return whether the item of a line comes up to the level that decides."""
        row = self.rows[line]
        reached = self.action.levels.get(row["reached_id"])
        return (
            row["align_levels"]
            and row["listed"]
            and row["scenario_id"] == level.scenario_id
            and not self.is_taken(line, level)
            and (not reached or reached.delay < level.delay)
        )

    def is_listed(self, line):
        """Return whether a line stands that brings its item to no level."""
        row = self.rows[line]
        # The customer has one follow-up at a time.
        if self.action.kind == "follow_up" and (
            (row["partner_id"], "follow_up") in self.taken or self.is_called(line)
        ):
            return False
        return self.action.is_listed(row)

    def is_called(self, line):
        """Return whether a call is to be made about the item of a line."""
        return (line.item_id, "call") in self.taken

    def get_further(self, found, level):
        """Return the lines whose items have heard what the text cannot come back to."""
        # A reminder ahead of time brings no item to the level whose text it has.
        level = level or self.action.level
        rank = self.action.get_text_rank(level) if level else 0
        return {x for x in found if is_further(self.rows[x]["heard_tone"], rank)}

    # === Verdicts === #

    def get_approval(self, level, lines, further, steps):
        """Return the verdict of an action that stands.

        :param level: that which decides, None to leave it as it is
        :param lines: dict of line to the level that it is listed with
        :param further: lines of which something firmer was said
        :param steps: lines that reach a level by it
        """
        in_force = level or self.action.level
        rows = [self.rows[line] for line in lines]
        return Verdict(
            level=level,
            lines={line.id: reached for line, reached in lines.items()},
            raised={x.id for x in steps if lines[x].id != self.rows[x]["level_id"]},
            further={line.id for line in further},
            dropped={
                line.id: self.get_cause(line)
                for line in self.action.lines
                if line not in lines
                and line not in further
                and line.cause in (None, FURTHER)
            },
            amount=get_claimed(
                rows,
                [self.rows[line] for line in further],
                is_early=bool(in_force) and in_force.delay <= 0,
            ),
            date_due=min((row["date_due"] for row in rows), default=None),
            wait_until=self.get_day(steps),
            taken={
                (self.action.partner_id, self.action.kind),
                *((line.item_id, lines[line].id) for line in steps),
                *((line.item_id, "call") for line in lines if self.action.is_call),
            },
        )

    def get_day(self, steps):
        """Return the day for which the action has to wait, None if it has not."""
        rows = [self.rows[line] for line in steps]
        if any(row["reason"] not in WAITING_REASONS for row in rows):
            return None
        return min((row["date"] for row in rows), default=None)

    def get_rejection(self):
        """An action that has become pointless: for the reason that put most of its
        steps out."""
        lines = self.action.lines
        deciding = [line for line in lines if line.level] or lines
        causes = [(self.get_cause(line), line.amount) for line in deciding]
        # A payment covers the items before it is reconciled with them.
        settled = [] if self.action.is_open else lines
        return Verdict(
            cause=get_most(x for x in causes if x[0]) or "nothing_left",
            dropped={
                line.id: self.get_cause(line)
                for line in settled
                if line.cause in SETTLED
            },
        )

    def get_cause(self, line):
        """Return why a line does not stand."""
        if self.action.kind == "follow_up" and self.is_called(line):
            return ELSEWHERE
        if row := self.plan.get(line.item_id):
            return row["reason"] or SUPERSEDED
        return self.action.get_lost_cause(line)
