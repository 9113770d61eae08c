from odoo import fields, models
from odoo.tools import SQL

STATES = [("kept", "Kept"), ("partly_kept", "Partly Kept"), ("broken", "Broken")]


class DunningPromiseRate(models.Model):
    """Do customers keep what they promise? The instalments whose day is over, by number
    and by amount. What was withdrawn, renegotiated or void is in no rate."""

    _name = "dunning.promise.rate"
    _description = "Promises Kept"
    _inherit = ["dunning.ranking"]
    _auto = False
    _order = "date desc, id desc"
    _dunning_rates = {"amount_rate": ("amount_in_time", "amount")}

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    promise_id = fields.Many2one("dunning.promise", readonly=True)
    reason_id = fields.Many2one("dunning.reason", readonly=True)
    is_plan = fields.Boolean(
        string="Instalment Plan", readonly=True, help="Of more than one payment."
    )
    date = fields.Date(string="Promised For", readonly=True)
    state = fields.Selection(STATES, string="Status", readonly=True)

    # === Measures === #
    amount = fields.Monetary(string="Promised", readonly=True)
    amount_in_time = fields.Monetary(string="Received in Time", readonly=True)
    kept_rate = fields.Float(
        string="Kept (%)",
        readonly=True,
        aggregator="avg",
        digits=(5, 1),
        help="Promised payments that were kept, of those whose day is over.",
    )
    amount_rate = fields.Float(
        string="Amount Kept (%)",
        readonly=True,
        aggregator="avg",
        digits=(5, 1),
        help="What was received in time, of what was promised.",
    )

    # ------------------------------------------------------------------
    # TABLE QUERY
    # ------------------------------------------------------------------

    @property
    def _table_query(self) -> SQL:
        self.env["dunning.promise"].flush_model()
        self.env["dunning.promise.line"].flush_model()
        return SQL(
            """
            SELECT line.id,
                   line.promise_id,
                   promise.partner_id,
                   promise.company_id,
                   promise.user_id,
                   promise.reason_id,
                   promise.date_first != promise.date_last AS is_plan,
                   line.date,
                   line.state,
                   ROUND(line.amount * rate.rate, 2) AS amount,
                   ROUND(line.amount_in_time * rate.rate, 2) AS amount_in_time,
                   CASE line.state WHEN 'kept' THEN 100.0 ELSE 0.0 END AS kept_rate,
                   100.0 * line.amount_in_time / line.amount AS amount_rate
              FROM dunning_promise_line line
              JOIN dunning_promise promise ON promise.id = line.promise_id
        CROSS JOIN LATERAL (
                       SELECT COALESCE(
                           promise.amount_company / NULLIF(promise.amount, 0), 1
                       ) AS rate
                   ) rate
             WHERE %(visible)s
               AND line.state IN %(states)s
            """,
            visible=self.env.companies._dunning_get_visible_in_sql("promise"),
            states=tuple(state for state, _label in STATES),
        )

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_open_promise(self):
        """Open the promise behind the figure."""
        self.ensure_one()
        return self.promise_id.get_formview_action()
