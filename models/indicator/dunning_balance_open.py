from dataclasses import replace

from odoo import api, fields, models
from odoo.tools import SQL

from ..plan.dunning_plan import PlanScope
from ..plan.dunning_plan_kept import Reading
from ..plan.dunning_plan_mark import NOBODY
from .dunning_balance import BalanceScope

# What is kept of the statement, and who collects.
COLUMNS = (
    "id",
    "move_id",
    "name",
    "company_id",
    "partner_id",
    "currency_id",
    "date",
    "date_due",
    "date_invoice",
    "residual",
    "residual_company",
    "is_credit",
    "collector_id",
)


class DunningBalanceOpen(models.Model):
    """What is open today, kept beside the plan: rows, number and totals of a screen
    need not look for the open lines of a whole ledger each.

    It counts as long as the plan that is kept does, and customers of whom something has
    changed since are read from the ledger (:mod:`~odoo.addons.account_dunning.models\
.plan.dunning_plan_kept`). Its id is that of the journal item.
    """

    _name = "dunning.balance.open"
    _description = "Kept Open Line"
    _log_access = False
    _rec_name = "name"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    # No relations: nothing refers to what is written anew each day.
    company_id = fields.Integer(readonly=True)
    partner_id = fields.Integer(index=True, readonly=True)
    collector_id = fields.Integer(readonly=True)
    move_id = fields.Integer(readonly=True)
    name = fields.Char(readonly=True)
    currency_id = fields.Integer(readonly=True)
    date = fields.Date(readonly=True)
    date_due = fields.Date(readonly=True)
    date_invoice = fields.Date(readonly=True)
    residual = fields.Float(digits=(16, 2), readonly=True)
    residual_company = fields.Float(digits=(16, 2), readonly=True)
    is_credit = fields.Boolean(readonly=True)

    # === Indexes === #
    _due_idx = models.Index("(company_id, date_due, id)")

    # ------------------------------------------------------------------
    # BUSINESS METHODS - READING
    # ------------------------------------------------------------------

    @api.model
    def _get_query(self, scope: BalanceScope) -> SQL:
        """Return the statement of :meth:`dunning.balance._get_query` for a company: it
        reads what is kept where that tells what is asked for."""
        balance = self.env["dunning.balance"]
        reading = self._get_reading(scope)
        if not reading.is_kept:
            return balance._get_company_query(scope)
        kept = self._get_kept_sql(scope, reading.marked)
        if not reading.marked:
            return kept
        changed = replace(scope, partners=tuple(reading.marked))
        return SQL("%s UNION ALL (%s)", kept, balance._get_company_query(changed))

    @api.model
    def _get_reading(self, scope: BalanceScope) -> Reading:
        """Return how the balance is read: as the plan is, if it is today's of all."""
        planned = scope.company._dunning_scope()
        if scope.partners is not None or scope.date != planned.date:
            return Reading(False, [])
        return self.env["dunning.plan.kept"]._get_reading(planned)

    @api.model
    def _get_kept_sql(self, scope: BalanceScope, marked: list[int]) -> SQL:
        """Return SQL giving the kept rows of customers without a mark."""
        unmarked = SQL("TRUE")
        if marked:
            unmarked = SQL(
                "COALESCE(open.partner_id, %s) NOT IN (SELECT UNNEST(%s))",
                NOBODY,
                marked,
            )
        # Whoever does not ask for them spares the database to join customers.
        return SQL(
            """
            SELECT open.id AS move_line_id,
                   open.move_id,
                   open.name,
                   open.company_id,
                   open.partner_id,
                   %(collector)s AS user_id,
                   open.currency_id,
                   %(currency)s AS company_currency_id,
                   open.date,
                   open.date_due,
                   open.date_invoice,
                   open.residual,
                   open.residual_company,
                   open.is_credit
              FROM dunning_balance_open open
         LEFT JOIN res_partner partner ON partner.id = open.partner_id
             WHERE open.company_id = %(company)s
               AND %(unmarked)s
               AND %(visible)s
            """,
            collector=(
                scope.company._dunning_get_worker_sql(SQL("open.collector_id"))
                if scope.collectors
                else SQL("NULL::integer")
            ),
            currency=scope.company._dunning_get_currency().id,
            company=scope.company.id,
            unmarked=unmarked,
            visible=scope.company._dunning_get_visible_sql("partner"),
        )

    # ------------------------------------------------------------------
    # BUSINESS METHODS - KEEPING
    # ------------------------------------------------------------------

    @api.model
    def _keep(self, scope: PlanScope, marked: list[int] | None = None) -> None:
        """Keep what is open today.

        :param marked: customers whose lines are read, None for all
        """
        self.env["dunning.plan.kept"]._keep_rows(
            self._table,
            COLUMNS,
            ("id",),
            "date_due",
            self._get_fresh_sql(scope, marked),
            scope.company,
            marked,
        )

    @api.model
    def _get_fresh_sql(self, scope: PlanScope, marked=None) -> SQL:
        """Return SQL giving :data:`COLUMNS` as the ledger says it."""
        # What is kept does not depend on who asks.
        env_sudo = self.sudo().env
        balance_sudo = env_sudo["dunning.balance"]
        partners_sudo = env_sudo["res.partner"].with_company(scope.company)
        asked = BalanceScope(
            company=scope.company.with_env(balance_sudo.env),
            date=scope.date,
            partners=None if marked is None else tuple(marked),
            collectors=False,
        )
        balance_sudo._flush()
        return SQL(
            """
            SELECT balance.move_line_id AS id,
                   balance.*,
                   %(collector)s AS collector_id
              FROM (%(balance)s) balance
         LEFT JOIN res_partner partner ON partner.id = balance.partner_id
            """,
            collector=partners_sudo._field_to_sql("partner", "dunning_user_id"),
            balance=balance_sudo._get_company_query(asked),
        )


class DunningPlanKeeper(models.Model):
    _inherit = "dunning.plan.keeper"

    @api.model
    def _get_kept_names(self):
        # EXTENDS 'account_dunning'
        return [*super()._get_kept_names(), "dunning.balance.open"]


class DunningPlanKept(models.Model):
    _inherit = "dunning.plan.kept"

    @api.model
    def _get_others(self, scope):
        # EXTENDS 'account_dunning'
        found = super()._get_others(scope)
        return [*found, self.env["dunning.balance.open"]._get_fresh_sql(scope)]
