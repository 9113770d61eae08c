from odoo import models


class DunningWithholding(models.AbstractModel):
    _name = "dunning.withholding"
    _inherit = ["dunning.withholding", "dunning.follower"]

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _is_followed(self):
        # OVERRIDES 'dunning.follower'
        return bool(self.filtered_domain(self._get_running_domain()))

    def _get_amount_uncovered(self):
        # OVERRIDES 'dunning.follower'
        open_items = self.move_line_ids._dunning_get_open()
        amount, _date_end = self._get_need()
        return amount - sum(open_items.mapped("amount_residual_currency"))

    def _give_to(self, customer, items):
        # EXTENDS 'dunning.follower': with its holds and what waits to be written
        result = super()._give_to(customer, items)
        self.env["res.partner"]._dunning_hand_over(self.hold_ids, customer)
        waiting = self.notice_ids.filtered(lambda action: action.state != "done")
        self.env["res.partner"]._dunning_hand_over(waiting, customer)
        self._ask_to_check()
        return result

    def _split_off(self, customer, items):
        # EXTENDS 'dunning.follower'
        result = super()._split_off(customer, items)
        self._ask_to_check()
        return result

    def _leave_strange(self, items):
        # EXTENDS 'dunning.follower'
        result = super()._leave_strange(items)
        self._ask_to_check()
        return result

    def _ask_to_check(self):
        """Tell who looks after it that another customer owes the items now, or in
        another currency: what was agreed may have to be agreed again."""
        user = self.user_id.filtered("active")
        if user:
            # Who works on the ledger does not wait for a mail.
            told = self.with_context(lang=user.lang, mail_activity_quick_update=True)
            told.activity_schedule(
                "mail.mail_activity_data_todo",
                self.company_id._dunning_today(),
                summary=told.env._(
                    "The items have changed: check that it still stands"
                ),
                user_id=user.id,
            )
