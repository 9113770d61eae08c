import re
from datetime import timedelta
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import new_test_user

from odoo.addons.mail.tests.common import MailCommon

from ..test_tours import TourCommon

TOKEN = re.compile(r"/dunning/(confirm/)?([\w-]{60,})")


class PortalCommon(TourCommon, MailCommon):
    """A customer with an overdue invoice, its link, and somebody who logs in for it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls._create_customer("Visited Customer")
        cls.other = cls._create_customer("Other Customer")
        cls.contact = cls.env["res.partner"].create(
            {
                "name": "Marie Visitor",
                "parent_id": cls.customer.id,
                "email": "marie@example.com",
            }
        )
        cls.visitor = new_test_user(
            cls.env(context={"no_reset_password": True}),
            "dunning_visitor",
            "base.group_portal",
            partner_id=cls.contact.id,
            name="Marie Visitor",
            email="marie@example.com",
        )
        cls.env["ir.config_parameter"].sudo().set_param("web.base.url", cls.base_url())

    # ------------------------------------------------------------------
    # BUILDERS
    # ------------------------------------------------------------------

    @classmethod
    def _create_customer(cls, name, **values):
        return cls.env["res.partner"].create(
            {
                "name": name,
                "is_company": True,
                "email": f"{name.lower().replace(' ', '.')}@example.com",
                "lang": "en_US",
            }
            | values
        )

    def _create_item(self, customer=None, amount=1000, days=10):
        """Create an overdue invoice.

        :return: its journal item
        """
        invoice = self._create_overdue_invoice(customer or self.customer, amount, days)
        return invoice.line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )

    def _create_opening_balance(self, amount=250, days=40):
        """Create what is owed by an entry that is no invoice.

        :return: its journal item
        """
        self.company.dunning_include_misc = True
        receivable = self.company_data["default_account_receivable"]
        entry = self.env["account.move"].create(
            {
                "journal_id": self.company_data["default_journal_misc"].id,
                "date": self._before(days),
                "line_ids": [
                    Command.create(
                        {
                            "name": "Opening balance",
                            "account_id": account.id,
                            "partner_id": self.customer.id,
                            "date_maturity": self._before(days),
                            "balance": balance,
                        }
                    )
                    for account, balance in (
                        (receivable, amount),
                        (self.company_data["default_account_revenue"], -amount),
                    )
                ],
            }
        )
        entry.action_post()
        return entry.line_ids.filtered(lambda line: line.account_id == receivable)

    def _before(self, days):
        return self.day - timedelta(days=days)

    # ------------------------------------------------------------------
    # VISITING
    # ------------------------------------------------------------------

    def _get_link(self, customer=None, company=None):
        """Return the address that a reminder carries, without the server."""
        url = (customer or self.customer)._dunning_portal_url(company or self.company)
        return url[len(self.company.get_base_url()) :]

    def _open(self, link=None, **options):
        """Open a link as a browser does.

        :return: the response of the last page
        """
        return self.url_open(link or self._get_link(), **options)

    def _enter(self, customer=None):
        """Open a customer's page by its link.

        :return: the address of the page
        """
        answer = self._open(self._get_link(customer))
        self.assertEqual(answer.status_code, 200)
        return re.sub(r"^https?://[^/]+(/fr)?", "", answer.url)

    def _post(self, path, *, csrf=True, **values):
        """Send a form, as it was shown."""
        if csrf:
            values["csrf_token"] = self._get_csrf(path)
        # Without anything to send, it would be a GET.
        return self.url_open(path, data={"sent": "1", **values})

    def _get_csrf(self, path):
        found = re.search(r'name="csrf_token" value="(\w+)"', self.url_open(path).text)
        self.assertTrue(found, "no form on the page")
        return found[1]

    def assertGone(self, answer):
        """Check that a page says nothing but that there is none."""
        self.assertEqual(answer.status_code, 404)
        self.assertNotIn("Visited Customer", answer.text)
        self.assertNotIn(self.company.name, self._get_main(answer))

    def _get_main(self, answer):
        found = re.search(r"<main>(.*)</main>", answer.text, re.S)
        return found[1] if found else answer.text

    # ------------------------------------------------------------------
    # ACTS
    # ------------------------------------------------------------------

    def _watch_act(self):
        """Have there be something to do on the page: what was done is listed.

        :return: list of payloads that were carried out
        """
        done = []
        act = type(self.env["dunning.portal.act"])

        def check(_act, request):
            if not request.payload.get("text"):
                raise UserError("Please say something.")

        def carry_out(_act, request):
            done.append((request.partner_id, request.payload))
            return "It is done."

        for name, method in (
            ("_get_act", lambda self, kind: self),
            ("_get_title", lambda self: f"Say something ({self.env.lang})"),
            ("_check_asked", check),
            ("_describe", lambda _act, asked: [("Text", asked.payload["text"])]),
            ("_carry_out", carry_out),
        ):
            patcher = patch.object(act, name, method)
            patcher.start()
            self.addCleanup(patcher.stop)
        return done

    def _submit(self, text="Hello", user=None, files=()):
        """Ask for something, as a page does.

        :return: the request
        """
        portal = self.env["dunning.portal"]
        customer = portal._enter(self.customer.id, self.company.sudo())
        return (
            self.env["dunning.portal.request"]
            .sudo()
            ._submit(
                customer,
                user or self.env["res.users"],
                "anything",
                {"text": text},
                files,
            )
        )
