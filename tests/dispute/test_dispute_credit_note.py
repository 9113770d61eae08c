from types import SimpleNamespace
from unittest.mock import patch

from hypothesis import example, given
from hypothesis import strategies as st

from odoo import Command
from odoo.tests import tagged

from ..disputes import DisputeCommon
from ..plan_strategies import examples

TAXES = ("none", "normal", "reduced", "included", "levy", "both")
LINES = st.lists(
    st.tuples(
        st.sampled_from(TAXES),
        st.integers(1, 200_000).map(lambda cents: cents / 100),
        st.sampled_from([1, 2, 7, 0.5, 12]),
        st.sampled_from([0, 10, 33.33]),
    ),
    min_size=1,
    max_size=5,
)
ROUNDINGS = st.sampled_from(["round_per_line", "round_globally"])


class CreditNoteCommon(DisputeCommon):
    """Invoices with taxes of every kind."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        normal = cls._create_tax("20 %")
        levy = cls._create_tax(
            "Eco-tax", amount=0.25, amount_type="fixed", include_base_amount=True
        )
        cls.taxes = {
            "none": normal.browse(),
            "normal": normal,
            "reduced": cls._create_tax("5.5 %", amount=5.5),
            "included": cls._create_tax(
                "20 % included", price_include_override="tax_included"
            ),
            "levy": levy,
            "both": levy | normal,
        }

    @classmethod
    def _create_tax(cls, name, **values):
        return cls.env["account.tax"].create({"name": name, "amount": 20} | values)

    @classmethod
    def _create_taxed(cls, *lines, **values):
        """Create an invoice.

        :param lines: kind of taxes, price, quantity and discount of each
        """
        commands = [
            Command.create(
                {
                    "name": f"Goods {number}",
                    "price_unit": price,
                    "quantity": quantity,
                    "discount": discount,
                    "tax_ids": [Command.set(cls.taxes[kind].ids)],
                }
            )
            for number, (kind, price, quantity, discount) in enumerate(lines)
        ]
        return cls._create_invoice(due=-10, invoice_line_ids=commands, **values)

    def _credit(self, invoice, amount):
        """Have a part of an invoice disputed and accepted.

        :return: the credit note
        """
        dispute = self._dispute(invoice, amount)
        dispute.action_accept()
        return dispute.credit_note_ids.with_user(self.env.user)


@tagged("post_install", "-at_install")
class TestDisputeCreditNote(CreditNoteCommon):
    """A credit note comes to the disputed amount, to the cent."""

    def test_a_part_keeps_accounts_and_taxes(self):
        invoice = self._create_taxed(
            ("normal", 100, 1, 0), ("normal", 50, 2, 0), ("reduced", 100, 1, 0)
        )
        other = self.copy_account(self.company_data["default_account_revenue"])
        invoice.button_draft()
        invoice.invoice_line_ids[1].account_id = other
        invoice.action_post()
        self.assertEqual(invoice.amount_total, 345.5)
        credit_note = self._credit(invoice, 34.55)
        self.assertRecordValues(
            credit_note.invoice_line_ids.sorted(lambda x: (x.account_id.id, x.id)),
            [
                {
                    "price_unit": 10,
                    "quantity": 1,
                    "account_id": line.account_id.id,
                    "tax_ids": line.tax_ids.ids,
                    "product_id": False,
                }
                for line in (
                    invoice.invoice_line_ids[0],
                    invoice.invoice_line_ids[2],
                    invoice.invoice_line_ids[1],
                )
            ],
        )
        self.assertEqual(credit_note.amount_tax, 4.55)
        self.assertIn("Wrong Price", credit_note.invoice_line_ids[0].name)

    def test_cents_that_no_price_reaches_are_reached(self):
        # With a tax of 20 %, no price without tax comes to 50.07.
        credit_note = self._credit(self._create_taxed(("normal", 100, 1, 0)), 50.07)
        self.assertEqual(credit_note.amount_total, 50.07)
        credit_note.action_post()
        self.assertEqual(credit_note.amount_total, 50.07)

    def test_cents_that_rounding_loses_are_not_lost(self):
        invoice = self._create_taxed(
            ("reduced", 1681.93, 2, 0),
            ("none", 1541.22, 12, 0),
            ("reduced", 1123.22, 12, 33.33),
        )
        self.assertEqual(self._credit(invoice, 9895.01).amount_total, 9895.01)

    def test_missing_cents_are_those_of_the_largest_line_and_of_its_taxes(self):
        disputes = self.registry["dunning.dispute"]
        currency = self.company.currency_id
        for total, missing in ((60.0, 0), (60.004, 0), (59.99, 0.01), (60.02, -0.02)):
            lines = [
                {
                    "price_unit": price,
                    "currency_id": currency,
                    "manual_total_excluded_currency": manual,
                    "manual_tax_amounts": taxes,
                }
                for price, manual, taxes in (
                    (20.0, 20.0, {"1": {"base_amount_currency": 20.0}}),
                    (-80.0, -80.0, {"1": {"base_amount_currency": -80.0}, "2": {}}),
                    (120.0, None, None),
                )
            ]
            with (
                self.subTest(total=total),
                patch.object(
                    disputes, "_get_scaled_total", lambda *_args, total=total: total
                ),
            ):
                self.env["dunning.dispute"]._add_missing_cents(
                    lines[:2], self.company, 60.0
                )
                self.env["dunning.dispute"]._add_missing_cents(
                    lines, self.company, 60.0
                )
                small, large, largest = lines
                self.assertEqual(small["price_unit"], 20)
                self.assertAlmostEqual(large["price_unit"], -80 + missing)
                manual = large["manual_total_excluded_currency"]
                self.assertAlmostEqual(manual, -80 + missing)
                [tax, none] = large["manual_tax_amounts"].values()
                self.assertAlmostEqual(tax["base_amount_currency"], -80 + missing)
                self.assertEqual(none, {})
                self.assertAlmostEqual(largest["price_unit"], 120 + missing)
                self.assertIsNone(largest["manual_total_excluded_currency"])

    def test_what_taxes_leave_no_other_choice_for_is_told(self):
        invoice = self._create_taxed(("none", 100, 1, 0))
        dispute = self._dispute(invoice)
        said = dispute.message_ids
        for credited in (60.0, 60.004, 59.99):
            credit = SimpleNamespace(
                amount=60.0, amount_credited=credited, move_id=invoice
            )
            dispute._log_rounding(credit)
        [told] = dispute.message_ids - said
        for words in (invoice.name, "59.99", "60.00"):
            self.assertIn(words, told.body)

    def test_prices_with_their_tax_are_scaled_with_it(self):
        invoice = self._create_taxed(("included", 120, 3, 10))
        self.assertEqual(invoice.amount_total, 324)
        credit_note = self._credit(invoice, 100.01)
        self.assertEqual(credit_note.amount_total, 100.01)
        self.assertEqual(credit_note.amount_untaxed, 83.34)

    def test_a_discount_line_is_credited_with_the_rest(self):
        invoice = self._create_taxed(
            ("normal", 1000, 1, 0), ("normal", -200, 1, 0), ("none", -10, 1, 0)
        )
        self.assertEqual(invoice.amount_total, 950)
        self.assertEqual(self._credit(invoice, 95).amount_total, 95)

    def test_a_part_of_a_foreign_invoice_is_credited_in_its_currency(self):
        dollar = self.setup_other_currency("USD", rates=[("2020-01-01", 1.7)])
        invoice = self._create_taxed(("normal", 333.33, 1, 0), currency=dollar)
        credit_note = self._credit(invoice, 77.77)
        self.assertEqual(credit_note.currency_id, dollar)
        self.assertEqual(credit_note.amount_total, 77.77)
        credit_note.action_post()
        self.assertAlmostEqual(invoice.amount_residual, 400 - 77.77)

    def test_analytic_accounts_follow(self):
        plan = self.env["account.analytic.plan"].create({"name": "Projects"})
        account = self.env["account.analytic.account"].create(
            {"name": "Project", "plan_id": plan.id}
        )
        invoice = self._create_taxed(("normal", 100, 1, 0))
        invoice.invoice_line_ids.analytic_distribution = {str(account.id): 100}
        line = self._credit(invoice, 12).invoice_line_ids
        self.assertEqual(line.analytic_distribution, {str(account.id): 100})

    def test_the_reason_is_in_the_language_of_the_customer(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.reason.with_context(lang="fr_FR").name = "Prix erroné"
        self.customer.lang = "fr_FR"
        credit_note = self._credit(self._create_taxed(("none", 100, 1, 0)), 40)
        self.assertIn("Prix erroné", credit_note.ref)
        self.assertIn("Prix erroné", credit_note.invoice_line_ids.name)

    @examples(200)
    @given(LINES, st.floats(0, 1), ROUNDINGS)
    @example([("normal", 0.01, 1, 0)], 0.5, "round_per_line")
    @example([("levy", 0.01, 12, 0), ("normal", 0.02, 1, 0)], 0.1, "round_globally")
    @example([("none", 0.01, 1, 0), ("normal", 0.79, 1, 33.33)], 0, "round_per_line")
    def test_any_part_of_any_invoice_is_scaled_to_the_cent(self, lines, share, how):
        self.company.tax_calculation_rounding_method = how
        disputes = self.env["dunning.dispute"]
        base_lines = self._describe(lines)
        totals = self.env["account.tax"]._get_tax_totals_summary(
            base_lines, self.company.currency_id, self.company
        )
        amount = round(max(totals["total_amount_currency"] * share, 0.01), 2)
        scaled = disputes._scale_lines(base_lines, self.company, amount)
        reached = disputes._get_scaled_total(scaled, self.company)
        self.assertEqual(round(reached, 2), amount)

    def _describe(self, lines):
        """Return lines of an invoice as the engine of taxes describes them."""
        taxes = self.env["account.tax"]
        base_lines = [
            taxes._prepare_base_line_for_taxes_computation(
                {
                    "tax_ids": self.taxes[kind],
                    "price_unit": price,
                    "quantity": quantity,
                    "discount": discount,
                    "currency_id": self.company.currency_id,
                    "account_id": self.company_data["default_account_revenue"],
                }
            )
            for kind, price, quantity, discount in lines
        ]
        taxes._add_tax_details_in_base_lines(base_lines, self.company)
        taxes._round_base_lines_tax_details(base_lines, self.company)
        return base_lines
