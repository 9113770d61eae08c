from odoo import api, models
from odoo.tools import SQL

from ...tools import forecast as tools
from .dunning_forecast_habit import PLACE_WEIGHT, WIDTH_WEIGHT

# For how many payments those of all customers count beside those of one class.
SHAPE_WEIGHT = 30
# For how many payments the normal distribution counts beside those of all customers.
NORMAL_WEIGHT = 4


class DunningForecast(models.AbstractModel):
    """How payments lie around the habits of their customers.

    The shape is that of all customers of about the same width, drawn to that of
    everybody. A payment is compared with what the other payments of its customer say,
    so that a few of them are not taken for certainty.
    """

    _inherit = "dunning.forecast"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    @api.model
    def _learn_distances(self, habits):
        """Count payments by how far they are from what the other payments of their
        customer say."""
        habits.paid = [[0.0] * tools.CELLS for _class in range(len(tools.CLASSES) + 1)]
        rows = self.env.execute_query(
            SQL(
                """
                WITH delay AS (
                         SELECT delay.delay, delay.weight,
                                habit.weight - delay.weight AS others,
                                habit.total, habit.squares, habit.place,
                                habit.all_place, habit.all_variance,
                                LEAST(GREATEST(delay.delay, low), high) AS drawn
                           FROM dunning_forecast_delay delay
                           JOIN dunning_forecast_habit habit USING (partner_id)
                          WHERE delay.weight > 0
                     ),
                     compared AS (
                         SELECT weight,
                                SQRT(
                                    GREATEST(
                                        squares - weight * POWER(drawn - place, 2)
                                            + %(width_weight)s * all_variance,
                                        0
                                    ) / (others + %(width_weight)s)
                                    + 1
                                ) AS width,
                                delay
                                - (total - weight * drawn
                                   + %(place_weight)s * all_place)
                                    / (others + %(place_weight)s) AS distance
                           FROM delay
                     )
                SELECT WIDTH_BUCKET(width, %(classes)s::float[]) AS class,
                       %(cell)s AS cell,
                       SUM(weight)
                  FROM compared
              GROUP BY 1, 2
                """,
                width_weight=WIDTH_WEIGHT,
                place_weight=PLACE_WEIGHT,
                classes=list(tools.CLASSES),
                cell=self._get_cell_sql(SQL("distance / width")),
            )
        )
        for class_, cell, weight in rows:
            habits.paid[class_][cell] += weight

    @api.model
    def _get_cell_sql(self, distance: SQL) -> SQL:
        return SQL(
            "LEAST(GREATEST(ROUND((%s - %s) / %s), 0), %s)::int",
            distance,
            tools.LOW,
            tools.STEP,
            tools.CELLS - 1,
        )

    @api.model
    def _learn_shapes(self, habits, groups):
        """Work out the shapes from what was paid and what is still open."""
        unpaid = [[0.0] * tools.CELLS for _class in habits.paid]
        # Where nothing has been paid yet, what is open says nothing.
        for group in groups if any(map(any, habits.paid)) else ():
            width = habits.get_width(group.level)
            distance = group.offset / habits.PARTS / width
            cell = min(
                max(round((distance - tools.LOW) / tools.STEP), 0), tools.CELLS - 1
            )
            unpaid[tools.get_class(width)][cell] += group.weight
        common = tools.get_shape(
            [sum(cells) for cells in zip(*habits.paid, strict=True)],
            [sum(cells) for cells in zip(*unpaid, strict=True)],
            tools.get_normal_shape(),
            NORMAL_WEIGHT,
        )
        habits.shapes = [
            tools.get_shape(paid, still_open, common, SHAPE_WEIGHT)
            for paid, still_open in zip(habits.paid, unpaid, strict=True)
        ]
