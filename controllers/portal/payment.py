from typing import NamedTuple

from odoo import models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.http import request
from odoo.tools import hash_sign

from .frame import DunningPortal, Visit, page
from .visit import read_number

SCOPE = "account_dunning.portal.payment"
# Time to fill in the form.
HOURS = 2
# Numbers that a transfer quotes; banks have room for 140 characters.
MOST_QUOTED = 4
# Of Odoo's payment form.
FLOWS = ("redirect", "direct", "token")


class Bill(NamedTuple):
    """What a visitor is about to pay.

    :param items_sudo: journal items of one currency and one account, the oldest first
    :param amount: without what credits cover when it is all that is due
    :param is_due: all that a reminder would claim, rather than items that were chosen
    :param saved: early payment discounts, which are taken off
    """

    items_sudo: models.BaseModel
    amount: float
    is_due: bool
    saved: float = 0.0

    @property
    def currency(self) -> models.BaseModel:
        """The currency of the items."""
        return self.items_sudo.currency_id

    def get_reference(self) -> str:
        """Return what a transfer quotes."""
        numbers = list(
            dict.fromkeys(line._dunning_get_number() for line in self.items_sudo)
        )
        if len(numbers) <= MOST_QUOTED:
            return ", ".join(numbers)
        more = len(numbers) - MOST_QUOTED
        return f"{', '.join(numbers[:MOST_QUOTED])} +{more}"


class DunningPayment(DunningPortal):
    """Paying all that is due, or items that were chosen."""

    # ------------------------------------------------------------------
    # PAGES
    # ------------------------------------------------------------------

    @page("/pay")
    def dunning_pay(self, visit: Visit, currency: str = "", **_values: str):
        """Show how to pay all that is due in a currency, or the items that the address
        names.

        :param currency: its id, where all that is due is to be paid
        """
        ids = request.httprequest.args.getlist("item")
        try:
            bill = self._get_bill(visit, ids, currency)
        except UserError as error:
            visit.tell(error.args[0])
            return visit.redirect()
        values = self._prepare_payment(visit, bill)
        return visit.render("account_dunning.portal_pay", values)

    @page("/transaction", type="jsonrpc", methods=["POST"])
    def dunning_transaction(self, visit: Visit, access_token: str, **values: object):
        """Begin a payment through a provider.

        :param access_token: what is paid, as the page was shown
        :return: what the provider's form needs
        :raise ValidationError: the amount is another one by now, or such a payment is
            not possible
        """
        self._validate_transaction_kwargs(values, ("payment_reference",))
        signed = visit.env_sudo["dunning.portal"]._verify(SCOPE, access_token)
        bill = signed and self._read_bill(visit, signed)
        if not bill:
            raise ValidationError(
                request.env._(
                    "What is open has changed meanwhile: please load the page again."
                )
            )
        self._check_means(visit, bill, values)
        self._count(visit, "payment")
        # The client has no say in these.
        for name in ("amount", "landing_route", "is_validation", "payment_reference"):
            values.pop(name, None)
        if not visit.is_logged_in:
            values["tokenization_requested"] = False
        transaction_sudo = self._create_transaction(
            amount=bill.amount,
            currency_id=bill.currency.id,
            partner_id=visit.customer_sudo.id,
            landing_route=visit.url("/pay/done"),
            reference_prefix=self._get_prefix(visit, bill),
            custom_create_values={
                "invoice_ids": [Command.set(self._get_invoices(bill).ids)],
                "dunning_item_ids": [Command.set(bill.items_sudo.ids)],
            },
            **values,
        )
        return transaction_sudo._get_processing_values()

    @page("/pay/done")
    def dunning_pay_done(self, visit: Visit, **_values: str):
        """Tell what became of a payment, on the statement."""
        transaction_sudo = visit.env_sudo["payment.transaction"].browse(
            request.session.get("__payment_monitored_tx_id__") or ()
        )
        if transaction_sudo.exists().partner_id == visit.customer_sudo:
            visit.tell(self._tell_paid(transaction_sudo))
        return visit.redirect()

    # ------------------------------------------------------------------
    # WHAT IS PAID
    # ------------------------------------------------------------------

    def _get_bill(self, visit, ids, currency):
        """Return what is to be paid.

        :param ids: of the items that were chosen
        :param currency: id, where all that is due is to be paid
        :raise UserError: that cannot be paid, or not together
        """
        statement = visit.env_sudo["dunning.portal.statement"]
        if ids:
            items_sudo = visit.get_items(ids)
            amount = sum(items_sudo.mapped("amount_residual_currency"))
        else:
            currency_id = read_number(currency)
            items_sudo = statement._find_due(visit.customer_sudo, currency_id)
            amount = self._get_due(visit, currency_id)
        bill = Bill(items_sudo, amount, is_due=not ids)
        self._check_bill(bill)
        bill = self._take_discounts(bill)
        if statement._is_under_way(items_sudo):
            raise UserError(
                request.env._(
                    "A payment of these items is being processed: please wait until it "
                    "is done, so that nothing is paid twice."
                )
            )
        return bill

    def _take_discounts(self, bill):
        """Return the bill without early payment discounts, where all of its items are
        paid: who pays less, with credits or because a part is on hold, has none."""
        left = sum(bill.items_sudo.mapped("amount_residual_currency"))
        rounded = bill.currency.round
        if bill.currency.compare_amounts(bill.amount, left):
            return bill._replace(amount=rounded(bill.amount))
        price = bill.items_sudo._dunning_get_price()
        return bill._replace(amount=rounded(price), saved=rounded(left - price))

    def _get_due(self, visit, currency_id):
        balances = visit.env_sudo["dunning.portal.statement"]._get_balances(
            visit.customer_sudo
        )
        return sum(
            balance["to_pay"]
            for balance in balances
            if balance["currency"].id == currency_id
        )

    def _check_bill(self, bill):
        if not bill.items_sudo or bill.amount <= 0:
            raise UserError(
                request.env._("There is nothing to pay: please choose open items.")
            )
        if len(bill.currency) > 1:
            raise UserError(
                request.env._(
                    "Items in several currencies are paid one currency after the "
                    "other: please choose those of one."
                )
            )
        if len(bill.items_sudo.account_id) > 1:
            raise UserError(
                request.env._(
                    "These items stand on different accounts of our books and cannot "
                    "be paid together: please choose fewer of them."
                )
            )

    def _sign_bill(self, visit, bill):
        """Return the token of what the page shows, for the payment that follows."""
        return hash_sign(
            visit.env_sudo,
            SCOPE,
            [
                visit.customer_sudo.id,
                visit.company_sudo.id,
                bill.currency.id,
                [] if bill.is_due else bill.items_sudo.ids,
                bill.amount,
            ],
            expiration_hours=HOURS,
        )

    def _read_bill(self, visit, signed):
        """Return what was shown, None unless it is the same by now."""
        partner_id, company_id, currency_id, ids, amount = signed
        if [partner_id, company_id] != [visit.customer_sudo.id, visit.company_sudo.id]:
            return None
        try:
            bill = self._get_bill(visit, ids, "" if ids else str(currency_id))
        except UserError as error:
            raise ValidationError(error.args[0]) from error
        same = bill.currency.compare_amounts(bill.amount, amount) == 0
        return bill if same else None

    # ------------------------------------------------------------------
    # HOW IT IS PAID
    # ------------------------------------------------------------------

    def _prepare_payment(self, visit, bill):
        """Return the values for the page."""
        customer_sudo, company_sudo = visit.customer_sudo, visit.company_sudo
        moves_sudo = bill.items_sudo.move_id
        accounts_sudo = company_sudo._dunning_get_bank_accounts(moves_sudo)
        accounts_sudo = accounts_sudo._dunning_filter_useful(
            customer_sudo, company_sudo
        )
        reference = bill.get_reference()
        code = accounts_sudo[:1] and accounts_sudo[:1]._dunning_draw_payment_code(
            bill.amount, bill.currency, reference, customer_sudo
        )
        statement = visit.env_sudo["dunning.portal.statement"]
        return {
            "bill": bill,
            "reference": reference,
            "accounts": accounts_sudo,
            "code": code,
            "talk_to": statement._get_contact(customer_sudo),
            **self._get_means(visit, bill),
            "mode": "payment",
            "amount": bill.amount,
            "currency": bill.currency,
            "partner_id": customer_sudo.id,
            "transaction_route": visit.url("/transaction"),
            "landing_route": visit.url("/pay/done"),
            "access_token": self._sign_bill(visit, bill),
        }

    def _get_means(self, visit, bill):
        """Return what the payment form offers. What was saved for later payments is
        for those who are logged in: a link may be in other hands."""
        customer_sudo, company_sudo = visit.customer_sudo, visit.company_sudo
        env_sudo = visit.env_sudo
        providers_sudo = env_sudo["payment.provider"]._get_compatible_providers(
            company_sudo.id,
            customer_sudo.id,
            bill.amount,
            currency_id=bill.currency.id,
        )
        methods_sudo = env_sudo["payment.method"]._get_compatible_payment_methods(
            providers_sudo.ids, customer_sudo.id, currency_id=bill.currency.id
        )
        tokens_sudo = env_sudo["payment.token"]
        if visit.is_logged_in:
            tokens_sudo = tokens_sudo._get_available_tokens(
                providers_sudo.ids, customer_sudo.id
            )
        tokenize = self._compute_show_tokenize_input_mapping(providers_sudo)
        return {
            "providers_sudo": providers_sudo,
            "payment_methods_sudo": methods_sudo,
            "tokens_sudo": tokens_sudo,
            "show_tokenize_input_mapping": {
                id_: shown and visit.is_logged_in for id_, shown in tokenize.items()
            },
        }

    def _check_means(self, visit, bill, values):
        """Refuse means that the page did not offer.

        :raise ValidationError: as a page that is out of date
        """
        means = self._get_means(visit, bill)
        flow = values.get("flow")
        offered = flow in FLOWS and (
            values.get("provider_id") in means["providers_sudo"].ids
        )
        if flow == "token":
            offered = offered and values.get("token_id") in means["tokens_sudo"].ids
        else:
            method_id = values.get("payment_method_id")
            offered = offered and method_id in means["payment_methods_sudo"].ids
        if not offered:
            raise ValidationError(
                request.env._("This cannot be used to pay here: please choose another.")
            )

    def _get_prefix(self, visit, bill):
        """Return the reference of the payment for the bank statement."""
        if len(bill.items_sudo) == 1:
            return bill.items_sudo._dunning_get_number()
        return visit.company_sudo.get_next_batch_payment_communication()

    def _get_invoices(self, bill):
        """Return the invoices that are told of the payment."""
        return bill.items_sudo.move_id.filtered(
            lambda move: move.is_sale_document(include_receipts=True)
        )

    def _tell_paid(self, transaction_sudo):
        env = request.env
        if transaction_sudo.state == "done":
            return env._("Thank you! Your payment has arrived and is booked.")
        if transaction_sudo.state in ("pending", "authorized"):
            return env._("Thank you! Your payment is being processed.")
        return env._("Nothing was paid. You can try again, or pay by transfer.")
