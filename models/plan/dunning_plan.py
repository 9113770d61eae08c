from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

from odoo import api, models
from odoo.tools import SQL

from ...tools import working_days
from ...tools.dates import LAST_DAY, shift
from ...tools.plan import LATER_REASONS

# Rows that are fetched at a time when a whole ledger is read into memory.
FETCH_SIZE = 10_000


@dataclass(frozen=True)
class PlanScope:
    """What a plan is asked for.

    :param company: the ``res.company`` whose ledger is read
    :param date: the day of the plan
    :param partners: ids of commercial partners, None for all
    :param unassigned: with some customers, items without customer besides
    :param without_actions: ids of open actions regarded as if they did not exist
    :param any_day: take every day for a working day
    """

    company: models.BaseModel
    date: date
    partners: list[int] | None = None
    unassigned: bool = False
    without_actions: list[int] = ()
    any_day: bool = False

    def among(self, partner: SQL) -> SQL:
        """Return the condition that a partner is one of those asked for. Written on
        every table that is joined, it spares reading those of all the others."""
        if self.partners is None:
            return SQL("TRUE")
        return SQL("%s = ANY(%s)", partner, self.partners)

    def apart(self, keyword: str) -> SQL:
        """Return the keyword that has the database plan a part of the statement apart.
        Of some customers the items are read within a millisecond, and what takes its
        time is to find out how: that is quicker part by part."""
        return SQL() if self.partners is None else SQL(keyword)


class DunningPlan(models.AbstractModel):
    """The one place where the rules of progression are written.

    How it works: :meth:`_get_query` composes one SQL statement that reads the
    ledger, the holds and the history, and returns a row for each open item with
    its decision. The dry run, the daily run, the re-check before sending, the
    screens and the invoices all read that same statement, restricted or not to
    some customers. It writes nothing.

    The parts, each a common table expression that builds on those above it:

    ``open_line``      open receivable lines of the company, debits and credits
    ``ladder``         for each scenario and level reached: the level that follows
    ``customer``       scenario, holds and contacts that concern the whole customer
    ``withheld``       amount on hold or being paid, line by line
    ``clock``          how dunning goes on after holds that ended, line by line
    ``item``           due items with scenario, level reached, open action
    ``candidate``      the level that comes next and the day it can happen
    ``balance``        what is collectable, by customer and currency
    """

    _name = "dunning.plan"
    _description = "Dunning plan"

    # ------------------------------------------------------------------
    # ENTRY POINTS
    # ------------------------------------------------------------------

    @api.model
    def _get_query(self, scope: PlanScope) -> SQL:
        """Return the statement that plans the company's open items.

        :return: SQL selecting, for each open item: ``id`` (journal item),
            ``move_id, name, partner_id, company_id, currency_id, scenario_id``,
            ``reached_id`` (level reached), ``reached_date``, ``level_id`` (level
            that comes next), ``decision, date, reason``, ``date_due, days_late``,
            ``residual`` and ``withheld`` (item's currency), ``residual_company`` and
            ``claim`` (company currency, without and with what is withheld taken off),
            ``level_due`` (the day of the level has come, whatever else it waits for),
            ``listed`` (belongs on a letter sent that day), ``align_levels``,
            ``heard_tone`` (of the strongest text that listed the item, see
            :mod:`~odoo.addons.account_dunning.models.plan.dunning_plan_tone`),
            ``restart_date`` (from which delays count after a dispute),
            ``collectable`` (customer and currency), ``deduction_company`` (its
            credits and holds, in company currency), ``action_id`` (open action)
        """
        self._flush()
        return SQL(
            """
            WITH open_line AS (%(open_line)s),
                 ladder AS MATERIALIZED (%(ladder)s),
                 day_off(day, replaced_by) AS (%(day_off)s),
                 customer AS %(apart)s (%(customer)s),
                 withheld AS %(apart)s (%(withheld)s),
                 clock AS %(apart)s (%(clock)s),
                 item AS %(apart)s (%(item)s),
                 candidate AS %(apart)s (%(candidate)s),
                 balance AS (%(balance)s)
            %(decision)s
            """,
            open_line=self._get_open_line_sql(scope),
            apart=scope.apart("MATERIALIZED"),
            ladder=self._get_ladder_sql(),
            day_off=self._get_day_off_sql(scope),
            customer=self._get_customer_sql(scope),
            withheld=self._get_withheld_sql(scope),
            clock=self._get_clock_sql(scope),
            item=self._get_item_sql(scope),
            candidate=self._get_candidate_sql(scope),
            balance=self._get_balance_sql(scope),
            decision=self._get_decision_sql(scope),
        )

    @api.model
    def _execute_on_ledger(self, query: SQL) -> list[tuple]:
        """Execute a statement that plans a whole ledger."""
        with self._hashed_joins():
            return self.env.execute_query(query)

    @api.model
    def _stream_on_ledger(self, query: SQL) -> Iterator[tuple]:
        """Execute a statement that plans a whole ledger and yield its rows: the
        driver never holds more than some of them."""
        declare = SQL("DECLARE dunning_plan NO SCROLL CURSOR FOR %s", query)
        with self._hashed_joins():
            self.env.cr.execute(declare)
        fetch = SQL("FETCH %s FROM dunning_plan", FETCH_SIZE)
        while rows := self.env.execute_query(fetch):
            yield from rows
        self.env.cr.execute("CLOSE dunning_plan")

    @contextmanager
    def _hashed_joins(self) -> Iterator[None]:
        """Have joins hashed, whatever the statistics of the database say.

        Right after an import they may be far from the truth, and a plan that loops
        over the items for each customer never ends.
        """
        self.env.cr.execute("SET LOCAL enable_nestloop = off")
        yield
        self.env.cr.execute("SET LOCAL enable_nestloop = on")

    @api.model
    def _flush(self) -> None:
        """Write pending changes of every table that the plan reads, and no others: it
        is asked while dialogs are worked out, whose fields wait for each other."""
        for model, field_names in (
            ("account.account", ["account_type", "non_trade"]),
            ("account.journal", ["type"]),
            ("account.move", ["dunning_scenario_id", "payment_state"]),
            # What is written here in part, Odoo would write once more in the end.
            ("account.move.line", None),
            ("account.partial.reconcile", ["debit_amount_currency", "max_date"]),
            ("account.payment", None),
            ("res.partner", ["active", "commercial_partner_id", "dunning_scenario_id"]),
            ("dunning.scenario", None),
            ("dunning.level", None),
            ("dunning.action", None),
            ("dunning.action.line", None),
            ("dunning.item.state", None),
            ("dunning.invoice.arrival", None),
            ("dunning.hold", None),
        ):
            self.env[model].flush_model(field_names)

    # ------------------------------------------------------------------
    # PARTS OF THE STATEMENT
    # ------------------------------------------------------------------

    @api.model
    def _get_day_off_sql(self, scope: PlanScope) -> SQL:
        pairs = ()
        if not scope.any_day:
            end = shift(scope.date, working_days.CALENDAR_HORIZON)
            pairs = self._get_postponements(scope.company, scope.date, end)
        return SQL(
            "SELECT * FROM UNNEST(%s::date[], %s::date[])",
            [day for day, _ in pairs],
            [replaced_by for _, replaced_by in pairs],
        )

    @api.model
    def _get_decision_sql(self, scope: PlanScope) -> SQL:
        return SQL(
            """
            SELECT item.id,
                   item.move_id,
                   item.name,
                   item.partner_id,
                   %(company)s AS company_id,
                   item.currency_id,
                   item.scenario_id,
                   item.reached_id,
                   item.reached_date,
                   item.level_id,
                   item.date_due,
                   item.days_late,
                   item.residual,
                   item.residual_company,
                   item.withheld,
                   %(claim)s AS claim,
                   item.action_id,
                   item.align_levels,
                   item.restart_date,
                   item.heard_tone,
                   LEAST(item.day, %(last_day)s) AS day,
                   GREATEST(item.level_date, item.gap_date) <= %(date)s AS level_due,
                   balance.collectable,
                   balance.deduction * balance.residual_company / balance.residual
                       AS deduction_company,
                   verdict.reason,
                   CASE WHEN verdict.reason IS NULL THEN 'step'
                        WHEN verdict.reason IN %(later_reasons)s THEN 'later'
                        ELSE 'out'
                   END AS decision,
                   CASE WHEN verdict.reason IS NULL THEN %(date)s::date
                        WHEN verdict.reason = 'open_contact'
                        THEN GREATEST(item.planned_date, %(date)s)
                        WHEN verdict.reason IN %(later_reasons)s
                        THEN LEAST(item.day, %(last_day)s)
                        WHEN verdict.reason = 'open_action' THEN item.action_date
                        WHEN verdict.reason = 'held'
                        THEN CASE WHEN item.held_until >= %(last_day)s
                                  THEN %(last_day)s::date
                                  ELSE item.held_until + 1
                             END
                   END AS date,
                   item.barrier IS NULL
                       AND item.claimable
                       AND balance.collectable > 0
                       AND balance.collectable * balance.residual_company
                           > item.minimum_amount * balance.residual
                       AS listed
              FROM candidate item
         LEFT JOIN balance
                ON balance.partner_id = item.partner_id
               AND balance.currency_id = item.currency_id
        CROSS JOIN LATERAL (SELECT %(reason)s AS reason %(apart)s) verdict
            """,
            company=scope.company.id,
            date=scope.date,
            claim=self._get_item_claim_sql(),
            later_reasons=LATER_REASONS,
            reason=self._get_reason_sql(scope),
            last_day=LAST_DAY,
            apart=scope.apart("OFFSET 0"),
        )

    @api.model
    def _get_reason_sql(self, scope: PlanScope) -> SQL:
        return SQL(
            """
            CASE WHEN item.barrier IS NOT NULL THEN item.barrier
                 WHEN item.action_id IS NOT NULL THEN 'open_action'
                 WHEN item.claimable AND balance.collectable <= 0 THEN 'covered'
                 WHEN item.claimable
                      AND balance.collectable * balance.residual_company
                          <= item.minimum_amount * balance.residual
                 THEN 'below_minimum'
                 WHEN item.level_id IS NULL AND item.restart_date > %(date)s
                 THEN 'restarts'
                 WHEN item.level_id IS NULL THEN 'last_level'
                 WHEN item.day > %(date)s THEN
                      CASE WHEN item.base = %(date)s THEN 'non_working_day'
                           WHEN item.base = item.level_date AND NOT item.overdue
                           THEN 'not_due'
                           WHEN item.base = item.level_date THEN 'level_date'
                           WHEN item.base = item.gap_date THEN 'level_gap'
                           WHEN item.base = item.first_date THEN 'first_contact'
                           ELSE 'contact_gap'
                      END
                 WHEN item.planned_date IS NOT NULL THEN 'open_contact'
                 WHEN NOT item.overdue AND balance.collectable_early <= 0
                 THEN 'covered'
                 WHEN NOT item.overdue
                      AND balance.collectable_early * balance.residual_company
                          <= item.minimum_amount * balance.residual
                 THEN 'below_minimum'
            END
            """,
            date=scope.date,
        )
