from datetime import date as Date

from odoo import api, fields, models
from odoo.tools import format_date

from ...tools import payment_terms
from ...tools.words import READERS

# Days of an invoice on which a term is tried: both ends of months of each length.
TRIED = [
    Date(2026, month, day) for month, day in ((1, 1), (1, 31), (2, 28), (4, 1), (4, 30))
]


class AccountPaymentTerm(models.Model):
    """Payment terms that are longer than the law allows between businesses."""

    _inherit = "account.payment.term"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    dunning_term_warning = fields.Char(
        string="Longer than the Law Allows",
        compute="_compute_dunning_term_warning",
        groups=READERS,
    )

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends(
        "company_id",
        "line_ids.nb_days",
        "line_ids.delay_type",
        "line_ids.days_next_month",
    )
    @api.depends_context("company", "lang")
    def _compute_dunning_term_warning(self):
        limits = self.env["dunning.legal.limit"]
        for term in self:
            company = term.company_id or self.env.company
            limit = limits._get_limit(
                company, company.country_id, "business", company._dunning_today()
            )
            term.dunning_term_warning = term._dunning_tell_term(limit)

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _dunning_tell_term(self, limit):
        """Return that the term is too long, with an example; False where it is not.

        :param limit: ``dunning.legal.limit``
        """
        self.ensure_one()
        if not (limit.payment_days and self.line_ids):
            return False
        for day in TRIED:
            due = max(line._get_due_date(day) for line in self.line_ids)
            latest = payment_terms.get_latest_due(
                day, limit.payment_days, limit.month_end_days
            )
            if due > latest:
                return self.env._(
                    "Longer than the law allows between businesses: an invoice of "
                    "%(day)s would fall due on %(due)s instead of %(latest)s at the "
                    "latest.",
                    day=format_date(self.env, day),
                    due=format_date(self.env, due),
                    latest=format_date(self.env, latest),
                )
        return False
