from datetime import timedelta

from odoo import api, models
from odoo.tools import SQL

from ...tools import forecast as tools
from .dunning_forecast import ForecastScope


class DunningForecast(models.AbstractModel):
    """On which day each open item is expected: the day by which it is as likely as not
    to be paid."""

    _inherit = "dunning.forecast"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    @api.model
    def _get_items_query(self, scope: ForecastScope, monday, layers) -> SQL:
        """Return SQL of the open items that are expected in a week: ``move_line_id,
        partner_id, date_due, date, layer, amount``.

        :param monday: the week
        :param layers: certainties that are asked for
        """
        habits = self._learn(scope)
        agreed = self._get_agreed(scope)
        groups = self._get_groups(scope, habits, agreed)
        self._learn_shapes(habits, groups)
        found = self._find_days(scope, habits, groups, monday)
        shares = [
            (share, self._get_day(scope, share))
            for share in agreed.shares
            if share.layer in layers
        ]
        return SQL(
            """
            SELECT item.move_line_id, item.partner_id, item.date_due, expected.date,
                   CASE WHEN item.known THEN 'habit' ELSE 'due' END AS layer,
                   item.amount
              FROM (%(placed)s) item
              JOIN UNNEST(%(runs)s::int[], %(levels)s::int[], %(places)s::int[],
                          %(days)s::date[])
                   AS expected(run, level, place, date)
                USING (run, level, place)
             WHERE item.amount > 0
               AND CASE WHEN item.known THEN 'habit' ELSE 'due' END = ANY(%(layers)s)
             UNION ALL
            SELECT line.id,
                   COALESCE(contact.commercial_partner_id, line.partner_id),
                   COALESCE(line.date_maturity, line.date),
                   agreed.date, agreed.layer, agreed.amount
              FROM UNNEST(%(ids)s::int[], %(dates)s::date[], %(names)s::text[],
                          %(amounts)s::numeric[])
                   AS agreed(id, date, layer, amount)
              JOIN account_move_line line ON line.id = agreed.id
         LEFT JOIN res_partner contact ON contact.id = line.partner_id
            """,
            placed=self._get_placed_sql(scope, habits, agreed),
            runs=[group.run for group, _day in found],
            levels=[group.level for group, _day in found],
            places=[group.offset for group, _day in found],
            days=[day for _group, day in found],
            layers=list(layers),
            ids=[share.item_id for share, _day in shares],
            dates=[day for _share, day in shares],
            names=[share.layer for share, _day in shares],
            amounts=[share.amount for share, _day in shares],
        )

    @api.model
    def _find_days(self, scope, habits, groups, monday):
        """Return the groups that are expected in a week, with the day."""
        first = max((monday - scope.date).days, habits.start + 1)
        last = (monday - scope.date).days + 6
        ends = [first - 1, *range(first, last + 1)]
        steps = habits.get_steps(ends)
        found, seen = [], set()
        for group in groups:
            key = (group.run, group.level, group.offset)
            if key in seen:
                continue
            seen.add(key)
            width = habits.get_width(group.level)
            shares = tools.spread(
                habits.shapes[tools.get_class(width)],
                group.offset / habits.PARTS / width,
                steps[group.run],
                width,
            )
            if (day := tools.find_median(shares)) is not None and day > 0:
                found.append((group, scope.date + timedelta(ends[day])))
        return found

    @api.model
    def _get_day(self, scope, share):
        """Return on which day what was agreed is expected."""
        day = share.date if share.date > scope.date else share.limit
        return max(day, scope.monday)
