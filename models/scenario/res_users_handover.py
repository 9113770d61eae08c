from odoo import fields, models

from ..action.dunning_action import OPEN_STATES
from ..email.dunning_action_replies import ACTIVITY_REPLY

# Where work of collectors waits, and which of it is not over.
WORK = {
    "dunning.action": [("state", "in", OPEN_STATES)],
    "dunning.promise": [("date_closed", "=", False)],
    "dunning.dispute": [("date_closed", "=", False)],
}

# Fields of a user that decide on whose dunning they work.
WORK_FIELDS = {"active", "company_ids", "group_ids"}


class ResUsers(models.Model):
    """What collectors leave behind goes to who stands in for them."""

    _inherit = "res.users"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    dunning_substitute_id = fields.Many2one(
        "res.users",
        string="Substitute for Dunning",
        domain="[('id', '!=', id), ('share', '=', False)]",
        index="btree_not_null",
        groups="account_dunning.group_dunning_readonly,base.group_erp_manager",
        help="Who takes over the dunning of this user's customers when the user is "
        "archived, moves to another company or loses the rights. Otherwise the default "
        "collector of the company does, or a credit manager.",
    )

    # ------------------------------------------------------------------
    # CRUD METHODS
    # ------------------------------------------------------------------

    def write(self, vals):
        # EXTENDS 'base': whoever cannot work on dunning any more leaves it to others
        if vals.get("active") is False:
            self._dunning_hand_over(leaving=self.ids)
        result = super().write(vals)
        if WORK_FIELDS & vals.keys():
            self._dunning_hand_over()
        return result

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_archive(self):
        # EXTENDS 'mail': before the activities of these users are deleted
        self._dunning_hand_over(leaving=self.ids)
        return super().action_archive()

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _dunning_hand_over(self, leaving=()):
        """Give the open work of those of these users who cannot do it to others.

        :param leaving: ids of users who are about to leave
        """
        for model, domain in WORK.items():
            # Whoever manages users need not have rights on dunning.
            work_sudo = self.env[model].sudo()
            work_sudo = work_sudo.search([("user_id", "in", self.ids), *domain])
            for company, records in work_sudo.grouped("company_id").items():
                records._hand_over(company._dunning_get_workers(leaving))
        self._dunning_hand_over_replies(leaving)

    def _dunning_hand_over_replies(self, leaving):
        """Give on what customers have answered: it waits among the activities."""
        reply_type = self.env.ref(ACTIVITY_REPLY, raise_if_not_found=False)
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
