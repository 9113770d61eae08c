from odoo import api, fields, models

from ...tools.words import READERS
from ..scenario.res_partner import OWN_PREFETCH
from .res_company import FREQUENCIES

NEVER = "never"


class ResPartner(models.Model):
    """Whether a customer wants statements of account."""

    _inherit = "res.partner"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    dunning_statement = fields.Selection(
        [*FREQUENCIES, (NEVER, "Never")],
        string="Statement of Account",
        company_dependent=True,
        prefetch=OWN_PREFETCH,
        index=False,
        help="How often the customer gets a statement by itself; empty, as the company "
        "does with all of its customers.",
        groups=READERS,
    )

    # ------------------------------------------------------------------
    # CRUD METHODS
    # ------------------------------------------------------------------

    @api.model
    def _dunning_get_setting_names(self):
        # EXTENDS 'account_dunning'
        return super()._dunning_get_setting_names() | {"dunning_statement"}

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _dunning_get_statement_frequency(self) -> str | bool:
        """Return how often the customer gets a statement from the current company:
        ``monthly``, ``quarterly`` or False for never."""
        self.ensure_one()
        # Settings are read by the system, whoever asks.
        company_sudo = self.env.company.sudo()
        own = self.sudo().dunning_statement
        match company_sudo.dunning_statement_scope:
            case "all":
                wanted = own or company_sudo.dunning_statement_frequency
            case "chosen":
                wanted = own
            case _:
                wanted = False
        return wanted if wanted != NEVER else False
