from odoo import fields, models

from ...tools.words import READERS


class ResCompany(models.Model):
    """What is written about promises without being asked for."""

    _inherit = "res.company"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    dunning_promise_confirm = fields.Selection(
        [
            ("never", "Only on Request"),
            ("propose", "Prepared, to Be Sent by the Collector"),
            ("automatic", "Sent by Itself"),
        ],
        string="Confirmation of Promises",
        required=True,
        default="never",
        help="What becomes of the written confirmation when a promise is recorded.",
        groups=READERS,
    )


class DunningSettingsFields(models.AbstractModel):
    _inherit = "dunning.settings.fields"

    dunning_promise_confirm = fields.Selection(
        related="company_id.dunning_promise_confirm", readonly=False
    )
