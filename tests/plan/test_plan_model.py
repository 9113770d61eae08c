from contextlib import contextmanager
from datetime import date as Date
from datetime import timedelta
from fractions import Fraction
from unittest.mock import patch

from hypothesis import example, given

from odoo.tests import tagged
from odoo.tools import SQL

from .. import plan_model
from ..common import DunningCommon
from ..plan_ledger import Hold, Item, Ledger, Level, Scenario
from ..plan_strategies import CUSTOMERS, FOREIGN_CURRENCY, ITEMS, examples, ledgers
from .ledger_writer import LedgerWriter

DAY = Date(2026, 5, 22)


def ledger_of(*items, minimum=0, holds=()):
    """A ledger of one scenario, for examples that once were wrong."""
    scenario = Scenario([Level(1), Level(10)], minimum=minimum)
    return Ledger(DAY, list(items), [scenario], scenario, holds=list(holds))


def overdue(residual=100, **values):
    return Item(0, DAY - timedelta(days=5), Fraction(residual), **values)


def held_twice():
    """On hold as a customer without end, and on its own until tomorrow."""
    item = overdue()
    own = Hold(0, [item], end=DAY + timedelta(days=1))
    return ledger_of(item, holds=[Hold(0), own])


def held_for_nothing():
    """The second is being paid: all of the amount on hold is on the first."""
    items = [overdue(), overdue(paying=Fraction(100))]
    return ledger_of(*items, holds=[Hold(0, items, Fraction(100))])


def at_the_minimum():
    """At a rate that is no decimal fraction: 150 of theirs are 100 of ours."""
    amounts = {"currency": FOREIGN_CURRENCY, "residual_company": Fraction(100)}
    return ledger_of(overdue(150, **amounts), minimum=100)


class PlanModelCommon(DunningCommon):
    """A ledger that tests write by the model of the rules: that of a branch, which has
    a branch of its own."""

    # Before all dates of the ledgers, so that holds may end before these.
    today = Date(2026, 3, 2)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._go_down_to_branch()
        cls.partners = cls.env["res.partner"].create(
            [{"name": f"Customer {number}"} for number in range(CUSTOMERS)]
        )
        invoices = cls.env["account.move"].concat(
            *(cls._create_invoice(cls.partners[0], post=False) for _ in range(ITEMS))
        )
        invoices.action_post()
        cls.pool = cls._items(invoices).sorted("id")
        # Nothing is open until an example says so.
        cls.env.flush_all()
        cls.env.cr.execute(
            SQL(
                "UPDATE account_move_line SET reconciled = TRUE WHERE id IN %s",
                tuple(cls.pool.ids),
            )
        )
        cls.env.invalidate_all()

    @classmethod
    def _go_down_to_branch(cls):
        parent = cls.company
        parent.dunning_scenario_id = False
        cls.company = cls._create_branch(parent)
        cls.companies = {
            "own": cls.company,
            "parent": parent,
            "branch": cls._create_branch(cls.company, "Branch of the Branch"),
        }
        main = cls.company_data["default_account_receivable"]
        cls.accounts = {"main": main, "other": main.copy()}
        cls.env = cls.env(context={"allowed_company_ids": [cls.company.id, parent.id]})

    @contextmanager
    def _written(self, ledger):
        """Write a ledger, and take it away afterwards."""
        savepoint = self.env.cr.savepoint()
        try:
            writer = LedgerWriter(self, ledger)
            with self._calendar(ledger):
                writer.write_ledger()
                yield writer
        finally:
            savepoint.close(rollback=True)
            self.env.invalidate_all(flush=False)

    def _calendar(self, ledger):
        def days_off(_company, start, end):
            return {day for day in ledger.days_off if start <= day <= end}

        return patch.object(
            self.registry["res.company"], "_dunning_get_days_off", days_off
        )


@tagged("post_install", "-at_install")
class TestPlanModel(PlanModelCommon):
    """The plan is what the rules say, on any ledger."""

    @examples(150)
    @given(ledgers())
    @example(held_twice())
    @example(held_for_nothing())
    @example(at_the_minimum())
    def test_the_plan_is_what_the_rules_say(self, ledger):
        expected = plan_model.plan(ledger)
        with self._written(ledger) as writer:
            found = writer.read_plan()
            found_of_customers = writer.read_plan_of_customers()
            looked_at = [writer.read_due_customers(share) for share in (0, 1)]
        self.assertEqual(found.keys(), expected.keys())
        for item, verdict in expected.items():
            self.assertEqual(found[item], verdict, item)
        self.assertEqual(
            found_of_customers,
            {item: found[item] for item in found if item.customer is not None},
        )
        due = {
            item.customer
            for item, verdict in expected.items()
            if verdict.decision == "step"
            or (verdict.reason == "last_level" and item.due < ledger.date)
        }
        for customers in looked_at:
            self.assertLessEqual(due, customers)
