from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged

from ...models.run import dunning_run
from ..common import DunningCommon


@tagged("post_install", "-at_install")
class TestRun(DunningCommon):
    """The daily run: what it creates, counts, and leaves out."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls._create_customer("Other")
        cls.level = cls.scenario.level_ids[0]

    def test_what_an_earlier_run_has_planned_is_put_among_activities_once(self):
        self._set_levels([("Call", 5, {"channel": "call", "execution": "manual"})])
        self._create_invoice(due=-5)
        call = self._run(0).action_ids
        self._create_invoice(self.other, due=-4)
        theirs = self._run(1).action_ids
        for action in (call, theirs):
            self.assertEqual(len(action.activity_ids), 1)

    def test_activities_are_in_the_language_of_whose_they_are(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.collector.lang = "fr_FR"
        self.level.write({"channel": "call", "execution": "manual"})
        self.level.with_context(lang="fr_FR").name = "Appel ferme"
        self._create_invoice(due=-5)
        [action] = self._run().action_ids
        self.assertEqual(action.user_id, self.collector)
        self.assertEqual(action.activity_ids.summary, "Appel ferme")

    def test_a_run_counts_what_it_did(self):
        self._create_invoice(due=-5, amount=100)
        self._create_invoice(due=-6, amount=50)
        self._create_invoice(self.other, due=-5, amount=30)
        self._create_invoice(self.other, due=20)
        held = self._create_invoice(due=-5)
        self._create_hold(held)
        run = self._run()
        self.assertRecordValues(
            run,
            [
                {
                    "state": "done",
                    "date": self.today,
                    "company_id": self.company.id,
                    "action_count": 2,
                    "item_count": 3,
                    "later_count": 1,
                    "out_count": 1,
                    "amount": 180,
                    "done_count": 0,
                    "failed_count": 0,
                    "message": False,
                }
            ],
        )
        self.assertEqual(run.summary, {"": 3, "not_due": 1, "held": 1})

    def test_a_run_counts_what_became_of_its_actions(self):
        self.other.email = False
        self._create_invoice(due=-5)
        self._create_invoice(self.other, due=-5)
        run = self._run()
        self._execute(run)
        self.assertRecordValues(run, [{"done_count": 1, "failed_count": 1}])

    def test_what_a_run_has_made_is_not_read_where_it_takes_no_place(self):
        for number in range(3):
            self._create_invoice(self._create_customer(f"Late {number}"), due=-5)
        run = self._run()
        with self.assertQueryCount(1):
            run._take_over_former()
        self.assertEqual(run.action_count, 3)

    def test_a_run_without_anything_to_do_is_recorded(self):
        run = self._run()
        self.assertRecordValues(
            run, [{"state": "done", "action_count": 0, "amount": 0, "summary": False}]
        )

    def test_the_plan_writes_nothing(self):
        self._create_invoice(due=-5)
        self.env.flush_all()
        counts = {
            model: self.env[model].search_count([])
            for model in ("dunning.action", "dunning.action.line", "dunning.run")
        }
        self.company._dunning_plan()
        self.assertEqual(
            counts, {model: self.env[model].search_count([]) for model in counts}
        )

    def test_a_run_does_what_the_plan_of_the_day_says(self):
        for due in (-50, -30, -15, -5, -4, 0, 3):
            self._create_invoice(due=due)
        steps = {
            (line.id, row.level_id)
            for line, row in self._plan().items()
            if row.decision == "step"
        }
        lines = self._run().action_ids.line_ids.filtered("level_id")
        self.assertEqual(
            steps, {(line.move_line_id.id, line.level_id.id) for line in lines}
        )

    def test_a_run_leaves_out_customers_and_items_on_request(self):
        self._create_invoice(due=-5)
        kept = self._create_invoice(self.other, due=-5)
        dropped = self._create_invoice(self.other, due=-5)
        run = self._run(
            excluded_partners=self.customer, excluded_lines=self._items(dropped)
        )
        self.assertListed(run.action_ids, {kept: self.level})
        # They are back in the next one.
        run = self._run()
        self.assertIn(self.customer, run.action_ids.partner_id)

    def test_a_run_of_a_day_to_come_is_a_preview(self):
        self._create_invoice(due=-1)
        self._create_invoice(self.other, due=20)
        run = self.company._dunning_run(self._day(4))
        self.assertRecordValues(
            run,
            [
                {
                    "date": self._day(4),
                    "state": "preview",
                    "action_count": 1,
                    "item_count": 1,
                    "amount": 100,
                }
            ],
        )
        self.assertFalse(run.action_ids)
        self.assertFalse(self._actions())

    def test_a_run_of_a_day_to_come_blocks_nothing_that_is_due_before(self):
        invoice = self._create_invoice(due=-5)
        self._create_invoice(due=-2)
        self.company._dunning_run(self._day(10))
        self.assertPlanned(invoice, "step", 0)
        run = self._run(0)
        self.assertIn(invoice, run.action_ids.line_ids.move_id)

    def test_a_dry_run_of_a_day_to_come_cannot_be_run(self):
        self._create_invoice(due=-5)
        manager = self._create_user("manager", "group_dunning_manager")
        previews = self.env["dunning.preview"].with_user(manager)
        preview = previews.with_context(allowed_company_ids=self.company.ids).create(
            {"company_id": self.company.id, "date": self._day(4)}
        )
        preview.action_preview()
        self.assertTrue(preview.line_ids)
        with self.assertRaisesRegex(UserError, "still to come"):
            preview.action_apply()
        self.assertFalse(self._actions())

    def test_on_a_day_off_a_run_plans_only_whom_a_collector_may_follow(self):
        self._set_levels([("Only", 3, {})])
        self._create_invoice(due=-5)
        self._step(0)
        self._create_invoice(self.other, due=-5)
        # Saturday
        self._go_to(5)
        due = self.env["dunning.plan"]._get_due_customers(self.company._dunning_scope())
        self.assertEqual(due.ids, self.customer.ids)
        [action] = self._run(5).action_ids
        self.assertEqual(action.kind, "follow_up")
        self._go_to(7)
        self.assertEqual(self._run(7).action_ids.partner_id, self.other)

    def test_a_run_of_a_past_day_uses_that_day(self):
        self._create_invoice(due=-5)
        self._go_to(3)
        run = self.company._dunning_run(self._day(1))
        self.assertEqual(run.date, self._day(1))
        self.assertEqual(run.action_ids.date, self._day(1))

    def test_a_run_gives_the_action_to_the_collector_of_the_customer(self):
        self.other.dunning_user_id = self.env.user
        self._create_invoice(due=-5)
        self._create_invoice(self.other, due=-5)
        users = {action.partner_id: action.user_id for action in self._run().action_ids}
        self.assertEqual(
            users, {self.customer: self.collector, self.other: self.env.user}
        )

    def test_actions_remember_their_scenario_level_and_run(self):
        self._create_invoice(due=-5)
        run = self._run()
        self.assertRecordValues(
            run.action_ids,
            [
                {
                    "kind": "step",
                    "scenario_id": self.scenario.id,
                    "level_id": self.level.id,
                    "run_id": run.id,
                    "company_id": self.company.id,
                    "date": self.today,
                    "channel": "email",
                    "execution": "automatic",
                    "state": "todo",
                }
            ],
        )

    def test_lines_are_a_snapshot_of_the_items(self):
        invoice = self._create_invoice(due=-5)
        line = self._run().action_ids.line_ids
        item = self._items(invoice)
        self.assertRecordValues(
            line,
            [
                {
                    "move_line_id": item.id,
                    "move_id": invoice.id,
                    "name": invoice.name,
                    "date_due": self._day(-5),
                    "days_late": 5,
                    "currency_id": invoice.currency_id.id,
                    "amount_residual": 100,
                    "amount_withheld": 0,
                    "level_id": self.level.id,
                    "state": "open",
                }
            ],
        )

    def test_items_of_one_day_are_told_in_the_order_in_which_they_were_posted(self):
        others = [self._create_customer(f"Customer {n}") for n in range(5)]
        for _number in range(4):
            for customer in others:
                self._create_invoice(customer, due=-20, amount=100)
        actions = self._run(0).action_ids.sorted("id")
        self.assertEqual(actions.partner_id.ids, [one.id for one in others])
        lines = actions.line_ids.sorted("id")
        self.assertEqual(lines.action_id, actions)
        for action in actions:
            posted = action.line_ids.move_line_id
            self.assertEqual(len(posted), 4)
            self.assertEqual(posted.ids, sorted(posted.ids))

    def test_days_off_of_the_scheduler_are_caught_up_by_the_next_run(self):
        missed = [self._create_invoice(due=due) for due in (-5, -6, -7)]
        action = self._run(10).action_ids
        self.assertListed(action, dict.fromkeys(missed, self.level))

    def test_an_item_appearing_the_same_day_is_found_by_a_second_run(self):
        self._create_invoice(due=-5)
        self._run()
        late = self._create_invoice(self.other, due=-5)
        run = self._run()
        self.assertListed(run.action_ids, {late: self.level})


@tagged("post_install", "-at_install")
class TestScheduledRun(DunningCommon):
    """The scheduled action: every company that wants it, each for itself."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.second = cls._create_second_company()
        # Other companies of the database would be dunned too.
        companies = cls.env["res.company"].sudo().search([])
        (companies - cls.company - cls.second).dunning_enabled = False
        cls.second_scenario = cls._create_scenario(
            [("Theirs", 3, {})], company_id=cls.second.id
        )
        cls.second.dunning_scenario_id = cls.second_scenario

    def _get_runs(self, company):
        return self.env["dunning.run"].search([("company_id", "=", company.id)])

    def test_the_cron_runs_every_company(self):
        mine = self._create_invoice(due=-5)
        theirs = self._create_invoice(due=-5, company=self.second)
        self._cron_run()
        self.assertListed(
            self._get_runs(self.company).action_ids, {mine: self.scenario.level_ids[0]}
        )
        self.assertListed(
            self._get_runs(self.second).action_ids,
            {theirs: self.second_scenario.level_ids},
        )

    def test_a_job_that_begins_anew_goes_on_with_the_other_companies(self):
        companies = self.company | self.second
        companies |= self._create_second_company("Third")
        cron = self.env.ref("account_dunning.cron_run")
        self.patch(self.env.cr, "commit", self.env.flush_all)

        def start(among=companies):
            job, progress = cron.with_context(
                cron_id=cron.id, cron_end_time=0
            )._add_progress()
            turns = list(job.env["dunning.guard"]._take_turns(among))
            return [company.id for company in turns], progress.remaining

        first, second, third = companies.ids
        # Once it has come to its end it begins with the first again.
        for _day in range(2):
            self.assertEqual(start(), ([first], 2))
            self.assertEqual(start(), ([second], 1))
            self.assertEqual(start(), ([third], 0))
        # So it does when there is nobody left to go on with, and on another day.
        start()
        start()
        self.assertEqual(start(companies[:2]), ([first], 1))
        self.cr.execute(
            "UPDATE ir_cron_progress SET create_date = create_date - INTERVAL '1 day'"
        )
        self.assertEqual(start(), ([first], 2))

    def test_the_cron_passes_over_companies_that_do_not_want_it(self):
        self.second.dunning_enabled = False
        self._cron_run()
        self.assertTrue(self._get_runs(self.company))
        self.assertFalse(self._get_runs(self.second))

    def test_the_cron_passes_over_archived_companies(self):
        self.second.active = False
        self._cron_run()
        self.assertFalse(self._get_runs(self.second))

    def test_the_failure_of_a_company_is_recorded_and_leaves_the_others_alone(self):
        self._create_invoice(due=-5)
        run_class = self.env.registry["dunning.run"]
        apply = run_class._apply

        def fail_for_second(run, *args):
            if run.company_id == self.second:
                raise UserError(self.env._("The disk is full"))
            return apply(run, *args)

        with patch.object(run_class, "_apply", fail_for_second):
            self._cron_run()
        self.assertRecordValues(
            self._get_runs(self.second),
            [{"state": "failed", "message": "The disk is full", "action_count": 0}],
        )
        self.assertRecordValues(
            self._get_runs(self.company), [{"state": "done", "action_count": 1}]
        )

    def test_the_cron_makes_nothing_on_a_day_off_and_catches_up(self):
        self._create_invoice(due=0)
        for day in (5, 6):
            self._go_to(day)
            self._cron_run()
        self.assertFalse(self._get_runs(self.company).action_ids)
        self._go_to(7)
        self._cron_run()
        self.assertEqual(len(self._get_runs(self.company).action_ids), 1)

    def test_each_company_has_its_own_credits_holds_and_contacts(self):
        self.scenario.contact_gap_days = self.second_scenario.contact_gap_days = 10
        mine = self._create_invoice(due=-5)
        theirs = self._create_invoice(due=-5, company=self.second)
        self._create_hold(mine)
        self.assertPlanned(theirs, "step")
        self._step(company=self.second)
        self.assertPlanned(self._create_invoice(due=-5), "step")
        self.assertPlanned(mine, "out", reason="held")

    def test_the_calendar_is_that_of_the_company(self):
        self._add_holiday(0, company=self.second)
        mine = self._create_invoice(due=-5)
        theirs = self._create_invoice(due=-5, company=self.second)
        self.assertPlanned(mine, "step")
        self.assertPlanned(theirs, "later", reason="non_working_day", date=1)

    def test_the_database_looks_at_what_a_large_run_has_created(self):
        self._create_invoice(due=-5)
        self.assertEqual(self._count_analyses(self._run), 0)
        self._create_invoice(self._create_customer("Other"), due=-5)
        self.patch(dunning_run, "ANALYZED_GROWTH", 0)
        self.patch(dunning_run, "ANALYZED_SHARE", 0)
        self.assertEqual(self._count_analyses(self._run), 1)

    def _count_analyses(self, function):
        execute, statements = type(self.env.cr).execute, []

        def record(cursor, query, *args, **kwargs):
            statements.append(getattr(query, "code", query))
            return execute(cursor, query, *args, **kwargs)

        with patch.object(type(self.env.cr), "execute", record):
            function()
        return sum("ANALYZE" in str(statement) for statement in statements)
