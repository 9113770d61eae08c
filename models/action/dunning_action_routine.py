from odoo import models

from ...tools.words import OPEN_STATES
from ..plan.dunning_plan_foresight import ForeseenContact, ForeseenItem

# Actions whose lines the plan would judge as it has done.
PLAIN_KINDS = ("step", "follow_up", "manual")


class DunningAction(models.Model):
    """Following payments that leave the rest as it was: what the plan would say of the
    items is foreseen by it, from plain data, without reading the ledger."""

    _inherit = "dunning.action"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _get_evident_plans(self):
        """Return what the plan would say of actions after items were paid, without
        asking it, where that is evident.

        :return: dict of action to the rows of its items, those of the plan
        """
        plans, plan = {}, self.env["dunning.plan"]
        for (company, day), actions in self.grouped(
            lambda action: (action.company_id, action._get_judged_day())
        ).items():
            contacts = (action._get_foreseen() for action in actions)
            plans |= plan._foresee(company, day, contacts)
        return {action: plans[action.id] for action in self if action.id in plans}

    def _get_foreseen(self) -> ForeseenContact:
        """Return the action as the plan is asked for it."""
        lines = self._get_unpaid_lines()
        is_as_before = self._is_as_before(lines)
        return ForeseenContact(
            key=self.id,
            partner_id=self.partner_id.id,
            kind=self.kind,
            items=[line._get_foreseen() for line in lines] if is_as_before else [],
        )

    def _get_unpaid_lines(self):
        """Return the lines whose items leave something to pay, left out or not."""
        unpaid_ids = set(self.line_ids.move_line_id._dunning_get_open().ids)
        return self.line_ids.filtered(lambda line: line.move_line_id.id in unpaid_ids)

    def _is_as_before(self, lines):
        """Return whether the action would speak of these items as it does, if the plan
        says of them what it has said.

        :param lines: those that leave something to pay
        """
        return (
            self.state in OPEN_STATES
            and self.kind in PLAIN_KINDS
            and (self.kind != "step" or self._keeps_level(lines))
            and all(line.state == "open" for line in lines)
        )

    def _keeps_level(self, lines):
        """Return whether the action stays at its level, and its text as firm as it is:
        an item that has come there by itself is left, and none is beyond.

        :param lines: those that leave something to pay
        """
        own = lines.filtered(lambda line: not line.is_aligned).level_id
        highest = lines.level_id.sorted("delay_days")[-1:]
        return self.level_id in own and highest == self.level_id


class DunningActionLine(models.Model):
    _inherit = "dunning.action.line"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _get_foreseen(self) -> ForeseenItem:
        """Return the item of the line as the plan is asked for it."""
        item = self.move_line_id
        return ForeseenItem(
            id=item.id,
            level_id=self.level_id.id or None,
            currency_id=self.currency_id.id,
            date_due=self.date_due,
            residual=item.amount_residual_currency,
            residual_company=item.amount_residual,
            withheld=self.amount_withheld,
        )
