from odoo import api, fields, models

from ...tools.closing import PAID, TRANSFERRED, get_cause
from ...tools.words import LEDGER_ENDS, OPEN_STAGES


class DunningDispute(models.Model):
    """Following the ledger: nothing left to pay closes a dispute, a payment that is
    undone opens it again where it was."""

    _inherit = "dunning.dispute"

    # ------------------------------------------------------------------
    # BUSINESS METHODS - SETTLEMENT
    # ------------------------------------------------------------------

    @api.model
    def _get_settled_domain(self):
        # OVERRIDES 'dunning.withholding'
        running = self._get_running_domain()
        return running | fields.Domain("closed_by", "in", LEDGER_ENDS)

    @api.model
    def _get_running_domain(self):
        # OVERRIDES 'dunning.withholding'
        return fields.Domain("state", "in", OPEN_STAGES)

    def _get_need(self):
        # OVERRIDES 'dunning.withholding'
        return (self.amount, False) if self.state in OPEN_STAGES else (0, False)

    def _settle_states(self):
        # OVERRIDES 'dunning.withholding'
        # Read at once for all.
        closed = self.move_line_ids.filtered("reconciled")
        closings = closed._dunning_get_closings()
        ends = {dispute: dispute._get_ledger_end(closings) for dispute in self}
        for end in LEDGER_ENDS:
            ended = self.filtered(lambda d, end=end: ends[d] == end)
            ended.filtered(lambda d: d.state in OPEN_STAGES)._close_for_ledger(end)
            ended.filtered(
                lambda d, end=end: d.closed_by in LEDGER_ENDS and d.closed_by != end
            ).closed_by = end
        back = self.filtered(lambda d: not ends[d] and d.closed_by in LEDGER_ENDS)
        back._reopen_for_ledger()

    def _get_ledger_end(self, closings=None):
        """Return how the ledger has ended the dispute, False when it has not: an
        invoice that is being changed as a draft will be back, and what is moved to
        another account is contested there.

        :param closings: what its items were closed by, read when not given
        """
        self.ensure_one()
        states = set(self.move_ids.mapped("state"))
        posted = self.move_line_ids.filtered(lambda x: x.parent_state == "posted")
        if "draft" in states or any(x.amount_residual_currency > 0 for x in posted):
            return False
        if not posted:
            return "void"
        cause = self._get_closing_cause(closings)
        return False if cause == TRANSFERRED else cause

    def _get_closing_cause(self, closings=None):
        """Return what the disputed amount was closed by, see ``tools/closing.py``."""
        if closings is None:
            closings = self.move_line_ids._dunning_get_closings()
        # Items of zero have nothing reconciled.
        parts = [part for x in self.move_line_ids for part in closings[x.id]]
        return get_cause(parts, self.amount) or PAID

    def _close_for_ledger(self, end):
        """Close disputes about which nothing is left to decide.

        :param end: one of ``LEDGER_ENDS``, see ``closed_by``
        """
        # Nobody is told: what is paid is not on anybody's mind any more.
        disputes = self.with_context(tracking_disable=True)
        disputes._close("cancelled", closed_by=end, closed_user_id=False)

    def _reopen_for_ledger(self):
        """Bring disputes back to the stage from which the ledger had closed them."""
        self.with_context(tracking_disable=True)._open_again()

    # ------------------------------------------------------------------
    # BUSINESS METHODS - CLOSING
    # ------------------------------------------------------------------

    def _close(self, state, **values):
        """Bring disputes to a closed stage. Override to do what goes with it.

        :param values: of the fields that say how they ended
        """
        groups = self.grouped(lambda dispute: (dispute.company_id, dispute.state))
        for (company, stage), disputes in groups.items():
            disputes.write(
                {
                    "state": state,
                    "state_before": stage,
                    "date_closed": company._dunning_today(),
                    **values,
                }
            )

    def _open_again(self):
        """Bring closed disputes back to the stage in which they were. Override to do
        what goes with it."""
        for stage, disputes in self.grouped("state_before").items():
            disputes.write(
                {
                    "state": stage or "in_process",
                    "state_before": False,
                    "closed_by": False,
                    "closed_user_id": False,
                    "date_closed": False,
                }
            )
