from odoo import api, fields, models


class DunningDisputeDialog(models.TransientModel):
    """A new dispute: what the customer contests and why, and who is asked about it."""

    _name = "dunning.dispute.dialog"
    _description = "New Dispute"
    _inherit = ["dunning.withholding.dialog"]

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    amount = fields.Monetary(
        string="Amount in Dispute",
        compute="_compute_amount",
        store=True,
        readonly=False,
        precompute=True,
    )
    reason_id = fields.Many2one(
        "dunning.reason",
        required=True,
        domain="['|', ('company_id', '=', False),"
        " ('company_id', 'parent_of', company_id),"
        " '|', ('outcome', '=', 'dispute'), ('outcome', '=', False)]",
    )
    checklist = fields.Char(string="To Be Gathered", compute="_compute_checklist")
    contact_id = fields.Many2one(
        "res.partner",
        string="Customer Contact",
        domain="['|', ('id', '=', partner_id), ('parent_id', '=', partner_id)]",
    )
    description = fields.Html()
    date_deadline = fields.Date(
        string="To Settle by",
        compute="_compute_date_deadline",
        store=True,
        readonly=False,
        precompute=True,
    )
    user_id = fields.Many2one(
        default=lambda self: self.env.company.dunning_dispute_user_id or self.env.user
    )

    # === Question to a department === #
    ask = fields.Boolean(string="Ask a Department")
    department_id = fields.Many2one(
        "dunning.department",
        compute="_compute_department_id",
        store=True,
        readonly=False,
        precompute=True,
    )
    asked_user_id = fields.Many2one(
        "res.users",
        string="Who Answers",
        compute="_compute_asked_user_id",
        store=True,
        readonly=False,
        precompute=True,
        domain="[('share', '=', False)]",
    )
    question = fields.Text()

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("amount_available")
    def _compute_amount(self):
        for dialog in self:
            dialog.amount = dialog.amount_available

    @api.depends("reason_id")
    def _compute_checklist(self):
        for dialog in self:
            names = dialog.reason_id.checklist_ids.mapped("name")
            dialog.checklist = ", ".join(names)

    @api.depends("reason_id", "company_id")
    def _compute_date_deadline(self):
        disputes = self.env["dunning.dispute"]
        for dialog in self:
            dialog.date_deadline = dialog.reason_id and disputes._get_deadline(
                dialog.company_id, dialog.reason_id
            )

    @api.depends("reason_id")
    def _compute_department_id(self):
        for dialog in self:
            dialog.department_id = dialog.reason_id.department_id

    @api.depends("department_id")
    def _compute_asked_user_id(self):
        for dialog in self:
            dialog.asked_user_id = dialog.department_id.user_id

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_apply(self):
        """Record the dispute, and ask the department.

        :return: action that shows it
        :raise ValidationError: the amount or the items cannot be disputed
        """
        self.ensure_one()
        disputes = self.env["dunning.dispute"]
        if self.amount_available:
            disputes._check_positive(self.amount, self.currency_id)
        with self.env["dunning.guard"]._once(self):
            dispute = disputes.create(self._prepare_record())
            if self.ask:
                dispute._ask(self.department_id, self.question, self.asked_user_id)
        return dispute._get_records_action()

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _get_available(self, items):
        # OVERRIDES 'account_dunning': what was promised can be disputed
        disputes = self.env["dunning.dispute"]
        return disputes._get_available(items, names=[disputes._name])

    def _prepare_record(self):
        # EXTENDS 'account_dunning'
        return super()._prepare_record() | {
            "amount": self.amount,
            "reason_id": self.reason_id.id,
            "contact_id": self.contact_id.id,
            "description": self.description,
            "date_deadline": self.date_deadline,
        }
