from odoo import api, fields, models
from odoo.tools import formatLang

from ..action.dunning_action_format import NO_BREAK_SPACE
from .dunning_interest import FIXED, LAW, MINIMUM
from .dunning_rate import PERCENT


class DunningInvoiceTerms(models.Model):
    """What an invoice said of late payment when it was posted: a claim at another rate
    than the invoice states is contestable. A narrow table of its own: the ledger is
    not written."""

    _name = "dunning.invoice.terms"
    _description = "Late Payment Terms on an Invoice"
    _log_access = False

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    move_id = fields.Many2one(
        "account.move", required=True, readonly=True, ondelete="cascade"
    )
    text = fields.Text(readonly=True, help="The sentences that speak of it.")
    method = fields.Selection(
        [
            (LAW, "The Rate by Law"),
            (MINIMUM, "The Lowest Rate That May Be Agreed"),
            (FIXED, "A Rate"),
        ],
        readonly=True,
        help="Empty: the invoice states no rate.",
    )
    rate = fields.Float(
        string="Rate (%)", digits=PERCENT, min_display_digits=2, readonly=True
    )
    indemnity = fields.Float(digits=(16, 2), readonly=True)
    applies = fields.Boolean(
        readonly=True,
        help="What the invoice states is not below what the law allows: it is what is "
        "claimed.",
    )

    # === Constraints and indexes === #
    _one_for_each_invoice = models.UniqueIndex(
        "(move_id)", "What an invoice says is kept once."
    )

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _describe(self) -> str:
        """Return the rate that the invoice states, in words."""
        return self._describe_rate(self.method, self.rate)

    @api.model
    def _describe_rate(self, method, rate) -> str:
        """Return a rate in words, such as “18.00 %”."""
        if method == FIXED:
            return f"{formatLang(self.env, rate, digits=2)}{NO_BREAK_SPACE}%"
        if method == MINIMUM:
            return self.env._("the lowest rate that the law allows")
        return self.env._("the rate by law")
