"""The community's aged partner balance, on the same ledger: its figures, and its
workbook with a row for each item."""

import json
import zipfile

from benchmarks import clock

MODULE = "account_financial_report"
WHEELS = {
    "odoo-addon-account-financial-report": "19.0.0.0.26.3",
    "odoo-addon-date-range": "19.0.1.0.1",
    "odoo-addon-report-xlsx": "19.0.1.0.2.2",
}
REPORT = "a_f_r.report_aged_partner_balance_xlsx"


def fetch(env):
    """Fetch the addon and what it needs from PyPI into the user's cache, once.

    :return: the folder of addons that holds them
    """
    from dev import system

    folder = env.settings.cache / "peer" / f"aged-{WHEELS[next(iter(WHEELS))]}"
    addons = folder / "odoo" / "addons"
    if not (addons / MODULE).exists():
        folder.mkdir(parents=True, exist_ok=True)
        wanted = [f"{name}=={version}" for name, version in WHEELS.items()]
        pip = [env.python, "-m", "pip", "download", "--no-deps", "--quiet"]
        system.run([*pip, *wanted, "-d", folder], what="pip download")
        for wheel in folder.glob("*.whl"):
            with zipfile.ZipFile(wheel) as archive:
                archive.extractall(folder)
    return str(addons)


def figures(env):
    """Work out the aged balance by customer."""
    wizard, data = _prepare(env, details=False)
    report = env["report.account_financial_report.aged_partner_balance"]
    seconds = clock.again(env, lambda: report._get_report_values(wizard.ids, data))
    env.cr.rollback()
    return {"seconds": seconds}


def workbook(env):
    """Make the workbook with a row for each item."""
    wizard, data = _prepare(env, details=True)
    measured = {}
    with clock.stopwatch(measured):
        content, _kind = env["ir.actions.report"]._render_xlsx(REPORT, wizard.ids, data)
    env.cr.rollback()
    return {**measured, "bytes": len(content)}


def _prepare(env, details):
    accounts = env["account.account"].search(
        [
            ("account_type", "=", "asset_receivable"),
            ("company_ids", "in", env.company.ids),
        ]
    )
    wizard = env["aged.partner.balance.report.wizard"].create(
        {
            "company_id": env.company.id,
            "date_at": clock.first_day(),
            "account_ids": [(6, 0, accounts.ids)],
            "show_move_line_details": details,
        }
    )
    env.flush_all()
    env.invalidate_all()
    # As it comes back from the browser.
    return wizard, json.loads(json.dumps(wizard._prepare_report_data(), default=str))
