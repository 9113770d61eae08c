from odoo import api, fields, models

from ...tools.words import OPEN_STAGES, STAGES

SECONDS_A_DAY = 86_400
# Whom a dispute waits for in each open stage.
WAITING = {
    "new": "days_us",
    "in_process": "days_us",
    "waiting_department": "days_department",
    "waiting_customer": "days_customer",
}


class DunningDisputeStage(models.Model):
    """How long a dispute was in a stage, and who had brought it there. Written by the
    system at each change, changed by nobody."""

    _name = "dunning.dispute.stage"
    _description = "Stage of a Dispute"
    _inherit = ["dunning.protected"]
    _order = "dispute_id, date_start, id"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    dispute_id = fields.Many2one(
        "dunning.dispute", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="dispute_id.company_id")
    state = fields.Selection(STAGES, string="Stage", required=True, readonly=True)
    date_start = fields.Datetime(string="From", required=True, readonly=True)
    date_end = fields.Datetime(string="Until", readonly=True)
    user_id = fields.Many2one(
        "res.users",
        string="By",
        readonly=True,
        ondelete="restrict",
        help="Who works here; empty: the customer, on its page.",
    )
    duration = fields.Float(
        string="Days",
        compute="_compute_duration",
        help="Until now while the dispute is in the stage.",
    )

    # === Constraints and indexes === #
    _one_running = models.UniqueIndex(
        "(dispute_id) WHERE date_end IS NULL", "A dispute is in one stage at a time."
    )

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("date_start", "date_end")
    def _compute_duration(self):
        now = fields.Datetime.now()
        for stage in self:
            spent = (stage.date_end or now) - (stage.date_start or now)
            stage.duration = spent.total_seconds() / SECONDS_A_DAY


class DunningDispute(models.Model):
    """The stages that disputes go through, and how long that takes."""

    _inherit = "dunning.dispute"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    stage_ids = fields.One2many(
        "dunning.dispute.stage", "dispute_id", string="History", readonly=True
    )
    age = fields.Float(
        string="Days Open",
        compute="_compute_days",
        help="In the open stages, all together.",
    )
    days_us = fields.Float(
        string="Days with Us",
        compute="_compute_days",
        help="Neither a department nor the customer was waited for.",
    )
    days_department = fields.Float(
        string="Days Waiting for a Department", compute="_compute_days"
    )
    days_customer = fields.Float(
        string="Days Waiting for the Customer", compute="_compute_days"
    )

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("stage_ids.date_start", "stage_ids.date_end")
    def _compute_days(self):
        for dispute in self:
            days = dict.fromkeys(("age", *WAITING.values()), 0)
            # Who is asked about a dispute may not read its history, but its list.
            stages_sudo = dispute.sudo().stage_ids
            for stage in stages_sudo:
                if stage.state in OPEN_STAGES:
                    days["age"] += stage.duration
                    days[WAITING[stage.state]] += stage.duration
            dispute.update(days)

    # ------------------------------------------------------------------
    # CRUD METHODS
    # ------------------------------------------------------------------

    def _begin(self):
        # EXTENDS 'account_dunning'
        result = super()._begin()
        self._enter_stages()
        return result

    def write(self, vals):
        # EXTENDS 'account_dunning': each change of stage leaves a trace
        if "state" not in vals:
            return super().write(vals)
        moved = self.filtered(lambda dispute: dispute.state != vals["state"])
        result = super().write(vals)
        moved._leave_stages()
        moved._enter_stages()
        return result

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _leave_stages(self):
        """End the stages in which the disputes were."""
        # Nobody writes the history of a dispute by hand.
        running_sudo = self.stage_ids.sudo().filtered(lambda stage: not stage.date_end)
        running_sudo.write({"date_end": fields.Datetime.now()})
        # The next one may only be written when none is running.
        running_sudo.flush_recordset(["date_end"])

    def _enter_stages(self):
        """Begin the stages in which the disputes are."""
        # Nobody writes the history of a dispute by hand.
        stages_sudo = self.env["dunning.dispute.stage"].sudo()
        user = self.env.user._dunning_get_staff()
        stages_sudo.create(
            [
                {
                    "dispute_id": dispute.id,
                    "state": dispute.state,
                    "date_start": fields.Datetime.now(),
                    "user_id": user.id,
                }
                for dispute in self
            ]
        )
