from odoo import fields, models


class DunningSettingsFields(models.AbstractModel):
    """What can be set about dunning in a company: in Odoo's settings, and in those of
    the credit manager. A setting is added here, and to the view of Odoo's settings."""

    _name = "dunning.settings.fields"
    _description = "Dunning Settings"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    dunning_enabled = fields.Boolean(
        related="company_id.dunning_enabled", readonly=False
    )
    dunning_scenario_id = fields.Many2one(
        related="company_id.dunning_scenario_id", readonly=False
    )
    dunning_user_id = fields.Many2one(
        related="company_id.dunning_user_id", readonly=False
    )
    dunning_include_misc = fields.Boolean(
        related="company_id.dunning_include_misc", readonly=False
    )
    dunning_first_contact_days = fields.Integer(
        related="company_id.dunning_first_contact_days", readonly=False
    )
    dunning_post_letters = fields.Boolean(
        related="company_id.dunning_post_letters", readonly=False
    )
    dunning_call_attempts = fields.Integer(
        related="company_id.dunning_call_attempts", readonly=False
    )
    dunning_promise_tolerance = fields.Integer(
        related="company_id.dunning_promise_tolerance", readonly=False
    )
    dunning_promise_tolerance_amount = fields.Monetary(
        related="company_id.dunning_promise_tolerance_amount", readonly=False
    )
    dunning_promise_break_whole = fields.Boolean(
        related="company_id.dunning_promise_break_whole", readonly=False
    )
    dunning_promise_resume = fields.Selection(
        related="company_id.dunning_promise_resume", readonly=False
    )
    dunning_promise_max_days = fields.Integer(
        related="company_id.dunning_promise_max_days", readonly=False
    )
    dunning_promise_max_amount = fields.Monetary(
        related="company_id.dunning_promise_max_amount", readonly=False
    )
    dunning_promise_approver_id = fields.Many2one(
        related="company_id.dunning_promise_approver_id", readonly=False
    )
    dunning_promise_reminder_days = fields.Integer(
        related="company_id.dunning_promise_reminder_days", readonly=False
    )
    dunning_promise_confirm = fields.Selection(
        related="company_id.dunning_promise_confirm", readonly=False
    )
    dunning_dispute_user_id = fields.Many2one(
        related="company_id.dunning_dispute_user_id", readonly=False
    )
    dunning_question_days = fields.Integer(
        related="company_id.dunning_question_days", readonly=False
    )
    dunning_question_reminder_days = fields.Integer(
        related="company_id.dunning_question_reminder_days", readonly=False
    )
    dunning_attachment_count = fields.Integer(
        related="company_id.dunning_attachment_count", readonly=False
    )
    dunning_attachment_size = fields.Integer(
        related="company_id.dunning_attachment_size", readonly=False
    )
    dunning_age_limit_1 = fields.Integer(
        related="company_id.dunning_age_limit_1", readonly=False
    )
    dunning_age_limit_2 = fields.Integer(
        related="company_id.dunning_age_limit_2", readonly=False
    )
    dunning_age_limit_3 = fields.Integer(
        related="company_id.dunning_age_limit_3", readonly=False
    )
    dunning_collector_view = fields.Selection(
        related="company_id.dunning_collector_view", readonly=False
    )


# pylint: disable-next=no-wizard-in-models
class ResConfigSettings(models.TransientModel):
    _name = "res.config.settings"
    _inherit = ["res.config.settings", "dunning.settings.fields"]
