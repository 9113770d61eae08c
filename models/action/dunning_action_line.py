from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import NO_ACCESS
from odoo.tools import SQL

from ...tools.closing import PAID, get_cause, get_most

LINE_STATES = [("open", "Open"), ("done", "Done"), ("dropped", "Left Out")]


class DunningActionLine(models.Model):
    """An item as it was when the customer was contacted. The level is the one the
    item reaches through this action; empty, the item is only listed."""

    _name = "dunning.action.line"
    _description = "Dunning Action Line"
    _inherit = ["dunning.protected", "dunning.numbered"]
    # By id alone: the lines of an action are read at each event of the ledger.
    _order = "action_id.id, date_due, id"
    _log_access = False

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    action_id = fields.Many2one(
        "dunning.action", required=True, readonly=True, index=True, ondelete="cascade"
    )
    state = fields.Selection(
        LINE_STATES, string="Status", required=True, readonly=True, default="open"
    )
    drop_cause = fields.Char(readonly=True)
    # The system's own: what it tells of the ledger is not for whoever makes up lines.
    closing_cause = fields.Char(compute="_compute_closing_cause", groups=NO_ACCESS)
    drop_label = fields.Char(string="Left Out Because", compute="_compute_drop_label")
    level_id = fields.Many2one("dunning.level", readonly=True, ondelete="restrict")
    is_aligned = fields.Boolean(
        string="Raised",
        readonly=True,
        help="The item comes up to the level of the contact with the others, before "
        "its own day.",
    )

    # === The item === #
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
    # The journal item for which the history was begun: an invoice that is reset to
    # draft and changed gets new ones, and its history follows.
    item_ref = fields.Integer(readonly=True)

    # === Snapshot === #
    name = fields.Char(string="Number", readonly=True)
    instalment = fields.Char(
        compute="_compute_instalment",
        help="Which instalment it is of an invoice that has several, such as 2/3.",
    )
    date_due = fields.Date(string="Due Date", readonly=True)
    days_late = fields.Integer(
        compute="_compute_days_late",
        help="As of today; on a done action, as of that day.",
    )
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    amount_residual = fields.Monetary(string="Balance", readonly=True)
    amount_withheld = fields.Monetary(
        string="On Hold", readonly=True, help="Part that is on hold or being paid."
    )
    amount_claimed = fields.Monetary(compute="_compute_amount_claimed")
    amount_open = fields.Monetary(
        string="Still Open",
        compute="_compute_amount_open",
        help="What is left today of what was claimed.",
    )

    # === Constraints and indexes === #
    _item_level_uniq = models.UniqueIndex(
        "(move_line_id, level_id) WHERE state != 'dropped'",
        "An item is never contacted twice for the same level.",
    )
    _open_idx = models.Index("(move_line_id) WHERE state = 'open'")

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("move_line_id")
    def _compute_instalment(self):
        places = self.move_line_id._dunning_get_instalments()
        for line in self:
            line.instalment = places.get(line.move_line_id.id, False)

    @api.depends("date_due", "action_id.date", "action_id.date_done")
    def _compute_days_late(self):
        for line in self:
            line.days_late = line.action_id._get_days_late(line.date_due)

    @api.depends("amount_residual", "amount_withheld")
    def _compute_amount_claimed(self):
        for line in self:
            line.amount_claimed = line.amount_residual - line.amount_withheld

    @api.depends("amount_claimed", "move_line_id")
    def _compute_amount_open(self):
        still_open = self.move_line_id._dunning_get_open()
        for line in self:
            item = line.move_line_id & still_open
            line.amount_open = min(line.amount_claimed, item.amount_residual_currency)

    # Each event of the ledger asks anew: no payment is to look for lines by itself.
    @api.depends("move_line_id")
    def _compute_closing_cause(self):
        closed = self.move_line_id.filtered("reconciled")
        closings = closed._dunning_get_closings()
        for line in self:
            item = line.move_line_id
            # Items of zero have nothing reconciled.
            line.closing_cause = item.reconciled and (
                get_cause(closings[item.id], line.amount_residual) or PAID
            )

    @api.depends("drop_cause")
    @api.depends_context("lang")
    def _compute_drop_label(self):
        labels = self.env["dunning.item"]._get_reason_labels()
        for line in self:
            line.drop_label = labels.get(line.drop_cause, line.drop_cause)

    # ------------------------------------------------------------------
    # CRUD METHODS
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS 'base': what was done stays as it was
        lines = super().create(vals_list)
        lines.action_id._check_not_done()
        return lines

    def write(self, vals):
        # EXTENDS 'base': what was done stays as it was
        self._check_not_done()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_done(self):
        self._check_not_done()

    def _check_not_done(self):
        if any(line.state == "done" for line in self):
            raise UserError(
                self.env._("What was done cannot be changed or deleted afterwards.")
            )

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_open_move(self):
        """Open the invoice or entry of the item."""
        self.ensure_one()
        return self.move_id.get_formview_action()

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _get_main_cause(self, causes: dict) -> str:
        """Return why most of what the lines claimed is claimed no more; currencies
        that differ weigh by their figures.

        :param causes: dict of line to cause
        """
        known = [(causes[x], x.amount_residual) for x in self if causes[x]]
        return get_most(known) or "nothing_left"

    @api.model
    def _relink(self, moves):
        """Make the history of entries follow to the journal items that replaced
        theirs: customer by customer, the oldest history to the oldest item."""
        lost = self.search([("move_id", "in", moves.ids), ("move_line_id", "=", False)])
        if not lost:
            return
        kept = self.search([("move_id", "in", lost.move_id.ids)]).move_line_id
        for (move, partner), lines in lost.grouped(
            lambda line: (line.move_id, line.action_id.partner_id)
        ).items():
            items = move.line_ids.filtered(
                lambda item, partner=partner: (
                    item._dunning_is_item()
                    and item.partner_id.commercial_partner_id == partner
                )
            )
            items = (items - kept).sorted(lambda item: (item.date_maturity, item.id))
            histories = lines.sorted("date_due").grouped("item_ref").values()
            for history, item in zip(histories, items, strict=False):
                history._set_item(item)

    @api.model
    def _leave_to_former(self, items):
        """Leave the contacts about items to the customers with whom they were made: who
        owes the items now begins with the first level. They come back with the items.
        """
        lines = self.search([("move_line_id", "in", items.ids)]).filtered(
            lambda line: (
                line.action_id.partner_id
                != line.move_line_id.partner_id.commercial_partner_id
            )
        )
        if not lines:
            return
        changed = lines.filtered(
            lambda line: line.state == "open" or line.drop_cause == "not_posted"
        )
        changed = changed.filtered(lambda line: line.action_id.state != "done")
        changed.write({"state": "dropped", "drop_cause": "readdressed"})
        lines._set_item(lines.browse().move_line_id)
        self.env["dunning.item.state"]._rebuild(items.ids)
        lines.action_id._follow_readdressed()

    def _set_item(self, item):
        """Point to another journal item. Neither what was done nor its amounts
        change, so the protection of what is done is passed by on purpose."""
        self.flush_recordset()
        self.env.cr.execute(
            SQL(
                "UPDATE dunning_action_line SET move_line_id = %s WHERE id = ANY(%s)",
                item.id or None,
                self.ids,
            )
        )
        self.invalidate_recordset(["move_line_id"])
        self.env["dunning.item.state"]._rebuild(item.ids)
