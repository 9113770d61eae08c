from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common_entry import EntryCommon


@tagged("post_install", "-at_install")
class TestLitigationEntry(EntryCommon):
    """Doubtful receivables, provisions and write-offs, prepared as drafts."""

    # ------------------------------------------------------------------
    # ENTRIES
    # ------------------------------------------------------------------

    def test_doubtful_receivables_go_to_their_account_tax_included(self):
        litigation = self._hand_over(self.invoice)
        move = self._prepare(litigation, "doubtful")
        receivable = self._items(self.invoice).account_id
        self.assertEntry(move, {self.doubtful: 120, receivable: -120})
        self.assertEqual(move.line_ids.partner_id, self.customer)
        self.assertEqual(litigation.doubtful_move_id, move)
        # The debt is no younger there.
        move.action_post()
        [debt] = move.line_ids.filtered("debit")
        self.assertEqual(debt.date_maturity, self._items(self.invoice).date_maturity)

    def test_a_provision_is_a_share_without_taxes(self):
        litigation = self._hand_over(self.invoice)
        self._pay(self.invoice, 60)
        move = self._prepare(litigation, "provision", rate=50)
        # Half of what is left is paid: 60 of 120, that is 50 without taxes.
        self.assertEntry(move, {self.dotation: 25, self.provision: -25})

    def test_a_write_off_takes_taxes_back_where_it_is_set(self):
        litigation = self._hand_over(self.invoice)
        receivable = self._items(self.invoice).account_id
        move = self._prepare(litigation, "write_off")
        self.assertEntry(move, {self.loss: 100, self.vat: 20, receivable: -120})
        move.unlink()
        self.company.dunning_vat_recovery = False
        move = self._prepare(litigation, "write_off")
        self.assertEntry(move, {self.loss: 120, receivable: -120})

    def test_what_is_posted_is_no_credit_that_nobody_has_allocated(self):
        litigation = self._hand_over(self.invoice)
        self._pay(self.invoice, 20)
        other = self._create_invoice(due=-5)
        entry = self._prepare(litigation, "write_off")
        self.assertEqual(entry.ref, f"Write-off – {self.customer.name}")
        entry.with_user(self.accountant).action_post()
        self.assertEqual(litigation.amount_left, 0)
        self.assertTrue(self._items(self.invoice).reconciled)
        self.assertFalse(self._items(other).reconciled)
        self.assertFalse(any(entry.line_ids.mapped("amount_residual")))

    def test_of_what_was_paid_meanwhile_nothing_is_written_off(self):
        """It would be a loss that was none, and a credit that nobody has given."""
        litigation = self._hand_over(self.invoice)
        entry = self._prepare(litigation, "write_off")
        self._pay(self.invoice, 30)
        with self.assertRaisesRegex(UserError, "Less is left on"):
            entry.action_post()
        entry.unlink()
        self._prepare(litigation, "write_off").action_post()
        self.assertEqual(litigation.amount_left, 0)
        self.assertTrue(self._items(self.invoice).reconciled)

    def test_what_was_transferred_meanwhile_is_not_written_off_where_it_was(self):
        litigation = self._hand_over(self.invoice)
        transfer = self._prepare(litigation, "doubtful")
        # As it was possible to prepare both.
        kept = litigation.sudo()
        kept.doubtful_move_id = False
        entry = self._prepare(litigation, "write_off")
        kept.doubtful_move_id = transfer
        transfer.action_post()
        with self.assertRaisesRegex(UserError, "Less is left on"):
            entry.action_post()

    def test_what_is_provided_for_is_not_provided_for_again(self):
        litigation = self._hand_over(self.invoice)
        first = self._prepare(litigation, "provision", rate=50)
        first.action_post()
        with self.assertRaisesRegex(UserError, "provided for already"):
            self._prepare(litigation, "provision", rate=50)
        second = self._prepare(litigation, "provision", rate=100)
        self.assertEntry(second, {self.dotation: 50, self.provision: -50})
        second.unlink()
        first._reverse_moves([{"date": first.date}]).action_post()
        again = self._prepare(litigation, "provision", rate=100)
        self.assertEntry(again, {self.dotation: 100, self.provision: -100})

    def test_opening_balances_of_one_label_are_provided_for_each(self):
        self.company.dunning_include_misc = True
        entries = [self._create_entry(due=-30, name="FC-1") for _number in range(2)]
        litigation = self._hand_over(entries[0] | entries[1])
        for rate in (50, 100):
            move = self._prepare(litigation, "provision", rate=rate)
            self.assertEqual(sum(move.line_ids.mapped("debit")), 100)
            move.action_post()

    def test_what_is_written_off_is_not_written_off_again(self):
        litigation = self._hand_over(self.invoice)
        self._prepare(litigation, "write_off").with_user(self.accountant).action_post()
        self.assertEqual(
            (litigation.state, litigation.amount_left), ("irrecoverable", 0)
        )
        with self.assertRaisesRegex(UserError, "Nothing is left"):
            self._prepare(litigation, "write_off")

    def test_each_invoice_is_reconciled_with_its_own_line(self):
        other = self._create_invoice(due=-30, amount=40)
        litigation = self._hand_over(self.invoice | other)
        move = self._prepare(litigation, "write_off")
        move.with_user(self.accountant).action_post()
        self.assertEqual(litigation.amount_left, 0)
        for invoice in self.invoice | other:
            [matched] = self._items(invoice).matched_credit_ids
            self.assertEqual(matched.credit_move_id.name, invoice.name)

    def test_who_writes_off_what_was_given_up_is_told_of_credits(self):
        litigation = self._hand_over(self.invoice)
        entries = self.env["dunning.litigation.entry"]
        entry = entries.with_context(active_id=litigation.id).new()
        self.assertEqual(entry.kind, "doubtful")
        self._create_payment(amount=30)
        self._close(litigation, self.accountant)
        entry = entries.with_context(active_id=litigation.id).new()
        self.assertEqual((entry.kind, entry.amount_credited), ("write_off", 30))

    def _close(self, litigation, user):
        values = {"litigation_ids": litigation.ids, "accountant_id": user.id}
        self.env["dunning.litigation.close"].create(values).action_apply()

    def test_an_accountant_is_asked_for_a_write_off_until_it_is_posted(self):
        litigation = self._hand_over(self.invoice)
        self._close(litigation, self.accountant)
        activity = litigation.activity_ids
        self.assertEqual(activity.user_id, self.accountant)
        self._pay(self.invoice, 20)
        self.assertEqual(litigation.activity_ids, activity)
        entry = self._prepare(litigation, "write_off")
        self.assertTrue(litigation.activity_ids)
        entry.with_user(self.accountant).action_post()
        self.assertFalse(litigation.activity_ids)
        self._items(self.invoice).remove_move_reconcile()
        self.assertEqual(litigation.state, "irrecoverable")
        self.assertEqual(litigation.activity_ids.user_id, self.accountant)

    def test_an_accountant_who_has_put_it_aside_is_not_asked_again_by_a_payment(self):
        litigation = self._hand_over(self.invoice)
        self._close(litigation, self.accountant)
        litigation.activity_ids.with_user(self.accountant).action_feedback()
        self._pay(self.invoice, 20)
        self.assertFalse(litigation.activity_ids)

    def test_a_litigation_that_goes_on_asks_nobody_for_its_write_off(self):
        litigation = self._hand_over(self.invoice)
        self._close(litigation, self.accountant)
        litigation.action_reopen()
        self.assertFalse(litigation.activity_ids)

    def test_who_may_not_prepare_its_entry_is_not_asked_for_a_write_off(self):
        litigation = self._hand_over(self.invoice)
        for group in ("base.group_user", "account_dunning.group_dunning_collector"):
            user = self._create_user(group[:4], "group_dunning_readonly")
            user.group_ids = [Command.set(self.env.ref(group).ids)]
            refused = self.assertRaisesRegex(UserError, "ask an accountant")
            with refused, self.env.cr.savepoint():
                self._close(litigation, user)
            litigation.invalidate_recordset()

    def test_taxes_on_payment_are_looked_for_where_there_are_some(self):
        self.company.tax_exigibility = True
        self.vat.reconcile = True
        partials = type(self.env["account.partial.reconcile"])
        other, grouped = (self._create_invoice(due=-5, post=False) for _i in range(2))
        tax = self.invoice.invoice_line_ids.tax_ids.copy(
            {
                "tax_exigibility": "on_payment",
                "cash_basis_transition_account_id": self.vat.id,
            }
        )
        other.invoice_line_ids.tax_ids = tax
        grouped.invoice_line_ids.tax_ids = tax.create(
            {
                "name": "Group",
                "amount_type": "group",
                "children_tax_ids": [Command.set(tax.copy().ids)],
            }
        )
        (other | grouped).action_post()
        for count, invoice in enumerate(self.invoice | other | grouped):
            litigation = self._hand_over(invoice)
            entry = self._prepare(litigation, "write_off")
            with patch.object(partials, "_create_tax_cash_basis_moves") as made:
                entry.action_post()
            self.assertEqual(bool(made.call_count), bool(count))
            self.assertEqual(litigation.amount_left, 0)

    def test_the_data_sheet_says_what_is_left_of_what_was_moved(self):
        other = self._create_invoice(due=-5)
        litigation = self._hand_over(self.invoice | other)
        self._pay(other, 30)
        self._prepare(litigation, "doubtful").action_post()
        found = {item["number"]: item["left"] for item in litigation._get_sheet_items()}
        self.assertEqual(found, {self.invoice.name: 120, other.name: 70})

    def test_a_provision_takes_nothing_from_the_invoice(self):
        litigation = self._hand_over(self.invoice)
        self._prepare(litigation, "provision").action_post()
        self.assertEqual(litigation.amount_left, 120)

    def test_a_write_off_of_doubtful_receivables_is_taken_from_their_account(self):
        litigation = self._hand_over(self.invoice)
        move = self._prepare(litigation, "doubtful")
        move.action_post()
        self.assertEqual(litigation.amount_left, 120)
        with self.assertRaisesRegex(UserError, "on that account already"):
            self._prepare(litigation, "doubtful")
        litigation.action_close("irrecoverable")
        entry = self._prepare(litigation, "write_off")
        self.assertEntry(entry, {self.loss: 100, self.vat: 20, self.doubtful: -120})
        entry.action_post()
        self.assertEqual((litigation.amount_left, litigation.recovered), (0, 0))
        self.assertEqual(litigation.state, "irrecoverable")

    def test_what_was_moved_with_others_is_split_as_its_own_invoice(self):
        untaxed = self._create_invoice(due=-9, amount=500)
        litigation = self._hand_over(self.invoice | untaxed)
        self._prepare(litigation, "doubtful").action_post()
        move = self._prepare(litigation, "provision", rate=100)
        self.assertEntry(move, {self.dotation: 600, self.provision: -600})
        move = self._prepare(litigation, "write_off")
        self.assertEntry(move, {self.loss: 600, self.vat: 20, self.doubtful: -620})

    def test_what_was_moved_is_time_barred_when_it_was_before(self):
        france = self.env.ref("base.fr")
        self.customer.write({"is_company": True, "country_id": france.id})
        untaxed = self._create_invoice(due=-9, amount=500)
        self._pay(untaxed, 100, date=-2)
        self._pay(self.invoice, 20, date=-3)
        litigation = self._hand_over(self.invoice | untaxed)
        before = litigation.limitation_date
        self.assertTrue(before)
        self._prepare(litigation, "doubtful").action_post()
        litigation.invalidate_recordset()
        self.assertTrue(litigation.transferred_line_ids)
        self.assertEqual(litigation.limitation_date, before)
        found = litigation.search([("limitation_date", "=", before)])
        self.assertEqual(found, litigation)

    def test_an_entry_in_foreign_currency_has_both_amounts(self):
        dollar = self.setup_other_currency("USD", rates=[("2020-01-01", 2.0)])
        invoice = self._create_invoice(due=-10, currency=dollar)
        litigation = self._hand_over(invoice)
        move = self._prepare(litigation, "write_off")
        self.assertEntry(move, {self.loss: 50, self._items(invoice).account_id: -50})
        line = move.line_ids.filtered(lambda x: x.account_id == self.loss)
        self.assertEqual((line.currency_id, line.amount_currency), (dollar, 100))

    # ------------------------------------------------------------------
    # REFUSED
    # ------------------------------------------------------------------

    def test_a_second_draft_of_the_same_is_refused(self):
        litigation = self._hand_over(self.invoice)
        move = self._prepare(litigation, "write_off")
        with self.assertRaisesRegex(UserError, "draft waits already"):
            self._prepare(litigation, "write_off")
        move.unlink()
        self.assertTrue(self._prepare(litigation, "write_off"))

    def test_what_is_taken_off_its_account_is_not_taken_twice_side_by_side(self):
        litigation = self._hand_over(self.invoice)
        for first, second in (("doubtful", "write_off"), ("write_off", "doubtful")):
            move = self._prepare(litigation, first)
            with self.subTest(first), self.assertRaisesRegex(UserError, "draft waits"):
                self._prepare(litigation, second)
            self.assertTrue(self._prepare(litigation, "provision").unlink())
            move.unlink()

    def test_an_account_that_is_not_set_is_named(self):
        self.company.dunning_loss_account_id = False
        litigation = self._hand_over(self.invoice)
        with self.assertRaisesRegex(UserError, "Irrecoverable Receivables"):
            self._prepare(litigation, "write_off")

    def test_nothing_is_prepared_of_what_is_paid(self):
        litigation = self._hand_over(self.invoice)
        self._pay(self.invoice)
        with self.assertRaisesRegex(UserError, "Nothing is left"):
            self._prepare(litigation, "write_off")

    def test_a_rate_is_a_share(self):
        litigation = self._hand_over(self.invoice)
        for rate in (0, -5, 101):
            with self.assertRaisesRegex(UserError, "at most 100"):
                self._prepare(litigation, "provision", rate=rate)

    def test_entries_are_prepared_by_accountants(self):
        litigation = self._hand_over(self.invoice)
        for user in (
            self.collector,
            self._create_user("manager", "group_dunning_manager"),
        ):
            with self.assertRaises(AccessError):
                self._prepare(litigation, "write_off", user)

    def test_settings_take_accounts_of_the_right_kind_alone(self):
        sales = self.company_data["default_journal_sale"]
        with self.assertRaisesRegex(ValidationError, "journal for miscellaneous"):
            self.company.dunning_doubtful_journal_id = sales
        misc = self.company_data["default_journal_misc"]
        self.company.dunning_doubtful_journal_id = misc
        other = self._create_second_company()
        with self.assertRaisesRegex(ValidationError, "journal for miscellaneous"):
            other.dunning_doubtful_journal_id = misc
        self.company.dunning_doubtful_journal_id = False
        for name in ("dunning_doubtful_account_id", "dunning_loss_account_id"):
            with self.assertRaisesRegex(ValidationError, "no account for this"):
                self.company[name] = self.vat

    # ------------------------------------------------------------------
    # WHO PREPARES THEM
    # ------------------------------------------------------------------

    def test_administrators_of_invoicing_are_accountants(self):
        administrator = self._create_user("administrator", "group_dunning_readonly")
        administrator.group_ids = [
            Command.set(self.env.ref("account.group_account_manager").ids)
        ]
        litigation = self._hand_over(self.invoice)
        move = self._prepare(litigation, "write_off", user=administrator)
        self.assertEqual(litigation.write_off_move_id, move)
        view = self.env["dunning.litigation"].with_user(administrator)
        self.assertIn("Prepare an Entry", view.get_view(view_type="form")["arch"])

    def test_the_entry_is_shown_before_it_is_made(self):
        litigation = self._hand_over(self.invoice)
        text = self._preview(litigation, "write_off")
        for part in ("654000", "445710", self.invoice.name, "100.00", "20.00"):
            self.assertIn(part, text)
        self.company.dunning_loss_account_id = False
        self.assertIn("No account is set", self._preview(litigation, "write_off"))
