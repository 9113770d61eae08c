from odoo import api, fields, models

from ...tools.judgement import SETTLED, SUPERSEDED
from ...tools.words import OPEN_STATES


class DunningAction(models.Model):
    """Why actions are cancelled and items left out: as the plan says, or by what the
    ledger has closed the items."""

    _inherit = "dunning.action"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    skip_reason = fields.Char(
        string="Skipped Because",
        readonly=True,
        copy=False,
        help="Why somebody decided that it is not done.",
    )

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("skip_reason")
    def _compute_cancel_label(self):
        # EXTENDS 'account_dunning': why somebody has skipped it
        result = super()._compute_cancel_label()
        for action in self:
            if action.cancel_cause == "skipped" and action.skip_reason:
                action.cancel_label = self.env._(
                    "%(what)s: %(details)s",
                    what=action.cancel_label,
                    details=action.skip_reason,
                )
        return result

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _read_closing_causes(self):
        """Read at once, for all, what the items were closed by."""
        self.line_ids.invalidate_recordset(["closing_cause"], flush=False)
        # The field is the engine's own: by its groups nobody reads it.
        asked_sudo = self.line_ids.sudo().filtered(
            lambda line: line.state == "open" or line.action_id.state == "cancelled"
        )
        asked_sudo.mapped("closing_cause")

    @api.model
    def _get_drop_cause(self, line, rows):
        item = line.move_line_id
        if row := rows.get(item.id):
            return row["reason"] or SUPERSEDED
        if not item:
            # The entry may be there, changed or owed by somebody else.
            return (line.move_id and line.drop_cause) or "deleted"
        if item.parent_state != "posted":
            return "not_posted"
        if item.reconciled:
            # What items were closed by is known to whoever follows an event.
            return line.sudo().closing_cause
        customer = item.partner_id.commercial_partner_id
        return "moved" if customer == line.action_id.partner_id else "readdressed"

    def _cancel_by_verdict(self, verdict):
        """Cancel an action that has become pointless, or say anew by what the ledger
        has left it nothing to claim.

        :param verdict: :class:`~odoo.addons.account_dunning.tools.judgement.Verdict`
        """
        cause = verdict.cause
        if self.state in OPEN_STATES:
            self._cancel(cause)
        elif self.cancel_cause != cause and {self.cancel_cause, cause} <= SETTLED:
            self.cancel_cause = cause
            for line in self.line_ids.filtered(lambda x: x.id in verdict.dropped):
                line.drop_cause = verdict.dropped[line.id]
