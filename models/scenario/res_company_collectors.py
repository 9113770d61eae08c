from collections.abc import Collection, Iterable

from odoo import models
from odoo.tools import SQL

from ...tools.absence import is_on_leave, is_out
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
        able = self._dunning_find_users(COLLECTOR_GROUP, leaving)
        managers = self._dunning_find_users(MANAGER_GROUP, leaving)
        substitutes, away = self._dunning_get_substitutes()
        # Whoever plans need not see the settings of the company.
        default_sudo = self.sudo().dunning_user_id
        standby = [*managers, *able]
        there = [user for user in standby if user not in away]
        return Workers(
            able=frozenset(able),
            default=default_sudo.id or None,
            standby=next(iter([*there, *standby]), None),
            substitutes=substitutes,
            away=frozenset(away),
        )

    def _dunning_get_manager_id(self) -> int | None:
        """Return the credit manager to ask: who has been there longest, and is there
        today; None where there is none."""
        managers = self._dunning_find_users(MANAGER_GROUP, ())
        _substitutes, away = self._dunning_get_substitutes()
        there = [user for user in managers if user not in away]
        return next(iter([*there, *managers]), None)

    def _dunning_find_users(self, group: str, leaving: Iterable[int]) -> list[int]:
        """Return the ids of the active users of a group in the company, those who
        have been there longest first. Who administers the system has every right, and
        mostly other work: they come last."""
        # Whoever plans need not see all users.
        users_sudo = self.env["res.users"].sudo()
        users_sudo = users_sudo.search(
            [
                ("all_group_ids", "in", self.env.ref(group).ids),
                ("company_ids", "in", self.ids),
                ("id", "not in", list(leaving)),
            ],
            order="id",
        )
        return users_sudo.sorted(lambda user: user._has_group("base.group_system")).ids

    def _dunning_get_substitutes(self):
        """Return who stands in for whom, and who of these is away today: out of office
        by their own settings, or on leave.

        :return: dict of user to substitute, and a set of users, by their ids
        """
        self.ensure_one()
        today = self._dunning_today()
        substitutes, away = {}, set()
        for user, substitute, start, end, left, back in self.env.execute_query(
            self._dunning_get_absence_query(today)
        ):
            substitutes[user] = substitute
            out = (self._dunning_get_local(m) if m else None for m in (start, end))
            if is_out(today, *out) or (
                left
                and is_on_leave(
                    today, self._dunning_get_local(left), self._dunning_get_local(back)
                )
            ):
                away.add(user)
        return substitutes, away

    def _dunning_get_absence_query(self, today) -> SQL:
        """Those who have a substitute, with their own settings and each leave around
        a day."""
        self.env["res.users"].flush_model(
            ["dunning_substitute_id", "out_of_office_from", "out_of_office_to"]
        )
        self.env["resource.resource"].flush_model(["user_id"])
        self.env["resource.calendar.leaves"].flush_model(
            ["date_from", "date_to", "resource_id", "time_type"]
        )
        return SQL(
            """
            SELECT users.id,
                   users.dunning_substitute_id,
                   users.out_of_office_from,
                   users.out_of_office_to,
                   leave.date_from,
                   leave.date_to
              FROM res_users users
         LEFT JOIN resource_resource resource ON resource.user_id = users.id
         LEFT JOIN resource_calendar_leaves leave
                ON leave.resource_id = resource.id
               AND leave.time_type = 'leave'
               AND leave.date_from < %(today)s::date + 2
               AND leave.date_to > %(today)s::date - 1
             WHERE users.dunning_substitute_id IS NOT NULL
            """,
            today=today,
        )

    def _dunning_get_worker_sql(self, collector: SQL) -> SQL:
        """Return SQL giving who does the work of a collector.

        :param collector: SQL giving the id of the collector, or NULL for none
        """
        workers = self._dunning_get_workers()
        others = [
            SQL("WHEN %s THEN %s", user, worker)
            for user in workers.substitutes
            if (worker := workers.find(user)) != user
        ]
        # No statement of its own, which would be asked for each row of a ledger.
        return SQL(
            """
            CASE %(collector)s %(others)s
                 ELSE CASE WHEN %(collector)s = ANY(%(able)s) THEN %(collector)s
                           WHEN %(collector)s IS NULL THEN %(default)s
                           ELSE %(rest)s
                      END
            END
            """,
            able=list(workers.able),
            default=SQL("%s::integer", workers.find(None)),
            others=SQL(" ").join(others or [SQL("WHEN NULL THEN NULL")]),
            rest=SQL("%s::integer", workers.find(workers.default or -1)),
            collector=collector,
        )
