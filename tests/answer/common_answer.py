import re
from datetime import timedelta

from odoo import fields

from ..portal.common_portal import TOKEN, PortalCommon

PDF = b"%PDF-1.4\n1 0 obj\n<< >>\nendobj\n"


class AnswerCommon(PortalCommon):
    """What customers do on their page, logged in or by a link."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write(
            {
                "dunning_answer_promise_days": 30,
                "dunning_answer_instalments": 3,
                "dunning_answer_hold_days": 5,
            }
        )
        cls.reason = cls.env.ref("account_dunning.reason_price")

    def setUp(self):
        super().setUp()
        self.item = self._create_item()

    # ------------------------------------------------------------------
    # WITHOUT A BROWSER
    # ------------------------------------------------------------------

    def _get_customer(self, customer=None):
        """Return a customer as its page knows it."""
        portal = self.env["dunning.portal"]
        return portal._enter((customer or self.customer).id, self.company.sudo())

    def _ask(self, kind, payload, user=None, files=(), customer=None):
        """Ask for something, logged in.

        :return: the request
        """
        requests = self.env["dunning.portal.request"].sudo()
        return requests._submit(
            self._get_customer(customer), user or self.visitor, kind, payload, files
        )

    def _get_problems(self, kind, payload, customer=None):
        customer = self._get_customer(customer)
        act = customer.env["dunning.portal.act"]._get_act(kind)
        return act._get_problems(customer, payload)

    def _readdress(self, customer):
        """Give the invoice to another customer."""
        move = self.item.move_id
        move.button_draft()
        move.partner_id = customer
        move.action_post()

    def _speak_french(self, template):
        """Have the customer speak French, and an e-mail say hello in it, whether the
        translations are there or not."""
        self.env["res.lang"]._activate_lang("fr_FR")
        self.customer.lang = "fr_FR"
        self.env.ref(f"account_dunning.{template}").update_field_translations(
            "arch_db", {"fr_FR": {"Hello,": "Bonjour,"}}
        )

    def _as_text(self, days):
        return fields.Date.to_string(self.day + timedelta(days=days))

    # ------------------------------------------------------------------
    # WITH A BROWSER
    # ------------------------------------------------------------------

    def _log_in(self):
        """Log in as the visitor.

        :return: the address of the page
        """
        self.authenticate("dunning_visitor", "dunning_visitor")
        return f"/my/dunning/{self.company.id}"

    def _fill(self, path, files=(), **values):
        """Fill in a form and send it, as it was shown.

        :param files: pairs of name and content; with the name of the field as a third,
            ``files`` by default
        """
        shown = self.url_open(path).text
        hidden = re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', shown)
        sent = [
            (own[2] if len(own) > 2 else "files", (own[0], own[1])) for own in files
        ]
        path = path.partition("?")[0]
        return self.url_open(path, data=dict(hidden) | values, files=sent or None)

    def _confirm(self):
        """Confirm what was asked for by a link, from the e-mail that was sent."""
        found = TOKEN.search(self._mails[-1]["body"])
        return self._post(found[0])

    def _get_requests(self, kind):
        self.env.invalidate_all()
        return self.env["dunning.portal.request"].search([("kind", "=", kind)])
