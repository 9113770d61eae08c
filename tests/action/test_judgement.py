from datetime import date

from hypothesis import assume, given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ...tools.judgement import FURTHER, judge
from ...tools.tone import Level, is_further
from ...tools.verdict import Action, Line
from ..plan_strategies import examples

CUSTOMER, SCENARIO, OTHER = 3, 7, 8
ITEMS = (101, 102, 103)
OUT = ("held", "covered", "last_level")
LATER = ("contact_gap", "non_working_day", "level_gap")
days = st.integers(1, 28).map(lambda day: date(2026, 3, day))


@st.composite
def levels(draw):
    """Return up to four levels of two scenarios, by id."""
    return {
        number: Level(
            id=number,
            scenario_id=draw(st.sampled_from([SCENARIO, SCENARIO, OTHER])),
            delay=draw(st.sampled_from([-5, 5, 10, 20])),
            rank=draw(st.integers(1, 3)),
            is_written=draw(st.booleans()),
        )
        for number in range(1, draw(st.integers(1, 4)) + 1)
    }


@st.composite
def rows(draw, level_ids):
    """Return what the plan says of an item."""
    decision = draw(st.sampled_from(["step", "step", "later", "out"]))
    reasons = {"step": [None], "later": LATER, "out": OUT}[decision]
    return {
        "partner_id": CUSTOMER,
        "level_id": draw(st.sampled_from([*level_ids, None])),
        "reached_id": draw(st.sampled_from([None, None, *level_ids])),
        "scenario_id": SCENARIO,
        "decision": decision,
        "reason": draw(st.sampled_from(reasons)),
        "level_due": draw(st.booleans()),
        "align_levels": draw(st.booleans()),
        "listed": draw(st.booleans()),
        "heard_tone": draw(st.sampled_from([0, 0, 1, 2, 3])),
        "currency_id": draw(st.integers(1, 2)),
        "claim": draw(st.integers(1, 100)),
        "days_late": draw(st.integers(-1, 2)),
        "deduction_company": draw(st.sampled_from([0, 30])),
        "date_due": draw(days),
        "date": draw(days),
    }


@st.composite
def judged(draw):
    """Return an action, what the plan says of its items, and what others do."""
    known = draw(levels())
    some_level = st.sampled_from([None, *known.values(), *known.values()])
    plan = {
        item: draw(rows(list(known))) for item in draw(st.sets(st.sampled_from(ITEMS)))
    }
    lines = [
        Line(
            id=number,
            item_id=item,
            level=draw(some_level),
            is_aligned=draw(st.booleans()),
            cause=draw(st.sampled_from([None, None, None, FURTHER, "paid", "skipped"])),
            amount=draw(st.integers(1, 100)),
        )
        for number, item in enumerate(draw(st.permutations(ITEMS)))
    ]
    action = Action(
        CUSTOMER,
        draw(st.sampled_from(["step", "manual"])),
        lines,
        level=draw(some_level),
        levels=known,
        get_text_rank=get_text_rank,
        is_pointful=lambda valid, steps: bool(valid),
    )
    pairs = st.tuples(st.sampled_from(ITEMS), st.sampled_from([*known]))
    return action, plan, draw(st.sets(pairs, max_size=3))


def get_text_rank(level):
    return level.rank if level.is_written else 0


def is_stepped(row, level):
    """Return whether the plan steps an item to a level, were it on another day."""
    waits = row["level_due"] and row["reason"] in ("contact_gap", "non_working_day")
    return row["level_id"] == level.id and (row["decision"] == "step" or waits)


@tagged("post_install", "-at_install")
class TestJudgement(BaseCase):
    """What is true of each verdict, whatever the plan says."""

    def judge(self, case, stands=True):
        action, plan, taken = case
        verdict = judge(action, plan, taken)
        assume(verdict.stands == stands)
        return action, plan, verdict

    @examples(100)
    @given(judged())
    def test_each_open_line_has_one_fate(self, case):
        action, _plan, verdict = self.judge(case)
        fates = [*verdict.lines, *verdict.further, *verdict.dropped]
        self.assertEqual(len(fates), len(set(fates)))
        open_lines = {x.id for x in action.lines if x.cause in (None, FURTHER)}
        self.assertLessEqual(open_lines, set(fates))

    @examples(100)
    @given(judged())
    def test_what_people_have_left_out_stays_out(self, case):
        action, _plan, verdict = self.judge(case)
        skipped = {line.id for line in action.lines if line.cause == "skipped"}
        self.assertFalse(skipped & {*verdict.lines, *verdict.further})

    @examples(200)
    @given(judged())
    def test_an_item_comes_only_to_the_level_of_the_plan_or_of_the_contact(self, case):
        action, plan, verdict = self.judge(case)
        for line in action.lines:
            if level := verdict.lines.get(line.id):
                row = plan[line.item_id]
                if is_stepped(row, level):
                    continue
                reached = action.levels.get(row["reached_id"])
                self.assertEqual(level, verdict.level)
                self.assertTrue(row["align_levels"] and row["listed"])
                self.assertTrue(not reached or reached.delay < level.delay)

    @examples(100)
    @given(judged())
    def test_what_another_action_does_is_not_done_twice(self, case):
        action, _plan, verdict = self.judge(case)
        done = {
            (line.item_id, verdict.lines[line.id].id)
            for line in action.lines
            if verdict.lines.get(line.id)
        }
        self.assertFalse(done & case[2])
        self.assertLessEqual(done, verdict.taken)

    @examples(100)
    @given(judged())
    def test_no_text_lists_what_has_heard_more(self, case):
        action, plan, verdict = self.judge(case)
        level = verdict.level or action.level
        rank = get_text_rank(level) if level else 0
        heard = {line.id: plan.get(line.item_id) for line in action.lines}
        for fates, expected in ((verdict.lines, False), (verdict.further, True)):
            for line_id in fates:
                row = heard[line_id]
                self.assertEqual(is_further(row["heard_tone"], rank), expected)

    @examples(100)
    @given(judged())
    def test_no_more_is_claimed_than_the_items_leave(self, case):
        action, plan, verdict = self.judge(case)
        left = sum(
            plan[line.item_id]["claim"]
            for line in action.lines
            if line.id in verdict.lines
        )
        self.assertTrue(0 <= verdict.amount <= left)

    @examples(200)
    @given(judged())
    def test_judging_twice_is_judging_once(self, case):
        action, plan, verdict = self.judge(case)
        # What was raised and is only referred to keeps the level that it had.
        assume(not verdict.further)
        lines = [self.bring_in_line(line, verdict) for line in action.lines]
        again = judge(
            Action(
                action.partner_id,
                action.kind,
                lines,
                verdict.level or action.level,
                levels=action.levels,
                get_text_rank=get_text_rank,
                is_pointful=action.is_pointful,
            ),
            plan,
            case[2],
        )
        self.assertEqual(again.lines, verdict.lines)
        self.assertFalse(again.further or again.dropped)
        self.assertEqual(
            (again.level, again.amount, again.wait_until),
            (verdict.level, verdict.amount, verdict.wait_until),
        )

    def bring_in_line(self, line, verdict):
        """Return the line as it is when the verdict is applied."""
        if line.id in verdict.lines:
            level, is_aligned = verdict.lines[line.id], line.is_aligned
            if level != line.level:
                is_aligned = line.id in verdict.raised
            return Line(line.id, line.item_id, level, is_aligned, None, line.amount)
        cause = verdict.dropped.get(line.id, line.cause)
        return Line(
            line.id, line.item_id, line.level, line.is_aligned, cause, line.amount
        )

    @examples(100)
    @given(judged())
    def test_what_is_pointless_says_why(self, case):
        _action, _plan, verdict = self.judge(case, stands=False)
        causes = {*OUT, *LATER, "superseded", "deleted"}
        self.assertIn(verdict.cause, causes)
        self.assertFalse(verdict.lines or verdict.taken)
