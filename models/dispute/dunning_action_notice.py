from odoo import api, fields, models


class DunningAction(models.Model):
    """What is written about disputes."""

    _inherit = "dunning.action"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    notice = fields.Selection(selection_add=[("refusal", "Refusal of a Dispute")])
    dispute_id = fields.Many2one(
        "dunning.dispute",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
    )
    refusal_reason = fields.Text(
        string="Why It Is Refused", readonly=True, help="Told to the customer."
    )
    refusal_block = fields.Html(compute="_compute_refusal_block", sanitize=False)
    resume_text = fields.Char(
        compute="_compute_resume_text", help="From when on reminders count again."
    )

    # === Constraints and indexes === #
    _one_open_refusal = models.UniqueIndex(
        "(dispute_id) WHERE notice = 'refusal' "
        "AND state IN ('to_validate', 'todo', 'failed')",
        "A refusal of this dispute is waiting already.",
    )

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("refusal_reason")
    @api.depends_context("lang", "dunning_paper")
    def _compute_refusal_block(self):
        for action in self:
            refused = action.refusal_reason
            action.refusal_block = refused and action._render_content("refusal") or ""

    @api.depends("dispute_id", "notice_details")
    @api.depends_context("lang")
    def _compute_resume_text(self):
        for action in self:
            refused = action.notice == "refusal"
            day = action._get_notice_details()["resume"] if refused else False
            action.resume_text = day and self._format_day(fields.Date.to_date(day))

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    @api.model
    def _get_notice_fields(self):
        # EXTENDS 'account_dunning'
        return super()._get_notice_fields() | {
            "refusal_block": self.env._("Why a dispute is refused"),
            "resume_text": self.env._(
                "From when on reminders count after a dispute, in words"
            ),
        }
