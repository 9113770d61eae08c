"""Who has become a contact keeps no payment profile: the worklist had its money twice.
Agreed rates that were entered for contacts hold no longer side by side with those of
their customer."""

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    cr.execute(
        """
        DELETE FROM dunning_profile profile
              USING res_partner contact
              WHERE contact.id = profile.partner_id
                AND contact.commercial_partner_id != contact.id
        """
    )
    env = api.Environment(cr, SUPERUSER_ID, {})
    # Each of them may hold beside another one.
    # pylint: disable-next=no-search-all
    env["dunning.contract.rate"].search([])._end_overlaps()
