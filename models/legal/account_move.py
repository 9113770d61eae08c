from odoo import api, fields, models
from odoo.tools import float_compare, formatLang, html2plaintext

from ...tools import printed_terms, rates
from ...tools.words import READERS
from .dunning_interest import FIXED


class AccountMove(models.Model):
    """What invoices state of late payment, and whether that is what is agreed."""

    _inherit = "account.move"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    dunning_rate_warning = fields.Char(
        string="Rate on the Invoice",
        compute="_compute_dunning_rate_warning",
        groups=READERS,
        help="What the invoice states of penalties, where it is not what is agreed or "
        "the law allows.",
    )

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("state", "invoice_date", "partner_id")
    @api.depends_context("lang")
    def _compute_dunning_rate_warning(self):
        # What an invoice says is told to whoever reads the invoice.
        terms_sudo = self.env["dunning.invoice.terms"].sudo()
        known = {
            terms.move_id.id: terms
            for terms in terms_sudo.search([("move_id", "in", self.ids)])
        }
        for move in self:
            terms = known.get(move.id, terms_sudo)
            move.dunning_rate_warning = move._dunning_compare_rates(terms)

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _post(self, soft=True):
        # EXTENDS 'account': what an invoice says is kept as it goes out
        # Whoever posts an invoice need not have rights on dunning.
        moves_sudo = self.sudo()
        penalties_sudo = moves_sudo.env["dunning.ledger"]._get_penalties(moves_sudo)
        penalties_sudo._follow_changed_lines()
        known_sudo = moves_sudo.filtered("posted_before")
        posted = super()._post(soft)
        # Nor whoever posts others.
        posted_sudo = posted.sudo()
        posted_sudo._dunning_keep_terms(known_sudo)
        return posted

    def _dunning_keep_terms(self, known) -> None:
        """Keep what the invoices state of late payment.

        :param known: those that were posted before: what they stated then is replaced
        """
        moves = self.filtered(lambda move: move.is_sale_document(include_receipts=True))
        terms = self.env["dunning.invoice.terms"]
        if reposted := moves & known:
            terms.search([("move_id", "in", reposted.ids)]).unlink()
        vals_list = []
        for move in moves:
            if read := printed_terms.read(move._dunning_get_printed_text()):
                vals_list.append(move._dunning_prepare_terms(read))
        if vals_list:
            terms.create(vals_list)

    def _dunning_get_printed_text(self) -> str:
        """Return what an invoice prints of its terms. Override to read more of it, such
        as the notes of an electronic invoice."""
        self.ensure_one()
        texts = [self.narration, self.invoice_payment_term_id.note]
        return "\n".join(html2plaintext(text) for text in texts if text)

    def _dunning_prepare_terms(self, read):
        """Return the values of what is kept.

        :param read: :class:`Printed`
        """
        self.ensure_one()
        return {
            "move_id": self.id,
            "text": read.text,
            "method": read.method,
            "rate": read.rate,
            "indemnity": read.indemnity,
            "applies": bool(read.method)
            and (read.method != FIXED or not self._dunning_is_too_low(read.rate)),
        }

    def _dunning_is_too_low(self, percent):
        """Return whether the law does not allow to agree to a rate."""
        rate = self._dunning_get_law_rate()
        lowest = rate and rate._get_lowest()
        return bool(lowest) and float_compare(percent, lowest, 4) < 0

    def _dunning_get_law_rate(self):
        """Return the ``dunning.rate`` by law on the day of the invoice, or None."""
        self.ensure_one()
        country = self.commercial_partner_id.country_id or self.company_id.country_id
        day = self.invoice_date or self.date
        schedule = self.env["dunning.rate"]._get_schedule(
            self.company_id, country, self.commercial_partner_id.dunning_customer_kind
        )
        return rates.find(schedule, day)

    def _dunning_compare_rates(self, terms):
        """Return in what the rate that an invoice states differs from what is agreed
        or by law, and which is claimed.

        :param terms: ``dunning.invoice.terms`` of the invoice, or none
        """
        self.ensure_one()
        customer = self.commercial_partner_id
        if (
            self.state != "posted"
            or not self.is_sale_document(include_receipts=True)
            or customer.dunning_customer_kind != "business"
        ):
            return False
        agreed = self.env["dunning.contract.rate"]._get_agreed(
            self.company_id, customer, self.invoice_date or self.date
        )
        if not terms.method:
            return self.env._("The invoice states no rate of late payment penalties.")
        if terms.method == FIXED and not terms.applies:
            lowest = self._dunning_get_law_rate()._get_lowest()
            return self.env._(
                "The invoice states %(stated)s %%, less than the law allows "
                "(%(lowest)s %%): what is agreed or by law is claimed instead.",
                stated=formatLang(self.env, terms.rate, digits=2),
                lowest=formatLang(self.env, lowest, digits=2),
            )
        stated, expected = terms._describe(), agreed._describe()
        if not agreed and terms.method == FIXED:
            law = self._dunning_get_law_rate()
            percent = law and law._get_percent()
            if percent is not None and not float_compare(percent, terms.rate, 2):
                return False
        if stated == expected:
            return False
        if not agreed:
            expected = self.env._("only the rate by law")
        return self.env._(
            "The invoice states %(stated)s, while %(expected)s is agreed: what the "
            "invoice states is claimed.",
            stated=stated,
            expected=expected,
        )
