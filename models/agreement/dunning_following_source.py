from odoo import fields, models

from ...tools.following import is_following


class DunningHold(models.Model):
    _name = "dunning.hold"
    _inherit = ["dunning.hold", "dunning.follower"]

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _follow_items(self, items):
        # EXTENDS 'dunning.follower': those of promises and disputes follow these
        by_hand = self.search([("move_line_ids", "in", items.ids)])
        by_hand.filtered(lambda hold: not hold._get_source())._follow_customers()

    def _is_followed(self):
        # OVERRIDES 'dunning.follower'
        return self.state == "active"

    def _get_strange_items(self):
        # EXTENDS 'dunning.follower': who keeps all of them out says no amount
        return super()._get_strange_items() if self.amount else self.move_line_ids[:0]

    def _close_for(self, text):  # pylint: disable=unused-argument
        # OVERRIDES 'dunning.follower'
        self._end()

    def _get_amount_uncovered(self):
        # OVERRIDES 'dunning.follower'
        open_items = self.move_line_ids._get_dunning_open()
        return self.amount - sum(open_items.mapped("amount_residual_currency"))

    def _make_part(self, customer, items):
        # OVERRIDES 'dunning.follower'
        amount = self._get_share(self.amount, items)
        if self.amount and not amount:
            return self.browse()
        part = self.copy(
            {
                "partner_id": customer.id,
                "move_line_ids": [(6, 0, items.ids)],
                "amount": amount,
            }
        )
        if self.amount:
            self.amount -= amount
        return part


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
        open_items = self.move_line_ids._get_dunning_open()
        amount, _date_end = self._get_claim()
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
            self.with_context(mail_activity_quick_update=True).activity_schedule(
                "mail.mail_activity_data_todo",
                self.company_id._dunning_today(),
                summary=self.env._(
                    "The items have changed: check that it still stands"
                ),
                user_id=user.id,
            )


class DunningPromise(models.Model):
    _inherit = "dunning.promise"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _make(self):
        # EXTENDS 'account_dunning': a part of a promise was agreed before
        return None if is_following(self.env) else super()._make()

    def _close_for(self, text):
        # OVERRIDES 'dunning.follower'
        self._decide("withdrawn", decision_reason=text)
        self._settle()

    def _settle_states(self):
        # EXTENDS 'account_dunning': what runs again does so where its items are
        missed, restored = super()._settle_states()
        restored._follow_customers()
        return missed, restored

    def _make_part(self, customer, items):
        # OVERRIDES 'dunning.follower'
        parts = self._get_parts(items)
        if not parts:
            return self.browse()
        return self.copy(
            {
                "partner_id": customer.id,
                "move_line_ids": [(6, 0, items.ids)],
                "line_ids": [
                    (0, 0, {"date": line.date, "amount": amount})
                    for line, amount in parts.items()
                ],
                "keep_others": True,
                "date": self.date,
                "baseline": self.baseline,
                "preceded": self.preceded,
                "approval": self.approval,
                "call_id": self.call_id.id,
                "tolerance_days": self.tolerance_days,
                "tolerance_amount": self.tolerance_amount,
                "break_whole": self.break_whole,
                "resume": self.resume,
            }
        )

    def _get_parts(self, items):
        """Return how much of each instalment that runs is to come from some of the
        items: they take the oldest first."""
        ordered = self._get_ordered_items()
        left = {
            item: max(amount, 0)
            for item, amount in self._get_residuals(ordered).items()
        }
        parts = {}
        for line in self.line_ids.filtered(lambda line: line.state == "open"):
            wanted = line.amount_left
            for item in left:
                taken = self.currency_id.round(min(wanted, left[item]))
                left[item] -= taken
                wanted -= taken
                if item in items and taken:
                    parts[line] = parts.get(line, 0) + taken
        return parts


class DunningPromiseLine(models.Model):
    _inherit = "dunning.promise.line"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _check_being_made(self):
        # EXTENDS 'account_dunning': a part of a promise was agreed before
        return None if is_following(self.env) else super()._check_being_made()


class DunningDispute(models.Model):
    _inherit = "dunning.dispute"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    closed_by = fields.Selection(
        selection_add=[("currency", "Invoice in Another Currency")]
    )

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _check_open_items(self, items):
        # EXTENDS 'account_dunning': what is disputed already goes along
        return None if is_following(self.env) else super()._check_open_items(items)

    def _check_held(self):
        # EXTENDS 'account_dunning'
        return None if is_following(self.env) else super()._check_held()

    def _close_for(self, text):
        # OVERRIDES 'dunning.follower'
        self._close(
            "cancelled", closed_by="currency", closed_user_id=False, decision=text
        )
        self._settle()

    def _reopen_for_ledger(self):
        # EXTENDS 'account_dunning': what is open again is so where its items are
        result = super()._reopen_for_ledger()
        self._follow_customers()
        return result

    def _prepare_given(self, customer, items):
        # EXTENDS 'dunning.follower'
        contacts = customer.with_company(self.company_id)._dunning_get_contacts()
        contact = contacts[customer.id]
        return super()._prepare_given(customer, items) | {"contact_id": contact.id}

    def _make_part(self, customer, items):
        # OVERRIDES 'dunning.follower'
        amount = self._get_share(self.amount, items)
        if not amount:
            return self.browse()
        # Decided by what people look at: less is left to decide here.
        self.amount = max(self.amount - amount, self.currency_id.rounding)
        return self.copy(
            {
                "partner_id": customer.id,
                "move_line_ids": [(6, 0, items.ids)],
                "amount": amount,
                "date": self.date,
                "date_deadline": self.date_deadline,
                "contact_id": False,
                "state": self.state,
                "call_id": self.call_id.id,
            }
        )
