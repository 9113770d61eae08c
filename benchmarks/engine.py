"""The addon's own work: plan, runs, e-mails."""

from odoo.fields import Domain

from benchmarks import clock, ledger, scenario

MAILS = 1000
ACTION_TABLES = ("dunning_action", "dunning_action_line", "dunning_item_state")
KEPT_TABLES = (
    "dunning_balance_open",
    "dunning_plan_kept",
    "dunning_plan_kept_customer",
    "dunning_plan_mark",
)


def plan(env):
    """The dry run: one row in memory for each open item."""
    figures = {}
    with clock.stopwatch(figures):
        rows = env.company._dunning_plan(clock.first_day())
    return {**figures, "items": len(rows)}


def preview(env):
    """The dry run that people look at: one line in the database for each item."""
    clock.pretend(env, clock.first_day())
    wizard = env["dunning.preview"].create({"date": clock.first_day()})
    figures = {}
    with clock.stopwatch(figures):
        wizard._fill()
        env.cr.execute(
            "SELECT COUNT(*) FROM dunning_preview_line WHERE preview_id = %s",
            [wizard.id],
        )
    figures["items"] = env.cr.fetchone()[0]
    env.cr.rollback()
    return figures


def first_run(env):
    """Everything moves."""
    return _run(env, clock.first_day())


def daily_run(env):
    """What reaches a level on the second day moves."""
    return _run(env, clock.next_day())


def growing_run(env, share):
    """A run in which a share of the customers moves; nothing of it stays."""
    scenario.invent_history(env, share)
    figures = _run(env, clock.next_day())
    env.cr.rollback()
    return figures


def _run(env, day):
    clock.pretend(env, day)
    figures = {}
    with clock.stopwatch(figures):
        run = env.company._dunning_run(day)
        env.flush_all()
    return {**figures, "items": run.item_count, "actions": run.action_count}


def keep(env):
    """All that screens show of the plan is kept anew."""
    figures = {}
    with clock.stopwatch(figures):
        env["dunning.plan.keeper"]._keep_up(env.company)
    env.cr.commit()
    _maintain(env, "VACUUM ANALYZE", KEPT_TABLES)
    return figures


def send(env):
    """A thousand e-mails go to the queue, as the scheduled action sends them."""
    clock.pretend(env, clock.first_day())
    actions = env["dunning.action"]
    due = actions.search([("state", "=", "todo")], order="id", limit=MAILS)
    only_these = Domain("id", "in", due.ids)
    everything = actions._get_due_domain
    type(actions)._get_due_domain = lambda self: everything() & only_these
    env.invalidate_all()
    figures = {}
    with clock.stopwatch(figures):
        actions._cron_execute()
    sent = due.filtered(lambda action: action.state == "done" and action.mail_id)
    return {**figures, "mails": len(sent)}


def mark_done(env):
    """What the first run planned and was not sent happens too."""
    scenario.mark_done(env)
    _maintain(env, "VACUUM ANALYZE")


def set_up(env):
    """The scenario of the benchmark."""
    scenario.set_up(env)
    ledger.analyze(env)


def sweep(env):
    """Leave no trace of what was rolled back."""
    _maintain(env, "VACUUM FULL ANALYZE")


def _maintain(env, command, tables=ACTION_TABLES):
    env.cr.commit()
    env.cr._cnx.autocommit = True
    for table in tables:
        env.cr.execute(f"{command} {table}")
    env.cr._cnx.autocommit = False
