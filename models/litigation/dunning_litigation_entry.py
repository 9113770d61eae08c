from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ...tools.doubtful import split

ENTRIES = [
    ("doubtful", "Transfer to Doubtful Receivables"),
    ("provision", "Provision"),
    ("write_off", "Write-off"),
]
# What takes the amount off its account: one of them at a time.
TAKING = ("doubtful", "write_off")
# What each needs to be set, by the field of the company.
NEEDED = {
    "doubtful": ("dunning_doubtful_account_id",),
    "provision": ("dunning_provision_account_id", "dunning_provision_expense_id"),
    "write_off": ("dunning_loss_account_id",),
}
# With Odoo's invoicing alone, administrators are the accountants: nobody else is one.
ACCOUNTANTS = "account.group_account_user,account.group_account_manager"


class DunningLitigation(models.Model):
    """Entries prepared for an accountant: doubtful receivables, provision, write-off.
    They are drafts that people look at and post; nothing is posted here. What is posted
    is reconciled with what it was prepared of: as a credit that nobody has allocated it
    would be taken off what the customer owes once more."""

    _inherit = "dunning.litigation"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    doubtful_move_id = fields.Many2one(
        "account.move",
        string="Transfer",
        readonly=True,
        copy=False,
        ondelete="set null",
    )
    provision_move_id = fields.Many2one(
        "account.move",
        string="Provision",
        readonly=True,
        copy=False,
        ondelete="set null",
    )
    write_off_move_id = fields.Many2one(
        "account.move",
        string="Write-off",
        readonly=True,
        copy=False,
        ondelete="set null",
    )

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _create_entry(self, kind, date, rate=100) -> models.BaseModel:
        """Prepare a draft entry about what is left.

        :param kind: one of ``ENTRIES``
        :param date: of the entry
        :param rate: of a provision, in percent of what is left without taxes
        :return: ``account.move``
        :raise UserError: an account is not set, a draft waits, or nothing is left
        """
        self.ensure_one()
        self._check_entry(kind)
        move = self.env["account.move"].create(
            {
                "move_type": "entry",
                "company_id": self.company_id.id,
                "journal_id": self._get_entry_journal().id,
                "date": date,
                "currency_id": self.currency_id.id,
                "ref": self._get_entry_ref(kind),
                "line_ids": [
                    Command.create(values)
                    for values in self._prepare_entry_lines(kind, rate)
                ],
            }
        )
        # What the system knows of a litigation is its own to write.
        self.sudo()[f"{kind}_move_id"] = move
        return move

    @api.model
    def _find_taken(self, moves):
        """Return what transfers and write-offs take from the items that they were
        prepared of: pairs of a litigation, elevated, and journal items.

        :param moves: ``account.move``
        """
        # Who posts an entry need not have rights on dunning.
        litigations_sudo = self.sudo().search(
            fields.Domain("doubtful_move_id", "in", moves.ids)
            | fields.Domain("write_off_move_id", "in", moves.ids)
        )
        for litigation_sudo in litigations_sudo:
            prepared_sudo = (
                litigation_sudo.doubtful_move_id | litigation_sudo.write_off_move_id
            )
            taken_sudo = (prepared_sudo & moves).line_ids.filtered(
                lambda line: line.balance < 0 and not line.reconciled
            )
            yield litigation_sudo, taken_sudo

    @api.model
    def _check_entries(self, moves):
        """Refuse to post what was prepared of an account on which less is left by now,
        as something was transferred or paid since: the rest would be a credit.

        :param moves: ``account.move`` that are about to be posted
        :raise UserError: naming the entry
        """
        for litigation_sudo, taken_sudo in self._find_taken(moves):
            left_sudo = litigation_sudo._get_left_items().grouped("account_id")
            for account_sudo, lines_sudo in taken_sudo.grouped("account_id").items():
                items_sudo = left_sudo.get(account_sudo, taken_sudo.browse())
                left = sum(items_sudo.mapped("amount_residual"))
                taken = -sum(lines_sudo.mapped("balance"))
                currency = lines_sudo.company_currency_id
                is_item = account_sudo.account_type == "asset_receivable"
                if is_item and currency.compare_amounts(taken, left) > 0:
                    raise UserError(
                        self.env._(
                            "Less is left on “%(account)s” than %(entry)s takes from "
                            "it: delete it, and prepare it anew.",
                            account=account_sudo.display_name,
                            entry=lines_sudo[:1].move_id.display_name,
                        )
                    )

    @api.model
    def _reconcile_entries(self, moves):
        """Reconcile transfers and write-offs with the items that they were prepared of.

        :param moves: ``account.move`` that were posted
        """
        for litigation_sudo, taken_sudo in self._find_taken(moves):
            items_sudo = litigation_sudo._get_left_items()
            # Odoo looks for such taxes of all lines, once for each item.
            plainly = not litigation_sudo._has_taxes_on_payment(items_sudo)
            items_sudo = items_sudo.with_context(no_cash_basis=plainly)
            for account_sudo, lines_sudo in taken_sudo.grouped("account_id").items():
                own_sudo = items_sudo.filtered(
                    lambda item, account=account_sudo: item.account_id == account
                )
                if own_sudo and account_sudo.reconcile:
                    self._reconcile_by_name(own_sudo, lines_sudo)

    @api.model
    def _reconcile_by_name(self, items, lines):
        """Reconcile items with the lines that bear their numbers, then what is left of
        all of them."""
        named = lines.grouped("name")
        pairs = [
            own | named[number]
            for number, own in items.grouped(lambda x: x._dunning_get_number()).items()
            if number in named
        ]
        rest = (items | lines) - items.browse().concat(*pairs)
        # A plan within a plan ends with all that it names.
        items._reconcile_plan([[*pairs, rest] if rest else pairs])

    @api.model
    def _has_taxes_on_payment(self, items):
        """Return whether invoices have taxes that are owed once they are paid."""
        # A line may have a group of taxes, and an opening entry a tax alone.
        paths = ("tax_line_id", "tax_ids", "tax_ids.children_tax_ids")
        is_on_payment = fields.Domain.OR(
            fields.Domain(f"{path}.tax_exigibility", "=", "on_payment")
            for path in paths
        )
        found = fields.Domain("move_id", "in", items.move_id.ids) & is_on_payment
        return bool(items.search_count(found, limit=1))

    def _get_entry_ref(self, kind):
        """Return the reference of an entry: what it is, and of whom."""
        label = self._fields[f"{kind}_move_id"]._description_string(self.env)
        return f"{label} – {self.partner_id.name}"

    def _check_entry(self, kind):
        """Refuse an entry that cannot be prepared.

        :raise UserError: saying what is missing
        """
        # Accountants need not have rights on dunning's settings.
        company_sudo = self.company_id.sudo()
        for name in NEEDED[kind]:
            if not company_sudo[name]:
                raise UserError(
                    self.env._(
                        "No account is set for “%s”: enter it in the settings of "
                        "dunning.",
                        company_sudo._fields[name]._description_string(self.env),
                    )
                )
        waiting = self[f"{kind}_move_id"]
        if kind in TAKING:
            waiting = self.env["account.move"].union(
                *(self[f"{taking}_move_id"] for taking in TAKING)
            )
        if waiting := waiting.filtered(lambda move: move.state == "draft")[:1]:
            raise UserError(
                self.env._(
                    "A draft waits already: %s. Post or delete it first.",
                    waiting.display_name,
                )
            )
        if self.currency_id.compare_amounts(self.amount_left, 0) <= 0:
            raise UserError(self.env._("Nothing is left of this litigation."))

    def _get_entry_journal(self):
        # Accountants need not have rights on dunning's settings.
        company_sudo = self.company_id.sudo()
        journal = company_sudo.dunning_doubtful_journal_id.sudo(self.env.su)
        return journal or self.env["account.journal"].search(
            [("type", "=", "general"), ("company_id", "=", self.company_id.id)], limit=1
        )

    def _prepare_entry_lines(self, kind, rate) -> list[dict]:
        """Return the values of the journal items of an entry."""
        match kind:
            case "doubtful":
                return self._prepare_doubtful()
            case "provision":
                return self._prepare_provision(rate)
        return self._prepare_write_off()

    def _prepare_doubtful(self):
        """What is open on ordinary accounts goes to the doubtful one, tax included."""
        # Accountants need not have rights on dunning's settings.
        account_sudo = self.company_id.sudo().dunning_doubtful_account_id
        lines = []
        for item in self._get_left_items():
            if item.account_id == account_sudo:
                continue
            amounts = item.amount_residual, item.amount_residual_currency
            name = item._dunning_get_number()
            # It is due since then, wherever it stands.
            due = {"date_maturity": item.date_maturity}
            lines.append(self._prepare_entry_line(account_sudo, name, *amounts) | due)
            lines.append(
                self._prepare_entry_line(item.account_id, name, *(-x for x in amounts))
            )
        if not lines:
            raise UserError(self.env._("All that is left is on that account already."))
        return lines

    def _prepare_provision(self, rate):
        """A share of what is left, without taxes, becomes an expense, as far as it is
        not provided for already."""
        # Accountants need not have rights on dunning's settings.
        company_sudo = self.company_id.sudo()
        lines, provided = [], {}
        for item in self._get_left_items():
            name = item._dunning_get_number()
            net, foreign, _taxes = self._split_item(item)
            # Opening balances of one label share what was provided under it.
            there = provided.get(name) or self._get_provided(name)
            wanted = (net * rate / 100, foreign * rate / 100)
            counted = [min(pair) for pair in zip(wanted, there, strict=True)]
            provided[name] = [x - y for x, y in zip(there, counted, strict=True)]
            amounts = [
                company_sudo.currency_id.round(wanted[0] - counted[0]),
                self.currency_id.round(wanted[1] - counted[1]),
            ]
            if min(amounts) <= 0:
                continue
            lines.append(
                self._prepare_entry_line(
                    company_sudo.dunning_provision_expense_id, name, *amounts
                )
            )
            lines.append(
                self._prepare_entry_line(
                    company_sudo.dunning_provision_account_id,
                    name,
                    *(-x for x in amounts),
                )
            )
        if not lines:
            raise UserError(self.env._("As much is provided for already."))
        return lines

    def _get_provided(self, name):
        """Return what posted entries have provided for an item, less what was taken
        back, in company currency and in its own.

        :param name: the number of the item
        """
        # Accountants need not have rights on dunning's settings.
        account_sudo = self.company_id.sudo().dunning_provision_account_id
        lines = self.env["account.move.line"].search(
            [
                ("account_id", "=", account_sudo.id),
                ("partner_id", "=", self.partner_id.id),
                ("currency_id", "=", self.currency_id.id),
                ("parent_state", "=", "posted"),
                ("company_id", "=", self.company_id.id),
                ("name", "=", name),
            ]
        )
        return -sum(lines.mapped("balance")), -sum(lines.mapped("amount_currency"))

    def _prepare_write_off(self):
        """What is left becomes a loss; taxes are taken back where that is set."""
        # Accountants need not have rights on dunning's settings.
        company_sudo = self.company_id.sudo()
        lines = []
        for item in self._get_left_items():
            name = item._dunning_get_number()
            net, foreign, taxes = self._split_item(item)
            if not company_sudo.dunning_vat_recovery:
                net, foreign = item.amount_residual, item.amount_residual_currency
                taxes = {}
            loss_sudo = company_sudo.dunning_loss_account_id
            lines.append(self._prepare_entry_line(loss_sudo, name, net, foreign))
            lines += [
                self._prepare_entry_line(account, name, *amounts)
                for account, amounts in taxes.items()
            ]
            lines.append(
                self._prepare_entry_line(
                    item.account_id,
                    name,
                    -item.amount_residual,
                    -item.amount_residual_currency,
                )
            )
        return lines

    def _get_left_items(self):
        """Return the items on which something is left."""
        return self._get_ordered_items().filtered(
            lambda item: (
                item.parent_state == "posted" and item.amount_residual_currency > 0
            )
        )

    def _split_item(self, item):
        """Return what is left of an item without taxes, in company currency and in its
        own, and the same of each tax by its account."""
        move = (self._get_origin(item) or item).move_id
        tax_lines = move.line_ids.filtered("tax_line_id")
        total = abs(move.amount_total_signed) if move.is_invoice() else 0
        total_currency = abs(move.amount_total) if move.is_invoice() else 0
        digits = self.company_id.currency_id.decimal_places
        net, taxes = split(
            item.amount_residual,
            total,
            [(line.account_id, -line.balance) for line in tax_lines],
            digits,
        )
        foreign, foreign_taxes = split(
            item.amount_residual_currency,
            total_currency,
            [(line.account_id, -line.amount_currency) for line in tax_lines],
            self.currency_id.decimal_places,
        )
        return (
            net,
            foreign,
            {
                account: (amount, foreign_taxes[account])
                for account, amount in taxes.items()
            },
        )

    def _get_origin(self, item):
        """Return the item in the place of which one stands on the account of doubtful
        debts: the one that it names, or that was moved there alone; of instalments of
        the same invoice the first."""
        if item not in self.transferred_line_ids:
            return item
        found = self._find_transferred(self.move_line_ids)
        origins = item.browse(id_ for id_, ids in found.items() if item.id in ids)
        named = origins.filtered(lambda x: x._dunning_get_number() == item.name)
        origins = named or origins
        return origins[:1] if len(origins.move_id) == 1 else item.browse()

    def _prepare_entry_line(self, account, name, balance, amount_currency):
        return {
            "account_id": account.id,
            "partner_id": self.partner_id.id,
            "name": name,
            "currency_id": self.currency_id.id,
            "balance": balance,
            "amount_currency": amount_currency,
        }
