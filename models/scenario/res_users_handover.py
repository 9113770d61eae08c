from odoo import fields, models

from ...tools.registry import get_heirs

# Fields of a user that decide on whose dunning they work, and when.
WORK_FIELDS = {
    "active",
    "company_ids",
    "group_ids",
    "dunning_substitute_id",
    "out_of_office_from",
    "out_of_office_to",
}


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
        help="Who takes over the dunning of this user's customers: while the user is "
        "out of office or on leave, and for good when the user is archived, moves to "
        "another company or loses the rights. In these cases, without a substitute, "
        "the default collector of the company does, or a credit manager.",
    )

    @property
    def SELF_READABLE_FIELDS(self):
        # EXTENDS 'base': each says who stands in
        return [*super().SELF_READABLE_FIELDS, "dunning_substitute_id"]

    @property
    def SELF_WRITEABLE_FIELDS(self):
        # EXTENDS 'base': each says who stands in
        return [*super().SELF_WRITEABLE_FIELDS, "dunning_substitute_id"]

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
        # Whoever manages users need not have rights on dunning.
        companies_sudo = self.sudo()._dunning_get_work_companies()
        for company_sudo in companies_sudo:
            substitutions_sudo = company_sudo.env["dunning.substitution"]
            substitutions_sudo._bring_in_line(company_sudo, leaving)
            workers = company_sudo._dunning_get_workers(leaving)
            here = workers.able - set(workers.replaced)
            gone = [user_id for user_id in self.ids if user_id not in here]
            company_sudo._dunning_hand_over(
                fields.Domain("user_id", "in", gone), workers, leaving
            )
            company_sudo._dunning_tell_of_customers(self.browse(gone), workers)

    def _dunning_get_work_companies(self):
        """Return the companies in which something is left to these users, they collect
        from customers or replace somebody. To be called elevated."""
        own = fields.Domain("user_id", "in", self.ids)
        domains = {
            work._name: own & work._get_work_domain()
            for work in get_heirs(self.env, "dunning.collector.work")
        }
        domains["dunning.substitution"] = fields.Domain("date_end", "=", False) & (
            own | fields.Domain("substitute_id", "in", self.ids)
        )
        companies = self.filtered("dunning_substitute_id").company_ids
        # Each may have customers of theirs; they are few.
        # pylint: disable-next=no-search-all
        companies |= companies.search([]).filtered(
            lambda company: (
                self.env["res.partner"]
                .with_company(company)
                .search_count([("dunning_user_id", "in", self.ids)], limit=1)
            )
        )
        for name, domain in domains.items():
            for (company,) in self.env[name]._read_group(domain, ["company_id"]):
                companies |= company
        told = self.env["mail.activity"].search(
            own
            & fields.Domain("res_model", "=", "res.partner")
            & fields.Domain("dunning_discreet", "=", True)
        )
        return companies | (told.dunning_company_id or told.user_id.company_id)
