"""A day of a ledger, for hosts to share."""

from benchmarks import ledger, scenario

# What goes on by itself, and is not moved to another day.
OURS = ("cron_run", "cron_execute", "cron_keep")
QUEUE = "mail.ir_cron_mail_scheduler_action"


def prepare(env, senders):
    """Have the day's run and its e-mails wait for somebody to begin.

    :param senders: scheduled actions that send, copies included
    """
    scenario.set_up(env)
    # No day off: it is measured on any day.
    env.company.resource_calendar_id = False
    # A company that was there before the addon is asked first.
    env.company.dunning_enabled = True
    sender = env.ref("account_dunning.cron_execute")
    for number in range(2, senders + 1):
        sender.copy({"name": f"{sender.name} ({number})"})
    own = env.ref(QUEUE) | sender | env["dunning.action"]._get_senders()
    own |= env["ir.cron"].union(*(env.ref(f"account_dunning.{name}") for name in OURS))
    env.cr.execute(
        """
        UPDATE ir_cron SET nextcall = NOW() AT TIME ZONE 'UTC' + INTERVAL '1 day'
         WHERE id != ALL(%s) OR id = %s
        """,
        [own.ids, env.ref("account_dunning.cron_run").id],
    )
    env.cr.execute("DELETE FROM ir_cron_trigger")
    env["dunning.plan.keeper"]._keep_up(env.company)
    ledger.analyze(env)
    return {"customers": env["res.partner"].search_count([("ref", "=", "BENCH")])}
