from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from odoo import Command
from odoo.tests import tagged

from . import promise_model as model
from .plan_strategies import examples
from .promises import PromiseCommon

AMOUNTS = (100, 100, 60)
TOLERANCE_DAYS = 2
TOLERANCE = 5

amounts = st.sampled_from([10, 20, 30, 50, 60, 97, 100, 130])
some_items = st.sets(st.sampled_from(range(len(AMOUNTS))), min_size=1).map(sorted)
index = st.integers(0, 5)
operations = st.lists(
    st.one_of(
        st.tuples(
            st.just("promise"),
            some_items,
            st.lists(st.tuples(st.integers(1, 9), amounts), min_size=1, max_size=3),
            st.booleans(),
            st.booleans(),
        ),
        st.tuples(
            st.just("book"),
            st.integers(0, len(AMOUNTS) - 1),
            amounts,
            st.integers(-4, 0),
            st.booleans(),
        ),
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
    the addon says what the model says, and keeps no more out than is open."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        (cls.old + cls.new).button_draft()
        (cls.old + cls.new).with_context(force_delete=True).unlink()
        cls.company.write(
            {
                "dunning_promise_tolerance": TOLERANCE_DAYS,
                "dunning_promise_tolerance_amount": TOLERANCE,
            }
        )
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
                kept.append(model.Line(date, amount))
        values = {"items": self._get_lines(items), "keep_others": beside}
        if items:
            self.assertPromiseRefused(
                "above", (self._last_day(), room + 0.01), **values
            )
        if not kept:
            return
        for promise in replaced:
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
                tolerance_days=TOLERANCE_DAYS,
                tolerance=TOLERANCE,
                known={entry for entry in world.entries if entry.booked},
            )
        )

    def _book_both(self, item, amount, offset, payment):
        world = self.world
        amount = min(amount, world.get_open()[item])
        if not amount:
            return
        entry = model.Entry(item, world.today + timedelta(days=offset), amount, payment)
        kind = "bank" if payment else "misc"
        journal = self.company_data[f"default_journal_{kind}"]
        move = self._create_entry(amount=-amount, due=entry.date, journal=journal)
        self.entries.append(self._items(move))
        world.entries.append(entry)
        (self.lines[item] | self._items(move)).reconcile()

    def _wait_both(self, days):
        self.world.today += timedelta(days=days)
        self._go_to(self.world.today)
        self.company._dunning_settle()

    def _undo_both(self, number):
        if number < len(self.entries) and self.world.entries[number].booked:
            self.world.entries[number].booked = False
            self.entries[number].remove_move_reconcile()

    def _redo_both(self, number):
        if number >= len(self.entries):
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
                    [(x.state, x.received, x.credited) for x in promise.lines],
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
            [(x.state, x.amount_received, x.amount_credited) for x in lines],
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
