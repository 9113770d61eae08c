from odoo import fields, models


class DunningSolvency(models.Model):
    """Somebody has looked whether a customer can pay: when, where, with what result,
    and when to look again."""

    _name = "dunning.solvency"
    _description = "Solvency Check"
    _inherit = ["dunning.of.customer"]
    _rec_name = "partner_id"
    _order = "date desc, id desc"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    partner_id = fields.Many2one(
        "res.partner", string="Customer", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company,
        ondelete="restrict",
    )
    date = fields.Date(
        required=True, default=lambda self: self.env.company._dunning_today()
    )
    source = fields.Char(required=True, help="Where it was looked up.")
    score = fields.Char(help="As the source gives it.")
    date_next = fields.Date(string="Look Again on")
    document = fields.Binary(attachment=True)
    document_name = fields.Char()
    note = fields.Text()
    user_id = fields.Many2one(
        "res.users",
        string="Checked by",
        default=lambda self: self.env.uid,
        ondelete="restrict",
    )

    # === Constraints === #
    _dates_ordered = models.Constraint(
        "CHECK(date_next IS NULL OR date_next > date)",
        "The next check comes after this one: correct its day.",
    )
