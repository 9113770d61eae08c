from collections import Counter, defaultdict

from odoo import Command, api, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_amount

# Payments of one promise: one a day for a year.
MOST_PAYMENTS = 366


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
        ids = {}
        for turn in self._get_turns(vals_list):
            promises = super().create([vals_list[place] for place in turn])
            promises._make()
            ids |= dict(zip(turn, promises.ids, strict=True))
        return self.browse(ids[place] for place in range(len(vals_list)))

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    @api.model
    def _get_turns(self, vals_list):
        """Return the places of new promises in turns: what one takes of a customer the
        next one does not find, those of different customers are made together."""
        partners = self.env["res.partner"].browse(
            vals["partner_id"] for vals in vals_list if vals.get("partner_id")
        )
        customers = {one.id: one.commercial_partner_id.id for one in partners}
        turns, counts = defaultdict(list), Counter()
        for place, vals in enumerate(vals_list):
            customer = customers.get(vals.get("partner_id"))
            turns[counts[customer]].append(place)
            counts[customer] += 1
        return turns.values()

    def _make(self):
        """Check what is promised, by different customers, and let it take effect."""
        for promise in self.filtered(lambda promise: not promise.move_line_ids):
            items = promise._get_oldest_items()
            # What the system knows of a promise is not given by people.
            promise_sudo = promise.sudo()
            promise_sudo.move_line_ids = [Command.set(items.ids)]
        self._reserve_items()
        self._check_dates()
        self._check_amounts(self._get_passed_over())
        self._adopt_acceptances()
        # Nor is this.
        promises_sudo = self.sudo()
        for promise_sudo, entries in promises_sudo._read_baselines().items():
            today = promise_sudo.company_id._dunning_today()
            promise_sudo.write({"date": today, "baseline": entries})
        self._close_refusals()
        asked_sudo = promises_sudo._ask_approval()
        asked_sudo._settle()
        (promises_sudo - asked_sudo)._take_effect()

    def _take_effect(self):
        """Take the place of other promises, and keep the items out of dunning."""
        waiting = self.filtered(lambda promise: promise._is_waiting())
        preceded = {promise: promise._get_preceded() for promise in waiting}
        for promise, replaced in self._get_replaced().items():
            replaced._decide("renegotiated", renegotiated_by_id=promise.id)
        for promise, amounts in preceded.items():
            promise.write({"approval": "approved", "preceded": amounts})
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
        """Return the running promises of which these take the place: dict of promise to
        promises, for those that take any."""
        taking = self.filtered(lambda promise: not promise.keep_others)
        if not taking:
            return {}
        items = taking.move_line_ids
        running = [("state", "=", "open"), ("move_line_ids", "in", items.ids)]
        found = self.search(running)
        replaced = {
            promise: found.filtered(
                lambda one, new=promise: (
                    one.id < new.id and one.move_line_ids & new.move_line_ids
                )
            )
            for promise in taking
        }
        return {promise: others for promise, others in replaced.items() if others}

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

    @api.model
    def _get_covered(
        self, items: models.BaseModel, passed_over: models.BaseModel | None = None
    ) -> float:
        """Return how much of the items need not be promised: what is credited to the
        customer and not allocated, less what its other overdue items take of it.

        :param items: open ones, of one customer, company and currency
        :param passed_over: promises whose amounts count as free, none by default
        """
        if not items:
            return 0.0
        partner, company = items.partner_id.commercial_partner_id, items.company_id
        currency = items.currency_id
        credit = self.env["dunning.plan"]._get_credit(partner, company, currency)
        if not credit:
            return 0.0
        without = passed_over or self.browse()
        others = self._find_overdue(partner, company, currency) - items
        credit -= sum(self._get_available(others, without).values())
        return max(min(credit, sum(self._get_available(items, without).values())), 0.0)

    @api.model
    def _find_overdue(self, partner, company, currency):
        """Return what a customer owes in a currency and should have paid."""
        today = company._dunning_today()
        items = self.env["account.move.line"].search(
            [
                *partner._dunning_get_open_domain(),
                ("partner_id", "child_of", partner.id),
                ("company_id", "=", company.id),
                ("currency_id", "=", currency.id),
            ]
        )
        return items.filtered(lambda line: (line.date_maturity or line.date) < today)

    def _get_passed_over(self, items=None):
        """Return the promises whose amounts count as free: these and those of which
        they take the place.

        :param items: of promises that have none yet
        """
        taking = self.filtered(lambda promise: not promise.keep_others)
        if not taking:
            return self
        if items is None:
            items = taking.move_line_ids
        running = [("state", "=", "open"), ("move_line_ids", "in", items.ids)]
        return self | self.search(running)

    # ------------------------------------------------------------------
    # BUSINESS METHODS - CHECKS
    # ------------------------------------------------------------------

    def _check_dates(self):
        """Refuse dates that have passed.

        :raise ValidationError: saying what to correct
        """
        if any(len(promise.line_ids) > MOST_PAYMENTS for promise in self):
            raise ValidationError(
                self.env._(
                    "A promise has %s payments at most: agree fewer of them.",
                    MOST_PAYMENTS,
                )
            )
        if not all(promise.line_ids for promise in self):
            raise ValidationError(
                self.env._("Say what is promised: at least one amount and its date.")
            )
        for company, promises in self.grouped("company_id").items():
            if min(promises.line_ids.mapped("date")) < company._dunning_today():
                raise ValidationError(
                    self.env._("A payment is promised for today or later: correct it.")
                )

    def _check_amounts(self, passed_over):
        """Refuse more than what can be promised.

        :param passed_over: promises whose amounts count as free
        :raise ValidationError: saying what to correct
        """
        for promise in self:
            promise._check_items_left()
        available = self._get_available(self.move_line_ids, passed_over)
        for promise in self:
            limit = promise.currency_id.round(
                sum(available[item] for item in promise.move_line_ids)
            )
            if promise.currency_id.compare_amounts(promise.amount, limit) > 0:
                raise ValidationError(
                    self.env._(
                        "The amount is above what these items leave to promise: %s.",
                        format_amount(self.env, limit, promise.currency_id),
                    )
                )

    def _check_items_left(self):
        """Refuse a promise without items, or of items of which nothing is open.

        :raise UserError: saying what to correct
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
