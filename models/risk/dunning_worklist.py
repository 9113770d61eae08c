from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ...tools.dates import FIRST_DAY
from ...tools.words import ACTIVITY_REPLY, OPEN_STATES
from .dunning_profile import RATINGS

# How far back calls are looked at that reached nobody.
MISSED_MONTHS = 12
# Places that a customer's number leaves to that of its company.
COMPANY_SHIFT = 32


class DunningWorklist(models.Model):
    """Whom to see first: the customers of whom something is to be collected or done, by
    points. One row for each customer of a company, read at each look.

    How it works: :meth:`_get_basis_query` joins profiles, as they are now, with the
    open actions; each rule of priority adds a column of points. The rows of a page are
    told in words afterwards, from the same statement restricted to their customers.
    """

    _name = "dunning.worklist"
    _description = "Worklist"
    _auto = False
    _rec_name = "partner_id"
    _order = "points desc, to_collect desc, id"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    user_id = fields.Many2one("res.users", string="Collector", readonly=True)
    country_id = fields.Many2one(related="partner_id.country_id")
    category_id = fields.Many2many(related="partner_id.category_id")
    phone = fields.Char(related="partner_id.phone")
    points = fields.Integer(readonly=True, aggregator="max")
    priority_detail = fields.Char(
        string="Why",
        compute="_compute_priority_detail",
        help="The points that each rule gives; together they are those of the row.",
    )
    rating = fields.Selection(RATINGS, readonly=True)

    # === What is to be collected === #
    to_collect = fields.Monetary(
        readonly=True, help="Overdue − disputed − promised − on hold − credits."
    )
    overdue = fields.Monetary(readonly=True)
    promised = fields.Monetary(readonly=True)
    disputed = fields.Monetary(readonly=True)
    held = fields.Monetary(string="On Hold", readonly=True)
    credit = fields.Monetary(string="Covered by Credits", readonly=True)
    days_late = fields.Integer(
        readonly=True,
        aggregator="max",
        help="Of the oldest overdue item that is dunned, on hold or not; an action "
        "says it of the items that it lists.",
    )

    # === What comes next === #
    action_id = fields.Many2one(
        "dunning.action",
        string="Open Action",
        readonly=True,
        help="The first of the open ones.",
    )
    action_count = fields.Integer(string="Open Actions", readonly=True)
    action_date = fields.Date(string="Next Action On", readonly=True)
    channel = fields.Selection(related="action_id.channel")
    next_action = fields.Char(
        compute="_compute_next_action",
        help="What is to be done, by which channel, when and why.",
    )

    # ------------------------------------------------------------------
    # TABLE QUERY
    # ------------------------------------------------------------------

    @property
    def _table_query(self) -> SQL:
        return SQL(" UNION ALL ").join(
            SQL("(%s)", self._get_company_query(company))
            for company in self.env.companies
        )

    @api.model
    def _get_company_query(self, company) -> SQL:
        return SQL(
            """
            SELECT (%(company)s::bigint << %(shift)s) + basis.partner_id AS id,
                   %(company)s AS company_id,
                   basis.*,
                   %(points)s AS points
              FROM (%(basis)s) basis
            """,
            company=company.id,
            shift=COMPANY_SHIFT,
            points=self._get_sum_sql(self._get_rules(company), company),
            basis=self._get_basis_query(company),
        )

    @api.model
    def _get_rules(self, company):
        """Return the rules that count in a company and can be measured."""
        rules = self.env["dunning.priority.rule"]._get_rules(company)
        return [rule for rule in rules if rule._get_points_sql(company)]

    @api.model
    def _get_sum_sql(self, rules, company) -> SQL:
        parts = [rule._get_points_sql(company) for rule in rules]
        return SQL(" + ").join(parts) if parts else SQL("0")

    @api.model
    def _get_basis_query(self, company, partners=None) -> SQL:
        """Return SQL of the customers of whom something is to be collected or done, and
        all that rules measure.

        :param company: ``res.company``
        :param partners: only these commercial partners, None for all
        """
        for name in ("dunning.action", "mail.activity", "res.partner"):
            self.env[name].flush_model()
        # Limits of accounting are read for whoever asks.
        partners_sudo = self.env["res.partner"].sudo().with_company(company)
        # Whether limits are used as well.
        used = company.sudo().account_use_credit_limit
        limit = SQL("0")
        if used:
            limit = partners_sudo._field_to_sql("partner", "credit_limit")
        ids = None if partners is None else partners.ids
        among = SQL("TRUE") if ids is None else SQL("partner_id = ANY(%s)", ids)
        return SQL(
            """
            SELECT partner.id AS partner_id,
                   %(collector)s AS user_id,
                   profile.rating,
                   COALESCE(profile.to_collect, 0) AS to_collect,
                   COALESCE(profile.overdue, 0) AS overdue,
                   COALESCE(profile.promised, 0) AS promised,
                   COALESCE(profile.disputed, 0) AS disputed,
                   COALESCE(profile.held, 0) AS held,
                   COALESCE(profile.credit, 0) AS credit,
                   COALESCE(profile.exposure, 0) AS exposure,
                   COALESCE(profile.broken_count, 0) AS broken_count,
                   profile.date_near,
                   COALESCE(%(today)s - profile.date_oldest, 0) AS days_late,
                   %(limit)s AS credit_limit,
                   action.id AS action_id,
                   COALESCE(action.count, 0) AS action_count,
                   action.date AS action_date,
                   COALESCE(action.deadline_count, 0) AS deadline_count,
                   COALESCE(reply.count, 0) AS reply_count,
                   COALESCE(missed.count, 0) AS missed_count,
                   limitation.days AS limitation_days
              FROM (%(profile)s) profile
         FULL JOIN (%(action)s) action ON action.partner_id = profile.partner_id
              JOIN res_partner partner
                ON partner.id = COALESCE(profile.partner_id, action.partner_id)
         LEFT JOIN (%(reply)s) reply ON reply.partner_id = partner.id
         LEFT JOIN (%(missed)s) missed ON missed.partner_id = partner.id
         LEFT JOIN (%(limitation)s) limitation ON limitation.partner_id = partner.id
             WHERE (profile.to_collect > 0 OR action.count > 0)
               AND %(visible)s
            """,
            collector=company._dunning_get_collector_sql("partner"),
            today=company._dunning_today(),
            limit=limit,
            profile=self.env["dunning.profile"]._get_current_query(company, partners),
            action=self._get_action_sql(company, among),
            reply=self._get_reply_sql(company),
            missed=self._get_missed_sql(company, among),
            limitation=self._get_limitation_sql(company),
            visible=company._dunning_get_visible_sql("partner"),
        )

    @api.model
    def _get_action_sql(self, company, among) -> SQL:
        return SQL(
            """
            SELECT partner_id,
                   -- The first by day and number, without sorting each customer's.
                   MIN(((date - %(epoch)s)::bigint << %(shift)s) + id)
                       & ((1::bigint << %(shift)s) - 1) AS id,
                   MIN(date) AS date,
                   COUNT(*) AS count,
                   COUNT(*) FILTER (WHERE kind = 'deadline') AS deadline_count
              FROM dunning_action
             WHERE company_id = %(company)s
               AND state IN %(open_states)s
               AND %(among)s
          GROUP BY partner_id
            """,
            epoch=FIRST_DAY,
            shift=COMPANY_SHIFT,
            company=company.id,
            open_states=OPEN_STATES,
            among=among,
        )

    @api.model
    def _get_reply_sql(self, company) -> SQL:
        """Answers that wait among the activities of customers."""
        reply_type = self.env.ref(ACTIVITY_REPLY, raise_if_not_found=False)
        return SQL(
            """
            SELECT contact.commercial_partner_id AS partner_id, COUNT(*) AS count
              FROM mail_activity activity
              JOIN res_partner contact ON contact.id = activity.res_id
             WHERE activity.res_model = 'res.partner'
               AND activity.activity_type_id = %s
               AND activity.dunning_company_id = %s
               AND activity.active
          GROUP BY contact.commercial_partner_id
            """,
            (reply_type and reply_type.id) or None,
            company.id,
        )

    @api.model
    def _get_missed_sql(self, company, among) -> SQL:
        """Calls in vain of those who have never been reached."""
        return SQL(
            """
            SELECT partner_id, SUM(GREATEST(attempts, 1)) AS count
              FROM dunning_action
             WHERE company_id = %s
               AND outcome IS NOT NULL
               AND date > %s
               AND %s
          GROUP BY partner_id
            HAVING BOOL_AND(outcome = 'no_answer')
            """,
            company.id,
            company._dunning_today() - relativedelta(months=MISSED_MONTHS),
            among,
        )

    @api.model
    def _get_limitation_sql(self, company) -> SQL:
        """In how many days the first item of each customer is time-barred, of those of
        which the collector was told."""
        self.env["dunning.limitation.alert"].flush_model()
        return SQL(
            """
            SELECT contact.commercial_partner_id AS partner_id,
                   MIN(alert.date_limit) - %(today)s AS days
              FROM dunning_limitation_alert alert
              JOIN account_move_line line ON line.id = alert.move_line_id
              JOIN res_partner contact ON contact.id = line.partner_id
             WHERE line.company_id = %(company)s
               AND line.parent_state = 'posted'
               AND line.reconciled IS NOT TRUE
               AND alert.date_limit >= %(today)s
          GROUP BY contact.commercial_partner_id
            """,
            today=company._dunning_today(),
            company=company.id,
        )

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("points")
    @api.depends_context("lang")
    def _compute_priority_detail(self):
        for company, rows in self.grouped("company_id").items():
            _points, details = self._get_explained(company, rows.partner_id)
            for row in rows:
                row.priority_detail = details.get(row.partner_id.id)

    @api.depends("action_id")
    @api.depends_context("lang")
    def _compute_next_action(self):
        for company, rows in self.grouped("company_id").items():
            partners = rows.partner_id.with_company(company)
            waiting = rows.filtered(lambda row: not row.action_id).partner_id
            for row in rows:
                partner = partners.browse(row.partner_id.id)
                partner = partner.with_prefetch(waiting.ids)
                row.next_action = (
                    row.action_id._describe_next()
                    if row.action_id
                    else partner._dunning_describe_next()
                )

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_open_customer(self) -> dict:
        """Open the customer, with all that is known of it."""
        self.ensure_one()
        view = self.env.ref("account_dunning.view_customer_form")
        return {
            **self.partner_id.get_formview_action(),
            "views": [(view.id, "form")],
        }

    def action_open_next(self) -> dict:
        """Open what is to be done next: the call screen, the action, or a new call
        where nothing is planned."""
        self.ensure_one()
        action = self.action_id
        if not action:
            partner = self.partner_id.with_company(self.company_id)
            return partner.action_dunning_plan_call()
        if action.channel == "call":
            return action.action_open_call()
        return action.get_formview_action()
