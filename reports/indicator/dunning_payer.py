from dateutil.relativedelta import relativedelta

from odoo import fields, models
from odoo.tools import SQL

from ...tools.closing import PAID
from .dunning_success import OTHER_KINDS

# How far back the habit of a customer is looked at.
HABIT_MONTHS = 12
# Fewer paid items are no habit, and this share of them is one.
LEAST_ITEMS = 3
HABIT_SHARE = 0.75

REMINDED, LATE, ON_TIME, VARIED, UNKNOWN = (
    "1_reminded",
    "2_late",
    "3_on_time",
    "4_varied",
    "5_unknown",
)


class DunningPayer(models.Model):
    """How each customer pays: by the due date, late by itself, or only after a
    reminder. Of the items that were paid over the last twelve months.

    A reminder is a contact about the item after its due date and no later than its
    last payment. Three quarters of at least three items make a habit.
    """

    _name = "dunning.payer"
    _description = "How Customers Pay"
    _inherit = ["dunning.ranking"]
    _auto = False
    _rec_name = "partner_id"
    _order = "habit, amount desc, id"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    country_id = fields.Many2one(related="partner_id.country_id")
    habit = fields.Selection(
        [
            (REMINDED, "Only after a Reminder"),
            (LATE, "Late, without Reminder"),
            (ON_TIME, "On Time"),
            (VARIED, "Varies"),
            (UNKNOWN, "Too Little History"),
        ],
        readonly=True,
        help="What three quarters of at least three paid items have in common.",
    )

    # === Measures === #
    item_count = fields.Integer(string="Items Paid", readonly=True)
    on_time_count = fields.Integer(string="On Time", readonly=True)
    late_count = fields.Integer(string="Late, without Reminder", readonly=True)
    reminded_count = fields.Integer(string="After a Reminder", readonly=True)
    reminded_rate = fields.Float(
        string="After a Reminder (%)", readonly=True, aggregator="avg", digits=(5, 1)
    )
    days = fields.Float(
        string="Days after Due Date",
        readonly=True,
        aggregator="avg",
        digits=(7, 1),
        help="Of the last payment of each item; negative, before it.",
    )
    amount = fields.Monetary(string="Paid", readonly=True)

    # ------------------------------------------------------------------
    # TABLE QUERY
    # ------------------------------------------------------------------

    @property
    def _table_query(self) -> SQL:
        for model in ("dunning.action", "dunning.action.line"):
            self.env[model].flush_model()
        return SQL(" UNION ALL ").join(
            SQL("(%s)", self._get_company_query(company))
            for company in self.env.companies
        )

    def _get_company_query(self, company) -> SQL:
        return SQL(
            """
            SELECT payer.*,
                   100.0 * reminded_count / item_count AS reminded_rate,
                   CASE WHEN item_count < %(least)s THEN %(unknown)s
                        WHEN reminded_count >= item_count * %(share)s THEN %(reminded)s
                        WHEN late_count >= item_count * %(share)s THEN %(late)s
                        WHEN on_time_count >= item_count * %(share)s THEN %(on_time)s
                        ELSE %(varied)s
                   END AS habit
              FROM (
                       SELECT MIN(paid.id) AS id,
                              partner.id AS partner_id,
                              %(company)s AS company_id,
                              %(collector)s AS user_id,
                              COUNT(*) AS item_count,
                              COUNT(*) FILTER (WHERE days <= 0) AS on_time_count,
                              COUNT(*) FILTER (WHERE days > 0 AND NOT is_reminded)
                                  AS late_count,
                              COUNT(*) FILTER (WHERE days > 0 AND is_reminded)
                                  AS reminded_count,
                              AVG(days) AS days,
                              SUM(amount) AS amount
                         FROM (%(paid)s) paid
                         JOIN res_partner contact ON contact.id = paid.partner_id
                         JOIN res_partner partner
                           ON partner.id = contact.commercial_partner_id
                        WHERE %(visible)s
                     GROUP BY partner.id
                   ) payer
            """,
            least=LEAST_ITEMS,
            share=HABIT_SHARE,
            unknown=UNKNOWN,
            reminded=REMINDED,
            late=LATE,
            on_time=ON_TIME,
            varied=VARIED,
            company=company.id,
            collector=company._dunning_get_collector_sql("partner"),
            visible=company._dunning_get_visible_sql("partner"),
            paid=self._get_paid_sql(company),
        )

    def _get_paid_sql(self, company) -> SQL:
        """The items that were paid altogether, by money, over the last months."""
        since = company._dunning_today() - relativedelta(months=HABIT_MONTHS)
        recent = SQL(
            """
            ANY(
                SELECT debit_move_id
                  FROM account_partial_reconcile
                 WHERE company_id = %s
                   AND max_date >= %s
            )
            """,
            company.id,
            since,
        )
        return SQL(
            """
            SELECT settled.id,
                   settled.partner_id,
                   settled.amount,
                   settled.date - settled.date_due AS days,
                   EXISTS (
                       SELECT
                         FROM dunning_action_line line
                         JOIN dunning_action action ON action.id = line.action_id
                        WHERE line.move_line_id = settled.id
                          AND line.state = 'done'
                          AND action.kind NOT IN %(other_kinds)s
                          AND action.date_done > settled.date_due
                          AND action.date_done <= settled.date
                   ) AS is_reminded
              FROM (
                       SELECT item.id,
                              item.partner_id,
                              COALESCE(item.date_maturity, item.date) AS date_due,
                              MAX(counterpart.date) AS date,
                              SUM(partial.amount * (1 - matched.share)) AS amount
                         FROM %(matching)s
                        WHERE matched.kind = %(paid)s
                          AND item.reconciled
                          AND item.parent_state = 'posted'
                          AND item.company_id = %(company)s
                          AND item.account_id = ANY(%(accounts)s)
                     GROUP BY item.id
                       HAVING MAX(counterpart.date) >= %(since)s
                   ) settled
            """,
            other_kinds=OTHER_KINDS,
            matching=self.env["account.move.line"]._dunning_get_matching_of_sql(recent),
            paid=PAID,
            company=company.id,
            accounts=list(self.env["dunning.ledger"]._get_account_ids()),
            since=since,
        )

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_open_customer(self):
        """Open the customer, with what happened between."""
        self.ensure_one()
        return self.partner_id.get_formview_action()
