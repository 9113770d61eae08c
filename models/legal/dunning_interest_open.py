from dataclasses import replace
from datetime import date as Date

from odoo import api, models
from odoo.tools import SQL, format_date

from ...tools import rates
from ...tools.dates import shift
from .dunning_interest import SALE_TYPES, InterestScope
from .dunning_penalty_line import INDEMNITY, INTEREST


class DunningInterest(models.AbstractModel):
    """What is owed of penalties, and neither claimed nor waived yet. Penalties outlive
    the principal: what was paid late owes them as well."""

    _inherit = "dunning.interest"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    @api.model
    def _flush(self):
        # EXTENDS 'account_dunning'
        self.env["dunning.penalty"].flush_model()
        self.env["dunning.penalty.line"].flush_model()
        return super()._flush()

    @api.model
    def _get_bearing_sql(self, scope: InterestScope) -> SQL:
        # EXTENDS 'account_dunning': penalties bear none, unless the company says so
        bearing = super()._get_bearing_sql(scope)
        # What a company has set does not depend on who asks.
        if scope.company.sudo().dunning_penalty_bears:
            return bearing
        return SQL(
            "%s AND NOT EXISTS (SELECT FROM dunning_penalty penalty"
            " WHERE penalty.move_id = line.move_id)",
            bearing,
        )

    @api.model
    def _get_pauses(self, scope: InterestScope):
        # EXTENDS 'account_dunning': what is covered is not open
        pauses = super()._get_pauses(scope)
        return [*pauses, *self._get_covered(scope)] if scope.open_only else pauses

    @api.model
    def _get_covered(self, scope: InterestScope):
        """Return the days that are claimed or waived, as pauses."""
        return self.env.execute_query(
            SQL(
                """
                SELECT line.move_line_id, line.date_from, line.date_to, NULL::numeric
                  FROM dunning_penalty_line line
                  JOIN dunning_penalty penalty ON penalty.id = line.penalty_id
                 WHERE line.counts
                   AND line.kind = %(interest)s
                   AND line.move_line_id IS NOT NULL
                   AND penalty.company_id = %(company)s
                   AND %(among)s
              ORDER BY line.move_line_id, line.date_from
                """,
                interest=INTEREST,
                company=scope.company.id,
                among=scope.among(SQL("line.move_line_id")),
            )
        )

    @api.model
    def _fetch_open(self, scope: InterestScope) -> list[dict]:
        """Return what is owed of each item and neither claimed nor waived.

        :return: rows of ``_get_sums_sql`` with something open or a problem, and
            ``indemnity`` (amount), ``debt_ref`` (whose it is), ``indemnity_problem``
            (text: the law gives one that cannot be claimed here)
        """
        rows = self._fetch_sums(replace(scope, open_only=True))
        indemnities = self._fetch_indemnities(scope)
        found = []
        for row in rows:
            row |= indemnities.get(row["id"], NO_INDEMNITY)
            if (
                row["interest"]
                or row["missing"]
                or row["problem"]
                or row["indemnity"]
                or row["indemnity_problem"]
            ):
                found.append(row)
        return found

    @api.model
    def _get_scope(
        self,
        company: models.BaseModel,
        date: Date,
        items: models.BaseModel | None = None,
    ) -> InterestScope:
        """Return the scope of some items of a company, all of them without.

        :param company: ``res.company``
        :param date: last day of interest
        :param items: journal items
        """
        ids = None if items is None else tuple(items.ids)
        return InterestScope(company, date, items=ids)

    # ------------------------------------------------------------------
    # BUSINESS METHODS - INDEMNITIES
    # ------------------------------------------------------------------

    @api.model
    def _fetch_indemnities(self, scope: InterestScope) -> dict:
        """Return the recovery indemnities that are owed and not covered: one for each
        invoice, by its first item that was late.

        :return: dict of item id to ``indemnity, debt_ref, indemnity_problem``
        """
        self._flush()
        with self._planned_for_many(scope):
            rows = self.env.execute_query_dict(self._get_indemnity_query(scope))
        known, found = {}, {}
        for row in rows:
            key = row["country_id"], row["kind"]
            if key not in known:
                country = self.env["res.country"].browse(key[0] or ())
                known[key] = self.env["dunning.rate"]._get_schedule(
                    scope.company, country, key[1]
                )
            rate = rates.find(known[key], shift(row["date_due"], 1))
            told = self._get_indemnity_of(row, rate) if rate else NO_INDEMNITY
            if told != NO_INDEMNITY:
                found[row["id"]] = told | {"debt_ref": row["debt_ref"]}
        return found

    @api.model
    def _get_indemnity_of(self, row, rate):
        """Return the indemnity of an invoice by a ``dunning.rate``."""
        amount = rate._get_indemnity(row["debt"])
        if not amount:
            return NO_INDEMNITY
        if rate.currency_id.id == row["currency_id"]:
            return NO_INDEMNITY | {"indemnity": amount}
        currency = self.env["res.currency"].browse(row["currency_id"])
        problem = self.env._(
            "The indemnity is in %(currency)s, the invoice in %(other)s: claim it by "
            "hand, or enter a rate of your company with an indemnity in %(other)s.",
            currency=rate.currency_id.name,
            other=currency.name,
        )
        return NO_INDEMNITY | {"indemnity_problem": problem}

    @api.model
    def _get_indemnity_query(self, scope: InterestScope) -> SQL:
        """The invoices, and items of other entries, that were late, each with its first
        item that was, unless proceedings had begun by then."""
        return SQL(
            """
            %(ctes)s
            SELECT *
              FROM (
                       SELECT DISTINCT ON (owner.ref)
                              debt.id,
                              debt.country_id,
                              debt.kind,
                              debt.currency_id,
                              debt.date_due,
                              owner.ref AS debt_ref,
                              CASE WHEN owner.ref > 0 THEN move.amount_total
                                   ELSE debt.principal
                              END AS debt
                         FROM debt
                         JOIN account_move move ON move.id = debt.move_id
                   CROSS JOIN LATERAL (
                                  SELECT CASE WHEN move.move_type IN %(sale_types)s
                                              THEN move.id
                                              ELSE -debt.id
                                         END AS ref
                              ) owner
                        WHERE EXISTS (
                                  SELECT FROM period
                                   WHERE period.id = debt.id AND period.base > 0
                              )
                     ORDER BY owner.ref, debt.date_due, debt.id
                   ) late
             WHERE NOT EXISTS (
                       SELECT FROM dunning_penalty_line line
                        WHERE line.counts
                          AND line.kind = %(indemnity)s
                          AND line.debt_ref = late.debt_ref
                   )
               AND late.id != ALL(%(insolvent)s)
            """,
            ctes=self._get_ctes(scope),
            sale_types=SALE_TYPES,
            indemnity=INDEMNITY,
            insolvent=self._get_insolvent_ids(scope),
        )

    @api.model
    def _get_insolvent_ids(self, scope: InterestScope):
        """Return the items that fell late during insolvency proceedings."""
        rows = self._get_insolvency_rows(scope)
        lines = self.env["account.move.line"].browse({row[0] for row in rows})
        due = {line.id: line.date_maturity or line.date for line in lines}
        return [
            id_
            for id_, start, end, _amount in rows
            if start <= shift(due[id_], 1)
            and (end is None or shift(due[id_], 1) <= end)
        ]

    # ------------------------------------------------------------------
    # BUSINESS METHODS - PROBLEMS
    # ------------------------------------------------------------------

    @api.model
    def _tell_row_problem(self, row: dict, line: models.BaseModel) -> str:
        """Return why something of a row of :meth:`_fetch_open` cannot be claimed, and
        what to do; empty when all can.

        :param row: of :meth:`_fetch_open`
        :param line: the journal item
        """
        problems = []
        if row["problem"]:
            problems.append(line._dunning_tell_problem(row["problem"]))
        if row["missing"]:
            problems.append(
                self.env._("No rate from %s on.", format_date(self.env, row["missing"]))
            )
        if row["indemnity_problem"]:
            problems.append(row["indemnity_problem"])
        return " ".join(problems)


NO_INDEMNITY = {"indemnity": 0.0, "debt_ref": 0, "indemnity_problem": ""}
