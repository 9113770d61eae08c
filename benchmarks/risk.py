"""Whom to see first, on the ledger of ``indicators.py``: the payment profiles of all
customers, their points, and the worklist as it opens while each of them has an open
action."""

from benchmarks import clock, ledger, scenario, screens

MODEL = "dunning.worklist"


def prepare(env):
    """Have the first run give the customers an action each, as sending begins.

    :return: dict with the number of open actions
    """
    scenario.set_up(env)
    clock.pretend(env, clock.first_day())
    env.company._dunning_run(clock.first_day())
    env.cr.execute("DELETE FROM dunning_profile")
    env.cr.commit()
    ledger.analyze(env)
    return {"actions": env["dunning.action"].search_count([("state", "=", "todo")])}


def profiles(env):
    """The profiles of all customers anew, none of which is kept."""
    clock.pretend(env, clock.first_day())
    figures = {}
    with clock.stopwatch(figures):
        env["dunning.profile"]._refresh(env.company)
    count = env["dunning.profile"].search_count([])
    env.cr.commit()
    ledger.analyze(env)
    return {**figures, "customers": count}


def profiles_again(env):
    """The same a night later: most are as they were, and are not written."""
    clock.pretend(env, clock.next_day())
    figures = {}
    with clock.stopwatch(figures):
        env["dunning.profile"]._refresh(env.company)
    env.cr.rollback()
    return figures


def points(env):
    """The points of all customers, each by every rule."""
    clock.pretend(env, clock.first_day())
    figures = {}
    with clock.stopwatch(figures):
        [(count, total)] = env[MODEL]._read_group([], [], ["__count", "points:sum"])
    return {**figures, "customers": count, "points": total}


def worklist(env):
    """The worklist through a server, as the web client asks for it: as it opens, with
    its count, and with each filter, sort and grouping.

    :return: dict: seconds of the list as it opens, and the slowest question
    """
    # Each question is told, to find the one that opens the list.
    figures = screens.ask(env, slow=1e-6, only=(MODEL,))
    window = env.ref("account_dunning.action_worklist")
    opening = f"page: {window.name} list: as it opens"
    worst = figures["worst"]["page"]
    return {
        "seconds": figures["slow"][opening],
        "slowest": worst["seconds"],
        "slowest_label": worst["label"],
    }
