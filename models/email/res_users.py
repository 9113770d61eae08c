from odoo import models

from ...tools.words import ACTIVITY_REPLY


class ResUsers(models.Model):
    """Who takes over the customers takes over what they have answered."""

    _inherit = "res.users"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _dunning_hand_over(self, leaving=()):
        # EXTENDS 'account_dunning'
        result = super()._dunning_hand_over(leaving)
        self._dunning_hand_over_replies(leaving)
        return result

    def _dunning_hand_over_replies(self, leaving):
        """Give on what customers have answered: it waits among the activities."""
        reply_type = self.env.ref(ACTIVITY_REPLY, raise_if_not_found=False)
        # Whoever manages users need not see what is theirs to do.
        activities_sudo = self.env["mail.activity"].sudo()
        activities_sudo = activities_sudo.search(
            [
                ("user_id", "in", self.ids),
                ("activity_type_id", "in", reply_type.ids if reply_type else []),
            ]
        )
        for activity_sudo in activities_sudo:
            company = activity_sudo._dunning_get_company()
            worker = company._dunning_get_workers(leaving).find(
                activity_sudo.user_id.id
            )
            if worker and worker != activity_sudo.user_id.id:
                activity_sudo.write({"user_id": worker})
