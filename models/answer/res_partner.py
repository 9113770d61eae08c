from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import email_normalize

from ...tools.words import READERS
from ..scenario.res_partner import OWN_PREFETCH


class ResPartner(models.Model):
    """A second recipient of what is written to a customer, and addresses from which
    e-mails came back."""

    _inherit = "res.partner"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    dunning_second_contact_id = fields.Many2one(
        "res.partner",
        string="Second Recipient",
        company_dependent=True,
        prefetch=OWN_PREFETCH,
        index=False,
        domain="['|', ('id', '=', id), ('parent_id', '=', id)]",
        help="Gets the e-mails of dunning as well.",
        groups=READERS,
    )

    # ------------------------------------------------------------------
    # CONSTRAINT METHODS
    # ------------------------------------------------------------------

    @api.constrains("dunning_second_contact_id")
    def _check_dunning_second_contact_id(self):
        for partner in self:
            contact = partner.dunning_second_contact_id
            if contact and not partner._dunning_is_own_contact(contact):
                raise ValidationError(
                    self.env._(
                        "“%(contact)s” is no contact of “%(customer)s”: choose one of "
                        "its own as the second recipient.",
                        contact=contact.display_name,
                        customer=partner.display_name,
                    )
                )

    # ------------------------------------------------------------------
    # CRUD METHODS
    # ------------------------------------------------------------------

    @api.model
    def _dunning_get_setting_names(self):
        # EXTENDS 'account_dunning'
        return super()._dunning_get_setting_names() | {"dunning_second_contact_id"}

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _dunning_join(self, customer, items):
        # EXTENDS 'account_dunning': what it was answered goes along
        result = super()._dunning_join(customer, items)
        # Whoever works on contacts need not read dunning.
        answers_sudo = self.env["dunning.dispute.answer"].sudo()
        told_sudo = answers_sudo.search([("partner_id", "=", self.id)])
        self._dunning_hand_over(told_sudo, customer)
        return result

    def _dunning_get_second_recipient(self) -> models.BaseModel:
        """Return who else is written to in the current company, as far as it can be."""
        self.ensure_one()
        # Settings are read by the system, whoever asks.
        contact_sudo = self.sudo().dunning_second_contact_id.filtered("active")
        contact_sudo = contact_sudo._dunning_filter_of_company(self.env.company)
        own = contact_sudo.filtered(self._dunning_is_own_contact)
        return own.with_env(self.env)

    def _dunning_get_lost_address(self) -> str | bool:
        """Return the address of the customer's contact, if the last e-mail to it from
        the current company came back."""
        self.ensure_one()
        contact = self._dunning_get_contacts()[self.id]
        address = email_normalize(contact.email or self.email)
        # What became of e-mails is kept by the system.
        recipients_sudo = self.env["dunning.sending.recipient"].sudo()
        last_sudo = address and recipients_sudo.search(
            [
                ("address", "=", address),
                ("state", "in", ("sent", "bounced")),
                ("sending_id.company_id", "=", self.env.company.id),
            ],
            order="id desc",
            limit=1,
        )
        return bool(last_sudo) and last_sudo.state == "bounced" and address
