from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ...tools.words import SAME_COMPANY


class DunningWithholdingDialog(models.AbstractModel):
    """What the dialogs that make a promise or a dispute share: the items, of one
    customer and currency, wherever the dialog is opened from."""

    _name = "dunning.withholding.dialog"
    _description = "Dialog about Open Items"
    _inherit = ["dunning.guarded"]

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    partner_id = fields.Many2one(
        "res.partner", string="Customer", required=True, domain=SAME_COMPANY
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(
        "res.currency",
        compute="_compute_currency_id",
        store=True,
        readonly=False,
        precompute=True,
    )
    currency_ids = fields.Many2many(
        "res.currency", string="Currencies", compute="_compute_currency_ids"
    )
    move_line_ids = fields.Many2many(
        "account.move.line",
        string="Invoices",
        compute="_compute_move_line_ids",
        store=True,
        readonly=False,
        precompute=True,
        domain="[('account_type', '=', 'asset_receivable'),"
        " ('parent_state', '=', 'posted'), ('reconciled', '=', False),"
        " ('amount_residual_currency', '>', 0),"
        " ('partner_id', 'child_of', partner_id), ('company_id', '=', company_id),"
        " ('currency_id', '=', currency_id)]",
    )
    amount_available = fields.Monetary(
        string="Can Be Covered",
        compute="_compute_amount_available",
        help="What these invoices leave to pay and nothing covers yet.",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        default=lambda self: self.env.user,
        domain="[('share', '=', False)]",
    )

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("partner_id", "company_id")
    def _compute_currency_ids(self):
        for dialog in self:
            dialog.currency_ids = dialog._get_open_items().currency_id

    @api.depends("partner_id", "company_id")
    def _compute_currency_id(self):
        for dialog in self:
            items = dialog._get_proposed_items() or dialog._get_open_items()
            amounts = {
                currency: sum(own.mapped("amount_residual"))
                for currency, own in items.grouped("currency_id").items()
            }
            dialog.currency_id = max(
                amounts, key=amounts.get, default=dialog.company_id.currency_id
            )

    @api.depends("currency_id")
    def _compute_move_line_ids(self):
        for dialog in self:
            dialog.move_line_ids = dialog._get_proposed_items().filtered(
                lambda line, currency=dialog.currency_id: line.currency_id == currency
            )

    @api.depends("move_line_ids")
    def _compute_amount_available(self):
        for dialog in self:
            available = dialog._get_available(dialog.move_line_ids._origin)
            dialog.amount_available = sum(available.values())

    # ------------------------------------------------------------------
    # CRUD METHODS
    # ------------------------------------------------------------------

    @api.model
    def default_get(self, fields):
        # EXTENDS 'base': whom the records are about from which the dialog is opened
        values = super().default_get(fields)
        items = self._get_context_items()
        if items:
            company, partner = items.company_id, items.partner_id.commercial_partner_id
            if len(company) > 1 or len(partner) > 1:
                raise UserError(
                    self.env._("Select invoices of one customer and one company.")
                )
            values |= {"company_id": company.id, "partner_id": partner.id}
        elif self.env.context.get("active_model") == "res.partner":
            partner = self.env["res.partner"].browse(
                self.env["dunning.guard"]._get_context_ids("active_id")
            )
            values["partner_id"] = partner.commercial_partner_id.id
        return values

    def _dunning_clean_onchange(self, values, names):
        # EXTENDS 'account_dunning': nothing is worked out without company and
        # currency, so that those proposed count while another one is chosen
        empty = {x for x in ("company_id", "currency_id") if not values.get(x, True)}
        values = {name: values[name] for name in values if name not in empty}
        names = [name for name in names if name not in empty]
        return super()._dunning_clean_onchange(values, names)

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    @api.model
    def _get_context_items(self):
        """Return the open items of the records from which the dialog is opened."""
        # Computes ask for them elevated, and a context names what it likes.
        env = self.env(su=False)
        items = env["account.move.line"]
        ids = env["dunning.guard"]._get_context_ids("active_ids")
        match env.context.get("active_model"):
            case "account.move":
                items = env["account.move"].browse(ids).line_ids
            case "account.move.line":
                items = items.browse(ids)
            case "dunning.item":
                items = env["dunning.item"].browse(ids).move_line_id
            case "dunning.action":
                actions = env["dunning.action"].browse(ids)
                items = items.union(
                    *(action._get_content_lines().move_line_id for action in actions)
                )
        return items.filtered(lambda line: line._dunning_is_item())._dunning_get_open()

    def _get_proposed_items(self):
        """Return the items the dialog opens with: those of the records from which it
        is opened, else what the customer has overdue, else all that is open; of these,
        what is covered as a whole already only where everything is."""
        self.ensure_one()
        items = self._get_context_items()
        if (
            items.company_id == self.company_id
            and items.partner_id.commercial_partner_id == self.partner_id._origin
        ):
            return items
        today = self.company_id._dunning_today()
        items = self.env["dunning.plan"]._get_followed(self._get_open_items())
        items = self._filter_coverable(items) or items
        return (
            items.filtered(lambda line: (line.date_maturity or line.date) < today)
            or items
        )

    def _filter_coverable(self, items):
        """Return those of the items of which something may be covered."""
        available = self._get_available(items)
        return items.filtered(
            lambda item: item.currency_id.compare_amounts(available[item], 0) > 0
        )

    def _get_open_items(self) -> models.BaseModel:
        """Return what the customer has open, the oldest first."""
        self.ensure_one()
        if not self.partner_id:
            return self.env["account.move.line"]
        items = self.env["account.move.line"].search(
            [
                ("partner_id", "child_of", self.partner_id._origin.id),
                ("company_id", "=", self.company_id.id),
                ("account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
                ("reconciled", "=", False),
            ],
            order="date_maturity, id",
        )
        return items.filtered(lambda line: line._dunning_is_item())._dunning_get_open()

    def _get_available(self, items: models.BaseModel) -> dict:
        """Return what may be covered of each item.

        :param items: journal items
        """
        return self.env["dunning.withholding"]._get_available(items)

    def _prepare_record(self) -> dict:
        """Return the values of the promise or dispute."""
        self.ensure_one()
        return {
            "partner_id": self.partner_id.id,
            "company_id": self.company_id.id,
            "currency_id": self.currency_id.id,
            "move_line_ids": [Command.set(self.move_line_ids.ids)],
            "user_id": self.user_id.id,
        }
