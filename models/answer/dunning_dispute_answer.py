from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import plaintext2html


class DunningDisputeAnswer(models.Model):
    """What was answered to a customer about a dispute. The customer reads this on its
    page, and nothing else of what people write about a dispute."""

    _name = "dunning.dispute.answer"
    _description = "Answer to the Customer about a Dispute"
    _inherit = ["dunning.protected"]
    _order = "dispute_id, id"
    _rec_name = "date"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    dispute_id = fields.Many2one(
        "dunning.dispute", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="dispute_id.company_id")
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        compute="_compute_partner_id",
        store=True,
        precompute=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        help="Who was answered: the dispute may have gone on under another customer.",
    )
    date = fields.Datetime(required=True, readonly=True)
    user_id = fields.Many2one(
        "res.users", string="Who", required=True, readonly=True, ondelete="restrict"
    )
    text = fields.Text(string="Answer", required=True, readonly=True)
    address = fields.Char(
        string="E-mail to",
        readonly=True,
        help="Empty: no address was known. The answer stands on the customer's page.",
    )

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("dispute_id")
    def _compute_partner_id(self):
        # Once: whoever gets the dispute later was not answered.
        for answer in self:
            answer.partner_id = answer.dispute_id.partner_id

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _write_to_customer(self):
        """Tell the customer by e-mail what was answered, in its language."""
        self.ensure_one()
        dispute, company = self.dispute_id, self.company_id
        customer = dispute.partner_id.with_company(company)
        lang = customer._dunning_portal_lang()
        told = self.with_context(lang=lang)
        company.with_context(lang=lang)._dunning_portal_write(
            self.address,
            told.env._(
                "Our answer about %(invoices)s – %(company)s",
                invoices=", ".join(dispute._get_numbers()),
                company=company.name,
            ),
            "account_dunning.portal_dispute_mail",
            {
                "answer": told,
                "numbers": ", ".join(dispute._get_numbers()),
                "url": customer._dunning_portal_url(company)
                or f"{company.get_base_url()}/my/dunning/{company.id}",
            },
            reply_to=self.user_id.email_formatted or company.email_formatted,
        )


class DunningDispute(models.Model):
    """Answers to the customer, which it reads on its page."""

    _inherit = "dunning.dispute"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    answer_ids = fields.One2many(
        "dunning.dispute.answer",
        "dispute_id",
        string="Answers to the Customer",
        readonly=True,
    )

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _get_numbers(self) -> list[str]:
        """Return the numbers of what is in dispute, each once."""
        self.ensure_one()
        numbers = [item._dunning_get_number() for item in self.move_line_ids]
        return list(dict.fromkeys(numbers)) or self.move_ids.mapped("name")

    def _get_told_answers(self) -> models.BaseModel:
        """Return the answers to who is the customer now, the first on top."""
        return self.answer_ids.filtered(
            lambda answer: answer.partner_id == answer.dispute_id.partner_id
        )

    def _get_told_requests(self) -> models.BaseModel:
        """Return what who is the customer now has said on its page, the first on
        top: what another one has said before it got the invoices is not its own."""
        return self.request_ids.filtered(
            lambda asked: (
                asked.state == "done"
                and asked.partner_id == asked.dispute_id.partner_id
            )
        ).sorted("id")

    def _find_reader(self) -> str | bool:
        """Return the address to which answers to the customer go."""
        self.ensure_one()
        self.check_access("read")
        # The customer may have been given to another company since.
        customer_sudo = self.partner_id.sudo().with_company(self.company_id)
        return self.env["dunning.portal.request"]._find_address(customer_sudo)

    def _answer(self, text: str, waits: bool = False) -> models.BaseModel:
        """Answer the customer: on its page, and by e-mail where an address is known.

        :param text: what the customer reads
        :param waits: whether the customer has to answer
        :return: the answer
        :raise UserError: the dispute is closed, or nothing is said
        """
        self.ensure_one()
        self._check_decidable()
        if not (text or "").strip():
            raise UserError(self.env._("Write what the customer is to read."))
        # Answers are kept by the system alone, as they were given.
        answers_sudo = self.env["dunning.dispute.answer"].sudo()
        answer_sudo = answers_sudo.create(
            {
                "dispute_id": self.id,
                "date": fields.Datetime.now(),
                "user_id": self.env.uid,
                "text": text.strip(),
                "address": self._find_reader(),
            }
        )
        if answer_sudo.address:
            answer_sudo._write_to_customer()
        if waits:
            self.state = "waiting_customer"
        elif self.state == "new":
            self.state = "in_process"
        told = self.env._("Answered to the customer:")
        self._message_log(body=plaintext2html(f"{told}\n{answer_sudo.text}"))
        return answer_sudo.sudo(self.env.su)
