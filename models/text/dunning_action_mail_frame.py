import re

from odoo import models
from odoo.tools import is_html_empty

from ...tools import contrast, plain_text

# By which the e-mails of actions are told from others: they are rendered once.
MAIL_CLASS = "o_dunning_mail"
# Where the legal line begins, see content_company.
FOOTER = re.compile(r"<div[^<>]*\bo_dunning_footer\b")


class DunningAction(models.Model):
    """What is around the text of an e-mail."""

    _inherit = "dunning.action"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _frame_mail(self, body: str | bool) -> str:
        """Return the text of an e-mail with the company's logo above it."""
        self.ensure_one()
        if is_html_empty(body):
            return body
        company = self.company_id
        logo = (
            f"{company.get_base_url()}/logo.png?company={company.id}"
            if company._dunning_with_logo()
            else False
        )
        reader = self.with_context(lang=self.contact_lang or self.env.lang)
        places = [found.start() for found in FOOTER.finditer(body)]
        end = places[-1] if places else len(body)
        return reader.env["ir.qweb"]._render(
            "account_dunning.content_mail",
            {
                "action": reader,
                # Two parts of one text: what stands between them is well-formed, too.
                "body": body[:end],
                "footer": body[end:],
                "logo": logo,
                "page_url": self._get_page_url(),
                "color": contrast.darken(company.primary_color),
            },
        )

    def _get_page_url(self) -> str | bool:
        """Return the address of the customer's own page, for what is sent to it. To be
        extended; False for none."""
        return False

    def _get_payment_links(self):
        """Return where customers can pay online: the page of the invoice, where there
        is one to pay, its customer can see it and the company takes payments.

        :return: dict of action to address, without those that have none
        """
        links = {}
        for company, actions in self.grouped("company_id").items():
            takes_payments = company._dunning_takes_online_payments()
            for action in actions if takes_payments else ():
                # The key was made when the invoice was sent: the ledger is not written.
                moves_sudo = action._get_content_moves().sudo()
                if len(moves_sudo) != 1 or not moves_sudo.access_token:
                    continue
                if moves_sudo.is_sale_document(include_receipts=True):
                    base = company.get_base_url()
                    links[action] = f"{base}{moves_sudo.get_portal_url()}"
        return links

    def _get_bank_accounts(self) -> models.BaseModel:
        """Return where to pay, see the company, as far as the customer can."""
        self.ensure_one()
        accounts = self.company_id._dunning_get_bank_accounts(self._get_content_moves())
        # Where a customer is does not depend on who writes to it.
        customer_sudo = self.partner_id.sudo()
        return accounts._dunning_filter_useful(customer_sudo, self.company_id)


class ResCompany(models.Model):
    """How the company is paid."""

    _inherit = "res.company"

    def _dunning_get_bank_accounts(self, moves: models.BaseModel) -> models.BaseModel:
        """Return where to pay: the accounts that invoices name, so that no two papers
        contradict each other; else the first of the company, or of the nearest parent
        that has one.

        :param moves: what is to be paid
        """
        self.ensure_one()
        if named := moves.partner_bank_id.filtered("active"):
            return named
        # Whoever writes for a branch need not see its parents.
        for company_sudo in reversed(self.sudo().parent_ids):
            accounts_sudo = company_sudo.partner_id.bank_ids.filtered(
                lambda account, company=company_sudo: (
                    not account.company_id or account.company_id == company
                )
            )
            if accounts_sudo:
                return accounts_sudo[:1]
        return self.env["res.partner.bank"]

    def _dunning_takes_online_payments(self):
        """Return whether customers can pay the company's invoices on the portal."""
        self.ensure_one()
        # Odoo takes payments of invoices with a module of its own.
        if not hasattr(self.env["account.move"], "_has_to_be_paid"):
            return False
        # Whoever writes reminders need not see the settings of payments.
        providers_sudo = self.env["payment.provider"].sudo()
        domain = [
            *providers_sudo._check_company_domain(self),
            ("state", "=", "enabled"),
            ("is_published", "=", True),
        ]
        return bool(providers_sudo.search_count(domain, limit=1))


class MailMail(models.Model):
    _inherit = "mail.mail"

    def _prepare_outgoing_list(self, *args, **kwargs):
        # EXTENDS 'mail': a text that reads well, for those who read no HTML
        results = super()._prepare_outgoing_list(*args, **kwargs)
        for email in results:
            if MAIL_CLASS in (email["body"] or ""):
                email["body_alternative"] = plain_text.from_html(email["body"])
        return results
