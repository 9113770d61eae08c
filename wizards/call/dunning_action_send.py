from odoo import api, fields, models
from odoo.exceptions import UserError

# What can be carried out without an approval.
READY_STATES = ("todo", "failed")


class DunningActionSend(models.TransientModel):
    """Carry out many actions: what happens to them is said before, by channel. A call
    has an outcome of its own, so that calls stay in the agenda."""

    _name = "dunning.action.send"
    _description = "Send or Record Dunning Actions"
    _inherit = ["dunning.action.validate"]

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    call_count = fields.Integer(compute="_compute_summary")
    waiting_count = fields.Integer(compute="_compute_summary")
    sent_count = fields.Integer(compute="_compute_summary")

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.model
    def _get_default_actions(self):
        # OVERRIDES 'dunning.action.validate'
        actions = self.env["dunning.action"].browse(
            self.env["dunning.guard"]._get_context_ids("active_ids")
        )
        if not actions.filtered(lambda action: action.state in READY_STATES):
            raise UserError(
                self.env._(
                    "None of these actions can be carried out: choose those “To Do” or "
                    "“Failed”."
                )
            )
        return actions

    @api.depends("action_ids")
    def _compute_summary(self):
        # EXTENDS 'dunning.action.validate'
        result = super()._compute_summary()
        for dialog in self:
            actions = dialog.action_ids
            dialog.call_count = len(actions.filtered(lambda a: a.channel == "call"))
            dialog.waiting_count = len(
                actions.filtered(lambda action: action.state == "to_validate")
            )
            dialog.sent_count = len(
                dialog._get_fit_actions().filtered(lambda action: action._is_sendable())
            )
            dialog.stale_count = 0
        return result

    def _get_fit_actions(self):
        # OVERRIDES 'dunning.action.validate'
        self.ensure_one()
        return self.action_ids.filtered(
            lambda action: action.state in READY_STATES and action.channel != "call"
        )

    def _get_rows(self, actions):
        # EXTENDS 'dunning.action.validate': what happens on each channel
        rows = []
        icons = self.env["dunning.channel"]._get_icons()
        channels = dict(actions._fields["channel"]._description_selection(self.env))
        for (channel, what), group in actions.grouped(
            lambda action: (action.channel, self._get_deed(action))
        ).items():
            rows.append(
                {
                    "icon": icons[channel],
                    "channel": self.env._(
                        "%(what)s: %(details)s", what=channels[channel], details=what
                    ),
                    **self._get_figures(group),
                }
            )
        if len(rows) > 1:
            total = {"icon": False, "channel": self.env._("Total")}
            rows.append(total | self._get_figures(actions))
        return rows

    @api.model
    def _get_deed(self, action):
        """Return what is done with an action, in words."""
        if action._is_sendable():
            return self.env._("sent now")
        if action.is_letter:
            return self.env._("printed and recorded as sent")
        return self.env._("recorded as done")

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_apply(self):
        """Carry out the actions, without the calls and those that wait for approval.

        :return: client action that says what became of them
        """
        actions = self._get_fit_actions()
        if actions:
            return actions._finish()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "message": self.env._("Nothing can be done with these as they are."),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
