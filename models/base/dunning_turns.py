from collections.abc import Iterator
from datetime import timedelta
from itertools import takewhile

from odoo import api, models

# A job that failed before its end begins anew on its next day.
LATELY = timedelta(hours=12)


class DunningGuard(models.AbstractModel):
    """Jobs of the system that deal with one thing after the other."""

    _inherit = "dunning.guard"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    @api.model
    def _take_turns(self, records: models.BaseModel) -> Iterator[models.BaseModel]:
        """Go through records in a job, each in transactions of its own. Odoo has a job
        begin anew that did not come to its end in its time: it goes on with those that
        have not had their turn yet.

        :return: iterator of records
        """
        cron = self.env["ir.cron"]
        left = records.sorted("id")[self._count_turns(len(records)) :]
        cron._commit_progress(remaining=len(left))
        for record in left:
            yield record
            if not cron._commit_progress(1):
                return

    @api.model
    def _count_turns(self, most):
        """Return how many records the job has done since it came to its end last,
        however often it had to begin; none when they are all there are.

        :param most: how many there are
        """
        # What jobs have done is the system's to read.
        progress_sudo = self.env["ir.cron.progress"].sudo()
        lately = progress_sudo.search(
            [
                ("cron_id", "=", self.env.context.get("cron_id")),
                ("create_date", ">", self.env.cr.now() - LATELY),
            ],
            order="id desc",
        )
        # It ends with one of which nothing remained.
        own = takewhile(lambda one: one.remaining or not one.done, lately)
        count = sum(one.done for one in own)
        return count if count < most else 0
