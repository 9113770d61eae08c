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
            self._dunning_check_named()
        return super()._run(records, eval_context)

    def _run_action_mail_post_multi(self, eval_context=None):
        # EXTENDS 'mail'
        asked = self._dunning_for_named(eval_context)
        return super(IrActionsServer, asked)._run_action_mail_post_multi(eval_context)

    def _run_action_sms_multi(self, eval_context=None):
        # EXTENDS 'sms'
        asked = self._dunning_for_named(eval_context)
        return super(IrActionsServer, asked)._run_action_sms_multi(eval_context)

    def _dunning_check_named(self):
        """Refuse to take the numbers of other records for those of ours.

        :raise AccessError: saying from where the action can be run
        """
        context = self.env.context
        has_numbers = context.get("active_ids") or context.get("active_id")
        if has_numbers and context.get("active_model") != self.model_name:
            raise AccessError(
                self.env._(
                    "“%(action)s” is for records of the model “%(model)s”: run it on "
                    "these.",
                    action=self.name,
                    model=self.model_id.name,
                )
            )

    def _dunning_for_named(self, eval_context):
        """Return the action as it renders texts about the records of ours that the
        context names. Of others it renders none.

        :raise AccessError: whoever sets it off may not change them
        """
        context = self.env.context
        name = self.model_name
        if context.get("active_model") != name or not name.startswith("dunning."):
            return self
        ids = context.get("active_ids") or [context.get("active_id")]
        # Actions are run elevated. Whoever sets off what the system does, as by paying,
        # need not have rights on dunning: its automations come elevated.
        env = eval_context["env"] if eval_context else self.sudo(False).env
        env[name].browse(filter(None, ids)).check_access("write")
        return self.with_context(**OWN_RENDERING.context)
