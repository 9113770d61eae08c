from odoo import api, fields, models
from odoo.tools import format_date


class DunningDispute(models.Model):
    """Disputes that a buyer's status has opened. What was refused as an e-invoice is no
    invoice for the buyer any more: who accepts that cancels it by a credit note that
    stays in the house."""

    _inherit = "dunning.dispute"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    einvoice_matter_id = fields.Many2one(
        "dunning.einvoice.matter",
        string="What the Buyer Says",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
    closed_by = fields.Selection(selection_add=[("buyer", "The Buyer")])
    is_refusal = fields.Boolean(
        compute="_compute_is_refusal",
        help="The buyer has refused the e-invoice: it expects no credit note.",
    )

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("einvoice_matter_id.effect")
    def _compute_is_refusal(self):
        for dispute in self:
            # Who is asked about a dispute may not read what the buyer says.
            matter_sudo = dispute.sudo().einvoice_matter_id
            dispute.is_refusal = matter_sudo.effect == "refuse"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _close(self, state, **values):
        # EXTENDS 'account_dunning'
        result = super()._close(state, **values)
        self._note_matters()
        return result

    def _open_again(self):
        # EXTENDS 'account_dunning'
        result = super()._open_again()
        self._note_matters()
        return result

    def _note_matters(self):
        """Note how that stands by which the buyer contests something."""
        # What follows from a decision is written by the system.
        matters_sudo = self.env["dunning.einvoice.matter"].sudo()
        matters_sudo.search([("dispute_id", "in", self.ids)])._note_states()

    def _create_credit_note(self, move, amount):
        # EXTENDS 'account_dunning': of what was refused, it stays in the house
        credit_note = super()._create_credit_note(move, amount)
        if self.is_refusal:
            credit_note.ref = self.env._(
                "Internal cancellation of %s, refused by the buyer: not to be sent",
                move.name,
            )
            credit_note._message_log(body=self._get_refusal_text(move))
        return credit_note

    def _get_refusal_text(self, move):
        """Return why a credit note stays in the house."""
        # It is the system that links the dispute to what the buyer says.
        matter_sudo = self.sudo().einvoice_matter_id
        return self.env._(
            "The buyer refused the e-invoice %(number)s on %(day)s: it has no invoice "
            "that could be credited. Post this credit note without sending it.",
            number=move.name,
            day=format_date(self.env, matter_sudo._get_day()),
        )
