from odoo import fields, models
from odoo.tools import get_lang

from ...tools.words import COLLECTORS

# What users see and set of themselves.
OWN_FIELDS = ("dunning_job_title", "dunning_signature")


class ResUsers(models.Model):
    _inherit = "res.users"

    dunning_signature = fields.Image(
        string="Signature on Letters",
        max_width=600,
        max_height=220,
        copy=False,
        help="Picture of the signature, printed under the dunning letters.",
        groups=COLLECTORS,
    )

    dunning_job_title = fields.Char(
        string="Job Title on Letters",
        translate=True,
        groups="account_dunning.group_dunning_readonly,base.group_erp_manager",
        help="Printed under the name in dunning letters and e-mails, in the language "
        "of the reader if it is translated; otherwise nothing is.",
    )

    @property
    def SELF_READABLE_FIELDS(self):
        # EXTENDS 'base': each has a title and a signature of their own
        return [*super().SELF_READABLE_FIELDS, *OWN_FIELDS]

    @property
    def SELF_WRITEABLE_FIELDS(self):
        # EXTENDS 'base': each has a title and a signature of their own
        return [*super().SELF_WRITEABLE_FIELDS, *OWN_FIELDS]

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _dunning_get_job_title(self):
        """Return what the user does in the language of the environment: the title for
        letters, else that of the contact; empty where it is in another language."""
        lang = get_lang(self.env).code
        own = self.with_context(lang=self.lang)
        if lang == own.lang:
            return own.dunning_job_title or own.partner_id.function or ""
        title = self.dunning_job_title
        return title if title and title != own.dunning_job_title else ""
