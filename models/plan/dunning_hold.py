from itertools import chain

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...tools.following import is_following
from ...tools.words import SAME_COMPANY

# What people may change by hand on a hold that is not released.
EDITABLE_FIELDS = {
    "move_line_ids",
    "amount",
    "currency_id",
    "date_end",
    "reason_id",
    "note",
}


class DunningHold(models.Model):
    """The only thing that keeps an item out of dunning for a while.

    It covers the whole customer or some items, wholly or for a part of the amount,
    until a date (included) or open-ended. Promises, disputes, insolvency and
    litigation speak to the engine by writing holds.
    """

    _name = "dunning.hold"
    _description = "Dunning Hold"
    _inherit = ["dunning.protected", "mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _check_company_auto = True

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        index=True,
        ondelete="restrict",
        domain=SAME_COMPANY,
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    scope = fields.Selection(
        [("customer", "Whole Customer"), ("items", "Some Items")],
        compute="_compute_scope",
        store=True,
        precompute=True,
        required=True,
        help="Kept apart from the items, so that a hold on an invoice that is deleted "
        "does not become a hold on the customer.",
    )
    move_line_ids = fields.Many2many(
        "account.move.line",
        "dunning_hold_move_line_rel",
        "hold_id",
        "line_id",
        string="Items",
        domain="[('account_type', '=', 'asset_receivable'),"
        " ('parent_state', '=', 'posted'), ('reconciled', '=', False),"
        " ('partner_id', 'child_of', partner_id), ('company_id', '=', company_id)]",
        help="Leave empty to hold the whole customer.",
    )
    move_ids = fields.Many2many(
        "account.move",
        "dunning_hold_move_rel",
        "hold_id",
        "move_id",
        compute="_compute_move_ids",
        store=True,
        precompute=True,
        help="Entries of the items: an invoice that is changed gets new items.",
    )
    amount = fields.Monetary(
        default=0,
        tracking=True,
        help="Amount that is kept out; 0 keeps all of it out.",
    )
    currency_id = fields.Many2one(
        "res.currency",
        compute="_compute_currency_id",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
    )
    date_end = fields.Date(
        string="Until",
        tracking=True,
        help="Last day of the hold; empty, it stays until it is released.",
    )
    reason_id = fields.Many2one(
        "dunning.reason", check_company=True, tracking=True, ondelete="restrict"
    )
    note = fields.Text()
    origin = fields.Selection(
        [
            ("manual", "By Hand"),
            ("promise", "Promise to Pay"),
            ("dispute", "Dispute"),
            ("insolvency", "Insolvency"),
            ("litigation", "Litigation"),
        ],
        required=True,
        default="manual",
        readonly=True,
    )
    date_released = fields.Date(string="Released on", readonly=True, copy=False)
    released_user_id = fields.Many2one(
        "res.users",
        string="Released by",
        readonly=True,
        copy=False,
        ondelete="restrict",
    )
    state = fields.Selection(
        [("active", "Active"), ("ended", "Ended"), ("released", "Released")],
        string="Status",
        compute="_compute_state",
        search="_search_state",
    )

    # === Constraints and indexes === #
    _amount_not_negative = models.Constraint(
        "CHECK(amount >= 0)", "The amount on hold cannot be negative."
    )
    _active_idx = models.Index("(company_id, partner_id) WHERE date_released IS NULL")

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("move_line_ids")
    def _compute_scope(self):
        for hold in self:
            # A hold on items remains one when its last item is gone.
            if hold.move_line_ids or hold.scope == "items":
                hold.scope = "items"
            else:
                hold.scope = "customer"

    @api.depends("move_line_ids")
    def _compute_move_ids(self):
        for hold in self:
            hold.move_ids |= hold.move_line_ids.move_id

    @api.depends("move_line_ids", "company_id")
    def _compute_currency_id(self):
        for hold in self:
            owed = {} if hold._origin or hold.move_line_ids else hold._get_owed()
            hold.currency_id = (
                hold.move_line_ids.currency_id[:1]
                or max(owed, key=owed.get, default=hold.currency_id)
                or hold.company_id.currency_id
            )

    @api.depends("date_end", "date_released")
    def _compute_state(self):
        for hold in self:
            today = hold.company_id._dunning_today()
            if hold.date_released:
                hold.state = "released"
            elif hold.date_end and hold.date_end < today:
                hold.state = "ended"
            else:
                hold.state = "active"

    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = self.env.company._dunning_today()
        domains = {
            "released": [("date_released", "!=", False)],
            "ended": [("date_released", "=", False), ("date_end", "<", today)],
            "active": [
                ("date_released", "=", False),
                "|",
                ("date_end", "=", False),
                ("date_end", ">=", today),
            ],
        }
        return fields.Domain.OR(domains[state] for state in value if state in domains)

    @api.depends("partner_id", "date_end")
    def _compute_display_name(self):
        for hold in chain(*self._by_rights_on_customer()):
            hold.display_name = self.env._("Hold: %s", hold.partner_id.display_name)

    @api.onchange("partner_id")
    def _onchange_partner_id(self):
        # Only of what is typed: holds that follow their items keep what they say.
        self._compute_currency_id()

    # ------------------------------------------------------------------
    # CONSTRAINT METHODS
    # ------------------------------------------------------------------

    @api.constrains(
        "move_line_ids", "partner_id", "company_id", "currency_id", "amount"
    )
    def _check_items(self) -> None:
        """Refuse items of several customers or companies.

        :raise ValidationError: saying what to take out
        """
        if is_following(self.env):
            return
        for hold in self:
            lines = hold.move_line_ids
            if any(
                line.company_id != hold.company_id
                or line.partner_id.commercial_partner_id != hold.partner_id
                for line in lines
            ):
                raise ValidationError(
                    self.env._(
                        "A hold covers items of one customer and one company: take "
                        "out those of others."
                    )
                )
            whole = hold.amount and hold.scope == "customer"
            owed = hold._get_owed() if whole else {}
            if owed and hold.currency_id not in owed:
                raise ValidationError(
                    self.env._(
                        "Nothing is open in %s: the amount would keep nothing out. "
                        "Choose the currency in which the customer owes.",
                        hold.currency_id.name,
                    )
                )
            if hold.amount and lines.currency_id - hold.currency_id:
                raise ValidationError(
                    self.env._(
                        "An amount can only be held on items in its own currency: "
                        "make one hold for each currency."
                    )
                )

    @api.constrains("date_end")
    def _check_date_end(self):
        for hold in self:
            if hold.date_end and hold.date_end < hold.company_id._dunning_today():
                raise ValidationError(
                    self.env._("A hold cannot end in the past: choose a later date.")
                )

    # ------------------------------------------------------------------
    # CRUD METHODS
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS 'base': open actions follow
        self._check_new(vals_list)
        for vals in vals_list:
            self._check_not_negative(vals)
        holds = super().create(vals_list)
        holds._refresh_actions()
        return holds

    def write(self, vals):
        # EXTENDS 'base': open actions follow; what is released stays so
        if not self.env.su and not all(map(self._is_side_field, vals)):
            self._check_editable(vals)
            self._check_not_released()
        self._check_not_negative(vals)
        result = super().write(vals)
        self._refresh_actions()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_recorded(self):
        raise UserError(
            self.env._("A hold is part of the customer's history: release it instead.")
        )

    def _get_editable_fields(self):
        # OVERRIDES 'dunning.protected'
        if not self:
            return EDITABLE_FIELDS | {"partner_id", "company_id"}
        return EDITABLE_FIELDS

    @api.model
    def _check_not_negative(self, vals):
        # Said before the database says so: what follows would be an error.
        if (vals.get("amount") or 0) < 0:
            raise ValidationError(
                self.env._("The amount on hold cannot be negative: correct it.")
            )

    def _check_not_released(self):
        if self.filtered("date_released"):
            raise UserError(
                self.env._("A released hold cannot be changed: make a new one.")
            )

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_release(self) -> bool:
        """End the holds today: their items are dunned again from the next run on.

        :return: True
        """
        self.check_access("write")
        for company, holds in self.grouped("company_id").items():
            # Users may not write the release themselves.
            holds_sudo = holds.sudo().filtered(lambda hold: not hold.date_released)
            holds_sudo.write(
                {
                    "date_released": company._dunning_today(),
                    "released_user_id": self.env.user._dunning_get_staff().id,
                }
            )
        return True

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _get_owed(self) -> dict:
        """Return what the customer owes, by the currencies in which it does, in that of
        the company."""
        self.ensure_one()
        # Whoever keeps a customer out need not read the ledger.
        lines_sudo = self.env["account.move.line"].sudo()
        customer = self.partner_id._origin.commercial_partner_id
        rows = lines_sudo._read_group(
            [
                *customer._dunning_get_open_domain(),
                ("company_id", "=", self.company_id.id),
                ("partner_id.commercial_partner_id", "in", customer.ids),
            ],
            ["currency_id"],
            ["amount_residual:sum"],
        )
        return {currency.with_env(self.env): amount for currency, amount in rows}

    def _refresh_actions(self):
        """Let the open actions of the customers shrink or come back."""
        for company, holds in self.grouped("company_id").items():
            self.env["dunning.ledger"]._customers_changed(company, holds.partner_id)
