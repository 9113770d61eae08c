from odoo import api, fields, models
from odoo.tools import plaintext2html


class DunningDisputeQuestion(models.Model):
    """A question about a dispute to somebody of the house, who need not have any right
    on dunning.

    How it works: asking (:meth:`~.dunning_dispute_asking.DunningDispute._ask`) makes an
    activity on the dispute; marked as done, its feedback is the answer, deleted, the
    question is cancelled (see ``mail.activity``). Who does not answer in time is
    reminded (``dunning_dispute_reminder``).
    """

    _name = "dunning.dispute.question"
    _description = "Question about a Dispute"
    _inherit = ["dunning.protected"]
    _order = "date_deadline, id"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    dispute_id = fields.Many2one(
        "dunning.dispute", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="dispute_id.company_id")
    department_id = fields.Many2one(
        "dunning.department", readonly=True, ondelete="restrict"
    )
    user_id = fields.Many2one(
        "res.users",
        string="Who Answers",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    question = fields.Text(required=True, readonly=True)
    date = fields.Date(string="Asked on", required=True, readonly=True)
    date_deadline = fields.Date(string="Answer by", required=True, readonly=True)
    date_reminded = fields.Date(string="Reminded on", readonly=True)
    activity_id = fields.Many2one(
        "mail.activity", readonly=True, index="btree_not_null", ondelete="set null"
    )
    state = fields.Selection(
        [("open", "Waiting"), ("answered", "Answered"), ("cancelled", "Cancelled")],
        string="Status",
        required=True,
        readonly=True,
        default="open",
    )
    answer = fields.Text(readonly=True)
    answered_user_id = fields.Many2one(
        "res.users", string="Answered by", readonly=True, ondelete="restrict"
    )
    date_answered = fields.Date(string="Answered on", readonly=True)

    # === Constraints and indexes === #
    _open_idx = models.Index("(date_deadline) WHERE state = 'open'")

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("department_id", "user_id")
    def _compute_display_name(self):
        for question in self:
            asked = (question.department_id.name, question.user_id.name)
            question.display_name = ", ".join(name for name in asked if name)

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _answer(self, text):
        """Record the answer, and go on with the disputes.

        :param text: what was answered
        """
        for question in self:
            question.write(
                {
                    "state": "answered",
                    "answer": text,
                    "answered_user_id": self.env.user._dunning_get_staff().id,
                    "date_answered": question.company_id._dunning_today(),
                }
            )
            question.dispute_id._go_on()
            question._tell_owner()

    def _cancel(self):
        """Ask no more, and go on with the disputes."""
        self.write({"state": "cancelled"})
        for question in self:
            question.dispute_id._go_on()
            question._tell_owner()

    def _tell_owner(self):
        """Tell who settles the dispute what became of the question, unless they know
        because they did it."""
        owner = self.dispute_id.user_id
        if not owner or owner == self.env.user:
            return
        dispute = self.dispute_id.with_context(lang=owner.lang)
        who = self.env.user.name
        if self.state == "answered":
            subject = dispute.env._("%s has answered about a dispute", who)
        else:
            subject = dispute.env._("%s does not answer about a dispute", who)
        dispute.message_notify(
            partner_ids=owner.partner_id.ids,
            subject=subject,
            body=plaintext2html(self.answer or self.question),
        )
