from collections import defaultdict
from decimal import Decimal

from odoo import api, models
from odoo.tools import SQL

from ...tools.einvoice_status import CREDIT_NOTE_TYPES, Status
from ...tools.registration import get_identifiers

INVOICE_TYPES = ("out_invoice", "out_receipt")
CREDIT_NOTES = ("out_refund",)

# Statuses of a part that is stated as what was approved: the rest is at stake.
APPROVED_KINDS = ("MAP", "MAPTTC")
UNTAXED_KINDS = ("MAP", "MNA")

# What waits because of these is given an invoice by people alone.
BY_HAND = ("unreadable", "taken_back")


class DunningEinvoiceEvent(models.Model):
    """Whose invoice a status is about: found by number and seller, never by amount."""

    _inherit = "dunning.einvoice.event"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    @api.model
    def _find(self, statuses: list[Status]) -> list[dict]:
        """Find the invoices of statuses.

        :return: for each what there is to write: invoice and company, or why not
        """
        owners = self._get_owners()
        moves = self._get_moves_by_number({status.number for status in statuses})
        currencies = self._get_currencies()
        found = []
        for status in statuses:
            vals, move = self._find_one(status, owners, moves)
            found.append(vals | self._prepare_amount(status, move, currencies))
        return found

    @api.model
    def _find_one(self, status, owners, moves):
        """Find the invoice of a status.

        :param owners: as of :meth:`_get_owners`
        :param moves: as of :meth:`_get_moves_by_number`
        :return: what there is to write, and the invoice or None
        """
        problem, companies = self._find_companies(status, owners)
        if problem == "purchase":
            return {"problem_kind": problem, "state": "ignored"}, None
        owner = {"company_id": min(companies) if len(companies) == 1 else False}
        if not problem:
            problem, move = self._find_move(status, companies, moves)
            if move:
                owner = {"company_id": move["company_id"]}
        if problem:
            return owner | {"problem_kind": problem}, None
        return owner | self._prepare_assignment(move["id"]), move

    @api.model
    def _find_companies(self, status, owners):
        """Return why nobody is known who sold, or None, and the companies that may
        have."""
        if not status.code:
            return "no_code", set()
        sellers = get_identifiers(*status.sellers)
        if not sellers:
            return "no_seller", set()
        companies = set().union(*(owners.get(number, ()) for number in sellers))
        if not companies:
            buyers = get_identifiers(*status.buyers)
            ours = any(owners.get(number) for number in buyers)
            return "purchase" if ours else "unknown_seller", set()
        return None if status.number else "no_number", companies

    @api.model
    def _find_move(self, status, companies, moves):
        """Return why there is no invoice, or None, and the one that was found."""
        found = [
            move
            for move in moves[status.number]
            if move["company_id"] in companies and self._is_of_type(move, status)
        ]
        # Numbers begin anew, and branches number on their own.
        same_day = [
            move for move in found if move["invoice_date"] == status.invoice_date
        ]
        posted = [move for move in same_day if move["state"] == "posted"]
        found = posted if len(posted) == 1 else same_day or found
        if len(found) != 1:
            return "several" if found else "no_invoice", None
        return "draft" if found[0]["state"] == "draft" else None, found[0]

    @api.model
    def _is_of_type(self, move, status):
        """Return whether a document is a credit note where a status is about one."""
        if not status.document_type:
            return True
        is_credit_note = status.document_type in CREDIT_NOTE_TYPES
        return move["move_type"] in (CREDIT_NOTES if is_credit_note else INVOICE_TYPES)

    @api.model
    def _prepare_assignment(self, move_id):
        return {"state": "assigned", "move_id": move_id, "problem_kind": False}

    @api.model
    def _prepare_doubt(self, vals):
        """Return what there is to write where somebody has to look first."""
        if vals.get("state") == "ignored":
            return vals
        doubt = {"state": "waiting", "move_id": False, "problem_kind": "untrusted"}
        return vals | doubt

    @api.model
    def _get_owners(self):
        """Return the companies by each number that identifies them.

        :return: dict of number to set of ids
        """
        # Companies are few.  pylint: disable-next=no-search-all
        companies = self.env["res.company"].search([])
        owners = defaultdict(set)
        for company in companies:
            for number in get_identifiers(*company._dunning_get_registrations()):
                owners[number].add(company.id)
        return owners

    @api.model
    def _get_moves_by_number(self, numbers):
        """Return what is sold under each of some numbers.

        :return: dict of number to list of dict with ``id, name, company_id, state,
            move_type, invoice_date, currency_id, amount_total, amount_untaxed``
        """
        self.env["account.move"].flush_model()
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT id, name, company_id, state, move_type, invoice_date,
                       currency_id, amount_total, amount_untaxed
                  FROM account_move
                 WHERE name = ANY(%s)
                   AND move_type = ANY(%s)
                 ORDER BY id
                """,
                list(numbers - {"", "/"}),
                [*INVOICE_TYPES, *CREDIT_NOTES],
            )
        )
        moves = defaultdict(list)
        for row in rows:
            moves[row["name"]].append(row)
        return moves

    @api.model
    def _get_currencies(self):
        """Return the ids of all currencies by their code."""
        currencies = self.env["res.currency"].with_context(active_test=False)
        # They are few.  pylint: disable-next=no-search-all
        return {currency.name: currency.id for currency in currencies.search([])}

    @api.model
    def _prepare_amount(self, status, move, currencies):
        """Return the amount at stake, taxes included: as it was stated, or what an
        invoice leaves of it.

        :param move: row of :meth:`_get_moves_by_number`, None while it is not known
        :param currencies: dict of code to id
        """
        stated = float(status.amount)
        currency_id = currencies.get(status.currency)
        if status.amount_kind not in APPROVED_KINDS + UNTAXED_KINDS:
            amount = stated
        elif move and (currency_id or move["currency_id"]) == move["currency_id"]:
            total, untaxed = float(move["amount_total"]), float(move["amount_untaxed"])
            whole = untaxed if status.amount_kind in UNTAXED_KINDS else total
            amount = whole - stated if status.amount_kind in APPROVED_KINDS else stated
            if whole and whole != total:
                amount *= total / whole
        else:
            amount = 0.0
        return {
            "amount": max(amount, 0.0),
            "currency_id": currency_id or (move and move["currency_id"]) or False,
        }

    # ------------------------------------------------------------------
    # BUSINESS METHODS - LATER
    # ------------------------------------------------------------------

    def _retry(self, accepted: bool = False) -> models.BaseModel:
        """Look for the invoices of waiting events again.

        :param accepted: somebody has looked at those whose sender is not known
        :return: those that have got theirs
        """
        waiting = self.filtered(
            lambda event: (
                event.state == "waiting"
                and event.problem_kind not in BY_HAND
                and (accepted or event.problem_kind != "untrusted")
            )
        )
        found = self._find([event._get_status() for event in waiting])
        assigned = self.browse()
        for event, vals in zip(waiting, found, strict=True):
            event.write(vals)
            if event.state == "assigned":
                assigned |= event
        assigned._apply()
        return assigned

    def _get_status(self):
        """Return what an event was made of, as far as its invoice is found by it."""
        self.ensure_one()
        return Status(
            code=self.code or "",
            number=self.number or "",
            sellers=tuple((self.seller_ids or "").split(",")),
            buyers=(self.buyer or "",),
            document_type=self.document_type or "",
            invoice_date=self.invoice_date or None,
            amount_kind=self.amount_kind or "",
            amount=Decimal(str(self.amount_stated)),
            currency=self.currency_id.name or "",
        )

    @api.model
    def _retry_posted(self, moves: models.BaseModel) -> None:
        """Look for what waits for invoices that have been posted.

        :param moves: ``account.move``, elevated
        """
        numbers = moves.filtered(
            lambda move: move.move_type in (*INVOICE_TYPES, *CREDIT_NOTES)
        ).mapped("name")
        if numbers:
            self.search([("state", "=", "waiting"), ("number", "in", numbers)])._retry()

    def _assign(self, move: models.BaseModel) -> None:
        """Give waiting or ignored events an invoice that somebody has chosen.

        :param move: ``account.move``
        """
        currencies = self._get_currencies()
        row = {
            "currency_id": move.currency_id.id,
            "amount_total": move.amount_total,
            "amount_untaxed": move.amount_untaxed,
        }
        for event in self:
            event.write(
                {"company_id": move.company_id.id, "ignored_reason": False}
                | self._prepare_assignment(move.id)
                | self._prepare_amount(event._get_status(), row, currencies)
            )
        self._apply()

    def _take_back(self) -> None:
        """Take events from invoices that they are not about: they wait to be assigned
        by hand, and what followed from them is withdrawn."""
        found = self._find([event._get_status() for event in self])
        for event, vals in zip(self, found, strict=True):
            event._message_log(
                body=self.env._("Taken back from %s.", event.move_id.name or "")
            )
            # Whose it is follows from what it says again, if it says so.
            vals["company_id"] = vals.get("company_id") or event.company_id.id
            vals |= {"state": "waiting", "problem_kind": "taken_back"}
            event.write(vals | {"move_id": False, "effect": False})

    def _ignore(self, reason: str) -> None:
        """Put waiting events aside.

        :param reason: why, in words
        """
        self.write({"state": "ignored", "ignored_reason": reason})
