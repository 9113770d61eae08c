from odoo.tests import Form, tagged

from ..common import DunningCommon


@tagged("post_install", "-at_install")
class TestWeeklySummary(DunningCommon):
    """Who collects gets a summary each week, unless they switch it off."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.resource_calendar_id = False
        cls.weekly = cls.env.ref("account_dunning.digest_weekly")
        cls.manager = cls._create_user("manager", "group_dunning_manager")
        cls.auditor = cls._create_user("auditor", "group_dunning_readonly")

    def _send(self):
        """Send the summary and return who gets it, by e-mail."""
        mails = self.env["mail.mail"]
        before = mails.search([])
        self.weekly.action_send()
        return mails.search([]) - before

    def _get_addresses(self, mails):
        return {address for mail in mails for address in [mail.email_to]}

    def _is_told(self, user, mails):
        return user.email_formatted in self._get_addresses(mails)

    def test_collectors_and_managers_get_it_and_auditors_do_not(self):
        mails = self._send()
        self.assertTrue(self._is_told(self.collector, mails))
        self.assertTrue(self._is_told(self.manager, mails))
        self.assertFalse(self._is_told(self.auditor, mails))
        self.assertEqual(self.weekly.periodicity, "weekly")

    def test_it_has_the_figures_of_who_gets_it(self):
        self._create_invoice(due=-5, amount=500)
        self.scenario.level_ids.write({"channel": "call", "execution": "manual"})
        self._run()
        self.env.flush_all()
        kpis = {
            kpi["kpi_name"]: kpi["kpi_col2"]["value"]
            for kpi in self.weekly._compute_kpis(self.company, self.collector)
        }
        self.assertEqual(kpis["kpi_dunning_waiting"], 1)
        self.assertIn("500", str(kpis["kpi_dunning_overdue"]))
        self.assertEqual(kpis["kpi_dunning_watched"], 0)
        kpis = self.weekly._compute_kpis(self.company, self.manager)
        [waiting] = [kpi for kpi in kpis if kpi["kpi_name"] == "kpi_dunning_waiting"]
        self.assertEqual(waiting["kpi_col2"]["value"], 0)

    def test_who_switches_it_off_gets_it_no_more(self):
        self.collector.with_user(self.collector).write({"dunning_summary": False})
        mails = self._send()
        self.assertFalse(self._is_told(self.collector, mails))
        self.assertTrue(self._is_told(self.manager, mails))
        self.collector.with_user(self.collector).write({"dunning_summary": True})
        self.assertTrue(self._is_told(self.collector, self._send()))

    def test_the_link_in_the_mail_switches_it_off(self):
        self._send()
        self.weekly.with_user(self.collector).action_unsubscribe()
        self.assertFalse(self.collector.dunning_summary)
        self.assertFalse(self._is_told(self.collector, self._send()))
        self.weekly.with_user(self.collector).action_subscribe()
        self.assertTrue(self.collector.dunning_summary)

    def test_who_has_no_address_gets_none_until_one_is_entered(self):
        address = self.collector.email
        self.collector.email = False
        mails = self._send()
        self.assertTrue(all(self._get_addresses(mails)))
        self.assertTrue(self.collector.dunning_summary)
        self.collector.email = address
        self.assertTrue(self._is_told(self.collector, self._send()))

    def test_who_is_added_gets_it_and_who_is_taken_off_does_not(self):
        self._send()
        with Form(self.weekly) as form:
            form.user_ids.add(self.auditor)
            form.user_ids.remove(id=self.collector.id)
        mails = self._send()
        self.assertTrue(self._is_told(self.auditor, mails))
        self.assertFalse(self._is_told(self.collector, mails))

    def test_who_has_left_or_lost_the_rights_gets_it_no_more(self):
        self._send()
        self.manager.group_ids = self.env.ref("base.group_user")
        self.collector.action_archive()
        mails = self._send()
        self.assertFalse(self._is_told(self.manager, mails))
        self.assertFalse(self._is_told(self.collector, mails))

    def test_other_digests_are_as_ever(self):
        digest = self.env["digest.digest"].create(
            {"name": "Own", "user_ids": [(6, 0, self.auditor.ids)]}
        )
        digest.user_ids = False
        self.assertTrue(self.auditor.dunning_summary)
