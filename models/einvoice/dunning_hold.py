from odoo import fields, models


class DunningHold(models.Model):
    """Holds that a buyer's status asks for. People may release them: that is their
    decision, and stands."""

    _inherit = "dunning.hold"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    origin = fields.Selection(
        selection_add=[("einvoice", "Buyer's Status")],
        ondelete={"einvoice": "set default"},
    )
    einvoice_matter_id = fields.Many2one(
        "dunning.einvoice.matter",
        string="What the Buyer Says",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )

    # ------------------------------------------------------------------
    # CRUD METHODS
    # ------------------------------------------------------------------

    def write(self, vals):
        # EXTENDS 'account_dunning': who releases a hold has decided
        result = super().write(vals)
        if "date_released" in vals:
            # What follows from a decision is written by the system.
            matters_sudo = self.sudo().einvoice_matter_id
            matters_sudo._note_states()
        return result
