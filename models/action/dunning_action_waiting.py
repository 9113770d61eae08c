from collections.abc import Sequence

from psycopg2 import OperationalError

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..base.dunning_entered import accepts

# How many a list that opens brings in line: a page, those due first.
OPENED_LIMIT = 100

# Nobody waits for who is just carrying out an action: it is brought in line by that.
LOCK_TIMEOUT = "500ms"


class DunningAction(models.Model):
    """What waits for people is true: amounts, items and level are brought in line with
    the ledger by the daily run, and when a list of them opens. Events of the ledger do
    so at once; what only time changes (a hold that ends, an item that falls due) is
    seen here."""

    _inherit = "dunning.action"

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    @api.model
    @accepts(domain="domain")
    def refresh_waiting(self, domain: Sequence = ()) -> bool:
        """Bring in line with the ledger what a list is about to show, those due first.

        What is being carried out by somebody else is left as it is. Nothing is written
        where nothing has changed.

        :param domain: what the list shows
        :return: True
        :raise AccessError: the user may not read actions
        """
        self.check_access("read")
        shown = self.search(
            Domain(domain) & self._get_waiting_domain(),
            order="date, amount desc, id",
            limit=OPENED_LIMIT,
        )
        # Following the ledger is the system's work, whoever looks.
        shown_sudo = shown.sudo()
        shown_sudo._refresh_waiting()
        return True

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    @api.model
    def _get_waiting_domain(self) -> Domain:
        """Return which actions wait for people; what is sent by itself is brought in
        line when it is."""
        waiting = Domain("state", "in", ("to_validate", "failed"))
        by_hand = Domain([("state", "=", "todo"), ("execution", "=", "manual")])
        return waiting | by_hand

    def _refresh_waiting(self) -> bool:
        """Bring actions in line with the ledger, unless somebody else has them.

        :return: whether they have been
        """
        if not self:
            return True
        timeout = SQL("SET LOCAL lock_timeout = %s", LOCK_TIMEOUT)
        try:
            with self.env.cr.savepoint():
                self.env.cr.execute(timeout)
                self._refresh(any_day=True, complete=True)
                self.env.flush_all()
                self.env.cr.execute("SET LOCAL lock_timeout TO DEFAULT")
        except OperationalError:
            self.env.invalidate_all(flush=False)
            return False
        return True
