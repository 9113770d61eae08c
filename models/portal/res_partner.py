from secrets import randbelow

from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from ...tools.words import COLLECTORS
from ..scenario.res_partner import OWN_PREFETCH
from .res_company import SERIALS


class ResPartner(models.Model):
    """The link to the customer's own page."""

    _inherit = "res.partner"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    dunning_portal_serial = fields.Integer(
        string="Serial of Links",
        company_dependent=True,
        prefetch=OWN_PREFETCH,
        index=False,
        copy=False,
        groups=fields.NO_ACCESS,
    )

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_dunning_portal_open(self) -> dict:
        """Open the customer's own page, as the customer sees it.

        :raise UserError: there is no page, for the reason that is told
        """
        self.ensure_one()
        self._dunning_portal_check_user()
        company = self.env.company
        url = self._dunning_portal_url(company)
        if not url:
            raise UserError(
                self.env._(
                    "There is no page for “%s”: it is archived, belongs to another "
                    "company, or the company sends no links (see the settings).",
                    self.display_name,
                )
            )
        # Staff stay on the server they work on, whatever address customers are given.
        path = url.removeprefix(company.get_base_url())
        return {"type": "ir.actions.act_url", "url": path, "target": "new"}

    def action_dunning_portal_revoke(self) -> dict:
        """Have no link to the customer's page in the current company count any longer.

        :return: a notification
        :raise AccessError: only collectors do that
        """
        self.ensure_one()
        self._dunning_portal_check_user()
        company = self.env.company
        # Nobody reads or writes serials but the system.
        customer_sudo = self.commercial_partner_id.sudo().with_company(company)
        customer_sudo.dunning_portal_serial = 1 + randbelow(SERIALS)
        customer = self.commercial_partner_id._dunning_discreetly(company)
        customer._message_log(
            body=self.env._(
                "The links to the customer's own page that were sent until now have "
                "been revoked."
            )
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "No link that was sent to this customer until now opens its page "
                    "any longer. The next reminder brings a new one."
                ),
            },
        }

    def _dunning_portal_check_user(self):
        self.check_access("read")
        if not self.env.user.has_group(COLLECTORS):
            raise AccessError(
                self.env._("Only collectors open or revoke the page of a customer.")
            )

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _dunning_portal_url(self, company: models.BaseModel) -> str | bool:
        """Return the link that opens the customer's own page without login. It counts
        for the days that the company says, until somebody revokes it; that of a day is
        always the same. Nothing is written.

        :param company: the creditor
        :return: False where there is no page: the company sends no links, the customer
            is archived or another company's
        """
        self.ensure_one()
        token = self.env["dunning.portal"]._sign(self.commercial_partner_id, company)
        return f"{company.get_base_url()}/dunning/{token}" if token else False

    def _dunning_portal_lang(self) -> str:
        """Return the language in which e-mails about the page are written."""
        self.ensure_one()
        contact = self._dunning_get_contacts()[self.id]
        return contact.lang or self.lang or self.env.lang

    def _dunning_join(self, customer, items):
        # EXTENDS 'account_dunning': what was asked for on the page goes along
        result = super()._dunning_join(customer, items)
        # Whoever works on contacts need not read dunning.
        requests_sudo = self.env["dunning.portal.request"].sudo()
        asked_sudo = requests_sudo.search([("partner_id", "=", self.id)])
        asked_sudo.partner_id = customer.id
        # Nor who has looked at the page.
        visits_sudo = self.env["dunning.portal.visit"].sudo()
        seen_sudo = visits_sudo.search([("partner_id", "=", self.id)])
        seen_sudo.partner_id = customer.id
        return result

    def _dunning_become_one(self):
        # EXTENDS 'account_dunning'
        self.env["dunning.portal.visit"]._tell_once(self)
        return super()._dunning_become_one()
