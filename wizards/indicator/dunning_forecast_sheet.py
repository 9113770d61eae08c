from datetime import timedelta

from odoo import Command, api, fields, models
from odoo.tools import format_date

from ...models.indicator.dunning_forecast import LAYERS
from ...models.indicator.dunning_forecast_score import LOOKBACKS, TOLD

WEEKS = 13

LAYER_NAMES = [
    ("plan", "Instalment Plans"),
    ("promise", "Promises"),
    ("habit", "Payment Habit"),
    ("due", "Due Date Only"),
    ("disputed", "In Dispute"),
]


class DunningForecastSheet(models.TransientModel):
    """The cash forecast of a day on the screen, with what it said before."""

    _name = "dunning.forecast.sheet"
    _description = "Cash Forecast"
    _inherit = ["dunning.guarded"]

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    collector_id = fields.Many2one(
        "res.users",
        readonly=True,
        help="Only of customers from whom they collect; of all when empty.",
    )
    date = fields.Date(
        string="As of",
        required=True,
        default=lambda self: self.env.company._dunning_today(),
        help="What is dated later is not known.",
    )
    shown_date = fields.Date(readonly=True)
    week_ids = fields.One2many("dunning.forecast.week", "sheet_id", readonly=True)
    amount_ids = fields.One2many("dunning.forecast.amount", "sheet_id", readonly=True)
    score_ids = fields.One2many("dunning.forecast.score", "sheet_id", readonly=True)
    amount_open = fields.Monetary(
        string="Open", readonly=True, help="On items, credits aside."
    )
    amount_expected = fields.Monetary(string="Expected in 13 Weeks", readonly=True)
    amount_later = fields.Monetary(
        string="Later or Never",
        readonly=True,
        help="Not expected within these weeks.",
    )
    amount_disputed = fields.Monetary(string="In Dispute", readonly=True)
    amount_covered = fields.Monetary(
        string="Covered by Credits",
        readonly=True,
        help="Payments and credit notes that are not allocated pay the oldest items.",
    )
    sampled = fields.Boolean(readonly=True)
    chart = fields.Json(compute="_compute_chart")

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends_context("lang")
    def _compute_display_name(self):
        self.display_name = self.env._("Cash Forecast")

    @api.depends("week_ids")
    @api.depends_context("lang")
    def _compute_chart(self):
        for sheet in self:
            sheet.chart = [
                {
                    "id": week.id,
                    "label": format_date(self.env, week.date, date_format="d MMM"),
                    "low": week.low,
                    "high": week.high,
                    **{layer: week[layer] for layer in LAYERS},
                }
                for week in sheet.week_ids
            ]

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    @api.model
    def action_open(self):
        """Make the forecast of today and show it.

        :return: action that opens the forecast
        :raise AccessError: who asks may not see figures of the company
        """
        sheet = self.create({})
        sheet._fill()
        return sheet._open()

    def action_fill(self):
        """Make the forecast of the chosen day.

        :return: action that opens the forecast
        :raise AccessError: who asks may not see figures of the company
        """
        self.ensure_one()
        self._fill()
        return self._open()

    def action_open_amounts(self):
        """Open the amounts by week, month and certainty, to be arranged.

        :return: action
        """
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.actions"]._for_xml_id(
            "account_dunning.action_forecast_amount"
        )
        return dict(action, domain=[("sheet_id", "=", self.id)])

    def _open(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Cash Forecast"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "current",
        }

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _get_scope(self):
        partners = None
        if self.collector_id:
            partners = self.company_id._dunning_get_customers_of(self.collector_id)
        return self.env["dunning.forecast"]._get_scope(
            self.company_id, self.shown_date or self.date, WEEKS, partners
        )

    def _fill(self):
        """Write what is expected, and what was said before."""
        self.company_id._dunning_check_figures()
        self.shown_date = self.date
        scope = self._get_scope()
        model = self.env["dunning.forecast"]
        forecast = model._predict(scope)
        scores = model._look_back(scope, sorted({*LOOKBACKS, *TOLD}))
        rows = model._arrange(scope, forecast, model._get_band(scores))
        currency = self.currency_id
        self._write_rows(rows, [score for score in scores if score.ago in TOLD])
        expected = currency.round(sum(row["amount"] for row in rows))
        self.write(
            {
                "amount_open": forecast.open,
                "amount_expected": expected,
                "amount_later": forecast.get_later(currency),
                "amount_disputed": forecast.disputed,
                "amount_covered": forecast.covered,
                "sampled": any(score.sampled for score in scores),
            }
        )

    def _write_rows(self, rows, scores):
        # What a forecast is made of is written by the system alone.
        sheet_sudo = self.sudo()
        sheet_sudo.week_ids = [
            Command.clear(),
            *(Command.create(self._prepare_week(row)) for row in rows),
        ]
        sheet_sudo.amount_ids = [
            Command.clear(),
            *(
                Command.create(
                    {"date": row["week"], "layer": layer, "amount": row[layer]}
                )
                for row in rows
                for layer in (*LAYERS, "disputed")
                if row[layer]
            ),
        ]
        sheet_sudo.score_ids = [
            Command.clear(),
            *(Command.create(self._prepare_score(score)) for score in scores),
        ]

    def _prepare_week(self, row):
        values = {name: amount for name, amount in row.items() if name != "week"}
        return {"date": row["week"], **values}

    def _prepare_score(self, score):
        said, came = sum(score.said), sum(score.came)
        return {
            "date": score.date + timedelta(1),
            "weeks": score.ago,
            "said": said,
            "came": came,
            "error": (said - came) / came if came else 0.0,
            "known": bool(came),
        }
