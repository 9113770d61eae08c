"""Customers and their contacts, from the CSV files."""

from odoo import Command

from .catalogue import KEY_ACCOUNT_TAG, KEY_ACCOUNTS, TAGS
from .schedule import read_csv

TRUST = {"punctual": "good", "struggling": "bad", "silent": "bad"}
ADDRESS = ("name", "street", "zip", "city", "email", "phone")


def create_customers(build):
    """Create the customers with their contacts."""
    build.customers = read_csv("customers.csv")
    tags = _create_tags(build)
    countries = _countries(build)
    partners = build.env["res.partner"].with_company(build.companies["main"])
    values = [
        _customer_values(build, row, number, tags, countries)
        for number, row in enumerate(build.customers, 1)
    ]
    for row, partner in zip(build.customers, partners.create(values), strict=True):
        build.partners[row["code"]] = build.named(f"partner_{row['code']}", partner)
    _create_contacts(build)


def _customer_values(build, row, number, tags, countries):
    values = {
        **{name: row[name] or False for name in ADDRESS},
        "is_company": row["kind"] != "person",
        "ref": f"C{number:04d}",
        "country_id": countries[row["country"]],
        "vat": row["vat"] or False,
        "company_registry": row["company_registry"] or False,
        "lang": build.lang(row["lang"]),
        "user_id": build.users["sales"].id,
        "property_payment_term_id": build.terms[row["terms"]].id,
        "category_id": [Command.set(_tags_of(row, tags))],
    }
    values["trust"] = TRUST.get(row["profile"], "normal")
    if row["kind"] == "public":
        values |= {
            "property_account_receivable_id": build.second_receivable.id,
            "dunning_kind_chosen": "public",
        }
    return values


def _tags_of(row, tags):
    names = [TAGS.get(row["kind"])]
    if row["code"] in KEY_ACCOUNTS:
        names.append(KEY_ACCOUNT_TAG)
    return [tags[name] for name in names if name]


def _create_tags(build):
    names = [*TAGS.values(), KEY_ACCOUNT_TAG]
    tags = build.env["res.partner.category"].create([{"name": n} for n in names])
    return dict(zip(names, tags.ids, strict=True))


def _countries(build):
    codes = {row["country"] for row in build.customers}
    found = build.env["res.country"].search([("code", "in", list(codes))])
    return {country.code: country.id for country in found}


def _create_contacts(build):
    """People and addresses of the customers, in the customer's language."""
    rows = read_csv("contacts.csv")
    created = build.env["res.partner"].create(
        [
            {
                "name": row["name"],
                "parent_id": build.partners[row["customer"]].id,
                "type": row["type"],
                "function": row["function"],
                "email": row["email"] or False,
                "phone": row["phone"] or False,
                "lang": build.partners[row["customer"]].lang,
            }
            for row in rows
        ]
    )
    for row, contact in zip(rows, created, strict=True):
        build.partners[row["code"]] = build.named(f"partner_{row['code']}", contact)
        if row["dunning"]:
            build.dunning_contacts[row["customer"]] = contact
