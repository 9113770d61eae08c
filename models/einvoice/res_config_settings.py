from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...tools import watched_folder
from .dunning_einvoice_folder import FOLDER
from .dunning_einvoice_mail import SENDERS

ALIAS = "account_dunning.mail_alias_einvoice"
ADMINISTRATORS = "base.group_system"


# pylint: disable-next=no-wizard-in-models
class ResConfigSettings(models.TransientModel):
    """How statuses of e-invoices come in, for all companies: a matter of the server,
    and for those who administrate it. None of it is the credit manager's to see."""

    _inherit = "res.config.settings"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    einvoice_folder = fields.Char(
        string="Watched Folder",
        config_parameter=FOLDER,
        groups=ADMINISTRATORS,
        help="Absolute path on the server. Files are moved to its subfolders “done” "
        "and “failed”.",
    )
    einvoice_senders = fields.Char(
        string="Known Senders",
        config_parameter=SENDERS,
        groups=ADMINISTRATORS,
        help="Addresses, or domains such as @platform.example, separated by blanks. "
        "What others send waits until somebody has accepted it.",
    )
    einvoice_alias = fields.Char(
        string="E-mail Alias",
        compute="_compute_dunning_einvoice_alias",
        inverse="_inverse_dunning_einvoice_alias",
        groups=ADMINISTRATORS,
        help="What stands before the @ of the address to which platforms write.",
    )

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("company_id")
    def _compute_dunning_einvoice_alias(self):
        alias = self._dunning_get_einvoice_alias()
        for settings in self:
            settings.einvoice_alias = alias.alias_name

    def _inverse_dunning_einvoice_alias(self):
        alias = self._dunning_get_einvoice_alias()
        for settings in self:
            if alias.alias_name != settings.einvoice_alias:
                alias.alias_name = settings.einvoice_alias

    # ------------------------------------------------------------------
    # CONSTRAINTS
    # ------------------------------------------------------------------

    @api.constrains("einvoice_folder")
    def _check_dunning_einvoice_folder(self):
        for settings in self:
            path = settings.einvoice_folder
            if path and not watched_folder.is_usable(path):
                raise ValidationError(
                    self.env._(
                        "“%s” is no folder in which Odoo can read and move files: give "
                        "the absolute path of one, not of a link.",
                        path,
                    )
                )

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    @api.model
    def _dunning_get_einvoice_alias(self):
        """Return the alias, nothing when somebody has deleted it."""
        alias = self.env.ref(ALIAS, raise_if_not_found=False)
        return alias or self.env["mail.alias"]
