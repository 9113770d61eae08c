from unittest.mock import patch

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..models.answer import dunning_portal_act_details, dunning_portal_act_invoice
from ..models.indicator import dunning_workbook_options, res_company_forecast
from ..models.promise import dunning_promise_create
from ..models.scenario import dunning_level
from ..wizards.litigation import dunning_litigation_entry
from .common import DunningCommon

# Of a file: the name of a limit, one to try, and what asks for so much. What is
# refused raises an error for people.
LIMITS = {
    dunning_level: (("MOST_LEVELS", 4, "_have_levels"),),
    dunning_litigation_entry: (("MOST_PERCENT", 40, "_write_down"),),
    dunning_portal_act_details: (("MAX_LINE", 9, "_tell_details"),),
    dunning_portal_act_invoice: (("MOST_INVOICES", 2, "_want_invoices"),),
    dunning_promise_create: (("MOST_PAYMENTS", 3, "_promise"),),
    dunning_workbook_options: (
        ("MOST_DAYS", 60, "_order_age"),
        ("MOST_LIMITS", 3, "_order_ages"),
    ),
    res_company_forecast: (("MOST_WEEKS", 3, "_forecast"),),
}


@tagged("post_install", "-at_install")
class TestMost(DunningCommon):
    """What people ask for is as much as its limit and no more."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.invoices = [cls._create_invoice(due=-10) for _number in range(3)]

    # ------------------------------------------------------------------
    # WHAT IS ASKED FOR
    # ------------------------------------------------------------------

    def _have_levels(self, number):
        self._create_scenario([(f"Level {day}", day, {}) for day in range(number)])

    def _write_down(self, percent):
        litigation = self.env["dunning.litigation"].create(
            {
                "move_line_ids": [Command.set(self._items(self.invoices[0]).ids)],
                "agent_id": self._create_customer(dunning_agent_kind="lawyer").id,
            }
        )
        self.env["dunning.litigation.entry"].create(
            {"litigation_id": litigation.id, "kind": "provision", "rate": percent}
        )

    def _tell(self, act, payload):
        if problems := self.env[act]._get_problems(self.customer, payload):
            raise UserError(str(problems))

    def _tell_details(self, length):
        details = {"contact_name": "x" * length}
        self._tell("dunning.portal.act.details", {"details": details})

    def _want_invoices(self, number):
        items = self.env["account.move.line"].union(
            *map(self._items, self.invoices[:number])
        )
        self._tell("dunning.portal.act.invoice", {"item_ids": items.ids})

    def _promise(self, number):
        lines = [
            Command.create({"date": self._day(day), "amount": 1})
            for day in range(number)
        ]
        self.env["dunning.promise"].create(
            {
                "partner_id": self.customer.id,
                "move_line_ids": [Command.set(self._items(self.invoices[0]).ids)],
                "line_ids": lines,
            }
        )

    def _order_age(self, days):
        self.env["dunning.workbook.export"].create({"limits": f"{days}"})

    def _order_ages(self, number):
        limits = ", ".join(str(limit + 1) for limit in range(number))
        self.env["dunning.workbook.export"].create({"limits": limits})

    def _forecast(self, weeks):
        self.company._dunning_forecast(weeks=weeks)

    # ------------------------------------------------------------------
    # WHAT IS REFUSED
    # ------------------------------------------------------------------

    def test_people_get_as_much_as_the_limit_of_what_they_ask_for_and_no_more(self):
        for place, limits in LIMITS.items():
            for name, limit, ask in limits:
                with (
                    self.subTest(place=place.__name__, limit=name),
                    patch.object(place, name, limit),
                ):
                    with self.assertRaises(UserError):
                        getattr(self, ask)(limit + 1)
                    getattr(self, ask)(limit)
