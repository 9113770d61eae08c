"""Buyers who say something of e-invoices, and a plain model of what holds then."""

from datetime import datetime, time, timedelta
from itertools import count

from .common import DunningCommon

numbers = count(1)

# What each status opens and ends, as the user guide says it; written anew, not read
# from the rules.
OPENS = {
    "205": "approval",
    "206": "contest",
    "207": "contest",
    "208": "suspension",
    "210": "contest",
    "211": "payment",
    "212": "received",
    "213": "delivery",
    "220": "cancellation",
    "221": "delivery",
    "224": "task",
    "225": "payee",
    "226": "task",
    "227": "payee",
    "501": "delivery",
}
ENDS = {
    "200": {"delivery"},
    "201": {"delivery"},
    "202": {"delivery"},
    "203": {"delivery"},
    "204": {"delivery", "suspension"},
    "205": {"contest", "delivery", "suspension"},
    "206": {"approval", "delivery", "suspension"},
    "207": {"approval", "delivery"},
    "208": {"approval", "delivery"},
    "209": {"suspension"},
    "210": {"approval", "delivery"},
    "211": {"delivery", "suspension"},
    "213": {"approval"},
    "214": {"delivery", "suspension"},
    "220": {"approval"},
    "221": {"approval"},
    "228": {"payee"},
    "501": {"approval"},
}
HELD = {"cancellation", "delivery", "payee", "suspension"}


class EinvoiceCommon(DunningCommon):
    """A customer with one invoice that is late, and what its platform says of it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.invoice = cls._create_invoice(due=-40, amount=1000)
        cls.item = cls._items(cls.invoice)

    # ------------------------------------------------------------------
    # BUILDERS
    # ------------------------------------------------------------------

    @classmethod
    def _prepare_said(cls, code, *reasons, day=-10, **values):
        """Return the values of a status.

        :param day: on which it was said, or a moment
        :param values: ``invoice``, ``paid`` (a day), ``text``, or fields
        """
        invoice = values.pop("invoice", cls.invoice)
        moment = day if isinstance(day, datetime) else cls._moment(day)
        paid = values.pop("paid", None)
        return {
            "state": "assigned",
            "code": code,
            "reason_codes": ",".join(sorted(reasons)) or False,
            "reason_text": values.pop("text", False),
            "date": moment,
            "date_payment": paid is not None and cls._day(paid),
            "move_id": invoice.id,
            "company_id": invoice.company_id.id,
            "currency_id": invoice.currency_id.id,
            "message_ref": f"test-{next(numbers)}",
            **values,
        }

    @classmethod
    def _moment(cls, day):
        return datetime.combine(cls._day(day), time(9))

    @classmethod
    def _receive(cls, *values):
        """Let statuses come in, all of a batch at once.

        :return: the events
        """
        events = cls.env["dunning.einvoice.event"].sudo().create(list(values))
        events._apply()
        return events

    @classmethod
    def _say(cls, code, *reasons, **values):
        """Let one status come in, see :meth:`_prepare_said`."""
        return cls._receive(cls._prepare_said(code, *reasons, **values))

    # ------------------------------------------------------------------
    # LOOKING
    # ------------------------------------------------------------------

    def _get_matters(self, invoice=None, **values):
        """Return what holds of an invoice."""
        domain = [("move_id", "=", (invoice or self.invoice).id)]
        domain += [(name, "=", value) for name, value in values.items()]
        return self.env["dunning.einvoice.matter"].search(domain, order="id")

    def _get_topics(self, invoice=None):
        """Return what is open of an invoice, or decided."""
        matters = self._get_matters(invoice)
        return {m.topic for m in matters if m.state in ("open", "decided")}

    def _get_dispute(self, invoice=None):
        """Return the open dispute about an invoice."""
        return self.env["dunning.dispute"].search(
            [
                ("move_ids", "in", (invoice or self.invoice).ids),
                ("date_closed", "=", False),
            ]
        )

    def _get_promises(self, invoice=None):
        """Return the running promises about an invoice."""
        return self.env["dunning.promise"].search(
            [("move_ids", "in", (invoice or self.invoice).ids), ("state", "=", "open")]
        )

    def _get_holds(self, invoice=None):
        """Return what keeps an invoice out."""
        return self.env["dunning.hold"].search(
            [
                ("move_ids", "in", (invoice or self.invoice).ids),
                ("date_released", "=", False),
            ]
        )

    def _get_withheld(self, invoice=None):
        """Return how much of an invoice is kept out now."""
        invoice = invoice or self.invoice
        shares = self.env["dunning.hold"]._get_shares(self._items(invoice))
        return sum(amount for own in shares.values() for _hold, amount in own)

    def _get_claimed(self, invoice=None):
        """Return what is claimed of an invoice by what goes out today."""
        lines = self._step().line_ids.filtered(lambda line: line.state != "dropped")
        items = self._items(invoice or self.invoice)
        return sum(
            lines.filtered(lambda x: x.move_line_id in items).mapped("amount_claimed")
        )

    def _get_end_state(self, invoice=None):
        """Return all that holds of an invoice, and what was made of it, without what
        depends on when it came in."""
        invoice = invoice or self.invoice
        invoice.invalidate_recordset()
        matters = self._get_matters(invoice)
        running = matters.filtered(lambda m: m.state in ("open", "decided"))
        holds = self._get_holds(invoice)
        own = holds.filtered(lambda hold: hold.origin == "einvoice")
        marks = self.env["dunning.hold"].search(
            [("move_ids", "in", invoice.ids), ("resume", "=", "restart")]
        )
        return {
            "matters": sorted(
                (m.topic, m.effect, m.code, m.reason_codes or "", m.amount, m.date)
                for m in running
            ),
            "disputes": sorted(
                (d.amount, d.reason_id.id, d.date) for d in self._get_dispute(invoice)
            ),
            "promises": sorted(
                (p.amount, p.line_ids.date_limit) for p in self._get_promises(invoice)
            ),
            "holds": sorted(own.mapped("reason_id.id")),
            "withheld": self._get_withheld(invoice),
            "restarts": set(marks.mapped("date_resume")),
            "status": invoice.dunning_einvoice_status,
            "received": invoice.dunning_einvoice_received,
        }


def get_open_topics(said, total):
    """Return the topics that are open after some statuses: a topic is open when
    something opened it that nothing has ended later.

    :param said: list of ``(moment, code, reasons, amount, day of payment)``
    :param total: of the invoice
    """
    open_topics = set()
    for moment, code, reasons, _amount, _paid in said:
        topic = _get_topic(code, reasons)
        later = (other for other in said if other[0] > moment)
        if topic and not any(topic in _get_ends(other, total) for other in later):
            open_topics.add(topic)
    if "contest" in open_topics and not get_contested(said, total):
        open_topics.discard("payment")
    return open_topics


def get_contested(said, total):
    """Return the part that is contested by what was said last against the invoice, 0
    for all of it."""
    last = max(one for one in said if _get_topic(one[1], one[2]) == "contest")
    whole = last[1] == "210" or not last[3] or last[3] >= total
    return 0 if whole else last[3]


def _get_topic(code, reasons):
    if code == "200":
        return "delivery" if "NON_TRANSMISE" in reasons else None
    return OPENS.get(code)


def _get_ends(one, total):
    _moment, code, reasons, amount, _paid = one
    if code == "200" and "NON_TRANSMISE" in reasons:
        return {"approval"}
    if code == "211" and (not amount or amount >= total):
        return {*ENDS[code], "contest"}
    return ENDS.get(code, set())


def shift(moment, minutes):
    """Return a moment that is some minutes later."""
    return moment + timedelta(minutes=minutes)
