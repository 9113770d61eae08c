from collections import defaultdict

from dateutil.relativedelta import relativedelta
from markupsafe import Markup

from odoo import models
from odoo.tools import SQL, format_amount

from ...tools.dates import shift

ACTIVITY_LIMITATION = "account_dunning.activity_type_limitation"
# More would not be read.
MOST_NAMED = 20


class DunningRun(models.Model):
    """A run tells the collector ahead of what will soon be time-barred: an activity on
    the customer, once for each item and last day."""

    _inherit = "dunning.run"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _schedule_activities(self):
        # EXTENDS 'account_dunning'
        result = super()._schedule_activities()
        self._tell_of_limitation()
        return result

    def _tell_of_limitation(self):
        """Tell the collectors of the items that will soon be time-barred."""
        self.ensure_one()
        # What a company has set does not depend on who runs.
        days = self.company_id.sudo().dunning_limitation_days
        if not days:
            return
        near = defaultdict(list)
        for item, found in self._get_near_limitation(days):
            near[item.partner_id.commercial_partner_id].append((item, found))
        if not near:
            return
        # Nobody writes down by hand what was told.
        alerts_sudo = self.env["dunning.limitation.alert"].sudo()
        alerts_sudo.create(
            [
                {"move_line_id": item.id, "date_limit": found.date}
                for rows in near.values()
                for item, found in rows
            ]
        )
        for partner, rows in near.items():
            self._schedule_limitation(partner, rows)

    def _get_near_limitation(self, days):
        """Yield the open items whose last day is near and of which nobody was told,
        with their :class:`Limitation`."""
        self.env["dunning.limitation.alert"].flush_model()
        # What the law says does not depend on who runs.
        limits_sudo = self.env["dunning.legal.limit"].sudo()
        years = limits_sudo.search([("limitation_years", ">", 0)]).mapped(
            "limitation_years"
        )
        if not years:
            return
        last = shift(self.date, days)
        # Whoever runs need not see all that is owed.
        lines_sudo = self.env["account.move.line"].sudo()
        rows = self.env.execute_query(
            self._get_old_items_query(last - relativedelta(years=min(years)))
        )
        items_sudo = lines_sudo.browse(id_ for (id_,) in rows)
        told = set(
            self.env.execute_query(
                SQL(
                    "SELECT move_line_id, date_limit FROM dunning_limitation_alert"
                    " WHERE move_line_id = ANY(%s)",
                    items_sudo.ids,
                )
            )
        )
        limitations = items_sudo._dunning_limitation_date()
        for item in items_sudo:
            found = limitations[item.id]
            if (
                found
                and self.date <= found.date <= last
                and (item.id, found.date) not in told
            ):
                yield item, found

    def _get_old_items_query(self, day) -> SQL:
        """The open items that were due by a day."""
        self.env["account.move.line"].flush_model()
        plan = self.env["dunning.plan"]
        return SQL(
            """
            SELECT line.id
              FROM account_move_line line
             WHERE %(is_open)s
               AND line.amount_residual_currency > 0
               AND line.date_maturity <= %(day)s
               AND line.partner_id IS NOT NULL
          ORDER BY line.date_maturity, line.id
            """,
            is_open=plan._get_is_open_in_sql([self.company_id.id]),
            day=day,
        )

    def _schedule_limitation(self, partner, rows):
        """Give the collector of a customer an activity.

        :param rows: list of item and :class:`Limitation`
        """
        company = self.company_id
        user = partner.with_company(company).dunning_user_id or company.dunning_user_id
        if not user:
            return
        env = self.with_context(lang=user.lang).env
        lines = [
            env._(
                "%(what)s: %(details)s",
                what=f"{item._dunning_get_number()}, "
                + format_amount(env, item.amount_residual_currency, item.currency_id),
                details=item.with_env(env)._dunning_tell_limitation(found),
            )
            for item, found in rows[:MOST_NAMED]
        ]
        # Whoever runs need not see the customers.
        partner_sudo = partner.sudo()._dunning_discreetly(company)
        partner_sudo.with_context(mail_activity_quick_update=True).activity_schedule(
            ACTIVITY_LIMITATION,
            min(found.date for _item, found in rows),
            user_id=user.id,
            summary=env._("Soon time-barred: %s", len(rows)),
            note=Markup("<br/>").join(lines),
        )
