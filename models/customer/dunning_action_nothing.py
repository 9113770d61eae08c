from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ...tools.words import OPEN_STATES, WRITTEN_CHANNELS

# Of so many items it is told why they are not claimed.
TOLD_ITEMS = 5


class DunningAction(models.Model):
    """A customer may owe nothing that can be claimed, although much is late: whoever
    writes to it by hand is told so before, and why."""

    _inherit = "dunning.action"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    nothing_claimed = fields.Text(
        string="Nothing to Claim", compute="_compute_nothing_claimed"
    )

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("amount", "channel", "company_id", "kind", "partner_id", "state")
    @api.depends_context("lang")
    def _compute_nothing_claimed(self):
        # Shown for one action at a time.
        for action in self:
            claims = not action._writes_by_hand() or action._claims_something()
            company = action.company_id
            action.nothing_claimed = not claims and action.with_company(
                company
            )._get_nothing_message(action.partner_id.commercial_partner_id)

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _writes_by_hand(self):
        """Return whether somebody has planned, or plans, to write to the customer."""
        self.ensure_one()
        return (
            self.kind == "manual"
            and self.state in OPEN_STATES
            and self.channel in WRITTEN_CHANNELS
            and bool(self.partner_id)
        )

    def _claims_something(self):
        """Return whether the action claims an amount, or would once it is saved."""
        self.ensure_one()
        if self._origin:
            return bool(self.amount)
        customer = self.partner_id.commercial_partner_id.with_company(self.company_id)
        balances = customer._dunning_get_balances()
        return any(balance["collectable"] for balance in balances)

    def _get_letter_problem(self):
        # EXTENDS 'account_dunning': why what is late is not claimed
        problem = super()._get_letter_problem()
        if problem and self.kind == "manual" and not self.amount:
            actions = self.with_company(self.company_id)
            told = actions._tell_unclaimed(self.partner_id.commercial_partner_id)
            problem = "\n".join([problem, *told])
        return problem

    def _plan_returned(self):
        # EXTENDS 'account_dunning': what came back is not sent again for nothing
        again = super()._plan_returned()
        if not again.amount:
            actions = self.with_company(self.company_id)
            customer = self.partner_id.commercial_partner_id
            raise UserError(actions._get_nothing_message(customer))
        return again

    @api.model
    def _get_nothing_message(self, partner: models.BaseModel) -> str:
        """Say that nothing is claimed now, and of what is overdue why, and when.

        :param partner: the customer
        """
        nothing = self.env._(
            "%s owes nothing that can be claimed now.", partner.display_name
        )
        return "\n".join([nothing, *self._tell_unclaimed(partner)])

    @api.model
    def _tell_unclaimed(self, partner):
        """Return for each of the oldest overdue items a line that says why it is not
        claimed, and until when."""
        partner = partner.with_company(self.env.company)
        late = partner._dunning_get_items().filtered("days_late").sorted("date_due")
        labels = late._get_reason_labels()
        told = []
        for item in late[:TOLD_ITEMS]:
            values = {"number": item.number, "reason": labels.get(item.reason, "")}
            if item.reason == "held" and item.held_by:
                # It says until when itself.
                values["reason"] = item.held_by
            elif item.date:
                values["day"] = format_date(self.env, item.date)
                told.append(
                    self.env._("%(number)s: %(reason)s, until %(day)s", **values)
                )
                continue
            told.append(self.env._("%(number)s: %(reason)s", **values))
        return told
