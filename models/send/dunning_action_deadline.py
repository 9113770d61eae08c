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

    date_given = fields.Date(
        string="Has Time Until",
        compute="_compute_date_given",
        help="Last day that was given to pay what this is about.",
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

    @api.depends("kind", "state", "line_ids.state")
    def _compute_date_given(self):
        # Asked where somebody decides what becomes of it, for one at a time.
        self.date_given = False
        for action in self.filtered(lambda x: x.kind == "follow_up"):
            given = self.search(
                [
                    ("partner_id", "=", action.partner_id.id),
                    ("company_id", "=", action.company_id.id),
                    ("state", "=", "done"),
                    ("date_deadline", ">=", action.company_id._dunning_today()),
                    (
                        "line_ids.move_line_id",
                        "in",
                        action._get_content_lines().move_line_id.ids,
                    ),
                ],
                order="date_deadline desc",
                limit=1,
            )
            action.date_given = given.date_deadline

    @api.depends("origin_id")
    def _compute_title(self):
        # EXTENDS 'account_dunning': of a deadline, see its kind
        return super()._compute_title()
