"""What customers have said on their own page: one answer of each kind."""

from datetime import timedelta

from odoo import Command, fields

# Who logs in for a customer.
VISITOR = "Compte client"
REPLY = "Pouvez-vous nous envoyer la confirmation de commande avec cette remise ?"
PAPER = b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n"


def answer(build):
    """Have customers answer who owe something that nobody has spoken of yet."""
    main = build.companies["main"]
    main.write(
        {
            "dunning_answer_instalments": 3,
            "dunning_statement_scope": "all",
            "dunning_statement_frequency": "quarterly",
            "dunning_thanks": True,
        }
    )
    day = build.today - timedelta(days=1)
    text = fields.Date.to_string
    payloads = (
        (
            "paid",
            {"date": text(day), "means": "transfer", "reference": "VIR 20417"},
        ),
        ("promise", {"date": text(build.today + timedelta(days=12)), "number": 2}),
        (
            "dispute",
            {
                "reason_id": build.env.ref("account_dunning.reason_price").id,
                "text": "La remise convenue n'est pas déduite.",
            },
        ),
        ("details", {"details": {"email": "fournisseurs@client.example"}}),
        ("statements", {"frequency": "monthly"}),
    )
    items = _find_silent(build, main)
    for (kind, payload), (customer, own) in zip(payloads, items, strict=False):
        payload = {"item_ids": own.ids, **payload}
        request = _submit(build, main, customer, kind, payload)
        if kind == "dispute":
            _reply(build, request.dispute_id)
    several = [pair for pair in items[len(payloads) :] if len(pair[1]) > 1]
    for customer, own in several[:1]:
        _compare(build, main, customer, own)


def _find_silent(build, company):
    """Return customers with late items of one currency that are on no hold, those of
    the collector first: pairs of customer and journal items."""
    items = build.env["dunning.item"].search(
        [
            ("company_id", "=", company.id),
            ("days_late", ">", 0),
            ("partner_id", "in", [p.id for p in build.partners.values()]),
            ("currency_id", "=", company.currency_id.id),
        ],
        order="id",
    )
    lines = build.env["account.move.line"].browse(items.ids)
    held = build.env["dunning.hold"].search([("company_id", "=", company.id)])
    groups = lines.grouped("partner_id")
    pairs = [
        (customer, own[:2])
        for customer, own in groups.items()
        if customer.email
        and customer.active
        and customer == customer.commercial_partner_id
        and customer not in held.partner_id
    ]
    # Whoever looks after most customers finds something to decide.
    acts = build.env["dunning.portal.act"].with_company(company)
    collector = build.users["collector"]
    return sorted(
        pairs,
        key=lambda pair: (
            acts._get_lasting_user(pair[0].with_company(company)) != collector
        ),
    )


def _submit(build, company, customer, kind, payload):
    """Have somebody who is logged in for a customer say something."""
    portal = build.env["dunning.portal"]
    # Whoever visits was looked at.
    customer_sudo = portal._enter(customer.id, company.sudo())
    visitor = _get_visitor(build, customer)
    files = ()
    if kind == "paid":
        file = {"name": "virement.pdf", "raw": PAPER, "mimetype": "application/pdf"}
        files = (file,)
    requests_sudo = build.env["dunning.portal.request"].sudo()
    return requests_sudo._submit(customer_sudo, visitor, kind, payload, files)


def _reply(build, dispute):
    """Have a collector have answered, without an e-mail."""
    # Answers are kept by the system alone.
    answers_sudo = dispute.answer_ids.sudo()
    answers_sudo.create(
        {
            "dispute_id": dispute.id,
            "date": fields.Datetime.now(),
            "user_id": dispute.user_id.id or build.env.uid,
            "text": REPLY,
        }
    )
    dispute.state = "waiting_customer"


def _compare(build, company, customer, items):
    """Have a customer compare its account, which knows nothing of the last invoice, and
    the first with another amount."""
    first, *others = items.sorted("id")[:-1]
    rows = [(first, first.amount_residual_currency - 50)]
    rows += [(item, item.amount_residual_currency) for item in others]
    table = ["Numéro;Montant"]
    table += [f"{item.move_id.name};{amount:.2f}" for item, amount in rows]
    # Whoever visits was looked at.
    customer_sudo = build.env["dunning.portal"]._enter(customer.id, company.sudo())
    comparisons_sudo = customer_sudo.env["dunning.portal.comparison"]
    content = "\n".join(table).encode()
    results, _unread = comparisons_sudo._compare(customer_sudo, content)
    comparisons_sudo._record(customer_sudo, _get_visitor(build, customer), results)


def _get_visitor(build, customer):
    """Return who logs in for a customer."""
    contact = build.env["res.partner"].create(
        {
            "name": build.label(VISITOR),
            "parent_id": customer.id,
            "type": "contact",
            "lang": customer.lang,
        }
    )
    return build.env["res.users"].create(
        {
            "name": contact.name,
            "login": f"{build.scope}_client_{customer.id}",
            "partner_id": contact.id,
            "group_ids": [Command.set(build.env.ref("base.group_portal").ids)],
            "company_id": build.companies["main"].id,
            "company_ids": [Command.set(build.companies["main"].ids)],
        }
    )
