from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount

from ...models.approval.dunning_batch import MOST_AT_ONCE


class DunningActionValidate(models.TransientModel):
    """Validate many actions: what they are is shown before. Those that cannot be
    validated as they are are left out, and stay in the queue."""

    _name = "dunning.action.validate"
    _description = "Validate Dunning Actions"
    _inherit = ["dunning.guarded"]

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    action_ids = fields.Many2many(
        "dunning.action",
        required=True,
        default=lambda self: self._get_default_actions(),
    )
    summary = fields.Html(compute="_compute_summary", sanitize=False)
    count = fields.Integer(compute="_compute_summary")
    stale_count = fields.Integer(compute="_compute_summary")
    problem_count = fields.Integer(compute="_compute_summary")

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.model
    def _get_default_actions(self):
        actions = self.env["dunning.action"].browse(
            self.env["dunning.guard"]._get_context_ids("active_ids")
        )
        waiting = actions.filtered(lambda action: action.state == "to_validate")
        if not waiting:
            raise UserError(
                self.env._(
                    "None of these actions waits for approval: choose those “To "
                    "Validate”."
                )
            )
        return waiting

    @api.depends("action_ids")
    def _compute_summary(self):
        for dialog in self:
            actions = dialog.action_ids
            fit = dialog._get_fit_actions()
            dialog.count = len(fit)
            dialog.stale_count = len(actions - fit)
            dialog.problem_count = sum(
                bool(action._find_way()[1]) for action in fit.filtered("level_id")
            )
            dialog.summary = self.env["ir.qweb"]._render(
                "account_dunning.validate_summary", {"rows": dialog._get_rows(fit)}
            )

    def _get_fit_actions(self) -> models.BaseModel:
        """Return the actions that can go out: not those edited before they changed."""
        self.ensure_one()
        return self.action_ids.filtered(lambda action: not action.custom_stale)

    def _get_rows(self, actions):
        """Return what is told of each channel and company: dicts ``icon, channel,
        count, customers, amount``; the last row is the total of several."""
        icons = self.env["dunning.channel"]._get_icons()
        channels = dict(actions._fields["channel"]._description_selection(self.env))
        rows = [
            {
                "icon": icons[channel],
                "channel": channels[channel],
                **self._get_figures(group),
            }
            for channel, group in actions.grouped("channel").items()
        ]
        if len(rows) > 1:
            total = {"icon": False, "channel": self.env._("Total")}
            rows.append(total | self._get_figures(actions))
        return rows

    def _get_figures(self, actions: models.BaseModel) -> dict:
        """Return what is told of actions: dict of ``count, customers, amount``. There
        is no amount where two of them claim the same money."""
        lines = actions.line_ids.filtered(lambda line: line.state == "open")
        is_once = len(lines.move_line_id) == len(lines)
        amounts = [
            format_amount(self.env, sum(group.mapped("amount")), currency)
            for currency, group in actions.grouped("currency_id").items()
            if is_once
        ]
        return {
            "count": len(actions),
            "customers": len(actions.partner_id),
            "amount": " + ".join(amounts),
        }

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_apply(self):
        """Validate the actions whose text is up to date.

        :return: notification that says how many; of many, the job that does it
        """
        actions = self._get_fit_actions().filtered(
            lambda action: action.state == "to_validate"
        )
        self.action_ids = [Command.set(actions.ids)]
        if len(actions) > MOST_AT_ONCE:
            return self.env["dunning.batch"]._begin("validate", actions)._open()
        actions.action_validate()
        return actions._tell_approved()
