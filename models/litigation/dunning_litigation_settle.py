from odoo import api, fields, models
from odoo.tools import SQL

from ...tools.closing import PAID
from ...tools.litigation import GIVEN_UP, OPEN_LITIGATION, get_end

# What is read of items.
LINE_FIELDS = (
    "amount_residual_currency",
    "date",
    "date_maturity",
    "move_id",
    "parent_state",
)


class DunningLitigation(models.Model):
    """Following the ledger: what the agent recovers, what is left, and the end when
    nothing is. A payment that is undone opens a litigation again where it was."""

    _inherit = "dunning.litigation"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    is_whole = fields.Boolean(
        string="Whole Customer",
        readonly=True,
        help="All that the customer owes and will owe is kept out of dunning.",
    )
    # What was reconciled before was not recovered: the last reconciliation of then.
    last_partial = fields.Integer(readonly=True)

    # ------------------------------------------------------------------
    # BUSINESS METHODS - SETTLEMENT
    # ------------------------------------------------------------------

    def _begin(self):
        # EXTENDS 'account_dunning'
        result = super()._begin()
        [[last]] = self.env.execute_query(
            SQL("SELECT COALESCE(MAX(id), 0) FROM account_partial_reconcile")
        )
        # What the system goes by is its own to write.
        for litigation_sudo in self.sudo().filtered(lambda x: not x.last_partial):
            litigation_sudo.last_partial = last
            litigation_sudo.is_whole = litigation_sudo.kind == "insolvency"
        return result

    @api.model
    def _get_settled_domain(self):
        # OVERRIDES 'dunning.withholding': what comes in after the end counts as well
        return fields.Domain.TRUE

    @api.model
    def _get_running_domain(self):
        # OVERRIDES 'dunning.withholding'
        return fields.Domain("state", "in", (*OPEN_LITIGATION, *GIVEN_UP))

    def _get_need(self):
        # OVERRIDES 'dunning.withholding': all that is open; in insolvency one hold
        # keeps out the whole customer, whatever it will owe
        if self.is_whole or not self._is_followed():
            return 0, False
        return sum(self._get_residuals(self._get_ordered_items()).values()), False

    def _is_yielding(self):
        # OVERRIDES 'dunning.withholding': what the agent agrees upon can be promised
        return True

    def _settle_states(self):
        # OVERRIDES 'dunning.withholding'
        self._follow_transfers()
        # Read at once for all, as is what they were closed by.
        lines = self.move_line_ids | self.transferred_line_ids
        lines.fetch(LINE_FIELDS)
        received = self._get_received()
        items = {litigation: litigation._get_ordered_items() for litigation in self}
        closings = lines._dunning_get_closings()
        for litigation, own in items.items():
            litigation._settle_money(own, received.get(litigation.id, 0))
            litigation._settle_end(own, closings)

    def _settle_money(self, items, received):
        """Write what was received and what is left, where that has changed."""
        left = sum(self._get_residuals(items).values())
        values = {"recovered": received, "amount_left": max(left, 0)}
        changed = {
            name: value
            for name, value in values.items()
            if self.currency_id.compare_amounts(self[name], value)
        }
        if changed:
            self.with_context(tracking_disable=True).write(changed)

    def _settle_end(self, items, closings):
        """Close or reopen the litigation as the ledger says.

        :param closings: what the items were closed by
        """
        end = self._get_ledger_end(items, closings)
        if end and self.state in OPEN_LITIGATION:
            self._close(end, closed_by="ledger")
        elif self.closed_by == "ledger":
            if not end:
                self._open_again()
            elif end != self.state:
                self.state = end

    def _is_settled(self):
        """Return whether the ledger leaves nothing of the litigation."""
        self.ensure_one()
        # What was paid does not depend on what the user may see of the ledger.
        litigation_sudo = self.sudo()
        items = litigation_sudo._get_ordered_items()
        return bool(
            litigation_sudo._get_ledger_end(items, items._dunning_get_closings())
        )

    def _get_ledger_end(self, items, closings):
        """Return how the ledger has ended it, False when something is left: an invoice
        or a transfer that is being changed as a draft will be back."""
        self.ensure_one()
        states = {*self.move_ids.mapped("state"), *items.mapped("parent_state")}
        if not self.move_ids or "draft" in states:
            return False
        residuals = self._get_residuals(items)
        if any(amount > 0 for amount in residuals.values()):
            return False
        causes = {kind for item in items for kind, _amount in closings[item.id]}
        digits = self.currency_id.decimal_places
        return get_end(causes, self.amount, self.recovered, digits)

    def _get_received(self) -> dict:
        """Return the money that the ledger shows for the items since they were handed
        over, whoever has paid it.

        :return: dict of id to amount
        """
        if not self.ids:
            return {}
        self.flush_recordset(
            ["date", "last_partial", "move_line_ids", "transferred_line_ids"]
        )
        tables = (
            self._fields[name] for name in ("move_line_ids", "transferred_line_ids")
        )
        owned = SQL(" UNION ").join(
            SQL(
                "SELECT %s AS litigation_id, %s AS line_id FROM %s WHERE %s = ANY(%s)",
                SQL.identifier(field.column1),
                SQL.identifier(field.column2),
                SQL.identifier(field.relation),
                SQL.identifier(field.column1),
                self.ids,
            )
            for field in tables
        )
        items = self.move_line_ids | self.transferred_line_ids
        rows = self.env.execute_query(
            SQL(
                """
                SELECT owned.litigation_id,
                       SUM(partial.debit_amount_currency * (1 - matched.share))
                  FROM %(matching)s
                  JOIN (%(owned)s) owned ON owned.line_id = item.id
                  JOIN dunning_litigation litigation
                    ON litigation.id = owned.litigation_id
                 WHERE matched.kind = %(paid)s
                   AND entry.date >= litigation.date
                   AND partial.id > litigation.last_partial
              GROUP BY owned.litigation_id
                """,
                matching=items._dunning_get_matching_sql(),
                owned=owned,
                paid=PAID,
            )
        )
        return {id_: float(amount) for id_, amount in rows}

    # ------------------------------------------------------------------
    # BUSINESS METHODS - CLOSING
    # ------------------------------------------------------------------

    def _close(self, state, **values):
        """Bring litigations to their end. Override to do what goes with it.

        :param values: of the fields that say how they ended
        """
        groups = self.grouped(
            lambda litigation: (litigation.company_id, litigation.state)
        )
        for (company, stage), litigations in groups.items():
            litigations.write(
                {
                    "state": state,
                    "state_before": stage,
                    "date_closed": company._dunning_today(),
                    **values,
                }
            )

    def _open_again(self):
        """Bring closed litigations back to the stage in which they were. Override to do
        what goes with it."""
        for litigation in self.filtered("decision"):
            litigation._message_log(
                body=self.env._("It had been closed: %s", litigation.decision)
            )
        for stage, litigations in self.grouped("state_before").items():
            litigations.write(
                {
                    "state": stage or "amicable",
                    "state_before": False,
                    "closed_by": False,
                    "closed_user_id": False,
                    "date_closed": False,
                    "decision": False,
                }
            )

    # ------------------------------------------------------------------
    # BUSINESS METHODS - HOLDS
    # ------------------------------------------------------------------

    def _sync_holds(self, missed=()):
        # EXTENDS 'dunning.withholding': insolvency keeps the whole customer out
        ended = super()._sync_holds(missed)
        holds = self.env["dunning.hold"].with_context(tracking_disable=True)
        for litigation in self:
            active = litigation._get_customer_holds()
            wanted = litigation.is_whole and litigation._is_followed()
            if wanted and not active:
                holds.create(litigation._prepare_customer_hold())
            elif not wanted:
                active._end()
                ended |= active
        return ended

    def _get_active_holds(self):
        # EXTENDS 'dunning.withholding': those on items; the one on the customer is none
        return super()._get_active_holds().filtered(lambda hold: hold.scope == "items")

    def _get_customer_holds(self):
        """Return the holds on the whole customer that are not released."""
        holds = self.hold_ids.filtered(lambda hold: hold.scope == "customer")
        return holds.filtered(lambda hold: not hold.date_released)

    def _prepare_hold(self, line):
        # EXTENDS 'dunning.withholding': insolvency is told apart
        values = super()._prepare_hold(line) | {"note": self.agent_id.name}
        return values | ({"origin": "insolvency"} if self.kind == "insolvency" else {})

    def _prepare_customer_hold(self):
        """Return the values of the hold on all that the customer owes."""
        self.ensure_one()
        return {
            "partner_id": self.partner_id.id,
            "company_id": self.company_id.id,
            "reason_id": self.reason_id.id,
            "origin": "insolvency",
            "litigation_id": self.id,
        }
