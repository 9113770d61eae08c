"""The community's addon for the same work, on the same ledger."""

import zipfile

from benchmarks import clock

PACKAGE = "odoo-addon-account_credit_control"
VERSION = "19.0.1.0.0.13"
MODULE = "account_credit_control"


def fetch(env):
    """Fetch the addon from PyPI into the user's cache, once.

    :return: the folder of addons that holds it
    """
    from dev import system

    folder = env.settings.cache / "peer" / VERSION
    addons = folder / "odoo" / "addons"
    if not addons.exists():
        folder.mkdir(parents=True, exist_ok=True)
        pip = [env.python, "-m", "pip", "download", "--no-deps", "--quiet"]
        system.run([*pip, f"{PACKAGE}=={VERSION}", "-d", folder], what="pip download")
        [wheel] = folder.glob("*.whl")
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(folder)
    return str(addons)


def generate(env):
    """Generate the credit lines of a policy whose first level everything has
    reached, then the communications with the customers."""
    run = prepare_run(env)
    figures = {}
    with clock.stopwatch(figures):
        lines = run._generate_credit_lines()
        env.flush_all()
    with clock.stopwatch(figures, "communication_seconds"):
        communications = env[
            "credit.control.communication"
        ]._generate_comm_from_credit_lines(lines)
        env.flush_all()
    figures["seconds"] += figures["communication_seconds"]
    env.cr.rollback()
    return {**figures, "items": len(lines), "actions": len(communications)}


def prepare_run(env):
    accounts = env["account.account"].search(
        [
            ("account_type", "=", "asset_receivable"),
            ("company_ids", "in", env.company.ids),
        ]
    )
    shipped = env.ref(f"{MODULE}.3_time_1")
    policy = env["credit.control.policy"].create(
        {"name": "Benchmark", "account_ids": [(6, 0, accounts.ids)]}
    )
    shipped.copy(
        {
            "policy_id": policy.id,
            "level": 1,
            "delay_days": 0,
            "computation_mode": "net_days",
            "channel": "email",
        }
    )
    env.company.credit_policy_id = policy
    run = env["credit.control.run"].create(
        {"date": clock.first_day(), "policy_ids": [(6, 0, policy.ids)]}
    )
    env.flush_all()
    return run
