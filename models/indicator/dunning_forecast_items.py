from datetime import date as Date

from odoo import api, models
from odoo.tools import SQL

from ...tools import forecast as tools
from .dunning_forecast import ForecastScope


class DunningForecast(models.AbstractModel):
    """What of each open item is expected in a week: its amount times the probability
    that it is paid in it. They add up to what is expected in the week."""

    _inherit = "dunning.forecast"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    @api.model
    def _get_items_query(self, scope: ForecastScope, monday: Date, layers) -> SQL:
        """Return SQL of the open items of which something is expected in a week:
        ``move_line_id, partner_id, date_due, date`` (on which it was promised),
        ``layer, amount`` (what is open of it), ``expected`` (what falls in the week:
        these add up to what the forecast says, to the cent).

        :param monday: the week
        :param layers: certainties that are asked for
        """
        habits = self._learn(scope)
        agreed = self._get_agreed(scope)
        groups = self._get_groups(scope, habits, agreed)
        self._learn_shapes(habits, groups)
        week = (monday - scope.monday).days // 7
        return SQL(
            """
            WITH expected AS (
                     %(by_habit)s
                      UNION ALL
                     %(agreed)s
                 ),
                 added AS (
                     SELECT *,
                            SUM(expected) OVER (
                                PARTITION BY layer
                                ORDER BY expected DESC, move_line_id, date
                                ROWS UNBOUNDED PRECEDING
                            ) AS until
                       FROM expected
                      WHERE layer = ANY(%(layers)s)
                 )
            SELECT *
              FROM (
                       SELECT move_line_id, partner_id, date_due, date, layer, amount,
                              ROUND(until, %(digits)s)
                                  - ROUND(until - expected, %(digits)s) AS expected
                         FROM added
                   ) item
             WHERE expected > 0
            """,
            by_habit=self._get_habit_items_sql(scope, habits, agreed, groups, week),
            agreed=self._get_agreed_items_sql(scope, habits, agreed, week),
            layers=list(layers),
            digits=scope.company._dunning_get_currency().decimal_places,
        )

    @api.model
    def _get_habit_items_sql(self, scope, habits, agreed, groups, week) -> SQL:
        steps = habits.get_steps(scope.ends)
        probabilities = {}
        for group in groups:
            key = (group.run, group.level, group.offset)
            if key not in probabilities:
                width = habits.get_width(group.level)
                probabilities[key] = tools.spread(
                    habits.shapes[tools.get_class(width)],
                    group.offset / habits.PARTS / width,
                    steps[group.run],
                    width,
                )[week]
        keys = zip(*probabilities, strict=True) if probabilities else [()] * 3
        runs, levels, places = map(list, keys)
        return SQL(
            """
            SELECT item.move_line_id, item.partner_id, item.date_due,
                   NULL::date AS date,
                   CASE WHEN item.known THEN 'habit' ELSE 'due' END AS layer,
                   item.amount,
                   item.amount * probable.share::numeric AS expected
              FROM (%(placed)s) item
              JOIN UNNEST(%(runs)s::int[], %(levels)s::int[], %(places)s::int[],
                          %(shares)s::float[])
                   AS probable(run, level, place, share)
                USING (run, level, place)
             WHERE item.amount > 0
            """,
            placed=self._get_placed_sql(scope, habits, agreed),
            runs=runs,
            levels=levels,
            places=places,
            shares=list(probabilities.values()),
        )

    @api.model
    def _get_agreed_items_sql(self, scope, habits, agreed, week) -> SQL:
        rows = [
            (share.item_id, share.date, layer, share.amount, amount * shares[week])
            for share, parts in self._get_agreed_parts(scope, habits, agreed)
            for layer, amount, shares in parts
        ]
        columns = zip(*rows, strict=True) if rows else [()] * 5
        return SQL(
            """
            SELECT line.id,
                   COALESCE(contact.commercial_partner_id, line.partner_id),
                   COALESCE(line.date_maturity, line.date),
                   agreed.date, agreed.layer, agreed.amount, agreed.expected
              FROM UNNEST(%s::int[], %s::date[], %s::text[], %s::numeric[],
                          %s::numeric[])
                   AS agreed(id, date, layer, amount, expected)
              JOIN account_move_line line ON line.id = agreed.id
         LEFT JOIN res_partner contact ON contact.id = line.partner_id
            """,
            *map(list, columns),
        )
