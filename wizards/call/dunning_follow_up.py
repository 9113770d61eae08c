from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import plaintext2html

from ...models.scenario.res_company_collectors import MANAGER_GROUP

DECISIONS = [
    ("salesperson", "Ask the Salesperson"),
    ("write_off", "Propose a Write-off"),
]
# Working days to answer or to decide.
ANSWER_DAYS = {"salesperson": 3, "write_off": 10}
REASONS = {
    "salesperson": "reason_salesperson",
    "write_off": "reason_write_off",
}


class DunningFollowUp(models.TransientModel):
    """What becomes of what is left after the last level: somebody is asked, and the
    items are out of dunning where they are out of the collector's hands."""

    _name = "dunning.follow.up"
    _description = "Decide after the Last Level"
    _inherit = ["dunning.guarded"]

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    action_id = fields.Many2one(
        "dunning.action",
        required=True,
        readonly=True,
        ondelete="cascade",
        default=lambda self: self.env["dunning.guard"]._get_context_id(),
    )
    partner_id = fields.Many2one(related="action_id.partner_id")
    company_id = fields.Many2one(related="action_id.company_id")
    amount_by_currency = fields.Char(related="action_id.amount_by_currency")
    decision = fields.Selection(DECISIONS, required=True, default="salesperson")
    user_id = fields.Many2one(
        "res.users",
        string="Who Is Asked",
        compute="_compute_user_id",
        store=True,
        readonly=False,
        domain="[('share', '=', False)]",
    )
    date = fields.Date(
        string="No Later Than", compute="_compute_date", store=True, readonly=False
    )
    reason_id = fields.Many2one(
        "dunning.reason", compute="_compute_reason_id", store=True, readonly=False
    )
    note = fields.Text()

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("decision", "action_id")
    def _compute_user_id(self):
        for dialog in self:
            match dialog.decision:
                case "salesperson":
                    dialog.user_id = dialog.partner_id.user_id
                case _:
                    dialog.user_id = dialog._get_approver()

    @api.depends("decision", "action_id")
    def _compute_date(self):
        for dialog in self:
            company = dialog.company_id or self.env.company
            days = ANSWER_DAYS.get(dialog.decision, 3)
            dialog.date = company._dunning_add_working_days(days)

    @api.depends("decision")
    def _compute_reason_id(self):
        for dialog in self:
            xmlid = f"account_dunning.{REASONS.get(dialog.decision)}"
            dialog.reason_id = self.env.ref(xmlid, raise_if_not_found=False)

    def _get_approver(self):
        """Return who decides on a write-off: who leads the work, himself if he asks."""
        if self.env.user.has_group(MANAGER_GROUP):
            return self.env.user
        company = self.company_id or self.env.company
        return self.env["res.users"].browse(company._dunning_get_manager_id())

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_apply(self):
        """Ask whom it concerns, and take out of dunning what has been decided.

        :return: action that closes the dialog
        :raise UserError: something is missing, or the action is not open any more
        """
        self.ensure_one()
        action = self.action_id
        action.check_access("write")
        action._check_open()
        self._check_inputs()
        text = self._get_text()
        with self.env["dunning.guard"]._once(self):
            asked = self.with_context(lang=self.user_id.lang)._ask()
            if self.decision == "salesperson":
                action.action_postpone(self.date, text)
            else:
                # What it decides about is set by the system.
                asked_sudo = asked.sudo()
                asked_sudo.dunning_hold_id = self._take_out(text)
        return {"type": "ir.actions.act_window_close"}

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _check_inputs(self):
        today = self.company_id._dunning_today()
        if not self.date or self.date <= today:
            raise UserError(self.env._("Choose a day after today."))
        if not self.user_id:
            raise UserError(self.env._("Say who is asked."))

    def _get_text(self):
        """Return what was decided, in one line."""
        labels = dict(self._fields["decision"]._description_selection(self.env))
        parts = [labels[self.decision]]
        if self.note:
            parts.append(self.note)
        return " – ".join(parts)

    def _ask(self):
        """Give whom it concerns an activity on the customer, with what is owed, in the
        language of the environment: who is asked need not be a user of dunning.

        :return: the activity
        """
        action = self.action_id
        numbers = ", ".join(
            dict.fromkeys(
                line._get_content_number() for line in action._get_content_lines()
            )
        )
        # Activities are for colleagues who may not see the customer's dunning.
        partner_sudo = action.partner_id.sudo()._dunning_discreetly(action.company_id)
        return partner_sudo.activity_schedule(
            "mail.mail_activity_data_todo",
            self.date,
            summary=self._get_text(),
            note=self._get_asked_note(numbers),
            user_id=self.user_id.id,
        )

    def _get_asked_note(self, numbers):
        """Return what is owed, and how to answer where that is not plain."""
        lines = [f"{self.action_id.amount_by_currency or ''} – {numbers}"]
        if self.decision == "write_off":
            lines.append(
                self.env._(
                    "Yes: hand it over as a litigation and prepare the entry there, or "
                    "have it written off in accounting. No: release the hold on the "
                    "customer, and dunning goes on."
                )
            )
        return plaintext2html("\n".join(lines))

    def _take_out(self, text):
        """Finish the action, and keep its items out of dunning.

        :return: what keeps them out
        """
        action = self.action_id
        items = action._get_claimed_items()
        if not items:
            raise UserError(self.env._("Nothing is claimed any more by this action."))
        action.note = text
        action.action_execute()
        if action.state != "done":
            raise UserError(
                action.failure
                or self.env._(
                    "This cannot be recorded any more: open the action again."
                )
            )
        return self._hold_out(items, text)

    def _hold_out(self, items, text):
        # Where a hold comes from is set by the system.
        holds_sudo = self.env["dunning.hold"].sudo()
        return holds_sudo.create(
            {
                "partner_id": self.partner_id.id,
                "company_id": self.company_id.id,
                "move_line_ids": [Command.set(items.ids)],
                "reason_id": self.reason_id.id,
                "note": text,
                "origin": "manual",
                "date_review": self.date,
            }
        )
