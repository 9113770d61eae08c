"""Payments, credit notes and what goes wrong with them, in the order of time."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta

from odoo import Command

from .cases import CREDIT_NOTES, UNALLOCATED
from .schedule import working_day

BOUNCES_AFTER = 4


@dataclass(frozen=True)
class Event:
    """Something that happens to the ledger on a day.

    :param kind: name of the function below that makes it happen
    """

    kind: str
    subject: object


def events(build):
    """Everything that happens after invoicing: ``{date: [Event]}``, oldest first."""
    found = defaultdict(list)
    for item in build.dated:
        kind = "in_process" if "in_process" in item.invoice.flags else "payment"
        for day, share, instalment in item.payments:
            subject = (item.invoice.key, share, instalment)
            found[day].append(Event(kind, subject))
        for flag in item.invoice.flags & {"bounced", "unmatched"}:
            last = item.payments[-1][0]
            day = min(last + timedelta(days=BOUNCES_AFTER), build.today)
            found[day].append(Event(flag, item.invoice.key))
    for note in CREDIT_NOTES:
        found[build.today + timedelta(days=note.day)].append(Event("credit", note))
    for money in UNALLOCATED:
        day = working_day(build.today, money.day)
        found[day].append(Event("unallocated", money))
    return dict(sorted(found.items()))


def happen(build, days):
    """Make the events of some days happen, payments first.

    :param days: ``{date: [Event]}``, a part of what ``events`` returned
    """
    _pay(
        build,
        [
            (day, event.subject)
            for day, found in days.items()
            for event in found
            if event.kind == "payment"
        ],
    )
    for day, found in days.items():
        for event in found:
            if event.kind != "payment":
                HAPPENINGS[event.kind](build, day, event.subject)


# -- payments ---------------------------------------------------------------------


def _pay(build, payments):
    """Receive payments, all at once; what pays the same again comes after.

    :param payments: ``(day, (key of the invoice, share, instalment))``
    """
    while payments:
        turn, later, seen = [], [], set()
        for payment in payments:
            key, _share, instalment = payment[1]
            again = (key, instalment) in seen
            (later if again else turn).append(payment)
            seen.add((key, instalment))
        _receive(build, _group(build, turn))
        payments = later


@dataclass
class Transfer:
    """Money that came in, and what it pays.

    :param lines: journal items, of one payer, account and currency
    """

    day: object
    lines: object
    amount: float


def _group(build, payments):
    """Return the transfers: one for each day and payer, one for each part paid."""
    whole, parts = {}, []
    for day, (key, share, instalment) in payments:
        lines = _open_lines(build.moves[key], instalment)
        left = sum(lines.mapped("amount_residual_currency"))
        if not lines:
            continue
        if share < 1:
            part = lines.currency_id.round(left * share)
            parts.append(Transfer(day, lines, part))
            continue
        payer = (lines.company_id, lines.partner_id, lines.account_id)
        kind = (day, *payer, lines.currency_id)
        transfer = whole.setdefault(kind, Transfer(day, lines.browse(), 0))
        transfer.lines |= lines
        transfer.amount += left
    return sorted([*whole.values(), *parts], key=lambda transfer: transfer.day)


def _receive(build, transfers):
    """Create, post and reconcile transfers together."""
    payments = build.env["account.payment"].create(
        [
            {
                **_payment_values(
                    build,
                    transfer.lines.company_id,
                    transfer.lines.partner_id,
                    transfer.day,
                    transfer.lines.currency_id,
                ),
                "amount": transfer.amount,
                "destination_account_id": transfer.lines.account_id.id,
                "memo": ", ".join(transfer.lines.move_id.mapped("name")),
                "invoice_ids": [Command.set(transfer.lines.move_id.ids)],
            }
            for transfer in transfers
        ]
    )
    payments.action_post()
    build.analyze()
    plan = []
    for payment, transfer in zip(payments, transfers, strict=True):
        account = transfer.lines.account_id
        received = payment.move_id.line_ids.filtered(
            lambda x, a=account: x.account_id == a
        )
        plan.append(transfer.lines + received)
    build.env["account.move.line"]._reconcile_plan(plan)


def _payment_values(build, company, partner, day, currency=None):
    return {
        "payment_type": "inbound",
        "partner_type": "customer",
        "partner_id": partner.id,
        "company_id": company.id,
        "currency_id": (currency or company.currency_id).id,
        "date": day,
        "journal_id": build.journal(company, "bank").id,
    }


def _open_lines(move, instalment=None):
    """What is left to pay of an invoice, or one instalment of it."""
    lines = move.line_ids.filtered(lambda line: line.display_type == "payment_term")
    lines = lines.sorted("date_maturity")
    if instalment is not None:
        lines = lines[instalment]
    return lines.filtered(lambda line: not line.reconciled)


def _in_process(build, day, subject):
    """A payment under way: known, without a journal entry, nothing reconciled."""
    move = build.moves[subject[0]]
    values = _payment_values(build, move.company_id, move.commercial_partner_id, day)
    payment = build.env["account.payment"].create(
        {**values, "amount": move.amount_residual, "memo": move.name}
    )
    payment.outstanding_account_id = False
    payment.action_post()
    move.matched_payment_ids = [Command.link(payment.id)]
    build.payments[subject[0]] = payment


def _unallocated(build, day, money):
    """Money received that nobody could match with an invoice."""
    company, partner = build.companies["main"], build.partners[money.customer]
    currency = build.currency(money.currency)
    values = _payment_values(build, company, partner, day, currency)
    payment = build.env["account.payment"].create(
        {**values, "amount": money.amount, "memo": money.memo}
    )
    payment.action_post()
    build.payments[money.memo] = payment


def _unmatched(build, _day, key):
    """A payment taken off its invoice: it stays as an unallocated credit."""
    payment = build.moves[key]._get_reconciled_payments()
    payment.move_id.line_ids.remove_move_reconcile()
    build.payments[key] = payment


def _bounced(build, _day, key):
    """A payment sent back by the bank: taken off the invoice and cancelled."""
    _unmatched(build, _day, key)
    build.payments[key].action_draft()
    build.payments[key].action_cancel()


# -- credit notes -----------------------------------------------------------------


def _credit(build, day, note):
    """Credit an invoice, wholly or in part, with Odoo's wizard."""
    move = build.moves[note.invoice]
    wizard = (
        move.env["account.move.reversal"]
        .with_context(active_model="account.move", active_ids=move.ids)
        .create({"date": day, "reason": note.reason, "journal_id": move.journal_id.id})
    )
    wizard.refund_moves()
    credit_note = wizard.new_move_ids
    if note.share < 1:
        for line in credit_note.invoice_line_ids:
            line.price_unit = move.currency_id.round(line.price_unit * note.share)
    credit_note.action_post()
    if not note.reconciled:  # posting it reconciled it with its invoice
        credit_note.line_ids.remove_move_reconcile()
    build.credit_notes[note.invoice] = credit_note


HAPPENINGS = {
    "in_process": _in_process,
    "unallocated": _unallocated,
    "unmatched": _unmatched,
    "bounced": _bounced,
    "credit": _credit,
}
