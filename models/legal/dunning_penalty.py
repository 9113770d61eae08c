from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount

from ...tools.following import FOLLOWING_CONTEXT

# Of these, nothing is claimed any more: their items can be claimed again.
GIVEN_UP = ("cancelled",)

IMMEDIATE_TERM = "account.account_payment_term_immediate"


class DunningPenalty(models.Model):
    """Penalties that were claimed from a customer, or that it was let off.

    What is claimed is booked as a draft invoice, in one currency; it is claimed when
    somebody posts that. Each line covers the days of an item, or the indemnity of an
    invoice: the database refuses to cover them twice. When the invoice is cancelled,
    deleted or reversed, what it claimed is not covered any more.
    """

    _name = "dunning.penalty"
    _description = "Late Payment Penalties"
    _inherit = ["dunning.protected", "mail.thread"]
    _order = "date desc, id desc"
    _check_company_auto = True

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    date = fields.Date(
        string="Until", required=True, readonly=True, help="Last day of interest."
    )
    line_ids = fields.One2many("dunning.penalty.line", "penalty_id", readonly=True)
    move_id = fields.Many2one(
        "account.move",
        string="Penalty Invoice",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("claimed", "Claimed"),
            ("waived", "Waived"),
            ("cancelled", "Open Again"),
        ],
        string="Status",
        required=True,
        readonly=True,
        default="draft",
        tracking=True,
    )

    # === What the customer was let off === #
    reason_id = fields.Many2one(
        "dunning.reason",
        string="Why It Was Let Off",
        readonly=True,
        check_company=True,
        ondelete="restrict",
    )
    note = fields.Text(readonly=True)
    user_id = fields.Many2one(
        "res.users", string="Decided by", readonly=True, ondelete="restrict"
    )

    # === Amounts === #
    amount = fields.Monetary(
        string="Claimed", compute="_compute_amount", store=True, precompute=True
    )
    amount_waived = fields.Monetary(
        string="Waived", compute="_compute_amount", store=True, precompute=True
    )

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("line_ids.amount", "line_ids.amount_waived", "line_ids.counts")
    def _compute_amount(self):
        for penalty in self:
            lines = penalty.line_ids.filtered("counts")
            penalty.amount = sum(lines.mapped("amount"))
            penalty.amount_waived = sum(lines.mapped("amount_waived"))

    @api.depends("partner_id", "line_ids.amount", "line_ids.amount_waived")
    @api.depends_context("lang")
    def _compute_display_name(self):
        # What was given up keeps the name by which it was known.
        for penalty in self:
            amount = sum(penalty.line_ids.mapped("amount"))
            amount = amount or sum(penalty.line_ids.mapped("amount_waived"))
            penalty.display_name = self.env._(
                "%(customer)s: penalties of %(amount)s",
                customer=penalty.partner_id.display_name,
                amount=format_amount(self.env, amount, penalty.currency_id),
            )

    # ------------------------------------------------------------------
    # CRUD METHODS
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS 'base': from the first one on, the ledger looks for them
        first = not self.env["dunning.ledger"]._knows_penalties()
        penalties = super().create(vals_list)
        if first and penalties:
            self.env.registry.clear_cache()
        return penalties

    def write(self, vals):
        # EXTENDS 'base': the system alone writes penalties
        self._check_editable(vals)
        return super().write(vals)

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_open_invoice(self) -> dict:
        """Show the penalty invoice.

        :return: action that shows its form
        """
        self.ensure_one()
        return self.move_id._get_records_action()

    def action_reopen(self) -> bool:
        """Take back that a customer was let off: its items can be claimed again.

        :return: True
        :raise UserError: it was claimed, by an invoice that has to be cancelled
        """
        self.check_access("write")
        for penalty in self:
            if penalty.state != "waived":
                raise UserError(
                    self.env._(
                        "“%s” is claimed by an invoice: cancel or reverse that, and "
                        "its items can be claimed again.",
                        penalty.display_name,
                    )
                )
        # Users may not write the state themselves.
        self.sudo()._give_up()
        return True

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _give_up(self):
        """Cover nothing any more."""
        self.write({"state": "cancelled"})
        self.line_ids.write({"counts": False})

    def _give_up_claimed(self):
        """Cover no more what the invoice claimed: what the customer was let off as a
        whole is not claimed by the next one."""
        waived = self.line_ids.filtered(lambda line: line.counts and not line.amount)
        (self.line_ids - waived).write({"counts": False})
        self.state = "waived" if waived else "cancelled"

    def _take_up(self, state):
        """Cover again what was given up, unless something else covers it by now."""
        for penalty in self:
            lines = penalty.line_ids.filtered(lambda line: not line._find_other())
            if lines:
                lines.write({"counts": True})
                penalty.state = state

    def _follow_invoices(self) -> None:
        """Bring the states in line with the invoices."""
        for penalty in self.with_context(**FOLLOWING_CONTEXT):
            state = penalty._get_state_by_invoice()
            if state == penalty.state:
                continue
            if state in GIVEN_UP:
                penalty._give_up_claimed()
            elif penalty.state in (*GIVEN_UP, "waived"):
                penalty._take_up(state)
            else:
                penalty.state = state

    def _get_state_by_invoice(self):
        self.ensure_one()
        move = self.move_id
        if not move:
            return self.state if self.state == "waived" else "cancelled"
        if move.state == "cancel" or move.payment_state == "reversed":
            return "cancelled"
        return "claimed" if move.state == "posted" else "draft"

    def _follow_changed_lines(self) -> None:
        """Follow what was changed on a draft before it was posted: what was taken out
        is open again, what was lowered is let off.

        :raise UserError: a part of an indemnity would be claimed
        """
        for line in self.line_ids.filtered("counts"):
            if not line.amount:
                continue
            kept = line.invoice_line_id.price_subtotal if line.invoice_line_id else 0.0
            if not line.invoice_line_id:
                line.counts = False
            elif line.currency_id.compare_amounts(kept, line.amount) < 0:
                line._check_whole_indemnity(kept)
                line.write(
                    {
                        "amount": kept,
                        "amount_waived": line.amount_waived + line.amount - kept,
                    }
                )

    # ------------------------------------------------------------------
    # BUSINESS METHODS - BOOKING
    # ------------------------------------------------------------------

    def _create_invoices(self) -> models.BaseModel:
        """Book what is claimed as draft invoices.

        :return: the invoices
        """
        moves = self.env["account.move"]
        for penalty in self:
            lines = penalty.line_ids.filtered("amount")
            move = (
                moves.with_company(penalty.company_id)
                .with_context(lang=penalty.partner_id.lang)
                .create(penalty._prepare_invoice(lines))
            )
            penalty.move_id = move
            for line, invoice_line in zip(
                lines, move.invoice_line_ids.sorted("sequence"), strict=True
            ):
                line.invoice_line_id = invoice_line
            moves |= move
        return moves

    def _prepare_invoice(self, lines):
        """Return the values of the draft invoice of some lines."""
        self.ensure_one()
        company = self.company_id
        partner = self.partner_id.with_company(company)
        contacts = partner._dunning_get_contacts()
        numbers = dict.fromkeys(line.name for line in lines if line.name)
        values = {
            "move_type": "out_invoice",
            "company_id": company.id,
            "partner_id": (contacts.get(partner.id) or partner).id,
            "currency_id": self.currency_id.id,
            "invoice_date": False,
            "invoice_origin": ", ".join(numbers),
            "invoice_line_ids": [
                Command.create(self._prepare_invoice_line(line, place))
                for place, line in enumerate(lines, 1)
            ],
        }
        # Penalties are due without a reminder (art. L. 441-10 of the code de commerce):
        # the terms of the customer are those of what it buys.
        if at_once := self.env.ref(IMMEDIATE_TERM, raise_if_not_found=False):
            values["invoice_payment_term_id"] = at_once.id
        if company.dunning_penalty_journal_id:
            values["journal_id"] = company.dunning_penalty_journal_id.id
        return values

    def _prepare_invoice_line(self, line, place):
        """Return the values of an invoice line: neither interest nor an indemnity bears
        VAT."""
        company = self.company_id
        values = {
            "sequence": place,
            "name": line.with_context(lang=self.partner_id.lang)._get_invoice_label(),
            "product_id": company.dunning_penalty_product_id.id,
            "quantity": 1,
            "price_unit": line.amount,
            "tax_ids": [Command.clear()],
        }
        if company.dunning_penalty_account_id:
            values["account_id"] = company.dunning_penalty_account_id.id
        return values
