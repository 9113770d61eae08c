from datetime import timedelta

from odoo import models
from odoo.tools import SQL, format_date

from ...models.indicator.dunning_forecast import LAYERS


class DunningForecastSheet(models.TransientModel):
    """The items behind a week of the forecast.

    A bar is a sum of probabilities: each item is spread over many weeks. The list shows
    what of each item falls in the week, and adds up to the bar.
    """

    _inherit = "dunning.forecast.sheet"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _open_week(self, number: int) -> dict:
        """Show the items of which something is expected in a week.

        :param number: 0 for the first
        :return: action that opens them
        """
        return self._open_items(self._get_scope().monday + timedelta(7 * number))

    def _open_items(self, monday, layer=None):
        """Show the items of which something is expected in a week.

        :param layer: certainty; by default all but what is in dispute
        :return: action that opens them
        """
        self.company_id._dunning_check_figures()
        self._fill_items(monday, {layer} if layer else set(LAYERS))
        action = self.env["ir.actions.actions"]._for_xml_id(
            "account_dunning.action_forecast_item"
        )
        title = self.env._("Expected in the week of %s", format_date(self.env, monday))
        return dict(
            action,
            name=title,
            display_name=title,
            domain=[("sheet_id", "=", self.id)],
        )

    def _fill_items(self, monday, layers):
        """Write the items of a week, in the place of those of another."""
        self.env["dunning.forecast.item"].flush_model()
        self.env.cr.execute(
            SQL("DELETE FROM dunning_forecast_item WHERE sheet_id = %s", self.id)
        )
        scope = self._get_scope()
        query = self.env["dunning.forecast"]._get_items_query(scope, monday, layers)
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO dunning_forecast_item (
                    sheet_id, move_line_id, partner_id, date_due, date, layer, amount,
                    expected, probability,
                    create_uid, create_date, write_uid, write_date
                )
                SELECT %(sheet)s, item.move_line_id, item.partner_id, item.date_due,
                       item.date, item.layer, item.amount, item.expected,
                       item.expected / item.amount,
                       %(user)s, %(now)s, %(user)s, %(now)s
                  FROM (%(query)s) item
                """,
                sheet=self.id,
                user=self.env.uid,
                now=self.env.cr.now(),
                query=query,
            )
        )
        self.env["dunning.forecast.item"].invalidate_model()
