"""Invoices and miscellaneous entries, posted by Odoo's own code."""

from datetime import timedelta

from odoo import Command

from .cases import ARCHIVED, ENTRIES
from .schedule import schedule

DOWN_PAYMENT_ACCOUNT = "4191"


def create_invoices(build, everyday=True):
    """Create and post every invoice of the schedule, oldest first.

    Branches number their invoices with their root: they are posted together.
    """
    build.dated = schedule(build.customers, build.today, everyday)
    for root in [c for c in build.companies.values() if not c.parent_id]:
        own = {c for c, company in build.companies.items() if company.root_id == root}
        dated = [item for item in build.dated if item.invoice.company in own]
        _create_invoices_of(build, root, dated)
    _apply_flags(build)


def _create_invoices_of(build, root, dated):
    moves = build.env["account.move"].with_company(root)
    books = Books(build, root)
    created = moves.create([_invoice_values(build, item, books) for item in dated])
    for item, move in zip(dated, created, strict=True):
        build.moves[item.invoice.key] = move
    drafts = [build.moves[i.invoice.key] for i in dated if "draft" in i.invoice.flags]
    build.analyze()
    (created - moves.union(*drafts)).action_post()


class Books:
    """Journal, accounts and taxes a root company invoices with."""

    def __init__(self, build, root):
        self.journal = build.journal(root, "sale")
        self.down_payments = _down_payment_account(build, root)
        self._taxes = {}
        self._company = root

    def taxes(self, partner):
        """The default sales tax, as the customer's fiscal position maps it."""
        if partner not in self._taxes:
            positions = partner.env["account.fiscal.position"]
            position = positions.with_company(self._company)._get_fiscal_position(
                partner.with_company(self._company)
            )
            self._taxes[partner] = position.map_tax(self._company.account_sale_tax_id)
        return self._taxes[partner]


def _invoice_values(build, item, books):
    invoice = item.invoice
    partner = build.partners[invoice.contact or invoice.customer]
    values = {
        "move_type": invoice.kind,
        "partner_id": partner.id,
        "company_id": build.companies[invoice.company].id,
        "journal_id": books.journal.id,
        "currency_id": build.currency(invoice.currency).id,
        "invoice_date": item.issued,
        "invoice_user_id": build.users["sales"].id,
        "invoice_payment_term_id": build.terms[item.terms].id if item.terms else False,
        "ref": invoice.reference or False,
        "invoice_line_ids": _line_commands(invoice, books, books.taxes(partner)),
    }
    if item.due:
        values["invoice_date_due"] = item.due
    return values


def _line_commands(invoice, books, taxes):
    lines = [
        {
            "name": name,
            "quantity": quantity,
            "price_unit": price,
            "tax_ids": [Command.set(taxes.ids)],
        }
        for name, quantity, price in invoice.lines
    ]
    if invoice.flags & {"downpayment", "deducts"} and books.down_payments:
        lines[-1]["account_id"] = books.down_payments.id
    return [Command.create(line) for line in lines]


def _down_payment_account(build, company):
    """The account of down payments received, where the chart has one."""
    accounts = build.env["account.account"].with_company(company)
    domain = [
        *accounts._check_company_domain(company),
        ("code", "=like", f"{DOWN_PAYMENT_ACCOUNT}%"),
    ]
    return accounts.search(domain, limit=1)


def _apply_flags(build):
    """What the accountant did to single invoices after posting them."""
    for item in build.dated:
        move = build.moves[item.invoice.key]
        if "excluded" in item.invoice.flags:
            move.no_followup = True
        if "blocked" in item.invoice.flags:
            move.action_toggle_block_payment()
        if "cancelled" in item.invoice.flags:
            move.button_draft()
            move.button_cancel()


def create_entries(build):
    """Opening balances and corrections on receivables, in the main company."""
    company = build.companies["main"]
    journal = build.journal(company, "general")
    balancing = _balancing_account(build, company)
    moves = build.env["account.move"].with_company(company)
    created = moves.create(
        [_entry_values(build, entry, journal, balancing) for entry in ENTRIES]
    )
    created.action_post()
    for entry, move in zip(ENTRIES, created, strict=True):
        build.entries[entry.reference] = move
        if entry.followed:
            move.line_ids.filtered("date_maturity").no_followup = False


def _entry_values(build, entry, journal, balancing):
    partners = build.env["res.partner"].with_company(build.companies["main"])
    lines = []
    for customer, amount, due, text in entry.lines:
        partner = partners.browse(build.partners[customer].id)
        lines.append(
            {
                "partner_id": partner.id,
                "account_id": partner.property_account_receivable_id.id,
                "name": text,
                "balance": amount,
                "date_maturity": build.today + timedelta(days=due),
            }
        )
    total = sum(line[1] for line in entry.lines)
    lines.append(
        {
            "account_id": balancing.id,
            "name": entry.reference,
            "balance": -total,
        }
    )
    return {
        "move_type": "entry",
        "journal_id": journal.id,
        "date": build.today + timedelta(days=entry.day),
        "ref": entry.reference,
        "line_ids": [Command.create(line) for line in lines],
    }


def _balancing_account(build, company):
    """An account that takes the other side of opening balances."""
    accounts = build.env["account.account"].with_company(company)
    own = accounts._check_company_domain(company)
    for kind in ("equity", "equity_unaffected", "income_other", "income"):
        if account := accounts.search([*own, ("account_type", "=", kind)], limit=1):
            return account
    return accounts


def archive_customers(build):
    """Archive the customers that are no longer active."""
    for code in ARCHIVED:
        build.partners[code].active = False
