from odoo import api, fields, models
from odoo.tools import format_amount

STAGES = [
    ("new", "New"),
    ("in_process", "In Process"),
    ("waiting_department", "Waiting for Department"),
    ("waiting_customer", "Waiting for Customer"),
    ("accepted", "Accepted"),
    ("rejected", "Rejected"),
    ("corrected", "Corrected"),
    ("cancelled", "Cancelled"),
]
OPEN_STAGES = ("new", "in_process", "waiting_department", "waiting_customer")

# What people may set on a dispute. A new one, besides, says about what it is.
EDITABLE_FIELDS = {"user_id", "reason_id", "description", "contact_id"}
NEW_FIELDS = {"partner_id", "company_id", "currency_id", "move_line_ids", "amount"}


class DunningDispute(models.Model):
    """What a customer contests: an amount of some invoices, why, and who looks into it.

    The disputed part is kept out of dunning until the dispute is closed, by people or
    by the ledger (``dunning_dispute_outcome``).
    """

    _name = "dunning.dispute"
    _description = "Dispute"
    _inherit = ["dunning.withholding"]
    _order = "id desc"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    amount = fields.Monetary(string="In Dispute", required=True, tracking=True)
    reason_id = fields.Many2one(required=True)
    description = fields.Html()
    contact_id = fields.Many2one("res.partner", string="Customer Contact")
    hold_ids = fields.One2many("dunning.hold", "dispute_id", readonly=True)
    state = fields.Selection(
        STAGES,
        string="Stage",
        required=True,
        readonly=True,
        default="new",
        tracking=True,
    )

    # === Constraints and indexes === #
    _amount_positive = models.Constraint(
        "CHECK(amount > 0)", "A disputed amount must be more than zero."
    )

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("partner_id", "amount", "reason_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for dispute in self:
            dispute.display_name = self.env._(
                "%(customer)s: %(amount)s, %(reason)s",
                customer=dispute.partner_id.display_name,
                amount=format_amount(self.env, dispute.amount, dispute.currency_id),
                reason=dispute.reason_id.name,
            )

    # ------------------------------------------------------------------
    # CRUD METHODS
    # ------------------------------------------------------------------

    def _get_editable_fields(self):
        # OVERRIDES 'dunning.protected'
        return EDITABLE_FIELDS if self else EDITABLE_FIELDS | NEW_FIELDS

    # ------------------------------------------------------------------
    # BUSINESS METHODS - SETTLEMENT
    # ------------------------------------------------------------------

    @api.model
    def _get_settled_domain(self):
        # OVERRIDES 'dunning.withholding'
        return fields.Domain("state", "in", OPEN_STAGES)

    @api.model
    def _get_running_domain(self):
        # OVERRIDES 'dunning.withholding'
        return fields.Domain("state", "in", OPEN_STAGES)

    def _settle_states(self):
        # OVERRIDES 'dunning.withholding'
        pass

    def _get_claim(self):
        # OVERRIDES 'dunning.withholding'
        return (self.amount, False) if self.state in OPEN_STAGES else (0, False)
