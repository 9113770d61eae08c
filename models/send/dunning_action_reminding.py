from collections.abc import Callable

from odoo import api, models

from ...tools.words import ACTIVITY_REPLY


class DunningAction(models.Model):
    """What comes after an action has left, and somebody has to deal with: answers, and
    what did not arrive."""

    _inherit = "dunning.action"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _remind_collector(
        self, summarize: Callable[[api.Environment], str], note: str
    ) -> None:
        """Put something among the activities of who looks after the customer, once
        until it has been dealt with.

        :param summarize: takes an environment in the collector's language, and returns
            what it is about
        :param note: what there is to know
        """
        self.ensure_one()
        workers = self.company_id._dunning_get_workers()
        # What nobody is told of is worse than what a stand-in is told.
        user = self.user_id.browse(workers.find(self.user_id.id) or workers.standby)
        if not user:
            return
        # Collectors are not mailed about it: they have their agenda.
        customer = self.partner_id._dunning_discreetly(self.company_id).with_context(
            lang=user.lang, mail_activity_quick_update=True
        )
        summary = summarize(customer.env)
        known = customer.activity_ids.filtered(
            lambda activity: (
                activity.user_id == user
                and activity.summary == summary
                and activity.dunning_company_id == self.company_id
            )
        )
        if not known:
            # Who has deleted the type of activity is told all the same.
            known_type = self.env.ref(ACTIVITY_REPLY, raise_if_not_found=False)
            customer.activity_schedule(
                ACTIVITY_REPLY if known_type else "mail.mail_activity_data_todo",
                date_deadline=self.company_id._dunning_today(),
                summary=summary,
                note=note,
                user_id=user.id,
            )
