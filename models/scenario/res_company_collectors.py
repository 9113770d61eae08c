from collections.abc import Collection

from odoo import models
from odoo.tools import SQL

from ...tools.collectors import Workers

COLLECTOR_GROUP = "account_dunning.group_dunning_collector"
MANAGER_GROUP = "account_dunning.group_dunning_manager"


class ResCompany(models.Model):
    """Who works on what customers owe to a company: a collector who has left, moved
    to another company or lost the rights gets nothing any more."""

    _inherit = "res.company"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _dunning_get_workers(self, leaving: Collection[int] = ()) -> Workers:
        """Return who can work on the dunning of the company, and who stands in for
        whom: the substitute, else the company's default collector, else a credit
        manager, else another collector.

        :param leaving: ids of users who are about to leave
        """
        self.ensure_one()
        # Whoever plans need not see all users.
        users_sudo = self.env["res.users"].sudo()
        able = self._dunning_find_users(COLLECTOR_GROUP, leaving)
        managers = self._dunning_find_users(MANAGER_GROUP, leaving)
        absent_sudo = users_sudo.with_context(active_test=False).search_fetch(
            [("dunning_substitute_id", "!=", False)], ["dunning_substitute_id"]
        )
        # Nor the settings of the company.
        default_sudo = self.sudo().dunning_user_id
        return Workers(
            able=frozenset(able),
            default=default_sudo.id or None,
            standby=next(iter([*managers, *able]), None),
            substitutes={
                user_sudo.id: user_sudo.dunning_substitute_id.id
                for user_sudo in absent_sudo
            },
        )

    def _dunning_find_users(self, group, leaving):
        """Return the ids of the active users of a group in the company, those who
        have been there longest first."""
        # Whoever plans need not see all users.
        users_sudo = self.env["res.users"].sudo()
        return users_sudo.search(
            [
                ("all_group_ids", "in", self.env.ref(group).ids),
                ("company_ids", "in", self.ids),
                ("id", "not in", list(leaving)),
            ],
            order="id",
        ).ids

    def _dunning_get_worker_sql(self, collector: SQL) -> SQL:
        """Return SQL giving who does the work of a collector.

        :param collector: SQL giving the id of the collector, or NULL for none
        """
        workers = self._dunning_get_workers()
        others = [
            SQL("WHEN %s THEN %s", user, workers.find(user))
            for user in workers.substitutes
            if user not in workers.able
        ]
        return SQL(
            """
            (
                SELECT CASE WHEN asked.id = ANY(%(able)s) THEN asked.id
                            WHEN asked.id IS NULL THEN %(default)s
                            ELSE CASE asked.id %(others)s ELSE %(rest)s END
                       END
                  FROM (VALUES (%(collector)s)) asked(id)
            )
            """,
            able=list(workers.able),
            default=SQL("%s::integer", workers.find(None)),
            others=SQL(" ").join(others or [SQL("WHEN NULL THEN NULL")]),
            rest=SQL("%s::integer", workers.find(workers.default or -1)),
            collector=collector,
        )
