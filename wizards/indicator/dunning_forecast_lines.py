from odoo import fields, models

from .dunning_forecast_sheet import LAYER_NAMES


class DunningForecastLine(models.AbstractModel):
    """What a forecast on the screen is made of."""

    _name = "dunning.forecast.line"
    _description = "Part of a Cash Forecast"
    _inherit = ["dunning.guarded"]
    _order = "date, id"

    sheet_id = fields.Many2one(
        "dunning.forecast.sheet", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="sheet_id.company_id")
    currency_id = fields.Many2one(related="sheet_id.currency_id")


class DunningForecastWeek(models.TransientModel):
    """A week of a forecast: what is expected, and between what."""

    _name = "dunning.forecast.week"
    _description = "Week of a Cash Forecast"
    _inherit = ["dunning.forecast.line"]

    date = fields.Date(string="Week of", required=True, readonly=True)
    amount = fields.Monetary(string="Expected", readonly=True)
    low = fields.Monetary(
        string="Low Estimate",
        readonly=True,
        help="In four weeks of five it is between low and high.",
    )
    high = fields.Monetary(
        string="High Estimate",
        readonly=True,
        help="In four weeks of five it is between low and high.",
    )
    plan = fields.Monetary(string="Plans", readonly=True)
    promise = fields.Monetary(string="Promises", readonly=True)
    habit = fields.Monetary(string="By Habit", readonly=True)
    due = fields.Monetary(
        string="By Due Date",
        readonly=True,
        help="Of customers that have not paid anything yet.",
    )
    disputed = fields.Monetary(
        string="In Dispute",
        readonly=True,
        help="Not in the expected amount: what would come once it is settled.",
    )

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_open_items(self):
        """Open the items that are expected in this week.

        :return: action that opens them
        """
        self.ensure_one()
        return self.sheet_id._open_items(self.date)


class DunningForecastAmount(models.TransientModel):
    """What is expected in a week with one certainty, to be arranged."""

    _name = "dunning.forecast.amount"
    _description = "Expected Amount"
    _inherit = ["dunning.forecast.line"]

    date = fields.Date(string="Week", required=True, readonly=True)
    layer = fields.Selection(LAYER_NAMES, string="Certainty", readonly=True)
    amount = fields.Monetary(readonly=True)

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_open_items(self):
        """Open the items that are expected in this week with this certainty.

        :return: action that opens them
        """
        self.ensure_one()
        return self.sheet_id._open_items(self.date, self.layer)


class DunningForecastScore(models.TransientModel):
    """What a forecast said some weeks ago, and what came."""

    _name = "dunning.forecast.score"
    _description = "Score of a Cash Forecast"
    _inherit = ["dunning.forecast.line"]
    _order = "weeks, id"

    date = fields.Date(string="From", required=True, readonly=True)
    weeks = fields.Integer(readonly=True)
    said = fields.Monetary(string="Was Expected", readonly=True)
    came = fields.Monetary(readonly=True)
    error = fields.Float(
        readonly=True, aggregator=None, help="By how much too much was expected."
    )
    known = fields.Boolean(readonly=True)


class DunningForecastItem(models.TransientModel):
    """An open item, and what of it is expected in a week."""

    _name = "dunning.forecast.item"
    _description = "Expected Payment"
    _inherit = ["dunning.forecast.line"]
    _order = "expected desc, id"

    move_line_id = fields.Many2one("account.move.line", "Journal Item", readonly=True)
    move_id = fields.Many2one(related="move_line_id.move_id", string="Invoice")
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    date_due = fields.Date(string="Due Date", readonly=True)
    date = fields.Date(
        string="Agreed Day",
        readonly=True,
        help="On which it was promised, or a dispute should be settled.",
    )
    layer = fields.Selection(LAYER_NAMES, string="Certainty", readonly=True)
    amount = fields.Monetary(
        string="Open", readonly=True, help="What is open, and not agreed otherwise."
    )
    probability = fields.Float(
        readonly=True, aggregator=None, help="That it comes in this week."
    )
    expected = fields.Monetary(
        string="Expected in the Week",
        readonly=True,
        help="What is open, times the probability that it comes in this week.",
    )

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_open_move(self):
        """Open the invoice or entry of the item."""
        self.ensure_one()
        self.check_access("read")
        return self.move_id.get_formview_action()
