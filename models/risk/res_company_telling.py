from collections import defaultdict
from collections.abc import Callable

from markupsafe import Markup

from odoo import models

# More at a time are told of together; and more names would not be read.
MOST_TOLD, MOST_NAMED = 10, 50


class ResCompany(models.Model):
    """Collectors are told of their customers by activities, not by e-mail."""

    _inherit = "res.company"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _dunning_tell_collectors(
        self, partners, date, summarize: Callable, summarize_many: Callable
    ) -> None:
        """Tell of customers who looks after them: an activity for each; of many at a
        time, one for all of them.

        :param partners: ``res.partner``
        :param date: of the activities
        :param summarize: takes an environment in the collector's language and a
            customer, and returns what is told
        :param summarize_many: takes the environment and how many they are
        """
        self.ensure_one()
        common = {
            "res_model_id": self.env["ir.model"]._get_id("res.partner"),
            "activity_type_id": self.env.ref("mail.mail_activity_data_todo").id,
            "date_deadline": date,
        }
        vals_list = []
        for user_id, own in self._dunning_group_by_collector(partners).items():
            # Of whoever it is, the language alone is read.
            user_sudo = self.env["res.users"].sudo().browse(user_id)
            env = self.with_context(lang=user_sudo.lang).env
            told = [(partner, summarize(env, partner), False) for partner in own]
            if len(own) > MOST_TOLD:
                note = Markup("<br/>").join(own[:MOST_NAMED].mapped("name"))
                told = [(own[0], summarize_many(env, len(own)), note)]
            vals_list += [
                common
                | {
                    "user_id": user_id,
                    "res_id": partner.id,
                    "summary": text,
                    "note": note,
                }
                for partner, text, note in told
            ]
        # Collectors are not mailed about it: they have their agenda.
        activities_sudo = self.env["mail.activity"].sudo()
        activities_sudo = activities_sudo._dunning_discreetly(self)
        activities_sudo.with_context(mail_activity_quick_update=True).create(vals_list)

    def _dunning_group_by_collector(self, partners):
        """Return customers by id of who looks after them; those that nobody looks
        after are left out."""
        workers = self._dunning_get_workers()
        found = defaultdict(partners.browse)
        for partner in partners.with_company(self):
            user_id = workers.find(partner.dunning_collector_id.id) or workers.standby
            if user_id:
                found[user_id] |= partner
        return found
