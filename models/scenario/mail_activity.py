from collections.abc import Collection

from odoo import models
from odoo.fields import Domain

from ...tools.words import ACTIVITY_REPLY


class MailActivity(models.Model):
    """What collectors are told of their customers, and what these have answered, goes
    to who does their work."""

    _inherit = "mail.activity"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _dunning_get_work_domain(self, company: models.BaseModel) -> Domain:
        """Return which activities of dunning wait on customers of a company. Those on
        actions, promises and disputes go along with them."""
        return (
            Domain("res_model", "=", "res.partner")
            & Domain("dunning_discreet", "=", True)
            & Domain("dunning_company_id", "in", [company.id, False])
        )

    def _dunning_filter_left(self, user_ids: Collection[int]) -> models.BaseModel:
        """Return those that somebody else has to do: of these users, of who is
        archived, and what customers have answered. Who has no right on dunning may have
        been asked something all the same."""
        reply = self.env.ref(ACTIVITY_REPLY, raise_if_not_found=False)
        return self.filtered(
            lambda activity: (
                activity.user_id.id in user_ids
                or not activity.user_id.active
                or (reply and activity.activity_type_id == reply)
            )
        )

    def _dunning_hand_over(self, workers) -> None:
        """Give the activities of these users who cannot do them to those who can.

        :param workers: :class:`~odoo.addons.account_dunning.tools.collectors.Workers`
        """
        substitutions = self.env["dunning.substitution"]
        for user, activities in self.grouped("user_id").items():
            worker = user.browse(workers.find(user.id))
            if worker and worker != user:
                activities._dunning_give(worker)
                substitutions._remember(user, worker, activities)

    def _dunning_give(self, worker: models.BaseModel) -> None:
        """Give activities to somebody, who is not mailed about it."""
        activities = self.with_context(mail_activity_quick_update=True)
        activities.write({"user_id": worker.id})
