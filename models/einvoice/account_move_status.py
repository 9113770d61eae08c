from odoo import api, fields, models
from odoo.tools import SQL

from ...tools.words import READERS
from ..base.mail_discreet_search import Ours

# What is known of where e-invoices stand, by the field that shows it.
STATUS_COLUMNS = {
    "dunning_einvoice_status": "status",
    "dunning_einvoice_date": "date",
    "dunning_einvoice_received": "date_received",
}


class AccountMove(models.Model):
    """What the buyer says of an invoice, beside it and in lists of invoices."""

    _inherit = "account.move"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    dunning_einvoice_status = fields.Selection(
        selection=lambda self: self.env[
            "dunning.einvoice.status"
        ]._get_status_selection(),
        string="Buyer's Status",
        compute="_compute_dunning_einvoice",
        search="_search_dunning_einvoice_status",
        groups=READERS,
        help="The gravest of what the buyer's platform says, else the last.",
    )
    dunning_einvoice_date = fields.Datetime(
        string="Buyer's Status of",
        compute="_compute_dunning_einvoice",
        search="_search_dunning_einvoice_date",
        groups=READERS,
    )
    dunning_einvoice_received = fields.Datetime(
        string="Received by the Buyer on",
        compute="_compute_dunning_einvoice",
        search="_search_dunning_einvoice_received",
        groups=READERS,
        help="According to its platform: proves that the buyer has the invoice.",
    )
    dunning_einvoice_matter_ids = Ours(
        "dunning.einvoice.matter",
        "move_id",
        string="What the Buyer Says",
        readonly=True,
        groups=READERS,
    )
    dunning_internal_text = fields.Char(
        string="Not to Be Sent Because",
        compute="_compute_dunning_internal_text",
        groups=READERS,
    )

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("state")
    def _compute_dunning_einvoice(self):
        # Whoever sees an invoice sees where it stands.
        rows_sudo = self.env["dunning.einvoice.status"].sudo()
        rows_sudo = rows_sudo.search([("move_id", "in", self._origin.ids)])
        by_move = {row_sudo.move_id.id: row_sudo for row_sudo in rows_sudo}
        for move in self:
            row_sudo = by_move.get(move._origin.id, rows_sudo.browse())
            for name, column in STATUS_COLUMNS.items():
                move[name] = row_sudo[column]

    @api.depends("state")
    @api.depends_context("lang")
    def _compute_dunning_internal_text(self):
        # Who posts credit notes need not have rights on disputes.
        credits_sudo = self.env["dunning.dispute.credit"].sudo()
        credits_sudo = credits_sudo.search(
            [
                ("credit_note_id", "in", self._origin.ids),
                ("prepared", "=", True),
                ("dispute_id.einvoice_matter_id.effect", "=", "refuse"),
            ]
        )
        by_move = {credit.credit_note_id.id: credit for credit in credits_sudo}
        for move in self:
            credit_sudo = by_move.get(move._origin.id)
            move.dunning_internal_text = bool(credit_sudo) and (
                credit_sudo.dispute_id._get_refusal_text(credit_sudo.move_id)
            )

    def _search_dunning_einvoice_status(self, operator, value):
        self._dunning_check_searchable("dunning_einvoice_status")
        return self._search_dunning_einvoice("status", operator, value)

    def _search_dunning_einvoice_date(self, operator, value):
        self._dunning_check_searchable("dunning_einvoice_date")
        return self._search_dunning_einvoice("date", operator, value)

    def _search_dunning_einvoice_received(self, operator, value):
        self._dunning_check_searchable("dunning_einvoice_received")
        return self._search_dunning_einvoice("date_received", operator, value)

    def _search_dunning_einvoice(self, column, operator, value):
        """Return the domain of the invoices of which that is known; "not set" includes
        those of which nothing was said."""
        if operator not in ("in", "<", "<=", ">", ">="):
            return NotImplemented
        # Whoever sees an invoice sees where it stands.
        rows_sudo = self.env["dunning.einvoice.status"].sudo()
        if operator != "in":
            found = rows_sudo._search([(column, operator, value)])
            return fields.Domain("id", "in", found.subselect("move_id"))
        values = [item for item in value if item]
        domain = fields.Domain.FALSE
        if values:
            found = rows_sudo._search([(column, "in", values)])
            domain = fields.Domain("id", "in", found.subselect("move_id"))
        if len(values) < len(value):
            known = rows_sudo._search([(column, "!=", False)])
            domain |= fields.Domain("id", "not in", known.subselect("move_id"))
        return domain

    def _field_to_sql(self, alias, field_expr, query=None) -> SQL:
        # EXTENDS 'base': lists are sorted and grouped by where invoices stand
        if field_expr in STATUS_COLUMNS and query is not None:
            self._dunning_check_searchable(field_expr)
            self.env["dunning.einvoice.status"].flush_model()
            join = query.make_alias(alias, "dunning_einvoice")
            query.add_join(
                "LEFT JOIN",
                join,
                "dunning_einvoice_status",
                SQL(
                    "%s = %s",
                    SQL.identifier(join, "move_id"),
                    SQL.identifier(alias, "id"),
                ),
            )
            return SQL.identifier(join, STATUS_COLUMNS[field_expr])
        return super()._field_to_sql(alias, field_expr, query)
