"""Statuses of which nothing has to be done: they are told, or end something."""

from odoo import models

from ...tools.einvoice_state import DELIVERY, PAYEE, SUSPENSION


class DunningEffectTold(models.AbstractModel):
    _name = "dunning.einvoice.effect.told"
    _inherit = "dunning.einvoice.effect"
    _description = "Effect of an E-Invoice Status: Only Shown"


class DunningEffectSent(models.AbstractModel):
    """It is on its way: what was never delivered was sent again."""

    _name = "dunning.einvoice.effect.sent"
    _inherit = "dunning.einvoice.effect"
    _description = "Effect of an E-Invoice Status: on Its Way"

    _closes = frozenset({DELIVERY})


class DunningEffectReceipt(models.AbstractModel):
    """It is where the buyer finds it: that proves that the buyer has got it."""

    _name = "dunning.einvoice.effect.receipt"
    _inherit = "dunning.einvoice.effect.sent"
    _description = "Effect of an E-Invoice Status: Proof of Receipt"

    _proves = True

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _tell_said(self):
        # OVERRIDES 'dunning.einvoice.effect'
        return self.env._("Proof of receipt: “Did not get it” is answered with it.")


class DunningEffectInHand(models.AbstractModel):
    """The buyer goes on with it: nothing is missing any more."""

    _name = "dunning.einvoice.effect.in_hand"
    _inherit = "dunning.einvoice.effect"
    _description = "Effect of an E-Invoice Status: in Hand"

    _closes = frozenset({DELIVERY, SUSPENSION})
    _proves = True

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _tell_said(self):
        # OVERRIDES 'dunning.einvoice.effect'
        return self.env._("The buyer is working on it: no document is missing.")


class DunningEffectComplete(models.AbstractModel):
    """We have sent what was missing: the buyer has its time again."""

    _name = "dunning.einvoice.effect.complete"
    _inherit = "dunning.einvoice.effect"
    _description = "Effect of an E-Invoice Status: Completed"

    _closes = frozenset({SUSPENSION})
    _restarts = True

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _tell_said(self):
        # OVERRIDES 'dunning.einvoice.effect'
        return self.env._(
            "What was missing was sent: a suspension is over, and delays count from "
            "that day."
        )


class DunningEffectPayeeBack(models.AbstractModel):
    """The invoice is paid to us after all."""

    _name = "dunning.einvoice.effect.payee_back"
    _inherit = "dunning.einvoice.effect"
    _description = "Effect of an E-Invoice Status: Paid to Us Again"

    _closes = frozenset({PAYEE})

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _tell_said(self):
        # OVERRIDES 'dunning.einvoice.effect'
        return self.env._("It is to be paid to us again.")
