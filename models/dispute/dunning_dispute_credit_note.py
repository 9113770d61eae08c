from collections import defaultdict

from odoo import Command, api, models
from odoo.exceptions import UserError
from odoo.tools import format_amount


class DunningDispute(models.Model):
    """Making the credit notes of accepted disputes, by Odoo's own reversal.

    A whole invoice is reversed line by line. For a part, Odoo's engine of taxes scales
    the lines, gathered by account and taxes, to the very amount, as it does for down
    payments; products are left out, for nothing comes back to the stock.
    """

    _inherit = "dunning.dispute"

    # ------------------------------------------------------------------
    # BUSINESS METHODS - WHAT IS CREDITED
    # ------------------------------------------------------------------

    def _plan_credits(self):
        """Write what is to be credited on each invoice: what is kept out of it.

        :raise UserError: nothing is left, or an item is of no invoice
        """
        amounts = defaultdict(float)
        for hold in self._get_active_holds():
            amounts[hold.move_line_ids.move_id] += hold.amount
        if not amounts:
            raise UserError(
                self.env._(
                    "Nothing is left open of what is in dispute: cancel the dispute."
                )
            )
        for move in amounts:
            if move.move_type != "out_invoice":
                raise UserError(
                    self.env._(
                        "“%s” is no invoice, for which a credit note could be "
                        "prepared: credit it in the accounting, then choose that "
                        "entry to accept the dispute.",
                        move.display_name,
                    )
                )
        self.env["dunning.dispute.credit"].create(
            [
                {
                    "dispute_id": self.id,
                    "move_id": move.id,
                    "amount": self.currency_id.round(amount),
                    "prepared": True,
                }
                for move, amount in amounts.items()
            ]
        )

    def _link_credits(self, entries):
        """Write that credit notes or entries that are there credit what is accepted.

        :raise UserError: one of them does not fit
        """
        for entry in entries:
            self._check_credit(entry)
        self.env["dunning.dispute.credit"].create(
            [
                {
                    "dispute_id": self.id,
                    "move_id": (entry.reversed_entry_id & self.move_ids).id,
                    "amount": self.env["dunning.dispute.credit"]._get_amount_of(entry),
                    "credit_note_id": entry.id,
                }
                for entry in entries
            ]
        )

    def _check_credit(self, entry):
        """Refuse an entry that credits nothing of the dispute.

        :raise UserError: naming it
        """
        fits = (
            entry.state in ("draft", "posted")
            and entry.company_id == self.company_id
            and entry.currency_id == self.currency_id
            and entry.line_ids.partner_id.commercial_partner_id == self.partner_id
            and self.env["dunning.dispute.credit"]._get_amount_of(entry) > 0
        )
        if not fits:
            raise UserError(
                self.env._(
                    "“%s” does not credit this customer in this company and currency: "
                    "choose another credit note.",
                    entry.display_name,
                )
            )

    # ------------------------------------------------------------------
    # BUSINESS METHODS - CREDIT NOTES
    # ------------------------------------------------------------------

    def _prepare_credit_notes(self):
        """Make the drafts that are missing."""
        for credit in self.credit_ids.filtered(lambda x: x.state == "missing"):
            credit.credit_note_id = self._create_credit_note(
                credit.move_id, credit.amount
            )
            credit.prepared = True
            self._log_rounding(credit)

    def _create_credit_note(self, move, amount):
        """Reverse an invoice, wholly or for a part, as a draft.

        :param amount: what is credited, taxes included
        :return: the credit note
        """
        move = move.with_company(move.company_id)
        reversal = (
            self.env["account.move.reversal"]
            .with_company(move.company_id)
            .with_context(active_model="account.move", active_ids=move.ids)
            .create(
                {
                    "date": self.company_id._dunning_today(),
                    "reason": self._get_credit_reason(),
                    "journal_id": move.journal_id.id,
                }
            )
        )
        reversal.reverse_moves()
        credit_note = reversal.new_move_ids
        if move.currency_id.compare_amounts(amount, move.amount_total):
            self._reduce_credit_note(credit_note, move, amount)
        return credit_note

    def _get_credit_reason(self):
        """Return why there is a credit note, in the language of the customer."""
        return self.reason_id.with_context(lang=self.partner_id.lang).name

    def _reduce_credit_note(self, credit_note, move, amount):
        """Replace the lines of a reversal by a part of them."""
        base_lines, _tax_lines = move._get_rounded_base_and_tax_lines()
        credit_note.write(
            {
                "invoice_cash_rounding_id": False,
                "invoice_line_ids": [
                    *(Command.delete(line.id) for line in credit_note.invoice_line_ids),
                    *(
                        Command.create(self._prepare_credit_line(line, move))
                        for line in self._scale_lines(
                            base_lines, move.company_id, amount
                        )
                    ),
                ],
            }
        )

    @api.model
    def _scale_lines(self, base_lines, company, amount):
        """Return the lines that credit a part of an invoice: one for each account and
        set of taxes, together the amount.

        :param base_lines: lines of the invoice as the engine of taxes describes them,
            with their rounded taxes
        :param amount: taxes included
        :return: lines as the engine of taxes describes them
        """
        lines = self.env["account.tax"]._prepare_down_payment_lines(
            base_lines,
            company,
            "fixed",
            amount,
            computation_key="dispute",
            grouping_function=lambda line: {"account_id": line["account_id"]},
        )
        if lines:
            self._add_missing_cents(lines, company, amount)
        return lines

    @api.model
    def _add_missing_cents(self, lines, company, amount):
        """Add to the largest line what rounding made of the total, if it did."""
        largest = max(lines, key=lambda line: abs(line["price_unit"]))
        missing = largest["currency_id"].round(
            amount - self._get_scaled_total(lines, company)
        )
        if not missing:
            return
        largest["price_unit"] += missing
        if largest["manual_total_excluded_currency"] is not None:
            largest["manual_total_excluded_currency"] += missing
        for amounts in (largest["manual_tax_amounts"] or {}).values():
            if amounts:
                amounts["base_amount_currency"] += missing

    @api.model
    def _get_scaled_total(self, lines, company):
        """Return what lines will come to on a credit note, taxes included."""
        taxes = self.env["account.tax"]
        described = [
            taxes._prepare_base_line_for_taxes_computation(
                {
                    "currency_id": line["currency_id"],
                    "tax_ids": line["tax_ids"],
                    "price_unit": line["price_unit"],
                    "quantity": 1,
                    "rate": line["rate"],
                    "extra_tax_data": taxes._export_base_line_extra_tax_data(line),
                }
            )
            for line in lines
        ]
        taxes._add_tax_details_in_base_lines(described, company)
        taxes._round_base_lines_tax_details(described, company)
        totals = taxes._get_tax_totals_summary(
            described, lines[0]["currency_id"], company
        )
        return totals["total_amount_currency"]

    def _prepare_credit_line(self, base_line, move):
        """Return the values of a line of a credit note.

        :param base_line: see :meth:`_scale_lines`
        """
        taxes = self.env["account.tax"]
        return {
            "name": f"{move.name} – {self._get_credit_reason()}",
            "product_id": False,
            "quantity": 1,
            "price_unit": base_line["price_unit"],
            "account_id": base_line["account_id"].id,
            "tax_ids": [Command.set(base_line["tax_ids"].ids)],
            "analytic_distribution": base_line["analytic_distribution"],
            "extra_tax_data": taxes._export_base_line_extra_tax_data(base_line),
        }

    def _log_rounding(self, credit):
        """Say when no credit note of exactly the amount could be made."""
        if self.currency_id.compare_amounts(credit.amount, credit.amount_credited):
            self._message_log(
                body=self.env._(
                    "The credit note of “%(invoice)s” comes to %(credited)s instead of "
                    "%(accepted)s: its taxes leave no other choice. Correct the draft "
                    "if that is too much.",
                    invoice=credit.move_id.name,
                    credited=format_amount(
                        self.env, credit.amount_credited, self.currency_id
                    ),
                    accepted=format_amount(self.env, credit.amount, self.currency_id),
                )
            )
