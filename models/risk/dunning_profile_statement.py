from datetime import date

from dateutil.relativedelta import relativedelta

from odoo import api, models
from odoo.tools import SQL

from ...tools import rating as ratings
from ...tools.promises import MISSED
from ..ledger.account_move_line_closing import PAYMENT_JOURNALS

# How far back habits are looked at, and what counts as lately.
HABIT_MONTHS, RECENT_MONTHS = 12, 3
# Actions that say nothing to a customer about its items.
OTHER_KINDS = ("start", "notice")


class DunningProfile(models.Model):
    """What the profile of each customer is, read from the ledger by one statement.

    Its parts, each a common table expression that builds on those above it:

    ``open_line``  open receivable lines of the company, as the plan reads them
    ``paid``       items on which money came over the last twelve months
    ``habit``      how each customer has paid
    ``kept``       what is kept out of each line, and by whom
    ``owed``       what each customer owes, by currency
    ``balance``    what is to be collected, by currency
    ``standing``   the same by customer, in company currency
    """

    _inherit = "dunning.profile"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    @api.model
    def _get_query(self, company, partner_ids=None) -> SQL:
        """Return the statement that says the profiles of customers from the ledger.

        :param company: ``res.company``
        :param partner_ids: ids of commercial partners, None for all
        :return: SQL selecting ``partner_id`` and ``COLUMNS`` of ``dunning.profile``
        """
        plan = self.env["dunning.plan"]
        plan._flush()
        for model in ("dunning.promise", "dunning.dispute"):
            self.env[model].flush_model()
        scope = company._dunning_scope(partners=partner_ids)
        return SQL(
            """
            WITH open_line AS (%(open_line)s),
                 paid AS MATERIALIZED (%(paid)s),
                 habit AS (%(habit)s),
                 kept AS (%(kept)s),
                 owed AS (%(owed)s),
                 balance AS (%(balance)s),
                 standing AS (%(standing)s),
                 level AS (%(level)s),
                 promise AS (%(promise)s),
                 dispute AS (%(dispute)s),
                 ordered AS (%(ordered)s)
            %(profile)s
            """,
            open_line=plan._get_open_line_sql(scope),
            paid=self._get_paid_sql(scope),
            habit=self._get_habit_sql(scope),
            kept=self._get_kept_sql(scope),
            owed=self._get_owed_sql(scope),
            balance=self._get_balance_sql(scope),
            standing=self._get_standing_sql(scope),
            level=self._get_level_sql(),
            promise=self._get_promise_sql(scope),
            dispute=self._get_dispute_sql(scope),
            ordered=self._get_ordered_sql(scope),
            profile=self._get_profile_sql(scope),
        )

    @api.model
    def _get_since(self, scope) -> date:
        """Return the day since which habits are looked at."""
        return scope.date - relativedelta(months=HABIT_MONTHS)

    # ------------------------------------------------------------------
    # HOW CUSTOMERS PAY
    # ------------------------------------------------------------------

    @api.model
    def _get_paid_sql(self, scope) -> SQL:
        """What each item was paid of by money, in company currency, and by how many
        days after its due date, weighted by amount; the same for the last months."""
        return SQL(
            """
            SELECT id,
                   partner_id,
                   reconciled,
                   date_due,
                   MAX(date) AS date,
                   SUM(amount) AS amount,
                   SUM(amount * (date - date_due)) AS weight,
                   SUM(amount) FILTER (WHERE date > %(recent)s) AS recent_amount,
                   SUM(amount * (date - date_due)) FILTER (WHERE date > %(recent)s)
                       AS recent_weight
              FROM (
                       SELECT item.id,
                              COALESCE(contact.commercial_partner_id, item.partner_id)
                                  AS partner_id,
                              item.reconciled,
                              COALESCE(item.date_maturity, item.date) AS date_due,
                              partial.max_date AS date,
                              partial.amount,
                              counterpart.journal_id,
                              counterpart.move_id
                         FROM account_partial_reconcile partial
                         JOIN account_move_line item ON item.id = partial.debit_move_id
                         JOIN account_move_line counterpart
                           ON counterpart.id = partial.credit_move_id
                    LEFT JOIN res_partner contact ON contact.id = item.partner_id
                        WHERE partial.max_date > %(since)s
                          AND partial.max_date <= %(date)s
                          AND partial.amount > 0
                          AND item.company_id = %(company)s
                          AND item.parent_state = 'posted'
                          AND item.balance > 0
                          AND item.partner_id IS NOT NULL
                          AND item.account_id = ANY(%(accounts)s)
                          AND %(among)s
                       -- What it was paid with is asked of these, not of all lines.
                       OFFSET 0
                   ) counterpart
             WHERE %(is_money)s
          GROUP BY id, partner_id, reconciled, date_due
            """,
            since=self._get_since(scope),
            recent=scope.date - relativedelta(months=RECENT_MONTHS),
            date=scope.date,
            company=scope.company.id,
            accounts=list(self.env["dunning.ledger"]._get_account_ids()),
            among=self._get_contact_restriction(scope),
            is_money=self._get_is_money_sql(scope),
        )

    @api.model
    def _get_is_money_sql(self, scope) -> SQL:
        """The condition that an item was paid with money. Of some customers each entry
        is looked into; of all, those on bank accounts are listed once."""
        if scope.partners is None:
            return self.env["account.move.line"]._dunning_get_is_money_sql(
                scope.company, "counterpart"
            )
        return SQL(
            """
            EXISTS (
                SELECT
                  FROM account_journal journal
                 WHERE journal.id = counterpart.journal_id
                   AND journal.type IN %s
             UNION ALL
                SELECT
                  FROM account_move_line line
                  JOIN account_account account ON account.id = line.account_id
                 WHERE line.move_id = counterpart.move_id
                   AND account.account_type = 'asset_cash'
                   AND line.balance > 0
            )
            """,
            PAYMENT_JOURNALS,
        )

    @api.model
    def _get_contact_restriction(self, scope) -> SQL:
        """Given as values, as the plan does: the lines are found by them."""
        if scope.partners is None:
            return SQL("TRUE")
        contacts = SQL(
            "SELECT id FROM res_partner WHERE commercial_partner_id = ANY(%s)",
            scope.partners,
        )
        ids = [id_ for (id_,) in self.env.execute_query(contacts)]
        return SQL("item.partner_id = ANY(%s)", ids)

    @api.model
    def _get_habit_sql(self, scope) -> SQL:  # pylint: disable=unused-argument
        """A reminder is a contact about the item after its due date and no later than
        its last payment. Shares and averages are of what was paid altogether."""
        return SQL(
            """
            SELECT paid.partner_id,
                   COUNT(*) FILTER (WHERE reconciled) AS item_count,
                   AVG(date - date_due) FILTER (WHERE reconciled) AS average_delay,
                   SUM(weight) / SUM(amount) AS delay,
                   SUM(recent_weight) / SUM(recent_amount)
                       - (SUM(weight) - SUM(recent_weight))
                       / NULLIF(SUM(amount) - SUM(recent_amount), 0) AS trend,
                   AVG((date > date_due)::int) FILTER (WHERE reconciled) AS late_share,
                   AVG((reminded.id IS NOT NULL)::int) FILTER (WHERE reconciled)
                       AS reminded_share
              FROM paid
         LEFT JOIN (
                       SELECT DISTINCT paid.id
                         FROM paid
                         JOIN dunning_action_line line ON line.move_line_id = paid.id
                         JOIN dunning_action action ON action.id = line.action_id
                        WHERE paid.date > paid.date_due
                          AND line.state = 'done'
                          AND action.kind NOT IN %(other_kinds)s
                          AND action.date_done > paid.date_due
                          AND action.date_done <= paid.date
                   ) reminded ON reminded.id = paid.id
          GROUP BY paid.partner_id
            """,
            other_kinds=OTHER_KINDS,
        )

    @api.model
    def _get_promise_sql(self, scope) -> SQL:
        return SQL(
            """
            SELECT partner_id, COUNT(*) AS broken_count
              FROM dunning_promise
             WHERE company_id = %s
               AND state IN %s
               AND date_last > %s
               AND %s
          GROUP BY partner_id
            """,
            scope.company.id,
            MISSED,
            self._get_since(scope),
            scope.among(SQL("partner_id")),
        )

    @api.model
    def _get_dispute_sql(self, scope) -> SQL:
        return SQL(
            """
            SELECT partner_id, COUNT(*) AS rejected_count
              FROM dunning_dispute
             WHERE company_id = %s
               AND state = 'rejected'
               AND date_closed > %s
               AND %s
          GROUP BY partner_id
            """,
            scope.company.id,
            self._get_since(scope),
            scope.among(SQL("partner_id")),
        )

    # ------------------------------------------------------------------
    # THE PROFILE
    # ------------------------------------------------------------------

    @api.model
    def _get_profile_sql(self, scope) -> SQL:
        items = SQL(
            "COALESCE(habit.item_count, 0) + COALESCE(standing.telling_count, 0)"
        )
        return SQL(
            """
            SELECT customer.partner_id,
                   CASE WHEN %(items)s >= %(least)s THEN %(rating)s END AS rating,
                   CASE WHEN %(items)s >= %(least)s THEN %(rule)s END AS rating_rule,
                   COALESCE(habit.item_count, 0) AS item_count,
                   ROUND(habit.average_delay, 1) AS average_delay,
                   ROUND(habit.delay, 1) AS delay,
                   ROUND(habit.trend, 1) AS trend,
                   habit.late_share::float AS late_share,
                   habit.reminded_share::float AS reminded_share,
                   COALESCE(promise.broken_count, 0) AS broken_count,
                   COALESCE(dispute.rejected_count, 0) AS rejected_count,
                   level.level_id,
                   COALESCE(standing.receivable, 0) AS receivable,
                   COALESCE(ordered.amount, 0) AS orders,
                   COALESCE(standing.receivable, 0) + COALESCE(ordered.amount, 0)
                       AS exposure,
                   COALESCE(standing.overdue, 0) AS overdue,
                   COALESCE(standing.disputed, 0) AS disputed,
                   COALESCE(standing.promised, 0) AS promised,
                   COALESCE(standing.held, 0) AS held,
                   COALESCE(standing.credit, 0) AS credit,
                   GREATEST(standing.overdue - standing.disputed - standing.promised
                       - standing.held - standing.credit, 0) AS to_collect,
                   standing.date_oldest,
                   standing.date_near
              FROM (
                       SELECT partner_id FROM habit
                        UNION SELECT partner_id FROM standing
                        UNION SELECT partner_id FROM promise
                        UNION SELECT partner_id FROM dispute
                        UNION SELECT partner_id FROM ordered
                   ) customer
         LEFT JOIN habit ON habit.partner_id = customer.partner_id
         LEFT JOIN standing ON standing.partner_id = customer.partner_id
         LEFT JOIN level ON level.partner_id = customer.partner_id
         LEFT JOIN promise ON promise.partner_id = customer.partner_id
         LEFT JOIN dispute ON dispute.partner_id = customer.partner_id
         LEFT JOIN ordered ON ordered.partner_id = customer.partner_id
            """,
            items=items,
            least=ratings.LEAST_ITEMS,
            rating=self._get_rule_sql(scope, "rating", ratings.BEST),
            rule=self._get_rule_sql(scope, "code", ratings.BEST_RULE),
        )

    @api.model
    def _get_rule_sql(self, scope, part, otherwise) -> SQL:
        """Return SQL of what the first rule that holds says: its letter or code.

        :param part: name of what is asked for, of a rule
        :param otherwise: when no rule holds
        """
        measures = {
            "open_days": SQL("%s - standing.date_oldest", scope.date),
            "delay": SQL("ROUND(habit.delay, 1)"),
            "trend": SQL("ROUND(habit.trend, 1)"),
            "late_share": SQL("habit.late_share"),
            "reminded_share": SQL("habit.reminded_share"),
            "broken": SQL("promise.broken_count"),
        }
        rules = [
            SQL(
                "WHEN %s THEN %s",
                SQL(" AND ").join(
                    SQL("%s > %s", measures[name], limit)
                    for name, limit in rule.limits.items()
                ),
                getattr(rule, part),
            )
            for rule in ratings.RULES
        ]
        return SQL("CASE %s ELSE %s END", SQL(" ").join(rules), otherwise)
