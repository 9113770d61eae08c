from odoo import fields, models

STATES = [
    ("open", "Open"),
    ("kept", "Kept"),
    ("partly_kept", "Partly Kept"),
    ("broken", "Broken"),
    ("withdrawn", "Withdrawn"),
    ("renegotiated", "Renegotiated"),
]


class DunningPromiseLine(models.Model):
    """One dated amount of a promise: an instalment."""

    _name = "dunning.promise.line"
    _description = "Promised Payment"
    _inherit = ["dunning.protected"]
    _order = "date, id"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    promise_id = fields.Many2one(
        "dunning.promise", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="promise_id.company_id")
    currency_id = fields.Many2one(related="promise_id.currency_id")
    date = fields.Date(required=True)
    amount = fields.Monetary(required=True)
    amount_received = fields.Monetary(string="Received", readonly=True)
    state = fields.Selection(STATES, required=True, readonly=True, default="open")

    # === Constraints and indexes === #
    _amount_positive = models.Constraint(
        "CHECK(amount > 0)", "A promised amount must be more than zero."
    )

    # ------------------------------------------------------------------
    # CRUD METHODS
    # ------------------------------------------------------------------

    def _get_editable_fields(self):
        # OVERRIDES 'dunning.protected'
        return set() if self else {"promise_id", "date", "amount"}
