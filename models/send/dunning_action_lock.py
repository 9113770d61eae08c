from odoo import api, models
from odoo.tools import SQL

from ...tools.words import OPEN_STATES


class DunningAction(models.Model):
    """Who may carry out the actions of a customer: one transaction at a time, so that
    the gap between two contacts is judged by somebody who knows of all of them.

    How it works: the customer belongs to the transaction that has locked the oldest
    of its open actions, whichever of them it carries out. It locks the others too:
    one that is being changed puts the customer off, and one that was carried out
    since the transaction began makes the database refuse, and the transaction is
    tried again on what is true now. Nobody waits for anybody, hence no deadlock.
    """

    _inherit = "dunning.action"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    @api.model
    def _lock_due(self, domain, limit):
        """Lock the next customers with something to send and return an action of
        each, leaving the customers that somebody else is dealing with. They are found
        and locked by one statement, so that each process finds work as long as there
        is any."""
        query = self._get_lock_query(domain, limit)
        self.env.flush_query(query)
        # One that another process has just sent makes the database refuse: that is
        # expected, see _execute_next, and no error for the log.
        self.env.cr.execute(query, log_exceptions=False)
        due = self.browse(id_ for (id_,) in self.env.cr.fetchall())
        due = due._get_one_by_customer()
        siblings = due._get_open_of_customers()
        busy = siblings - siblings.try_lock_for_update()
        taken = {action._get_customer_key() for action in busy}
        return due.filtered(lambda action: action._get_customer_key() not in taken)

    @api.model
    def _get_lock_query(self, domain, limit) -> SQL:
        due = self._search(domain, order="date, id")
        columns = [
            SQL.identifier(due.table, name)
            for name in ("id", "company_id", "partner_id")
        ]
        return SQL(
            """
            SELECT due.id
              FROM (%(due)s) due
              JOIN dunning_action owner
                ON owner.id = (
                       SELECT MIN(id)
                         FROM (
                                  SELECT id
                                    FROM dunning_action
                                   WHERE partner_id = due.partner_id
                                     AND company_id = due.company_id
                                     AND state IN %(open_states)s
                                  -- Looked up by customer, not by trying all ids.
                                  OFFSET 0
                              ) sibling
                   )
             LIMIT %(limit)s
               FOR UPDATE OF owner SKIP LOCKED
            """,
            due=due.select(*columns),
            open_states=OPEN_STATES,
            limit=limit,
        )

    def _lock_or_refuse(self) -> None:
        """Lock the customers of the actions at the request of a person.

        :raise UserError: somebody else is dealing with one of them
        """
        siblings = self._get_open_of_customers()
        self.env["dunning.guard"]._lock_or_refuse(self | siblings)

    def _get_open_of_customers(self):
        """Return all open actions of the customers of these actions."""
        keys = {action._get_customer_key() for action in self}
        candidates = self.search(
            [
                ("company_id", "in", self.company_id.ids),
                ("partner_id", "in", self.partner_id.ids),
                ("state", "in", OPEN_STATES),
            ],
            order="id",
        )
        return candidates.filtered(lambda action: action._get_customer_key() in keys)

    def _get_one_by_customer(self):
        """Return the first action of each customer: the gap between two contacts
        is judged when the next one's turn comes."""
        first = {}
        for action in self:
            first.setdefault(action._get_customer_key(), action)
        return self.browse().concat(*first.values())

    def _get_customer_key(self) -> tuple[int, int]:
        """Return what tells customers apart: company and customer."""
        return self.company_id.id, self.partner_id.id
