from collections import Counter, defaultdict
from collections.abc import Collection

from markupsafe import Markup

from odoo import SUPERUSER_ID, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...tools.collectors import Workers
from ...tools.registry import get_heirs
from .res_company_collectors import MANAGER_GROUP

# Where managers give customers to others, by the path of its action.
ASSIGNMENT_PATH = "/odoo/dunning-without-collector"


class ResCompany(models.Model):
    """What collectors leave behind goes to those who stand in for them, and managers
    are told what it was."""

    _inherit = "res.company"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _dunning_hand_over(
        self, left: Domain, workers: Workers, leaving: Collection[int] = ()
    ) -> None:
        """Give the open work of some users to those who can do it. To be called
        elevated.

        :param left: condition on ``user_id``: whose work it is
        :param workers: who works in the company
        :param leaving: ids of users who are about to leave
        """
        self.ensure_one()
        own = Domain("company_id", "=", self.id)
        counts = defaultdict(Counter)
        for work in get_heirs(self.env, "dunning.collector.work"):
            records = work.search(own & left & work._get_work_domain())
            for user, owned in records.grouped("user_id").items():
                counts[user][work._name] += len(owned)
            records._hand_over(workers)
        activities = self.env["mail.activity"]
        activities = activities.search(left & activities._dunning_get_work_domain(self))
        activities._dunning_filter_left(
            {*workers.replaced, *leaving}
        )._dunning_hand_over(workers)
        for user, counted in counts.items():
            if user.id not in workers.able:
                self._dunning_tell_left(user, workers, counted)

    def _dunning_give_along(
        self, former: models.BaseModel, new: models.BaseModel, partner_ids: list[int]
    ) -> None:
        """Give the open work on customers to their new collector, as far as it was
        with the former one, or with nobody. To be called elevated.

        :param former: ``res.users`` who collected, empty for the default collector
        :param new: ``res.users`` who collects now, empty for the default collector
        :param partner_ids: the customers
        """
        self.ensure_one()
        workers = self._dunning_get_workers()
        users = self.env["res.users"]
        worker = users.browse(workers.find(new.id or None))
        if not worker or not partner_ids:
            return
        # They may have been with the collector, or with who stands in.
        before = {former.id, workers.find(former.id or None) or False, False}
        given = Domain("user_id", "in", list(before))
        own = Domain("company_id", "=", self.id) & Domain(
            "partner_id", "in", partner_ids
        )
        found = [
            work.search(given & own & work._get_work_domain())
            for work in get_heirs(self.env, "dunning.collector.work")
        ]
        activities = self.env["mail.activity"]
        found.append(
            activities.search(
                given
                & activities._dunning_get_work_domain(self)
                & Domain("res_id", "in", partner_ids)
            )
        )
        substitutions = self.env["dunning.substitution"]
        owner = new or users.browse(workers.default)
        for records in found:
            substitutions._forget(records)
            self._dunning_give_to(records, worker)
            substitutions._remember(owner, worker, records)

    def _dunning_give_to(self, records, worker):
        """Give work or activities to somebody, and keep it in the history of work."""
        for user, owned in records.grouped("user_id").items():
            if user == worker:
                continue
            if records._name == "mail.activity":
                owned._dunning_give(worker)
                continue
            owned._give(
                worker,
                self.env._(
                    "Given to %(worker)s, who collects from this customer now.",
                    worker=worker.name,
                ),
            )

    def _dunning_tell_of_customers(
        self, users: models.BaseModel, workers: Workers
    ) -> None:
        """Tell a credit manager of whose customers somebody else has to collect, though
        no open work is left of theirs: a substitute may have it.

        :param users: ``res.users`` of whom some cannot work here any more
        :param workers: who works in the company
        """
        for user in users:
            if user.id not in workers.able and self._dunning_count_customers_of(user):
                self._dunning_tell_left(user, workers, {})

    def _dunning_tell_left(self, user, workers: Workers, counted: dict) -> None:
        """Tell a credit manager what somebody who collects no longer has left, once.

        :param user: ``res.users``
        :param counted: how many of each kind of work went to somebody else
        """
        worker = user.browse(workers.find(user.id))
        manager = self._dunning_get_manager(workers)
        # The system was no colleague.
        if not worker or not manager or user.id == SUPERUSER_ID:
            return
        partner = user.partner_id._dunning_discreetly(self)
        env = partner.with_context(lang=manager.lang).env
        summary = env._("%s collects no longer", user.name)
        known = partner.activity_ids.filtered(
            lambda activity: (
                activity.user_id == manager
                and activity.summary == summary
                and activity.dunning_company_id == self
            )
        )
        if known:
            return
        customers = self._dunning_count_customers_of(user)
        told = [
            env._(
                "%(what)s: %(details)s",
                what=env["ir.model"]._get(name).name,
                details=count,
            )
            for name, count in sorted(counted.items())
        ]
        lines = [env._("Went to %s:", worker.name), *told] if told else []
        if customers:
            lines.append(
                Markup('<a href="%s">%s</a>')
                % (
                    ASSIGNMENT_PATH,
                    env._("Customers to be given to somebody else: %s", customers),
                )
            )
        partner.with_env(env).with_context(
            mail_activity_quick_update=True
        ).activity_schedule(
            "mail.mail_activity_data_todo",
            date_deadline=self._dunning_today(),
            user_id=manager.id,
            summary=summary,
            note=Markup("<br/>").join(lines),
        )

    def _dunning_get_manager(self, workers: Workers):
        """Return who is told of what concerns collectors: a credit manager."""
        managers = self._dunning_find_users(MANAGER_GROUP, ())
        there = [user for user in managers if user not in workers.away]
        able = [user for user in [*there, *managers] if user in workers.able]
        return self.env["res.users"].browse(able[:1])

    def _dunning_count_customers_of(self, user) -> int:
        """Return of how many customers somebody is the collector in the company."""
        partners = self.env["res.partner"].with_company(self)
        return partners.search_count([("dunning_user_id", "=", user.id)])

    def _dunning_get_customer_domain_of(self, user: models.BaseModel) -> Domain:
        """Return the condition on customers that somebody is their collector: their
        own, or the default one where they have none. In the company of the
        environment."""
        self.ensure_one()
        found = Domain("dunning_user_id", "=", user.id)
        # Whoever asks need not see the settings of the company.
        if self.sudo().dunning_user_id == user:
            found |= Domain("dunning_user_id", "=", False)
        return found

    def _dunning_check_worker(self, user_id: int) -> None:
        """Refuse to give work of the company to somebody who cannot do it.

        :raise UserError: naming the user and the company
        """
        self.ensure_one()
        if user_id not in self._dunning_get_workers().able:
            # The name is what has to be told, also of users one may not read.
            user_sudo = self.env["res.users"].browse(user_id).sudo()
            raise UserError(
                self.env._(
                    "%(user)s cannot work on the dunning of “%(company)s”: choose "
                    "somebody who is active, works in that company and has the "
                    "rights of a collector.",
                    user=user_sudo.name,
                    company=self.name,
                )
            )
