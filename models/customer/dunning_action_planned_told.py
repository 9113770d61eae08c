from odoo import models
from odoo.tools import format_date


class DunningAction(models.Model):
    """What is planned in a dialog is seen nowhere behind it: it is told where it is."""

    _inherit = "dunning.action"

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_planned(self) -> dict:
        """Close the dialog in which the action was planned and say what became of it.

        :return: client action
        """
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self._tell_planned(),
                "links": [{"label": self.display_name, "url": self._get_agenda_url()}],
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _tell_planned(self):
        """Return when and for whom it is planned, with a place for its name."""
        # The client puts the link where it finds %s.
        values = {"name": "%s", "day": format_date(self.env, self.date)}
        if self.user_id in (self.env.user, self.env["res.users"]):
            return self.env._("%(name)s is in the agenda for %(day)s.", **values)
        return self.env._(
            "%(name)s is in the agenda of %(user)s for %(day)s.",
            user=self.user_id.name,
            **values,
        )

    def _get_agenda_url(self):
        return f"/odoo/action-account_dunning.action_agenda/{self.id}"
