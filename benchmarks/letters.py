"""Letters: printed for the post room, and attached to e-mails; beside the peer's."""

from odoo import Command
from odoo.fields import Domain

from benchmarks import clock

LETTERS = 300
# The peer starts a process for each letter: some tell its speed.
PEER_LETTERS = 20
ADDRESS = {"street": "1 rue de la Paix", "zip": "75002", "city": "Paris"}


def printed(env):
    """Three hundred letters are executed and merged for the post room."""
    actions = _prepare(env, "letter")
    figures = {}
    with clock.stopwatch(figures):
        actions.action_print()
        done = actions.filtered(lambda action: action.state == "done")
        pdf, _kind = env["ir.actions.report"]._render_qweb_pdf(
            "account_dunning.letter", done.ids
        )
    env.cr.rollback()
    return {**figures, "letters": len(done), "bytes": len(pdf)}


def attached(env):
    """Three hundred e-mails go to the queue, each with its letter."""
    actions = _prepare(env, "email")
    figures = {}
    with clock.stopwatch(figures):
        actions.action_execute()
        done = actions.filtered(lambda action: action.mail_id.attachment_ids)
    env.cr.rollback()
    return {**figures, "letters": len(done)}


def _prepare(env, channel):
    """Plan letters to customers with an address and two or three items each."""
    clock.pretend(env, clock.first_day())
    partners = env["res.partner"].search(
        [("ref", "=", "BENCH")], order="id", limit=2 * LETTERS
    )
    partners.write(ADDRESS)
    scenario = env["dunning.scenario"].create(
        {
            "name": "Letters",
            "level_ids": [
                Command.create(
                    {
                        "name": "Letter",
                        "delay_days": 1,
                        "channel": channel,
                        "execution": "manual" if channel == "letter" else "automatic",
                        "mail_template_id": env.ref(
                            "account_dunning.mail_template_reminder_1"
                        ).id,
                        "letter_template_id": env.ref(
                            "account_dunning.letter_template_courteous"
                        ).id,
                        "attach_invoices": False,
                        "attach_letter": channel == "email",
                    }
                )
            ],
        }
    )
    env.company.dunning_scenario_id = scenario
    env.flush_all()
    run = env.company._dunning_run(clock.first_day())
    own = Domain("run_id", "=", run.id) & Domain("partner_id", "in", partners.ids)
    actions = env["dunning.action"].search(own, limit=LETTERS)
    # With the notes on what has just been prepared.
    env.cr.flush()
    env.invalidate_all()
    return actions


def peer_printed(env):
    """Letters of the peer, rendered as it does: a process for each."""
    from benchmarks import peer

    run = peer.prepare_run(env)
    lines = run._generate_credit_lines()
    communications = env[
        "credit.control.communication"
    ]._generate_comm_from_credit_lines(lines)[:PEER_LETTERS]
    env.flush_all()
    report = "account_credit_control.report_credit_control_summary"
    figures = {}
    with clock.stopwatch(figures):
        for communication in communications:
            env["ir.actions.report"]._render_qweb_pdf(report, communication.ids)
    env.cr.rollback()
    return {**figures, "letters": len(communications)}
