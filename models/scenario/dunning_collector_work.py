from odoo import api, models
from odoo.fields import Domain


class DunningCollectorWork(models.AbstractModel):
    """Work that somebody looks after, as long as they can and are there."""

    _name = "dunning.collector.work"
    _description = "Work of Collectors"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _hand_over_all(self, company: models.BaseModel) -> None:
        """Give the open work of a company that nobody can do to those who can, that of
        those who are away to their substitutes, and back when they return."""
        # Whose work it is does not depend on who runs.
        company_sudo = company.sudo()
        company_sudo.env["dunning.substitution"]._bring_in_line(company_sudo)
        workers = company_sudo._dunning_get_workers()
        here = workers.able - set(workers.replaced)
        left = Domain("user_id", "!=", False) & Domain("user_id", "not in", list(here))
        company_sudo._dunning_hand_over(left, workers)

    @api.model
    def _get_work_domain(self):
        """Return which work is not over."""
        raise NotImplementedError

    def _hand_over(self, workers):
        """Give what these users cannot do to those who can, if there is somebody, and
        keep it in the history.

        :param workers: :class:`~odoo.addons.account_dunning.tools.collectors.Workers`
            of the company
        """
        for user, records in self.grouped("user_id").items():
            worker = user.browse(workers.find(user.id))
            if not worker or worker == user:
                continue
            records._give(
                worker,
                self.env._(
                    "Handed over from %(former)s to %(worker)s.",
                    former=user.name,
                    worker=worker.name,
                ),
            )
            self.env["dunning.substitution"]._remember(user, worker, records)

    def _give(self, worker: models.BaseModel, body: str) -> None:
        """Give work, with the activities of whose it was, to somebody.

        :param worker: ``res.users``
        :param body: what its history says of it
        """
        owners = {record.id: record.user_id for record in self}
        # One note says it; a mail for each would be too many.
        work = self.with_context(tracking_disable=True, mail_activity_quick_update=True)
        activities = work.activity_ids.filtered(
            lambda activity: activity.user_id == owners[activity.res_id]
        )
        work.write({"user_id": worker.id})
        activities.write({"user_id": worker.id})
        work._message_log_batch(bodies=dict.fromkeys(work.ids, body))
