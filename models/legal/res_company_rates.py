from odoo import api, fields, models
from odoo.tools import formatLang, html2plaintext

from ...tools import printed_terms, rates
from .dunning_interest import FIXED


class ResCompany(models.Model):
    """Whether what the company's invoices state of penalties is what is agreed and what
    the law allows."""

    _inherit = "res.company"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _dunning_check_rates(self) -> list[str]:
        """Return what is wrong with the rates of the company, in words, each with what
        to do; nothing when all is well."""
        self.ensure_one()
        # What the invoices of a company say does not depend on who asks.
        company_sudo = self.sudo()
        today = self._dunning_today()
        law = rates.find(
            self.env["dunning.rate"]._get_schedule(self, self.country_id, "business"),
            today,
        )
        agreed = self.env["dunning.contract.rate"]._get_agreed(
            self, self.env["res.partner"], today
        )
        printed = printed_terms.read(html2plaintext(company_sudo.invoice_terms or ""))
        problems = [
            self._dunning_check_law(law),
            self._dunning_check_agreed(law, agreed),
            self._dunning_check_printed(law, agreed, printed),
        ]
        return [problem for problem in problems if problem]

    def _dunning_check_law(self, law):
        if law and law._get_percent() is not None:
            return None
        return self.env._(
            "The rate by law is not known today: enter it in Late Payment Rates. "
            "Letters that state or claim penalties fail meanwhile."
        )

    def _dunning_check_agreed(self, law, agreed):
        lowest = (law and law._get_lowest()) or 0.0
        if agreed.method != FIXED or agreed.rate >= lowest:
            return None
        return self.env._(
            "Your terms of sale state %(rate)s %%, less than the law allows today "
            "(%(lowest)s %%): agree to more for what you invoice from now on.",
            rate=formatLang(self.env, agreed.rate, digits=2),
            lowest=formatLang(self.env, lowest, digits=2),
        )

    def _dunning_check_printed(self, law, agreed, printed):
        if not printed or not printed.method:
            return self.env._(
                "The default terms on your invoices state no rate of late payment "
                "penalties: add it there, with the recovery indemnity."
            )
        terms = self.env["dunning.invoice.terms"]
        stated = terms._describe_rate(printed.method, printed.rate)
        expected = agreed._describe()
        if printed.method == FIXED and not agreed and law:
            percent = law._get_percent()
            if percent is not None and round(percent - printed.rate, 2) == 0:
                return None
        if stated == expected:
            return None
        if not agreed:
            expected = self.env._("only the rate by law")
        return self.env._(
            "The default terms on your invoices state %(stated)s, while %(expected)s "
            "is agreed: what an invoice states is claimed. Change one of the two.",
            stated=stated,
            expected=expected,
        )


class DunningSettingsFields(models.AbstractModel):
    _inherit = "dunning.settings.fields"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    dunning_rate_check = fields.Text(
        string="Rates to Look At", compute="_compute_dunning_rate_check"
    )

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("company_id")
    @api.depends_context("lang")
    def _compute_dunning_rate_check(self):
        for settings in self:
            problems = settings.company_id._dunning_check_rates()
            settings.dunning_rate_check = "\n".join(f"– {text}" for text in problems)
