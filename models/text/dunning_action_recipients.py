from odoo import api, fields, models
from odoo.tools import email_normalize


class DunningAction(models.Model):
    """To whom an action is written.

    How it works: a dunning contact that the customer has been given receives
    everything. Otherwise invoices that are addressed to somebody of the customer are
    written to there, the others to the invoice address of the customer; so one action
    may have several recipients. Who has no e-mail address is replaced by the customer.
    """

    _inherit = "dunning.action"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    recipient_ids = fields.Many2many(
        "res.partner",
        string="Recipients",
        compute="_compute_contact_id",
        help="Those whom its invoices are addressed to, unless the customer has a "
        "dunning contact.",
    )

    # Names, for not all that read the action read those of another company.
    recipient_names = fields.Char(
        string="Written to",
        compute="_compute_contact_id",
        help="All recipients, where there are several.",
    )

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("partner_id", "company_id", "channel", "state", "line_ids.state")
    def _compute_contact_id(self):
        # EXTENDS 'account_dunning': the invoices may be addressed to somebody
        result = super()._compute_contact_id()
        for actions in self._by_rights_on_customer():
            for action in actions:
                addressees = action._get_addressees()
                if action.contact_id not in addressees:
                    action.contact_id = addressees[:1]
                action.recipient_ids = action._get_written_to(addressees)
                names = action.recipient_ids.mapped("name")
                several = action.channel == "email" and len(names) > 1
                action.recipient_names = several and ", ".join(filter(None, names))
                first = action.recipient_ids[:1] or action.contact_id
                action.contact_email = first.email
                action.contact_phone = (
                    action.contact_id.phone or action.partner_id.phone
                )
        return result

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _get_recipients(self) -> models.BaseModel:
        """Return the people to whom the action's e-mail is written, each of whom gets
        one of its own."""
        self.ensure_one()
        return self.recipient_ids

    def _get_addressees(self):
        """Return whom the listed invoices are addressed to, those of the oldest first;
        the contact of the customer for those that are addressed to the customer."""
        self.ensure_one()
        default, customer = self.contact_id, self.partner_id
        chosen = customer.with_company(self.company_id).dunning_contact_id
        saved = self._origin
        if not default or default == chosen or not saved:
            return default
        # Whom an invoice is addressed to is known to whoever writes about it; not of
        # items that are only proposed.
        moves_sudo = saved._get_content_moves().sudo()
        invoices_sudo = moves_sudo.filtered(lambda move: move.is_sale_document(True))
        named = default if moves_sudo > invoices_sudo else default.browse()
        for contact in invoices_sudo.partner_id.with_env(self.env):
            own = (contact - customer).filtered("active")
            named |= own._dunning_filter_of_company(self.company_id) or default
        return named or default

    def _get_written_to(self, addressees):
        """Return who gets an e-mail: those with an address, in the place of the others
        the customer; each address once."""
        self.ensure_one()
        found = {}
        for contact in addressees:
            partner = contact if contact.email else self.partner_id
            if partner.email:
                address = email_normalize(partner.email) or partner.email
                found.setdefault(address, partner)
        return self.env["res.partner"].browse(partner.id for partner in found.values())
