from dataclasses import replace

from odoo import models
from odoo.tools import SQL


class DunningRun(models.Model):
    """A run for a day to come: it counts what the plan of that day says, and creates
    nothing. What it created would keep out what is due before."""

    _inherit = "dunning.run"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _apply(self, excluded_partners, excluded_lines):
        # EXTENDS 'account_dunning'
        if self.date <= self.company_id._dunning_today():
            return super()._apply(excluded_partners, excluded_lines)
        return self._preview(excluded_partners, excluded_lines)

    def _preview(self, excluded_partners, excluded_lines):
        """Count what would happen on the day of the run, if nothing happened until
        then."""
        plan = self.env["dunning.plan"]
        scope = self.company_id._dunning_scope(self.date)
        due = plan._get_due_customers(scope)
        rows = plan._execute_on_ledger(
            SQL(
                """
                WITH %(planned)s
                %(counts)s
                 UNION ALL
                SELECT 'action', NULL, COUNT(*) FROM chosen
                 UNION ALL
                SELECT 'amount', NULL, COALESCE(SUM(GREATEST(amount, 0)), 0)
                  FROM (%(claimed)s) claimed
                """,
                planned=self._get_planned_sql(
                    replace(scope, partners=due.ids), excluded_partners, excluded_lines
                ),
                counts=self._get_counts_sql(),
                claimed=plan._get_claimed_sql(
                    self._get_content_sql(), SQL("partner_id, kind")
                ),
            )
        )
        figures = {name: value for name, __, value in rows}
        counts = [
            (name, reason, int(number))
            for name, reason, number in rows
            if name not in ("action", "amount")
        ]
        self._record_counts(due, counts, int(figures["action"]), figures["amount"])
        self.write(
            {
                "state": "preview",
                "message": self.env._(
                    "The day was still to come: nothing was created."
                ),
            }
        )
