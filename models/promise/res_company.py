from odoo import fields, models

from ...tools.words import READERS, RESUMES


class ResCompany(models.Model):
    """What the company accepts as a promise to pay, and what follows a broken one."""

    _inherit = "res.company"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    dunning_promise_tolerance = fields.Integer(
        string="Tolerance on Promises",
        default=3,
        help="Days a promised payment may take to arrive before dunning resumes.",
        groups=READERS,
    )
    dunning_promise_tolerance_amount = fields.Monetary(
        string="Tolerance on Promised Amounts",
        help="What a promised payment may lack and yet be kept.",
        groups=READERS,
    )
    dunning_promise_break_whole = fields.Boolean(
        string="One Missed Instalment Breaks the Plan",
        default=True,
        help="All that is left of the plan is due again; otherwise the missed "
        "instalment alone.",
        groups=READERS,
    )
    dunning_promise_resume = fields.Selection(
        RESUMES,
        string="After a Broken Promise",
        required=True,
        default="next",
        help="Where dunning goes on.",
        groups=READERS,
    )
    dunning_promise_max_days = fields.Integer(
        string="Promises without Approval: Days",
        help="A promise that ends later needs the approval of a manager; 0, no limit.",
        groups=READERS,
    )
    dunning_promise_max_amount = fields.Monetary(
        string="Promises without Approval: Amount",
        help="A promise of more needs the approval of a manager; 0, no limit.",
        groups=READERS,
    )
    dunning_promise_approver_id = fields.Many2one(
        "res.users",
        string="Who Approves Promises",
        domain="[('share', '=', False)]",
        groups=READERS,
    )
    dunning_promise_reminder_days = fields.Integer(
        string="Reminder before a Promised Payment",
        help="Days before the date on which the customer is reminded; 0, never.",
        groups=READERS,
    )

    # === Constraints and indexes === #
    _dunning_promise_days_in_years = models.Constraint(
        "CHECK(dunning_promise_tolerance <= 3650 "
        "AND dunning_promise_reminder_days <= 3650 "
        "AND dunning_promise_max_days <= 3650)",
        "Promises to Pay: the days of tolerance, of approval and of the reminder "
        "cannot be more than 3650 (ten years).",
    )
    _dunning_promise_tolerance_not_negative = models.Constraint(
        "CHECK(dunning_promise_tolerance >= 0)",
        "The tolerance on promises cannot be negative.",
    )
    _dunning_promise_tolerance_amount_not_negative = models.Constraint(
        "CHECK(dunning_promise_tolerance_amount >= 0)",
        "The tolerance on promised amounts cannot be negative.",
    )
    _dunning_promise_max_days_not_negative = models.Constraint(
        "CHECK(dunning_promise_max_days >= 0)",
        "The longest promise without approval cannot be negative.",
    )
    _dunning_promise_max_amount_not_negative = models.Constraint(
        "CHECK(dunning_promise_max_amount >= 0)",
        "The largest promise without approval cannot be negative.",
    )
    _dunning_promise_reminder_days_not_negative = models.Constraint(
        "CHECK(dunning_promise_reminder_days >= 0)",
        "The days before a promised payment cannot be negative.",
    )

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _dunning_settle(self):
        # EXTENDS 'account_dunning': promises whose time is over today; when nothing is
        # due it is one look into an index, and days on which it was not called are made
        # up for
        result = super()._dunning_settle()
        self.ensure_one()
        # What has become of promises does not depend on who looks.
        self.env["dunning.promise"].sudo()._get_overdue(self)._settle()
        return result


class DunningSettingsFields(models.AbstractModel):
    _inherit = "dunning.settings.fields"

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
