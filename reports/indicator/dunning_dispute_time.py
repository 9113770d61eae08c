from odoo import fields, models
from odoo.tools import SQL

from ...models.base.dunning_reason import CATEGORIES, SEVERITIES
from ...models.dispute.dunning_dispute_stage import WAITING
from ...tools.words import OPEN_STAGES, STAGES


class DunningDisputeTime(models.Model):
    """Disputes by their internal cause and department, with the time they took and
    whom they waited for."""

    _name = "dunning.dispute.time"
    _description = "Time That Disputes Take"
    _inherit = ["dunning.ranking"]
    _auto = False
    _order = "date desc, id desc"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    dispute_id = fields.Many2one("dunning.dispute", readonly=True)
    reason_id = fields.Many2one("dunning.reason", string="Cause", readonly=True)
    category = fields.Selection(CATEGORIES, readonly=True)
    severity = fields.Selection(SEVERITIES, readonly=True)
    department_id = fields.Many2one("dunning.department", readonly=True)
    user_id = fields.Many2one(string="Responsible")
    state = fields.Selection(STAGES, string="Stage", readonly=True)
    is_open = fields.Boolean(string="Open", readonly=True)
    date = fields.Date(string="Since", readonly=True)
    date_closed = fields.Date(string="Closed on", readonly=True)

    # === Measures === #
    amount = fields.Monetary(string="In Dispute", readonly=True)
    days = fields.Float(
        string="Days Open", readonly=True, aggregator="avg", digits=(7, 1)
    )
    days_us = fields.Float(
        string="Days with Us", readonly=True, aggregator="avg", digits=(7, 1)
    )
    days_department = fields.Float(
        string="Days Waiting for a Department",
        readonly=True,
        aggregator="avg",
        digits=(7, 1),
    )
    days_customer = fields.Float(
        string="Days Waiting for the Customer",
        readonly=True,
        aggregator="avg",
        digits=(7, 1),
    )
    late_rate = fields.Float(
        string="Past Their Day (%)",
        readonly=True,
        aggregator="avg",
        digits=(5, 1),
        help="Closed after the day by which they were to be settled, or still open "
        "after it.",
    )

    # ------------------------------------------------------------------
    # TABLE QUERY
    # ------------------------------------------------------------------

    @property
    def _table_query(self) -> SQL:
        for model in ("dunning.dispute", "dunning.dispute.stage", "dunning.reason"):
            self.env[model].flush_model()
        today = SQL(", ").join(
            SQL("(%s, %s)", company.id, company._dunning_today())
            for company in self.env.companies
        )
        return SQL(
            """
            SELECT dispute.id,
                   dispute.id AS dispute_id,
                   dispute.reason_id,
                   dispute.category,
                   reason.severity,
                   dispute.department_id,
                   dispute.partner_id,
                   dispute.company_id,
                   dispute.user_id,
                   dispute.state,
                   dispute.state IN %(open_stages)s AS is_open,
                   dispute.date,
                   dispute.date_closed,
                   dispute.amount_company AS amount,
                   spent.*,
                   CASE WHEN dispute.date_deadline IS NULL THEN NULL
                        WHEN COALESCE(dispute.date_closed, day.today)
                             > dispute.date_deadline
                        THEN 100.0
                        WHEN dispute.state NOT IN %(open_stages)s THEN 0.0
                   END AS late_rate
              FROM dunning_dispute dispute
              JOIN dunning_reason reason ON reason.id = dispute.reason_id
              JOIN (VALUES %(today)s) day(company_id, today)
                ON day.company_id = dispute.company_id
        CROSS JOIN LATERAL (%(spent)s) spent
             WHERE %(visible)s
            """,
            open_stages=OPEN_STAGES,
            today=today,
            spent=self._get_spent_sql(),
            visible=self.env.companies._dunning_get_visible_in_sql("dispute"),
        )

    def _get_spent_sql(self) -> SQL:
        """How long the ``dispute`` was open, and whom it waited for."""
        columns = [SQL("COALESCE(SUM(lapse.days), 0) AS days")]
        for name in sorted(set(WAITING.values())):
            stages = tuple(stage for stage in WAITING if WAITING[stage] == name)
            columns.append(
                SQL(
                    "COALESCE(SUM(lapse.days) FILTER (WHERE stage.state IN %s), 0)"
                    " AS %s",
                    stages,
                    SQL.identifier(name),
                )
            )
        return SQL(
            """
            SELECT %(columns)s
              FROM dunning_dispute_stage stage
        CROSS JOIN LATERAL (
                       SELECT EXTRACT(EPOCH FROM
                                  COALESCE(stage.date_end, %(now)s) - stage.date_start
                              ) / 86400 AS days
                   ) lapse
             WHERE stage.dispute_id = dispute.id
               AND stage.state IN %(open_stages)s
            """,
            columns=SQL(", ").join(columns),
            now=fields.Datetime.now(),
            open_stages=OPEN_STAGES,
        )

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_open_dispute(self):
        """Open the dispute behind the figure."""
        self.ensure_one()
        return self.dispute_id.get_formview_action()
