from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools.litigation import GIVEN_UP
from ..base.dunning_entered import accepts

ENDS = ("recovered", "partial", "irrecoverable", "cancelled")


class DunningLitigation(models.Model):
    """What people decide about litigations."""

    _inherit = "dunning.litigation"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    is_reopenable = fields.Boolean(compute="_compute_is_reopenable")

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("closed_by", "amount_left")
    def _compute_is_reopenable(self):
        for litigation in self:
            by_user = litigation.closed_by == "user"
            litigation.is_reopenable = by_user and not litigation._is_settled()

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    @accepts(end=ENDS, text="string")
    def action_close(self, end: str, text: str | None = None):
        """Say how litigations ended.

        What is irrecoverable, wholly or in part, is not dunned any more: it waits for
        its write-off. What is taken back is dunned again by its own dates.

        :param end: ``recovered``, ``partial``, ``irrecoverable`` or ``cancelled``
        :param text: why, kept in the history
        :return: True
        :raise UserError: one is closed, or the ledger says otherwise
        """
        self.check_access("write")
        for litigation in self:
            litigation._check_end(end)
        # Users may not write how litigations end.
        litigations_sudo = self.sudo()
        litigations_sudo._close(
            end,
            closed_by="user",
            closed_user_id=self.env.user._dunning_get_staff().id,
            decision=(text or "").strip() or False,
        )
        litigations_sudo._settle()
        return True

    def action_reopen(self):
        """Take a decision back: the items are seen to by the agent again.

        :return: True
        :raise UserError: one is open, closed by the ledger, or nothing is left of it
        """
        self.check_access("write")
        if any(litigation.closed_by != "user" for litigation in self):
            raise UserError(
                self.env._(
                    "Only what somebody has closed can be reopened: what the ledger "
                    "has closed comes back by itself when a payment is undone."
                )
            )
        for litigation in self.filtered(lambda x: x._is_settled()):
            raise UserError(
                self.env._(
                    "Nothing is left to pay of “%s”: undo the payment or the write-off "
                    "first.",
                    litigation.display_name,
                )
            )
        self._reserve_items()
        # Users may not write how litigations end.
        litigations_sudo = self.sudo()
        litigations_sudo._open_again()
        self._check_free()
        litigations_sudo._settle()
        return True

    def action_proof(self):
        """Download the proof file of the litigation.

        :return: client action
        """
        self.ensure_one()
        return self.env["dunning.proof"]._ask_for(self.partner_id, litigation=self)

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _check_end(self, end):
        """Refuse an end that the ledger does not bear out.

        :raise UserError: saying which would
        """
        self.ensure_one()
        if not self.is_open:
            raise UserError(self.env._("This litigation is closed already."))
        left = self.currency_id.compare_amounts(self.amount_left, 0) > 0
        received = self.currency_id.compare_amounts(self.recovered, 0) > 0
        if end == "recovered" and left:
            raise UserError(
                self.env._(
                    "Something is still open: record the payment first, or close it "
                    "as partly recovered or irrecoverable."
                )
            )
        if end in GIVEN_UP and received != (end == "partial"):
            raise UserError(
                self.env._("Something was recovered: close it as partly recovered.")
                if received
                else self.env._(
                    "Nothing was recovered yet: record the payment first, or close it "
                    "as irrecoverable."
                )
            )
