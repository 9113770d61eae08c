from collections.abc import Iterator

from odoo import api, models


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
        left = records.sorted("id")[self._count_turns() :]
        cron._commit_progress(remaining=len(left))
        for record in left:
            yield record
            if not cron._commit_progress(1):
                return

    @api.model
    def _count_turns(self):
        """Return how many records the job has done since it came to its end last,
        however often it had to begin."""
        context = self.env.context
        if "lastcall" not in context:
            return 0
        # What jobs have done is the system's to read.
        progress_sudo = self.env["ir.cron.progress"].sudo()
        domain = [("cron_id", "=", context.get("cron_id"))]
        if context["lastcall"]:
            domain.append(("create_date", ">", context["lastcall"]))
        return sum(progress_sudo.search(domain).mapped("done"))
