"""Statuses that keep an invoice out of dunning until something was done."""

from odoo import Command, models

from ...tools.einvoice_state import (
    APPROVAL,
    CANCELLATION,
    DELIVERY,
    PAYEE,
    SUSPENSION,
)
from ...tools.following import FOLLOWING_CONTEXT


class DunningEffectStop(models.AbstractModel):
    """All of the invoice is put on hold, and somebody is told what to do. Who releases
    the hold has decided: it comes back only when something else is said."""

    _name = "dunning.einvoice.stop"
    _inherit = "dunning.einvoice.effect"
    _description = "Effect of an E-Invoice Status: Hold"

    _doing = "hold"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _apply(self, matters):
        # OVERRIDES 'dunning.einvoice.effect'
        fresh = matters.filtered("is_fresh")
        holds = self.env["dunning.hold"].with_context(
            tracking_disable=True, **FOLLOWING_CONTEXT
        )
        values = []
        for matter in fresh:
            if active := matter._get_active_holds():
                active.with_env(holds.env).write(self._prepare_said(matter))
            else:
                values.append(self._prepare_hold(matter))
        holds.create(values)
        fresh._ask_collectors()

    def _prepare_hold(self, matter):
        """Return the values of the hold on the invoice of a matter."""
        items = matter.move_id._dunning_get_items()
        return {
            "partner_id": items.partner_id.commercial_partner_id[:1].id,
            "company_id": matter.company_id.id,
            "move_line_ids": [Command.set(items.ids)],
            "origin": "einvoice",
            "einvoice_matter_id": matter.id,
            **self._prepare_said(matter),
        }

    def _prepare_said(self, matter):
        """Return the values of the hold that the last words decide."""
        title = matter._in_company_words()._get_title()
        return {"reason_id": matter._get_reason().id, "note": title}

    def _settle(self, matters):
        # EXTENDS 'dunning.einvoice.effect'
        result = super()._settle(matters)
        self._end_holds(matters)
        return result

    def _withdraw(self, matters):
        # EXTENDS 'dunning.einvoice.effect'
        result = super()._withdraw(matters)
        self._end_holds(matters)
        return result

    def _end_holds(self, matters):
        """Release what keeps the invoices out, to be made again when it is needed."""
        active = matters._get_active_holds()
        active.with_context(tracking_disable=True)._end()
        active.einvoice_matter_id.applied = False

    def _get_state(self, matter):
        # OVERRIDES 'dunning.einvoice.effect'
        return "open" if matter._get_active_holds() else "decided"

    def _get_made(self, matter):
        # OVERRIDES 'dunning.einvoice.effect'
        active = matter._get_active_holds()
        return active[:1] or matter.hold_ids.sorted("id")[-1:]

    def _tell_made(self, matter):
        # OVERRIDES 'dunning.einvoice.effect'
        return self.env._("On hold. To do: %s", self._get_task(matter))


class DunningEffectSuspend(models.AbstractModel):
    """The buyer waits for a document."""

    _name = "dunning.einvoice.effect.suspend"
    _inherit = "dunning.einvoice.stop"
    _description = "Effect of an E-Invoice Status: Suspended"

    _topic = SUSPENSION
    _closes = frozenset({APPROVAL, DELIVERY})
    _proves = True

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _get_task(self, matter):
        # OVERRIDES 'dunning.einvoice.effect'
        return matter.rule_id.note or self.env._("Send the document")

    def _get_words(self, matter):
        # OVERRIDES 'dunning.einvoice.effect'
        return self.env._(
            "On %(day)s you told us that something is missing for %(number)s"
            "%(words)s: we do not claim it for the time being.",
            **matter._get_told_values(),
        )


class DunningEffectUndelivered(models.AbstractModel):
    """The invoice has never reached the buyer in a valid form: nothing is due by it."""

    _name = "dunning.einvoice.effect.undelivered"
    _inherit = "dunning.einvoice.stop"
    _description = "Effect of an E-Invoice Status: Never Delivered"

    _topic = DELIVERY
    _closes = frozenset({APPROVAL})

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _get_task(self, matter):
        # OVERRIDES 'dunning.einvoice.effect'
        return matter.rule_id.note or self.env._(
            "Issue the invoice again, or deliver it in another way"
        )


class DunningEffectCancel(models.AbstractModel):
    """We have cancelled it for the buyer, not yet in the ledger."""

    _name = "dunning.einvoice.effect.cancel"
    _inherit = "dunning.einvoice.stop"
    _description = "Effect of an E-Invoice Status: Cancelled"

    _topic = CANCELLATION
    _closes = frozenset({APPROVAL})

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _get_task(self, matter):
        # OVERRIDES 'dunning.einvoice.effect'
        return matter.rule_id.note or self.env._("Cancel the invoice in accounting")


class DunningEffectPayee(models.AbstractModel):
    """Somebody else is to be paid, or another account: what reminders say of how to
    pay would be wrong."""

    _name = "dunning.einvoice.effect.payee"
    _inherit = "dunning.einvoice.stop"
    _description = "Effect of an E-Invoice Status: Paid to Somebody Else"

    _topic = PAYEE

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _get_task(self, matter):
        # OVERRIDES 'dunning.einvoice.effect'
        return matter.rule_id.note or self.env._(
            "Say to whom the invoice is paid now, then resume dunning"
        )
