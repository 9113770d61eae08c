from odoo import Command, api, fields, models

from ...tools.dates import shift


class DunningActionSkip(models.TransientModel):
    """Skip actions. Without anything else the next run would propose the same step
    again, so the items are put on hold until the date the collector gives."""

    _name = "dunning.action.skip"
    _description = "Skip Dunning Actions"
    _inherit = ["dunning.guarded"]

    action_ids = fields.Many2many(
        "dunning.action",
        required=True,
        default=lambda self: self.env["dunning.guard"]._get_context_ids("active_ids"),
    )
    reason_id = fields.Many2one("dunning.reason", string="Cause")
    reason = fields.Char(string="Why", required=True)
    date_end = fields.Date(
        string="Propose Again After",
        compute="_compute_date_end",
        store=True,
        readonly=False,
        help="The items are on hold until this day; empty, the next run may propose "
        "the same step again.",
    )

    has_items = fields.Boolean(
        compute="_compute_has_items",
        help="There is something to put on hold.",
    )

    @api.depends("action_ids")
    def _compute_has_items(self):
        for wizard in self:
            wizard.has_items = any(map(wizard._get_items, wizard.action_ids))

    @api.depends("action_ids")
    def _compute_date_end(self):
        for wizard in self:
            gap = max(
                wizard.action_ids.scenario_id.mapped("contact_gap_days"), default=0
            )
            company = wizard.action_ids.company_id[:1] or self.env.company
            today = company._dunning_today()
            wizard.date_end = shift(today, gap or 7)

    @api.onchange("reason_id")
    def _onchange_reason_id(self):
        if self.reason_id and not self.reason:
            self.reason = self.reason_id.name

    def action_apply(self):
        """Skip the actions, and hold their items until the date given.

        :return: action that closes the dialog and says so
        """
        actions = self.action_ids
        items = {action: self._get_items(action) for action in actions}
        if self.reason_id:
            actions.write({"reason_id": self.reason_id.id})
        actions.action_skip(self.reason)
        if self.date_end:
            self.env["dunning.hold"].create(
                [
                    self._prepare_hold_values(action, lines)
                    for action, lines in items.items()
                    if lines
                ]
            )
        return actions._tell_decided(
            self.env._("skipped"), self.env._("%s actions skipped", len(actions))
        )

    def _get_items(self, action: models.BaseModel) -> models.BaseModel:
        """Return the items the action would have stepped."""
        lines = action.line_ids.filtered(lambda line: line.state == "open")
        return (lines.filtered("level_id") or lines).move_line_id

    def _prepare_hold_values(self, action, lines):
        return {
            "partner_id": action.partner_id.id,
            "company_id": action.company_id.id,
            "move_line_ids": [Command.set(lines.ids)],
            "date_end": self.date_end,
            "reason_id": self.reason_id.id,
            "note": self.reason,
        }
