from odoo import api, fields, models

from ...tools.words import WRITTEN_CHANNELS


class DunningAction(models.Model):
    """Deadlines of what is written to customers. What happens when one passes is the
    business of the run, see ``dunning.run``; the action that comes of it follows the
    ledger like any other."""

    _inherit = "dunning.action"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    date_deadline = fields.Date(
        string="To Be Paid by",
        readonly=True,
        copy=False,
        help="Last day on which the customer was asked to pay.",
    )
    origin_id = fields.Many2one(
        "dunning.action",
        string="Follows",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="The letter or e-mail whose deadline has passed.",
    )

    # === Constraints and indexes === #
    _one_for_each_deadline = models.UniqueIndex(
        "(origin_id) WHERE kind = 'deadline'",
        "The deadline of a letter is followed once.",
    )
    _deadline_idx = models.Index(
        "(company_id, date_deadline) WHERE state = 'done' AND date_deadline IS NOT NULL"
    )

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _mark_done(self, date):
        # EXTENDS 'account_dunning': keep the deadline that the text gives
        written = self.filtered(lambda action: action.channel in WRITTEN_CHANNELS)
        for deadline, actions in written.grouped("deadline_date").items():
            if deadline:
                actions.write({"date_deadline": deadline})
        return super()._mark_done(date)

    def _take_back(self, state, message):
        # EXTENDS 'account_dunning': what did not arrive has no deadline
        result = super()._take_back(state, message)
        self.write({"date_deadline": False})
        return result

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("origin_id")
    def _compute_title(self):
        # EXTENDS 'account_dunning': of a deadline, see its kind
        return super()._compute_title()
