"""What has happened to an item, in plain Python: see ``plan_model``."""

from .plan_ledger import TONES

FORMAL = len(TONES)


def reached(ledger, item):
    """The level the item has reached and when: that of its latest done action."""
    done = [
        action
        for action in ledger.actions
        if action.state == "done" and item in action.levels
    ]
    last = max(done, key=lambda action: action.date, default=None)
    return (last.levels[item], last.date) if last else (None, None)


def heard(ledger, item):
    """How strong the strongest text was that the customer has got about the item; a
    starting level stands for all that its scenario writes up to it."""
    ranks = [0]
    for action in ledger.actions:
        if action.state != "done":
            continue
        if action.kind == "start" and item in action.levels:
            start = action.levels[item]
            [scenario] = [s for s in ledger.scenarios if start in s.levels]
            ranks += [
                level.rank
                for level in scenario.levels
                if level.is_text
                and level.delay <= start.delay
                and (level.active or level is start)
            ]
        elif (item in action.levels or item in action.listed) and (
            action.level and action.channel not in ("call", "task")
        ):
            ranks.append(action.level.rank)
    return max(ranks)


def is_overtaken(level, scenario, tone):
    """Whether a level does not come any more after a tone that was heard."""
    if level.is_text:
        return level.rank < tone or level.rank == tone == FORMAL
    as_firm = [other.delay for other in scenario.ladder if other.rank >= tone]
    return level.rank < tone and bool(as_firm) and level.delay < min(as_firm)
