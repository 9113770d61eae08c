from odoo import api, models
from odoo.fields import Domain

from ...tools import rates
from ...tools.rates import Span


class DunningRate(models.Model):
    """Which rates hold for whom: what interest is worked out by."""

    _inherit = "dunning.rate"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    @api.model
    def _get_applicable(self, company, country, kind) -> models.BaseModel:
        """Return the rates for some customers: of those that hold on the same day, the
        last comes before the others.

        :param company: whose customers they are
        :param country: ``res.country`` of the customers
        :param kind: of the customers, see ``customer_kind``
        """
        # The rates of a company do not depend on who asks what a customer owes.
        rates_sudo = self.env["dunning.rate"].sudo()
        lineage = self.env["res.company"]._dunning_get_lineage(company)
        domain = Domain("customer_kind", "=", kind)
        domain &= Domain("company_id", "in", [False, *lineage])
        domain &= Domain("country_id", "=", country.id) | Domain(
            "country_group_id.country_ids", "in", country.ids
        )
        found_sudo = rates_sudo.search(domain) if country else rates_sudo
        return found_sudo.sorted(
            lambda rate: (
                bool(rate.country_id),
                lineage.index(rate.company_id.id) if rate.company_id else -1,
                rate.date_from,
                rate.id,
            )
        )

    @api.model
    def _get_schedule(self, company, country, kind) -> list[Span]:
        """Return which rate holds when, for some customers: see
        :meth:`_get_applicable`.

        :return: list of :class:`Span` of ``dunning.rate`` or None, without a gap
        """
        applicable = self._get_applicable(company, country, kind)
        return rates.lay_out(
            Span(rate.date_from, rate.date_to, rate) for rate in applicable
        )

    def _get_percent(self) -> float | None:
        """Return the rate, None where it is not known."""
        return None if not self or self.reference_missing else self.rate

    def _get_lowest(self) -> float | None:
        """Return the lowest rate that may be agreed, None where none is known."""
        return (self and self.minimum) or None
