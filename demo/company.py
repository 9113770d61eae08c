"""Companies, charts of accounts, currencies, terms and users of the demo."""

from contextlib import contextmanager
from datetime import timedelta
from functools import cache
from unittest.mock import patch

from odoo import Command, fields

from .catalogue import (
    COMPANIES,
    RATE_EVERY,
    RATES,
    SECOND_RECEIVABLE,
    TERMS,
    USERS,
)

TIMEZONE = "Europe/Paris"

GROUPS = {
    "collector": ("base.group_user", "account_dunning.group_dunning_collector"),
    "manager": (
        "base.group_user",
        "base.group_partner_manager",
        "account_dunning.group_dunning_manager",
    ),
    # As salespeople have it where Sales is installed: words, no figure.
    "sales": (
        "base.group_user",
        "base.group_partner_manager",
        "account_dunning.group_dunning_rating",
    ),
    "quality": ("base.group_user",),
    "logistics": ("base.group_user",),
    "auditor": (
        "base.group_user",
        "account.group_account_readonly",
        "account_dunning.group_dunning_readonly",
    ),
}
# Who works here every day begins with the agenda; so does who looks around.
AT_HOME = ("collector", "manager", "auditor")
# What collector and manager need besides, until the addon's groups imply it.
INVOICING = "account.group_account_invoice"


def create_companies(build):
    """Create the companies with their charts, banks, rates and second receivable."""
    chart = available_chart(build.env)
    with _knowing_charts(build.env):
        for code, values in COMPANIES.items():
            company = _create_company(build, values)
            build.companies[code] = build.named(f"company_{code}", company)
            _load_chart(build, company, chart)
    for code, company in build.companies.items():
        if not company.parent_id:
            # The generic chart makes it an American company; branches follow.
            company.currency_id = build.currency("EUR")
            _create_bank(build, company, COMPANIES[code]["iban"])
            _create_rates(build, company)
    _create_second_receivable(build, build.companies["main"])
    admin = build.env.ref("base.user_admin", raise_if_not_found=False)
    if admin and build.is_demo:
        links = [Command.link(company.id) for company in build.companies.values()]
        admin.write(
            {
                "company_ids": links,
                "company_id": build.companies["main"].id,
                "action_id": _agenda(build).id,
            }
        )


def _create_company(build, values):
    address = ("name", "street", "zip", "city", "phone", "email", "website")
    details = {
        **{name: values[name] for name in address},
        "name": build.label(values["name"]),
        "country_id": build.env.ref("base.fr").id,
        "vat": values["vat"],
        "company_registry": values["company_registry"],
    }
    if "parent" in values:
        details["parent_id"] = build.companies[values["parent"]].id
    else:
        details["currency_id"] = build.currency("EUR").id
    if "iap_enrich_auto_done" in build.env["res.company"]._fields:
        details["iap_enrich_auto_done"] = True
    # In install mode, a company does not install modules for its country.
    companies = build.env["res.company"].with_context(install_mode=True)
    company = build.env["res.company"].browse(companies.create(details).id)
    company.partner_id.lang = build.lang("fr_FR")
    company.partner_id.tz = company.resource_calendar_id.tz = TIMEZONE
    return company


@contextmanager
def _knowing_charts(env):
    """Have Odoo know which charts there are: for each company it asks several times,
    country by country."""
    charts = env["account.chart.template"]
    ask = cache(charts._get_chart_template_mapping)
    with patch.object(
        type(charts),
        "_get_chart_template_mapping",
        lambda _self, get_all=False: {**ask(get_all)},
    ):
        yield


def _load_chart(build, company, chart):
    """Install a chart of accounts. Odoo does so by itself where there is a parent."""
    if company.parent_id:
        build.env.cr.flush()
    else:
        build.env["account.chart.template"]._load(chart, company, install_demo=False)


def available_chart(env):
    """Code of the chart to use, the French one or else the generic: never one whose
    module is not loaded yet."""
    charts = env["account.chart.template"]._get_chart_template_mapping()
    installed = [code for code, chart in charts.items() if chart["installed"]]
    for code in ("fr", "generic_coa"):
        if code in installed:
            return code
    return installed[0] if installed else "generic_coa"


def _create_bank(build, company, iban):
    bank = build.env["res.partner.bank"].create(
        {"acc_number": iban, "partner_id": company.partner_id.id}
    )
    build.journal(company, "bank").bank_account_id = bank


def _create_rates(build, company):
    """Rates of the company: one every five weeks over the last year."""
    today, rates = build.today, []
    for code, values in RATES.items():
        currency = build.currency(code)
        for age, value in enumerate(reversed(values)):
            rates.append(
                {
                    "name": today - timedelta(days=age * RATE_EVERY),
                    "currency_id": currency.id,
                    "company_id": company.id,
                    "company_rate": value,
                }
            )
    build.env["res.currency.rate"].with_company(company).create(rates)


def _create_second_receivable(build, company):
    """Public customers have their own receivable account, as many plans want."""
    code, name = SECOND_RECEIVABLE
    build.second_receivable = (
        build.env["account.account"]
        .with_company(company)
        .create(
            {
                "code": code,
                "name": name,
                "account_type": "asset_receivable",
                "reconcile": True,
                "company_ids": [Command.set(company.ids)],
            }
        )
    )


def create_terms(build):
    """Payment terms, shared by the companies."""
    created = build.env["account.payment.term"].create(
        [
            {
                "name": build.label(terms.name),
                "note": terms.name,
                "company_id": False,
                "line_ids": [
                    Command.create(
                        {
                            "value": "percent",
                            "value_amount": percent,
                            "nb_days": days,
                            "delay_type": delay_type,
                        }
                    )
                    for percent, days, delay_type in terms.lines
                ],
            }
            for terms in TERMS.values()
        ]
    )
    for code, record in zip(TERMS, created, strict=True):
        build.terms[code] = build.named(f"terms_{code}", record)


def create_users(build):
    """One user for each role; the password is the login."""
    companies = build.env["res.company"].union(*build.companies.values())
    values = [
        {
            "name": name,
            "login": build.label(login),
            "password": build.label(login),
            "email": f"{login}@valmorel-equipement.example",
            "function": function,
            "lang": build.lang("fr_FR"),
            "tz": TIMEZONE,
            "company_id": build.companies["main"].id,
            "company_ids": [Command.set(companies.ids)],
            "group_ids": [Command.set(_groups(build, login).ids)],
            "action_id": login in AT_HOME and _agenda(build).id,
        }
        for login, (name, function) in USERS.items()
    ]
    users = build.env["res.users"].create(values)
    users.partner_id.tz = TIMEZONE
    # On a phone OdooBot's greeting would cover each first screen.
    if "odoobot_state" in users._fields:
        users.odoobot_state = "disabled"
    for login, user in zip(USERS, users, strict=True):
        build.users[login] = build.named(f"user_{login}", user)


def _agenda(build):
    return build.env.ref("account_dunning.action_agenda")


def _groups(build, login):
    """Groups of a role, those that exist."""
    groups = build.env["res.groups"]
    for xmlid in GROUPS[login]:
        groups |= build.env.ref(xmlid, raise_if_not_found=False) or groups
    if login in ("collector", "manager"):
        groups |= build.env.ref(INVOICING)
    return groups


def activate_currencies(build):
    """Activate the currencies invoiced in."""
    codes = ["EUR", *RATES]
    currencies = (
        build.env["res.currency"]
        .with_context(active_test=False)
        .search([("name", "in", codes)])
    )
    currencies.filtered(lambda currency: not currency.active).active = True
    build.currencies = {currency.name: currency for currency in currencies}


def today(env):
    """Today, where the companies work."""
    return fields.Date.context_today(env.user.with_context(tz=TIMEZONE))
