from odoo import api, fields, models
from odoo.exceptions import UserError

from ...models.legal.dunning_penalty_line import INDEMNITY, INTEREST


class DunningPenaltyClaimLine(models.TransientModel):
    """What is owed on an item."""

    _name = "dunning.penalty.claim.line"
    _description = "Penalties to Claim on an Item"
    _inherit = ["dunning.guarded"]

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    claim_id = fields.Many2one(
        "dunning.penalty.claim", required=True, ondelete="cascade"
    )
    selected = fields.Boolean(string="Take It")
    move_line_id = fields.Many2one(
        "account.move.line", string="Item", required=True, readonly=True
    )
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    number = fields.Char(compute="_compute_number")
    date_due = fields.Date(related="move_line_id.date_maturity", string="Due Date")
    date_from = fields.Date(string="First Day", readonly=True)
    date_to = fields.Date(string="Last Day", readonly=True)
    interest = fields.Monetary(readonly=True)
    indemnity = fields.Monetary(readonly=True)
    interest_waived = fields.Monetary(
        string="Interest Let Off",
        help="Part of the interest that the customer need not pay.",
    )
    # The indemnity is a fixed sum (art. D. 441-5 of the code de commerce): there is no
    # part of it.
    is_indemnity_waived = fields.Boolean(
        string="No Indemnity", help="The customer need not pay the indemnity."
    )
    amount = fields.Monetary(string="To Claim", compute="_compute_amount")
    problem = fields.Char(string="What Is Missing", readonly=True)
    is_rate_missing = fields.Boolean(readonly=True)

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("move_line_id")
    def _compute_number(self):
        for line in self:
            # A line of which nothing is known yet has none.
            item = line.move_line_id
            line.number = item._dunning_get_number() if item else False

    @api.depends("interest", "indemnity", "interest_waived", "is_indemnity_waived")
    def _compute_amount(self):
        for line in self:
            indemnity = 0.0 if line.is_indemnity_waived else line.indemnity
            line.amount = line.interest - line.interest_waived + indemnity

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _is_let_off(self):
        """Return whether the customer need not pay something of what is owed."""
        self.ensure_one()
        return bool(
            self.interest_waived or (self.indemnity and self.is_indemnity_waived)
        )

    def _prepare_parts(self, row):
        """Return the values of what is kept of the line: its days and its indemnity.

        :param row: what the ledger says now, None: nothing is open any more
        :raise UserError: that is not what was shown, or more is let off than is owed
        """
        self.ensure_one()
        if not row or not self._is_owed(row):
            raise UserError(
                self.env._(
                    "What is owed on %s has changed since: compute the penalties anew.",
                    self.number,
                )
            )
        compare = self.currency_id.compare_amounts
        too_much = compare(self.interest_waived, self.interest) > 0
        if too_much or self.interest_waived < 0:
            raise UserError(
                self.env._(
                    "On %s, no more interest can be let off than is owed: correct the "
                    "amount.",
                    self.number,
                )
            )
        item = self.move_line_id
        common = {
            "move_line_id": item.id,
            "move_id": item.move_id.id,
            "debt_ref": row["debt_ref"],
            "name": self.number,
            "date_due": item.date_maturity,
        }
        parts = []
        if self.interest:
            days = {"date_from": self.date_from, "date_to": self.date_to}
            amounts = self._prepare_amounts(
                INTEREST, self.interest, self.interest_waived
            )
            parts.append(common | days | amounts)
        if self.indemnity:
            waived = self.indemnity if self.is_indemnity_waived else 0.0
            parts.append(
                common | self._prepare_amounts(INDEMNITY, self.indemnity, waived)
            )
        return parts

    def _is_owed(self, row):
        """Return whether the ledger says what the line shows: of whom, in which
        currency, how much and for which days. What a client sends may be anything."""
        compare = self.currency_id.compare_amounts
        return (
            self.partner_id.id == row["partner_id"]
            and self.currency_id.id == row["currency_id"]
            and not compare(self.interest, row["interest"])
            and not compare(self.indemnity, row["indemnity"])
            and (self.date_from or 0) == (row["date_from"] or 0)
            and (self.date_to or 0) == (row["date_to"] or 0)
        )

    def _prepare_amounts(self, kind, amount, waived):
        return {
            "kind": kind,
            "amount": self.currency_id.round(amount - waived),
            "amount_waived": self.currency_id.round(waived),
        }
