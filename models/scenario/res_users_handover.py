from odoo import fields, models

from ...tools.registry import get_heirs

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
        for work in get_heirs(self.env, "dunning.collector.work"):
            # Whoever manages users need not have rights on dunning.
            work_sudo = work.sudo()
            work_sudo = work_sudo.search(
                fields.Domain("user_id", "in", self.ids) & work._get_work_domain()
            )
            for company, records in work_sudo.grouped("company_id").items():
                records._hand_over(company._dunning_get_workers(leaving))
