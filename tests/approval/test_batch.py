from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.account_dunning.models.approval import (
    dunning_batch,
    dunning_batch_work,
)
from odoo.addons.account_dunning.wizards.approval import dunning_action_validate

from ..letter.test_letter import LetterCommon


class BatchCommon(LetterCommon):
    """Two are many, and dealt with in two parts."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for module in (dunning_batch, dunning_action_validate):
            cls.startClassPatcher(patch.object(module, "MOST_AT_ONCE", 2))
        cls.startClassPatcher(patch.object(dunning_batch_work, "PART", 2))

    def _plan(self, count=5):
        """Plan letters to customers, in the wrong order for the post."""
        for number in range(count):
            self._create_invoice(
                self._create_addressee(f"Person {number}", zip=f"{69100 - number}"),
                due=-10,
            )
        return self._run(0).action_ids.with_user(self.collector)

    def _print(self, actions):
        """Print from the list; return the job."""
        window = actions.action_print()
        self.assertEqual(window["res_model"], "dunning.batch")
        batch = self.env["dunning.batch"].with_user(self.collector)
        return batch.browse(window["res_id"])

    def _work(self):
        self._trigger_cron("account_dunning.cron_batch")
        self.env.invalidate_all()

    def _read_files(self, batch):
        return [self._read_pages(file.raw) for file in batch.file_ids.sorted("id")]


@tagged("post_install", "-at_install")
class TestBatchPrint(BatchCommon):
    """Printing more letters than anybody waits for."""

    def test_a_few_are_printed_at_once(self):
        actions = self._plan(2)
        self.assertEqual(actions.action_print()["type"], "ir.actions.client")
        self.assertEqual(set(actions.mapped("state")), {"done"})

    def test_many_wait_for_the_scheduled_action(self):
        actions = self._plan()
        batch = self._print(actions)
        self.assertEqual(set(actions.mapped("state")), {"todo"})
        self.assertRecordValues(
            batch, [{"state": "waiting", "count": 5, "position": 0, "progress": 0}]
        )
        self._work()
        self.assertEqual(set(actions.mapped("state")), {"done"})
        self.assertEqual(actions.done_user_id, self.collector)
        self.assertRecordValues(
            batch,
            [{"state": "done", "position": 5, "progress": 100, "left_count": 0}],
        )

    def test_files_hold_so_many_letters_in_the_order_of_the_post(self):
        actions = self._plan()
        batch = self._print(actions)
        with patch.object(dunning_batch_work, "LETTERS_IN_FILE", 2):
            self._work()
        pages = self._read_files(batch)
        self.assertEqual([len(file) for file in pages], [2, 2, 1])
        names = [page for file in pages for page in file]
        for number, page in enumerate(reversed(names)):
            self.assertIn(f"Person {number}", page)
        self.assertEqual(
            batch.file_ids.sorted("id").mapped("name"),
            ["Letters 1 to 2.pdf", "Letters 3 to 4.pdf", "Letters 5 to 5.pdf"],
        )

    def test_what_cannot_be_printed_is_left_out_and_found(self):
        actions = self._plan()
        bad, rest = actions[0], actions[1:]
        bad.partner_id.sudo().city = False
        batch = self._print(actions)
        self._work()
        self.assertEqual((bad.state, set(rest.mapped("state"))), ("failed", {"done"}))
        self.assertEqual((batch.state, batch.left_count), ("done", 1))
        self.assertEqual(batch.action_open_left()["domain"], [("id", "in", bad.ids)])
        self.assertEqual(sum(len(file) for file in self._read_files(batch)), 4)

    def test_what_was_printed_before_comes_along_as_it_was(self):
        actions = self._plan()
        actions[:2].action_print()
        letters = actions[:2].letter_id
        batch = self._print(actions)
        self._work()
        self.assertEqual(actions[:2].letter_id, letters)
        self.assertEqual(sum(len(file) for file in self._read_files(batch)), 5)

    def test_what_is_paid_meanwhile_is_not_printed(self):
        actions = self._plan()
        batch = self._print(actions)
        self._pay(actions[0].sudo().line_ids.move_id)
        self._work()
        self.assertEqual(actions[0].state, "cancelled")
        self.assertEqual((batch.state, batch.left_count), ("done", 1))

    def test_what_was_interrupted_goes_on_where_it_stopped(self):
        actions = self._plan()
        batch = self._print(actions)
        jobs = type(self.env["dunning.batch"])
        do = jobs._do
        calls = []

        def die(batch, part):
            calls.append(len(part))
            if len(calls) == 2:
                raise ValueError("The power is out")
            return do(batch, part)

        with patch.object(jobs, "_do", die), mute_logger(dunning_batch_work.__name__):
            self._work()
        self.assertEqual((batch.state, batch.position), ("failed", 2))
        self.assertEqual(len(actions.filtered(lambda a: a.state == "done")), 2)
        with self._count_processes() as processes:
            batch.action_resume()
            self._work()
        self.assertEqual((batch.state, batch.left_count), ("done", 0))
        self.assertEqual(len(processes), 2, "two parts were left")
        self.assertEqual(sum(len(file) for file in self._read_files(batch)), 5)

    def test_a_job_whose_process_died_goes_on(self):
        actions = self._plan()
        batch = self._print(actions)
        batch.sudo()._work_safely()
        self.assertEqual((batch.state, batch.position), ("running", 2))
        self._work()
        self.assertEqual((batch.state, batch.position), ("done", 5))

    def test_a_job_on_which_another_process_works_is_left_to_it(self):
        batch = self._print(self._plan()).sudo()
        jobs = self.registry["dunning.batch"]
        with patch.object(jobs, "try_lock_for_update", lambda own: own[:0]):
            self.assertEqual(batch._work_safely(), 0)
        self.assertEqual((batch.state, batch.position), ("waiting", 0))

    def test_a_job_works_in_the_companies_in_which_it_was_ordered(self):
        other = self._create_second_company()
        both = self._create_user("both", "group_dunning_collector")
        both.company_ids |= other
        batch_sudo = self._print(self._plan()).sudo()
        batch_sudo.write({"user_id": both.id, "company_ids": other.ids})
        self.assertEqual(batch_sudo._as_author().env.companies, other)
        # Whoever works there no more works in their own.
        both.company_ids -= other
        self.assertEqual(batch_sudo._as_author().env.companies, self.company)

    def test_a_job_that_was_cancelled_leaves_the_rest(self):
        actions = self._plan()
        batch = self._print(actions)
        batch.sudo()._work_safely()
        batch.action_cancel()
        self._work()
        self.assertEqual((batch.state, batch.message), ("cancelled", False))
        self.assertEqual(len(actions.filtered(lambda a: a.state == "todo")), 3)

    def test_jobs_of_a_month_ago_are_forgotten_unless_they_are_open(self):
        jobs = self.env["dunning.batch"].sudo()
        made = {}
        for days, state in (
            (29, "done"),
            (31, "done"),
            (31, "failed"),
            (31, "waiting"),
            (31, "running"),
        ):
            job = made[days, state] = jobs.create({"kind": "print", "state": state})
            self.env.flush_all()
            self.env.cr.execute(
                "UPDATE dunning_batch SET create_date = %s WHERE id = %s",
                [self.env.cr.now() - timedelta(days=days), job.id],
            )
        jobs.invalidate_model()
        jobs._gc_batches()
        left = {key for key, job in made.items() if job.exists()}
        self.assertEqual(left, {*made} - {(31, "done"), (31, "failed")})

    def test_of_many_of_which_few_are_letters_these_are_printed_at_once(self):
        actions = self._plan(3)
        actions[2].sudo().channel = "email"
        window = actions.action_print()
        self.assertEqual(window["type"], "ir.actions.client")
        self.assertEqual(actions[:2].mapped("state"), ["done", "done"])
        self.assertFalse(self.env["dunning.batch"].search([]))

    def test_where_one_refuses_the_others_are_dealt_with(self):
        actions = self._plan()
        batch = self._print(actions)
        jobs = type(self.env["dunning.batch"])
        do, asked = jobs._do, []
        bad = actions[0]

        def refuse(batch, part):
            asked.append(len(part))
            if bad in part:
                raise UserError("Somebody is at it")
            return do(batch, part)

        with patch.object(jobs, "_do", refuse):
            self._work()
        self.assertEqual(bad.state, "todo")
        self.assertEqual(set(actions[1:].mapped("state")), {"done"})
        self.assertEqual((batch.state, batch.left_count), ("done", 1))
        self.assertEqual(sorted(asked), [1, 1, 1, 2, 2])

    def test_who_asked_is_told(self):
        self._print(self._plan())
        self._work()
        told = self.env["bus.bus"].sudo().search([], order="id").mapped("message")
        told = [message for message in told if "dunning.batch" in message]
        self.assertIn('"progress":40', told[0])
        self.assertIn("5 done, 0 left out", told[-1])

    def test_a_job_is_seen_by_who_asked_alone(self):
        batch = self._print(self._plan())
        self._work()
        other = self._create_user("colleague", "group_dunning_manager")
        with self.assertRaises(AccessError):
            batch.with_user(other).read(["name"])
        with self.assertRaises(AccessError):
            batch.file_ids.with_user(other).read(["raw"])
        for values in ({"user_id": other.id}, {"state": "waiting"}, {"position": 0}):
            with self.assertRaises(UserError):
                batch.write(values)
        with self.assertRaises(UserError):
            batch.create({"kind": "print"})

    def test_who_may_not_print_orders_no_job(self):
        actions = self._plan()
        auditor = self._create_user("auditor", "group_dunning_readonly")
        with self.assertRaises(AccessError):
            actions.with_user(auditor).action_print()
        self.assertFalse(self.env["dunning.batch"].search([]))

    def test_a_job_in_progress_is_not_deleted(self):
        batch = self._print(self._plan())
        with self.assertRaisesRegex(UserError, "cancel it"):
            batch.unlink()
        batch.action_cancel()
        batch.unlink()


@tagged("post_install", "-at_install")
class TestBatchValidate(BatchCommon):
    """Validating more actions than anybody waits for."""

    def _plan_waiting(self):
        actions = self._plan()
        actions.sudo().write({"state": "to_validate", "execution": "validate"})
        return actions

    def _validate(self, actions):
        dialog = (
            self.env["dunning.action.validate"]
            .with_user(self.collector)
            .with_context(active_model="dunning.action", active_ids=actions.ids)
            .create({})
        )
        batch = self.env["dunning.batch"].with_user(self.collector)
        return batch.browse(dialog.action_apply()["res_id"])

    def test_many_are_validated_by_the_scheduled_action(self):
        actions = self._plan_waiting()
        batch = self._validate(actions)
        self.assertEqual(set(actions.mapped("state")), {"to_validate"})
        self._work()
        self.assertEqual(set(actions.mapped("state")), {"todo"})
        self.assertRecordValues(
            batch, [{"state": "done", "position": 5, "left_count": 0}]
        )
        self.assertFalse(batch.file_ids)

    def test_what_somebody_has_validated_meanwhile_hinders_nothing(self):
        actions = self._plan_waiting()
        batch = self._validate(actions)
        actions[:1].action_validate()
        self._work()
        self.assertEqual(set(actions.mapped("state")), {"todo"})
        self.assertEqual((batch.state, batch.left_count), ("done", 0))
