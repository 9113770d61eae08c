from odoo import api, fields, models
from odoo.tools import SQL, format_date

from ...tools.words import READERS
from .dunning_ledger import Change

# Fields of a journal item that decide whether it is dunned, when, and who by it owes
# how much.
DUNNING_FIELDS = {
    "account_id",
    "amount_currency",
    "balance",
    "credit",
    "currency_id",
    "date_maturity",
    "debit",
    "no_followup",
    "partner_id",
}


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    # A field, so that the items of many actions are numbered together.
    dunning_instalment = fields.Char(
        string="Instalment",
        compute="_compute_dunning_instalment",
        groups=READERS,
        help="Which instalment it is of an invoice that has several, such as 2/3.",
    )

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("date_maturity")
    @api.depends_context("dunning_items", "lang")
    def _compute_display_name(self):
        # EXTENDS 'account': where items are chosen, their due dates tell them apart
        result = super()._compute_display_name()
        if self.env.context.get("dunning_items"):
            for line in self.filtered("date_maturity"):
                due = format_date(self.env, line.date_maturity)
                line.display_name = f"{line._dunning_get_number()} ({due})"
        return result

    @api.depends("move_id")
    def _compute_dunning_instalment(self):
        places = self._dunning_get_instalments()
        for line in self:
            line.dunning_instalment = places.get(line.id)

    # ------------------------------------------------------------------
    # CRUD METHODS
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS 'account': open actions follow what comes to an entry that is posted,
        # as when a bank line is put on the account of a customer
        lines = super().create(vals_list)
        if posted := lines._dunning_get_posted():
            # Like items that are posted, they come up, and that is all.
            change = Change(set(posted._ids), routine=True)
            self.env["dunning.ledger"]._changed_soon(change)
        return lines

    def write(self, vals):
        # EXTENDS 'account': open actions follow a new due date, and an item that goes
        # to another customer or account is followed where it was, too
        posted = DUNNING_FIELDS & vals.keys() and self._dunning_get_posted()
        if not posted:
            return super().write(vals)
        with self.env["dunning.ledger"]._followed_once():
            posted._dunning_leave()
            result = super().write(vals)
            posted._dunning_ledger_changed(moved="partner_id" in vals)
        return result

    def unlink(self):
        # EXTENDS 'account': what is deleted cannot be followed, what it has covered is
        # owed again
        if not self:
            return super().unlink()
        with self.env["dunning.ledger"]._followed_once():
            self._dunning_get_posted()._dunning_leave()
            result = super().unlink()
            # They may have been reconciled until now.
            self.env["dunning.ledger"]._forget(self)
        return result

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    @api.model
    def _reconcile_plan(self, reconciliation_plan):
        # EXTENDS 'account': what is reconciled together is followed once it is done.
        # Records that are deleted on the way would have Odoo read each pair anew.
        with self.env["dunning.ledger"]._followed_once():
            return super()._reconcile_plan(reconciliation_plan)

    def _dunning_get_posted(self):
        """Return the lines of posted entries."""
        moves = self.move_id.filtered(lambda move: move.state == "posted")
        if not moves:
            return self.browse()
        return self.filtered(lambda line: line.move_id in moves)

    def _dunning_leave(self):
        """Have the customers followed whose items these are, before they are changed:
        afterwards they may be those of others."""
        # Whoever works on the ledger need not have rights on dunning.
        lines_sudo = self.sudo().filtered(
            lambda line: line.partner_id and line._dunning_is_item()
        )
        for company, lines in lines_sudo.grouped("company_id").items():
            lines.env["dunning.ledger"]._customers_changed(company, lines.partner_id)

    def _dunning_reserve(self) -> None:
        """Let nobody else promise, dispute, plan or pay the items in the meantime: who
        does waits, and the database has the later of both try again on what is true
        then. A lock would not do: whoever waits for one goes on with what they saw
        before. It is the only statement of the addon that touches rows of the ledger:
        those few that people choose, without changing them, and never in a run.
        """
        self.flush_recordset()
        self.env.cr.execute(
            SQL("UPDATE account_move_line SET id = id WHERE id = ANY(%s)", self.ids)
        )

    def _dunning_is_item(self) -> bool:
        """Return whether the line is of those that dunning reads."""
        self.ensure_one()
        return self.account_id.id in self.env["dunning.ledger"]._get_account_ids()

    def _dunning_get_open(self) -> models.BaseModel:
        """Return those of the lines that leave something to pay."""
        return self.filtered(
            lambda line: (
                line.parent_state == "posted"
                and line.currency_id.compare_amounts(line.amount_residual_currency, 0)
                > 0
            )
        )

    def _dunning_get_number(self) -> str:
        """Return the number the customer knows the item by: that of the invoice, or
        what an opening balance or other entry says of the item."""
        self.ensure_one()
        move = self.move_id
        return move._dunning_name_item(move.name, self.dunning_instalment, self.name)

    def _dunning_get_instalments(self) -> dict:
        """Return which instalment of its invoice each item is, of those of invoices
        that have several.

        :return: dict of journal item id to text, as ``"2/3"``
        """
        moves = self.move_id.filtered(lambda move: move.is_sale_document(True))
        if not moves:
            return {}
        groups = self._read_group(
            [
                ("move_id", "in", moves.ids),
                ("account_id", "in", self.env["dunning.ledger"]._get_account_ids()),
            ],
            ["move_id"],
            ["id:recordset"],
            having=[("__count", ">", 1)],
        )
        return {
            item.id: f"{place}/{len(items)}"
            for _move, items in groups
            for place, item in enumerate(
                items.sorted(lambda item: (item.date_maturity or item.date, item.id)), 1
            )
        }

    def _dunning_ledger_changed(
        self, reopened: bool = False, routine: bool = False, moved: bool = False
    ) -> None:
        """Let dunning follow a change of these lines, in the same transaction.

        :param reopened: the lines may be open again
        :param routine: they were paid or came up, and nothing else has happened
        :param moved: other customers may owe them now
        """
        change = Change(set(self._ids), reopened, routine, moved)
        self.env["dunning.ledger"]._changed(change)

    def _dunning_by_due_date(self) -> models.BaseModel:
        """Return the items, the oldest first: amounts are taken from them so."""
        return self.sorted(lambda line: (line.date_maturity or line.date, line.id))
