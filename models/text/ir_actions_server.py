from odoo import models
from odoo.exceptions import AccessError

from .mail_render_mixin import OWN_RENDERING

# Of actions of these kinds Odoo sees to it which records they get.
WITHOUT_NUMBERS = ("code", "multi")


class IrActionsServer(models.Model):
    """What an administrator has the system do about records of dunning: Odoo sees to it
    that a text is of their model, and this that who sets it off may change them. Odoo
    takes the numbers of the context, whatever model they are of."""

    _inherit = "ir.actions.server"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _run(self, records, eval_context):
        # EXTENDS 'base': what is written in Python gets no records of another model
        if self.state not in WITHOUT_NUMBERS and self.model_name.startswith("dunning."):
            self._dunning_check_named(eval_context["env"])
        return super()._run(records, eval_context)

    def _run_action_mail_post_multi(self, eval_context=None):
        # EXTENDS 'mail'
        asked = self._dunning_for_named()
        return super(IrActionsServer, asked)._run_action_mail_post_multi(eval_context)

    def _run_action_sms_multi(self, eval_context=None):
        # EXTENDS 'sms'
        asked = self._dunning_for_named()
        return super(IrActionsServer, asked)._run_action_sms_multi(eval_context)

    def _dunning_check_named(self, env):
        """Refuse to take the numbers of other records for those of ours, and records
        that whoever sets it off may not change, whoever may run the action: what the
        system sets off, as when somebody pays, comes elevated.

        :param env: of who sets it off
        :raise AccessError: saying from where the action can be run
        """
        context = self.env.context
        ids = context.get("active_ids") or [context.get("active_id")]
        named = env[self.model_name].browse(filter(None, ids))
        if named and context.get("active_model") != self.model_name:
            raise AccessError(
                self.env._(
                    "“%(action)s” is for records of the model “%(model)s”: run it on "
                    "these.",
                    action=self.name,
                    model=self.model_id.name,
                )
            )
        named.check_access("write")

    def _dunning_for_named(self):
        """Return the action as it renders texts about the records of ours that the
        context names, see :meth:`_dunning_check_named`. Of others it renders none."""
        name = self.model_name
        if self.env.context.get("active_model") != name:
            return self
        if not name.startswith("dunning."):
            return self
        return self.with_context(**OWN_RENDERING.context)
