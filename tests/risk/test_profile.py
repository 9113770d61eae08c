from unittest.mock import patch

from odoo import Command
from odoo.tests import tagged
from odoo.tools import SQL

from odoo.addons.account_dunning.models.risk import dunning_profile

from .common_risk import RiskCommon


@tagged("post_install", "-at_install")
class TestProfile(RiskCommon):
    """How a customer pays, from its ledger."""

    def assertProfile(self, partner=None, **expected):
        row = self._profile(partner)
        found = {name: row.get(name) for name in expected}
        for name, value in expected.items():
            if isinstance(value, float) and found[name] is not None:
                found[name] = float(found[name])
        self.assertEqual(found, expected)

    # ------------------------------------------------------------------
    # HOW IT PAYS
    # ------------------------------------------------------------------

    def test_a_customer_of_whom_nothing_is_known_has_no_profile(self):
        self.assertEqual(self._profile(self._create_customer("New")), {})

    def test_two_invoices_are_no_history(self):
        self._pay_late(self.customer, 70, 80)
        self.assertProfile(rating=None, rating_rule=None, item_count=2)
        self.assertEqual(self.customer.dunning_rating_reason, "Too little history")
        self.assertFalse(self.customer.dunning_rating)

    def test_delays_are_averaged_by_item_and_weighted_by_amount(self):
        self._pay_late(self.customer, 10, 20)
        self._pay_late(self.customer, 60, amount=800, first=-150)
        self.assertProfile(average_delay=30.0, delay=51.0, late_share=1.0)

    def test_who_pays_early_is_late_by_less_than_nothing(self):
        self._pay_late(self.customer, -5, -10, 0)
        self.assertProfile(
            average_delay=-5.0, late_share=0.0, rating="a", rating_rule="on_time"
        )

    def test_an_item_paid_in_parts_is_late_by_the_last_of_them(self):
        invoice = self._create_invoice(due=-100)
        self._pay(invoice, 25, -100)
        self._pay(invoice, 75, -80)
        self.assertProfile(average_delay=20.0, delay=15.0, item_count=1)

    def test_what_was_paid_more_than_a_year_ago_does_not_count(self):
        self._pay_late(self.customer, 50, first=-420)
        self.assertEqual(self._profile(), {})

    def test_what_was_paid_a_year_ago_to_the_day_does_not_count(self):
        self._pay_late(self.customer, 0, first=-365)
        self.assertEqual(self._profile(), {})
        self._pay_late(self.customer, 0, first=-364)
        self.assertProfile(item_count=1)

    def test_a_credit_note_is_no_payment(self):
        self._credit_note(self._create_invoice(due=-100), date=-50)
        self.assertEqual(self._profile(), {})

    def test_the_last_months_are_compared_with_those_before(self):
        self._pay_late(self.customer, 2, 2, 2, first=-200)
        self._pay_late(self.customer, 40, first=-60)
        self.assertProfile(trend=38.0, rating="d", rating_rule="worsening")

    def test_who_has_paid_lately_only_has_no_trend(self):
        self._pay_late(self.customer, 2, 2, 2, first=-40)
        self.assertProfile(trend=None, rating="b", rating_rule="late_items")

    def test_what_was_paid_three_months_ago_to_the_day_was_before(self):
        self._pay_late(self.customer, 2, 2, first=-40)
        self._pay_late(self.customer, 2, first=-91)
        self.assertIsNone(self._profile()["trend"])
        # On December 2.
        self._pay_late(self.customer, 2, first=-92)
        self.assertEqual(self._profile()["trend"], 0)

    def test_who_pays_only_after_a_reminder_is_recognised(self):
        for due in (-60, -50, -40):
            invoice = self._create_invoice(due=due)
            self._step(due + 5)
            self._pay(invoice, date=due + 8)
        self._go_to(0)
        self.assertProfile(
            reminded_share=1.0, rating="c", rating_rule="reminded", average_delay=8.0
        )

    def test_broken_promises_count(self):
        invoice = self._create_invoice(due=-40)
        self._go_to(-30)
        self.env["dunning.promise"].create(
            {
                "partner_id": self.customer.id,
                "move_line_ids": [Command.set(self._items(invoice).ids)],
                "line_ids": [Command.create({"date": self._day(-20), "amount": 100})],
            }
        )
        self._go_to(0)
        self.company._dunning_settle()
        self.assertProfile(broken_count=1, promised=0.0, to_collect=100.0)
        self._pay_late(self.customer, 0, 0, 0)
        self.assertProfile(rating="c", rating_rule="broken")

    def test_rejected_disputes_count_with_the_highest_level(self):
        invoice = self._create_invoice(due=-20)
        self._step(-3)
        self._go_to(0)
        dispute = self.env["dunning.dispute"].create(
            {
                "move_line_ids": [Command.set(self._items(invoice).ids)],
                "reason_id": self.env.ref("account_dunning.reason_price").id,
            }
        )
        self.assertProfile(rejected_count=0, disputed=100.0, to_collect=0.0)
        dispute.action_reject()
        level = self.scenario.level_ids.sorted("delay_days")[0]
        self.assertProfile(rejected_count=1, disputed=0.0, level_id=level.id)

    # ------------------------------------------------------------------
    # WHAT IS TO BE COLLECTED
    # ------------------------------------------------------------------

    def test_to_collect_is_what_is_overdue_less_what_is_kept_out_and_credits(self):
        invoices = self._create_invoice(due=-20, amount=1000)
        disputed = self._create_invoice(due=-10, amount=300)
        self._create_invoice(due=10, amount=5000)
        self.env["dunning.dispute"].create(
            {
                "move_line_ids": [Command.set(self._items(disputed).ids)],
                "amount": 200,
                "reason_id": self.env.ref("account_dunning.reason_price").id,
            }
        )
        self.env["dunning.promise"].create(
            {
                "partner_id": self.customer.id,
                "move_line_ids": [Command.set(self._items(invoices).ids)],
                "line_ids": [Command.create({"date": self._day(5), "amount": 400})],
            }
        )
        self._create_payment(amount=50)
        self._create_hold(amount=30)
        self.assertProfile(
            receivable=6250.0,
            exposure=6250.0,
            overdue=1300.0,
            disputed=200.0,
            promised=400.0,
            held=30.0,
            credit=50.0,
            to_collect=620.0,
            date_oldest=self._day(-20),
        )

    def test_credits_and_holds_take_no_more_than_what_is_overdue(self):
        self._create_invoice(due=-20, amount=100)
        self._create_payment(amount=70)
        self._create_hold(amount=500)
        self.assertProfile(overdue=100.0, held=100.0, credit=0.0, to_collect=0.0)

    def test_a_customer_on_hold_as_a_whole_owes_nothing_to_collect(self):
        self._create_invoice(due=-20, amount=100)
        self._create_hold()
        self.assertProfile(overdue=100.0, held=100.0, to_collect=0.0)

    def test_what_is_excluded_counts_for_the_balance_alone(self):
        invoice = self._create_invoice(due=-20, amount=100)
        self._items(invoice).no_followup = True
        self.assertProfile(receivable=100.0, overdue=0.0, to_collect=0.0)

    def test_currencies_cover_their_own_items_only(self):
        usd = self._enable_currency("USD")
        self._create_invoice(due=-20, amount=100)
        self._create_invoice(due=-20, amount=100, currency=usd)
        self._create_payment(amount=1000)
        row = self._profile()
        self.assertEqual(row["credit"], 100)
        self.assertEqual(row["to_collect"], row["overdue"] - 100)
        self.assertGreater(row["to_collect"], 0)

    def test_contacts_are_the_customer_s(self):
        contact = self._create_customer("Contact", parent_id=self.customer.id)
        self._pay_late(contact, 40, 40, 40)
        self.assertProfile(rating="d", rating_rule="late")
        self.assertEqual(contact.dunning_rating, "d")

    def test_each_company_has_its_own(self):
        other = self._create_second_company()
        self._pay_late(self.customer, 40, 40, 40)
        self.assertEqual(self.customer.dunning_rating, "d")
        self.assertEqual(self._profile(company=other), {})
        self.assertFalse(self.customer.with_company(other).dunning_rating)

    # ------------------------------------------------------------------
    # WHEN IT IS WRITTEN
    # ------------------------------------------------------------------

    def _get_marks(self):
        return self.env["dunning.profile.mark"]._get_partner_ids(self.company)

    def test_a_payment_changes_the_profile_at_once(self):
        self._pay_late(self.customer, 0, 0)
        self._refresh()
        self.assertEqual(self._get_marks(), [])
        self.assertFalse(self._kept().rating)
        self._pay_late(self.customer, 0, first=-20)
        self.assertEqual(self.customer.dunning_rating, "a")
        self.assertFalse(self._kept().rating, "written by the payment")
        self.assertEqual(
            self.env["res.partner"].search(
                [("id", "=", self.customer.id), ("dunning_rating", "=", "a")]
            ),
            self.customer,
        )

    def test_a_payment_that_bounces_takes_it_back(self):
        self._pay_late(self.customer, 0, 0)
        invoice = self._create_invoice(due=-100)
        self._pay(invoice, date=-100)
        self.assertEqual(self.customer.dunning_rating, "a")
        self._items(invoice).remove_move_reconcile()
        self.env.invalidate_all()
        self.assertProfile(rating="e", rating_rule="unpaid_long", item_count=2)

    def test_the_scheduled_action_writes_those_that_have_changed(self):
        other = self._create_customer("Other")
        self._pay_late(self.customer, 0, 0, 0)
        self._pay_late(other, 40, 40, 40)
        self.assertFalse(self._kept())
        self._trigger_cron("account_dunning.cron_profile_changed")
        self.assertEqual(self._kept().rating, "a")
        self.assertEqual(self._kept(other).rating, "d")
        self.assertEqual(self._get_marks(), [])

    def test_each_night_all_are_written_for_time_changes_them_too(self):
        self._create_invoice(due=-10)
        self._create_invoice(due=-10)
        self._create_invoice(due=-10)
        self._refresh()
        self.assertFalse(self._kept().rating)
        self._go_to(85)
        self._trigger_cron("account_dunning.cron_profile")
        self.assertEqual(self._kept().rating, "e")

    def test_right_after_the_installation_all_are_written_soon(self):
        self._pay_late(self.customer, 0, 0, 0)
        self.env["dunning.profile.mark"]._forget(self.company)
        self._trigger_cron("account_dunning.cron_profile_changed")
        self.assertEqual(self._kept().rating, "a")

    def test_a_company_that_begins_later_gets_its_own_soon(self):
        self._refresh()
        self._create_invoice(due=-10)
        self._refresh()
        other = self._create_second_company()
        self._create_invoice(due=-10, company=other)
        self.env["dunning.profile.mark"]._forget(other)
        self._trigger_cron("account_dunning.cron_profile_changed")
        self.assertTrue(self.profiles.search([("company_id", "=", other.id)]))

    def test_what_happens_in_a_company_is_followed_in_its_branches(self):
        branch = self._create_branch()
        self._create_invoice(due=-10, company=branch)
        self.profiles._refresh(branch)
        self._create_payment(amount=30)
        self.assertEqual(self._profile(company=branch)["to_collect"], 70)
        self.profiles._refresh(branch)
        self.assertEqual(self._profile(company=branch)["to_collect"], 70)

    def test_a_list_does_not_wait_for_all_that_was_imported(self):
        self._pay_late(self.customer, 40, 40, 40)
        self._refresh()
        self._pay_late(self.customer, *[0] * 9)
        with patch.object(dunning_profile, "MOST_LIVE", 0):
            found = self.env["res.partner"].search([("dunning_rating", "=", "d")])
            self.assertIn(self.customer, found)
            self.assertNotEqual(self.customer.dunning_rating, "d", "one by one")

    def test_a_profile_that_says_nothing_any_more_goes(self):
        invoice = self._create_invoice(due=-10)
        self._refresh()
        self.assertTrue(self._kept())
        invoice.button_draft()
        self._refresh()
        self.assertFalse(self._kept())

    def test_writing_what_is_as_it_was_writes_nothing(self):
        self._pay_late(self.customer, 1, 9, 17)
        self._create_invoice(due=-3, amount=33.33)
        self._refresh()
        where = SQL(
            "SELECT xmin::text FROM dunning_profile WHERE partner_id = %s",
            self.customer.id,
        )
        query = self.profiles._get_refresh_query(self.company, None)
        self.env.cr.execute(query)
        self.assertEqual(self.env.cr.rowcount, 0)
        self.assertTrue(self.env.execute_query(where))

    def test_what_is_kept_is_what_the_ledger_says(self):
        self._pay_late(self.customer, 1, 9, 17)
        self._create_invoice(due=-3, amount=33.33)
        fresh = self._profile()
        self._refresh()
        self.assertFalse(self._get_marks())
        self.assertEqual(self._profile(), fresh)

    # ------------------------------------------------------------------
    # ON THE CUSTOMER
    # ------------------------------------------------------------------

    def test_customers_are_searched_sorted_and_grouped_by_their_profile(self):
        good, bad = self._create_customer("Good"), self._create_customer("Bad")
        new = self._create_customer("New")
        self._pay_late(good, 0, 0, 0)
        self._pay_late(bad, 40, 40, 40)
        partners = self.env["res.partner"]
        among = [("id", "in", (good | bad | new).ids)]
        self.assertEqual(
            partners.search([*among, ("dunning_rating", "in", ["d", "e"])]), bad
        )
        self.assertEqual(partners.search([*among, ("dunning_rating", "=", False)]), new)
        self.assertEqual(
            partners.search([*among, ("dunning_rating", "!=", "d")]), good | new
        )
        self.assertEqual(
            partners.search([*among, ("dunning_average_delay", ">", 30)]), bad
        )
        self.assertEqual(
            partners.search(among, order="dunning_rating desc")[:2], new | bad
        )
        groups = partners._read_group(among, ["dunning_rating"], ["__count"])
        self.assertEqual(dict(groups), {"a": 1, "d": 1, False: 1})

    def test_the_limit_is_that_of_accounting(self):
        self.company.account_use_credit_limit = True
        self.customer.credit_limit = 5000
        self.assertEqual(self.customer.dunning_credit_limit, 5000)
        self.company.account_use_credit_limit = False
        self.env.invalidate_all()
        self.assertEqual(self.customer.dunning_credit_limit, 0)

    def test_the_profile_tells_its_figures_in_words(self):
        self._pay_late(self.customer, 40, 40, 40)
        text = str(self.customer.dunning_profile)
        self.assertIn("D – Pays late", text)
        self.assertIn("40.0 on average", text)
        self.assertIn("100 %", text)
        self.assertNotIn("Lately", text)
        self._refresh()
        reasons = self.profiles._get_rule_labels()
        kept = self._kept()
        self.assertEqual(kept.rating_reason, reasons[kept.rating_rule])
