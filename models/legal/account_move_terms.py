from odoo import api, fields, models
from odoo.tools import format_date

from ...tools import payment_terms
from ...tools.words import READERS


class AccountMove(models.Model):
    """Invoices that fall due later than the law allows."""

    _inherit = "account.move"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    dunning_term_warning = fields.Char(
        string="Term of Payment",
        compute="_compute_dunning_term_warning",
        groups=READERS,
        help="That it falls due later than the law allows, and when it should.",
    )

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("invoice_date", "invoice_date_due", "partner_id", "move_type")
    @api.depends_context("lang")
    def _compute_dunning_term_warning(self):
        known = {}
        for move in self:
            limit = move._dunning_get_term_limit(known)
            move.dunning_term_warning = limit and move._dunning_tell_term(limit)

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _dunning_get_term_limit(self, known):
        """Return what the law sets for the term of an invoice, None where it sets
        nothing.

        :param known: dict of what was looked up before
        """
        self.ensure_one()
        if not (
            self.is_sale_document(include_receipts=True)
            and self.invoice_date
            and self.invoice_date_due
        ):
            return None
        customer = self.commercial_partner_id
        # What a customer is before the law does not depend on who asks.
        kind = customer.sudo().dunning_customer_kind
        country = customer.country_id or self.company_id.country_id
        key = self.company_id, country, kind, self.invoice_date
        if key not in known:
            known[key] = self.env["dunning.legal.limit"]._get_limit(*key)
        return known[key] if known[key].payment_days else None

    def _dunning_get_latest_due(self, limit):
        """Return the latest day on which the invoice may fall due by law."""
        self.ensure_one()
        return payment_terms.get_latest_due(
            self.invoice_date, limit.payment_days, limit.month_end_days
        )

    def _dunning_is_long(self, known):
        """Return whether an invoice falls due later than the law allows.

        :param known: see :meth:`_dunning_get_term_limit`
        """
        limit = self._dunning_get_term_limit(known)
        return bool(limit) and self.invoice_date_due > self._dunning_get_latest_due(
            limit
        )

    def _dunning_tell_term(self, limit):
        """Return that an invoice falls due too late, in words; False where it does
        not."""
        self.ensure_one()
        latest = self._dunning_get_latest_due(limit)
        if self.invoice_date_due <= latest:
            return False
        ways = ""
        if days := limit.month_end_days:
            after, before = payment_terms.both(self.invoice_date, days)
            ways = self.env._(
                " (%(days)s days end of month: %(after)s, or end of month and "
                "%(days)s days: %(before)s)",
                days=days,
                after=format_date(self.env, after),
                before=format_date(self.env, before),
            )
        return self.env._(
            "Due on %(due)s, later than the law allows: at the latest on "
            "%(latest)s%(ways)s.",
            due=format_date(self.env, self.invoice_date_due),
            latest=format_date(self.env, latest),
            ways=ways,
        )
