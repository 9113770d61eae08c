from odoo import Command
from odoo.exceptions import UserError, ValidationError

from .common import DunningCommon


class PromiseCommon(DunningCommon):
    """A customer who owes two invoices and promises to pay them.

    A payment is in time up to three days after its day, and for any shortage nothing
    is forgiven, unless a test says so.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write(
            {"dunning_promise_tolerance": 3, "dunning_promise_tolerance_amount": 0}
        )
        cls.old = cls._create_invoice(due=-20, amount=100)
        cls.new = cls._create_invoice(due=-10, amount=100)

    def _promise(self, *lines, user=None, items=None, **values):
        """Make a promise as a collector does.

        :param lines: ``(day, amount)`` of each instalment
        :param items: entries or journal items; by default the system fills them in
        """
        if items is not None and items._name == "account.move":
            items = self._items(items)
        if items is not None:
            values["move_line_ids"] = [Command.set(items.ids)]
        promises = self.env["dunning.promise"].with_user(user or self.collector)
        return promises.create(
            {
                "partner_id": self.customer.id,
                "line_ids": [
                    Command.create({"date": self._day(day), "amount": amount})
                    for day, amount in lines
                ],
                **values,
            }
        )

    def _get_active_holds(self, promise=None):
        """Return what active holds keep out, by entry."""
        holds = self.env["dunning.hold"].search(
            [("state", "=", "active"), ("origin", "=", "promise")]
        )
        if promise:
            holds &= promise.hold_ids
        return {hold.move_line_ids.move_id: hold.amount for hold in holds}

    def assertStates(self, promise, whole, *lines):
        found = (promise.state, *promise.line_ids.mapped("state"))
        self.assertEqual(found, (whole, *(lines or (whole,))))

    def assertPromiseRefused(self, message, *lines, **values):
        with self.assertRaisesRegex((UserError, ValidationError), message):
            with self.env.cr.savepoint():
                self._promise(*lines, **values)
