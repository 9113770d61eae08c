from odoo import fields, models


class DunningPromise(models.Model):
    """Promises that are payments which a buyer has sent: nothing is conceded, so that
    nobody approves them, and nothing agreed, so that nobody confirms them."""

    _inherit = "dunning.promise"

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

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _settle(self):
        # EXTENDS 'account_dunning'
        result = super()._settle()
        # What follows from a promise is written by the system.
        matters_sudo = self.sudo().einvoice_matter_id
        matters_sudo.filtered(lambda m: m.promise_id in self)._note_states()
        return result

    def _needs_approval(self):
        # EXTENDS 'account_dunning'
        return not self.einvoice_matter_id and super()._needs_approval()

    def _is_confirmable(self):
        # EXTENDS 'account_dunning'
        return not self.einvoice_matter_id and super()._is_confirmable()
