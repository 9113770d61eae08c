from collections import defaultdict

from odoo import models

from ...tools.plan import STEP
from ...tools.words import OPEN_STATES

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
    none of its items is withheld, and they alone are above every minimum and what is
    deducted, its answer cannot change.
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
        plans = {}
        unpaid = {action: action._get_unpaid_lines() for action in self}
        for (company, day), actions in self.grouped(
            lambda action: (action.company_id, action._get_day())
        ).items():
            rules = self.env["dunning.plan"]._get_scenario_rules(company)
            if any(rule.amount_from or rule.amount_to for rule in rules):
                continue
            minimum = max((rule.minimum_amount for rule in rules), default=0)
            plain = actions.filtered(lambda action: action._is_plain(unpaid[action]))
            deducted = plain._get_deducted(company, day)
            for partner, of_customer in actions.grouped("partner_id").items():
                amount = deducted[partner.id]
                if of_customer <= plain and all(
                    unpaid[action]._exceeds(minimum + amount) for action in of_customer
                ):
                    for action in of_customer:
                        plans[action] = action._get_evident_rows(unpaid[action], amount)
        return plans

    def _is_plain(self, lines):
        """Return whether what is left of the action are overdue items that are claimed
        in full, in company currency.

        :param lines: those that leave something to pay
        """
        self.ensure_one()
        if not lines or self.state not in OPEN_STATES or self.kind not in PLAIN_KINDS:
            return False
        if self.kind == "step" and not self._keeps_level(lines):
            return False
        day, currency = self._get_day(), self.company_id.currency_id
        return all(
            line.state == "open"
            and line.date_due
            and line.date_due < day
            and line.currency_id == currency
            and not line.amount_withheld
            for line in lines
        )

    def _keeps_level(self, lines):
        """Return whether the action stays at its level, and its text as firm as it is:
        an item that has come there by itself is left, and none is beyond.

        :param lines: those that leave something to pay
        """
        own = lines.filtered(lambda line: not line.is_aligned).level_id
        highest = lines.level_id.sorted("delay_days")[-1:]
        return self.level_id in own and highest == self.level_id

    def _get_unpaid_lines(self):
        """Return the lines whose items leave something to pay, left out or not."""
        unpaid_ids = set(self.line_ids.move_line_id._dunning_get_open().ids)
        return self.line_ids.filtered(lambda line: line.move_line_id.id in unpaid_ids)

    def _get_deducted(self, company, day):
        """Return what is deducted on a day from the items of the customers.

        :return: dict of partner id to amount in company currency
        """
        deducted = defaultdict(float)
        if self:
            # Each payment waits, and else what is written in part is written twice.
            self.env.flush_all()
            scope = company._dunning_scope(day, partners=self.partner_id.ids)
            query = self.env["dunning.plan"]._get_deduction_query(scope)
            for partner_id, currency_id, credit, held in self.env.execute_query(query):
                if currency_id == company.currency_id.id:
                    deducted[partner_id] = float(credit + held)
        return deducted

    def _get_evident_rows(self, lines, deducted):
        """Return the rows of the plan for the items that are left.

        :param lines: those that leave something to pay
        :param deducted: amount that is deducted from the customer's items
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
                "claim": line.move_line_id.amount_residual,
                "deduction_company": deducted,
                "level_id": line.level_id.id,
                "level_due": True,
                "heard_tone": 0,
                "decision": STEP,
                "reason": "last_level" if self.kind == "follow_up" else None,
                "listed": True,
            }
            for line in lines
        }
