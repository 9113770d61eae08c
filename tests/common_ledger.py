from datetime import date as Date
from datetime import datetime, timedelta
from unittest.mock import patch

from freezegun import configure, freeze_time

from odoo import Command, fields

from odoo.addons.account.tests.common import AccountTestInvoicingCommon

# The log keeps the real time, from which the duration of tests is read.
configure(extend_ignore_list=["logging"])


class LedgerCommon(AccountTestInvoicingCommon):
    """A company in Paris that works from Monday to Friday, on a day that tests move.

    How it works: the clock stands still at noon of :attr:`today`, a Monday;
    :meth:`_go_to` moves it, and each test begins at :attr:`today` again. Days are
    given as a date, as text, or as a number of days from :attr:`today`: the same
    number is a due date before it, or a run after it.
    """

    today = Date(2026, 3, 2)

    @classmethod
    def setUpClass(cls):
        cls.clock = cls.startClassPatcher(freeze_time(cls._noon(cls.today)))
        super().setUpClass()
        cls.env.company.write({"name": "Dunning Company", "email": "us@example.com"})
        cls.company.partner_id.tz = "Europe/Paris"
        cls.company.resource_calendar_id.tz = "Europe/Paris"
        cls.customer = cls._create_customer("Customer")

    def setUp(self):
        super().setUp()
        self._go_to(self.today)

    # ------------------------------------------------------------------
    # TIME
    # ------------------------------------------------------------------

    @staticmethod
    def _noon(day):
        return datetime(day.year, day.month, day.day, 11)

    @classmethod
    def _day(cls, day):
        """Return a date given as such, as text, or in days from ``today``."""
        if isinstance(day, int) and not isinstance(day, bool):
            return cls.today + timedelta(days=day)
        return fields.Date.to_date(day)

    def _go_to(self, day):
        """Set the clock.

        :param day: a day, at noon; or a ``datetime`` in UTC
        """
        moment = day if isinstance(day, datetime) else self._noon(self._day(day))
        self.clock.move_to(moment)

    # ------------------------------------------------------------------
    # COMPANIES AND CUSTOMERS
    # ------------------------------------------------------------------

    @classmethod
    def setup_independent_company(cls, **kwargs):
        # EXTENDS 'account': euros, as the examples of the documentation
        euro = cls._enable_currency("EUR")
        return super().setup_independent_company(currency_id=euro.id, **kwargs)

    @classmethod
    def _create_customer(cls, name="Customer", **values):
        return cls.env["res.partner"].create(
            {"name": name, "email": f"{name.lower().replace(' ', '.')}@example.com"}
            | values
        )

    @classmethod
    def _add_holiday(cls, day, company=None):
        company = company or cls.env.company
        day = cls._day(day)
        return cls.env["resource.calendar.leaves"].create(
            {
                "name": "Public Holiday",
                "company_id": company.id,
                "calendar_id": company.resource_calendar_id.id,
                "resource_id": False,
                "date_from": datetime(day.year, day.month, day.day),
                "date_to": datetime(day.year, day.month, day.day, 23, 59, 59),
            }
        )

    # ------------------------------------------------------------------
    # LEDGER
    # ------------------------------------------------------------------

    @classmethod
    def _create_invoice(
        cls, partner=None, due=None, amount=100.0, *, post=True, **values
    ):
        """Create an invoice or credit note of one line, without tax.

        :param due: due date, see :meth:`_day`; ignored with ``terms``
        :param amount: in the currency of the invoice
        :param values: ``currency``, ``terms`` (payment term), ``company``, ``date``,
            or fields of the entry
        """
        # OVERRIDES 'account': dunning is about who, when and how much
        due = cls._day(0 if due is None else due)
        company = values.pop("company", cls.env.company)
        terms = values.pop("terms", None)
        day = cls._day(values.pop("date", None))
        day = due - timedelta(days=30) if day is None else day
        currency = values.pop("currency", company.currency_id)
        move = (
            cls.env["account.move"]
            .with_company(company)
            .create(
                {
                    "move_type": "out_invoice",
                    "partner_id": (partner or cls.customer).id,
                    "invoice_date": day,
                    "date": day,
                    "currency_id": currency.id,
                    "invoice_payment_term_id": terms.id if terms else False,
                    "invoice_line_ids": [
                        Command.create(
                            {"name": "Goods", "price_unit": amount, "tax_ids": []}
                        )
                    ],
                }
                | ({} if terms else {"invoice_date_due": due})
                | values
            )
        )
        if post:
            move.action_post()
        return move

    @classmethod
    def _create_terms(cls, *parts):
        """Create a payment term.

        :param parts: ``(percent, days after the invoice date)`` of each instalment
        """
        return cls.env["account.payment.term"].create(
            {
                "name": "Instalments",
                "line_ids": [
                    Command.create(
                        {"value": "percent", "value_amount": percent, "nb_days": days}
                    )
                    for percent, days in parts
                ],
            }
        )

    @classmethod
    def _create_entry(cls, partner=None, due=None, amount=100.0, **values):
        """Create a miscellaneous entry with a receivable item.

        :param amount: what the customer owes by it; negative for a credit
        :param values: ``journal``, ``account`` (receivable), ``counterparts`` (dict of
            account to balance), or fields of the item
        """
        journal = values.pop("journal", cls.company_data["default_journal_misc"])
        account = values.pop("account", cls.company_data["default_account_receivable"])
        due = cls._day(0 if due is None else due)
        revenue = cls.company_data["default_account_revenue"]
        counterparts = values.pop("counterparts", {revenue: -amount})
        move = cls.env["account.move"].create(
            {
                "journal_id": journal.id,
                "date": due,
                "line_ids": [
                    Command.create(
                        {
                            "name": "Balance",
                            "account_id": account.id,
                            "partner_id": (partner or cls.customer).id,
                            "date_maturity": due,
                            "balance": amount,
                        }
                        | values
                    ),
                    *(
                        Command.create(
                            {
                                "name": "Counterpart",
                                "account_id": other.id,
                                "partner_id": (partner or cls.customer).id,
                                "balance": balance,
                            }
                        )
                        for other, balance in counterparts.items()
                    ),
                ],
            }
        )
        move.action_post()
        return move

    @classmethod
    def _pay(cls, moves, amount=None, date=None, **values):
        """Pay invoices as the "Register Payment" button does.

        :param amount: in the currency of the invoices; by default all of it
        :return: the payments
        """
        wizard = (
            cls.env["account.payment.register"]
            .with_context(active_model="account.move", active_ids=moves.ids)
            .create(
                {"payment_date": cls._day(date) or fields.Date.today(), **values}
                | ({} if amount is None else {"amount": amount})
            )
        )
        return wizard._create_payments()

    @classmethod
    def _create_payment(cls, partner=None, amount=100.0, date=None, **values):
        """Post a payment that is not allocated to any invoice."""
        payment = cls.env["account.payment"].create(
            {
                "amount": amount,
                "date": cls._day(date) or fields.Date.today(),
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": (partner or cls.customer).id,
                "payment_method_line_id": cls.inbound_payment_method_line.id,
                **values,
            }
        )
        payment.action_post()
        return payment

    def _pay_without_entry(self, invoice, amount=None, date=None):
        """Pay an invoice as with bank reconciliation: without journal entry until the
        bank confirms it.

        :return: the payment
        """
        self.inbound_payment_method_line.payment_account_id = False
        residual = invoice.amount_residual
        with self._as_bank_reconciliation():
            payment = self._pay(
                invoice,
                amount,
                date,
                payment_method_line_id=self.inbound_payment_method_line.id,
            )
            self.env.flush_all()
        self.assertFalse(payment.move_id)
        self.assertEqual(invoice.amount_residual, residual)
        return payment

    def _as_bank_reconciliation(self):
        """Have invoices in payment until the bank confirms it, as with Odoo's app for
        accountants."""
        return patch.object(
            self.env.registry["account.move"],
            "_get_invoice_in_payment_state",
            lambda move: "in_payment",
        )

    @classmethod
    def _credit_note(cls, invoice, amount=None, reconcile=True, date=None):
        """Credit an invoice, wholly or in part.

        :param reconcile: set the credit off against the invoice
        """
        day = cls._day(date) or fields.Date.today()
        credit_note = cls._create_invoice(
            invoice.partner_id,
            day,
            invoice.amount_residual if amount is None else amount,
            move_type="out_refund",
            date=day,
            currency=invoice.currency_id,
            company=invoice.company_id,
        )
        if reconcile:
            (cls._items(invoice) | cls._items(credit_note)).filtered(
                lambda item: not item.reconciled
            ).reconcile()
        return credit_note

    @classmethod
    def _move_to_doubtful(cls, invoice):
        """Move what is open on an invoice to the account of doubtful debts.

        :return: the entry
        """
        account = cls.env["account.account"].create(
            {
                "name": "Doubtful Debts",
                "code": "416099",
                "account_type": "asset_receivable",
                "reconcile": True,
            }
        )
        item = cls._items(invoice).filtered(lambda line: not line.reconciled)
        amount = item.amount_residual
        entry = cls._create_entry(
            invoice.partner_id,
            fields.Date.today(),
            -amount,
            counterparts={account: amount},
        )
        credit = entry.line_ids.filtered(lambda line: line.balance < 0)
        (item | credit).reconcile()
        return entry

    @classmethod
    def _items(cls, moves):
        """Return the receivable items of entries, the oldest first."""
        return moves.line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        ).sorted(lambda line: (line.date_maturity or line.date, line.id))
