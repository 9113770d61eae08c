from unittest.mock import patch

from hypothesis import given
from hypothesis import strategies as st

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from ..common import DunningCommon
from ..concurrency import ConcurrencyCommon
from ..plan_strategies import examples, ledgers
from .plan_changes import PlanChanges
from .test_plan_model import PlanModelCommon

changes = st.tuples(
    st.sampled_from(PlanChanges.get_names()), st.integers(0, 40), st.integers(0, 40)
)


class KeptCommon:
    """Keeps the plan, and compares what is read of it with the plan."""

    def _keep(self):
        self.env["dunning.plan.keeper"]._keep_up(self.env["res.company"].search([]))

    def _get_reading(self, company=None):
        company = company or self.company
        return self.env["dunning.plan.kept"]._get_reading(company._dunning_scope())

    def _read(self, query):
        return sorted(map(str, self.env.execute_query_dict(query)))

    def assertKeptIsPlan(self, company=None):
        scope = (company or self.company)._dunning_scope()
        kept = self.env["dunning.plan.kept"]
        customers = self.env["dunning.plan.kept.customer"]
        for found, expected in (
            (kept._get_query(scope), kept._get_planned_query(scope)),
            (customers._get_figures_query(scope), customers._get_ledger_query(scope)),
        ):
            self.assertEqual(self._read(found), self._read(expected))


@tagged("post_install", "-at_install")
class TestKeptIsPlan(KeptCommon, PlanModelCommon):
    """What is kept never differs from the plan, whatever happens."""

    @examples(25)
    @given(ledgers(), st.lists(changes, min_size=1, max_size=6))
    def test_what_is_read_is_what_the_plan_says_after_any_changes(
        self, ledger, sequence
    ):
        self._go_to(self.today)
        with self._written(ledger) as writer:
            self._go_to(ledger.date)
            self._keep()
            self.assertTrue(self._get_reading().is_kept)
            made = PlanChanges(writer)
            # Actions of ledgers that are made up would not know how to follow.
            with patch.object(self.registry["dunning.ledger"], "_follow_customers"):
                for change in sequence:
                    made.make(*change)
                    self.assertKeptIsPlan()
            for company in self.companies.values():
                self.assertKeptIsPlan(company)


@tagged("post_install", "-at_install")
class TestPlanKept(KeptCommon, DunningCommon):
    """When what is kept is read, by whom, and who brings it up to date."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._create_user("manager", "group_dunning_manager")
        cls.auditor = cls._create_user("auditor", "group_dunning_readonly")
        cls.invoice = cls._create_invoice(due=-5)

    def _get_marks(self):
        return self.env["dunning.plan.kept"]._get_marked()

    def _shown_reason(self):
        self.env.invalidate_all()
        items = self.env["dunning.item"].with_user(self.collector)
        return items.search([("move_id", "=", self.invoice.id)]).reason

    def test_without_anything_kept_the_plan_is_asked(self):
        self.assertFalse(self._get_reading().is_kept)
        self.assertKeptIsPlan()

    def test_what_is_kept_is_what_is_shown(self):
        self._keep()
        self.env.cr.execute("UPDATE dunning_plan_kept SET reason = 'excluded'")
        self.assertEqual(self._shown_reason(), "excluded")

    def test_who_asks_for_some_customers_gets_theirs_though_all_is_kept(self):
        theirs = self._create_invoice(self._create_customer("Other"), due=-5)
        self._keep()
        # As where all was read before, and nothing was written since.
        kept = self.registry["dunning.plan.kept"]
        asked = self.env["dunning.item"].with_user(self.collector)
        asked = asked.with_context(dunning_partner_ids=theirs.partner_id.ids)
        with patch.object(kept, "_get_reading", return_value=self._get_reading()):
            self.assertEqual(asked.search([]).move_id.ids, theirs.ids)

    def test_a_customer_of_whom_something_changes_is_planned_anew(self):
        self._keep()
        self.env.cr.execute("UPDATE dunning_plan_kept SET reason = 'excluded'")
        self._create_hold()
        self.assertIn(self.customer.id, self._get_marks())
        self.assertEqual(self._shown_reason(), "held")

    def test_who_keeps_forgets_the_marks(self):
        self._keep()
        self._create_hold()
        self._keep()
        self.assertEqual(self._get_marks(), set())
        self.assertEqual(self._get_reading(), (True, []))
        self.assertEqual(self._shown_reason(), "held")

    def test_on_another_day_the_plan_is_asked_until_all_is_kept_anew(self):
        self._keep()
        self._go_to(1)
        self.assertFalse(self._get_reading().is_kept)
        self._keep()
        self.assertTrue(self._get_reading().is_kept)

    def test_a_scenario_that_is_changed_has_all_planned_anew(self):
        self._keep()
        self.company.dunning_scenario_id.minimum_amount = 1000
        self.env.flush_all()
        self.assertFalse(self._get_reading().is_kept)
        self.assertEqual(self._shown_reason(), "below_minimum")

    def test_who_comes_to_another_rule_is_planned_anew(self):
        rule = "[('ref', '=', 'VIP')]"
        self._create_scenario(partner_domain=rule, sequence=0, minimum_amount=1000)
        self._keep()
        self.customer.ref = "VIP"
        self.env.flush_all()
        self.assertEqual(self._get_marks(), set())
        self.assertEqual(self._get_reading(), (True, self.customer.ids))
        self.assertEqual(self._shown_reason(), "below_minimum")

    def test_who_has_another_scenario_in_another_company_is_not_planned_anew(self):
        other = self._create_second_company()
        other.dunning_scenario_id = self._create_scenario(company_id=other.id)
        self._create_invoice(due=-5, company=other)
        self._create_scenario(partner_domain="[('ref', '=', 'VIP')]", sequence=0)
        self._keep()
        self.assertEqual(self._get_reading(), (True, []))

    def test_much_that_has_changed_has_the_plan_asked_for_all(self):
        self._keep()
        self.env.cr.execute(
            "INSERT INTO dunning_plan_mark (partner_id) SELECT GENERATE_SERIES(1, 999)"
        )
        self.assertFalse(self._get_reading().is_kept)
        self._keep()
        self.assertEqual(self._get_reading(), (True, []))

    def test_items_without_customer_are_kept_and_planned_anew_too(self):
        item = self._items(self._create_invoice(due=-5))
        self._keep()
        self.env.cr.execute(
            SQL("UPDATE account_move_line SET partner_id = NULL WHERE id = %s", item.id)
        )
        self.assertIn(0, self._get_marks())
        self.assertKeptIsPlan()
        self._keep()
        self.assertKeptIsPlan()
        self.env.cr.execute(
            SQL(
                "UPDATE account_move_line SET no_followup = TRUE WHERE id = %s", item.id
            )
        )
        self.assertKeptIsPlan()

    def test_it_is_read_in_any_language_and_by_all_who_may_see_items(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self._keep()
        for user in (self.collector, self.manager, self.auditor):
            kept = self.env["dunning.plan.kept"].with_user(user)
            kept = kept.with_context(lang="fr_FR", active_test=False)
            self.assertTrue(kept._get_reading(self.company._dunning_scope()).is_kept)

    def test_items_of_other_companies_stay_theirs(self):
        other = self._create_second_company()
        self._keep()
        items = self.env["dunning.item"].with_user(self.collector)
        found = items.with_context(allowed_company_ids=self.company.ids).search([])
        self.assertEqual(found.company_id, self.company)
        self.assertTrue(self._get_reading(other).is_kept)

    def test_a_company_that_is_archived_is_kept_no_longer(self):
        other = self._create_second_company()
        self._keep()
        other.active = False
        self._keep()
        self.assertFalse(self._get_reading(other).is_kept)

    def test_nobody_reads_what_is_kept(self):
        for name in (
            "dunning.plan.kept",
            "dunning.plan.kept.customer",
            "dunning.plan.keeper",
            "dunning.plan.mark",
        ):
            for user in (self.manager, self.env.ref("base.user_admin")):
                for method in ("search_read", "create", "formatted_read_group"):
                    arguments = {"create": [{}]}.get(method, [[]])
                    with self.assertRaises(AccessError), mute_logger("odoo.models"):
                        getattr(self.env[name].with_user(user), method)(*arguments)

    def test_the_job_keeps_what_has_changed(self):
        self._trigger_cron("account_dunning.cron_keep")
        self.assertEqual(self._get_reading(), (True, []))
        self._create_hold()
        self._trigger_cron("account_dunning.cron_keep")
        self.assertEqual(self._get_reading(), (True, []))
        self.assertEqual(self._shown_reason(), "held")

    def test_a_page_asks_no_more_for_many_than_for_few(self):
        def count():
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            items = self.env["dunning.item"].search([], limit=80)
            items.read(["name", "reason", "date"])
            return self.env.cr.sql_log_count - before

        self._keep()
        count()
        few = count()
        for _number in range(5):
            self._create_invoice(self._create_customer(f"More {_number}"), due=-5)
        self._keep()
        self.assertLessEqual(count(), few)

    def test_marks_are_written_by_the_database_alone(self):
        self._keep()
        self.env.cr.execute(
            SQL(
                "UPDATE account_move_line SET amount_residual = 1,"
                " amount_residual_currency = 1 WHERE move_id = %s"
                " AND amount_residual != 0",
                self.invoice.id,
            )
        )
        self.assertEqual(self._get_marks(), set(self.customer.ids))

    def test_what_the_plan_does_not_read_marks_nobody(self):
        self._keep()
        self.customer.phone = "+33 1 23 45 67 89"
        self.invoice.narration = "Anything"
        self._items(self.invoice).name = self._items(self.invoice).name
        self.env.flush_all()
        self.assertEqual(self._get_marks(), set())


@tagged("post_install", "-at_install")
class TestConcurrentMarks(ConcurrencyCommon):
    """Marking meets nobody, and no mark is lost."""

    def _change(self, env, amount):
        env.cr.execute(
            SQL(
                """
                UPDATE account_move_line SET amount_residual = %(amount)s,
                       amount_residual_currency = %(amount)s
                 WHERE id = (
                           SELECT MAX(line.id) FROM account_move_line line
                             JOIN account_account account
                               ON account.id = line.account_id
                            WHERE account.account_type = 'asset_receivable'
                              AND line.parent_state = 'posted'
                       )
             RETURNING partner_id
                """,
                amount=amount,
            )
        )
        return env.cr.fetchone()[0]

    def _keep(self, env):
        env["dunning.plan.keeper"]._keep_up(env["res.company"].search([]))

    def test_two_changes_of_one_customer_do_not_wait_for_each_other(self):
        with self._env() as first, self._env() as second:
            partner = self._get_partner(first)
            for env in (first, second):
                hold = {"partner_id": partner, "company_id": env.company.id}
                env["dunning.hold"].create(hold)
                env.flush_all()

    def _get_partner(self, env):
        return (
            env["account.move.line"]
            .search(
                [
                    ("account_type", "=", "asset_receivable"),
                    ("partner_id", "!=", False),
                ],
                order="id desc",
                limit=1,
            )
            .partner_id.id
        )

    def test_what_changes_while_the_plan_is_kept_stays_marked(self):
        with self._env() as env:
            self._keep(env)
        with self._env() as keeping:
            # Its transaction sees the database as it is now.
            self.assertFalse(keeping["dunning.plan.kept"]._get_marked())
            with self._env() as env:
                partner = self._change(env, 7)
            self._keep(keeping)
        with self._env() as env:
            kept = env["dunning.plan.kept"]
            scope = env.company._dunning_scope()
            self.assertEqual(kept._get_marked(), {partner})
            self.assertEqual(
                sorted(map(str, env.execute_query_dict(kept._get_query(scope)))),
                sorted(
                    map(str, env.execute_query_dict(kept._get_planned_query(scope)))
                ),
            )
            self._keep(env)
            self.assertFalse(kept._get_marked())

    def test_the_job_leaves_to_others_what_they_are_doing(self):
        with self._env() as env:
            self._keep(env)
            self._change(env, 9)
        with self._env() as busy:
            busy.cr.execute(
                "LOCK TABLE dunning_plan_keeper IN SHARE UPDATE EXCLUSIVE MODE"
            )
            with self._env() as env:
                env["dunning.plan.keeper"]._cron_keep()
            with self._env() as env:
                self.assertTrue(env["dunning.plan.kept"]._get_marked())
        with self._env() as env:
            env["dunning.plan.keeper"]._cron_keep()
            self.assertFalse(env["dunning.plan.kept"]._get_marked())
