from datetime import timedelta
from decimal import Decimal
from secrets import token_urlsafe

from odoo import api, fields, models
from odoo.tools import SQL

from ...tools.ledger_columns import read_ledger
from ...tools.ledger_comparison import STATUSES, Item, Result, compare
from ...tools.ledger_file import read_rows
from ...tools.ledger_told import Told, pack, unpack

# How long ago a document may have been settled and still be looked for.
SETTLED_FOR = timedelta(days=730)
# Documents of a customer that are compared at most, the last ones.
MOST_ITEMS = 50_000


class DunningPortalComparison(models.AbstractModel):
    """The customer's own ledger beside ours: see ``tools/ledger_comparison.py``. The
    file is read, and not kept; what came out is kept for the pages that show it, for
    two days."""

    _name = "dunning.portal.comparison"
    _description = "Comparison with the Customer's Ledger"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    @api.model
    def _compare(
        self, customer_sudo: models.BaseModel, content: bytes
    ) -> tuple[list[Result], list[int]]:
        """Compare a file with what the customer's account comes to.

        :param customer_sudo: elevated, in its company
        :param content: of the file
        :return: results, and the rows of the file that could not be read
        :raise LedgerFileError: the file cannot be read
        """
        lang = self.env["res.lang"]._get_data(code=self.env.lang or "en_US")
        ledger = read_ledger(
            read_rows(content),
            decimal_sign="," if lang.decimal_point == "," else ".",
            day_order="mdy" if (lang.date_format or "").startswith("%m") else "dmy",
        )
        return compare(ledger.lines, self._get_items(customer_sudo)), ledger.unread

    @api.model
    def _get_items(self, customer_sudo):
        """Return what our ledger knows: open items, credits that are not allocated,
        and what was settled or paid lately."""
        self.env.flush_all()
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT line.id,
                       line.move_id,
                       COALESCE(move.name, line.move_name) AS number,
                       move.payment_reference AS reference,
                       line.name AS label,
                       move.move_type = 'entry' AS is_entry,
                       %(is_payment)s AS is_payment,
                       line.reconciled,
                       line.amount_currency AS amount,
                       line.amount_residual_currency AS residual,
                       currency.name AS currency,
                       currency.decimal_places AS digits,
                       COALESCE(move.invoice_date, line.date) AS date
                  FROM account_move_line line
                  JOIN account_move move ON move.id = line.move_id
                  JOIN res_currency currency ON currency.id = line.currency_id
                  JOIN res_partner partner ON partner.id = line.partner_id
                  JOIN account_journal journal ON journal.id = line.journal_id
                 WHERE partner.commercial_partner_id = %(partner)s
                   AND line.company_id = %(company)s
                   AND line.parent_state = 'posted'
                   AND line.account_id = ANY(%(accounts)s)
                   AND (
                       line.reconciled IS NOT TRUE
                    OR line.date >= %(since)s
                       )
                   AND (
                       move.move_type IN ('out_invoice', 'out_refund', 'out_receipt')
                    OR line.reconciled IS NOT TRUE
                    OR %(is_payment)s
                       )
              ORDER BY line.date_maturity, line.id
                 LIMIT %(limit)s
                """,
                is_payment=self._get_payment_sql(),
                partner=customer_sudo.id,
                company=self.env.company.id,
                accounts=list(self.env["dunning.ledger"]._get_account_ids()),
                since=fields.Date.today() - SETTLED_FOR,
                limit=MOST_ITEMS,
            )
        )
        return [self._prepare_item(row) for row in rows]

    @api.model
    def _get_payment_sql(self):
        """Return SQL saying whether a line is of money that has arrived, and was not
        taken back by the bank."""
        return SQL(
            """
            (journal.type IN %(places)s
             AND line.amount_currency < 0
             AND NOT EXISTS (
                     SELECT 1
                       FROM account_partial_reconcile partial
                       JOIN account_move_line back ON back.id = partial.debit_move_id
                       JOIN account_journal place ON place.id = back.journal_id
                      WHERE partial.credit_move_id = line.id
                        AND place.type IN %(places)s
                 ))
            """,
            places=("bank", "cash", "credit"),
        )

    @api.model
    def _prepare_item(self, row):
        numbers = [row["number"], row["reference"]]
        if row["is_payment"] and row["reconciled"]:
            # It may bear the number of the invoice that it has paid.
            numbers = []
        elif row["is_entry"]:
            # An opening balance names the invoice in its text.
            numbers.insert(0, row["label"])
        return Item(
            key=row["id"],
            document=self._get_document(row),
            numbers=tuple(dict.fromkeys(filter(None, numbers))),
            amount=self._round(row["amount"], row["digits"]),
            residual=self._round(row["residual"], row["digits"]),
            currency=row["currency"],
            date=row["date"],
            is_payment=row["is_payment"],
        )

    @api.model
    def _get_document(self, row):
        """Return what lines have in common that the customer knows as one."""
        return (
            -row["id"] if row["is_entry"] and not row["is_payment"] else row["move_id"]
        )

    @api.model
    def _round(self, amount, digits):
        return Decimal(str(amount)).quantize(Decimal(1).scaleb(-digits))

    @api.model
    def _count(self, results: list[Result]) -> dict[str, int]:
        """Return how many results there are of each status, in their order."""
        counts = dict.fromkeys(STATUSES, 0)
        for result in results:
            counts[result.status] += 1
        return counts

    @api.model
    def _record(
        self,
        customer_sudo: models.BaseModel,
        user: models.BaseModel,
        results: list[Result],
        unread: list[int] = (),
    ) -> models.BaseModel:
        """Keep that the customer has compared, and what came out: it changes nothing,
        so that nobody needs to confirm it.

        :param user: who is logged in, nobody otherwise
        :param unread: rows of the file that could not be read
        :return: the request, elevated
        """
        # Whoever comes by a link is nobody; the customer was looked at.
        requests_sudo = self.env["dunning.portal.request"].sudo()
        return requests_sudo.create(
            {
                "partner_id": customer_sudo.id,
                "company_id": self.env.company.id,
                "kind": "comparison",
                "title": self.env._("Statements compared"),
                "details": {
                    code: self.with_context(lang=code)._tell_counts(results)
                    for code, _name in self.env["res.lang"].get_installed()
                },
                "user_id": user.id,
                "date": fields.Datetime.now(),
                "date_confirmed": fields.Datetime.now(),
                "state": "done",
                "once": token_urlsafe(12),
                "results": {"results": pack(results), "unread": list(unread)},
            }
        )

    @api.model
    def _tell_counts(self, results):
        """Return how many lines came out in which way: pairs of a label and a text."""
        labels = self._get_labels()
        counts = self._count(results)
        return [
            [labels[status], str(count)] for status, count in counts.items() if count
        ]

    @api.model
    def _find_results(
        self, customer_sudo: models.BaseModel, key: str
    ) -> tuple[list[Told], list[int]] | None:
        """Return what came out of a comparison, and the rows that could not be read;
        None if that is not kept any longer.

        :param key: of the request that was recorded, see ``once``
        """
        request_sudo = self.env["dunning.portal.request"]._find_sent(customer_sudo, key)
        kept = request_sudo.results if request_sudo.kind == "comparison" else None
        return (unpack(kept["results"]), kept["unread"]) if kept else None

    @api.model
    def _get_labels(self) -> dict[str, str]:
        """Return what results are called, by status."""
        return {
            "agreed": self.env._("Agreed"),
            "paid": self.env._("Paid according to you"),
            "other_amount": self.env._("Other amount"),
            "unknown_to_customer": self.env._("Not in your file"),
            "unknown_to_us": self.env._("Unknown to us"),
            "payment": self.env._("Your payments"),
            "doubtful": self.env._("Doubtful"),
            "settled": self.env._("Paid with us"),
        }
