from unittest.mock import patch

from odoo.sql_db import db_connect
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_risk import RiskCommon


@tagged("post_install", "-at_install")
class TestProfileKept(RiskCommon):
    """What is kept of how customers pay: when it is written, and of whom."""

    def _get_marks(self):
        return self.env["dunning.profile.mark"]._get_partner_ids(self.company)

    def _write_all(self, rating):
        """Let something else be kept than what the ledger says."""
        self.env.flush_all()
        self.env.cr.execute("UPDATE dunning_profile SET rating = %s", [rating])

    def test_those_that_have_not_changed_are_left_as_they_are_by_day(self):
        other, gone = (self._create_customer(name) for name in ("Other", "Gone"))
        for partner in (self.customer, other):
            self._pay_late(partner, 0, 0, 0)
        invoice = self._create_invoice(gone, due=-10)
        self._refresh()
        self._write_all("e")
        self._pay_late(self.customer, 0, first=-20)
        invoice.button_draft()
        changed = {*self.customer.ids, *gone.ids}
        self.assertEqual(set(self._get_marks()), changed)
        self._trigger_cron("account_dunning.cron_profile_changed")
        self.assertEqual(self._kept().rating, "a")
        self.assertEqual(self._kept().item_count, 4)
        self.assertEqual(self._kept(other).rating, "e")
        self.assertFalse(self._kept(gone))
        self.assertEqual(self._get_marks(), [])
        # Nothing has changed since: nothing is looked at.
        self._write_all("d")
        self._trigger_cron("account_dunning.cron_profile_changed")
        self.assertEqual(self._kept().rating, "d")

    def test_only_marks_of_what_was_read_are_taken_away(self):
        other = self._create_customer("Other")
        marks = self.env["dunning.profile.mark"]
        branch = self._create_branch()
        marks._forget(self.company)
        for company in (self.company, branch):
            marks._mark(company, self.customer + other)
        marks._mark(self.company, self.customer.browse())
        marks._forget(self.company, self.customer.ids)
        self.assertEqual(self._get_marks(), other.ids)
        both = {*self.customer.ids, *other.ids}
        self.assertEqual(set(marks._get_partner_ids(branch)), both)
        marks._forget(self.company)
        self.assertEqual(self._get_marks(), [])
        self.assertEqual(set(marks._get_partner_ids(branch)), both)

    def test_what_somebody_else_is_writing_is_left_to_them(self):
        self._pay_late(self.customer, 0, 0, 0)
        with db_connect(self.env.cr.dbname).cursor() as cr:
            key = f"account_dunning.profile.{self.company.id}"
            cr.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [key])
            self._refresh()
            self.assertFalse(self._kept())
            self.assertTrue(self._get_marks())
        self._refresh()
        self.assertEqual(self._kept().rating, "a")

    def test_when_its_time_is_over_the_next_run_goes_on(self):
        self._create_second_company()
        cron = self.registry["ir.cron"]
        for room, count in ((0, 1), (60, 2)):
            with (
                patch.object(self.registry["dunning.profile"], "_refresh_due") as due,
                patch.object(cron, "_commit_progress", lambda *_a, r=room, **_o: r),
            ):
                self.profiles.sudo()._cron_refresh()
            self.assertGreaterEqual(due.call_count, count)
            if not room:
                self.assertEqual(due.call_count, 1)

    def test_a_company_that_fails_keeps_no_other_from_its_turn(self):
        other = self._create_second_company()
        done = []

        def refresh(_profiles, company, _whole):
            if company == self.company:
                raise ValueError("Odd")
            done.append(company)

        profiles = self.registry["dunning.profile"]
        with (
            patch.object(profiles, "_refresh_due", refresh),
            patch.object(self.env.cr, "commit", self.env.flush_all),
            mute_logger("odoo.addons.account_dunning.models.risk.dunning_profile"),
        ):
            self.profiles.sudo()._cron_refresh()
        self.assertIn(other, done)

    def test_a_company_that_keeps_none_yet_has_all_whatever_others_keep(self):
        self._pay_late(self.customer, 0, 0, 0)
        self._refresh()
        other = self._create_second_company()
        self._create_invoice(due=-10, company=other)
        profiles = self.profiles.sudo().with_company(other)
        self.env["dunning.profile.mark"]._forget(other)
        profiles._refresh_due(other, False)
        kept = profiles.search([("company_id", "=", other.id)])
        self.assertEqual(kept.partner_id, self.customer)

    def test_how_the_last_months_went_is_told_in_words(self):
        for trend, words in (
            (7, "7.0 days later than in the months before"),
            (-7, "7.0 days earlier than in the months before"),
        ):
            self.assertEqual(self.profiles._describe_trend(trend), words)
        self._pay_late(self.customer, 0, 0, 0, 0, first=-330)
        self._pay_late(self.customer, 30, 30, 30, 30, first=-80)
        trend = self._profile()["trend"]
        self.assertGreater(trend, 0)
        text = str(self.customer.dunning_profile)
        self.assertIn("Lately", text)
        self.assertIn(self.profiles._describe_trend(trend), text)
