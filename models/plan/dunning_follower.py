from odoo import api, fields, models

from ...tools.following import FOLLOWING_CONTEXT


class DunningFollower(models.AbstractModel):
    """What is about items of one customer and goes along with them."""

    _name = "dunning.follower"
    _description = "What Follows Items to Other Customers"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    whole_moves = fields.Json(
        compute="_compute_whole_moves",
        store=True,
        precompute=True,
        help="Entries of which all items are covered: so are those that come to them.",
    )

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("move_line_ids")
    def _compute_whole_moves(self):
        for record in self:
            covered = record.move_line_ids
            moves = covered.move_id
            whole = {
                move.id
                for move in moves._origin
                if move._dunning_get_items() <= covered._origin
            }
            lost = {*(record.whole_moves or ())} - {*moves._origin.ids}
            record.whole_moves = sorted(whole | lost) or False

    # ------------------------------------------------------------------
    # BUSINESS METHODS - ENTRIES THAT ARE CHANGED
    # ------------------------------------------------------------------

    def _restore_items(self, moves: models.BaseModel) -> None:
        """Cover again the items of entries that were changed and posted again."""
        for record in self:
            for move in moves & record.move_ids:
                missing = record._get_missing_items(move)
                if missing:
                    record.move_line_ids |= missing

    def _get_missing_items(self, move):
        """Return the items of an entry that are to be covered besides: all, if all
        were, or none is left; else what the amount needs, the oldest first."""
        self.ensure_one()
        items = move._dunning_get_items()
        customers = items.partner_id.commercial_partner_id
        theirs = items.filtered(lambda x: self._get_customer(x) == self.partner_id)
        if not theirs and len(customers) == 1 and self._is_followed():
            theirs = items
        covered = items & self.move_line_ids
        if not covered or move.id in (self.whole_moves or ()):
            return theirs - covered
        missing, left = items.browse(), self._get_amount_uncovered()
        for item in (theirs - covered)._dunning_by_due_date():
            if self.currency_id.compare_amounts(left, 0) <= 0:
                break
            missing += item
            left -= item.amount_residual_currency
        return missing

    def _get_share(self, amount: float, items: models.BaseModel) -> float:
        """Return how much of an amount is kept out of some of the items: it is taken
        from the oldest first."""
        share = 0
        for line in self.move_line_ids._dunning_by_due_date():
            taken = min(amount, max(line.amount_residual_currency, 0))
            amount -= taken
            share += taken if line in items else 0
        return self.currency_id.round(share)

    def _get_amount_uncovered(self):
        """Return what the record needs beyond what is open on its items."""
        raise NotImplementedError

    # ------------------------------------------------------------------
    # BUSINESS METHODS - CUSTOMERS THAT CHANGE
    # ------------------------------------------------------------------

    def _follow_items(self, items: models.BaseModel) -> None:
        """Have the records about items follow them to the customers who owe them."""
        records = self.search([("move_line_ids", "in", items.ids)])
        records._follow_customers()

    def _follow_customers(self) -> None:
        """Go on under the customers who owe the items now. What is over stays with
        those whom it concerned."""
        # Customers that change do not need rights on dunning.
        following_sudo = self.sudo().with_context(**FOLLOWING_CONTEXT)
        for record in following_sudo.filtered(lambda record: record._is_followed()):
            strange = record._get_strange_items()
            if strange:
                record._leave_strange(strange)
            if not record._is_followed():
                continue
            groups = record.move_line_ids.grouped(self._get_customer)
            others = [
                (customer, items)
                for customer, items in groups.items()
                if customer and customer != record.partner_id
            ]
            if others and record.partner_id not in groups:
                record._give_to(*others.pop(0))
            for customer, items in others:
                record._split_off(customer, items)

    @staticmethod
    def _get_customer(line):
        return line.partner_id.commercial_partner_id

    def _is_followed(self) -> bool:
        """Return whether the record is still of effect."""
        raise NotImplementedError

    def _get_strange_items(self):
        """Return the items that are in another currency now: an amount in the former
        one says nothing of them."""
        self.ensure_one()
        return self.move_line_ids.filtered(
            lambda line: line.currency_id != self.currency_id
        )

    def _leave_strange(self, items):
        """Go on without items that are in another currency now."""
        self.ensure_one()
        text = self.env._(
            "In another currency now, and no longer part of this: %s.",
            ", ".join(item._dunning_get_number() for item in items),
        )
        if items == self.move_line_ids:
            self._close_for(text)
        else:
            self.write({"move_line_ids": [(3, item.id) for item in items]})
        self._message_log(body=text)

    def _close_for(self, text):
        """Close what is about nothing any more.

        :param text: why
        """
        raise NotImplementedError

    def _give_to(self, customer, items):
        """Let the record go on under another customer.

        :param items: those of its items that this customer owes
        """
        self.ensure_one()
        former = self.partner_id
        self.write(self._prepare_given(customer, items))
        self._message_log(
            body=self.env._(
                "%(customer)s owes the items now, in the place of %(former)s: this "
                "goes on there.",
                customer=customer.display_name,
                former=former.display_name,
            )
        )

    def _prepare_given(self, customer, items):
        """Return the values of the record under another customer."""
        # Items that nobody owes any more are no matter.
        kept = items | self.move_line_ids.filtered(lambda line: not line.partner_id)
        return {
            "partner_id": customer.id,
            "move_line_ids": [(6, 0, kept.ids)],
        }

    def _split_off(self, customer, items):
        """Let a part of the record go on under another customer.

        :param items: those of its items that this customer owes
        """
        self.ensure_one()
        part = self._make_part(customer, items)
        self.write({"move_line_ids": [(3, item.id) for item in items]})
        numbers = ", ".join(item._dunning_get_number() for item in items)
        text = self.env._(
            "%(customer)s owes %(items)s now, in the place of %(former)s.",
            customer=customer.display_name,
            items=numbers,
            former=self.partner_id.display_name,
        )
        self._message_log(body=text)
        if part:
            part._message_log(body=text)

    def _make_part(self, customer, items):
        """Make what goes on under another customer.

        :return: the new record, none if nothing was kept out of these items
        """
        raise NotImplementedError
