from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.plan import LEFT_OUT_REASONS
from ...tools.words import LETTER_CHANNELS

PAGE_SIZE = 50
# What was written to the customer, the last first.
MOST_LETTERS, MOST_CREDITS = 20, 20


class DunningPortalStatement(models.AbstractModel):
    """The statement of account on the customer's own page.

    How it works: the plan says what is open, late and withheld, and what a reminder
    would claim (``_dunning_get_balances``); only the items of one page are read. All is
    elevated, and limited by the customer that was looked up, and by the company, which
    is the current one.
    """

    _name = "dunning.portal.statement"
    _description = "Statement of Account for the Customer"

    # ------------------------------------------------------------------
    # ENTRY POINTS
    # ------------------------------------------------------------------

    @api.model
    def _prepare_statement(
        self, customer_sudo: models.BaseModel, number: int = 1
    ) -> dict:
        """Return what the statement shows.

        :param customer_sudo: in the company, see ``dunning.portal``
        :param number: of the page of its items, the first by default
        :return: ``balances, items, count, pages, number, credits, letters, talk_to``
        """
        balances = self._get_balances(customer_sudo)
        rows, count = self._get_rows(customer_sudo, number)
        pages = max(-(-count // PAGE_SIZE), 1)
        return {
            "balances": balances,
            "items": self._tell_items(rows),
            "count": count,
            "number": min(max(number, 1), pages),
            "pages": pages,
            "credits": self._get_credits(customer_sudo),
            "letters": self._get_letters(customer_sudo),
            "talk_to": self._get_contact(customer_sudo),
        }

    @api.model
    def _get_balances(self, customer_sudo: models.BaseModel) -> list[dict]:
        """Return the totals of each currency.

        :return: dicts of ``currency, open, overdue, early`` (not due yet), ``credit``,
            ``to_pay`` (what a reminder would claim) and ``unclaimed``: all that keeps
            the rest of what is overdue from being claimed
        """
        return [
            self._get_balance(row)
            for row in customer_sudo._dunning_get_balances()
            if row["open"] or row["credit"]
        ]

    @api.model
    def _get_balance(self, row):
        rounded = row["currency"].round
        overdue, credit, to_pay = (
            rounded(row[name] or 0) for name in ("overdue", "credit", "collectable")
        )
        return {
            "currency": row["currency"],
            "open": rounded(row["open"]),
            "overdue": overdue,
            "early": rounded(row["open"] - overdue),
            "unclaimed": max(rounded(overdue - credit - to_pay), 0.0),
            "credit": credit,
            "to_pay": to_pay,
        }

    @api.model
    def _find_items(
        self, customer_sudo: models.BaseModel, domain: Domain = Domain.TRUE
    ) -> models.BaseModel:
        """Return the customer's open items in the company, the oldest first.

        :param domain: on ``account.move.line``
        """
        own = Domain(customer_sudo._dunning_get_open_domain()) & Domain(
            [
                ("partner_id.commercial_partner_id", "=", customer_sudo.id),
                ("company_id", "=", self.env.company.id),
            ]
        )
        return self.env["account.move.line"].search(
            own & domain, order="date_maturity, id"
        )

    # ------------------------------------------------------------------
    # ITEMS
    # ------------------------------------------------------------------

    @api.model
    def _get_rows(self, customer_sudo, number):
        """Return a page of the items, as the plan tells them, and their number."""
        scope = self.env.company._dunning_scope(partners=customer_sudo.ids)
        offset = (max(number, 1) - 1) * PAGE_SIZE
        rows = self._get_plan_rows(scope, SQL("LIMIT %s OFFSET %s", PAGE_SIZE, offset))
        if not rows and number > 1:
            return self._get_rows(customer_sudo, 1)
        return rows, rows[0]["count"] if rows else 0

    @api.model
    def _get_plan_rows(self, scope, part: SQL | None = None):
        """Return open items as the plan tells them, the oldest of each currency first:
        dicts of ``id, currency_id, date_due, days_late, residual, unclaimed, count``.

        :param part: which of them
        """
        plan = self.env["dunning.plan"]._get_query(scope)
        return self.env.execute_query_dict(
            SQL(
                """
                SELECT id, currency_id, date_due, days_late, residual,
                       CASE WHEN reason IN %s
                            THEN residual ELSE COALESCE(withheld, 0)
                       END AS unclaimed,
                       COUNT(*) OVER () AS count
                  FROM (%s) plan
              ORDER BY currency_id, date_due, id
                    %s
                """,
                (*LEFT_OUT_REASONS, "held", "first_contact"),
                plan,
                part or SQL(),
            )
        )

    @api.model
    def _tell_items(self, rows):
        """Return what the page tells of each item."""
        lines = self.env["account.move.line"].browse(row["id"] for row in rows)
        currencies = self.env["res.currency"]
        return [
            {
                "id": line.id,
                "line": line,
                "move": line.move_id,
                "number": line._dunning_get_number(),
                "date": line.move_id.invoice_date or line.date,
                "ref": self._get_ref(line),
                "currency": currencies.browse(row["currency_id"]),
                "date_due": row["date_due"],
                "days_late": row["days_late"],
                "original": abs(line.amount_currency),
                "residual": float(row["residual"]),
                "unclaimed": float(row["unclaimed"]),
                "discounted": line._dunning_get_discounted(),
                "discount_date": line.discount_date,
                "has_document": line.move_id.is_sale_document(include_receipts=True),
            }
            for line, row in zip(lines, rows, strict=True)
        ]

    @api.model
    def _get_ref(self, line):
        move = line.move_id
        return move.ref if move.is_sale_document(include_receipts=True) else False

    # ------------------------------------------------------------------
    # WHAT STANDS BESIDE
    # ------------------------------------------------------------------

    @api.model
    def _get_credits(self, customer_sudo):
        """Return credit notes and payments that are not allocated, the last first:
        dicts of ``number, date, amount, currency``."""
        accounts = self.env["dunning.ledger"]._get_account_ids()
        lines = self.env["account.move.line"].search(
            [
                ("partner_id.commercial_partner_id", "=", customer_sudo.id),
                ("company_id", "=", self.env.company.id),
                ("account_id", "in", list(accounts)),
                ("parent_state", "=", "posted"),
                ("reconciled", "=", False),
                ("amount_residual_currency", "<", 0),
            ],
            order="date desc, id desc",
            limit=MOST_CREDITS,
        )
        return [
            {
                "number": line._dunning_name_on_page(),
                "date": line.date,
                "amount": -line.amount_residual_currency,
                "currency": line.currency_id,
                "is_credit_note": line.move_id.move_type == "out_refund",
            }
            for line in lines
        ]

    @api.model
    def _find_letters(self, customer_sudo: models.BaseModel) -> models.BaseModel:
        """Return the letters that the customer was sent and can have again."""
        return self.env["dunning.action"].search(
            [
                ("partner_id", "=", customer_sudo.id),
                ("company_id", "=", self.env.company.id),
                ("state", "=", "done"),
                ("channel", "in", LETTER_CHANNELS),
                ("letter_id", "!=", False),
            ],
            order="date_done desc, id desc",
            limit=MOST_LETTERS,
        )

    @api.model
    def _get_letters(self, customer_sudo):
        """Return what the page tells of the letters: ``id, date, subject``."""
        letters = self._find_letters(customer_sudo)
        sendings = self.env["dunning.sending"].search(
            [("action_id", "in", letters.ids)]
        )
        subjects = {sending.action_id: sending.subject for sending in sendings}
        return [
            {
                "id": letter.id,
                "date": letter.date_done,
                "subject": subjects.get(letter) or self.env._("Letter"),
            }
            for letter in letters
        ]

    @api.model
    def _get_contact(self, customer_sudo):
        """Return whom to talk to: ``name, phone, email``."""
        company = self.env.company
        workers = company._dunning_get_workers()
        user = self.env["res.users"].browse(
            workers.find(customer_sudo.dunning_user_id.id) or ()
        )
        return {
            "name": user.name or company.name,
            "phone": user.phone or company.phone,
            "email": user.email or company.email,
        }
