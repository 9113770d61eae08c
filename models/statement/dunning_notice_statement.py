# What is asked of each is the same, whether it needs all of it or not.
# pylint: disable=unused-argument

from odoo import fields, models

from ..text.dunning_action_content import Total


class DunningNoticeStatement(models.AbstractModel):
    """A statement of account: it says what is open, and asks for nothing."""

    _name = "dunning.notice.statement"
    _inherit = "dunning.notice"
    _description = "Statement of Account"

    _source_field = "partner_id"
    _text_names = ("account_statement",)

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _get_items(self, action):
        # OVERRIDES 'dunning.notice': it is about the account, and goes to who gets what
        # concerns the account
        return self.env["account.move.line"]

    def _bring_up_to_date(self, actions):
        # OVERRIDES 'dunning.notice'
        actions.invalidate_recordset(["statement"], flush=False)

    def _get_problem(self, action):
        # OVERRIDES 'dunning.notice'
        if not action._get_notice_details()["items"]:
            return "nothing_open"
        customer = action.partner_id.with_company(action.company_id)
        declined = action.statement_period and customer.dunning_statement == "never"
        return "statement_declined" if declined else None

    def _get_details(self, action):
        # OVERRIDES 'dunning.notice'
        return action.statement or {"items": [], "credits": {}}

    def _get_totals(self, action, details):
        # OVERRIDES 'dunning.notice'
        none = self.env["dunning.action.line"]
        return [
            Total(
                total["currency"],
                none,
                none,
                total["open"],
                0.0,
                total["credit"],
                total["balance"],
                total["due"],
            )
            for total in self._add_up(details)
        ]

    def _add_up(self, details):
        return self.env["dunning.account.statement"]._get_totals(details)

    def _render_table(self, action, details):
        # OVERRIDES 'dunning.notice'
        return action._render_content(
            "statement", totals=self._add_up(details), day=fields.Date.to_date
        )

    def _get_totals_to_pay(self, action, totals):
        # OVERRIDES 'dunning.notice': nothing is asked for
        return []

    def _is_paid_by_transfer(self, action):
        # OVERRIDES 'dunning.notice': nothing is asked for
        return False


class DunningItem(models.Model):
    _inherit = "dunning.item"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _get_reason_labels(self):
        # EXTENDS 'account_dunning': why notices are cancelled
        return super()._get_reason_labels() | {
            "nothing_open": self.env._("Nothing is open any more"),
            "statement_declined": self.env._("The customer wants no statements"),
            "overdue_again": self.env._("Something is overdue again"),
        }
