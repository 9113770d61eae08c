from odoo import fields, models
from odoo.exceptions import UserError


class DunningEinvoiceDecision(models.TransientModel):
    """Statuses whose invoice was not found: they get one by hand, or are put aside."""

    _name = "dunning.einvoice.decision"
    _description = "Assign or Ignore E-Invoice Statuses"
    _inherit = ["dunning.guarded"]

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    event_ids = fields.Many2many(
        "dunning.einvoice.event",
        string="Statuses",
        required=True,
        default=lambda self: self.env["dunning.guard"]._get_context_ids("active_ids"),
    )
    decision = fields.Selection(
        [("assign", "Assign to an Invoice"), ("ignore", "Ignore")],
        required=True,
        default="assign",
    )
    move_id = fields.Many2one(
        "account.move",
        string="Invoice",
        domain="[('move_type', 'in', ('out_invoice', 'out_receipt', 'out_refund')),"
        " ('state', '!=', 'draft')]",
    )
    reason = fields.Char(help="Why nothing follows from them.")

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_apply(self):
        """Assign the statuses to the invoice, or ignore them.

        :return: action that closes the dialog
        :raise UserError: one of them has its invoice already, or no invoice or reason
            was given
        """
        self.ensure_one()
        events = self.event_ids
        events.check_access("write")
        events._check_undecided()
        # Events are written by nobody.
        events_sudo = events.sudo()
        if self.decision == "ignore":
            if not (self.reason or "").strip():
                raise UserError(self.env._("Say why they are ignored."))
            events_sudo._ignore(self.reason.strip())
        else:
            self._check_move()
            # Whoever may choose an invoice need not read all of it.
            move_sudo = self.move_id.sudo()
            events_sudo._assign(move_sudo)
        return {"type": "ir.actions.act_window_close"}

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _check_move(self):
        """Refuse what these statuses cannot be about."""
        move = self.move_id
        if not move:
            raise UserError(self.env._("Choose the invoice they are about."))
        if not move.is_sale_document(include_receipts=True) or move.state == "draft":
            raise UserError(
                self.env._(
                    "“%s” is no posted invoice to a customer.", move.display_name
                )
            )
        for event in self.event_ids:
            if not event.code:
                raise UserError(
                    self.env._(
                        "“%s” names no status: there is nothing to assign.",
                        event.display_name,
                    )
                )
            if event.company_id and event.company_id != move.company_id:
                raise UserError(
                    self.env._(
                        "“%(status)s” is about an invoice of %(company)s.",
                        status=event.display_name,
                        company=event.company_id.display_name,
                    )
                )
