from collections import defaultdict
from datetime import date as Date
from typing import NamedTuple

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ...tools import interest
from ...tools.dates import FIRST_DAY
from ...tools.errors import InterestError, MissingRate
from ...tools.interest import Period, Unknown
from .dunning_interest import FIXED, InterestScope


class MissingInterest(NamedTuple):
    """What is not known of the interest on an item.

    :param error: which rate is missing, and what to enter where
    :param days: the days without rate
    """

    error: MissingRate
    days: list[Unknown]


class AccountMoveLine(models.Model):
    """Interest on items that are or were paid late."""

    _inherit = "account.move.line"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _dunning_interest(
        self, date: Date | str | None = None, skip_missing: bool = False
    ) -> dict[int, list[Period]]:
        """Return the interest on items, from the day after they were due.

        :param date: last day of interest, today by default; what is dated later does
            not exist
        :param skip_missing: leave out items of which a rate is not known
        :return: dict of item id to its periods, see ``tools/interest.py``; none are
            due, or the item bears no interest: an empty list
        :raise MissingRate: a rate is not known; the error says which, and has ``lines``
        :raise UserError: an item has no due date, or more was paid than was due
        """
        date = fields.Date.to_date(date)
        found = {}
        for company, lines in self.grouped("company_id").items():
            missing = {} if skip_missing else None
            found |= lines._dunning_accrue(
                company, date or company._dunning_today(), missing
            )
            for id_ in missing or ():
                del found[id_]
        return found

    def _dunning_known_interest(
        self, date: Date
    ) -> tuple[dict[int, list[Period]], dict[int, MissingInterest]]:
        """Return the interest on items as far as rates are known.

        :param date: last day of interest
        :return: dict of item id to its periods, as :meth:`_dunning_interest` has them,
            and dict of the items of which something is not known to what that is
        :raise UserError: an item has no due date, or more was paid than was due
        """
        found, missing = {}, {}
        for company, lines in self.grouped("company_id").items():
            found |= lines._dunning_accrue(company, date, missing)
        return found, missing

    def _dunning_open_interest(self, date) -> dict[int, list[Period]]:
        """Return the interest that is neither claimed nor let off, as
        :meth:`_dunning_interest` does, on items of one company."""
        if not self:
            return {}
        return self._dunning_accrue(self.company_id, date, open_only=True)

    def _dunning_accrue(self, company, date, missing=None, open_only=False):
        """Work out the interest on items of one company.

        :param missing: takes what is not known, by item; without it that raises
        """
        model = self.env["dunning.interest"]
        scope = InterestScope(company, date, items=tuple(self.ids), open_only=open_only)
        model._flush()
        debts = self.env.execute_query_dict(model._get_debt_sql(scope))
        payments, pauses = defaultdict(list), defaultdict(list)
        if debts:
            for id_, day, amount in self.env.execute_query(
                model._get_payment_sql(scope)
            ):
                payments[id_].append((day, amount))
            for id_, *pause in model._get_pauses(scope):
                pauses[id_].append(tuple(pause))
        schedules, found = {}, {id_: [] for id_ in self.ids}
        # What a company has set does not depend on who asks.
        basis = company.sudo().dunning_interest_basis
        for debt in debts:
            rates, frozen = self._dunning_get_rates(company, debt, schedules)
            line, unknown = self.browse(debt["id"]), []
            try:
                found[line.id] = interest.accrue(
                    debt["principal"],
                    line._dunning_get_due_date(debt["date_due"]),
                    date,
                    rates,
                    payments[line.id],
                    frozen,
                    basis if basis == "actual" else int(basis),
                    pauses=pauses[line.id],
                    rounding=line.currency_id.rounding,
                    unknown=unknown,
                )
            except InterestError as error:
                raise UserError(line._dunning_tell_problem(error.problem)) from error
            if unknown:
                error = line._dunning_get_missing_rate(debt, unknown[0].date_from)
                if missing is None:
                    raise error
                missing[line.id] = MissingInterest(error, unknown)
        return found

    def _dunning_get_rates(self, company, debt, known):
        """Return the rates of a debt, and whether that of the first day stays.

        :param known: dict of what was looked up before
        """
        if debt["method"] == FIXED:
            return [(FIRST_DAY, debt["fixed"])], False
        key = debt["country_id"], debt["kind"], debt["method"]
        if key not in known:
            country = self.env["res.country"].browse(key[0] or ())
            known[key] = self.env["dunning.interest"]._get_rate_spans(
                company, country, *key[1:]
            )
        spans = known[key]
        first = debt["date_due"]
        frozen = first and any(
            stays and start.toordinal() <= first.toordinal() + 1 <= end.toordinal()
            for start, end, _percent, stays in spans
        )
        return [(start, percent) for start, _end, percent, _stays in spans], frozen

    def _dunning_get_due_date(self, day):
        """Return the due date of an item.

        :raise UserError: it has none
        """
        if day is None:
            raise UserError(self._dunning_tell_problem("no_due"))
        return day

    def _dunning_tell_problem(self, problem) -> str:
        """Return why no interest can be worked out on an item, and what to do.

        :param problem: ``no_due``, or that of an :class:`InterestError`
        """
        self.ensure_one()
        number = self._dunning_get_number()
        if problem == "no_due":
            return self.env._(
                "%s has no due date, so that nobody knows since when it is late: enter "
                "one on the invoice.",
                number,
            )
        return self.env._(
            "More was paid on %s than it amounts to: undo the reconciliation that is "
            "too much, then try again.",
            number,
        )

    def _dunning_get_missing_rate(self, debt, day) -> MissingRate:
        """Return the error that says which rate is missing and where to enter it."""
        country = self.env["res.country"].browse(debt["country_id"] or ())
        kinds = self.env["dunning.rate"]._fields["customer_kind"]
        labels = dict(kinds._description_selection(self.env))
        country_name = country.name or self.env._("no country")
        message = self.env._(
            "The rate of late payment penalties from %(date)s on is not known for "
            "%(item)s (%(country)s, %(kind)s): a credit manager enters it in "
            "Configuration > Late Payment Rates.",
            date=format_date(self.env, day),
            item=self._dunning_get_number(),
            country=country_name,
            kind=labels[debt["kind"]],
        )
        whose = f"{country_name}, {labels[debt['kind']]}"
        return MissingRate(day, message, self, whose)
