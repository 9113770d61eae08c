import hashlib
from collections.abc import Sequence
from contextlib import nullcontext
from typing import NamedTuple

from odoo import api, fields, models
from odoo.tools import SQL

from .dunning_plan import PlanScope
from .dunning_plan_mark import NOBODY

# Columns of the plan that are kept, and what is worked out once with it.
COLUMNS = (
    "id",
    "name",
    "move_id",
    "partner_id",
    "company_id",
    "currency_id",
    "scenario_id",
    "reached_id",
    "reached_date",
    "level_id",
    "date_due",
    "residual",
    "residual_company",
    "withheld",
    "decision",
    "date",
    "reason",
    "action_id",
    "collector_id",
)

# When more of the customers than this are marked, all are planned anew.
MARKED_SHARE = 0.4
# So few are planned in no time, however many there are.
FEW_MARKED = 200


class Reading(NamedTuple):
    """How the plan of a company is read.

    :param is_kept: what is kept counts; nothing else does otherwise
    :param marked: customers who are planned anew, :data:`NOBODY` for items without
    """

    is_kept: bool
    marked: list[int]


class DunningPlanKept(models.Model):
    """The plan's rows of today, kept for the screens that show a whole ledger.

    How it works: what is kept counts as long as its *basis* is the same: the statement
    of the plan with all its values (the day, settings, days off, rules) and the ladders
    of the scenarios. Customers of whom something has changed since have a mark
    (:mod:`~odoo.addons.account_dunning.models.plan.dunning_plan_mark`) and are planned
    anew at each look, until a job keeps what is planned of them. What is read is always
    what the plan says; where much has changed, the plan is asked for all.

    Its id is that of the journal item.
    """

    _name = "dunning.plan.kept"
    _description = "Kept Plan of an Open Item"
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
    residual = fields.Float(digits=(16, 2), readonly=True)
    residual_company = fields.Float(digits=(16, 2), readonly=True)
    withheld = fields.Float(digits=(16, 2), readonly=True)
    date_due = fields.Date(readonly=True)
    scenario_id = fields.Integer(readonly=True)
    reached_id = fields.Integer(readonly=True)
    reached_date = fields.Date(readonly=True)
    level_id = fields.Integer(readonly=True)
    decision = fields.Char(readonly=True)
    date = fields.Date(readonly=True)
    reason = fields.Char(readonly=True)
    action_id = fields.Integer(readonly=True)

    # === Indexes === #
    _due_idx = models.Index("(company_id, date_due, id)")

    # ------------------------------------------------------------------
    # BUSINESS METHODS - READING
    # ------------------------------------------------------------------

    @api.model
    def _get_query(self, scope: PlanScope) -> SQL:
        """Return SQL giving :data:`COLUMNS` of the plan of today for each open item.

        :param scope: of today
        """
        reading = scope.partners is None and self._get_reading(scope)
        if not reading or not reading.is_kept:
            return self._get_planned_query(scope)
        columns = SQL(", ").join(map(SQL.identifier, COLUMNS))
        kept = SQL(
            "SELECT %s FROM dunning_plan_kept WHERE company_id = %s",
            columns,
            scope.company.id,
        )
        if not reading.marked:
            return kept
        return SQL(
            "%s AND COALESCE(partner_id, %s) NOT IN (SELECT UNNEST(%s)) UNION ALL %s",
            kept,
            NOBODY,
            reading.marked,
            self._get_planned_query(self._get_marked_scope(scope, reading.marked)),
        )

    @api.model
    def _get_marked_scope(self, scope, marked):
        return scope.company._dunning_scope(
            scope.date, partners=marked, unassigned=NOBODY in marked
        )

    @api.model
    def _get_planned_query(self, scope) -> SQL:
        """Return SQL giving the same, as the plan says it."""
        # The plan of a company does not depend on who looks at it.
        partners_sudo = self.env["res.partner"].sudo().with_company(scope.company)
        collector = partners_sudo._field_to_sql("partner", "dunning_user_id")
        names = [name for name in COLUMNS if name != "collector_id"]
        return SQL(
            """
            SELECT %(columns)s, %(collector)s AS collector_id
              FROM (%(plan)s) plan
         LEFT JOIN res_partner partner ON partner.id = plan.partner_id
            """,
            columns=SQL(", ").join(SQL.identifier("plan", name) for name in names),
            collector=collector,
            plan=self.env["dunning.plan"]._get_query(scope),
        )

    @api.model
    def _get_reading(self, scope: PlanScope) -> Reading:
        """Return how the plan of a company is read now. A transaction that has written
        nothing sees the same until its end: the rows of a page, their number and their
        totals are read in the same way."""
        self.env["dunning.plan"]._flush()
        [(is_writing,)] = self.env.execute_query(
            SQL("SELECT pg_current_xact_id_if_assigned() IS NOT NULL")
        )
        if is_writing:
            return self._find_reading(scope)
        readings = self.env.cr.cache.setdefault(self._name, {})
        key = (scope.company.id, scope.date)
        if key not in readings:
            readings[key] = self._find_reading(scope)
        return readings[key]

    @api.model
    def _find_reading(self, scope):
        customers = self.env["dunning.plan.kept.customer"]
        basis, count = customers._get_keeper(scope.company)
        if not basis or basis != self._get_basis(scope):
            return Reading(False, [])
        marked = self._get_marked() | customers._get_chosen_anew(scope)
        most = max(FEW_MARKED, MARKED_SHARE * count)
        return Reading(len(marked) <= most, sorted(marked))

    @api.model
    def _get_marked(self) -> set[int]:
        """Return the customers of whom something has changed, as they were called and
        as they are: who has become a contact of another one is planned with that one,
        and no longer alone."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT mark.partner_id, contact.commercial_partner_id
                  FROM dunning_plan_mark mark
             LEFT JOIN res_partner contact ON contact.id = mark.partner_id
                """
            )
        )
        return {id_ for row in rows for id_ in row if id_ is not None}

    # ------------------------------------------------------------------
    # BUSINESS METHODS - WHAT IT STANDS ON
    # ------------------------------------------------------------------

    @api.model
    def _get_basis(self, scope) -> str:
        """Return what stands for all that the plan of a company takes for granted. What
        is not in the statement itself is in the tables of scenarios and journals, which
        are small."""
        plan = self.env["dunning.plan"]
        planned = self._get_planned_query(scope)
        [(tables,)] = self.env.execute_query(
            SQL(
                """
                SELECT ARRAY[
                    (SELECT ARRAY_AGG(ladder::text ORDER BY ladder::text)::text
                       FROM (%s) ladder),
                    (SELECT ARRAY_AGG((id, scenario_id, delay_days) ORDER BY id)::text
                       FROM dunning_level),
                    (SELECT ARRAY_AGG((id, active, contact_gap_days) ORDER BY id)::text
                       FROM dunning_scenario),
                    (SELECT ARRAY_AGG(id ORDER BY id)::text
                       FROM account_journal
                      WHERE type = 'general')
                ]::text
                """,
                plan._get_ladder_sql(),
            )
        )
        statement = self.env.cr.mogrify(planned).decode()
        if self.env["dunning.plan.kept.customer"]._is_chosen_anew(scope.company):
            # Rules may read what changes with each payment, as ratings do.
            rules = plan._get_customer_scenario_sql(scope)
            statement = statement.replace(self.env.cr.mogrify(rules).decode(), "")
        others = [self.env.cr.mogrify(x).decode() for x in self._get_others(scope)]
        content = repr((statement, tables, others))
        return hashlib.sha256(content.encode()).hexdigest()

    @api.model
    def _get_others(
        self,
        scope: PlanScope,  # pylint: disable=unused-argument
    ) -> list[SQL]:
        """Return the other statements whose rows are kept with the plan. Override to
        add some."""
        return []

    # ------------------------------------------------------------------
    # BUSINESS METHODS - KEEPING
    # ------------------------------------------------------------------

    @api.model
    def _keep(self, scope, marked=None) -> None:
        """Keep what the plan says.

        :param marked: customers who are planned, None for all
        """
        asked = scope if marked is None else self._get_marked_scope(scope, marked)
        self._keep_rows(
            "dunning_plan_kept",
            COLUMNS,
            ("id",),
            "date_due",
            self._get_planned_query(asked),
            scope.company,
            marked,
        )

    @api.model
    def _keep_rows(
        self,
        table: str,
        columns: Sequence[str],
        key: Sequence[str],
        order: str,
        fresh: SQL,
        company: models.BaseModel,
        marked: list[int] | None,
    ) -> None:
        """Have a table hold some rows of a company, and touch no others.

        :param key: columns that tell rows apart; the last one those of the company
        :param order: column by which they lie on disk when all are written: a page
            that is sorted by it and looks for its rows reads one after the other
        :param marked: customers whose rows they are, None for all
        """
        concerned = SQL("TRUE")
        if marked is not None:
            concerned = SQL(
                "COALESCE(kept.partner_id, %s) = ANY(%s)", NOBODY, list(marked)
            )
        names = [SQL.identifier(name) for name in columns]
        query = SQL(
            """
            WITH fresh AS MATERIALIZED (%(fresh)s),
                 gone AS (
                     DELETE FROM %(table)s kept
                           WHERE kept.company_id = %(company)s
                             AND %(concerned)s
                             AND NOT EXISTS (
                                     SELECT FROM fresh
                                      WHERE fresh.%(key)s = kept.%(key)s
                                 )
                 )
            INSERT INTO %(table)s AS kept (%(names)s)
            SELECT %(names)s FROM fresh ORDER BY %(order)s, %(key)s
       ON CONFLICT (%(unique)s)
         DO UPDATE SET (%(names)s) = ROW(%(excluded)s)
             WHERE (%(before)s) IS DISTINCT FROM (%(excluded)s)
            """,
            fresh=fresh,
            table=SQL.identifier(table),
            company=company.id,
            concerned=concerned,
            key=SQL.identifier(key[-1]),
            unique=SQL(", ").join(map(SQL.identifier, key)),
            order=SQL.identifier(order),
            names=SQL(", ").join(names),
            before=SQL(", ").join(SQL("kept.%s", name) for name in names),
            excluded=SQL(", ").join(SQL("EXCLUDED.%s", name) for name in names),
        )
        joined = (
            self.env["dunning.plan"]._hashed_joins if marked is None else nullcontext
        )
        with joined():
            self.env.cr.execute(query)
