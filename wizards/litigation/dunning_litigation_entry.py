from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...models.litigation.dunning_litigation_entry import ACCOUNTANTS, ENTRIES

MOST_PERCENT = 100


class DunningLitigationEntry(models.TransientModel):
    """An entry about a litigation, to be looked at and posted by an accountant."""

    _name = "dunning.litigation.entry"
    _description = "Prepare an Entry"
    _inherit = ["dunning.guarded"]

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    litigation_id = fields.Many2one(
        "dunning.litigation",
        required=True,
        readonly=True,
        ondelete="cascade",
        default=lambda self: self.env["dunning.guard"]._get_context_id(),
    )
    currency_id = fields.Many2one(related="litigation_id.currency_id")
    amount_left = fields.Monetary(related="litigation_id.amount_left")
    kind = fields.Selection(ENTRIES, string="Entry", required=True, default="doubtful")
    date = fields.Date(
        required=True, default=lambda self: self.env.company._dunning_today()
    )
    rate = fields.Float(
        string="Rate (%)",
        default=100,
        help="Of what is left, without taxes.",
    )

    # ------------------------------------------------------------------
    # CONSTRAINT METHODS
    # ------------------------------------------------------------------

    @api.constrains("rate")
    def _check_rate(self):
        for dialog in self:
            if not 0 < dialog.rate <= MOST_PERCENT:
                raise UserError(
                    self.env._("A rate is more than 0 and at most 100 %: correct it.")
                )

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_apply(self):
        """Prepare the entry, as a draft.

        :return: action that shows it
        :raise AccessError: the user is no accountant
        :raise UserError: an account is not set, a draft waits, or nothing is left
        """
        self.ensure_one()
        if not self.env.user.has_group(ACCOUNTANTS):
            raise AccessError(self.env._("Entries are prepared by accountants."))
        self.litigation_id.check_access("read")
        move = self.litigation_id._create_entry(self.kind, self.date, self.rate)
        return move._get_records_action()
