from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.account_dunning.models.indicator import dunning_workbook_background
from odoo.addons.account_dunning.wizards.indicator import dunning_workbook_export
from odoo.addons.base.tests.test_ir_cron import CronMixinCase

from ..workbooks import Reading
from .workbook_common import WorkbookCommon

BACKGROUND = "odoo.addons.account_dunning.models.indicator.dunning_workbook_background"


@tagged("post_install", "-at_install")
class TestWorkbookBackground(WorkbookCommon, CronMixinCase):
    """What takes long is made while its author goes on working."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for number in range(5):
            cls._create_invoice(cls.customer, due=-5, amount=10 + number)
        # Nothing is small enough to be waited for.
        cls.startClassPatcher(patch.object(dunning_workbook_export, "MOST_AT_ONCE", 0))
        cls.startClassPatcher(patch.object(dunning_workbook_background, "PULSE", 0))

    def _cron_make(self):
        self._trigger_cron("account_dunning.cron_workbook")
        self.env.invalidate_all()

    def _get_told(self):
        """Return what the author was told on the bus."""
        notifications = self.env["bus.bus"].sudo().search([], order="id")
        return [x.message for x in notifications if "account_dunning" in x.message]

    def _during(self, action):
        """Have something happen when the list of items is written."""
        model = self.env.registry["dunning.workbook"]
        original = model._beat_along

        def beat_along(workbook, rows, making):
            for row in original(workbook, rows, making):
                action(workbook)
                yield row

        return patch.object(model, "_beat_along", beat_along)

    def test_a_large_workbook_waits_for_the_scheduled_action(self):
        with self.capture_triggers("account_dunning.cron_workbook") as captured:
            workbook = self._order()
        self.assertEqual(workbook.state, "waiting")
        self.assertEqual(self.answer["res_id"], workbook.id)
        self.assertFalse(workbook.attachment_id)
        self.assertEqual(len(captured.records), 1)
        with self.assertRaises(UserError):
            workbook.action_download()

    def test_the_same_is_not_made_twice_while_it_waits(self):
        first = self._order()
        self.assertEqual(self._order(), first)
        other = self._order(limits="10, 20")
        self.assertNotEqual(other, first)
        self._cron_make()
        self.assertNotEqual(self._order(), first)

    def test_what_shows_something_else_is_another_workbook(self):
        workbooks = self.env["dunning.workbook"]
        own = workbooks.new({"date": self.today, "with_items": True})
        own.partner_ids = self.customer
        other = self._create_customer("Another")
        same = {"date": self.today, "with_items": True}
        for options, is_same in (
            (same, True),
            (same | {"partner_ids": self.customer.ids}, True),
            (same | {"partner_ids": (self.customer | other).ids}, False),
            (same | {"partner_ids": other.ids}, False),
            (same | {"partner_ids": []}, False),
            (same | {"partner_ids": None}, False),
            (same | {"with_items": False}, False),
            (same | {"date": self._day(1)}, False),
            ({}, True),
        ):
            with self.subTest(options=options):
                self.assertEqual(own._shows(options), is_same)

    def test_whoever_orders_many_waits_for_those_who_order_one(self):
        for limit in (10, 20, 30):
            self._order(limits=str(limit))
        manager = self._create_user("manager", "group_dunning_manager")
        self._order(manager)
        made = []
        model = self.env.registry["dunning.workbook"]
        with patch.object(model, "_make_safely", lambda own: made.append(own.user_id)):
            self._cron_make()
        self.assertEqual(
            made, [self.collector, manager, self.collector, self.collector]
        )

    def test_it_is_made_with_the_rights_of_its_author_who_is_told(self):
        workbook = self._order()
        self._cron_make()
        self.assertEqual((workbook.state, workbook.progress), ("done", 100))
        read = Reading(workbook.attachment_id.raw)
        self.assertEqual(
            self._add(read.get_list("Items"), "Open"), self._get_ledger_balance(0)
        )
        self.assertIn("by Collector", read.get_text())
        told = self._get_told()
        self.assertIn("is ready", told[-1])
        self.assertIn(f"/web/content/{workbook.attachment_id.id}", told[-1])

    def test_its_progress_is_seen_while_it_is_made(self):
        workbook = self._order()
        seen = []
        with (
            patch.object(
                self.env.registry["dunning.workbook"],
                "_beat_along",
                lambda workbook, rows, making: self._beat(rows, making),
            ),
            self._seeing(seen),
        ):
            self._cron_make()
        self.assertEqual(seen, [0, 20, 40, 60, 80])
        self.assertEqual(workbook.progress, 100)
        self.assertIn('"progress":80', "".join(self._get_told()))

    def test_its_figures_are_read_on_a_replica_that_knows_of_it(self):
        workbook = self._order()
        seen = set()
        replica = {"db_replica_host": "replica"}
        with (
            patch.object(dunning_workbook_background, "config", replica),
            patch.object(dunning_workbook_background, "PULSE", 60),
            self._during(lambda workbook: seen.add(workbook.env.cr.readonly)),
        ):
            self._cron_make()
        self.assertEqual(workbook.state, "done")
        self.assertEqual(seen, {True})
        read = Reading(workbook.attachment_id.raw)
        self.assertEqual(
            self._add(read.get_list("Items"), "Open"), self._get_ledger_balance(0)
        )

    def _beat(self, rows, making):
        for number, row in enumerate(rows):
            making.beat(number / making.count)
            yield row

    def _seeing(self, seen):
        """Have it noted what others see while the workbook is made."""
        pulse = dunning_workbook_background._Pulse
        original = pulse.beat

        def beat(self, share):
            original(self, share)
            with self.workbook.env.registry.cursor() as cr:
                other = self.workbook.with_env(self.workbook.env(cr=cr))
                other.invalidate_recordset()
                seen.append(other.progress)

        return patch.object(pulse, "beat", beat)

    def test_a_workbook_that_is_cancelled_while_it_waits_is_not_made(self):
        workbook = self._order()
        workbook.action_cancel()
        self._cron_make()
        self.assertEqual(workbook.state, "cancelled")
        self.assertFalse(workbook.attachment_id)

    def test_a_workbook_that_is_cancelled_while_it_is_made_stops(self):
        workbook = self._order()
        written = []

        def cancel(running):
            written.append(1)
            if len(written) == 1:
                with running.env.registry.cursor() as cr:
                    running.with_env(running.env(cr=cr)).action_cancel()

        with patch.object(
            self.env.registry["dunning.workbook"],
            "_beat_along",
            lambda record, rows, making: self._cancelling(record, rows, making, cancel),
        ):
            self._cron_make()
        self.assertEqual(len(written), 1)
        self.assertEqual(workbook.state, "cancelled")
        self.assertFalse(workbook.attachment_id)
        self.assertNotIn("ready", "".join(self._get_told()))

    def test_a_workbook_that_is_cancelled_at_the_last_moment_is_thrown_away(self):
        workbook = self._order()
        model = self.registry["dunning.workbook"]
        write = model._write_book

        def write_and_cancel(running, *args):
            count = write(running, *args)
            with running.env.registry.cursor() as cr:
                running.with_env(running.env(cr=cr)).action_cancel()
            return count

        with patch.object(model, "_write_book", write_and_cancel):
            self._cron_make()
        self.assertEqual(workbook.state, "cancelled")
        self.assertFalse(workbook.attachment_id)

    def test_a_workbook_on_which_another_process_works_is_left_to_it(self):
        workbook = self._order().sudo()
        model = self.registry["dunning.workbook"]
        with patch.object(model, "try_lock_for_update", lambda own: own[:0]):
            workbook._make_safely()
            self.assertEqual(workbook.state, "waiting")
            workbook.state = "running"
            with (
                patch.object(model, "_write_book", lambda own, *args: 1),
                patch.object(self.registry["ir.cron"], "_commit_progress"),
                self.assertRaises(dunning_workbook_background.Cancelled),
            ):
                workbook._make_pulsing()
        self.assertFalse(workbook.attachment_id)

    def _cancelling(self, workbook, rows, making, cancel):
        for number, row in enumerate(rows):
            cancel(workbook)
            making.beat(number / making.count)
            yield row

    def test_a_cancelled_workbook_can_be_asked_for_again(self):
        workbook = self._order()
        workbook.action_cancel()
        workbook.action_again()
        self._cron_make()
        self.assertEqual(workbook.state, "done")

    def test_what_is_ready_is_not_made_again(self):
        ready = self._order()
        self._cron_make()
        cancelled = self._order()
        cancelled.action_cancel()
        (ready | cancelled).action_again()
        self.assertEqual((ready.state, cancelled.state), ("done", "waiting"))

    @mute_logger(BACKGROUND)
    def test_what_fails_is_told_in_words_and_hinders_no_other(self):
        first, second = self._order(), self._order(limits="10")

        def fail(workbook):
            if workbook.id == first.id:
                raise ZeroDivisionError("secret")

        with self._during(fail):
            self._cron_make()
        self.assertEqual((first.state, second.state), ("failed", "done"))
        self.assertIn("ask the administrator", first.message)
        self.assertNotIn("secret", "".join(self._get_told()))
        self.assertFalse(first.attachment_id)
        first.action_again()
        self._cron_make()
        self.assertEqual(first.state, "done")

    @mute_logger(BACKGROUND)
    def test_a_full_disk_is_told_as_such(self):
        workbook = self._order()

        def fail(_workbook):
            raise OSError(28, "No space left on device")

        with self._during(fail):
            self._cron_make()
        self.assertIn("no room", workbook.message)

    def test_what_a_killed_process_left_is_made_again_but_not_for_ever(self):
        workbook = self._order()
        workbook.sudo().write({"state": "running", "attempts": 1, "progress": 50})
        self._cron_make()
        self.assertEqual(workbook.state, "done")
        workbook.sudo().write({"state": "running", "attempts": 2})
        self._cron_make()
        self.assertEqual(workbook.state, "failed")
        self.assertIn("choose fewer customers", workbook.message)

    def test_an_author_without_rights_any_more_gets_nothing(self):
        workbook = self._order()
        self.collector.group_ids = self.env.ref("base.group_user")
        self._cron_make()
        self.assertEqual(workbook.sudo().state, "failed")
        self.assertFalse(workbook.sudo().attachment_id)

    def test_old_workbooks_are_thrown_away_with_their_files(self):
        workbook = self._order()
        self._cron_make()
        file = workbook.sudo().attachment_id
        self.env["dunning.workbook"].sudo()._gc_workbooks()
        self.assertTrue(workbook.exists())
        self.env.cr.execute(
            "UPDATE dunning_workbook SET create_date = create_date - INTERVAL '31 days'"
        )
        self.env.invalidate_all()
        self.env["dunning.workbook"].sudo()._gc_workbooks()
        self.assertFalse(workbook.exists() or file.exists())

    def test_a_workbook_that_is_being_made_is_not_deleted(self):
        workbook = self._order()
        workbook.sudo().state = "running"
        with self.assertRaisesRegex(UserError, "cancel it"):
            workbook.unlink()
        workbook.action_cancel()
        workbook.unlink()
        self.assertFalse(workbook.exists())
