from odoo import fields, models

from .dunning_level import CHANNELS

# Whoever else reads customers does not read the addon's settings of them as well. By
# some of them nobody looks for customers, and an installation waits for each index.
OWN_PREFETCH = "dunning"


class ResPartner(models.Model):
    _inherit = "res.partner"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    dunning_scenario_id = fields.Many2one(
        "dunning.scenario",
        company_dependent=True,
        prefetch=OWN_PREFETCH,
        index=False,
        help="Scenario of this customer, whatever the rules of the scenarios say.",
    )
    dunning_user_id = fields.Many2one(
        "res.users",
        string="Collector",
        company_dependent=True,
        prefetch=OWN_PREFETCH,
        domain="[('share', '=', False)]",
        help="Who works on what this customer owes.",
    )
    dunning_contact_id = fields.Many2one(
        "res.partner",
        company_dependent=True,
        prefetch=OWN_PREFETCH,
        domain="['|', ('id', '=', id), ('parent_id', '=', id)]",
        help="Who receives the reminders; otherwise the invoice address.",
    )
    dunning_channel = fields.Selection(
        CHANNELS,
        string="Preferred Channel",
        company_dependent=True,
        prefetch=OWN_PREFETCH,
        index=False,
        help="Channel this customer prefers to be contacted by.",
    )
    dunning_note = fields.Text(
        string="Instructions",
        company_dependent=True,
        prefetch=OWN_PREFETCH,
        index=False,
        help="What the collector should know about this customer.",
    )
    dunning_item_ids = fields.One2many(
        "dunning.item", "partner_id", groups="account_dunning.group_dunning_readonly"
    )
    dunning_action_ids = fields.One2many(
        "dunning.action", "partner_id", groups="account_dunning.group_dunning_readonly"
    )
    dunning_hold_ids = fields.One2many(
        "dunning.hold", "partner_id", groups="account_dunning.group_dunning_readonly"
    )

    # ------------------------------------------------------------------
    # CRUD METHODS
    # ------------------------------------------------------------------

    def write(self, vals):
        # EXTENDS 'account': nobody contacts a customer that is archived
        result = super().write(vals)
        if "active" in vals:
            self._dunning_refresh()
        return result

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _dunning_refresh(self):
        """Have the actions of these customers follow, in all companies."""
        # Whoever works on contacts need not have rights on dunning.
        actions_sudo = self.env["dunning.action"].sudo()
        groups = actions_sudo._read_group(
            [("partner_id", "in", self.ids), ("state", "!=", "done")],
            ["company_id"],
            ["partner_id:recordset"],
        )
        for company_sudo, partners_sudo in groups:
            actions_sudo._refresh_customers(company_sudo, partners_sudo)

    def _message_post_after_hook(self, message, msg_values):
        # EXTENDS 'mail': tell the collector that the customer has answered
        result = super()._message_post_after_hook(message, msg_values)
        if message.message_type == "email" and message.parent_id:
            # The mail gateway has no rights on dunning.
            self.env["dunning.action"].sudo()._follow_reply(message)
        return result

    def _dunning_get_contacts(self):
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
        lineage = company.sudo().parent_ids.ids
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

    def _dunning_filter_of_company(self, company):
        """Return those of the contacts that a company may write to: shared, its own,
        or its parents'."""
        allowed = company.sudo().parent_ids
        # Whether a contact is somebody else's shows from its company alone.
        return self.filtered(
            lambda contact: (
                not contact.sudo().company_id or contact.sudo().company_id in allowed
            )
        )
