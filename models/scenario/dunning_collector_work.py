from odoo import api, models
from odoo.fields import Domain

from ...tools.registry import get_heirs


class DunningCollectorWork(models.AbstractModel):
    """Work that somebody looks after, as long as they can."""

    _name = "dunning.collector.work"
    _description = "Work of Collectors"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _hand_over_all(self, company: models.BaseModel) -> None:
        """Give the open work of a company that nobody can do to those who can."""
        workers = company._dunning_get_workers()
        left = Domain("company_id", "=", company.id) & Domain("user_id", "!=", False)
        left &= Domain("user_id", "not in", list(workers.able))
        for work in get_heirs(self.env, self._name):
            work.search(left & work._get_work_domain())._hand_over(workers)

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
            # One note says it; a mail for each would be too many.
            records = records.with_context(
                tracking_disable=True, mail_activity_quick_update=True
            )
            activities = records.activity_ids.filtered(
                lambda activity, user=user: activity.user_id == user
            )
            records.write({"user_id": worker.id})
            activities.write({"user_id": worker.id})
            body = self.env._(
                "Handed over from %(former)s to %(worker)s.",
                former=user.name,
                worker=worker.name,
            )
            records._message_log_batch(bodies=dict.fromkeys(records.ids, body))
