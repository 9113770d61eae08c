from threading import Barrier

from odoo import Command, fields
from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..concurrency import ConcurrencyCommon


@tagged("post_install", "-at_install")
class TestConcurrentClaims(ConcurrencyCommon):
    """What is promised, disputed and paid at the same time is never more than what is
    open."""

    customer_count = 1

    def _together(self, *functions):
        """Call functions that have all seen the ledger before any of them changes it.

        :return: what they returned or raised
        """
        seen = Barrier(len(functions))

        def after_seeing(function):
            tries = []

            def look_and_call(env):
                self._get_item(env).fetch(["amount_residual_currency"])
                if not tries:
                    tries.append(seen.wait(timeout=30))
                return function(env)

            return look_and_call

        with mute_logger("odoo.sql_db", "odoo.service.model"):
            return self._in_threads(*map(after_seeing, functions))

    def _get_item(self, env):
        [move] = env["account.move"].browse(self.invoice_ids)
        return move.line_ids.filtered(lambda line: line.date_maturity)

    def _promise(self, env, **values):
        item = self._get_item(env)
        day = fields.Date.add(env.company._dunning_today(), days=5)
        line = Command.create({"date": day, "amount": 100})
        promise = env["dunning.promise"].create(
            {"partner_id": item.partner_id.id, "line_ids": [line], **values}
        )
        return promise.id

    def _promise_beside(self, env):
        return self._promise(env, keep_others=True)

    def _dispute(self, env):
        reason = env["dunning.reason"].create({"name": "Wrong price"})
        items = [Command.set(self._get_item(env).ids)]
        dispute = env["dunning.dispute"].create(
            {"move_line_ids": items, "reason_id": reason.id, "amount": 100}
        )
        return dispute.id

    def assertOnlyOne(self, results):
        """Check that one succeeded, and the other was told why it did not."""
        refused = [result for result in results if isinstance(result, Exception)]
        self.assertEqual(len(refused), 1, results)
        self.assertIsInstance(refused[0], ValidationError)

    # ------------------------------------------------------------------
    # TESTS
    # ------------------------------------------------------------------

    def test_the_later_of_two_promises_takes_the_place_of_the_other(self):
        ids = self._together(self._promise, self._promise)
        with self._env() as env:
            first, second = env["dunning.promise"].browse(sorted(ids))
            self.assertEqual(
                sorted([first.state, second.state]), ["open", "renegotiated"]
            )
            self.assertEqual(first.amount_held + second.amount_held, 100)

    def test_the_same_amount_is_not_promised_twice(self):
        self.assertOnlyOne(self._together(self._promise_beside, self._promise_beside))

    def test_the_same_amount_is_not_disputed_twice(self):
        self.assertOnlyOne(self._together(self._dispute, self._dispute))

    def test_what_is_paid_in_the_meantime_is_not_promised(self):
        def pay(env):
            return self._pay(env, self.invoice_ids)

        paid, promised = self._together(pay, self._promise)
        self.assertIsInstance(paid, list)
        with self._env() as env:
            self.assertEqual(self._get_item(env).amount_residual_currency, 0)
            if isinstance(promised, int):
                promise = env["dunning.promise"].browse(promised)
                self.assertEqual((promise.state, promise.amount_held), ("kept", 0))
            else:
                self.assertIsInstance(promised, ValidationError)
