from datetime import date as Date

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.account_dunning.tools import rates

from .common_legal import LegalCommon


@tagged("post_install", "-at_install")
class TestLimitation(LegalCommon):
    """Until when items can be claimed before a court, and why."""

    def _get_limitation(self, invoice):
        items = self._items(invoice)
        [found] = items._dunning_limitation_date().values()
        return found and (str(found.date), found.ground)

    def test_businesses_owe_for_five_years_and_consumers_for_two(self):
        consumer = self._create_late_invoice(partner=self.customer)
        business = self._create_late_invoice()
        self.assertEqual(self._get_limitation(business), ("2030-05-31", "due"))
        self.assertEqual(self._get_limitation(consumer), ("2027-05-31", "due"))

    def test_where_no_law_is_known_none_is_made_up(self):
        self.business.country_id = self.env.ref("base.us")
        items = self._items(self._create_late_invoice())
        self.assertEqual(items._dunning_limitation_date(), {items.id: None})
        self.assertIn("Time Limits by Law", items._dunning_tell_limitation(None))

    def test_a_partial_payment_begins_it_anew(self):
        invoice = self._create_late_invoice()
        self._pay(invoice, 100, date="2025-09-15")
        self.assertEqual(self._get_limitation(invoice), ("2030-09-15", "payment"))

    def test_a_credit_note_acknowledges_nothing(self):
        invoice = self._create_late_invoice()
        self._credit_note(invoice, 100, date="2025-09-15")
        self.assertEqual(self._get_limitation(invoice), ("2030-05-31", "due"))

    def test_a_promise_counts_once_the_customer_has_accepted_it(self):
        invoice = self._create_late_invoice()
        promise = self.env["dunning.promise"].create(
            {
                "partner_id": self.business.id,
                "move_line_ids": [Command.set(self._items(invoice).ids)],
                "line_ids": [Command.create({"date": self._day(5), "amount": 10})],
            }
        )
        self.assertEqual(self._get_limitation(invoice), ("2030-05-31", "due"))
        promise.acceptance_ids = self.env["ir.attachment"].create({"name": "Signed"})
        promise.action_accept()
        self.assertEqual(self._get_limitation(invoice), ("2031-03-02", "promise"))

    def test_an_act_that_somebody_records_counts_a_reminder_does_not(self):
        invoice = self._create_late_invoice()
        self._step()
        self.assertEqual(self._get_limitation(invoice), ("2030-05-31", "due"))
        self.env["dunning.acknowledgement"].with_user(self.collector).create(
            {
                "name": "Letter",
                "partner_id": self.business.id,
                "date": "2026-01-15",
                "move_line_ids": [Command.set(self._items(invoice).ids)],
            }
        )
        self.assertEqual(self._get_limitation(invoice), ("2031-01-15", "act"))

    def test_the_proof_of_an_act_may_be_there_already(self):
        files = self.env["ir.attachment"].with_user(self.collector)
        known = files.create(
            {
                "name": "answer.pdf",
                "raw": b"%PDF-1.4 answer",
                "res_model": self.business._name,
                "res_id": self.business.id,
            }
        )
        acts = self.env["dunning.acknowledgement"].with_user(self.collector)
        act = acts.create(
            {
                "name": "Answer",
                "partner_id": self.business.id,
                "attachment_ids": [Command.link(known.id)],
            }
        )
        self.assertEqual(act.attachment_ids.raw, b"%PDF-1.4 answer")
        self.assertEqual(known.res_id, self.business.id)
        act.write({"attachment_ids": [Command.link(known.id)]})
        self.assertEqual(len(act.attachment_ids), 2)

    def test_the_proof_of_an_act_is_read_by_its_readers_and_stays(self):
        files = self.env["ir.attachment"].with_user(self.collector)
        acts = self.env["dunning.acknowledgement"]
        letter = files.create(
            {
                "name": "letter.pdf",
                "raw": b"%PDF-1.4 letter",
                "res_model": acts._name,
                "res_id": 0,
            }
        )
        act = acts.with_user(self.collector).create(
            {
                "name": "Letter",
                "partner_id": self.business.id,
                "attachment_ids": [Command.link(letter.id)],
            }
        )
        auditor = self._create_user("auditor", "group_dunning_readonly")
        own = act.with_user(auditor).attachment_ids
        self.assertEqual(own.raw, b"%PDF-1.4 letter")
        for change in (
            lambda: act.attachment_ids.write({"raw": b"%PDF-1.4 other"}),
            lambda: act.attachment_ids.unlink(),
            lambda: act.attachment_ids.write({"db_datas": b"Forged"}),
            lambda: act.attachment_ids.write({"store_fname": "of/other"}),
            lambda: act.write({"attachment_ids": [Command.clear()]}),
            lambda: act.write({"attachment_ids": [Command.set([])]}),
        ):
            with self.assertRaises(UserError):
                change()

    def test_the_collector_is_told_once_that_an_item_will_soon_be_time_barred(self):
        invoice = self._create_late_invoice(partner=self.customer)
        self.customer.country_id = self.france
        activities = self.env["mail.activity"].sudo()
        domain = [("res_model", "=", "res.partner"), ("res_id", "=", self.customer.id)]
        self._run("2027-02-26")
        told = activities.search([*domain, ("summary", "ilike", "time-barred")])
        self.assertFalse(told)
        self._run("2027-03-02")
        told = activities.search([*domain, ("summary", "ilike", "time-barred")])
        self.assertEqual(told.user_id, self.collector)
        self.assertIn(invoice.name, told.note)
        told.unlink()
        self._run("2027-03-03")
        told = activities.search([*domain, ("summary", "ilike", "time-barred")])
        self.assertFalse(told)
        # A payment begins it anew: there is another last day.
        self._pay(invoice, 100, date="2027-03-04")
        self._run("2029-01-02")
        told = activities.search([*domain, ("summary", "ilike", "time-barred")])
        self.assertTrue(told)

    def test_what_is_time_barred_today_is_told_of_and_what_was_is_not(self):
        self.customer.country_id = self.france
        today, before = (
            self._create_late_invoice(due, partner=self.customer)
            for due in ("2025-05-31", "2025-05-30")
        )
        self._run("2027-05-31")
        activities = self.env["mail.activity"].sudo()
        told = activities.search([("summary", "ilike", "time-barred")])
        self.assertIn(today.name, told.note)
        self.assertNotIn(before.name, told.note)

    def test_only_what_is_owed_to_the_company_is_told_of(self):
        other = self._create_second_company()
        self.customer.country_id = self.france
        for values in ({"company": other}, {"post": False}):
            self._create_late_invoice(partner=self.customer, **values)
        payable = self.company_data["default_account_payable"]
        self._create_entry(self.customer, "2025-05-31", account=payable)
        self._run("2027-03-02")
        activities = self.env["mail.activity"].sudo()
        self.assertFalse(activities.search([("summary", "ilike", "time-barred")]))

    def test_nobody_is_told_where_no_days_ahead_are_set(self):
        self._create_late_invoice(partner=self.customer)
        self.customer.country_id = self.france
        self.company.dunning_limitation_days = 0
        self._run("2027-05-31")
        activities = self.env["mail.activity"].sudo()
        self.assertFalse(activities.search([("summary", "ilike", "time-barred")]))

    def test_an_act_names_the_items_of_its_customer(self):
        other = self._create_late_invoice(partner=self.customer)
        with self.assertRaisesRegex(UserError, "Choose items of"):
            self.env["dunning.acknowledgement"].create(
                {
                    "name": "Letter",
                    "partner_id": self.business.id,
                    "move_line_ids": [Command.set(self._items(other).ids)],
                }
            )

    def test_an_act_without_items_is_about_all_that_was_invoiced_by_then(self):
        before = self._create_late_invoice()
        after = self._create_late_invoice(due="2026-02-28", date="2026-01-29")
        self.env["dunning.acknowledgement"].create(
            {"name": "Letter", "partner_id": self.business.id, "date": "2026-01-15"}
        )
        self.assertEqual(self._get_limitation(before), ("2031-01-15", "act"))
        self.assertEqual(self._get_limitation(after), ("2031-02-28", "due"))

    def test_an_act_of_the_day_of_an_entry_is_about_it(self):
        entry = self._create_entry(
            self.business, "2026-01-15", date_maturity="2025-05-31"
        )
        self.assertEqual(self._get_limitation(entry), ("2030-05-31", "due"))
        self.env["dunning.acknowledgement"].create(
            {"name": "Letter", "partner_id": self.business.id, "date": "2026-01-15"}
        )
        self.assertEqual(self._get_limitation(entry), ("2031-01-15", "act"))

    def test_an_act_is_about_what_is_owed_to_its_company(self):
        other = self._create_second_company()
        invoice = self._create_late_invoice(company=other)
        own = self._create_late_invoice()
        self.env["dunning.acknowledgement"].create(
            {"name": "Letter", "partner_id": self.business.id, "date": "2026-01-15"}
        )
        self.assertEqual(self._get_limitation(own), ("2031-01-15", "act"))
        self.assertEqual(self._get_limitation(invoice), ("2030-05-31", "due"))


@tagged("post_install", "-at_install")
class TestPrintedTerms(LegalCommon):
    """What an invoice states of penalties is what is claimed."""

    def _print(self, text, **values):
        return self._create_late_invoice(narration=text, **values)

    def _get_rates(self, invoice, date="2025-12-31"):
        return [period[2] for period in self._get_interest(invoice, date)]

    def test_the_rate_on_the_invoice_is_claimed(self):
        invoice = self._print("<p>Pénalités de retard : 15 % l’an.</p>")
        self.assertEqual(self._get_rates(invoice), [15])
        terms = self.env["dunning.invoice.terms"].search([("move_id", "=", invoice.id)])
        self.assertEqual((terms.method, terms.rate), ("fixed", 15))
        self.assertIn(
            "15.00\N{NO-BREAK SPACE}%, while only the rate by law",
            invoice.dunning_rate_warning,
        )

    def test_three_times_the_legal_rate_follows_it(self):
        invoice = self._print("Retard : 3 fois le taux d'intérêt légal")
        self.assertEqual(self._get_rates(invoice), [11.13, 8.28])

    def test_the_lowest_that_the_law_allows_is_claimed(self):
        invoice = self._print("Pénalités de retard : 11,13 %")
        self.assertEqual(self._get_rates(invoice), [11.13])

    def test_what_is_stated_below_the_law_is_not_claimed_and_named(self):
        invoice = self._print("Pénalités de retard : 5 %")
        self.assertEqual(self._get_rates(invoice), [13.15, 12.15])
        self.assertIn("11.13", invoice.dunning_rate_warning)

    def test_what_differs_from_the_agreed_rate_is_named(self):
        self.env["dunning.contract.rate"].create(
            {
                "name": "Terms",
                "company_id": self.company.id,
                "rate": 18,
                "date_from": "2025-01-01",
            }
        )
        stated = self._print("Pénalités de retard : 15 %")
        same = self._print("Pénalités de retard : 18 %")
        self.assertIn("18.00\N{NO-BREAK SPACE}% is agreed", stated.dunning_rate_warning)
        self.assertEqual(self._get_rates(stated), [15])
        self.assertFalse(same.dunning_rate_warning)

    def test_a_difference_is_named_on_the_open_item_and_in_the_language_of_who_reads(
        self,
    ):
        self.env["res.lang"]._activate_lang("fr_FR")
        invoice = self._print("Pénalités de retard : 5 %")
        self.env.flush_all()
        item = (
            self.env["dunning.item"]
            .with_user(self.collector)
            .search([("move_id", "=", invoice.id)])
        )
        self.assertIn("5.00 %, less than the law allows (11.13 %)", item.rate_warning)
        self.assertIn("5,00", item.with_context(lang="fr_FR").rate_warning)
        stated = self._print("Pénalités de retard : 15 %")
        french = stated.with_context(lang="fr_FR").dunning_rate_warning
        self.assertIn("15,00\N{NO-BREAK SPACE}%", french)

    def test_an_invoice_that_states_nothing_is_named(self):
        self.assertIn("states no rate", self._print("Thanks").dunning_rate_warning)
        law = self._print("Retard : taux BCE + 10 points")
        self.assertFalse(law.dunning_rate_warning)
        self.assertEqual(self._get_rates(law), [13.15, 12.15])

    def test_what_is_stated_when_it_is_posted_again_takes_its_place(self):
        invoice = self._print("Pénalités de retard : 15 %")
        invoice.button_draft()
        invoice.narration = "Pénalités de retard : 16 %"
        invoice.action_post()
        self.assertEqual(self._get_rates(invoice), [16])

    def test_the_settings_say_what_is_wrong_with_the_rates(self):
        self._go_to("2026-03-02")

        def check():
            settings = self.env["dunning.settings"].with_user(self.manager).create({})
            return settings.dunning_rate_check or ""

        self.assertIn("state no rate", check())
        self.company.invoice_terms = "<p>Retard : taux BCE + 10 points</p>"
        self.assertFalse(check())
        self.env["dunning.contract.rate"].create(
            {
                "name": "Terms",
                "company_id": self.company.id,
                "rate": 18,
                "date_from": "2025-01-01",
            }
        )
        self.assertIn("18.00\N{NO-BREAK SPACE}% is agreed", check())
        self._go_to("2026-07-02")
        self.assertIn("not known today", check())

    def test_a_rate_that_is_that_of_the_law_is_no_difference(self):
        law = self._print("Pénalités de retard : 13,15 %")
        self.assertEqual(self._get_rates(law)[0], 13.15)
        self.assertFalse(law.dunning_rate_warning)
        other = self._print("Pénalités de retard : 13,16 %")
        self.assertIn(
            "while only the rate by law is agreed", other.dunning_rate_warning
        )

    def test_the_settings_compare_what_is_printed_with_what_the_law_says(self):
        self._go_to("2026-03-02")
        check = self.company._dunning_check_rates
        law = self.env["dunning.rate"]._get_schedule(
            self.company, self.france, "business"
        )
        percent = rates.find(law, self.company._dunning_today())._get_percent()
        for stated, told in ((percent, False), (percent + 0.01, True)):
            text = f"{stated:.2f}".replace(".", ",")
            self.company.invoice_terms = f"<p>Pénalités de retard : {text} %</p>"
            problems = check()
            self.assertEqual(len(problems), int(told))
            if told:
                self.assertIn("while only the rate by law is agreed", problems[0])

    def test_no_column_of_the_ledger_was_added(self):
        fields = self.env["account.move"]._fields
        self.assertFalse(fields["dunning_rate_warning"].store)

    def test_the_day_is_that_of_the_invoice(self):
        invoice = self._print("Pénalités de retard : 14,76 %", date="2024-10-01")
        self.assertEqual(self._get_rates(invoice, "2025-06-10"), [14.76])
        self.assertEqual(invoice.invoice_date, Date(2024, 10, 1))
