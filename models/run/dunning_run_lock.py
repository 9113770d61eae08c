from odoo import api, models
from odoo.tools import SQL

# Distinguishes the lock of a run from other advisory locks of the database.
RUN_LOCK = 1_685_417_582


class DunningRun(models.Model):
    """One run of a company at a time."""

    _inherit = "dunning.run"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    @api.model
    def _try_lock(self, company):
        """Lock the runs of a company until the transaction ends.

        :return: whether nobody else has done so
        """
        [(locked,)] = self.env.execute_query(
            SQL("SELECT pg_try_advisory_xact_lock(%s, %s)", RUN_LOCK, company.id)
        )
        return locked

    @api.model
    def _wait_for_lock(self, company):
        """Lock the runs of a company as soon as no other is in progress. It may be
        that of a process which was killed: the database only notices at the end of
        the statement, and the day must not be lost to a run that leaves nothing.

        To be called at the beginning of a transaction: it may be rolled back.
        """
        while not self._try_lock(company):
            self.env.execute_query(
                SQL("SELECT pg_advisory_xact_lock(%s, %s)", RUN_LOCK, company.id)
            )
            # Only the next transaction sees what the other has done.
            self.env.cr.rollback()
