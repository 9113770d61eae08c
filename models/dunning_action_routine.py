from odoo import models

from ..tools.plan import STEP
from .dunning_action import OPEN_STATES

# Actions whose lines the plan would judge as it has done.
PLAIN_KINDS = ("step", "follow_up", "manual")


class DunningAction(models.Model):
    """Following payments that leave the rest as it was.

    Most payments take items off an action, and that is all: the plan would say of the
    others what it has said before. Asking it takes longer than all the rest, so that
    it is asked only where the payment may have changed its mind.

    No rule is written again here: each is replaced by something that implies it. The
    plan decides by the total of the customer nowhere but for the scenario, the
    minimum, and what credits and holds cover. Where no scenario is chosen by amounts,
    nothing is deducted or withheld, and the items of the action alone are above every
    minimum, its answer cannot change.
    """

    _inherit = "dunning.action"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _get_evident_plans(self):
        """Return what the plan would say of actions after items were paid, without
        asking it, where that is evident.

        :return: dict of action to the rows of its items, those of the plan
        """
        plain = self.browse()
        unpaid = {action: action._get_unpaid_lines() for action in self}
        for company, actions in self.grouped("company_id").items():
            rules = self.env["dunning.plan"]._get_scenario_rules(company)
            if any(rule.amount_from or rule.amount_to for rule in rules):
                continue
            minimum = max((rule.minimum_amount for rule in rules), default=0)
            customers = [
                of_customer
                for of_customer in actions.grouped("partner_id").values()
                if all(
                    action._is_plain(unpaid[action], minimum) for action in of_customer
                )
            ]
            plain += self.browse().concat(*customers)._get_undeducted(company)
        return {action: action._get_evident_rows(unpaid[action]) for action in plain}

    def _is_plain(self, lines, minimum):
        """Return whether what is left of the action are overdue items that are claimed
        in full, in company currency, and together are above a minimum.

        :param lines: those that leave something to pay
        :param minimum: amount in company currency
        """
        self.ensure_one()
        if self.state not in OPEN_STATES or self.kind not in PLAIN_KINDS:
            return False
        day, currency = self._get_day(), self.company_id.currency_id
        return sum(lines.move_line_id.mapped("amount_residual")) > minimum and all(
            line.state == "open"
            and line.date_due
            and line.date_due < day
            and line.currency_id == currency
            and not line.amount_withheld
            for line in lines
        )

    def _get_unpaid_lines(self):
        """Return the lines whose items leave something to pay, left out or not."""
        unpaid_ids = set(self.line_ids.move_line_id._get_dunning_open().ids)
        return self.line_ids.filtered(lambda line: line.move_line_id.id in unpaid_ids)

    def _get_undeducted(self, company):
        """Return the actions of the customers from whose items nothing is deducted."""
        if not self:
            return self
        scope = company._dunning_scope(partners=self.partner_id.ids)
        query = self.env["dunning.plan"]._get_deducted_query(scope)
        rows = self.env.execute_query(query)
        deducted = {id_ for (id_,) in rows}
        return self.filtered(lambda action: action.partner_id.id not in deducted)

    def _get_evident_rows(self, lines):
        """Return the rows of the plan for the items that are left.

        :param lines: those that leave something to pay
        :return: dict of journal item id to row (dict)
        """
        self.ensure_one()
        day = self._get_day()
        return {
            line.move_line_id.id: {
                "id": line.move_line_id.id,
                "partner_id": self.partner_id.id,
                "currency_id": line.currency_id.id,
                "date_due": line.date_due,
                "days_late": (day - line.date_due).days,
                "residual": line.move_line_id.amount_residual_currency,
                "residual_company": line.move_line_id.amount_residual,
                "withheld": 0,
                "deduction_company": 0,
                "level_id": line.level_id.id,
                "level_due": True,
                "decision": STEP,
                "reason": "last_level" if self.kind == "follow_up" else None,
                "listed": True,
            }
            for line in lines
        }
