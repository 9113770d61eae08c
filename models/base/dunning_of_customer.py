from odoo import api, models


class DunningOfCustomer(models.AbstractModel):
    """Something about a customer as a whole: where somebody gives a contact, the
    customer whose contact it is takes its place."""

    _name = "dunning.of.customer"
    _description = "About a Customer as a Whole"
    _inherit = ["dunning.guarded"]

    # ------------------------------------------------------------------
    # CRUD METHODS
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS 'dunning.guarded'
        vals_list = [dict(vals) for vals in vals_list]
        self.env["res.partner"]._dunning_put_on_customer(vals_list)
        return super().create(vals_list)

    def write(self, vals):
        # EXTENDS 'dunning.guarded'
        vals = dict(vals)
        self.env["res.partner"]._dunning_put_on_customer([vals])
        return super().write(vals)
