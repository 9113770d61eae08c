import json
import re
from html import unescape

from .common_portal import PortalCommon


class PortalPaymentCommon(PortalCommon):
    """A company that is paid by Odoo's provider for demonstrations."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.provider = cls._prepare_provider(cls.company)
        cls.method = cls.provider.payment_method_ids[:1]

    @classmethod
    def _prepare_provider(cls, company):
        provider = cls.env.ref("payment.payment_provider_demo").sudo()
        if provider.company_id != company:
            provider = provider.copy({"company_id": company.id})
        provider.write({"state": "test", "is_published": True})
        if not provider.journal_id:
            provider.journal_id = cls.company_data["default_journal_bank"]
        provider.payment_method_ids.active = True
        return provider

    def _add_account(self, number="FR7630006000011234567890189", **values):
        """Give the company a bank account."""
        return self.env["res.partner.bank"].create(
            {
                "acc_number": number,
                "partner_id": self.company.partner_id.id,
                "allow_out_payment": True,
                **values,
            }
        )

    # ------------------------------------------------------------------
    # PAYING
    # ------------------------------------------------------------------

    def _look(self, page, query):
        """Open the page on which something is paid.

        :return: what the payment form sends along
        """
        answer = self.url_open(f"{page}/pay?{query}")
        self.assertEqual(answer.status_code, 200)
        return {
            name: unescape(found[1]) if found else None
            for name in ("transaction-route", "access-token", "amount", "partner-id")
            for found in [re.search(f'data-{name}="([^"]*)"', answer.text)]
        }

    def _call(self, path, values):
        """Call a route as the page does.

        :raise ValueError: with what the page tells
        """
        answer = self.url_open(
            path,
            data=json.dumps({"jsonrpc": "2.0", "method": "call", "params": values}),
            headers={"Content-Type": "application/json"},
        ).json()
        if "error" in answer:
            raise ValueError(answer["error"]["data"]["message"])
        return answer.get("result")

    def _begin(self, form, **values):
        """Begin a payment as the form does.

        :return: the transaction
        """
        answer = self._call(
            form["transaction-route"],
            {
                "provider_id": self.provider.id,
                "payment_method_id": self.method.id,
                "token_id": None,
                "amount": float(form["amount"]),
                "flow": "direct",
                "tokenization_requested": False,
                "landing_route": "https://evil.example.com",
                "is_validation": False,
                "access_token": form["access-token"],
                "payment_reference": "",
                **values,
            },
        )
        return (
            self.env["payment.transaction"]
            .sudo()
            .search([("reference", "=", answer["reference"])])
        )

    def _finish(self, transaction, state="done"):
        """Let the provider answer, and the page wait for it."""
        self._call(
            "/payment/demo/simulate_payment",
            {
                "reference": transaction.reference,
                "payment_details": "1234",
                "simulated_state": state,
            },
        )
        self._call("/payment/status/poll", {})
        self.env.invalidate_all()

    def _pay(self, page, query):
        transaction = self._begin(self._look(page, query))
        self._finish(transaction)
        return transaction

    def _open_actions(self):
        return self.env["dunning.action"].search(
            [
                ("partner_id", "=", self.customer.id),
                ("state", "in", ("to_validate", "todo", "failed")),
            ]
        )

    def _due(self):
        return f"currency={self.company.currency_id.id}"
