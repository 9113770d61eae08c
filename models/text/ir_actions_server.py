from odoo import models

from .mail_render_mixin import OWN_RENDERING


class IrActionsServer(models.Model):
    """What an administrator has the system write about records of dunning is of their
    model: Odoo sees to it that the text of the action is, too."""

    _inherit = "ir.actions.server"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _run_action_mail_post_multi(self, eval_context=None):
        # EXTENDS 'mail'
        asked = self.with_context(**OWN_RENDERING.context)
        return super(IrActionsServer, asked)._run_action_mail_post_multi(eval_context)
