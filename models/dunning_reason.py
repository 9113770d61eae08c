from odoo import api, fields, models
from odoo.exceptions import UserError

# What a call may end with.
OUTCOMES = [
    ("promise", "Will Pay"),
    ("dispute", "Disputes"),
    ("not_received", "Did Not Get It"),
    ("not_approved", "Not Validated"),
    ("cash", "Cash Trouble"),
    ("no_answer", "No Answer"),
    ("wrong_contact", "Wrong Contact"),
    ("other", "Other"),
]


class DunningReason(models.Model):
    """Why a customer does not pay or an action does not happen: one catalogue for
    call outcomes, holds, skipped actions and, later, disputes."""

    _name = "dunning.reason"
    _description = "Dunning Reason"
    _order = "sequence, name"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    outcome = fields.Selection(
        OUTCOMES,
        string="Call Outcome",
        help="Outcome of a call for which the reason is offered; empty, for all.",
    )
    company_id = fields.Many2one(
        "res.company", help="Leave empty to share the reason among all companies."
    )

    # ------------------------------------------------------------------
    # CRUD METHODS
    # ------------------------------------------------------------------

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        # The history of another company may name a shared reason.
        for model in ("dunning.action", "dunning.hold"):
            records_sudo = self.env[model].sudo()
            used = records_sudo.search([("reason_id", "in", self.ids)], limit=1)
            if used:
                raise UserError(
                    self.env._(
                        "The reason “%s” is part of the history of customers and "
                        "cannot be deleted. Archive it instead: it will not be "
                        "proposed any more.",
                        used.reason_id.name,
                    )
                )
