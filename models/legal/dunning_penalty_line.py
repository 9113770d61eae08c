from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount, format_date

INTEREST, INDEMNITY = "interest", "indemnity"


class DunningPenaltyLine(models.Model):
    """The days of an item, or the indemnity of an invoice, that penalties cover."""

    _name = "dunning.penalty.line"
    _description = "Penalties of an Item"
    _inherit = ["dunning.protected"]
    _order = "penalty_id, date_due, id"
    _log_access = False

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    penalty_id = fields.Many2one(
        "dunning.penalty", required=True, readonly=True, index=True, ondelete="cascade"
    )
    kind = fields.Selection(
        [(INTEREST, "Interest"), (INDEMNITY, "Recovery Indemnity")],
        required=True,
        readonly=True,
    )
    counts = fields.Boolean(
        string="Covers", readonly=True, default=True, help="Nothing else may cover it."
    )

    # === What it is about === #
    move_line_id = fields.Many2one(
        "account.move.line",
        string="Journal Item",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    move_id = fields.Many2one(
        "account.move",
        string="Invoice",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    # Whose indemnity it is: an invoice, or (negative) an item of another entry.
    debt_ref = fields.Integer(readonly=True)
    name = fields.Char(string="Number", readonly=True)
    date_due = fields.Date(string="Due Date", readonly=True)
    date_from = fields.Date(string="First Day", readonly=True)
    date_to = fields.Date(string="Last Day", readonly=True)

    # === Amounts === #
    currency_id = fields.Many2one(related="penalty_id.currency_id")
    amount = fields.Monetary(string="Claimed", readonly=True)
    amount_waived = fields.Monetary(string="Waived", readonly=True)
    invoice_line_id = fields.Many2one(
        "account.move.line",
        string="Line of the Penalty Invoice",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )

    # === Constraints and indexes === #
    _days_claimed_once = models.Constraint(
        "EXCLUDE USING gist (int4range(move_line_id, move_line_id, '[]') WITH &&,"
        " daterange(date_from, date_to, '[]') WITH &&)"
        " WHERE (counts AND kind = 'interest' AND move_line_id IS NOT NULL)",
        "Some of these days are claimed or waived already: compute the penalties anew.",
    )
    _indemnity_claimed_once = models.UniqueIndex(
        "(debt_ref) WHERE counts AND kind = 'indemnity'",
        "The indemnity of an invoice is claimed once: compute the penalties anew.",
    )
    _not_negative = models.Constraint(
        "CHECK(amount >= 0 AND amount_waived >= 0)",
        "What is claimed or waived is not below zero: correct the amounts.",
    )

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _find_items_again(self) -> None:
        """Let the lines cover the items that took the place of theirs: those of the
        same due date, else the oldest."""
        for line in self:
            items = line.move_id._dunning_get_items()
            same = items.filtered(
                lambda item, line=line: item.date_maturity == line.date_due
            )
            line.move_line_id = (same or items._dunning_by_due_date())[:1]

    def _find_other(self):
        """Return what else covers the same, if anything."""
        self.ensure_one()
        domain = [
            ("counts", "=", True),
            ("id", "!=", self.id),
            ("kind", "=", self.kind),
        ]
        if self.kind == INDEMNITY:
            domain += [("debt_ref", "=", self.debt_ref)]
        else:
            domain += [
                ("move_line_id", "=", self.move_line_id.id),
                ("date_from", "<=", self.date_to),
                ("date_to", ">=", self.date_from),
            ]
        return self.search(domain, limit=1)

    def _check_whole_indemnity(self, kept: float) -> None:
        """Refuse to claim a part of an indemnity: by law it is a fixed sum.

        :param kept: what is left of it on the penalty invoice
        :raise UserError: that is neither all nor nothing
        """
        self.ensure_one()
        if self.kind == INDEMNITY and not self.currency_id.is_zero(kept):
            raise UserError(
                self.env._(
                    "The recovery indemnity for %(number)s is a fixed sum, %(amount)s: "
                    "claim all of it, or enter 0 as the price to let the customer off.",
                    number=self.name,
                    amount=format_amount(self.env, self.amount, self.currency_id),
                )
            )

    def _get_invoice_label(self) -> str:
        """Return what the penalty invoice says of the line, in the language of the
        environment."""
        self.ensure_one()
        if self.kind == INDEMNITY:
            return self.env._("Recovery indemnity for %s", self.name)
        return self.env._(
            "Late payment penalties on %(number)s, due on %(due)s: from %(start)s to "
            "%(end)s",
            number=self.name,
            due=format_date(self.env, self.date_due),
            start=format_date(self.env, self.date_from),
            end=format_date(self.env, self.date_to),
        )
