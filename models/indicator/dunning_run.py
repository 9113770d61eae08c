from collections import defaultdict

from markupsafe import Markup

from odoo import models
from odoo.tools import SQL, format_amount, format_date

ACTIVITY_LIMIT = "account_dunning.activity_type_limit"
# More would not be read.
MOST_NAMED = 20


class DunningRun(models.Model):
    """A run tells the collector ahead of what will soon be long unpaid: an activity on
    the customer, once for each item."""

    _inherit = "dunning.run"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _schedule_activities(self):
        # EXTENDS 'account_dunning'
        result = super()._schedule_activities()
        self._tell_of_age()
        return result

    def _tell_of_age(self):
        """Tell the collectors of the items that have come near the limit since."""
        self.ensure_one()
        # Nobody writes down by hand what was told.
        alerts_sudo = self.env["dunning.age.alert"].sudo()
        alerts_sudo._drop_pointless(self.company_id)
        found = defaultdict(list)
        for row in self.env.execute_query_dict(self._get_aging_query()):
            found[row["partner_id"], row["user_id"]].append(row)
        if not found:
            return
        activities = self._create_age_activities(found)
        alerts_sudo.create(
            [
                {
                    "move_line_id": row["id"],
                    "date": self.date,
                    "activity_id": activity.id,
                }
                for activity, rows in zip(activities, found.values(), strict=True)
                for row in rows
            ]
        )

    def _get_aging_query(self) -> SQL:
        """The items near the limit of which nobody was told, with their collector."""
        plan = self.env["dunning.plan"]
        self.env["dunning.age.alert"].flush_model()
        plan._flush()
        scope = self.company_id._dunning_scope(self.date)
        items = self.env["dunning.item"].with_company(self.company_id)
        [(company, first, end)] = [
            limits for limits in items._get_limits() if limits[0] == self.company_id
        ] or [(self.company_id, 1, 0)]
        return SQL(
            """
            SELECT line.id, line.name, line.partner_id, line.currency_id,
                   line.date_due, line.residual,
                   %(collector)s AS user_id
              FROM (%(open_line)s) line
              JOIN res_partner partner ON partner.id = line.partner_id
             WHERE line.residual > 0
               AND NOT line.excluded
               AND %(date)s - line.date_due >= %(first)s
               AND %(date)s - line.date_due < %(end)s
               AND NOT EXISTS (
                       SELECT FROM dunning_age_alert WHERE move_line_id = line.id
                   )
          ORDER BY line.partner_id, line.date_due, line.id
            """,
            collector=company._dunning_get_worker_sql(
                # Whose customer it is does not depend on who runs.
                self.env["res.partner"]
                .sudo()
                .with_company(company)
                ._field_to_sql("partner", "dunning_user_id")
            ),
            open_line=plan._get_open_line_sql(scope),
            date=scope.date,
            first=first,
            end=end,
        )

    def _create_age_activities(self, found):
        """Create one activity for each customer.

        :param found: dict of customer and collector to rows of its items
        :return: the activities, in order
        """
        known_type = self.env.ref(
            ACTIVITY_LIMIT, raise_if_not_found=False
        ) or self.env.ref("mail.mail_activity_data_todo")
        # Collectors are not mailed about it, and whoever runs need not see the
        # customers.
        activities_sudo = (
            self.env["mail.activity"]
            .sudo()
            ._dunning_discreetly(self.company_id)
            .with_context(mail_activity_quick_update=True)
        )
        model_id = self.env["ir.model"]._get_id("res.partner")
        return activities_sudo.create(
            [
                {
                    "res_model_id": model_id,
                    "res_id": partner_id,
                    "activity_type_id": known_type.id,
                    "date_deadline": self.date,
                    "user_id": user_id,
                    **self._describe_aging(user_id, rows),
                }
                for (partner_id, user_id), rows in found.items()
            ]
        )

    def _describe_aging(self, user_id, rows):
        """Return what the activity says, in the language of who is told."""
        # Of whoever it is, the language alone is read.
        user_sudo = self.env["res.users"].sudo().browse(user_id)
        env = self.with_context(lang=user_sudo.lang).env
        currencies = env["res.currency"]
        lines = [
            env._(
                "%(item)s, due on %(date)s: %(amount)s",
                item=row["name"] or "",
                date=format_date(env, row["date_due"]),
                amount=format_amount(
                    env, row["residual"], currencies.browse(row["currency_id"])
                ),
            )
            for row in rows[:MOST_NAMED]
        ]
        if len(rows) > MOST_NAMED:
            lines.append(env._("%s more", len(rows) - MOST_NAMED))
        # Settings are read for whoever runs.
        days = self.company_id.sudo().dunning_limit_days
        return {
            "summary": env._(
                "Unpaid for nearly %(days)s days: %(count)s",
                days=days,
                count=len(rows),
            ),
            "note": Markup("<br/>").join(lines),
        }
