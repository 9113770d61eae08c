from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import SQL

from ...wizards.run import dunning_preview
from ..common import DunningCommon


@tagged("post_install", "-at_install")
class TestPreviewOfMany(DunningCommon):
    """Of many customers, the first are shown while it goes on looking at the others."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._create_user("manager", "group_dunning_manager")
        cls.invoices = [
            cls._create_invoice(cls._create_customer(f"No {number}"), due=-5, amount=x)
            for number, x in enumerate((100, 500, 300, 200, 400))
        ]

    def setUp(self):
        super().setUp()
        for name, value in (
            ("FIRST_BATCH", 2),
            ("BATCH_SIZE", 2),
            ("FIRST_SECONDS", 0),
            ("NEXT_SECONDS", 0),
        ):
            self.startPatcher(patch.object(dunning_preview, name, value))

    def _begin(self):
        preview = self.env["dunning.preview"].with_user(self.manager).create({})
        preview.action_preview()
        return preview

    def _get_lines(self, preview):
        columns = ["name", "partner_id", "decision", "reason", "channel", "level_id"]
        return preview.line_ids.sorted("name").read([*columns, "explanation"])

    def test_those_with_most_overdue_are_shown_first(self):
        preview = self._begin()
        # They come together, in no order of their own.
        self.assertEqual(
            set(preview.line_ids.partner_id.mapped("name")),
            {self.invoices[number].partner_id.name for number in (1, 4)},
        )
        self.assertEqual(
            preview.get_summary()["progress"],
            {
                "state": "filling",
                "done": 2,
                "count": 5,
                "text": "2 of 5 customers looked at",
            },
        )

    def test_it_goes_on_until_all_are_shown_as_if_it_were_done_at_once(self):
        preview = self._begin()
        self.assertEqual(preview.fill_next()["done"], 4)
        progress = preview.fill_next()
        self.assertEqual(progress["state"], "complete")
        self.assertFalse(progress["text"])
        self.assertEqual(preview.fill_next(), progress)
        with patch.object(dunning_preview, "FIRST_BATCH", 1000):
            at_once = self._begin()
        ids = {"id"}
        self.assertEqual(
            [line | dict.fromkeys(ids) for line in self._get_lines(preview)],
            [line | dict.fromkeys(ids) for line in self._get_lines(at_once)],
        )

    def test_the_run_is_started_when_all_are_shown(self):
        preview = self._begin()
        for method in (preview.action_confirm, preview.action_apply):
            with self.assertRaisesRegex(UserError, "does not show all customers yet"):
                method()
        preview.fill_next()
        preview.fill_next()
        self.assertEqual(preview.action_confirm()["res_id"], preview.id)
        self.assertTrue(preview.action_apply()["res_id"])

    def test_it_can_be_stopped_and_what_is_shown_stays(self):
        preview = self._begin()
        progress = preview.stop_filling()
        self.assertEqual(progress["text"], "Stopped after 2 of 5 customers")
        self.assertEqual(preview.fill_next(), progress)
        self.assertEqual(len(preview.line_ids), 2)
        with self.assertRaisesRegex(UserError, "make it again"):
            preview.action_confirm()
        preview.action_preview()
        self.assertEqual(preview.get_progress()["done"], 2)

    def test_items_without_customer_are_shown_once(self):
        item = self._items(self.invoices[0])
        self.env.cr.execute(
            SQL("UPDATE account_move_line SET partner_id = NULL WHERE id = %s", item.id)
        )
        self.env.invalidate_all()
        preview = self._begin()
        while preview.fill_next()["state"] == "filling":
            pass
        [line] = preview.line_ids.filtered(lambda line: not line.partner_id)
        self.assertEqual(line.reason, "no_partner")

    def test_without_any_open_item_it_is_complete(self):
        for invoice in self.invoices:
            invoice.button_draft()
        self.assertEqual(self._begin().get_progress()["state"], "complete")

    def test_nobody_else_goes_on_or_stops(self):
        preview = self._begin()
        other = self._create_user("other", "group_dunning_manager")
        for method in ("fill_next", "stop_filling", "get_progress"):
            with self.assertRaises(AccessError):
                getattr(preview.with_user(other), method)()
