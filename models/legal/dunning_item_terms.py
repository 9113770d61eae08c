from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class AccountMoveLine(models.Model):
    """Items of invoices that fall due later than the law allows."""

    _inherit = "account.move.line"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    @api.model
    def _dunning_find_long_terms(self) -> models.BaseModel:
        """Return the open items of the current companies whose invoices fall due later
        than the law allows, elevated. Only terms that are longer than the shortest
        limit are looked at."""
        # What the law says, and of which items, does not depend on who asks.
        lines_sudo = self.sudo()
        limits_sudo = lines_sudo.env["dunning.legal.limit"]
        days = limits_sudo.search([("payment_days", ">", 0)]).mapped("payment_days")
        if not days:
            return lines_sudo
        self.flush_model()
        self.env["account.move"].flush_model(["invoice_date", "invoice_date_due"])
        query = SQL(
            """
            SELECT line.id
              FROM account_move_line line
              JOIN account_move move ON move.id = line.move_id
             WHERE %(is_open)s
               AND move.invoice_date_due > move.invoice_date + %(days)s
            """,
            is_open=self.env["dunning.plan"]._get_is_open_in_sql(
                self.env.companies.ids
            ),
            days=min(days),
        )
        rows = self.env.execute_query(query)
        items_sudo = lines_sudo.browse(id_ for (id_,) in rows)
        known = {}
        late = items_sudo.move_id.filtered(lambda move: move._dunning_is_long(known))
        return items_sudo.filtered(lambda item: item.move_id in late)


class DunningItem(models.Model):
    """Open items show that they fall due later than the law allows."""

    _inherit = "dunning.item"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    term_warning = fields.Char(
        string="Term of Payment",
        compute="_compute_term_warning",
        help="That it falls due later than the law allows, and when it should.",
    )
    has_long_term = fields.Boolean(
        string="Longer Term than the Law Allows",
        compute="_compute_term_warning",
        search="_search_has_long_term",
    )

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("move_line_id")
    @api.depends_context("lang")
    def _compute_term_warning(self):
        for item in self:
            item.term_warning = item.move_line_id.move_id.dunning_term_warning
            item.has_long_term = bool(item.term_warning)

    @api.model
    def _search_has_long_term(self, operator, value):
        if operator != "in":
            return NotImplemented
        found = self.env["account.move.line"]._dunning_find_long_terms()
        return Domain("id", "in" if True in value else "not in", found.ids)
