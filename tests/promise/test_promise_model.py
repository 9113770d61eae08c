from collections import Counter
from copy import deepcopy
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from ...models.promise.dunning_promise_line import STANDING_FIELDS
from .. import promise_model as model
from ..plan_strategies import examples
from ..promises import PromiseCommon

AMOUNTS = (100, 100, 60)
TOLERANCE_DAYS = 2
TOLERANCE = 5
# Promises of more wait for their approval.
LIMIT = 110

amounts = st.sampled_from([10, 20, 30, 50, 60, 97, 100, 130])
some_items = st.sets(st.sampled_from(range(len(AMOUNTS))), min_size=1).map(sorted)
index = st.integers(0, 5)
operations = st.lists(
    st.one_of(
        st.tuples(
            st.just("promise"),
            some_items,
            st.lists(st.tuples(st.integers(0, 9), amounts), min_size=1, max_size=3),
            st.booleans(),
            st.booleans(),
        ),
        st.tuples(
            st.just("book"),
            st.integers(0, len(AMOUNTS) - 1),
            amounts,
            st.integers(-4, 6),
            st.sampled_from(["money", "money", "part", "entry"]),
        ),
        st.tuples(st.just("deposit"), amounts, st.integers(-4, 6)),
        st.tuples(st.just("allocate"), index, st.integers(0, len(AMOUNTS) - 1)),
        st.tuples(st.just("approve"), index),
        st.tuples(st.just("refuse"), index),
        st.tuples(st.just("wait"), st.integers(1, 6)),
        st.tuples(st.just("undo"), index),
        st.tuples(st.just("redo"), index),
        st.tuples(st.just("withdraw"), index),
        st.tuples(st.just("dispute"), some_items, amounts),
        st.tuples(st.just("cancel"), index),
    ),
    min_size=2,
    max_size=10,
)


@tagged("post_install", "-at_install")
class TestPromiseModel(PromiseCommon):
    """Whatever is promised, paid, credited, undone and disputed in whatever order:
    the addon says what the model says, and keeps no more out than is open. Payments
    write a part off, are there before or dated in the future; promises wait for their
    approval."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        (cls.old + cls.new).button_draft()
        (cls.old + cls.new).with_context(force_delete=True).unlink()
        cls.company.write(
            {
                "dunning_promise_tolerance": TOLERANCE_DAYS,
                "dunning_promise_tolerance_amount": TOLERANCE,
                "dunning_promise_max_amount": LIMIT,
            }
        )
        cls.manager = cls._create_user("manager", "group_dunning_manager")
        cls.invoices = [cls._create_invoice(due=-30, amount=x) for x in AMOUNTS]
        cls.lines = cls.env["account.move.line"].concat(
            *(cls._items(invoice) for invoice in cls.invoices)
        )
        cls.reason = cls.env.ref("account_dunning.reason_price")

    @given(operations)
    @examples(40)
    def test_any_sequence_ends_as_the_model_says(self, drawn):
        savepoint = self.env.cr.savepoint()
        try:
            self._go_to(0)
            self.world = model.World(AMOUNTS, self.today)
            self.promises, self.disputes, self.entries = [], [], []
            for name, *arguments in drawn:
                getattr(self, f"_{name}_both")(*arguments)
                self.world.settle()
                self.env.invalidate_all()
                self._compare()
        finally:
            savepoint.close(rollback=True)
            self.env.invalidate_all(flush=False)

    # ------------------------------------------------------------------
    # OPERATIONS
    # ------------------------------------------------------------------

    def _promise_both(self, items, lines, beside, whole):
        world = self.world
        open_ = world.get_open()
        items = [item for item in items if open_[item]]
        replaced = [
            promise
            for promise in world.promises
            if promise.state == model.OPEN and set(promise.items) & set(items)
            if not beside
        ]
        room = world.get_available(items, replaced)
        kept = []
        for offset, amount in lines:
            amount = min(amount, room - sum(line.amount for line in kept))
            if amount > 0:
                date = world.today + timedelta(days=offset)
                kept.append(model.Line(date, amount, self._get_limit(date)))
        values = {"items": self._get_lines(items), "keep_others": beside}
        if items:
            self.assertPromiseRefused(
                "above", (self._last_day(), room + 0.01), **values
            )
        if not kept:
            return
        waits = sum(line.amount for line in kept) > LIMIT
        for promise in () if waits else replaced:
            self._close(promise, model.RENEGOTIATED)
        self.company.dunning_promise_break_whole = whole
        self.promises.append(
            self._promise(*((x.date, x.amount) for x in kept), **values)
        )
        world.promises.append(
            model.Promise(
                made=world.today,
                items=tuple(items),
                lines=kept,
                whole=whole,
                tolerance=TOLERANCE,
                known=set(world.entries),
                waits=waits,
            )
        )
        self.assertEqual(self.promises[-1].approval, waits and "waiting")

    def _get_limit(self, date):
        """Return the last day in time: that of the tolerance, or the next Monday."""
        limit = date + timedelta(days=TOLERANCE_DAYS)
        off = limit.weekday() > 4
        return limit + timedelta(days=7 - limit.weekday() if off else 0)

    def _book_both(self, item, amount, offset, kind):
        amount = min(amount, self.world.get_open()[item])
        money = {"money": amount, "part": amount // 2, "entry": 0}[kind]
        if not amount:
            return
        self._enter(item, amount, money, offset)
        (self.lines[item] | self.entries[-1]).reconcile()

    def _deposit_both(self, amount, offset):
        self._enter(None, amount, amount, offset)
        self.world.entries[-1].booked = False

    def _allocate_both(self, number, item):
        if number < len(self.entries) and self.world.entries[number].item is None:
            self.world.entries[number].item = item
            self._redo_both(number)
            if not self.world.entries[number].booked:
                self.world.entries[number].item = None

    def _enter(self, item, amount, money, offset):
        date = self.world.today + timedelta(days=offset)
        self.world.entries.append(model.Entry(item, date, amount, money))
        bank = self.company_data["default_journal_bank"]
        counterparts = {
            bank.default_account_id: money,
            self.company_data["default_account_expense"]: amount - money,
        }
        move = self._create_entry(
            amount=-amount,
            due=date,
            journal=bank if money else self.company_data["default_journal_misc"],
            counterparts={k: balance for k, balance in counterparts.items() if balance},
        )
        self.entries.append(self._items(move))

    def _is_waiting(self, number):
        promises = self.world.promises
        return (
            number < len(promises)
            and promises[number].waits
            and promises[number].state == model.OPEN
        )

    def _approve_both(self, number):
        if not self._is_waiting(number):
            return
        before = deepcopy(self.world)
        promises = self.world.promises
        own = promises[number]
        own.preceded = Counter()
        for promise in promises:
            if promise.had is None:
                own.preceded.update(promise.got)
        for promise in promises[:number]:
            shared = set(promise.items) & set(own.items)
            beside = self.promises[number].keep_others
            if promise.state == model.OPEN and shared and not beside:
                self._close(promise, model.RENEGOTIATED)
        own.waits = False
        self.world.settle()
        record = self.promises[number].with_user(self.manager)
        if any(x.state in (model.BROKEN, model.PARTLY_KEPT) for x in own.lines):
            self.world = before
            with self.assertRaisesRegex(UserError, "has passed"):
                with self.env.cr.savepoint():
                    record.action_approve()
        else:
            record.action_approve()

    def _refuse_both(self, number):
        if self._is_waiting(number):
            self._close(self.world.promises[number], model.WITHDRAWN)
            self.promises[number].with_user(self.manager).action_refuse("No")

    def _wait_both(self, days):
        self.world.today += timedelta(days=days)
        self._go_to(self.world.today)
        self.company._dunning_settle()

    def _undo_both(self, number):
        if number < len(self.entries) and self.world.entries[number].booked:
            self.world.entries[number].booked = False
            self.entries[number].remove_move_reconcile()

    def _redo_both(self, number):
        if number >= len(self.entries) or self.world.entries[number].item is None:
            return
        entry = self.world.entries[number]
        if not entry.booked and entry.amount <= self.world.get_open()[entry.item]:
            entry.booked = True
            (self.lines[entry.item] | self.entries[number]).reconcile()

    def _withdraw_both(self, number):
        if number < len(self.promises) and self.promises[number].state == "open":
            self._close(self.world.promises[number], model.WITHDRAWN)
            self.promises[number].action_withdraw()

    def _dispute_both(self, items, amount):
        open_ = self.world.get_open()
        items = [item for item in items if open_[item]]
        amount = min(amount, self.world.get_disputable(items)) if items else 0
        if not amount:
            return
        self.world.disputes.append(model.Dispute(tuple(items), amount))
        self.disputes.append(
            self.env["dunning.dispute"].create(
                {
                    "move_line_ids": [Command.set(self._get_lines(items).ids)],
                    "reason_id": self.reason.id,
                    "amount": amount,
                }
            )
        )

    def _cancel_both(self, number):
        if number < len(self.disputes) and self.disputes[number].state == "new":
            self.disputes[number].action_cancel()
            self.world.disputes[number].cancelled = True

    def _close(self, promise, decision):
        promise.decision = decision
        promise.had = dict(promise.got)
        for line in promise.lines:
            if line.state == model.OPEN:
                line.state = decision

    def _get_lines(self, items):
        return self.lines.browse(self.lines[item].id for item in items)

    def _last_day(self):
        return self.world.today + timedelta(days=1)

    # ------------------------------------------------------------------
    # COMPARING
    # ------------------------------------------------------------------

    def _compare(self):
        disputed, promised = self.world.get_held()
        self.assertEqual([x.amount_held for x in self.disputes], disputed)
        self.assertEqual(
            [self._tell(record) for record in self.promises],
            [
                (
                    promise.state,
                    held,
                    [
                        (x.state, x.received, x.credited, x.in_time, x.ahead)
                        for x in promise.lines
                    ],
                )
                for promise, held in zip(self.world.promises, promised, strict=True)
            ],
        )
        self._check_held()

    def _tell(self, promise):
        lines = promise.line_ids.sorted("id")
        return (
            promise.state,
            promise.amount_held,
            [tuple(x[name] for name in STANDING_FIELDS) for x in lines],
        )

    def _check_held(self):
        """Check that what is promised, disputed and collectable is open."""
        plan = self.env["dunning.plan"]
        scope = self.company._dunning_scope(partners=self.customer.ids)
        rows = self.env.execute_query_dict(plan._get_query(scope))
        withheld = {row["id"]: float(row["withheld"]) for row in rows}
        holds = self.env["dunning.hold"].search([("state", "=", "active")])
        for line in self.lines:
            own = holds.filtered(lambda hold, x=line: hold.move_line_ids == x)
            held = sum(own.mapped("amount"))
            self.assertLessEqual(held, line.amount_residual_currency)
            self.assertEqual(withheld.get(line.id, 0), held)
        collectable = max([float(row["collectable"] or 0) for row in rows], default=0)
        self.assertLessEqual(
            sum(withheld.values()) + max(collectable, 0),
            sum(self.lines.mapped("amount_residual_currency")),
        )
