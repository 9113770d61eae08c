from odoo import api, fields, models
from odoo.tools import SQL, Query

from ...tools.following import FOLLOWING_CONTEXT
from ...tools.marks import Mark
from ..base.dunning_guarded import READERS

# What is made on the way goes with a reminder, and was not sent before.
COPY = Mark("dunning_copy")

# Fields of an entry that decide whether its items are dunned, and how.
DUNNING_FIELDS = {
    "dunning_scenario_id",
    "matched_payment_ids",
    "no_followup",
    "payment_state",
    "state",
}

# What the plan says of entries, by the field that shows it.
SUMMARY_COLUMNS = {
    "dunning_level_id": "level_id",
    "dunning_next_date": "date",
    "dunning_out_reason": "reason",
}


class AccountMove(models.Model):
    _inherit = "account.move"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    dunning_scenario_id = fields.Many2one(
        "dunning.scenario",
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="Scenario of this invoice, whatever its customer's is.",
        groups=READERS,
    )
    dunning_level_id = fields.Many2one(
        "dunning.level",
        compute="_compute_dunning",
        search="_search_dunning_level_id",
        help="Highest level its items have reached.",
        groups=READERS,
    )
    dunning_next_date = fields.Date(
        string="Next Dunning Step",
        compute="_compute_dunning",
        search="_search_dunning_next_date",
        groups=READERS,
    )
    dunning_out_reason = fields.Selection(
        selection=lambda self: self.env["dunning.item"]._get_reason_selection(),
        string="Not Dunned Because",
        compute="_compute_dunning",
        search="_search_dunning_out_reason",
        groups=READERS,
    )
    dunning_days_late = fields.Integer(
        string="Days Late",
        compute="_compute_dunning",
        help="Of the oldest open item.",
        groups=READERS,
    )

    # === Indexes === #
    _dunning_blocked_idx = models.Index("(id) WHERE payment_state = 'blocked'")

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("line_ids.amount_residual", "state", "dunning_scenario_id")
    @api.depends_context("allowed_company_ids")
    def _compute_dunning(self):
        rows = self._dunning_get_summaries()
        summaries = {row["id"]: row for row in rows}
        for move in self:
            summary = summaries.get(move._origin.id, {})
            move.dunning_level_id = summary.get("level_id")
            move.dunning_next_date = summary.get("date")
            move.dunning_out_reason = summary.get("reason")
            move.dunning_days_late = summary.get("days_late", 0)

    def _dunning_get_summaries(self):
        """Return what the plan says of these entries, without planning the items of
        other customers."""
        # The plan of a company does not depend on who looks at it.
        groups = (
            self.env["account.move.line"]
            .sudo()
            ._read_group(
                [
                    ("move_id", "in", self._origin.ids),
                    ("account_type", "=", "asset_receivable"),
                ],
                ["partner_id"],
            )
        )
        if not groups:
            return []
        items = self.env["dunning.item"]
        if all(partner for [partner] in groups):
            customers_sudo = groups[0][0].concat(*(partner for [partner] in groups))
            ids = customers_sudo.commercial_partner_id.ids
            items = items.with_context(dunning_partner_ids=ids)
        return self.env.execute_query_dict(
            SQL(
                "SELECT * FROM (%s) summary WHERE id = ANY(%s)",
                items._get_move_summary_query(),
                self._origin.ids,
            )
        )

    def _search_dunning_level_id(self, operator, value):
        self._dunning_check_searchable("dunning_level_id")
        if operator in ("any", "any!"):
            value = self.env["dunning.level"]._search(value)
        elif operator in ("ilike", "like"):
            value = self.env["dunning.level"]._search([("name", operator, value)])
        elif operator != "in":
            return NotImplemented
        return self._search_dunning("level_id", "in", value)

    def _search_dunning_next_date(self, operator, value):
        self._dunning_check_searchable("dunning_next_date")
        return self._search_dunning("date", operator, value)

    def _search_dunning_out_reason(self, operator, value):
        self._dunning_check_searchable("dunning_out_reason")
        return self._search_dunning("reason", operator, value)

    def _search_dunning(self, column, operator, value):
        """Return the domain of the entries for which the plan says so; "not set"
        includes those without open items."""
        if operator == "in" and isinstance(value, Query):
            condition = SQL("%s IN %s", SQL.identifier(column), value.subselect())
        elif operator == "in":
            values = tuple(item for item in value if item)
            if len(values) < len(value):
                is_set = self._get_dunning_subquery(
                    SQL("%s IS NOT NULL", SQL.identifier(column))
                )
                found = fields.Domain("id", "not in", is_set)
                if values:
                    found |= self._search_dunning(column, operator, values)
                return found
            condition = SQL("%s IN %s", SQL.identifier(column), values)
        elif operator in ("<", "<=", ">", ">="):
            condition = SQL("%s %s %s", SQL.identifier(column), SQL(operator), value)
        else:
            return NotImplemented
        return fields.Domain("id", "in", self._get_dunning_subquery(condition))

    def _get_dunning_subquery(self, condition):
        summary = self.env["dunning.item"]._get_move_summary_query()
        return SQL("(SELECT id FROM (%s) summary WHERE %s)", summary, condition)

    def _field_to_sql(self, alias, field_expr, query=None) -> SQL:
        # EXTENDS 'base': the plan is joined once to the query, so that lists can be
        # sorted and grouped by what it says
        if field_expr in SUMMARY_COLUMNS and query is not None:
            self._dunning_check_searchable(field_expr)
            join = query.make_alias(alias, "dunning_summary")
            query.add_join(
                "LEFT JOIN",
                join,
                SQL("(%s)", self.env["dunning.item"]._get_move_summary_query()),
                SQL("%s = %s", SQL.identifier(join, "id"), SQL.identifier(alias, "id")),
            )
            return SQL.identifier(join, SUMMARY_COLUMNS[field_expr])
        return super()._field_to_sql(alias, field_expr, query)

    # ------------------------------------------------------------------
    # CRUD METHODS
    # ------------------------------------------------------------------

    # It is called by _dunning_write.  pylint: disable-next=method-required-super
    def write(self, vals):
        # EXTENDS 'account': open actions follow what is posted, reset or cancelled
        # Each reconciliation posts no entries, as many times as there are pairs.
        if self and "line_ids" in vals:
            # Items that take the place of others are followed together.
            with self.env["dunning.action"]._refreshed_once():
                return self._dunning_write(vals)
        return self._dunning_write(vals)

    def _dunning_write(self, vals):
        """Write values of entries, and let dunning follow them."""
        if not self or not DUNNING_FIELDS & vals.keys():
            sent = self._dunning_filter_first_sent(vals)
            # pylint: disable-next=super-method-mismatch
            result = super().write(vals)
            sent._dunning_arrive()
            return result
        posted = vals.get("state") == "posted"
        reposted = self.filtered("posted_before") if posted else self.browse()
        # pylint: disable-next=super-method-mismatch
        result = super().write(vals)
        if posted:
            # Whoever posts an invoice need not have rights on dunning.
            moves_sudo = self.sudo()
            moves_sudo.env["dunning.invoice.arrival"]._record(moves_sudo)
        if reposted:
            reposted._dunning_relink()
        routine = not reposted and self._is_dunning_routine(vals)
        self.line_ids._dunning_ledger_changed(routine=routine, moved=bool(reposted))
        return result

    def unlink(self):
        # EXTENDS 'account': what was planned for a deleted entry is dropped
        if not self:
            # Each reconciliation deletes no entries, several times.
            return super().unlink()
        moves_sudo = self.sudo()
        sources = moves_sudo.env["dunning.withholding"]._get_sources_of(moves_sudo)
        lines_sudo = moves_sudo.line_ids.filtered("partner_id")
        partners = [
            (company, lines.partner_id)
            for company, lines in lines_sudo.grouped("company_id").items()
        ]
        result = super().unlink()
        with self.env["dunning.action"]._refreshed_once():
            for records in sources:
                records._settle()
            for company, partner in partners:
                self.env["dunning.action"]._refresh_customers(company, partner)
        return result

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_dunning_history(self):
        """Open every action, done or planned, that lists these entries."""
        action = self.env["ir.actions.actions"]._for_xml_id(
            "account_dunning.action_history"
        )
        return dict(action, domain=[("line_ids.move_id", "in", self.ids)], context={})

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _dunning_filter_first_sent(self, vals):
        """Return the entries that are sent for the first time by what is written. What
        is made only to go with a reminder is not sent before it."""
        if not vals.get("is_move_sent") or COPY.is_set(self.env):
            return self.browse()
        return self.filtered(
            lambda move: move.state == "posted" and not move.is_move_sent
        )

    def _dunning_arrive(self):
        """Let dunning follow that invoices have been sent for the first time."""
        if self:
            # Whoever sends an invoice need not have rights on dunning.
            moves_sudo = self.sudo()
            moves_sudo.env["dunning.invoice.arrival"]._record(moves_sudo)
            self.line_ids._dunning_ledger_changed()

    def _dunning_filter_due_before(self, day):
        """Return the invoices with an item that is due before a day."""
        return self.filtered(
            lambda move: (
                move.is_sale_document(include_receipts=True)
                and any(
                    (line.date_maturity or line.date) < day
                    for line in move.line_ids
                    if line._is_dunning_item()
                )
            )
        )

    def _is_dunning_routine(self, vals):
        """Return whether values that were written have items come up or be paid, and
        do nothing else."""
        changed = DUNNING_FIELDS & vals.keys()
        if changed == {"matched_payment_ids"}:
            # Without a journal entry, they keep items out of dunning that stay open.
            return all(payment.move_id for payment in self.matched_payment_ids)
        return changed == {"state"} and vals["state"] == "posted"

    def _get_dunning_items(self):
        """Return the items of the entries that dunning reads."""
        return self.line_ids.filtered(lambda line: line._is_dunning_item())

    def _dunning_relink(self):
        """Hand the history and the holds of entries that were changed as drafts on
        to their new items: the oldest to the oldest."""
        # Whoever posts an entry need not have rights on dunning.
        moves_sudo = self.sudo()
        self.env["dunning.action.line"].sudo()._relink(moves_sudo)
        following = moves_sudo.with_context(**FOLLOWING_CONTEXT).env
        following["dunning.hold"].search(
            [
                ("move_ids", "in", self.ids),
                ("date_released", "=", False),
                ("origin", "not in", ("promise", "dispute")),
            ]
        )._restore_items(moves_sudo)
        following["dunning.withholding"]._restore_all_items(moves_sudo)
