from odoo import fields, models
from odoo.exceptions import UserError


class DunningPromise(models.Model):
    """The customer's acceptance of an instalment plan, and its proof."""

    _inherit = "dunning.promise"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    acceptance_ids = fields.Many2many(
        "ir.attachment",
        "dunning_promise_acceptance_rel",
        "promise_id",
        "attachment_id",
        string="Proof of Acceptance",
        copy=False,
        help="What the customer has signed or written; once accepted, it stays.",
    )
    date_accepted = fields.Date(string="Accepted on", readonly=True, copy=False)

    # ------------------------------------------------------------------
    # CRUD METHODS
    # ------------------------------------------------------------------

    def write(self, vals):
        # EXTENDS 'base': what proves that a plan was accepted stays with it
        if "acceptance_ids" not in vals:
            return super().write(vals)
        before = {
            promise: promise.acceptance_ids
            for promise in self.filtered("date_accepted")
        }
        result = super().write(vals)
        for promise, attachments in before.items():
            # Of what belongs to something else, the promise has a copy.
            own = (attachments - promise.acceptance_ids)._dunning_of(promise._name)
            if removed := own.filtered(lambda x, own=promise: x.res_id == own.id):
                removed._dunning_refuse_change()
        self._adopt_acceptances()
        return result

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_accept(self):
        """Record that the customer has accepted what was agreed.

        :return: True
        :raise UserError: nothing proves it
        """
        self.check_access("write")
        for promise in self.filtered(lambda promise: not promise.date_accepted):
            if not promise.acceptance_ids:
                raise UserError(
                    self.env._(
                        "Attach what the customer has signed or written: it is the "
                        "proof of the acceptance."
                    )
                )
            # They may have been given to something else meanwhile.
            promise._adopt_acceptances()
            # Users may not write the date themselves.
            promise.sudo().date_accepted = promise.company_id._dunning_today()
        return True

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _adopt_acceptances(self):
        """Give proofs to their promise: who may read it, may read them."""
        self.env["ir.attachment"]._dunning_adopt(self, "acceptance_ids")
