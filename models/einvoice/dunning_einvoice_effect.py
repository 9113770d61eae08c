# What is asked of each is the same, whether it needs all of it or not.
# pylint: disable=unused-argument

from odoo import api, models

from ...tools.einvoice_state import Said

PREFIX = "dunning.einvoice.effect."
# What is done where no rule says what to do.
UNKNOWN = "task"

EFFECTS = [
    ("told", "Only Shown in the History"),
    ("sent", "On Its Way Again"),
    ("in_hand", "In Hand: a Suspension Is Over"),
    ("receipt", "Proof of Receipt"),
    ("approve", "Approved: Closes “Not Approved Yet”"),
    ("part", "Dispute of the Part Not Approved"),
    ("dispute", "Dispute"),
    ("refuse", "Dispute: Refused as a Whole"),
    ("suspend", "Hold until a Document Was Sent"),
    ("complete", "Document Sent: Ends the Hold, Delays Restart"),
    ("payment", "Short Promise to Pay"),
    ("received", "Payment Reported by Us: Compared with the Ledger"),
    ("undelivered", "Never Delivered: Hold, to Be Issued Again"),
    ("cancel", "Cancelled by Us: Hold, to Be Cancelled in the Ledger"),
    ("payee", "To Be Paid to Somebody Else: Hold"),
    ("payee_back", "To Be Paid to Us Again: Ends That Hold"),
    ("task", "Task for the Collector"),
]


class DunningEinvoiceEffect(models.AbstractModel):
    """What a status of an e-invoice does.

    Each effect has an heir, ``dunning.einvoice.effect.<effect>``. It says what a status
    means (:meth:`_read`: which topic it opens or ends, see
    ``tools/einvoice_state.py``), and brings what dunning makes of it in line with what
    holds: :meth:`_apply` and :meth:`_withdraw` may be called at any time, twice, or
    late. A new one is an heir, and its name where effects are chosen.
    """

    _name = "dunning.einvoice.effect"
    _description = "Effect of an E-Invoice Status"

    # The topic that a status opens, and those that it ends.
    _topic = None
    _closes = frozenset()
    # It can only be said of an invoice that the buyer has got.
    _proves = False
    # Delays count anew where it ends a suspension.
    _restarts = False
    # It is over when nothing is left to pay.
    _needs_debt = True
    # Effects that do the same bear the same name: they are done together, at once.
    # Who overrides how it is done gives another one.
    _doing: str | None = None

    # ------------------------------------------------------------------
    # BUSINESS METHODS - WHAT IT MEANS
    # ------------------------------------------------------------------

    @api.model
    def _of(self, effect) -> models.AbstractModel | None:
        """Return the effect of that name, None when nothing is there to do it, as when
        what brought it was uninstalled."""
        return self.env.get(f"{PREFIX}{effect}")

    @api.model
    def _read(self, event) -> Said:
        """Return what a status says."""
        amount = self._get_amount(event)
        reasons = ",".join(sorted(event._get_reasons()))
        return Said(
            key=event.id,
            when=event.date,
            code=event.code,
            content=(event.code, reasons, amount, str(event.date_payment or "")),
            opens=self._topic,
            closes=self._get_closes(amount),
            amount=amount,
            proves=self._proves,
            restarts=self._restarts,
        )

    @api.model
    def _get_amount(self, event) -> float:
        """Return the part of the invoice that a status is about, 0 for all of it. What
        is in another currency is not reckoned with."""
        move = event.move_id
        if not event.amount or event.currency_id != move.currency_id:
            return 0.0
        whole = move.currency_id.compare_amounts(event.amount, move.amount_total) >= 0
        return 0.0 if whole else event.amount

    @api.model
    def _get_closes(self, amount) -> frozenset:
        """Return the topics that a status about an amount ends."""
        return self._closes

    # ------------------------------------------------------------------
    # BUSINESS METHODS - WHAT IS MADE OF IT
    # ------------------------------------------------------------------

    @api.model
    def _apply(self, matters):
        """Bring what was made of some matters in line with what was said.

        :param matters: ``dunning.einvoice.matter`` that hold, elevated
        """

    @api.model
    def _settle(self, matters):
        """Take back what is pointless because nothing is left to pay."""
        matters._drop_tasks()

    @api.model
    def _withdraw(self, matters):
        """Take back what was made of matters that hold no more."""
        matters._drop_tasks()

    @api.model
    def _get_mark(self, matter) -> str:
        """Return what tells whether it was done: once for what was said."""
        return matter.signature

    @api.model
    def _get_state(self, matter) -> str:
        """Return how a matter stands that holds: ``open``, ``decided`` by people, or
        ``settled``."""
        return "open"

    # ------------------------------------------------------------------
    # BUSINESS METHODS - WHAT IS SAID OF IT
    # ------------------------------------------------------------------

    @api.model
    def _tell_made(self, matter) -> str:
        """Return what was made of a matter, in words."""
        return self._tell_said()

    @api.model
    def _tell_said(self) -> str:
        """Return what becomes of a status that opens nothing."""
        return self.env._("Shown in the history.")

    @api.model
    def _get_task(self, matter) -> str:
        """Return what is to be done, in a few words."""
        return self.env._("See what the buyer says")

    @api.model
    def _get_made(self, matter) -> models.BaseModel:
        """Return the record that was made of a matter, if there is one."""
        return matter.browse()

    @api.model
    def _get_words(self, matter) -> str:
        """Return the buyer's own words, as a sentence for the customer; nothing for
        what is not told to it."""
        return ""
