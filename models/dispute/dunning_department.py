from odoo import fields, models


class DunningDepartment(models.Model):
    """Who in the house is asked about disputes: quality, sales, logistics, billing.

    Departments are asked through the person who answers for them, who need not be a
    user of dunning.
    """

    _name = "dunning.department"
    _description = "Department Asked about Disputes"
    _inherit = ["dunning.shared"]
    _order = "sequence, name"
    _check_company_auto = True

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    user_id = fields.Many2one(
        "res.users",
        string="Who Answers",
        domain="[('share', '=', False)]",
        ondelete="restrict",
        help="Gets the questions about disputes, unless somebody else is named.",
    )
    company_id = fields.Many2one(
        "res.company",
        ondelete="cascade",
        default=lambda self: self._get_default_company(),
        help="Leave empty to share the department among all companies.",
    )
