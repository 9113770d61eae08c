from itertools import product

from odoo import api, models

from ...tools.registry import get_family
from ..text.dunning_text_template import MODEL

# Notices among which one is looked for to show a text.
SAMPLES = 200


class DunningAction(models.Model):
    """Which text a notice says: it has no level that would name it."""

    _inherit = "dunning.action"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    @api.model
    def _get_notice_template(self, family, name):
        """Return a text that was shipped, unless somebody has deleted it.

        :param family: ``mail`` or ``letter``
        :param name: one of those of the notice
        """
        # Asked of each action: known without looking into the database.
        template_id = self.env["ir.model.data"]._xmlid_to_res_id(
            f"account_dunning.{family}_template_{name}", raise_if_not_found=False
        )
        return self.env["mail.template"].browse(template_id or [])


class DunningTextTemplate(models.AbstractModel):
    _inherit = "dunning.text.template"

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    def _dunning_get_sample(self):
        # EXTENDS 'account_dunning': a notice, for the texts of notices
        return self._dunning_get_notice() or super()._dunning_get_sample()

    def _dunning_get_notice(self):
        """Return the latest notice that says this text, if there is one."""
        actions = self.env[MODEL]
        said = [
            name
            for notice in get_family(self.env, "dunning.notice")
            for family, name in product(("mail", "letter"), notice._text_names)
            if self and actions._get_notice_template(family, name) == self
        ]
        if not said or not actions.has_access("read"):
            return actions
        notices = actions.search(
            [("notice", "!=", False), ("state", "!=", "cancelled")],
            order="id desc",
            limit=SAMPLES,
        )
        return notices.filtered(
            lambda action: action._get_notice()._get_text_name(action) in said
        )[:1]
