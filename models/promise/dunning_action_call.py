from odoo import Command, models


class DunningAction(models.Model):
    """What follows from a call in which something was promised."""

    _inherit = "dunning.action"

    # ------------------------------------------------------------------
    # BUSINESS METHODS - OUTCOMES
    # ------------------------------------------------------------------

    def _apply_promise(self, schedules, items, **values):
        """Record what was promised, beside what was promised before: a call is about
        what is still claimed.

        :param schedules: dict of currency to what is promised: list of day and amount
        :param items: journal items the promise is about
        :param values: of the promises: ``reason_id, note, promised_by, means``
        :return: the promises, one for each currency
        """
        # Which call a promise comes from is set by the system.
        promises_sudo = self.env["dunning.promise"].sudo()
        promises_sudo = promises_sudo.create(
            [
                {
                    "partner_id": self.partner_id.id,
                    "company_id": self.company_id.id,
                    "currency_id": currency.id,
                    "move_line_ids": [Command.set(own.ids)],
                    "line_ids": [
                        Command.create({"date": day, "amount": amount})
                        for day, amount in schedule
                    ],
                    "keep_others": True,
                    "call_id": self.id,
                    **values,
                }
                for currency, schedule in schedules.items()
                if (own := items.filtered(lambda x, c=currency: x.currency_id == c))
            ]
        )
        return promises_sudo.sudo(self.env.su)

    def _undo_agreements(self, text):
        # EXTENDS 'account_dunning'
        result = super()._undo_agreements(text)
        promises = self.env["dunning.promise"].search(
            [("call_id", "=", self.id), ("state", "=", "open")]
        )
        promises.action_withdraw(text)
        return result
