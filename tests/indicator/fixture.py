from odoo import Command
from odoo.tools import SQL

from .common_figures import FiguresCommon

STATES = ("kept",) * 6 + ("partly_kept",) * 2 + ("broken",) * 2
IN_TIME = {"kept": 5_000, "partly_kept": 4_000, "broken": 0}


class FixtureCommon(FiguresCommon):
    """A ledger whose indicators are known: on 31 October 2026, sales of 60 000 in
    August, 90 000 in September, 120 000 in October; 165 000 are open, of which 105 000
    are not due; 140 000 were open on the evening before October."""

    end = "2026-10-31"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clock.move_to(cls._noon(cls._day(cls.end)))
        # So many days late: 120, 75, 45 and 10.
        cls._create_entry(due="2026-07-03", amount=6_000)
        cls._sell("2026-08-03", "2026-08-17", 9_000)
        cls._sell("2026-08-05", "2026-09-16", 17_000)
        cls._sell("2026-08-05", "2026-09-01", 16_000, paid="2026-09-30")
        cls._sell("2026-08-31", "2026-10-01", 18_000, paid="2026-10-01")
        cls._sell("2026-09-21", "2026-10-21", 28_000)
        cls._sell("2026-09-30", "2026-11-30", 62_000, paid="2026-10-31")
        cls._sell("2026-10-01", "2026-10-31", 5_000)
        cls._sell("2026-10-31", "2026-11-30", 100_000)
        cls._sell("2026-10-15", "2026-10-20", 15_000, paid="2026-10-20")
        # A credit note is a sale less, and what comes later does not exist.
        credited = cls._sell("2026-10-15", "2026-11-20", 3_000)
        cls._credit_note(credited, date="2026-10-16")
        cls._sell("2026-11-01", "2026-11-01", 7_000)

    def setUp(self):
        super().setUp()
        self._go_to(self.end)

    @classmethod
    def _sell(cls, date, due, amount, paid=None, partner=None, **values):
        invoice = cls._create_invoice(partner, due, amount, date=date, **values)
        if paid:
            cls._pay(invoice, date=paid)
        return invoice

    @classmethod
    def _promise(cls, states=STATES, date="2026-10-15", **values):
        """Record promises, and what became of each instalment of 5 000."""
        promise = cls.env["dunning.promise"].create(
            {
                "partner_id": cls.customer.id,
                "line_ids": [
                    Command.create({"date": cls.end, "amount": 5_000}) for _ in states
                ],
            }
            | values
        )
        for line, state in zip(promise.line_ids, states, strict=True):
            # Only the ledger says what becomes of a promise.
            cls.env.flush_all()
            cls.env.cr.execute(
                SQL(
                    """
                    UPDATE dunning_promise_line
                       SET state = %s, amount_in_time = %s, date = %s, date_limit = %s
                     WHERE id = %s
                    """,
                    state,
                    IN_TIME.get(state, 0),
                    date,
                    date,
                    line.id,
                )
            )
            cls.env.invalidate_all()
        return promise
