from odoo import fields, models

from ...tools.words import READERS


class ResCompany(models.Model):
    _inherit = "res.company"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    dunning_attachment_count = fields.Integer(
        string="Invoices Attached at Most",
        default=10,
        help="To one e-mail; the customer is told that the others are sent on request.",
        groups=READERS,
    )
    dunning_attachment_size = fields.Integer(
        string="Attachments at Most (MB)",
        default=10,
        help="What many mail servers accept.",
        groups=READERS,
    )

    # === Constraints and indexes === #
    _dunning_attachments_limited = models.Constraint(
        "CHECK(dunning_attachment_count BETWEEN 0 AND 100 "
        "AND dunning_attachment_size BETWEEN 0 AND 100)",
        "At most 100 invoices and 100 MB are attached to one e-mail: choose numbers "
        "between 0 and 100.",
    )


class DunningSettingsFields(models.AbstractModel):
    _inherit = "dunning.settings.fields"

    dunning_attachment_count = fields.Integer(
        related="company_id.dunning_attachment_count", readonly=False
    )
    dunning_attachment_size = fields.Integer(
        related="company_id.dunning_attachment_size", readonly=False
    )
