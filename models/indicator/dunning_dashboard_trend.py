from odoo import api, models
from odoo.fields import Domain

from ..base.dunning_entered import accepts
from .dunning_dashboard import DEFAULT_PERIOD, PERIOD_WORDS


class DunningDashboard(models.AbstractModel):
    """How fast money comes in: days sales outstanding and what goes with them."""

    _inherit = "dunning.dashboard"

    # ------------------------------------------------------------------
    # PARTS
    # ------------------------------------------------------------------

    @api.model
    @api.readonly
    @accepts(company="many2one", user="many2one", period=PERIOD_WORDS)
    def get_dso(self, company=False, user=False, period=DEFAULT_PERIOD):
        """Return how fast money comes in, see :meth:`get_setup`.

        :return: dict: ``figures``
        :raise AccessError: who asks may not see figures of the company
        """
        scope = self._get_scope(company, user, period)
        found = scope.company._dunning_indicators(
            scope.today, scope.date_from, self._get_partners(scope)
        )
        days = (scope.today - scope.date_from).days + 1
        return {"figures": self._prepare_dso(scope, found, days)}

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    @api.model
    def _prepare_dso(self, scope, found, days):
        """The figures, each with its formula.

        :param found: indicators of the period
        :param days: of the period
        """
        receivable = (self.env._("Receivable"), found["receivable"], "amount")
        not_due = (self.env._("Not due"), found["not_due"], "amount")
        sales = (self.env._("Sales of the period"), found["sales"], "amount")
        length = (self.env._("Days of the period"), days, "count")
        dso = (self.env._("DSO"), found["dso"], "days")
        best = (self.env._("Best possible DSO"), found["dso_best"], "days")
        receivables = self._open_receivable(scope)
        rows = [
            (
                "dso",
                self.env._("DSO"),
                "days",
                self.env._(
                    "Days sales outstanding: receivable ÷ sales of the period × days "
                    "of the period."
                ),
                [receivable, sales, length],
            ),
            (
                "dso_countback",
                self.env._("DSO, count-back"),
                "days",
                self.env._(
                    "The months back from today whose sales, together, are as much as "
                    "what is open; the last one in proportion."
                ),
                [receivable],
            ),
            (
                "dso_best",
                self.env._("Best possible DSO"),
                "days",
                self.env._(
                    "What the DSO would be if nobody paid late: not due ÷ sales of the "
                    "period × days of the period."
                ),
                [not_due, sales, length],
            ),
            (
                "add",
                self.env._("Days delinquent"),
                "days",
                self.env._(
                    "Average days by which customers pay late: DSO − best possible DSO."
                ),
                [dso, best],
            ),
            (
                "cei",
                self.env._("Effectiveness"),
                "rate",
                self.env._(
                    "Collection effectiveness index: (opening receivable + sales − "
                    "receivable) ÷ (opening receivable + sales − not due)."
                ),
                [sales, receivable, not_due],
            ),
        ]
        return [
            self._prepare_figure(
                key,
                label,
                found[key],
                kind,
                action=self._open_sales(scope) if key == "cei" else receivables,
                how=self._prepare_how(formula, numbers, scope),
            )
            for key, label, kind, formula, numbers in rows
        ]

    @api.model
    def _open_sales(self, scope):
        """Return the action that opens the sales of the period."""
        domain = Domain(
            [
                ("company_id", "=", scope.company.id),
                ("move_type", "in", ("out_invoice", "out_receipt", "out_refund")),
                ("state", "=", "posted"),
                ("date", ">=", scope.date_from.isoformat()),
                ("date", "<=", scope.today.isoformat()),
            ]
        )
        if scope.user:
            partners = self._get_partners(scope)
            domain &= Domain("commercial_partner_id", "in", partners.ids)
        action = self.env["ir.actions.actions"]._for_xml_id(
            "account.action_move_out_invoice_type"
        )
        return {
            "type": action["type"],
            "name": self.env._("Sales of the period"),
            "res_model": action["res_model"],
            "views": [(False, "list"), (False, "form")],
            "domain": list(domain),
            "context": {"create": False},
            "target": "current",
        }
