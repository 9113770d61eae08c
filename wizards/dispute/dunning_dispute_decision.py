from odoo import api, fields, models


class DunningDisputeDecision(models.TransientModel):
    """How disputes end, with what the customer is told."""

    _name = "dunning.dispute.decision"
    _description = "Decide about Disputes"
    _inherit = ["dunning.guarded"]

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    dispute_ids = fields.Many2many(
        "dunning.dispute",
        required=True,
        default=lambda self: self.env["dunning.guard"]._get_context_ids("active_ids"),
    )
    decision = fields.Selection(
        [("reject", "Reject"), ("correct", "Corrected"), ("cancel", "Cancel")],
        required=True,
        default="reject",
    )
    date_restart = fields.Date(
        string="Delays Count from",
        compute="_compute_date_restart",
        store=True,
        readonly=False,
        precompute=True,
        help="The scenario goes on as if the items had fallen due that day. Empty, it "
        "goes on by their due dates: so it is proposed where only a part was disputed.",
    )
    text = fields.Text()
    send_refusal = fields.Boolean(
        string="Write to the Customer",
        compute="_compute_send_refusal",
        store=True,
        readonly=False,
        precompute=True,
    )
    silence_text = fields.Char(
        string="Not Written To",
        compute="_compute_silence_text",
        help="Who is not written to, and why.",
    )

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("dispute_ids")
    def _compute_date_restart(self):
        for dialog in self:
            disputes = dialog.dispute_ids._origin
            whole = disputes and all(
                dispute._get_active_holds() == dispute._get_whole_holds()
                for dispute in disputes
            )
            dialog.date_restart = whole and disputes[0].company_id._dunning_today()

    @api.depends("dispute_ids")
    def _compute_send_refusal(self):
        for dialog in self:
            disputes = dialog.dispute_ids._origin
            dialog.send_refusal = any(
                not dispute._get_silence_reason() for dispute in disputes
            )

    @api.depends("dispute_ids")
    @api.depends_context("lang")
    def _compute_silence_text(self):
        for dialog in self:
            disputes = dialog.dispute_ids._origin
            reasons = [dispute._get_silence_reason() for dispute in disputes]
            dialog.silence_text = " ".join(dict.fromkeys(filter(None, reasons)))

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_apply(self):
        """Decide, and prepare the letter of refusal.

        :return: action that closes the dialog, or shows the letter before it goes out
        :raise UserError: one of the disputes is closed
        """
        self.ensure_one()
        disputes = self.dispute_ids
        match self.decision:
            case "correct":
                disputes.action_correct(self.text)
            case "cancel":
                disputes.action_cancel(self.text)
            case "reject":
                disputes.action_reject(self.date_restart, self.text)
                if self.send_refusal:
                    return self._plan_refusals()
        return {"type": "ir.actions.act_window_close"}

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _plan_refusals(self):
        """Prepare the letters of refusal.

        :return: action that shows them, or closes the dialog where nobody is written to
        """
        notices = self.env["dunning.action"]
        for dispute in self.dispute_ids:
            if not dispute._get_silence_reason():
                notices |= dispute._plan_refusal(self.text)
        if not notices:
            return {"type": "ir.actions.act_window_close"}
        return notices._get_records_action(name=self.env._("Refusal"))


class DunningDisputeAsk(models.TransientModel):
    """A question about a dispute to somebody of the house."""

    _name = "dunning.dispute.ask"
    _description = "Ask a Department"
    _inherit = ["dunning.guarded"]

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    dispute_id = fields.Many2one(
        "dunning.dispute",
        required=True,
        default=lambda self: self.env["dunning.guard"]._get_context_id(),
        ondelete="cascade",
    )
    department_id = fields.Many2one(
        "dunning.department",
        compute="_compute_department_id",
        store=True,
        readonly=False,
        precompute=True,
    )
    user_id = fields.Many2one(
        "res.users",
        string="Who Answers",
        required=True,
        compute="_compute_user_id",
        store=True,
        readonly=False,
        precompute=True,
        domain="[('share', '=', False)]",
    )
    question = fields.Text(required=True)
    date_deadline = fields.Date(
        string="Answer by",
        default=lambda self: self._get_default_deadline(),
    )

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("dispute_id")
    def _compute_department_id(self):
        for dialog in self:
            dialog.department_id = dialog.dispute_id.department_id

    @api.depends("department_id")
    def _compute_user_id(self):
        for dialog in self:
            dialog.user_id = dialog.department_id.user_id

    @api.model
    def _get_default_deadline(self):
        company = self.env.company
        return company._dunning_add_working_days(company.dunning_question_days)

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_apply(self):
        """Ask.

        :return: action that closes the dialog
        :raise UserError: the dispute is closed
        """
        self.ensure_one()
        with self.env["dunning.guard"]._once(self):
            self.dispute_id._ask(
                self.department_id, self.question, self.user_id, self.date_deadline
            )
        return {"type": "ir.actions.act_window_close"}
