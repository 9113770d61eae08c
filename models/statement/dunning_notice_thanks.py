# What is asked of each is the same, whether it needs all of it or not.
# pylint: disable=unused-argument

from odoo import models
from odoo.tools import SQL


class DunningNoticeThanks(models.AbstractModel):
    """Thanks for a payment, after which nothing is overdue any more."""

    _name = "dunning.notice.thanks"
    _inherit = "dunning.notice"
    _description = "Thanks for Payment"

    _source_field = "thanked_id"
    _text_names = ("thanks",)
    # Nobody posts a letter to say thanks.
    _fallbacks = ()

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _get_items(self, action):
        # OVERRIDES 'dunning.notice': it goes to whom the reminder went
        return self.env["account.move.line"]

    def _bring_up_to_date(self, actions):
        # OVERRIDES 'dunning.notice': the ledger is asked each time
        return

    def _get_problem(self, action):
        # OVERRIDES 'dunning.notice'
        return "overdue_again" if self._is_overdue(action) else None

    def _is_overdue(self, action):
        """Return whether something of the customer is overdue."""
        plan = self.env["dunning.plan"]
        scope = action.company_id._dunning_scope(partners=action.partner_id.ids)
        plan._flush()
        query = SQL(
            "SELECT FROM (%s) line WHERE residual > 0 AND date_due < %s LIMIT 1",
            plan._get_open_line_sql(scope),
            scope.date,
        )
        return bool(self.env.execute_query(query))

    def _get_details(self, action):
        # OVERRIDES 'dunning.notice': it tells no amount
        return {}

    def _get_totals(self, action, details):
        # OVERRIDES 'dunning.notice'
        return []

    def _render_table(self, action, details):
        # OVERRIDES 'dunning.notice'
        return ""

    def _is_paid_by_transfer(self, action):
        # OVERRIDES 'dunning.notice'
        return False
