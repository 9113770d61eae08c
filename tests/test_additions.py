# What is asked of each is the same, whether it needs all of it or not.
# pylint: disable=unused-argument

from odoo import fields, models
from odoo.orm.model_classes import add_to_registry
from odoo.tests import tagged

from .call.test_call_outcome import CallCommon


def make_visit():
    """All that a new channel needs: its heir, and its code where one is chosen."""

    class ChannelVisit(models.AbstractModel):
        _module = None
        _name = "dunning.channel.visit"
        _inherit = ["dunning.channel"]
        _description = "Dunning Channel: Visit"
        _icon = "fa-car"

        def _get_problem(self, action):
            return None if action.partner_id.city else "Nobody knows where to go."

    class Level(models.Model):
        _module = None
        _name = "dunning.level"
        _inherit = ["dunning.level"]

        channel = fields.Selection(
            selection_add=[("visit", "Visit")], ondelete={"visit": "cascade"}
        )

    class Action(models.Model):
        _module = None
        _name = "dunning.action"
        _inherit = ["dunning.action"]

        channel = fields.Selection(
            selection_add=[("visit", "Visit")], ondelete={"visit": "cascade"}
        )
        replaced_channel = fields.Selection(selection_add=[("visit", "Visit")])
        proposed_channel = fields.Selection(selection_add=[("visit", "Visit")])

    return ChannelVisit, Level, Action


def make_moved():
    """All that a new outcome needs: its heir, and its name where one is chosen."""

    class OutcomeMoved(models.AbstractModel):
        _module = None
        _name = "dunning.outcome.moved"
        _inherit = ["dunning.outcome"]
        _description = "Outcome of a Call: Has Moved"
        _next_days = 9

        def _apply(self, dialog, lines, agreed):
            dialog.action_id._plan_next(dialog.next_date, "Find the new address")

    class Dialog(models.TransientModel):
        _module = None
        _name = "dunning.call.outcome"
        _inherit = ["dunning.call.outcome"]

        outcome = fields.Selection(
            selection_add=[("moved", "Has Moved")], ondelete={"moved": "cascade"}
        )

    class Action(models.Model):
        _module = None
        _name = "dunning.action"
        _inherit = ["dunning.action"]

        outcome = fields.Selection(selection_add=[("moved", "Has Moved")])

    return OutcomeMoved, Dialog, Action


@tagged("post_install", "-at_install")
class TestAdditions(CallCommon):
    """A channel and an outcome are added by one file, without touching another."""

    def _add(self, *definitions):
        """Extend the addon until the test is over."""
        names = [definition._name for definition in definitions]
        known = [name for name in names if name in self.registry]
        bases = {name: self.registry[name]._base_classes__ for name in known}

        def forget():
            for name in names:
                if name in bases:
                    self.registry[name]._base_classes__ = bases[name]
                else:
                    del self.registry[name]
            set_up()

        def set_up():
            for name in self.registry.descendants([*known], "_inherit", "_inherits"):
                self.registry[name]._setup_done__ = False
            self.registry._setup_models__(self.env.cr, [])

        self.addCleanup(forget)
        for definition in definitions:
            add_to_registry(self.registry, definition)
        set_up()

    def test_a_channel_is_added_by_one_file(self):
        self._add(*make_visit())
        level = self.call.level_id.sudo()
        level.write({"channel": "visit", "execution": "automatic"})
        customer = self._create_customer("Somewhere", city=False)
        self._create_invoice(customer, due=-12)
        action = self._run(0).action_ids.with_user(self.collector)
        self.assertRecordValues(action, [{"channel": "visit", "execution": "manual"}])
        self.assertEqual(self.env["dunning.channel"]._get_icons()["visit"], "fa-car")
        action.action_execute()
        self.assertEqual(action.failure, "Nobody knows where to go.")
        customer.city = "Paris"
        action.action_execute()
        self.assertEqual(action.state, "done")

    def test_what_is_not_possible_on_it_goes_another_way(self):
        self._add(*make_visit())
        level = self.call.level_id.sudo()
        level.write({"channel": "visit", "fallback_channel": "task"})
        customer = self._create_customer("Nowhere", city=False)
        self._create_invoice(customer, due=-12)
        action = self._run(0).action_ids.with_user(self.collector)
        action.action_execute()
        self.assertRecordValues(
            action, [{"channel": "task", "replaced_channel": "visit", "state": "todo"}]
        )

    def test_an_outcome_is_added_by_one_file(self):
        self._add(*make_moved())
        self._answer("moved")
        self.assertRecordValues(self.call, [{"outcome": "moved", "state": "done"}])
        self.assertIn("Has Moved", self.call.outcome_text)
        day = self.company._dunning_get_working_day(self._day(9))
        self.assertRecordValues(
            self._get_next(), [{"note": "Find the new address", "date": day}]
        )
