from odoo import models


class ResPartner(models.Model):
    """How customers are written to where no level says it."""

    _inherit = "res.partner"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _dunning_get_notice_channels(self) -> dict:
        """Return how to write to each customer in the current company: as it prefers,
        else by e-mail if there is an address.

        :return: dict of partner id to ``email`` or ``letter``
        """
        contacts = self._dunning_get_contacts()
        channels = {}
        for partner in self:
            preferred = partner.dunning_channel
            if preferred not in ("email", "letter"):
                preferred = "email" if contacts[partner.id].email else "letter"
            channels[partner.id] = preferred
        return channels
