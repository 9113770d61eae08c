from collections import defaultdict

from odoo import Command, api, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_amount


class DunningPromise(models.Model):
    """Making a promise: whoever makes it, and from wherever, ends here."""

    _inherit = "dunning.promise"

    # ------------------------------------------------------------------
    # CRUD METHODS
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list: list[dict]):
        """Make promises: fill in their items, check them, and let them take effect.

        Without ``move_line_ids`` a promise is about the oldest open items of the
        customer in its currency, as many as its amount needs.

        :raise UserError: the promise cannot be made; the message says why
        """
        promises = super().create(vals_list)
        for promise in promises:
            promise._make()
        return promises

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _make(self):
        """Check what is promised and let it take effect."""
        self.ensure_one()
        # What the system knows of a promise is not given by people.
        promise_sudo = self.sudo()
        if not self.move_line_ids:
            items = self._get_oldest_items()
            promise_sudo.move_line_ids = [Command.set(items.ids)]
        self._reserve_items()
        self._check_dates()
        self._check_amounts(self._get_passed_over(self.move_line_ids))
        self._adopt_acceptances()
        promise_sudo.write(
            {
                "date": self.company_id._dunning_today(),
                "baseline": promise_sudo._read_baseline(),
            }
        )
        if promise_sudo._ask_approval():
            promise_sudo._settle()
        else:
            promise_sudo._take_effect()

    def _take_effect(self):
        """Take the place of other promises, and keep the items out of dunning."""
        self.ensure_one()
        preceded = self._is_waiting() and self._get_preceded()
        self._get_replaced()._decide("renegotiated", renegotiated_by_id=self.id)
        if self._is_waiting():
            self.write({"approval": "approved", "preceded": preceded})
        self._settle()

    def _get_preceded(self):
        """Return what other promises have received until now, by source: those in
        effect keep it when another one is approved."""
        preceded = defaultdict(float)
        for sources in self._get_linked()._get_settled().sources.values():
            for source, amount in sources.items():
                preceded[source] += amount
        return dict(preceded)

    def _get_replaced(self):
        """Return the running promises of which this one takes the place."""
        self.ensure_one()
        if self.keep_others:
            return self.browse()
        return self.search(
            [
                ("id", "<", self.id),
                ("state", "=", "open"),
                ("move_line_ids", "in", self.move_line_ids.ids),
            ]
        )

    def _get_oldest_items(self):
        """Return the oldest open items from which the amount can be taken."""
        domain = [
            ("partner_id", "child_of", self.partner_id.id),
            ("company_id", "=", self.company_id.id),
            ("currency_id", "=", self.currency_id.id),
            ("parent_state", "=", "posted"),
            ("reconciled", "=", False),
            ("amount_residual_currency", ">", 0),
            ("account_id", "in", list(self.env["dunning.ledger"]._get_account_ids())),
        ]
        items = self.env["account.move.line"].search(domain, order="date_maturity, id")
        # What is not dunned is not what the customer speaks of.
        items = self.env["dunning.plan"]._get_followed(items)
        available = self._get_available(items, self._get_passed_over(items))
        chosen, left = items.browse(), self.amount
        for item in items:
            if self.currency_id.compare_amounts(left, 0) <= 0:
                break
            if available[item] > 0:
                chosen += item
                left -= available[item]
        return chosen

    def _get_passed_over(self, items):
        """Return the promises whose amounts count as free: this one and those of
        which it takes the place."""
        if self.keep_others:
            return self
        running = [("state", "=", "open"), ("move_line_ids", "in", items.ids)]
        return self | self.search(running)

    # ------------------------------------------------------------------
    # BUSINESS METHODS - CHECKS
    # ------------------------------------------------------------------

    def _check_dates(self):
        """Refuse dates that have passed.

        :raise ValidationError: saying what to correct
        """
        if not self.line_ids:
            raise ValidationError(
                self.env._("Say what is promised: at least one amount and its date.")
            )
        if min(self.line_ids.mapped("date")) < self.company_id._dunning_today():
            raise ValidationError(
                self.env._("A payment is promised for today or later: correct it.")
            )

    def _check_amounts(self, passed_over):
        """Refuse more than what can be promised.

        :param passed_over: promises whose amounts count as free
        :raise ValidationError: saying what to correct
        """
        items = self.move_line_ids
        if not items:
            raise ValidationError(
                self.env._(
                    "%(customer)s owes nothing in %(currency)s that could be promised.",
                    customer=self.partner_id.display_name,
                    currency=self.currency_id.name,
                )
            )
        if any(
            item.parent_state != "posted"
            or item.amount_residual_currency <= 0
            or not item._dunning_is_item()
            for item in items
        ):
            raise UserError(
                self.env._("Choose items that are open: take out those that are paid.")
            )
        available = self._get_available(items, passed_over)
        limit = self.currency_id.round(sum(available.values()))
        if self.currency_id.compare_amounts(self.amount, limit) > 0:
            raise ValidationError(
                self.env._(
                    "The amount is above what these items leave to promise: %s.",
                    format_amount(self.env, limit, self.currency_id),
                )
            )
