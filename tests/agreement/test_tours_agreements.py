from contextlib import contextmanager
from datetime import timedelta
from unittest.mock import patch

from odoo.tests import tagged

from ..test_tours import TourCommon

LANGUAGES = ("en_US", "fr_FR")


@tagged("post_install", "-at_install")
class TestAgreementTours(TourCommon):
    """The lives of promises and disputes in a real browser, in both languages."""

    def setUp(self):
        super().setUp()
        self.env["res.lang"]._activate_lang("fr_FR")

    # ------------------------------------------------------------------
    # BUILDERS
    # ------------------------------------------------------------------

    def _work_in(self, lang):
        """Let the collector work in a language.

        :return: a customer, and its overdue invoice
        """
        self.collector.lang = lang
        customer = self.env["res.partner"].create(
            {"name": f"Alpha {lang}", "email": "customer@example.com"}
        )
        return customer, self._create_overdue_invoice(customer)

    def _play(self, tour, record, user=None):
        """Play a tour on the form of a record."""
        login = (user or self.collector).login
        self.start_tour(f"/odoo/{record._name}/{record.id}", tour, login=login)

    def _promise(self, tour, customer):
        """Return the promise that a tour makes from the form of a customer."""
        self._play(tour, customer)
        return self.env["dunning.promise"].search([("partner_id", "=", customer.id)])

    def _pay(self, invoice, amount):
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        ).create(
            {"amount": amount, "payment_difference_handling": "open"}
        )._create_payments()

    @contextmanager
    def _on(self, day):
        """Set the clock of the companies to a day, for the browser too."""
        companies = type(self.env["res.company"])
        with patch.object(companies, "_dunning_today", lambda _company: day):
            yield

    # ------------------------------------------------------------------
    # PROMISES
    # ------------------------------------------------------------------

    def test_a_promise_is_made_withdrawn_taken_up_again_and_kept(self):
        for lang in LANGUAGES:
            with self.subTest(lang=lang):
                customer, invoice = self._work_in(lang)
                promise = self._promise("dunning_promise_made", customer)
                self.assertEqual((promise.amount, promise.amount_held), (600, 600))
                self._play("dunning_promise_confirmed", promise)
                self.assertTrue(promise.notice_ids.mail_id, "it has gone out")
                self._play("dunning_promise_withdrawn", promise)
                self.assertEqual(promise.amount_held, 600)
                self._pay(invoice, 600)
                self._play("dunning_promise_kept", promise)

    def test_a_plan_with_a_missed_instalment_is_renegotiated(self):
        for lang in LANGUAGES:
            with self.subTest(lang=lang):
                customer, invoice = self._work_in(lang)
                plan = self._promise("dunning_plan_made", customer)
                amounts = plan.line_ids.mapped("amount")
                self.assertEqual(amounts, [333.33, 333.33, 333.34])
                self._pay(invoice, 333.33)
                with self._on(plan.line_ids[1].date + timedelta(days=7)):
                    self.company._dunning_settle()
                    self._play("dunning_plan_broken", plan)
                self.assertEqual(plan.line_ids[0].state, "kept")
                new = self.env["dunning.promise"].search(
                    [("partner_id", "=", customer.id), ("state", "=", "open")]
                )
                self.assertRecordValues(
                    new, [{"promised_by": "Mr Alpha", "amount": 666.67}]
                )

    # ------------------------------------------------------------------
    # DISPUTES
    # ------------------------------------------------------------------

    def test_a_part_is_disputed_answered_accepted_and_credited(self):
        quality = self._create_department_user()
        accountant = self._create_accountant()
        for lang in LANGUAGES:
            with self.subTest(lang=lang):
                customer, invoice = self._work_in(lang)
                (quality | accountant).lang = lang
                self._play("dunning_dispute_recorded", customer)
                dispute = self.env["dunning.dispute"].search(
                    [("partner_id", "=", customer.id)]
                )
                self.assertEqual((dispute.amount, dispute.amount_held), (400, 400))
                self._play("dunning_dispute_answered", dispute, quality)
                self._play("dunning_dispute_accepted", dispute)
                self.assertEqual(dispute.amount_held, 400)
                credit_note = dispute.credit_note_ids
                self.assertRecordValues(
                    credit_note, [{"state": "draft", "amount_total": 400}]
                )
                self._play("dunning_credit_note_posted", credit_note, accountant)
                self.assertEqual(dispute.amount_held, 0)
                self.assertEqual(invoice.amount_residual, 600)
                self._play("dunning_dispute_credited", dispute)
                self._play("dunning_invoice_with_dispute", invoice)

    def _create_accountant(self):
        """Create who posts credit notes."""
        user = self._create_user("dunning_accountant", "readonly")
        user.group_ids |= self.env.ref("account.group_account_invoice")
        return user

    def _create_department_user(self):
        """Create who answers for a department, without any right on dunning, and a
        reason to ask them."""
        user = self._create_user("dunning_quality", "collector")
        user.group_ids = self.env.ref("base.group_user")
        department = self.env["dunning.department"].create(
            {"name": "Frames", "user_id": user.id}
        )
        self.env["dunning.reason"].create(
            {"name": "Bent Frame", "outcome": "dispute", "department_id": department.id}
        )
        return user
