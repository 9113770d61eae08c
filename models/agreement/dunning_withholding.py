from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from ...tools.following import is_following
from ...tools.registry import get_heirs


class DunningWithholding(models.AbstractModel):
    """Something agreed or claimed about items of one customer, in one currency, that
    keeps an amount of them out of dunning: a promise to pay, a dispute.

    How it works: :meth:`_settle` brings records in line with the ledger. Each model
    says by :meth:`_settle_states` what becomes of it and by :meth:`_get_need` how much
    it keeps out; which amount of which item that is follows from all claims of the
    customer together (next file), and is written as one hold for each item.
    """

    _name = "dunning.withholding"
    _description = "What Keeps Items out of Dunning"
    _inherit = [
        "dunning.protected",
        "dunning.collector.work",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _check_company_auto = True

    # Whose turn it is where several claim the same item: lower comes first.
    _turn = 0

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    partner_id = fields.Many2one(
        "res.partner", string="Customer", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company,
        ondelete="restrict",
    )
    currency_id = fields.Many2one(
        "res.currency",
        compute="_compute_currency_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    move_line_ids = fields.Many2many(
        "account.move.line",
        string="Items",
        domain="[('account_type', '=', 'asset_receivable'),"
        " ('parent_state', '=', 'posted'), ('reconciled', '=', False),"
        " ('partner_id', 'child_of', partner_id), ('company_id', '=', company_id)]",
    )
    move_ids = fields.Many2many(
        "account.move",
        compute="_compute_move_ids",
        store=True,
        precompute=True,
        help="Entries of the items: an invoice that is changed gets new items.",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        index=True,
        tracking=True,
        ondelete="restrict",
        default=lambda self: self.env.user,
    )
    reason_id = fields.Many2one(
        "dunning.reason", check_company=True, tracking=True, ondelete="restrict"
    )
    call_id = fields.Many2one(
        "dunning.action",
        string="Follows the Call",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    amount_open = fields.Monetary(
        string="Open",
        compute="_compute_amount_open",
        help="What is left to pay on the items.",
    )
    amount_held = fields.Monetary(string="On Hold", compute="_compute_amount_held")

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("move_line_ids", "company_id")
    def _compute_currency_id(self):
        for record in self:
            record.currency_id = (
                record.move_line_ids.currency_id[:1]
                or record.currency_id
                or record.company_id.currency_id
            )

    @api.depends("move_line_ids")
    def _compute_move_ids(self):
        for record in self:
            record.move_ids |= record.move_line_ids.move_id

    @api.depends("move_line_ids.amount_residual_currency")
    def _compute_amount_open(self):
        for record in self:
            items = record.move_line_ids
            record.amount_open = sum(items.mapped("amount_residual_currency"))

    @api.depends("hold_ids.amount", "hold_ids.date_released", "hold_ids.date_end")
    def _compute_amount_held(self):
        for record in self:
            active = record.hold_ids.filtered(lambda hold: hold.state == "active")
            record.amount_held = sum(active.mapped("amount"))

    # ------------------------------------------------------------------
    # CONSTRAINT METHODS
    # ------------------------------------------------------------------

    @api.constrains("move_line_ids", "partner_id", "company_id", "currency_id")
    def _check_items(self):
        if is_following(self.env):
            return
        for record in self:
            if any(
                line.company_id != record.company_id
                or line.partner_id.commercial_partner_id != record.partner_id
                or line.currency_id != record.currency_id
                for line in record.move_line_ids
            ):
                raise ValidationError(
                    self.env._(
                        "Choose items of one customer, one company and one currency: "
                        "take out the others."
                    )
                )

    # ------------------------------------------------------------------
    # CRUD METHODS
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS 'base': people say what is theirs to say
        self._check_new(vals_list)
        return super().create(vals_list)

    def write(self, vals):
        # EXTENDS 'base': people change what is theirs to change
        self._check_editable(vals)
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_recorded(self):
        raise UserError(
            self.env._(
                "This is part of the customer's history and cannot be deleted: "
                "withdraw or cancel it instead."
            )
        )

    # ------------------------------------------------------------------
    # BUSINESS METHODS - ITEMS
    # ------------------------------------------------------------------

    @api.model
    def _get_sources_of(self, moves):
        """Return the promises and disputes about some entries, those of each kind
        that has some."""
        found = (
            self.env[name].search(self.env[name]._get_domain_of_moves(moves))
            for name in self._get_source_names()
        )
        return [records for records in found if records]

    @api.model
    def _get_domain_of_moves(self, moves):
        """Return which records are about some entries. Override to find more."""
        return fields.Domain("move_ids", "in", moves.ids)

    @api.model
    def _get_domain_of_items(self, items):
        """Return which records are about some journal items. Override to find more."""
        return fields.Domain("move_line_ids", "in", items.ids)

    @api.model
    def _get_query_of_items(self, items) -> SQL:
        """Return SQL with a row if some record is about journal items. Override to
        find more."""
        field = self._fields["move_line_ids"]
        return SQL(
            "SELECT FROM %s WHERE %s = ANY(%s)",
            SQL.identifier(field.relation),
            SQL.identifier(field.column2),
            items.ids,
        )

    @api.model
    def _restore_all_items(self, moves):
        """Let promises and disputes cover again the items of entries that were changed
        and posted again."""
        for records in self._get_sources_of(moves):
            records._restore_items(moves)

    @api.model
    def _get_source_names(self) -> list[str]:
        """Return the models that keep items out, in the order in which they are served
        where several claim the same item."""
        heirs = get_heirs(self.env, "dunning.withholding")
        return [heir._name for heir in sorted(heirs, key=lambda heir: heir._turn)]

    @api.model
    def _count_by_move(self, moves: models.BaseModel) -> dict:
        """Return how many records are about each of some entries.

        :return: dict of entry id to number
        """
        groups = self._read_group(
            [("move_ids", "in", moves.ids)], ["move_ids"], ["__count"]
        )
        return {move.id: count for move, count in groups}

    @api.model
    def _get_work_domain(self):
        # OVERRIDES 'dunning.collector.work'
        return fields.Domain("date_closed", "=", False)

    # ------------------------------------------------------------------
    # BUSINESS METHODS - SETTLEMENT
    # ------------------------------------------------------------------

    @api.model
    def _settle_items(self, items):
        """Bring promises and disputes about some items in line with the ledger.

        :param items: journal items whose reconciliation has changed
        """
        for name in self._get_sources_about(items):
            # Whoever works on the ledger need not have rights on dunning.
            records_sudo = self.env[name].sudo()
            domain = records_sudo._get_settled_domain()
            records_sudo.search(
                domain & records_sudo._get_domain_of_items(items)
            )._settle()

    @api.model
    def _get_sources_about(self, items):
        """Return the models that have records about some of the items: most items are
        in none, and payments wait for the answer."""
        rows = self.env.execute_query(
            SQL(" UNION ALL ").join(
                SQL(
                    "SELECT %s WHERE EXISTS (%s)",
                    name,
                    self.env[name]._get_query_of_items(items),
                )
                for name in self._get_source_names()
            )
        )
        return [name for (name,) in rows]

    def _settle(self) -> None:
        """Give the records the states that the ledger and the day ask for, and the
        holds that follow from these."""
        if not self:
            return
        # States and holds are the system's, whoever has changed the ledger.
        records_sudo = self.sudo()
        records_sudo._settle_states()
        records_sudo._sync_holds()

    def _settle_states(self) -> None:
        """Work out the states; each source says how."""
        raise NotImplementedError

    @api.model
    def _get_settled_domain(self):
        """Return which records the ledger may still change."""
        raise NotImplementedError

    @api.model
    def _get_running_domain(self) -> fields.Domain:
        """Return which records may keep something out."""
        raise NotImplementedError
