from datetime import timedelta

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from ...models.legal.dunning_interest import InterestScope
from .common_legal import LegalCommon


@tagged("post_install", "-at_install")
class TestAcknowledgement(LegalCommon):
    """What an act is about is what it was about when it was recorded."""

    def _acknowledge(self, items=None, user=None, **values):
        acts = self.env["dunning.acknowledgement"].with_user(user or self.collector)
        return acts.create(
            {
                "name": "Letter",
                "partner_id": self.business.id,
                "date": "2026-01-15",
                "move_line_ids": [Command.set(items.ids if items else [])],
            }
            | values
        )

    def _attach(self, record):
        return (
            self.env["ir.attachment"]
            .with_user(self.collector)
            .create(
                {
                    "name": "letter.pdf",
                    "raw": b"%PDF-1.4 letter",
                    "res_model": record._name,
                    "res_id": record.id,
                }
            )
        )

    def _get_grounds(self, *moves):
        return [
            found.ground
            for move in moves
            for found in self._items(move)._dunning_limitation_date().values()
        ]

    def _agree_each(self, *agreed):
        """Return agreed rates, of each its customer, percent, first and last day."""
        return self.env["dunning.contract.rate"].create(
            [
                {
                    "name": "Offer",
                    "company_id": self.company.id,
                    "partner_id": partner.id,
                    "rate": rate,
                    "date_from": first,
                    "date_to": last,
                }
                for partner, rate, first, last in agreed
            ]
        )

    def _merge_with(self, other):
        wizard = self.env["base.partner.merge.automatic.wizard"]
        wizard._merge((self.business | other).ids, self.business)
        self.env.invalidate_all()

    def test_an_act_with_a_proof_is_duplicated(self):
        act = self._acknowledge()
        act.attachment_ids = self._attach(act)
        copy = act.copy()
        self.assertEqual(copy.attachment_ids.raw, b"%PDF-1.4 letter")
        self.assertNotEqual(copy.attachment_ids, act.attachment_ids)
        self.assertEqual(copy.attachment_ids.res_id, copy.id)
        for change in (Command.clear(), Command.unlink(copy.attachment_ids.id)):
            with self.assertRaises(UserError):
                copy.write({"attachment_ids": [change]})

    def test_an_act_with_a_proof_stays_about_what_it_was(self):
        items = self._items(self._create_late_invoice())
        act = self._acknowledge(items)
        other = self._create_business("Other")
        act.write({"partner_id": other.id, "move_line_ids": [Command.clear()]})
        act.write(
            {
                "partner_id": self.business.id,
                "move_line_ids": [Command.set(items.ids)],
                "attachment_ids": [Command.link(self._attach(act).id)],
            }
        )
        for values in (
            {"partner_id": other.id},
            {"move_line_ids": [Command.clear()]},
            {"company_id": self._create_second_company().id},
        ):
            with self.assertRaisesRegex(UserError, "has its proof"):
                act.write(values)
        act.name = "Letter of 15 January"

    def test_what_comes_to_a_customer_afterwards_was_not_acknowledged(self):
        first = self._create_late_invoice()
        other = self._create_business("Other")
        theirs = self._create_late_invoice(partner=other)
        self._acknowledge()
        later = self._create_late_invoice()
        theirs.button_draft()
        theirs.partner_id = self.business
        theirs.action_post()
        self.assertEqual(self._get_grounds(first, later, theirs), ["act", "due", "due"])

    def test_an_act_of_an_item_that_is_gone_is_about_nothing_else(self):
        other = self._create_late_invoice()
        gone = self._create_late_invoice()
        self._acknowledge(self._items(gone))
        gone.button_draft()
        gone.with_context(force_delete=True).unlink()
        self.assertEqual(self._get_grounds(other), ["due"])

    def test_who_becomes_another_customer_takes_along_what_was_acknowledged(self):
        invoice = self._create_late_invoice()
        other = self._create_business("Other")
        theirs = self._create_late_invoice(partner=other)
        rate = self.env["dunning.contract.rate"].create(
            {
                "name": "Offer",
                "company_id": self.company.id,
                "partner_id": self.business.id,
                "rate": 18,
                "date_from": "2025-01-01",
            }
        )
        act = self._acknowledge()
        self.business.write({"is_company": False, "parent_id": other.id})
        self.assertEqual(act.partner_id, other)
        self.assertEqual(self._get_grounds(invoice, theirs), ["act", "due"])
        # The other has agreed to nothing, and owes something.
        self.assertEqual(rate.partner_id, self.business)

    def test_who_becomes_another_customer_that_owes_nothing_keeps_its_rate(self):
        invoice = self._create_late_invoice()
        other = self._create_business("Other")
        rates = self.env["dunning.contract.rate"]
        values = {"name": "Offer", "company_id": self.company.id, "rate": 18}
        values |= {"partner_id": self.business.id}
        rate = rates.create(values | {"date_from": "2025-01-01"})
        self.business.write({"is_company": False, "parent_id": other.id})
        self.assertEqual(rate.partner_id, other)
        self.assertEqual([p[2] for p in self._get_interest(invoice)], [18])

    def test_who_becomes_another_customer_keeps_its_rate_until_that_ones_begins(self):
        invoice = self._create_late_invoice()
        other = self._create_business("Other")
        rate, later = self._agree_each(
            (self.business, 18, "2025-01-01", False), (other, 19, "2026-03-01", False)
        )
        self.business.write({"is_company": False, "parent_id": other.id})
        self.assertEqual([p[2] for p in self._get_interest(invoice)], [18])
        self.assertEqual((rate | later).partner_id, other)
        self.assertEqual(str(rate.date_to), "2026-02-28")
        self.assertFalse(later.date_to)

    def test_merged_customers_owe_interest_once(self):
        invoice = self._create_late_invoice()
        other = self._create_business("Other")
        first, second, last = self._agree_each(
            (self.business, 16, "2025-01-01", "2025-12-31"),
            (other, 18, "2025-01-01", "2025-12-31"),
            (other, 20, "2026-01-01", False),
        )
        self._merge_with(other)
        self.assertEqual([p[2] for p in self._get_interest(invoice)], [18])
        self.assertEqual((first | second | last).partner_id, self.business)
        self.assertEqual(
            [first.active, second.active, last.active], [False, True, True]
        )
        second.date_to = "2025-12-30"

    def test_of_merged_customers_a_rate_of_some_days_ends_no_other_for_good(self):
        invoice = self._create_late_invoice()
        other = self._create_business("Other")
        agreed = self._agree_each(
            (self.business, 16, "2024-01-01", False),
            (other, 18, "2024-03-01", "2024-03-10"),
        )
        self._merge_with(other)
        self.assertEqual([p[2] for p in self._get_interest(invoice)], [16])
        found = agreed.search(
            [("partner_id", "=", self.business.id)], order="date_from"
        )
        days = [(str(rate.date_from), str(rate.date_to or "")) for rate in found]
        spans = [("2024-01-01", "2024-02-29"), ("2024-03-01", "2024-03-10")]
        self.assertEqual(days, [*spans, ("2024-03-11", "")])
        self.assertTrue(all(agreed.mapped("active")))

    def test_what_was_agreed_before_the_law_was_known_ends_all_the_same(self):
        other = self._create_business("Other")
        first, second = self._agree_each(
            (self.business, 30, "2025-01-01", False), (other, 30, "2026-02-01", False)
        )
        self.env.flush_all()
        # As it was possible before the rate of the law was entered.
        self.env.cr.execute(
            "UPDATE dunning_contract_rate SET rate = 2 WHERE id = %s", [first.id]
        )
        self.env.invalidate_all()
        first.date_to = "2026-03-31"
        with self.assertRaisesRegex(ValidationError, "less than the law allows"):
            first.date_to = False
        self._merge_with(other)
        self.assertEqual(str(first.date_to), "2026-01-31")
        self.assertEqual(second.partner_id, self.business)

    def test_rates_that_two_have_entered_at_once_are_owed_once(self):
        invoice = self._create_late_invoice()
        values = {"name": "Offer", "company_id": self.company.id, "rate": 18}
        values |= {"partner_id": self.business.id, "date_from": "2025-01-01"}
        first = self.env["dunning.contract.rate"].create(values)
        self.env.flush_all()
        self.env.cr.execute(
            """
            INSERT INTO dunning_contract_rate
                        (name, company_id, partner_id, date_from, method, rate, active)
                 SELECT name, company_id, partner_id, date_from, method, 20, TRUE
                   FROM dunning_contract_rate
                  WHERE id = %s
            """,
            [first.id],
        )
        self.assertEqual([p[2] for p in self._get_interest(invoice)], [20])
        items = self._items(invoice)
        day = items.date_maturity + timedelta(days=30)
        scope = InterestScope(self.company, day, items=tuple(items.ids))
        debts = self.env["dunning.interest"]._get_debt_sql(scope)
        self.assertEqual(len(self.env.execute_query(debts)), 1)

    def test_what_a_contact_has_acknowledged_its_customer_has(self):
        invoice = self._create_late_invoice()
        contact = self.env["res.partner"].create(
            {"name": "Director", "parent_id": self.business.id}
        )
        act = self._acknowledge(partner_id=contact.id)
        self.assertEqual(act.partner_id, self.business)
        self.assertEqual(self._get_grounds(invoice), ["act"])

    def test_an_act_and_a_rate_of_a_contact_are_those_of_its_customer(self):
        contact = self._create_customer("Contact", parent_id=self.business.id)
        act = self._acknowledge(partner_id=contact.id)
        rate = self.env["dunning.contract.rate"].create(
            {"name": "Contract", "rate": 18, "partner_id": contact.id}
        )
        for record in (act, rate):
            self.assertEqual(record.partner_id, self.business)
            record.partner_id = contact
            self.assertEqual(record.partner_id, self.business)

    def _do_over(self, invoice, terms):
        """Have an invoice get other items."""
        before = self._items(invoice)
        invoice.button_draft()
        invoice.invoice_payment_term_id = terms
        invoice.action_post()
        self.env.invalidate_all()
        self.assertNotEqual(self._items(invoice), before)

    def test_an_act_about_an_invoice_is_about_it_when_it_gets_other_items(self):
        invoice, other = self._create_late_invoice(), self._create_late_invoice()
        act = self._acknowledge(self._items(invoice))
        self._do_over(invoice, self._create_terms((40, 0), (60, 31)))
        self.assertEqual(act.move_line_ids, self._items(invoice))
        self.assertEqual(self._get_grounds(invoice, other), ["act", "act", "due"])

    def test_an_act_about_a_part_that_is_gone_is_about_nothing_else(self):
        other = self._create_late_invoice()
        terms = self._create_terms((40, 0), (60, 31))
        invoice = self._create_late_invoice(terms=terms, date="2025-05-10")
        act = self._acknowledge(self._items(invoice)[1])
        at_once = self.env.ref("account.account_payment_term_immediate")
        self._do_over(invoice, at_once)
        self.assertFalse(act.move_line_ids)
        self.assertEqual(self._get_grounds(invoice, other), ["due", "due"])
        act.name = "Letter of the director"
        self.assertEqual(self._get_grounds(invoice, other), ["due", "due"])

    def test_an_act_whose_items_have_gone_does_not_become_one_about_all(self):
        self._create_late_invoice()
        gone = self._create_late_invoice()
        act = self._acknowledge(self._items(gone))
        gone.button_draft()
        gone.with_context(force_delete=True).unlink()
        act.move_line_ids = [Command.clear()]
        self.assertFalse(act.move_line_ids)
        with self.assertRaisesRegex(UserError, "record a new one"):
            act.copy()

    def test_what_was_acknowledged_is_not_of_another_customer(self):
        invoice = self._create_late_invoice()
        self._acknowledge(self._items(invoice))
        self.assertEqual(self._get_grounds(invoice), ["act"])
        for customer, ground in (
            (self._create_business("Other"), "due"),
            (self.business, "act"),
        ):
            invoice.button_draft()
            invoice.partner_id = customer
            invoice.action_post()
            self.assertEqual(self._get_grounds(invoice), [ground])

    def test_an_act_with_a_proof_names_no_more_by_another_day(self):
        before = self._create_late_invoice()
        self._create_late_invoice(due="2026-02-28", date="2026-01-29")
        act = self._acknowledge()
        act.attachment_ids = self._attach(act)
        act.date = "2026-02-01"
        self.assertEqual(act.move_line_ids, self._items(before))

    def test_what_the_system_keeps_of_an_act_is_set_by_nobody(self):
        invoice = self._create_late_invoice()
        self._create_late_invoice()
        kept = {"names_all": True, "move_ids": [Command.clear()]}
        act = self._acknowledge(self._items(invoice), **kept)
        act.write(kept)
        self.assertFalse(act.names_all)
        self.assertEqual(act.move_ids, invoice)

    def test_an_act_about_all_is_about_what_was_invoiced_by_the_day_corrected(self):
        before = self._create_late_invoice()
        later = self._create_late_invoice(due="2026-02-28", date="2026-01-29")
        chosen = self._acknowledge(self._items(later), date="2026-02-01")
        act = self._acknowledge(date="2026-02-01")
        for day, invoices in (("2026-01-15", before), ("2026-01-30", before | later)):
            (act | chosen).date = day
            self.assertEqual(act.move_line_ids, self._items(invoices))
        self.assertEqual(chosen.move_line_ids, self._items(later))
        # Choosing none again is choosing all.
        chosen.move_line_ids = False
        self.assertEqual(chosen.move_line_ids, self._items(before | later))

    def test_items_that_are_chosen_beside_a_day_are_those_alone(self):
        before = self._create_late_invoice()
        self._create_late_invoice(due="2026-02-28", date="2026-01-29")
        act = self._acknowledge(date="2026-01-15")
        act.write({"date": "2026-02-01", "move_line_ids": self._items(before).ids})
        self.assertEqual(act.move_line_ids, self._items(before))

    def test_nothing_is_acknowledged_on_a_day_to_come(self):
        with self.assertRaisesRegex(UserError, "day to come"):
            self._acknowledge(date=self.company._dunning_today() + timedelta(days=1))
        self.assertTrue(self._acknowledge(date=self.company._dunning_today()))
