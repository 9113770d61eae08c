from odoo import fields, models


class DunningSettingsFields(models.AbstractModel):
    """What can be set about dunning in a company: in Odoo's settings, and in those of
    the credit manager. A setting is added beside the field of the company that it
    shows, and to the view of Odoo's settings."""

    _name = "dunning.settings.fields"
    _description = "Dunning Settings"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")


# pylint: disable-next=no-wizard-in-models
class ResConfigSettings(models.TransientModel):
    _name = "res.config.settings"
    _inherit = ["res.config.settings", "dunning.settings.fields"]
