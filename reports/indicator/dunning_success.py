from odoo import api, fields, models
from odoo.tools import SQL

from ...tools.closing import PAID
from ...tools.words import CHANNELS

# What contacts nobody about what is open.
OTHER_KINDS = ("start", "notice")


class DunningSuccess(models.Model):
    """Did it help? Each item of which a customer was told, with what it was paid of
    within some days. A payment counts for the last contact before it only.

    Source: the definition of the success rate of a level, « Indicators » in the user
    guide. A payment of the day of the contact counts for it.
    """

    _name = "dunning.success"
    _description = "Success of Actions"
    _inherit = ["dunning.ranking"]
    _auto = False
    _order = "date desc, id desc"
    _dunning_rates = {"amount_rate": ("amount_paid", "amount")}

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    action_id = fields.Many2one("dunning.action", readonly=True)
    move_id = fields.Many2one("account.move", string="Invoice", readonly=True)
    scenario_id = fields.Many2one("dunning.scenario", readonly=True)
    level_id = fields.Many2one(
        "dunning.level",
        readonly=True,
        help="That the item has reached by the contact, else that of the contact.",
    )
    channel = fields.Selection(CHANNELS, readonly=True)
    date = fields.Date(string="Contacted on", readonly=True)
    is_over = fields.Boolean(
        string="Time Is Over",
        readonly=True,
        help="The days in which a payment counts have passed.",
    )
    is_paid = fields.Boolean(
        string="Paid", readonly=True, help="Wholly, within the days that count."
    )

    # === Measures === #
    amount = fields.Monetary(string="Open", readonly=True)
    amount_paid = fields.Monetary(string="Paid in Time", readonly=True)
    item_rate = fields.Float(
        string="Items Paid (%)",
        readonly=True,
        aggregator="avg",
        digits=(5, 1),
        help="Of the items of which customers were told: those that were paid within "
        "the days that count.",
    )
    amount_rate = fields.Float(
        string="Amount Paid (%)",
        readonly=True,
        aggregator="avg",
        digits=(5, 1),
        help="Of the amount of which customers were told: what was paid within the "
        "days that count.",
    )

    # ------------------------------------------------------------------
    # TABLE QUERY
    # ------------------------------------------------------------------

    @property
    def _table_query(self) -> SQL:
        for model in ("dunning.action", "dunning.action.line"):
            self.env[model].flush_model()
        return SQL(
            """
            WITH contact AS MATERIALIZED (%(contact)s),
                 received AS (%(received)s)
            SELECT contact.id,
                   contact.action_id,
                   contact.move_id,
                   contact.partner_id,
                   contact.company_id,
                   contact.user_id,
                   contact.scenario_id,
                   contact.level_id,
                   contact.channel,
                   contact.date,
                   contact.date_end < contact.today AS is_over,
                   paid.residual <= paid.amount AS is_paid,
                   ROUND(paid.residual * contact.rate, 2) AS amount,
                   ROUND(paid.amount * contact.rate, 2) AS amount_paid,
                   CASE WHEN paid.residual <= paid.amount THEN 100.0 ELSE 0.0 END
                       AS item_rate,
                   100.0 * paid.amount / NULLIF(paid.residual, 0) AS amount_rate
              FROM contact
         LEFT JOIN received ON received.id = contact.id
        CROSS JOIN LATERAL (
                       SELECT contact.residual,
                              LEAST(
                                  COALESCE(ROUND(received.amount, contact.decimals), 0),
                                  contact.residual
                              ) AS amount
                   ) paid
            """,
            contact=self._get_contact_sql(),
            received=self._get_received_sql(),
        )

    def _get_contact_sql(self) -> SQL:
        """Each item of each contact, until when a payment counts, and the contact about
        it that followed."""
        days = SQL(", ").join(
            SQL("(%s, %s, %s)", company.id, company._dunning_today(), company_days)
            for company, company_days in self._get_days()
        )
        return SQL(
            """
            SELECT line.id,
                   line.action_id,
                   line.move_line_id,
                   line.move_id,
                   line.amount_residual AS residual,
                   ABS(item.balance / NULLIF(item.amount_currency, 0)) AS rate,
                   currency.decimal_places AS decimals,
                   action.partner_id,
                   action.company_id,
                   COALESCE(action.user_id, action.done_user_id) AS user_id,
                   action.scenario_id,
                   COALESCE(line.level_id, action.level_id) AS level_id,
                   action.channel,
                   action.date_done AS date,
                   action.date_done + counted.days AS date_end,
                   counted.today,
                   LEAD(action.date_done) OVER (
                       PARTITION BY line.move_line_id
                           ORDER BY action.date_done, line.id
                   ) AS next_date
              FROM dunning_action_line line
              JOIN dunning_action action ON action.id = line.action_id
              JOIN account_move_line item ON item.id = line.move_line_id
              JOIN res_currency currency ON currency.id = line.currency_id
              JOIN (VALUES %(days)s) counted(company_id, today, days)
                ON counted.company_id = action.company_id
             WHERE line.state = 'done'
               AND action.state = 'done'
               AND action.kind NOT IN %(other_kinds)s
               AND line.amount_residual > 0
               AND %(recent)s
               AND %(visible)s
            """,
            recent=self._get_recent_sql(),
            visible=self.env.companies._dunning_get_visible_in_sql("action"),
            days=days,
            other_kinds=OTHER_KINDS,
        )

    @api.model
    def _get_recent_sql(self) -> SQL:
        """Return the condition that an ``action`` is one of those that the caller looks
        at, when it looks at no older ones. What followed them is later."""
        start = self.env.context.get("dunning_success_from")
        if not start:
            return SQL("TRUE")
        self.env["dunning.guard"]._check_argument("date", start)
        return SQL("action.date_done >= %s", fields.Date.to_date(start))

    @api.model
    def _get_days(self):
        """Return the companies with the days in which a payment counts."""
        # Settings are read for whoever reads the figures.
        return [
            (company, company.sudo().dunning_success_days)
            for company in self.env.companies
        ]

    def _get_received_sql(self) -> SQL:
        """What was received for each contact, in the currency of the item."""
        matching = self.env["account.move.line"]._dunning_get_matching_of_sql(
            SQL("ANY(SELECT move_line_id FROM contact)")
        )
        return SQL(
            """
            SELECT contact.id,
                   SUM(partial.debit_amount_currency * (1 - matched.share)) AS amount
              FROM %(matching)s
              JOIN contact
                ON contact.move_line_id = item.id
               AND counterpart.date BETWEEN contact.date AND contact.date_end
               AND (contact.next_date IS NULL OR counterpart.date < contact.next_date)
             WHERE matched.kind = %(paid)s
          GROUP BY contact.id
            """,
            matching=matching,
            paid=PAID,
        )

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_open_action(self):
        """Open the contact behind the figure."""
        self.ensure_one()
        return self.action_id.get_formview_action()
