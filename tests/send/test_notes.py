from markupsafe import Markup

from odoo import Command
from odoo.tests import tagged
from odoo.tools import format_date

from .test_execution import ExecutionCommon

# They differ from one note to the next.
OWN_FIELDS = {"id", "date", "message_id", "res_id"}


@tagged("post_install", "-at_install")
class TestNotes(ExecutionCommon):
    """What is noted on invoices, and on actions that are done."""

    def setUp(self):
        super().setUp()
        self.moves = self.env["account.move"].concat(
            *(self._create_invoice(due=-day) for day in (1, 2, 3))
        )
        self.discreet = self.moves._dunning_discreetly(self.company)

    def _last_notes(self):
        return self.env["mail.message"].concat(
            *(move.message_ids.sorted("id")[-1] for move in self.moves)
        )

    def _values(self, notes):
        names = [
            name
            for name, field in notes._fields.items()
            if field.store and name not in OWN_FIELDS
        ]
        # What nobody may read is compared as well.
        notes_sudo = notes.sudo()
        return [{name: note[name] for name in names} for note in notes_sudo]

    def test_a_note_on_many_invoices_is_as_if_each_had_got_its_own(self):
        texts = dict.fromkeys(self.moves.ids, Markup("<b>Written</b>"))
        single = self.discreet._message_log_batch(bodies=texts)
        self.discreet._dunning_note(texts)
        copies = self._last_notes()
        self.assertFalse(copies & single)
        self.assertEqual(copies.mapped("res_id"), self.moves.ids)
        self.assertEqual(self._values(copies), self._values(single))

    def test_each_invoice_is_told_its_own_text(self):
        texts = ["1 < 2", Markup("<b>Bold</b>"), "1 < 2"]
        self.discreet._dunning_note(dict(zip(self.moves.ids, texts, strict=True)))
        bodies = [str(note.body) for note in self._last_notes()]
        self.assertIn("1 &lt; 2", bodies[0])
        self.assertIn("<b>Bold</b>", bodies[1])
        self.assertEqual(bodies[2], bodies[0])

    def test_notes_are_there_for_who_had_read_the_others(self):
        counts = [len(move.message_ids) for move in self.moves]
        self.discreet._dunning_note(dict.fromkeys(self.moves.ids, "Written"))
        self.assertEqual(
            [len(move.message_ids) for move in self.moves], [n + 1 for n in counts]
        )

    def test_an_action_tells_itself_that_it_was_done(self):
        _invoice, action = self._plan_action(channel="call", execution="manual")
        action = action.with_context(tracking_disable=False, mail_notrack=False)
        action.action_postpone(self._day(4), "On holiday")
        self.cr.flush()
        action.action_execute()
        self.cr.flush()
        action.invalidate_recordset()
        self.assertEqual(action.state, "done")
        # Users read tracked values with their message.
        tracked_sudo = action.message_ids.sudo().tracking_value_ids
        self.assertEqual(tracked_sudo.field_id.mapped("name"), ["date"])

    def test_what_was_postponed_or_skipped_is_told(self):
        _invoice, action = self._plan_action()
        _invoice, other = self._plan_action(self._create_partner(name="Other"))
        day = format_date(self.env, self._day(4))

        def decide(how, actions, **values):
            dialog = self.env[f"dunning.action.{how}"].create(
                {"action_ids": [Command.set(actions.ids)], "reason": "Asked", **values}
            )
            params = dialog.action_apply()["params"]
            self.assertEqual(params["next"]["type"], "ir.actions.act_window_close")
            return params["message"]

        told = decide("postpone", action, date=self._day(4))
        self.assertEqual(told, f"{action.display_name}: postponed to {day}")
        told = decide("postpone", action | other, date=self._day(4))
        self.assertEqual(told, f"2 actions postponed to {day}")
        self.assertEqual(decide("skip", action | other), "2 actions skipped")
