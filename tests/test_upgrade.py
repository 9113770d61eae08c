import json
from importlib.util import module_from_spec, spec_from_file_location

from odoo.tests import tagged
from odoo.tools.misc import file_path

from .common import DunningCommon
from .promises import PromiseCommon

FOLDER = "account_dunning/migrations/19.0.1.4.0"


def load(name):
    """Return a script of the migration to version 1.4 as a module."""
    path = file_path(f"{FOLDER}/{name}.py")
    spec = spec_from_file_location(name.replace("-", "_"), path)
    script = module_from_spec(spec)
    spec.loader.exec_module(script)
    return script


class UpgradeCommon(DunningCommon):
    def _migrate(self, name):
        """Run a script, twice: a second update changes nothing."""
        self.env.flush_all()
        for __ in range(2):
            load(name).migrate(self.env.cr, "19.0.1.3.0")
        self.env.flush_all()
        self.env.invalidate_all()

    def _set(self, record, **values):
        """Write columns as a former version did."""
        self.env.flush_all()
        for column, value in values.items():
            value = json.dumps(value) if isinstance(value, dict) else value
            self.env.cr.execute(
                f"UPDATE {record._table} SET {column} = %s WHERE id IN %s",
                [value, tuple(record.ids)],
            )
        self.env.invalidate_all()


@tagged("post_install", "-at_install")
class TestUpgradePromises(UpgradeCommon, PromiseCommon):
    """Promises and causes of version 1.3."""

    def test_what_was_there_before_a_promise_is_known_by_entry(self):
        self._pay(self.old, amount=10)
        promise = self._promise((5, 190))
        [entry_id] = promise.baseline
        for known, expected in (
            ({f"{self.old.id}-{entry_id}": 10.0}, [entry_id]),
            ({"7-3": 1.0, "8-3": 2.0}, [3]),
            ({}, []),
        ):
            self._set(promise, baseline=known)
            self._migrate("pre-promises")
            self.assertEqual(promise.baseline, expected)

    def test_a_promise_kept_by_a_credit_note_alone_is_settled_anew(self):
        promise = self._promise((5, 200))
        self._credit(self.old)
        self._credit(self.new)
        state = promise.state
        self.assertNotEqual(state, "kept")
        self._set(promise, state="kept")
        self._set(promise.line_ids, state="kept")
        self._migrate("post-promises")
        self.assertEqual(promise.state, state)

    def _credit(self, invoice):
        wizard = (
            self.env["account.move.reversal"]
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create({"journal_id": invoice.journal_id.id})
        )
        wizard.modify_moves()

    def test_what_was_left_out_as_paid_but_was_credited_says_so(self):
        action = self._run(0).action_ids
        self._credit(self.old)
        self._credit(self.new)
        self.assertEqual(action.state, "cancelled")
        cause = action.cancel_cause
        self.assertNotEqual(cause, "paid")
        self._set(action, cancel_cause="paid")
        self._set(action.line_ids, drop_cause="paid")
        self._migrate("post-promises")
        self.assertEqual(action.cancel_cause, cause)
        self.assertEqual(set(action.line_ids.mapped("drop_cause")), {cause})

    def test_what_was_left_out_as_paid_and_was_paid_stays(self):
        action = self._run(0).action_ids
        self._pay(self.old + self.new, group_payment=True)
        self.assertEqual(action.cancel_cause, "paid")
        self._migrate("post-promises")
        self.assertEqual(action.cancel_cause, "paid")


@tagged("post_install", "-at_install")
class TestUpgradeRules(UpgradeCommon):
    """Rules of version 1.3."""

    def test_a_rule_that_was_calculated_is_written_down(self):
        self._set(self.scenario, partner_domain="[('color', '=', 2 + 3)]")
        self._migrate("post-rules")
        self.assertEqual(self.scenario.partner_domain, "[('color', '=', 5)]")

    def test_a_rule_that_was_written_down_stays(self):
        rule = '[("color", "=", 5)]'
        self._set(self.scenario, partner_domain=rule)
        self._migrate("post-rules")
        self.assertEqual(self.scenario.partner_domain, rule)

    def test_a_rule_that_cannot_be_calculated_stays_and_stops_nothing(self):
        for rule in ("[('id', '<', 10**10**9)]", "[('id', '=', nothing)]", "[("):
            with self.subTest(rule=rule):
                self._set(self.scenario, partner_domain=rule)
                self._migrate("post-rules")
                self.assertEqual(self.scenario.partner_domain, rule)
