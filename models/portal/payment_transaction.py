from odoo import fields, models

from ...tools.words import READERS

# On how many invoices it is told that they were paid together.
MOST_TOLD = 25
UNDER_WAY = ("pending", "authorized")


class PaymentTransaction(models.Model):
    """A payment from a customer's own page: of items that were chosen, invoices or not,
    instalments or whole."""

    _inherit = "payment.transaction"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    dunning_item_ids = fields.Many2many(
        "account.move.line",
        "dunning_transaction_item_rel",
        string="Items Paid",
        readonly=True,
        copy=False,
        groups=READERS,
        help="Chosen on the customer's own page.",
    )

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _dunning_get_items(self):
        # Whoever has payments processed need not read dunning.
        items_sudo = self.sudo().dunning_item_ids
        return items_sudo.sudo(self.env.su)

    def _create_payment(self, **extra_create_values):
        # EXTENDS 'account_payment': it pays the items that were chosen, the oldest
        # first, not whatever else is open on their invoices
        chosen = self._dunning_get_items()
        if not chosen:
            return super()._create_payment(**extra_create_values)
        items = self._dunning_get_payable(chosen)
        moves = self.invoice_ids
        self.invoice_ids = False
        account = items.account_id or chosen[:1].account_id
        discounts = self._dunning_prepare_discounts(items) if items == chosen else []
        payment = super()._create_payment(
            **{
                "invoice_ids": moves & items.move_id,
                "destination_account_id": account.id,
                **({"write_off_line_vals": discounts} if discounts else {}),
                **extra_create_values,
            }
        )
        self.invoice_ids = moves
        # What was paid otherwise meanwhile leaves a credit of the customer.
        paying = payment.move_id.line_ids.filtered(
            lambda line: line.account_id == account
        )
        withheld = items.browse()
        if paying and items:
            withheld = self._dunning_get_withheld(items)
        # What is on hold stays open where it is on hold.
        for part in (items - withheld, withheld):
            lines = (paying + part).filtered(lambda line: not line.reconciled)
            if lines - part and part:
                lines.reconcile()
        return payment

    def _dunning_get_payable(self, items):
        """Return those of the items that can still be paid together: invoices may be
        cancelled, moved or given to others while a payment is on its way."""
        customer = self.partner_id.commercial_partner_id
        payable = items.filtered(
            lambda item: (
                item.parent_state == "posted"
                and item.partner_id.commercial_partner_id == customer
            )
        )
        return payable.filtered(lambda item: item.account_id == payable[:1].account_id)

    def _dunning_prepare_discounts(self, items):
        """Return the values of the journal items that write off the early payment
        discounts which the payment has taken when it was begun."""
        day = self.company_id._dunning_get_local(self.create_date).date()
        taken = items.filtered(
            lambda item: item._dunning_get_discounted(day) is not None
        )
        price = items._dunning_get_price(day)
        if not taken or self.currency_id.compare_amounts(self.amount, price):
            return []
        matched = [
            {
                "aml": item,
                "amount_currency": -item.amount_residual_currency,
                "balance": -item.balance,
            }
            for item in taken
        ]
        written_off = sum(item.balance - item.discount_balance for item in taken)
        moves = self.env["account.move"]
        found = moves._get_invoice_counterpart_amls_for_early_payment_discount(
            matched, written_off
        )
        partner = self.partner_id.commercial_partner_id
        return [
            {**values, "partner_id": partner.id}
            for parts in found.values()
            for values in parts
        ]

    def _dunning_get_withheld(self, items):
        """Return those of the items of which a part is not claimed."""
        company = items.company_id
        customers = items.partner_id.commercial_partner_id
        # Whoever has payments processed need not read dunning.
        statement_sudo = self.env["dunning.portal.statement"].sudo()
        rows = statement_sudo._get_plan_rows(
            company._dunning_scope(partners=customers.ids)
        )
        kept = {row["id"] for row in rows if row["unclaimed"]}
        return items.filtered(lambda item: item.id in kept)

    def _get_invoices_to_notify(self):
        # EXTENDS 'account_payment': a message on each of thousands tells nobody more
        invoices = super()._get_invoices_to_notify()
        return invoices[:MOST_TOLD] if self._dunning_get_items() else invoices


class DunningPortalStatement(models.AbstractModel):
    """What of the statement can be paid."""

    _inherit = "dunning.portal.statement"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _find_due(
        self, customer_sudo: models.BaseModel, currency_id: int
    ) -> models.BaseModel:
        """Return the items that a reminder would claim in a currency, in order."""
        scope = self.env.company._dunning_scope(partners=customer_sudo.ids)
        ids = self._get_claimed_ids(scope, currency_id)
        return self._find_items(customer_sudo, fields.Domain("id", "in", ids))

    def _get_claimed_ids(self, scope, currency_id):
        """Return the ids of the items of which something is claimed."""
        rows = self._get_plan_rows(scope)
        return [
            row["id"]
            for row in rows
            if row["currency_id"] == currency_id
            and row["days_late"] > 0
            and row["unclaimed"] < row["residual"]
        ]

    def _is_under_way(self, items: models.BaseModel) -> bool:
        """Return whether a payment of some of the items is being processed."""
        # Customers read no payments.
        transactions_sudo = self.env["payment.transaction"].sudo()
        about = fields.Domain("dunning_item_ids", "in", items.ids) | fields.Domain(
            # Begun on the page of an invoice.
            [("dunning_item_ids", "=", False), ("invoice_ids", "in", items.move_id.ids)]
        )
        running = fields.Domain("state", "in", UNDER_WAY) | fields.Domain(
            # It is paid, which the ledger is told of in the next minutes.
            [("state", "=", "done"), ("is_post_processed", "=", False)]
        )
        # Of a transfer that somebody has announced nothing is known.
        known = fields.Domain("provider_code", "not in", ("none", "custom"))
        domain = about & running & known
        return bool(transactions_sudo.search_count(domain, limit=1))
