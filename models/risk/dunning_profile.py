import logging

from odoo import api, fields, models
from odoo.tools import SQL

from ...tools import rating as ratings

RATINGS = [(rating, rating.upper()) for rating in ratings.RATINGS]

# Of more customers whose ledger has changed, lists show the profiles that are kept
# until these are written anew.
MOST_LIVE = 2000

# What a profile is made of, beside whose it is; the order of the statement.
COLUMNS = (
    "rating",
    "rating_rule",
    "item_count",
    "average_delay",
    "delay",
    "trend",
    "late_share",
    "reminded_share",
    "broken_count",
    "rejected_count",
    "level_id",
    "receivable",
    "orders",
    "exposure",
    "overdue",
    "disputed",
    "promised",
    "held",
    "credit",
    "to_collect",
    "date_oldest",
    "date_near",
)

_logger = logging.getLogger(__name__)


class DunningProfile(models.Model):
    """How a customer pays a company, and what is at risk: one narrow row for each.

    How it works: :meth:`_get_query` says from the ledger what the profile of each
    customer is (``dunning_profile_statement``). Its rows are kept here so that lists
    can be sorted and filtered by them, and are written anew each day for all. Whatever
    changes the ledger of a customer only leaves a mark (``dunning.profile.mark``):
    who reads profiles by :meth:`_get_current_query` gets those of marked customers from
    the ledger, so that they are true at once, and payments are as quick as before.
    """

    _name = "dunning.profile"
    _description = "Payment Profile"
    _inherit = ["dunning.protected"]
    _log_access = False
    _rec_name = "partner_id"
    _order = "to_collect desc, id"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")

    # === How the customer pays === #
    rating = fields.Selection(
        RATINGS, readonly=True, help="Empty where there is too little history."
    )
    rating_rule = fields.Char(string="Code of the Rule", readonly=True)
    rating_reason = fields.Char(string="Why", compute="_compute_rating_reason")
    item_count = fields.Integer(
        string="Items Paid", readonly=True, help="Over the last twelve months."
    )
    average_delay = fields.Float(
        string="Days after Due Date",
        readonly=True,
        aggregator="avg",
        digits=(7, 1),
        help="On average of the items paid over the last twelve months; negative, "
        "before it.",
    )
    delay = fields.Float(
        string="Weighted by Amount",
        readonly=True,
        aggregator="avg",
        digits=(7, 1),
        help="Days after the due date at which money came over the last twelve months.",
    )
    trend = fields.Float(
        readonly=True,
        aggregator="avg",
        digits=(7, 1),
        help="By how many days the last three months were later than the nine before; "
        "negative, earlier.",
    )
    late_share = fields.Float(string="Paid Late", readonly=True, aggregator="avg")
    reminded_share = fields.Float(
        string="Only after a Reminder", readonly=True, aggregator="avg"
    )
    broken_count = fields.Integer(
        string="Broken Promises", readonly=True, help="Over the last twelve months."
    )
    rejected_count = fields.Integer(
        string="Rejected Disputes", readonly=True, help="Over the last twelve months."
    )
    level_id = fields.Many2one(
        "dunning.level",
        string="Highest Level",
        readonly=True,
        ondelete="set null",
        help="That has been reached by what is open.",
    )

    # === What is at risk === #
    receivable = fields.Monetary(
        string="Balance", readonly=True, help="What the customer owes, less credits."
    )
    orders = fields.Monetary(
        string="Not Yet Invoiced",
        readonly=True,
        help="Confirmed orders that are not invoiced yet, where Sales is installed.",
    )
    exposure = fields.Monetary(
        readonly=True, help="What the customer owes, and orders not yet invoiced."
    )

    # === What is to be collected === #
    overdue = fields.Monetary(
        readonly=True, help="Items past their due date that dunning follows."
    )
    disputed = fields.Monetary(readonly=True)
    promised = fields.Monetary(readonly=True)
    held = fields.Monetary(
        string="On Hold", readonly=True, help="Held otherwise, or being paid."
    )
    credit = fields.Monetary(
        string="Covered by Credits",
        readonly=True,
        help="Credit notes and payments that are not allocated, as far as they cover "
        "what is overdue.",
    )
    to_collect = fields.Monetary(
        readonly=True, help="Overdue − disputed − promised − on hold − credits."
    )
    date_oldest = fields.Date(
        string="Oldest Due Date", readonly=True, help="Of what is overdue."
    )
    date_near = fields.Date(
        string="Next to Be Long Unpaid",
        readonly=True,
        help="Due date of the oldest item that is not long unpaid yet.",
    )

    _customer_uniq = models.UniqueIndex(
        "(company_id, partner_id)", "The customer already has a profile."
    )
    _partner_idx = models.Index("(partner_id)")

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("rating_rule")
    @api.depends_context("lang")
    def _compute_rating_reason(self):
        reasons = self._get_rule_labels()
        for profile in self:
            profile.rating_reason = reasons[profile.rating_rule or None]

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    @api.model
    def _get_rule_labels(self) -> dict:
        """Return what is said to people for each rule of a rating, without any figure:
        salespeople read it."""
        env = self.env
        return {
            None: env._("Too little history"),
            ratings.BEST_RULE: env._("Pays on time"),
            "unpaid_long": env._("Has left an invoice unpaid for very long"),
            "very_late": env._("Pays very late"),
            "broken_often": env._("Has broken several promises to pay"),
            "unpaid": env._("Has left an invoice unpaid for long"),
            "late": env._("Pays late"),
            "broken_again": env._("Has broken a promise to pay more than once"),
            "worsening": env._("Pays much later than before"),
            "broken": env._("Has broken a promise to pay"),
            "unpaid_lately": env._("Has left an invoice unpaid for some time"),
            "often_late": env._("Pays rather late"),
            "reminded": env._("Mostly pays only after a reminder"),
            "slower": env._("Pays later than before"),
            "little_late": env._("Pays a little late"),
            "late_items": env._("Pays some invoices late"),
        }

    @api.model
    def _get_current_query(self, company, partners=None) -> SQL:
        """Return SQL of the profiles as they are now: those kept, and for customers
        whose ledger has changed since, those of the ledger.

        :param company: ``res.company``
        :param partners: only these commercial partners, None for all
        :return: SQL selecting ``partner_id`` and :data:`COLUMNS`
        """
        self.flush_model()
        ids = None if partners is None else partners.ids
        marked = self.env["dunning.profile.mark"]._get_partner_ids(company, ids)
        if ids is None and len(marked) > MOST_LIVE:
            # As right after an import: a list does not wait for all of them.
            marked = []
        columns = SQL(", ").join(map(SQL.identifier, ("partner_id", *COLUMNS)))
        kept = SQL(
            """
            SELECT %(columns)s
              FROM dunning_profile
             WHERE company_id = %(company)s
               AND %(among)s
               AND %(unmarked)s
            """,
            columns=columns,
            company=company.id,
            among=SQL("TRUE") if ids is None else SQL("partner_id = ANY(%s)", ids),
            unmarked=SQL("partner_id != ALL(%s)", marked) if marked else SQL("TRUE"),
        )
        if not marked:
            return kept
        return SQL(
            "%s UNION ALL SELECT %s FROM (%s) fresh",
            kept,
            columns,
            self._get_query(company, marked),
        )

    @api.model
    def _read_current(self, company, partners) -> dict:
        """Return the profiles of some customers as they are now.

        :param partners: commercial partners
        :return: dict of partner id to dict of :data:`COLUMNS`
        """
        rows = self.env.execute_query_dict(self._get_current_query(company, partners))
        return {row["partner_id"]: row for row in rows}

    @api.model
    def _refresh(self, company, partner_ids=None) -> None:
        """Write the profiles of customers anew, in one statement. What somebody else is
        just writing is left to them.

        :param company: ``res.company``
        :param partner_ids: ids of commercial partners, None for all
        """
        key = f"account_dunning.profile.{company.id}"
        lock = SQL("SELECT pg_try_advisory_xact_lock(hashtext(%s))", key)
        [(locked,)] = self.env.execute_query(lock)
        if not locked:
            return
        self.flush_model()
        self.env["dunning.profile.mark"]._forget(company, partner_ids)
        query = self._get_refresh_query(company, partner_ids)
        if partner_ids is None:
            with self.env["dunning.plan"]._hashed_joins():
                self.env.cr.execute(query)
        else:
            self.env.cr.execute(query)
        self.invalidate_model()

    @api.model
    def _get_refresh_query(self, company, partner_ids) -> SQL:
        """Return the statement that brings the rows in line: what is as it was is not
        written, what says nothing any more goes."""
        names = SQL(", ").join(map(SQL.identifier, COLUMNS))
        new = SQL(", ").join(SQL.identifier("excluded", name) for name in COLUMNS)
        old = SQL(", ").join(SQL.identifier("profile", name) for name in COLUMNS)
        among = SQL("TRUE")
        if partner_ids is not None:
            among = SQL("profile.partner_id = ANY(%s)", partner_ids)
        return SQL(
            """
            WITH fresh AS MATERIALIZED (%(query)s),
                 gone AS (
                     DELETE FROM dunning_profile profile
                           WHERE profile.company_id = %(company)s
                             AND %(among)s
                             AND profile.partner_id NOT IN (
                                     SELECT partner_id FROM fresh
                                 )
                 )
            INSERT INTO dunning_profile AS profile (company_id, partner_id, %(names)s)
            SELECT %(company)s, partner_id, %(names)s FROM fresh
       ON CONFLICT (company_id, partner_id)
         DO UPDATE SET (%(names)s) = ROW(%(new)s)
             WHERE (%(old)s) IS DISTINCT FROM (%(new)s)
            """,
            query=self._get_query(company, partner_ids),
            company=company.id,
            among=among,
            names=names,
            new=new,
            old=old,
        )

    @api.model
    def _cron_refresh(self, whole=False):
        """Write the profiles anew, company by company and each in a transaction of its
        own: of all customers, or of those whose ledger has changed.

        :param whole: of all; what only time changes is looked at, too
        """
        self.env["dunning.guard"]._check_scheduled()
        # Each company that is not archived.
        # pylint: disable-next=no-search-all
        companies = self.env["res.company"].search([])
        for company in self.env["dunning.guard"]._take_turns(companies):
            try:
                with self.env.cr.savepoint():
                    self.with_company(company)._refresh_due(company, whole)
            except Exception:
                # The others have their turn.
                _logger.exception("Profiles of company %s failed", company.id)

    @api.model
    def _refresh_due(self, company, whole):
        marked = self.env["dunning.profile.mark"]._get_partner_ids(company)
        # As right after the installation on an old ledger.
        whole = whole or not self.search_count(
            [("company_id", "=", company.id)], limit=1
        )
        if not whole and not marked:
            return
        self._refresh(company, None if whole else marked)
        self.env["dunning.watch.rule"]._apply_all(company)
        if whole:
            self.env["dunning.cover"]._tell_of_declarations(company)

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_open_customer(self) -> dict:
        """Open the customer, with all that is known of it."""
        self.ensure_one()
        return self.partner_id.get_formview_action()
