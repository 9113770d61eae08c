from collections import defaultdict

from odoo import api, models
from odoo.tools import SQL

from ...tools.closing import PAID
from ...tools.promises import Receipt


class DunningPromise(models.Model):
    """What the ledger says was received for the items of promises."""

    _inherit = "dunning.promise"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    @api.model
    def _read_receipts(self, items):
        """Return what is reconciled with items: what was written off while paying
        apart from what was paid.

        :param items: journal items, of any customers
        :return: dict of item id to list of :class:`Receipt`
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT partial.debit_move_id,
                       partial.max_date,
                       partial.debit_amount_currency,
                       item.move_id,
                       counterpart.move_id,
                       CASE WHEN kind = %(paid)s THEN 1 - share ELSE 0 END,
                       currency.decimal_places
                  FROM %(matching)s
                  JOIN res_currency currency ON currency.id = item.currency_id
                 WHERE partial.debit_amount_currency != 0
              ORDER BY partial.max_date, partial.id
                """,
                paid=PAID,
                matching=items._dunning_get_matching_sql(),
            )
        )
        receipts = defaultdict(list)
        for item_id, day, amount, move_id, entry_id, share, digits in rows:
            paid = round(float(amount * share), digits)
            source = f"{move_id}-{entry_id}"
            for part, is_payment in ((paid, True), (float(amount) - paid, False)):
                part = round(part, digits)
                if part:
                    receipts[item_id].append(
                        Receipt(item_id, day, part, source, is_payment, entry_id)
                    )
        return receipts

    def _read_baselines(self):
        """Return the entries with money of the customers that are there now: allocated
        to the items of each promise, or to nothing yet.

        :return: dict of promise to list of ids of entries
        """
        self.env["account.partial.reconcile"].flush_model()
        self.env["account.move.line"].flush_model()
        self.flush_model(["partner_id", "move_line_ids"])
        found = {promise.id: [] for promise in self}
        for company, promises in self.grouped("company_id").items():
            query = promises._get_baseline_query(company)
            for id_, entry_id in self.env.execute_query(query):
                found[id_].append(entry_id)
        return {promise: sorted(found[promise.id]) for promise in self}

    def _get_baseline_query(self, company):
        """Return SQL with each promise and entry of :meth:`_read_baselines`.

        :param company: that of the promises
        """
        relation = self._fields["move_line_ids"]
        return SQL(
            """
            SELECT own.%(promise)s, counterpart.move_id
              FROM %(relation)s own
              JOIN account_partial_reconcile partial
                ON partial.debit_move_id = own.%(item)s
              JOIN account_move_line counterpart
                ON counterpart.id = partial.credit_move_id
             WHERE own.%(promise)s = ANY(%(ids)s)
             UNION
            SELECT promise.id, line.move_id
              FROM dunning_promise promise
              JOIN res_partner partner
                ON partner.commercial_partner_id = promise.partner_id
              JOIN account_move_line line ON line.partner_id = partner.id
             WHERE promise.id = ANY(%(ids)s)
               AND line.account_id = ANY(%(accounts)s)
               AND line.company_id = ANY(%(companies)s)
               AND line.parent_state = 'posted'
               AND line.reconciled IS NOT TRUE
               AND line.amount_residual < 0
            """,
            ids=self.ids,
            relation=SQL.identifier(relation.relation),
            promise=SQL.identifier(relation.column1),
            item=SQL.identifier(relation.column2),
            accounts=list(self.env["dunning.ledger"]._get_account_ids()),
            # What a parent has received may be set off against its branches'.
            companies=company.parent_ids.ids,
        )
