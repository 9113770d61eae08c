from datetime import timedelta

from odoo.exceptions import AccessError, ValidationError
from odoo.service.model import call_kw
from odoo.tests import tagged

from odoo.addons.account_dunning.models.indicator import dunning_dashboard_memory

from ..common import DunningCommon

SLOW_PARTS = ("get_forecast", "get_trend", "get_dso", "get_data_quality")


@tagged("post_install", "-at_install")
class TestDashboardMemory(DunningCommon):
    """What takes seconds is shown as it was last worked out."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._create_user("manager", "group_dunning_manager")
        cls.invoice = cls._create_invoice(due=10, amount=300)

    def _ask(self, method="get_forecast", who=None, **values):
        self.env.flush_all()
        self.env.invalidate_all()
        env = self.env(user=who or self.manager)
        return call_kw(env["dunning.dashboard"], method, [], values)

    def _ask_reading(self, method):
        """Ask on a connection that may only read, as the screen does."""
        with self.enter_registry_test_mode(), self.registry.cursor(readonly=True) as cr:
            dashboard = self.env(cr=cr, user=self.manager)["dunning.dashboard"]
            return call_kw(dashboard, method, [], {})

    def _be_slow(self):
        self.patch(dunning_dashboard_memory, "SLOW", 0)

    def _get_total(self, data):
        return round(sum(sum(w[k] for k in ("habit", "due")) for w in data["weeks"]))

    def _go_on(self, **delta):
        """Have what is remembered be so much older."""
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE dunning_dashboard_memory SET create_date = create_date - %s",
            [timedelta(**delta)],
        )

    def test_what_is_fast_is_never_remembered(self):
        self.assertEqual(self._get_total(self._ask()), 300)
        self._create_invoice(due=10, amount=50)
        data = self._ask()
        self.assertEqual(self._get_total(data), 350)
        self.assertNotIn("as_of", data)

    def test_what_is_slow_is_shown_with_its_time_and_worked_out_when_asked(self):
        self._be_slow()
        for method in SLOW_PARTS:
            self.assertNotIn("as_of", self._ask(method))
        self._create_invoice(due=10, amount=50)
        data = self._ask()
        self.assertEqual(self._get_total(data), 300)
        self.assertTrue(data["as_of"])
        self.assertFalse(data["stale"])
        for method in SLOW_PARTS:
            self.assertTrue(self._ask(method)["as_of"])
        self._go_on(hours=1)
        self.assertTrue(self._ask()["stale"])
        data = self._ask(refresh=True)
        self.assertEqual(self._get_total(data), 350)
        self.assertNotIn("as_of", data)
        data = self._ask()
        self.assertEqual((self._get_total(data), data["stale"]), (350, False))

    def test_what_was_slow_once_is_worked_out_anew_the_sooner_the_less_it_took(self):
        self._be_slow()
        self._ask()
        memory_sudo = self.env["dunning.dashboard.memory"].sudo().search([])
        memory_sudo.seconds = 2
        self._go_on(minutes=1)
        self.assertFalse(self._ask()["stale"])
        self._go_on(minutes=2)
        self.assertTrue(self._ask()["stale"])
        # It was slow but the first time.
        self.patch(dunning_dashboard_memory, "SLOW", 1)
        self.assertTrue(self._ask()["as_of"])
        self._ask(refresh=True)
        self._create_invoice(due=10, amount=50)
        data = self._ask()
        self.assertEqual(self._get_total(data), 350)
        self.assertNotIn("as_of", data)

    def test_what_is_slow_is_remembered_by_a_screen_that_may_only_read(self):
        self._be_slow()
        for method in SLOW_PARTS:
            asked = getattr(self.env["dunning.dashboard"], method)
            self.assertTrue(asked._readonly, "a replica answers")
            data = self._ask_reading(method)
            self.assertNotIn("as_of", data)
            found = self._ask_reading(method)
            self.assertTrue(found["as_of"])
            self.assertLessEqual(set(data), set(found))

    def test_what_is_of_another_day_is_not_shown(self):
        self._be_slow()
        self._ask()
        self._go_on(days=2)
        self.assertNotIn("as_of", self._ask())

    def test_what_was_asked_otherwise_is_another_answer(self):
        self._be_slow()
        self._ask()
        for values in ({"user": self.collector.id}, {"period": "year"}):
            self.assertNotIn("as_of", self._ask(**values))

    def test_what_is_remembered_is_shown_to_nobody_else(self):
        self._be_slow()
        self._ask()
        internal = self._create_user("internal", "group_dunning_readonly")
        internal.group_ids = self.env.ref("base.group_user")
        other = self._create_second_company()
        stranger = self._create_user("stranger", "group_dunning_manager", other)
        for who in (internal, stranger):
            with self.assertRaises(AccessError):
                self._ask(who=who, company=self.company.id)
        self._ask("get_data_quality")
        self.assertNotIn("as_of", self._ask("get_data_quality", self.collector))
        self.company.dunning_collector_view = "own"
        colleague = self._create_user("colleague", "group_dunning_collector")
        data = self._ask(who=colleague)
        self.assertEqual(self._get_total(data), 0)
        memories = self.env["dunning.dashboard.memory"]
        for who in (self.manager, self.collector, internal):
            with self.assertRaises(AccessError):
                memories.with_user(who).search([]).read(["content"])

    def test_the_night_works_out_what_was_looked_at(self):
        self._be_slow()
        self._ask()
        self._ask("get_trend")
        self._create_invoice(due=10, amount=50)
        self._go_on(hours=20)
        memories_sudo = self.env["dunning.dashboard.memory"].sudo()
        count = memories_sudo.search_count([])
        self._trigger_cron("account_dunning.cron_dashboard")
        self.assertEqual(memories_sudo.search_count([]), count + 2)
        # The clock of the scheduled action is that of the tests, ours the database's.
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE dunning_dashboard_memory SET create_date = %s"
            " WHERE asked IS NOT TRUE",
            [self.env.cr.now()],
        )
        data = self._ask()
        self.assertEqual((self._get_total(data), data["stale"]), (350, False))

    def test_the_night_forgets_who_may_see_nothing_any_more(self):
        self._be_slow()
        self._ask()
        self.manager.group_ids = self.env.ref("base.group_user")
        memories_sudo = self.env["dunning.dashboard.memory"].sudo()
        self._trigger_cron("account_dunning.cron_dashboard")
        self.assertFalse(memories_sudo.search([]))

    def test_what_is_old_is_thrown_away(self):
        self._be_slow()
        self._ask()
        memories_sudo = self.env["dunning.dashboard.memory"].sudo()
        self._go_on(days=3)
        memories_sudo._gc_memories()
        self.assertEqual(len(memories_sudo.search([])), 1)
        self._go_on(days=8)
        memories_sudo._gc_memories()
        self.assertFalse(memories_sudo.search([]))

    def test_what_is_no_word_to_refresh_is_refused(self):
        with self.assertRaises(ValidationError):
            self._ask(refresh=[1])
