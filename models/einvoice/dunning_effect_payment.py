from odoo import Command, fields, models

from ...tools.einvoice_state import (
    CONTEST,
    DELIVERY,
    PAYMENT,
    SUSPENSION,
    share_payments,
)
from ...tools.following import FOLLOWING

# Days after its day from which a payment is dunned again, where the rule says none.
RESUME_DAYS = 3


class DunningEffectPayment(models.AbstractModel):
    """The buyer has sent a payment: a promise with its amount and date, and a few days
    for the bank. Only the ledger keeps it."""

    _name = "dunning.einvoice.effect.payment"
    _inherit = "dunning.einvoice.effect"
    _description = "Effect of an E-Invoice Status: Payment Sent"

    _topic = PAYMENT
    _closes = frozenset({DELIVERY, SUSPENSION})
    _proves = True

    # ------------------------------------------------------------------
    # BUSINESS METHODS - WHAT IT MEANS
    # ------------------------------------------------------------------

    def _read(self, event):
        # EXTENDS 'dunning.einvoice.effect': the same payment is told by day and amount
        said = super()._read(event)
        _code, _reasons, amount, _day = said.content
        day = event.date_payment or event._get_day()
        return said._replace(content=(event.code, "", amount, str(day)))

    def _get_closes(self, amount):
        # OVERRIDES 'dunning.einvoice.effect': who pays all contests nothing
        return self._closes if amount else self._closes | {CONTEST}

    # ------------------------------------------------------------------
    # BUSINESS METHODS - IN LINE WITH WHAT WAS SAID
    # ------------------------------------------------------------------

    def _apply(self, matters):
        # OVERRIDES 'dunning.einvoice.effect'
        contested = self._get_contested(matters)
        shares = {}
        for move, own in matters.grouped("move_id").items():
            own = own.sorted(lambda matter: (matter.date_payment, matter.amount))
            found = share_payments(
                own.mapped("amount"), move.amount_total, contested.get(move, 0.0)
            )
            rounded = map(move.currency_id.round, found)
            shares |= dict(zip(own, rounded, strict=True))
        # What one of them expects no more, another one may.
        for matter, share in shares.items():
            self._give_up(matter, share)
        missing = {
            matter: share
            for matter, share in shares.items()
            if not matter.promise_id
            and (
                matter.is_fresh
                or matter.currency_id.compare_amounts(matter.amount_made, share)
            )
        }
        self._promise(missing)

    def _get_contested(self, matters):
        """Return the parts of invoices that are in dispute because of what was said:
        dict of invoice to amount."""
        contests = matters.search(
            [
                ("move_id", "in", matters.move_id.ids),
                ("topic", "=", CONTEST),
                ("state", "=", "open"),
            ]
        )
        return {matter.move_id: matter.amount for matter in contests}

    def _give_up(self, matter, share):
        """Withdraw the promise of a payment of which another part can be expected now:
        it is made anew.

        :param share: amount, see ``tools/einvoice_state.py``
        """
        promise = matter.promise_id
        runs = promise.state == "open" and not promise.decision
        if not runs or promise.amount_received:
            return
        if matter.currency_id.compare_amounts(matter.amount_made, share):
            promise._decide("withdrawn", decision_reason=matter._get_end_text())
            promise._settle()
            matter.write({"promise_id": False, "applied": False})

    def _promise(self, shares):
        """Make the promises of payments, but of those whose time is over.

        :param shares: dict of matter to the amount that can be expected
        """
        rooms, values, limits = self._get_rooms(shares), [], {}
        workers = self.env["dunning.einvoice.matter"].concat(*shares)._get_workers()
        for matter, share in shares.items():
            matter.amount_made = share
            days = self._get_tolerance(matter)
            limit = matter.company_id._dunning_get_last_day(matter.date_payment, days)
            move, currency = matter.move_id, matter.currency_id
            amount = currency.round(min(share, rooms[move]))
            if limit < matter.company_id._dunning_today() or amount <= 0:
                continue
            rooms[move] -= amount
            user = {"user_id": workers[matter].id}
            values.append(self._prepare_promise(matter, amount) | user)
            limits[matter] = limit
        # They are made like any other, whatever they follow.
        promises = self.env["dunning.promise"]
        promises = promises.with_context(**{FOLLOWING.key: None}).create(values)
        for (matter, limit), promise in zip(limits.items(), promises, strict=True):
            # A promise that is made begins with the tolerance of the company.
            promise.tolerance_days = self._get_tolerance(matter)
            promise.line_ids.date_limit = limit
            matter.promise_id = promise
        promises._settle()

    def _get_tolerance(self, matter):
        """Return how many days after its day a payment may come."""
        return max((matter.rule_id.days or RESUME_DAYS) - 1, 0)

    def _prepare_promise(self, matter, amount):
        """Return the values of the promise of a payment."""
        items = matter.move_id._dunning_get_items()._dunning_get_open()
        today = matter.company_id._dunning_today()
        instalment = {"date": max(matter.date_payment, today), "amount": amount}
        return {
            "partner_id": items.partner_id.commercial_partner_id[:1].id,
            "company_id": matter.company_id.id,
            "currency_id": matter.currency_id.id,
            "move_line_ids": [Command.set(items.ids)],
            "reason_id": matter._get_reason().id,
            "note": matter._in_company_words()._get_title(),
            "keep_others": True,
            "einvoice_matter_id": matter.id,
            "line_ids": [Command.create(instalment)],
        }

    def _get_rooms(self, matters):
        """Return how much of invoices can still be promised: dict of invoice to
        amount."""
        moves = self.env["account.move"].union(*(one.move_id for one in matters))
        items = moves._dunning_get_items()._dunning_get_open()
        free = self.env["dunning.promise"]._get_available(items)
        rooms = dict.fromkeys(moves, 0.0)
        for item, amount in free.items():
            rooms[item.move_id] += max(amount, 0.0)
        return rooms

    def _withdraw(self, matters):
        # EXTENDS 'dunning.einvoice.effect'
        result = super()._withdraw(matters)
        running = matters.filtered(
            lambda m: m.promise_id.state == "open" and not m.promise_id.decision
        )
        for text, ended in running.grouped(lambda m: m._get_end_text()).items():
            ended.promise_id._decide("withdrawn", decision_reason=text)
        running.promise_id._settle()
        running.write({"promise_id": False, "applied": False})
        return result

    # ------------------------------------------------------------------
    # BUSINESS METHODS - WHAT IS SAID OF IT
    # ------------------------------------------------------------------

    def _get_state(self, matter):
        # OVERRIDES 'dunning.einvoice.effect'
        promise = matter.promise_id
        if promise.decision:
            return "decided"
        return "open" if promise.state == "open" else "settled"

    def _get_made(self, matter):
        # OVERRIDES 'dunning.einvoice.effect'
        return matter.promise_id

    def _tell_made(self, matter):
        # OVERRIDES 'dunning.einvoice.effect'
        promise = matter.promise_id
        day = matter._format_day(matter.date_payment)
        if not promise:
            return self.env._(
                "A payment of %(day)s was announced; its time is over, or nothing is "
                "left to promise.",
                day=day,
            )
        return self.env._(
            "Promise of %(amount)s, sent on %(day)s: dunned again after %(limit)s "
            "unless the ledger has it.",
            amount=matter._format(promise.amount),
            day=day,
            limit=matter._format_day(max(promise.line_ids.mapped("date_limit"))),
        )

    def _get_words(self, matter):
        # OVERRIDES 'dunning.einvoice.effect'
        missed = matter.date_payment < fields.Date.subtract(
            matter.company_id._dunning_today(), days=1
        )
        if matter.promise_id.state == "open" or not missed:
            return ""
        return self.env._(
            "On %(day)s you announced a payment for %(number)s, sent on %(sent)s: what "
            "is claimed here has not reached us.",
            sent=matter._format_day(matter.date_payment),
            **matter._get_told_values(),
        )
