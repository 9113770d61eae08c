from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...tools.words import CHANNELS, COLLECTORS, READERS

# Whoever else reads customers does not read the addon's settings of them as well. By
# some of them nobody looks for customers, and an installation waits for each index.
OWN_PREFETCH = "dunning"

# How a customer is dunned: for those who dun.
SETTINGS = {
    "dunning_channel",
    "dunning_contact_id",
    "dunning_note",
    "dunning_scenario_id",
    "dunning_user_id",
}


class ResPartner(models.Model):
    _inherit = "res.partner"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    dunning_scenario_id = fields.Many2one(
        "dunning.scenario",
        company_dependent=True,
        check_company=True,
        prefetch=OWN_PREFETCH,
        index=False,
        help="Scenario of this customer, whatever the rules of the scenarios say.",
        groups=READERS,
    )
    dunning_user_id = fields.Many2one(
        "res.users",
        string="Collector",
        company_dependent=True,
        prefetch=OWN_PREFETCH,
        domain="[('share', '=', False)]",
        help="Who works on what this customer owes.",
        groups=READERS,
    )
    dunning_contact_id = fields.Many2one(
        "res.partner",
        company_dependent=True,
        prefetch=OWN_PREFETCH,
        domain="['|', ('id', '=', id), ('parent_id', '=', id)]",
        help="Who receives the reminders; otherwise the invoice address.",
        groups=READERS,
    )
    dunning_channel = fields.Selection(
        CHANNELS,
        string="Preferred Channel",
        company_dependent=True,
        prefetch=OWN_PREFETCH,
        index=False,
        help="Channel this customer prefers to be contacted by.",
        groups=READERS,
    )
    dunning_note = fields.Text(
        string="Instructions",
        company_dependent=True,
        prefetch=OWN_PREFETCH,
        index=False,
        help="What the collector should know about this customer.",
        groups=READERS,
    )

    # ------------------------------------------------------------------
    # CONSTRAINT METHODS
    # ------------------------------------------------------------------

    @api.constrains("dunning_contact_id")
    def _check_dunning_contact_id(self):
        for partner in self:
            contact = partner.dunning_contact_id
            if contact and not partner._dunning_is_own_contact(contact):
                raise ValidationError(
                    self.env._(
                        "“%(contact)s” is no contact of “%(customer)s”: reminders go "
                        "to the customer's own contacts only. Choose one of them, or "
                        "create it under the customer.",
                        contact=contact.display_name,
                        customer=partner.display_name,
                    )
                )

    def _dunning_is_own_contact(self, contact: models.BaseModel) -> bool:
        """Return whether somebody belongs to the customer."""
        self.ensure_one()
        return contact.commercial_partner_id == self.commercial_partner_id

    # ------------------------------------------------------------------
    # CRUD METHODS
    # ------------------------------------------------------------------

    @api.model
    def _has_field_access(self, field, operation):
        # EXTENDS 'base': who may edit customers, or read dunning, does not decide how
        # they are dunned
        if operation == "write" and not self.env.su:
            if field.name in self._dunning_get_setting_names():
                return self.env.user.has_group(COLLECTORS)
        return super()._has_field_access(field, operation)

    @api.model
    def _dunning_get_setting_names(self) -> set[str]:
        """Return the fields that say how a customer is dunned, which collectors set.
        Override to add some."""
        return SETTINGS

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _dunning_get_contacts(self) -> dict:
        """Return whom to contact for each customer, in the company of the
        environment: the dunning contact, else the invoice address, else the customer.

        :return: dict of partner id to ``res.partner``
        """
        company = self.env.company
        addresses = self._dunning_get_invoice_addresses(company)
        contacts = {}
        for partner in self:
            chosen = partner.dunning_contact_id.filtered("active")
            chosen = chosen._dunning_filter_of_company(company)
            # A contact may have changed to another customer since.
            chosen = chosen.filtered(partner._dunning_is_own_contact)
            contacts[partner.id] = chosen or addresses.get(partner.id, partner)[:1]
        together = [contact.id for contact in contacts.values()]
        return {
            id_: contact.with_prefetch(together) for id_, contact in contacts.items()
        }

    def _dunning_get_invoice_addresses(self, company):
        """Return the invoice addresses of customers: those of the company itself, or
        of the nearest of its parents, before those that all companies share.

        :return: dict of partner id to ``res.partner``, the first to use first
        """
        # The contact of a company does not depend on who looks.
        addresses_sudo = self.env["res.partner"].sudo()
        addresses_sudo = addresses_sudo.search_fetch(
            [("parent_id", "in", self.ids), ("type", "=", "invoice")],
            ["company_id", "parent_id"],
        )
        addresses_sudo = addresses_sudo._dunning_filter_of_company(company)
        lineage = self.env["res.company"]._dunning_get_lineage(company)
        addresses_sudo = addresses_sudo.sorted(
            lambda address: (
                -lineage.index(address.company_id.id) if address.company_id else 1,
                address.id,
            )
        )
        return {
            partner.id: addresses.with_env(self.env)
            for partner, addresses in addresses_sudo.grouped("parent_id").items()
        }

    def _dunning_filter_of_company(self, company: models.BaseModel) -> models.BaseModel:
        """Return those of the contacts that a company may write to: shared, its own,
        or its parents'."""
        # Whether a contact is somebody else's shows from its company alone.
        allowed_sudo = company.sudo().parent_ids
        return self.filtered(
            lambda contact: (
                not contact.sudo().company_id
                or contact.sudo().company_id in allowed_sudo
            )
        )
