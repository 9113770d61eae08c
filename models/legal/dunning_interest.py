from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date as Date

from odoo import api, models
from odoo.tools import SQL

from ...tools.dates import FIRST_DAY, LAST_DAY

# Whose items bear interest; of other entries, those that dunning reads.
SALE_TYPES = ("out_invoice", "out_receipt")
# By what the rate of an item is given: the law, the lowest rate that may be agreed, or
# a rate of its own.
LAW, MINIMUM, FIXED = "law", "minimum", "fixed"


@dataclass(frozen=True)
class InterestScope:
    """What interest is asked for.

    :param company: the ``res.company`` whose items are looked at
    :param date: last day of interest; what is dated later does not exist
    :param items: ids of journal items, None for all
    :param partners: ids of commercial partners, None for all
    :param open_only: only days that are neither claimed nor waived
    """

    company: models.BaseModel
    date: Date
    items: tuple[int, ...] | None = None
    partners: tuple[int, ...] | None = None
    open_only: bool = False

    def among(self, item: SQL) -> SQL:
        """Return the condition that an item is one of those asked for."""
        if self.items is None:
            return SQL("TRUE")
        return SQL("%s = ANY(%s)", item, list(self.items))


class DunningInterest(models.AbstractModel):
    """What the ledger says of debts that bear interest: the facts, of which interest is
    worked out item by item in Python (``tools/interest.py``), or by SQL for a whole
    ledger (``dunning_interest_mass``). A test on random histories compares both.
    """

    _name = "dunning.interest"
    _description = "Interest on Late Payment"

    # ------------------------------------------------------------------
    # BUSINESS METHODS - DEBTS
    # ------------------------------------------------------------------

    @api.model
    def _flush(self):
        """Bring what the statements read to the database."""
        for name in (
            "account.move",
            "account.move.line",
            "account.partial.reconcile",
            "dunning.contract.rate",
            "dunning.dispute",
            "dunning.hold",
            "dunning.invoice.terms",
            "res.currency",
            "res.partner",
        ):
            self.env[name].flush_model()

    @api.model
    def _get_debt_sql(self, scope: InterestScope) -> SQL:
        """Return SQL of the items that may bear interest: what customers owe by
        invoices and, where dunning reads it, by other entries.

        :return: SQL selecting ``id, move_id, partner_id`` (the commercial partner),
            ``currency_id, principal, date_due`` (NULL: none is known), ``date``,
            ``country_id, kind`` (of the customer), ``method`` (by what its rate is
            given) and ``fixed`` (that rate)
        """
        return SQL(
            """
              WITH agreed AS (
                       -- Each until the next begins: interest is owed once.
                       SELECT partner_id,
                              method,
                              rate,
                              date_from,
                              LEAST(
                                  date_to,
                                  LEAD(date_from) OVER (
                                      PARTITION BY partner_id ORDER BY date_from, id
                                  ) - 1
                              ) AS date_to
                         FROM dunning_contract_rate
                        WHERE active AND company_id = %(company)s
                   )
            SELECT line.id,
                   line.move_id,
                   customer.id AS partner_id,
                   line.currency_id,
                   line.amount_currency AS principal,
                   line.date_maturity AS date_due,
                   line.invoice_date AS date,
                   COALESCE(customer.country_id, %(country)s) AS country_id,
                   kind.value AS kind,
                   CASE WHEN kind.value != 'business' THEN %(law)s
                        ELSE COALESCE(terms.method, own.method, shared.method, %(law)s)
                   END AS method,
                   CASE WHEN kind.value != 'business' THEN NULL
                        WHEN terms.method IS NOT NULL THEN terms.rate
                        WHEN own.method IS NOT NULL THEN own.rate
                        ELSE shared.rate
                   END AS fixed
              FROM account_move_line line
              JOIN account_move move ON move.id = line.move_id
              JOIN res_partner contact ON contact.id = line.partner_id
              JOIN res_partner customer ON customer.id = contact.commercial_partner_id
        CROSS JOIN LATERAL (SELECT %(kind)s AS value) kind
         LEFT JOIN dunning_invoice_terms terms
                ON terms.move_id = line.move_id AND terms.applies
         LEFT JOIN agreed own
                ON own.partner_id = customer.id
               AND COALESCE(line.invoice_date, line.date)
                   BETWEEN own.date_from AND COALESCE(own.date_to, %(last_day)s)
         LEFT JOIN agreed shared
                ON shared.partner_id IS NULL
               AND COALESCE(line.invoice_date, line.date)
                   BETWEEN shared.date_from AND COALESCE(shared.date_to, %(last_day)s)
             WHERE line.company_id = %(company)s
               AND line.parent_state = 'posted'
               AND line.account_id = ANY(%(accounts)s)
               AND line.amount_currency > 0
               AND (line.date_maturity IS NULL OR line.date_maturity < %(date)s)
               AND (
                   move.move_type IN %(sale_types)s
                   OR move.move_type = 'entry' AND %(read)s
               )
               AND %(among)s
               AND %(restriction)s
               AND %(claims)s
            """,
            country=scope.company.country_id.id or None,
            company=scope.company.id,
            kind=self.env["res.partner"]._dunning_get_kind_sql("customer"),
            law=LAW,
            last_day=LAST_DAY,
            accounts=list(self.env["dunning.ledger"]._get_account_ids()),
            date=scope.date,
            sale_types=SALE_TYPES,
            read=self._get_read_sql(scope),
            among=scope.among(SQL("line.id")),
            restriction=(
                SQL("TRUE")
                if scope.partners is None
                else SQL("customer.id = ANY(%s)", list(scope.partners))
            ),
            claims=self._get_bearing_sql(scope),
        )

    @api.model
    def _get_read_sql(self, scope: InterestScope) -> SQL:
        """Return the condition that an entry is a debt that dunning reads, such as an
        opening balance: what the bank paid or took back is none."""
        # What a company has set does not depend on who asks.
        include_misc = scope.company.sudo().dunning_include_misc
        return SQL(
            """
            (
                line.journal_id = ANY(ARRAY(
                    SELECT id FROM account_journal WHERE type = 'general'
                ))
                AND %s
            )
            """,
            SQL("TRUE") if include_misc else SQL("line.no_followup IS NOT TRUE"),
        )

    @api.model
    def _get_bearing_sql(self, scope: InterestScope) -> SQL:  # pylint: disable=unused-argument
        """Return the condition that an item bears interest. Override to leave out
        some."""
        return SQL("TRUE")

    @api.model
    def _get_payment_sql(self, scope: InterestScope) -> SQL:
        """Return SQL of what has lowered debts until the date: ``id`` (of the item),
        ``day`` (the last on which the amount bore interest) and ``amount``. A credit
        note counts from the beginning, whatever its date."""
        return SQL(
            """
            SELECT partial.debit_move_id AS id,
                   CASE WHEN entry.move_type = 'out_refund' THEN %(first_day)s
                        ELSE partial.max_date
                   END AS day,
                   partial.debit_amount_currency AS amount
              FROM account_partial_reconcile partial
              JOIN account_move_line credit ON credit.id = partial.credit_move_id
              JOIN account_move entry ON entry.id = credit.move_id
             WHERE partial.max_date <= %(date)s
               AND partial.debit_amount_currency != 0
               AND partial.company_id = ANY(%(companies)s)
               AND %(among)s
            """,
            first_day=FIRST_DAY,
            date=scope.date,
            # The parts of a company reconcile with one another.
            companies=self._get_reconciling_ids(scope.company),
            among=scope.among(SQL("partial.debit_move_id")),
        )

    @api.model
    def _get_reconciling_ids(self, company):
        """Return the companies in which items of a company may be reconciled."""
        companies = self.env["res.company"]
        parents = companies._dunning_get_parent_ids(company)
        root = companies.browse(parents[:1] or company.ids)
        return [*root.ids, *companies._dunning_get_branch_ids(root)]

    # ------------------------------------------------------------------
    # BUSINESS METHODS - PAUSES
    # ------------------------------------------------------------------

    @api.model
    def _get_pauses(self, scope: InterestScope) -> list[tuple]:
        """Return when items bear no interest, or less: while they are disputed and in
        insolvency proceedings, as the company has set. Override to add others.

        :return: list of item id, first day, last day (None: open-ended), amount that
            bears none (None: all of it)
        """
        return [*self._get_dispute_pauses(scope), *self._get_insolvency_pauses(scope)]

    @api.model
    def _get_dispute_pauses(self, scope: InterestScope) -> Iterable[tuple]:
        # What a company has set does not depend on who asks.
        way = scope.company.sudo().dunning_interest_dispute
        if way == "running":
            return
        for row in self.env.execute_query_dict(self._get_dispute_query(scope)):
            justified = row["state"] in ("accepted", "corrected")
            # What was accepted bears nothing until it is credited. From then on the
            # credit note itself says so, from the beginning.
            ending = "date_credited" if row["state"] == "accepted" else "date_closed"
            last_day = row[ending]
            if last_day == FIRST_DAY:
                continue
            over = last_day is not None
            if way == "waived" and over and not justified:
                continue
            start = FIRST_DAY if way == "waived" and justified else row["date"]
            end = max(last_day, start) if over else None
            amount = None if row["share"] >= row["principal"] else row["share"]
            yield row["id"], start, end, amount

    @api.model
    def _get_dispute_query(self, scope: InterestScope) -> SQL:
        """What each item has of the amount that a dispute is about: the oldest item
        first, as amounts are taken from them elsewhere."""
        return SQL(
            """
            SELECT *
              FROM (
                       SELECT line.id,
                              dispute.date,
                              dispute.date_closed,
                              dispute.state,
                              (
                                  SELECT MAX(
                                             CASE WHEN note.move_type = 'out_refund'
                                                  THEN %(first_day)s
                                                  ELSE note.date
                                             END
                                         )
                                    FROM dunning_dispute_credit credit
                               LEFT JOIN account_move note
                                      ON note.id = credit.credit_note_id
                                     AND note.state = 'posted'
                                     AND note.date <= %(date)s
                                   WHERE credit.dispute_id = dispute.id
                                  HAVING COUNT(note.id) = COUNT(*)
                              ) AS date_credited,
                              line.amount_currency AS principal,
                              LEAST(
                                  line.amount_currency,
                                  dispute.amount - COALESCE(SUM(line.amount_currency)
                                      OVER (
                                          PARTITION BY dispute.id
                                          ORDER BY line.date_maturity, line.id
                                          ROWS BETWEEN UNBOUNDED PRECEDING
                                                   AND 1 PRECEDING
                                      ), 0)
                              ) AS share
                         FROM dunning_dispute dispute
                         JOIN %(relation)s rel ON rel.%(dispute_id)s = dispute.id
                         JOIN account_move_line line ON line.id = rel.%(line_id)s
                        WHERE dispute.company_id = %(company)s
                          AND dispute.state != 'cancelled'
                          AND dispute.date <= %(date)s
                   ) part
             WHERE share > 0
               AND %(among)s
          ORDER BY id, date
            """,
            company=scope.company.id,
            date=scope.date,
            first_day=FIRST_DAY,
            among=scope.among(SQL("part.id")),
            **self._get_dispute_relation(),
        )

    @api.model
    def _get_dispute_relation(self):
        field = self.env["dunning.dispute"]._fields["move_line_ids"]
        return {
            "relation": SQL.identifier(field.relation),
            "dispute_id": SQL.identifier(field.column1),
            "line_id": SQL.identifier(field.column2),
        }

    @api.model
    def _get_insolvency_pauses(self, scope: InterestScope) -> list[tuple]:
        # What a company has set does not depend on who asks.
        if scope.company.sudo().dunning_interest_insolvency == "running":
            return []
        return self._get_insolvency_rows(scope)

    @api.model
    def _get_insolvency_rows(self, scope: InterestScope) -> list[tuple]:
        """Return when items were in insolvency proceedings, as pauses. Override to
        know of others, or more exactly."""
        return self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT line.id,
                       hold.create_date::date,
                       COALESCE(hold.date_released, hold.date_end),
                       NULL::numeric
                  FROM dunning_hold hold
             LEFT JOIN dunning_hold_move_line_rel rel ON rel.hold_id = hold.id
             LEFT JOIN res_partner contact
                    ON hold.scope = 'customer'
                   AND contact.commercial_partner_id = hold.partner_id
                  JOIN account_move_line line
                    ON line.id = rel.line_id OR line.partner_id = contact.id
                 WHERE hold.origin = 'insolvency'
                   AND hold.company_id = %(company)s
                   AND line.company_id = hold.company_id
                   AND hold.create_date::date <= %(date)s
                   AND line.account_id = ANY(%(accounts)s)
                   AND COALESCE(hold.date_released, hold.date_end, %(last_day)s)
                       >= hold.create_date::date
                   AND %(among)s
              ORDER BY line.id
                """,
                company=scope.company.id,
                date=scope.date,
                accounts=list(self.env["dunning.ledger"]._get_account_ids()),
                last_day=LAST_DAY,
                among=scope.among(SQL("line.id")),
            )
        )

    # ------------------------------------------------------------------
    # BUSINESS METHODS - RATES
    # ------------------------------------------------------------------

    @api.model
    def _get_rate_spans(self, company, country, kind, method) -> list[tuple]:
        """Return the rates of some customers over time.

        :param method: ``law``, or ``minimum`` for the lowest rate that may be agreed
        :return: list of first day, last day, percent (None where none is known) and
            whether it stays to the end for what begins then
        """
        spans = self.env["dunning.rate"]._get_schedule(company, country, kind)
        if method == MINIMUM:
            return [
                (
                    s.date_from,
                    s.date_to,
                    s.value._get_lowest() if s.value else None,
                    False,
                )
                for s in spans
            ]
        return [
            (
                s.date_from,
                s.date_to,
                s.value._get_percent() if s.value else None,
                bool(s.value and s.value.frozen),
            )
            for s in spans
        ]
