import re
from binascii import Error as BinasciiError
from datetime import datetime, time, timedelta

from odoo import api, models
from odoo.tools import SQL, hash_sign, verify_hash_signed

SCOPE = "account_dunning.portal"
# Whatever else stands in a token is passed over when it is read, yet hides it from
# what masks links in logs.
TOKEN = re.compile(r"[A-Za-z0-9_-]+")


class DunningPortal(models.AbstractModel):
    """Who may see the page of which customer.

    How it works: a link carries a *pass*, signed by Odoo's ``hash_sign`` with its last
    day: the ids of customer and company, and their serials. Making one writes nothing;
    a pass is looked at again at each request, and counts as long as both serials are
    the same, so that another serial revokes it. Whoever logs in needs none: the page is
    that of the commercial partner.
    """

    _name = "dunning.portal"
    _description = "Access to the Customer's Page"

    # ------------------------------------------------------------------
    # BUSINESS METHODS - LINKS
    # ------------------------------------------------------------------

    @api.model
    def _sign(self, partner: models.BaseModel, company: models.BaseModel) -> str | None:
        """Return the token of a link, the same all day; None where there is no page.

        :param partner: a commercial partner
        """
        # Whoever writes a reminder reads neither settings nor serials.
        partner_sudo, company_sudo = partner.sudo(), company.sudo()
        days = company_sudo.dunning_portal_days
        if not days or not self._is_served(partner_sudo, company_sudo):
            return None
        last = company._dunning_today() + timedelta(days=days + 1)
        return hash_sign(
            partner_sudo.env,
            SCOPE,
            self._get_pass(partner_sudo, company_sudo),
            expiration=datetime.combine(last, time.min),
        )

    @api.model
    def _verify(self, scope: str, token: object) -> object:
        """Return what was signed, None if that was somebody else, or for a day that is
        over.

        :param token: as the browser sent it
        """
        if not isinstance(token, str) or not TOKEN.fullmatch(token):
            return None
        # The secret of the database signs.
        portal_sudo = self.sudo()
        try:
            return verify_hash_signed(portal_sudo.env, scope, token)
        except (ValueError, IndexError, BinasciiError):
            return None

    @api.model
    def _open(self, token: str) -> list | None:
        """Return the pass that a link carries, None if the link does not count."""
        given = self._verify(SCOPE, token)
        return given if given and self._find_customer(given) else None

    @api.model
    def _find_customer(self, given: list) -> models.BaseModel | None:
        """Return the customer of a pass, elevated and in the company of the pass; None
        if the pass does not count any longer."""
        partner_id, company_id, *_serials = given
        # Whoever comes by a link is nobody.
        company_sudo = self.env["res.company"].sudo().browse(company_id).exists()
        # Who sends no links any longer wants none to open.
        if not company_sudo.dunning_portal_days:
            return None
        customer_sudo = self._enter(partner_id, company_sudo)
        if not self._is_served(customer_sudo.exists(), company_sudo):
            return None
        valid = self._get_pass(customer_sudo, company_sudo) == list(given)
        return customer_sudo if valid else None

    @api.model
    def _get_pass(self, partner_sudo, company_sudo):
        own_sudo = partner_sudo.with_company(company_sudo)
        return [
            partner_sudo.id,
            company_sudo.id,
            own_sudo.dunning_portal_serial,
            company_sudo.dunning_portal_serial,
        ]

    @api.model
    def _is_served(self, partner_sudo, company_sudo):
        """Return whether there is a page: not of who was merged, archived, became a
        contact of somebody else, or was given to another company."""
        return bool(
            partner_sudo
            and partner_sudo.active
            and partner_sudo.commercial_partner_id == partner_sudo
            and partner_sudo._dunning_filter_of_company(company_sudo)
        )

    # ------------------------------------------------------------------
    # BUSINESS METHODS - LOGIN
    # ------------------------------------------------------------------

    @api.model
    def _find_own(self, user: models.BaseModel, company_id: int):
        """Return the customer for whom somebody logs in, elevated and in a company;
        None if there is no page.

        :param company_id: the creditor
        """
        partner_sudo = self._get_own_partner(user)
        companies_sudo = self._get_companies(partner_sudo)
        company_sudo = companies_sudo.filtered(lambda own: own.id == company_id)
        return self._enter(partner_sudo.id, company_sudo) if company_sudo else None

    @api.model
    def _get_own_partner(self, user: models.BaseModel) -> models.BaseModel:
        """Return the customer for whom somebody logs in, elevated."""
        # Portal users do not read all of their own company.
        return user.sudo().partner_id.commercial_partner_id

    @api.model
    def _get_companies(self, partner_sudo: models.BaseModel) -> models.BaseModel:
        """Return the companies that have claimed something of a customer, elevated."""
        ids = self.env.execute_query(
            SQL(
                """
                SELECT company.id
                  FROM res_company company
                 WHERE company.active
                   AND (
                       EXISTS (
                           SELECT FROM account_move_line line
                            WHERE line.partner_id IN (%(contacts)s)
                              AND line.company_id = company.id
                              AND line.parent_state = 'posted'
                              AND line.account_id = ANY(%(accounts)s)
                           )
                    OR EXISTS (
                           SELECT FROM dunning_action action
                            WHERE action.partner_id = %(partner)s
                              AND action.company_id = company.id
                           )
                       )
              ORDER BY company.sequence, company.name
                """,
                partner=partner_sudo.id,
                contacts=partner_sudo._dunning_get_contacts_query(),
                accounts=list(self.env["dunning.ledger"]._get_account_ids()),
            )
        )
        # Customers read no companies.
        companies_sudo = self.env["res.company"].sudo().browse(id_ for (id_,) in ids)
        return companies_sudo.filtered(
            lambda company: self._is_served(partner_sudo, company)
        )

    @api.model
    def _count_items(
        self, partner_sudo: models.BaseModel, companies_sudo: models.BaseModel
    ) -> int:
        """Return how many items a customer has to pay."""
        domain = [
            *partner_sudo._dunning_get_open_domain(),
            ("partner_id.commercial_partner_id", "=", partner_sudo.id),
            ("company_id", "in", companies_sudo.ids),
        ]
        # Customers do not read the ledger.
        return self.env["account.move.line"].sudo().search_count(domain)

    @api.model
    def _enter(self, partner_id, company_sudo):
        """Return a customer, elevated, with the company as the current one."""
        # What is shown of it was looked at before.
        partners_sudo = self.env["res.partner"].sudo()
        return partners_sudo.with_context(
            allowed_company_ids=company_sudo.ids, active_test=True
        ).browse(partner_id)
