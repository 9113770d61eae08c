from odoo import fields, models


class DunningStopDialog(models.TransientModel):
    """The credit stops of several customers are released at once, for one reason."""

    _name = "dunning.stop.dialog"
    _description = "Release Credit Stops"
    _inherit = ["dunning.guarded"]

    partner_ids = fields.Many2many("res.partner", string="Customers", required=True)
    reason = fields.Char(required=True)
    date_end = fields.Date(
        string="Until",
        required=True,
        default=lambda self: self.env.company._dunning_today(),
        help="Last day on which the customers may buy.",
    )

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_apply(self):
        """Release the credit stops, in the current company.

        :return: action that closes the dialog
        """
        self.ensure_one()
        with self.env["dunning.guard"]._once(self):
            self.env["dunning.stop.release"].create(
                [
                    {
                        "partner_id": partner.id,
                        "reason": self.reason,
                        "date_end": self.date_end,
                    }
                    for partner in self.partner_ids.commercial_partner_id
                ]
            )
        return {"type": "ir.actions.act_window_close"}
