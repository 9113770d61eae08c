from datetime import date as Day

from odoo import api, models
from odoo.fields import Date, Domain
from odoo.tools import format_date

from ...tools.indicators import AMOUNTS, DAYS, NAMES
from ...tools.months import first_of_month
from ..base.dunning_entered import accepts
from .dunning_indicator import SALES_TYPES

# What each indicator is worked out from, see :meth:`_get_numbers`.
NUMBERS = {
    "receivable": ("not_due", "overdue", "credits"),
    "not_due": (),
    "overdue": (),
    "sales": (),
    "dso": ("receivable", "sales", "days"),
    "dso_countback": ("receivable", "months"),
    "dso_best": ("not_due", "sales", "days"),
    "add": ("dso", "dso_best"),
    "weighted_delay": ("delay", "overdue"),
    "cei": ("opening", "sales", "receivable", "not_due"),
    "overdue_ratio": ("overdue", "receivable"),
    "over_90_ratio": ("over_90", "receivable"),
    "promise_kept_rate": ("kept", "judged"),
    "promise_kept_rate_amount": ("in_time", "promised"),
}
# Those of a day, not of a period.
ON_A_DAY = {
    "receivable",
    "not_due",
    "overdue",
    "weighted_delay",
    "overdue_ratio",
    "over_90_ratio",
    "dso_countback",
}
# Which entries are behind each, see :meth:`_open_entries`.
ENTRIES = {
    "not_due": "not_due",
    "overdue": "overdue",
    "sales": "sales",
    "dso_best": "not_due",
    "weighted_delay": "overdue",
    "overdue_ratio": "overdue",
    "over_90_ratio": "over_90",
    "promise_kept_rate": "promises",
    "promise_kept_rate_amount": "promises",
}
CONDITIONS = {
    "not_due": [("age", "=", "0")],
    "overdue": [("days_late", ">", 0)],
    "over_90": [("days_late", ">", 90)],
}


class DunningIndicator(models.AbstractModel):
    """How each indicator is computed: formula, numbers, period, and the entries behind
    it; and how they went over time."""

    _inherit = "dunning.indicator"

    # ------------------------------------------------------------------
    # ENTRY POINTS
    # ------------------------------------------------------------------

    @api.model
    @api.readonly
    @accepts(company="many2one", date="date", date_from="date", partner_ids="ids")
    def get_explained(
        self,
        company: int | bool = False,
        date: Day | str | bool = False,
        date_from: Day | str | bool = False,
        partner_ids: list[int] | None = None,
    ):
        """Return the indicators of a company, each with how it is computed.

        :param company: id of the company, the current one by default
        :param date: last day of the period, today by default
        :param date_from: first day, by default that of the second month before
        :param partner_ids: customers, None for all; none means nobody
        :return: list of dicts: ``name, label, kind`` (``amount days rate``), ``value``
            (None for n/a), ``formula`` (in words), ``numbers`` (list of dicts ``label,
            value, kind``), ``period`` (in words), ``date_from, date_to``, ``action``
            (opens the entries behind it)
        :raise AccessError: who asks may not see figures of the company
        """
        scope = self._get_asked_scope(company, date, date_from, partner_ids)
        basis = scope.company._dunning_get_basis(scope)
        values = scope.company._dunning_compute_indicators(basis)
        numbers = self._get_numbers(basis, values)
        labels, formulas = self._get_labels(), self._get_formulas()
        return [
            {
                "name": name,
                "label": labels[name],
                "kind": self._get_kind(name),
                "value": values[name],
                "formula": formulas[name],
                "numbers": [row for key in NUMBERS[name] for row in numbers[key]],
                "period": self._describe_period(name, scope),
                "date_from": Date.to_string(scope.date_from),
                "date_to": Date.to_string(scope.date),
                "action": self._open_entries(name, labels[name], scope),
            }
            for name in NAMES
        ]

    @api.model
    @api.readonly
    @accepts(company="many2one", date="date", months="integer", partner_ids="ids")
    def get_history(
        self,
        company: int | bool = False,
        date: Day | str | bool = False,
        months: int = 24,
        partner_ids: list[int] | None = None,
    ):
        """Return the indicators at the end of each month, the oldest first.

        :return: list of dicts: ``date``, and the indicators, see
            :meth:`res.company._dunning_indicator_history`
        :raise AccessError: who asks may not see figures of the company
        """
        scope = self._get_asked_scope(company, date, False, partner_ids)
        return [
            row | {"date": Date.to_string(row["date"])}
            for row in scope.company._dunning_indicator_history(
                scope.date, months or 24, scope.partners
            )
        ]

    @api.model
    @api.readonly
    @accepts(day="date", company="many2one", date="date", partner_ids="ids")
    def get_comparison(
        self,
        day: Day | str | bool = False,
        company: int | bool = False,
        date: Day | str | bool = False,
        partner_ids: list[int] | None = None,
    ):
        """Return the indicators before a day and since.

        :param day: on which something changed, by default that of the first run; a
            year ago where there was none
        :return: dict of ``before, after, change``, see
            :meth:`res.company._dunning_compare_indicators`
        :raise AccessError: who asks may not see figures of the company
        """
        scope = self._get_asked_scope(company, date, False, partner_ids)
        return scope.company._dunning_compare_indicators(
            day, scope.date, scope.partners
        )

    @api.model
    def _get_asked_scope(self, company, date, date_from, partner_ids):
        companies = self.env["res.company"]
        company = companies.browse(company) if company else self.env.company
        partners = None
        if partner_ids is not None and partner_ids is not False:
            partners = self.env["res.partner"].browse(partner_ids)
            self.env["dunning.guard"]._check_readable(partners)
        return company._dunning_indicator_scope(date, date_from, partners)

    # ------------------------------------------------------------------
    # WORDS
    # ------------------------------------------------------------------

    @api.model
    def _get_labels(self):
        """Return the name of each indicator."""
        return {
            "receivable": self.env._("Receivable"),
            "not_due": self.env._("Not due"),
            "overdue": self.env._("Overdue"),
            "sales": self.env._("Sales"),
            "dso": self.env._("DSO"),
            "dso_countback": self.env._("DSO, count-back"),
            "dso_best": self.env._("Best possible DSO"),
            "add": self.env._("Average days delinquent"),
            "weighted_delay": self.env._("Average delay"),
            "cei": self.env._("Collection effectiveness"),
            "overdue_ratio": self.env._("Overdue ratio"),
            "over_90_ratio": self.env._("Share over 90 days late"),
            "promise_kept_rate": self.env._("Promises kept"),
            "promise_kept_rate_amount": self.env._("Promised amounts received"),
        }

    @api.model
    def _get_formulas(self):
        """Return how each indicator is computed, in words."""
        return {
            "receivable": self.env._("Not due + overdue + credits."),
            "not_due": self.env._(
                "Open items whose due date is not over, credits not deducted."
            ),
            "overdue": self.env._(
                "Open items past their due date, credits not deducted; due today is "
                "not overdue."
            ),
            "sales": self.env._(
                "Posted customer invoices and receipts less credit notes, tax "
                "included, by accounting date."
            ),
            "dso": self.env._("Receivable ÷ sales of the period × its days."),
            "dso_countback": self.env._(
                "Months whose sales the receivable covers, from the last one back; the "
                "one in which it ends counts in proportion."
            ),
            "dso_best": self.env._("Not due ÷ sales of the period × its days."),
            "add": self.env._("DSO − best possible DSO."),
            "weighted_delay": self.env._(
                "Sum of amount × days late ÷ overdue, of the open items that are late."
            ),
            "cei": self.env._(
                "(Opening receivable + sales − closing receivable) ÷ (opening "
                "receivable + sales − not due)."
            ),
            "overdue_ratio": self.env._("Overdue ÷ receivable."),
            "over_90_ratio": self.env._("More than 90 days late ÷ receivable."),
            "promise_kept_rate": self.env._(
                "Instalments kept ÷ instalments kept, kept partly or broken, of those "
                "due in the period."
            ),
            "promise_kept_rate_amount": self.env._(
                "Received in time ÷ promised, of the instalments due in the period "
                "that were kept, kept partly or broken."
            ),
        }

    @api.model
    def _get_kind(self, name):
        if name in AMOUNTS:
            return "amount"
        return "days" if name in DAYS else "rate"

    @api.model
    def _describe_period(self, name, scope):
        if name in ON_A_DAY:
            return self.env._("On %s", format_date(self.env, scope.date))
        return self.env._(
            "From %(start)s to %(end)s",
            start=format_date(self.env, scope.date_from),
            end=format_date(self.env, scope.date),
        )

    # ------------------------------------------------------------------
    # NUMBERS
    # ------------------------------------------------------------------

    @api.model
    def _get_numbers(self, basis, values):
        """Return the numbers that are named in formulas, each as a list of rows."""
        labels = self._get_labels()
        promised = basis.promised
        found = {
            name: [self._prepare_number(labels[name], values[name], kind)]
            for name, kind in (
                ("receivable", "amount"),
                ("not_due", "amount"),
                ("overdue", "amount"),
                ("sales", "amount"),
                ("dso", "days"),
                ("dso_best", "days"),
            )
        }
        for name, label, value, kind in (
            ("credits", self.env._("Credits"), basis.credits, "amount"),
            ("days", self.env._("Days of the period"), basis.days, "days"),
            ("opening", self.env._("Opening receivable"), basis.opening, "amount"),
            ("over_90", self.env._("Over 90 days late"), basis.over_90, "amount"),
            ("delay", self.env._("Amount × days late"), basis.delay, "amount"),
            ("kept", self.env._("Kept"), promised.kept, "number"),
            ("judged", self.env._("Kept or missed"), promised.judged, "number"),
            ("in_time", self.env._("In time"), promised.in_time, "amount"),
            ("promised", self.env._("Promised"), promised.amount, "amount"),
        ):
            found[name] = [self._prepare_number(label, value, kind)]
        found["months"] = self._prepare_month_numbers(basis)
        return found

    @api.model
    def _prepare_number(self, label, value, kind):
        return {"label": label, "value": value, "kind": kind}

    @api.model
    def _prepare_month_numbers(self, basis):
        """Return the sales of the months that receivables cover, the newest first."""
        rows, left = [], basis.receivable
        for back, (sales, days) in enumerate(basis.countback_months()):
            if left <= 0:
                break
            month = first_of_month(basis.date_to, back)
            label = self.env._(
                "Sales of %(month)s, %(days)d days",
                month=format_date(self.env, month, date_format="MMMM yyyy"),
                days=days,
            )
            rows.append(self._prepare_number(label, sales, "amount"))
            left -= max(sales, 0)
        return rows

    # ------------------------------------------------------------------
    # ENTRIES
    # ------------------------------------------------------------------

    @api.model
    def _open_entries(self, name, label, scope):
        """Return the action that opens the entries behind an indicator."""
        entries = ENTRIES.get(name, "receivable")
        match entries:
            case "sales":
                return self._open_sales(label, scope)
            case "promises":
                return self._open_promises(label, scope)
        conditions = Domain(CONDITIONS.get(entries, []))
        return self._open(
            "dunning.aged.balance",
            label,
            self._get_domain(scope) & conditions,
            ["list", "pivot", "graph"],
            {
                "dunning_balance_date": Date.to_string(scope.date),
                "allowed_company_ids": scope.company.ids,
            },
        )

    @api.model
    def _open_sales(self, label, scope):
        domain = self._get_domain(scope, "commercial_partner_id") & Domain(
            [
                ("state", "=", "posted"),
                ("move_type", "in", SALES_TYPES),
                ("date", ">=", Date.to_string(scope.date_from)),
                ("date", "<=", Date.to_string(scope.date)),
            ]
        )
        return self._open("account.move", label, domain, ["list", "form"])

    @api.model
    def _open_promises(self, label, scope):
        domain = self._get_domain(scope, "promise_id.partner_id") & Domain(
            [
                ("state", "in", ["kept", "partly_kept", "broken"]),
                ("date", ">=", Date.to_string(scope.date_from)),
                ("date", "<=", Date.to_string(scope.date)),
            ]
        )
        return self._open("dunning.promise.line", label, domain, ["list"])

    @api.model
    def _get_domain(self, scope, partner_field="partner_id") -> Domain:
        domain = Domain("company_id", "=", scope.company.id)
        if scope.partners is not None:
            return domain & Domain(partner_field, "in", scope.partners.ids)
        if partner_field != "partner_id" and scope.company._dunning_sees_own_only():
            # Elsewhere, collectors see all customers.
            visible = scope.company._dunning_get_visible_domain("id")
            own = self.env["res.partner"].search(visible)
            domain &= Domain(partner_field, "in", own.ids)
        return domain

    @api.model
    def _open(self, model, name, domain, view_modes, context=None):
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "view_mode": ",".join(view_modes),
            "views": [(False, mode) for mode in view_modes],
            "domain": list(domain),
            "context": {"create": False} | (context or {}),
        }
