from odoo import models
from odoo.tools import SQL

# Tables that a run fills.
FILLED_TABLES = ("dunning_action", "dunning_action_line")

# Growth that changes what the database should know of them: few rows, or the share at
# which PostgreSQL looks again by itself, a minute later.
ANALYZED_GROWTH, ANALYZED_SHARE = 1000, 0.1


class DunningRun(models.Model):
    """What a run has created is sent at once: the database must know of it."""

    _inherit = "dunning.run"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _apply(self, excluded_partners, excluded_lines):
        # EXTENDS 'account_dunning'
        result = super()._apply(excluded_partners, excluded_lines)
        if self._has_changed_size():
            tables = SQL(", ").join(map(SQL.identifier, FILLED_TABLES))
            # Whoever else looks at them does it for us.
            self.env.cr.execute(SQL("ANALYZE (SKIP_LOCKED) %s", tables))
        return result

    def _has_changed_size(self):
        """Return whether there are many more actions than the database knows of."""
        [(known,)] = self.env.execute_query(
            SQL(
                "SELECT reltuples FROM pg_class WHERE oid = %s::regclass",
                self.env["dunning.action"]._table,
            )
        )
        return self.action_count > max(ANALYZED_GROWTH, ANALYZED_SHARE * known)
