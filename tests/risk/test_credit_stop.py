from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, new_test_user, tagged

from .common_risk import RiskCommon


@tagged("post_install", "-at_install")
class TestCreditStop(RiskCommon):
    """To whom nothing is sold on credit, why, and who lets them buy."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._create_user("manager", "group_dunning_manager")

    def _stop(self, partner=None):
        partner = (partner or self.customer).with_company(self.company)
        self.env.flush_all()
        self.env.invalidate_all()
        return partner.dunning_credit_stop, partner.dunning_credit_stop_reason

    def _watch(self, effect):
        return self.env["dunning.watch"].create(
            {"partner_id": self.customer.id, "reason": "Bad news", "effect": effect}
        )

    def test_who_may_release_a_stop_is_told_by_name(self):
        self.manager.name = "Camille Renard"
        seller = new_test_user(self.env, "seller_of_it", "base.group_user")
        company = self.company.with_user(seller)
        with patch.object(self.registry["res.company"], "_dunning_find_users") as found:
            found.return_value = self.manager.ids
            self.assertEqual(company._dunning_tell_releaser(), "Camille Renard")
            found.return_value = []
            self.assertEqual(company._dunning_tell_releaser(), "a credit manager")
            found.return_value = seller.ids
            self.assertEqual(company._dunning_tell_releaser(), seller.name)

    # ------------------------------------------------------------------
    # CAUSES
    # ------------------------------------------------------------------

    def test_nobody_is_stopped_unless_the_company_says_so(self):
        self.company.account_use_credit_limit = True
        self.customer.credit_limit = 10
        self._create_invoice(due=-200, amount=500)
        self.assertEqual(self._stop(), ("none", False))

    def test_above_the_limit(self):
        self.company.account_use_credit_limit = True
        self.company.dunning_stop_limit = "block"
        self.customer.credit_limit = 500
        self._create_invoice(due=10, amount=500)
        self.assertEqual(self._stop()[0], "none")
        invoice = self._create_invoice(due=10, amount=1)
        self.assertEqual(self._stop(), ("block", "above the credit limit"))
        self._pay(invoice)
        self.assertEqual(self._stop()[0], "none", "its cause is gone")

    def test_without_limits_in_accounting_there_is_none_to_exceed(self):
        self.company.dunning_stop_limit = "block"
        self.company.account_use_credit_limit = False
        self.customer.credit_limit = 10
        self._create_invoice(due=10, amount=500)
        self.assertEqual(self._stop()[0], "none")

    def test_long_overdue(self):
        self.company.write({"dunning_stop_age": "warn", "dunning_stop_days": 60})
        self._create_invoice(due=-59)
        self.assertEqual(self._stop()[0], "none")
        self._go_to(1)
        self.assertEqual(self._stop(), ("warn", "long overdue"))

    def test_what_is_disputed_altogether_stops_nobody(self):
        self.company.dunning_stop_age = "block"
        invoice = self._create_invoice(due=-90)
        self.assertEqual(self._stop()[0], "block")
        self.env["dunning.dispute"].create(
            {
                "move_line_ids": [(6, 0, self._items(invoice).ids)],
                "reason_id": self.env.ref("account_dunning.reason_price").id,
            }
        )
        self.assertEqual(self._stop()[0], "none")

    def test_after_a_formal_notice(self):
        self.company.dunning_stop_notice = "block"
        self._set_levels([("Formal Notice", 5, {"tone": "formal"})])
        invoice = self._create_invoice(due=-20)
        self.assertEqual(self._stop()[0], "none")
        self._step(0)
        self.assertEqual(self._stop(), ("block", "formal notice"))
        self._pay(invoice)
        self.assertEqual(self._stop()[0], "none")

    def test_on_the_watch_list(self):
        self._watch("alert")
        self.assertEqual(self._stop()[0], "none")
        watch = self._watch("block")
        self.assertEqual(self._stop(), ("block", "on the watch list: Bad news"))
        watch.action_close()
        self.assertEqual(self._stop()[0], "none")

    def test_the_strongest_counts_and_all_are_told(self):
        self.company.write({"dunning_stop_age": "block"})
        self._create_invoice(due=-90)
        self._watch("warn")
        self.assertEqual(
            self._stop(), ("block", "long overdue, on the watch list: Bad news")
        )

    def test_contacts_are_stopped_with_their_customer(self):
        contact = self._create_customer("Contact", parent_id=self.customer.id)
        self._watch("block")
        self.assertEqual(self._stop(contact)[0], "block")

    # ------------------------------------------------------------------
    # RELEASING
    # ------------------------------------------------------------------

    def test_a_manager_releases_until_a_day_and_takes_it_back(self):
        self._watch("block")
        releases = self.env["dunning.stop.release"].with_user(self.manager)
        with Form(releases) as form:
            form.partner_id = self.customer
            form.reason = "Paid by transfer"
            form.date_end = self._day(2)
        stop, reason = self._stop()
        self.assertEqual(stop, "warn")
        self.assertIn("Paid by transfer", reason)
        self._go_to(2)
        self.assertEqual(self._stop()[0], "warn")
        self._go_to(3)
        self.assertEqual(self._stop()[0], "block")
        self._go_to(0)
        form.record.action_withdraw()
        self.assertEqual(self._stop()[0], "block")
        with self.assertRaises(UserError):
            form.record.action_withdraw()

    def test_a_stop_that_two_have_released_holds_once_one_of_them_takes_it_back(self):
        self._watch("block")
        releases = self.env["dunning.stop.release"].with_user(self.manager)
        values = {"partner_id": self.customer.id, "date_end": self._day(2)}
        first = releases.create({**values, "reason": "Paid by transfer"})
        second = releases.create({**values, "reason": "Cheque seen"})
        first.action_withdraw()
        self.assertTrue(second.date_withdrawn)
        self.assertEqual(self._stop()[0], "block")

    def test_several_are_released_at_once(self):
        other = self._create_customer("Other")
        dialog = self.env["dunning.stop.dialog"].with_user(self.manager)
        with Form(dialog) as form:
            form.partner_ids.add(self.customer)
            form.partner_ids.add(other)
            form.reason = "Agreed with management"
        form.record.action_apply()
        found = self.env["dunning.stop.release"].search([])
        self.assertEqual(found.partner_id, self.customer | other)
        self.assertEqual(found.user_id, self.manager)
        # The button was pressed twice.
        with self.assertRaises(UserError):
            form.record.action_apply()

    def test_who_may_not_release_does_not(self):
        values = {"partner_id": self.customer.id, "reason": "Please"}
        for user in (
            self.collector,
            new_test_user(
                self.env,
                "stop_seller",
                "base.group_user,account_dunning.group_dunning_rating",
            ),
        ):
            with self.assertRaises(AccessError):
                self.env["dunning.stop.release"].with_user(user).create(values)
        release = (
            self.env["dunning.stop.release"].with_user(self.manager).create(values)
        )
        with self.assertRaises(AccessError):
            release.with_user(self.collector).action_withdraw()

    def test_a_release_is_not_changed_nor_dated_back(self):
        releases = self.env["dunning.stop.release"].with_user(self.manager)
        values = {"partner_id": self.customer.id, "reason": "Please"}
        release = releases.create(values)
        self.assertEqual(release.date_end, self.today)
        with self.assertRaises(UserError):
            release.reason = "Something else"
        with self.assertRaises(AccessError):
            release.unlink()
        with self.assertRaises(ValidationError):
            releases.create(values | {"date_end": self._day(-1)})
        with self.assertRaises(UserError):
            releases.create(values | {"user_id": self.collector.id})

    # ------------------------------------------------------------------
    # RIGHTS
    # ------------------------------------------------------------------

    def test_a_salesperson_sees_the_stop_in_words_and_no_figure(self):
        seller = new_test_user(
            self.env,
            "words_seller",
            "base.group_user,account_dunning.group_dunning_rating",
            company_id=self.company.id,
            company_ids=self.company.ids,
        )
        self.company.account_use_credit_limit = True
        self.company.dunning_stop_limit = "block"
        self.customer.credit_limit = 50
        self._create_invoice(due=10, amount=500)
        self.env.flush_all()
        partner = self.customer.with_user(seller)
        self.assertEqual(partner.dunning_credit_stop, "block")
        self.assertNotRegex(partner.dunning_credit_stop_reason, r"\d")
        with self.assertRaises(AccessError):
            partner.read(["dunning_watch"])
        with self.assertRaises(AccessError):
            partner.search([("dunning_watch", "=", True)])
