from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_legal import PenaltyCommon


@tagged("post_install", "-at_install")
class TestPenalties(PenaltyCommon):
    """Claiming penalties."""

    # ------------------------------------------------------------------
    # WHAT IS OWED
    # ------------------------------------------------------------------

    def test_penalties_outlive_the_principal(self):
        self.assertEqual(self.invoice.payment_state, self._get_paid_state())
        [line] = self._open().line_ids
        owed = (line.interest, line.indemnity, line.amount)
        self.assertEqual(owed, (364.4, 40, 404.4))
        self.assertEqual(str(line.date_from), "2025-06-01")
        self.assertEqual(str(line.date_to), "2025-09-15")
        self.assertTrue(line.selected)

    def _get_paid_state(self):
        return self.env["account.move"]._get_invoice_in_payment_state()

    def test_the_indemnity_is_owed_once_for_an_invoice_with_instalments(self):
        terms = self._create_terms((40, 0), (60, 31))
        other = self._create_business("Other")
        self._create_late_invoice(partner=other, terms=terms, date="2025-05-10")
        lines = self._open(other).line_ids
        self.assertEqual(lines.mapped("indemnity"), [40, 0])

    def test_a_consumer_owes_no_indemnity(self):
        self._create_late_invoice(partner=self.customer)
        [line] = self._open(self.customer).line_ids
        self.assertFalse(line.indemnity)
        self.assertTrue(line.interest)

    def test_what_was_paid_in_time_owes_nothing(self):
        other = self._create_business("Other")
        invoice = self._create_late_invoice(partner=other)
        self._pay(invoice, date="2025-05-31")
        self.assertFalse(self._open(other).line_ids)

    def test_an_indemnity_in_another_currency_is_named_and_not_zero_in_silence(self):
        other = self._create_business("Other")
        self._create_late_invoice(partner=other, currency=self._enable_currency("USD"))
        [line] = self._open(other).line_ids
        self.assertIn("The indemnity is in EUR, the invoice in USD", line.problem)
        self.assertTrue(line.interest)

    def test_of_what_has_no_rate_only_the_days_before_are_proposed(self):
        other = self._create_business("Other")
        self._create_late_invoice(partner=other, due="2026-06-20", amount=36_500.0)
        [line] = self._open(other, date="2026-07-10").line_ids
        self.assertEqual((line.interest, str(line.date_to)), (121.5, "2026-06-30"))
        self.assertIn("No rate from 07/01/2026 on", line.problem)

    def test_what_is_time_barred_is_not_proposed(self):
        other = self._create_business("Other")
        self._create_late_invoice(partner=other, due="2025-05-31")
        self.env["dunning.legal.limit"].create(
            {
                "country_id": self.france.id,
                "company_id": self.company.id,
                "date_from": "2000-01-01",
                "limitation_years": 1,
            }
        )
        [line] = self._open(other, date="2026-05-31").line_ids
        self.assertTrue(line.selected, "on the last day it can still be claimed")
        self.assertFalse(line.problem)
        for day in ("2026-06-01", "2026-06-30"):
            [line] = self._open(other, date=day).line_ids
            self.assertFalse(line.selected)
            self.assertIn("Time-barred after 05/31/2026", line.problem)

    # ------------------------------------------------------------------
    # BOOKING
    # ------------------------------------------------------------------

    def test_what_is_claimed_is_a_draft_invoice_without_vat(self):
        self.company.dunning_penalty_account_id = self.company_data[
            "default_account_revenue"
        ].copy({"code": "763100"})
        penalty = self._claim()
        move = penalty.move_id
        self.assertEqual((penalty.state, move.state), ("draft", "draft"))
        self.assertEqual(move.amount_total, 404.4)
        self.assertFalse(move.amount_tax)
        self.assertEqual(
            move.invoice_line_ids.account_id, self.company.dunning_penalty_account_id
        )
        self.assertEqual(move.invoice_origin, self.invoice.name)
        labels = move.invoice_line_ids.mapped("name")
        self.assertIn(self.invoice.name, labels[0])
        self.assertIn("06/01/2025", labels[0])
        self.assertIn(self.invoice.name, labels[1])
        move.action_post()
        self.assertEqual(penalty.state, "claimed")

    def test_penalties_are_due_at_once_whatever_the_terms_of_the_customer(self):
        later = self.env.ref("account.account_payment_term_30days")
        self.business.property_payment_term_id = later
        (move := self._claim().move_id).action_post()
        self.assertEqual(move.invoice_date_due, move.invoice_date)

    def test_many_customers_are_claimed_at_once_one_invoice_each(self):
        others = [self._create_business(name) for name in ("One", "Two")]
        for other in others:
            self._create_late_invoice(partner=other)
        penalties = self._claim(partners=self.env["res.partner"])
        self.assertEqual(len(penalties.move_id), 3)
        self.assertEqual(
            penalties.move_id.partner_id, self.business | others[0] | others[1]
        )

    def test_a_customer_whom_one_may_not_see_keeps_nobody_from_claiming(self):
        moved = self._create_business("Moved")
        self._create_late_invoice(partner=moved)
        moved.company_id = self._create_second_company()
        dialog = self._open(partners=self.env["res.partner"])
        self.assertEqual(dialog.line_ids.partner_id, self.business)
        dialog.action_claim()

    def test_customers_stand_in_the_order_of_their_names_and_are_added_up(self):
        others = [self._create_business(name) for name in ("Zoe & Co", "Abel & Co")]
        for other in others:
            self._create_late_invoice(partner=other)
        dialog = self._open(partners=others[0] | others[1], date="2025-06-30")
        self.assertEqual(dialog.line_ids.partner_id, others[1] | others[0])
        self.assertIn("296.16", dialog.total)
        dialog.line_ids[0].selected = False
        self.assertIn("148.08", dialog.total)

    def test_nothing_is_claimed_twice(self):
        self._claim()
        self.assertFalse(self._open().line_ids)

    def test_what_runs_on_is_claimed_from_where_the_last_claim_ended(self):
        other = self._create_business("Other")
        self._create_late_invoice(partner=other, amount=36_500.0)
        first = self._claim(partners=other, date="2025-06-10")
        self.assertEqual(first.amount, 131.5 + 40)
        second = self._claim(partners=other, date="2025-06-30")
        [line] = second.line_ids
        self.assertEqual((str(line.date_from), line.amount), ("2025-06-11", 263.0))

    @mute_logger("odoo.sql_db")
    def test_the_database_itself_refuses_a_second_claim(self):
        penalty = self._claim()
        for line in penalty.line_ids:
            with self.assertRaises(Exception) as caught, self.env.cr.savepoint():
                # What only the system writes.
                line.sudo().copy({"penalty_id": penalty.id, "counts": True})
                self.env.flush_all()
            self.assertRegex(str(caught.exception), "claimed_once")

    def test_what_has_changed_since_it_was_shown_is_not_claimed(self):
        dialog = self._open()
        self._claim()
        with self.assertRaisesRegex(UserError, "has changed since"):
            dialog.action_claim()

    def test_a_claim_that_is_reversed_is_open_again(self):
        penalty = self._claim()
        penalty.move_id.action_post()
        self.assertFalse(self._open().line_ids)
        name = penalty.display_name
        penalty.move_id._reverse_moves(cancel=True)
        self.assertEqual(penalty.state, "cancelled")
        # It is still known by what it was about.
        self.env.invalidate_all()
        self.assertEqual(penalty.display_name, name)
        self.assertIn("404.40", name)
        self.assertEqual(self._open().line_ids.amount, 404.4)

    def test_a_claim_whose_invoice_is_cancelled_or_deleted_is_open_again(self):
        for change in ("button_cancel", "unlink"):
            penalty = self._claim()
            getattr(penalty.move_id, change)()
            self.assertEqual(penalty.state, "cancelled")
            self.assertEqual(self._open().line_ids.amount, 404.4)

    def test_a_draft_that_is_taken_up_again_claims_again(self):
        penalty = self._claim()
        move = penalty.move_id
        move.button_cancel()
        move.button_draft()
        self.assertEqual(penalty.state, "draft")
        self.assertFalse(self._open().line_ids)

    def test_what_an_accountant_takes_out_of_the_draft_is_open_again(self):
        penalty = self._claim()
        move = penalty.move_id
        interest, indemnity = move.invoice_line_ids.sorted("sequence")
        indemnity.unlink()
        interest.price_unit = 300
        move.action_post()
        self.assertEqual((penalty.amount, penalty.amount_waived), (300, 64.4))
        [line] = self._open().line_ids
        self.assertEqual((line.interest, line.indemnity), (0, 40))

    def test_what_was_claimed_stays_so_when_its_invoice_gets_another_item(self):
        other = self._create_business("Other")
        invoice = self._create_late_invoice(partner=other)
        self._claim(partners=other)
        before = self._items(invoice)
        invoice.button_draft()
        # Odoo keeps the item where it can; an accountant may well replace it.
        before.with_context(dynamic_unlink=True, check_move_validity=False).unlink()
        invoice.invoice_date_due = "2025-06-01"
        invoice.action_post()
        self.assertNotEqual(self._items(invoice), before)
        self.assertFalse(self._open(other).line_ids)

    def test_penalties_bear_none_unless_the_company_says_so(self):
        penalty = self._claim()
        penalty.move_id.invoice_date = "2025-10-01"
        penalty.move_id.invoice_date_due = "2025-10-01"
        penalty.move_id.action_post()
        self.assertFalse(self._open().line_ids)
        self.company.dunning_penalty_bears = True
        self.assertTrue(self._open().line_ids.interest)

    def test_all_is_ticked_or_unticked_at_once(self):
        self._create_late_invoice()
        dialog = self._open()
        self.assertGreater(len(dialog.line_ids), 1)
        shown = dialog.action_select_none()
        self.assertEqual((shown["res_id"], shown["target"]), (dialog.id, "new"))
        self.assertFalse(dialog.line_ids.filtered("selected"))
        self.assertFalse(dialog.total)
        dialog.action_select_all()
        self.assertEqual(dialog.line_ids.filtered("selected"), dialog.line_ids)

    def test_they_are_claimed_in_the_journal_that_is_kept_for_them(self):
        journal = self.company_data["default_journal_sale"].copy({"code": "PEN"})
        self.company.dunning_penalty_journal_id = journal
        self.assertEqual(self._claim().move_id.journal_id, journal)

    def test_where_nothing_is_ticked_nothing_is_claimed(self):
        dialog = self._open()
        dialog.action_select_none()
        with self.assertRaisesRegex(UserError, "at least one item"):
            dialog.action_claim()
        self.assertFalse(self.env["dunning.penalty"].search([]))

    # ------------------------------------------------------------------
    # RIGHTS
    # ------------------------------------------------------------------

    def test_nobody_writes_penalties_by_hand(self):
        penalty = self._claim().with_user(self.manager)
        with self.assertRaises(UserError):
            penalty.state = "waived"
        with self.assertRaises(AccessError):
            penalty.unlink()
        with self.assertRaises(AccessError):
            penalty.line_ids.amount = 1

    def test_a_dialog_claims_nothing_of_another_company(self):
        company = self._create_second_company()
        with self.assertRaises(AccessError):
            self._open(company=company)

    def test_amounts_that_a_client_makes_up_are_refused(self):
        dialog = self._open()
        dialog.line_ids.interest = 1
        with self.assertRaisesRegex(UserError, "has changed since"):
            dialog.action_claim()
        self.assertFalse(self.env["dunning.penalty"].search([]))

    def test_nobody_else_is_claimed_from_than_who_owes_it(self):
        other = self._create_business("Other")
        dialog = self._open()
        dialog.line_ids.partner_id = other
        for action in (dialog.action_claim, dialog.action_waive):
            dialog.reason_id = self.reason
            with self.assertRaisesRegex(UserError, "has changed since"):
                action()
        self.assertFalse(self.env["dunning.penalty"].search([]))

    def test_nothing_is_claimed_in_another_currency_than_it_is_owed_in(self):
        dialog = self._open()
        dialog.line_ids.currency_id = self._enable_currency("USD")
        with self.assertRaisesRegex(UserError, "has changed since"):
            dialog.action_claim()
        self.assertFalse(self.env["dunning.penalty"].search([]))

    def test_what_is_not_owed_yet_is_not_claimed(self):
        other = self._create_business("Other")
        day = self.company._dunning_today() + timedelta(days=30)
        self._create_late_invoice(partner=other, due=day - timedelta(days=60))
        dialog = self._open(other, date=day)
        dialog.line_ids.selected = True
        dialog.reason_id = self.reason
        for action in (dialog.action_claim, dialog.action_waive):
            with self.assertRaisesRegex(UserError, "not owed yet"):
                action()

    def test_many_items_without_a_rate_are_shown_with_as_many_queries_as_few(self):
        counts = []
        for many in (1, 8):
            for number in range(many):
                self._create_late_invoice(
                    partner=self._create_business("Other"),
                    due=f"2026-07-{many + number:02d}",
                )
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            dialog = self._open(self.env["res.partner"], date="2026-08-31")
            counts.append(self.env.cr.sql_log_count - before)
        self.assertFalse(sum(dialog.line_ids[1:].mapped("interest")))
        self.assertLess(counts[1] - counts[0], 8)

    def test_a_line_that_is_about_nothing_yet_is_no_error(self):
        lines = self.env["dunning.penalty.claim.line"].with_user(self.collector)
        found = lines.onchange({}, [], {"number": {}, "amount": {}, "problem": {}})
        self.assertFalse(found["value"].get("number"))
