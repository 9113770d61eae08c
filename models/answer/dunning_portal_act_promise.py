from odoo import Command, api, models
from odoo.exceptions import UserError
from odoo.tools import format_amount, format_date
from odoo.tools.i18n import format_list

from ...tools.dates import shift
from ...tools.errors import InstalmentError
from ...tools.instalments import split


class DunningPortalActPromise(models.AbstractModel):
    """A promise to pay: some invoices on a day, or in monthly instalments from it on.
    It is one as any other; above the limits of the company it waits for approval."""

    _name = "dunning.portal.act.promise"
    _description = "Promise to Pay"
    _inherit = "dunning.portal.act"

    # ------------------------------------------------------------------
    # HOOKS
    # ------------------------------------------------------------------

    def _get_title(self):
        # OVERRIDES 'dunning.portal.act'
        return self.env._("I promise to pay")

    def _get_problems(self, customer, payload):
        # EXTENDS 'dunning.portal.act'
        if not self._is_offered(customer):
            return {
                "date": self.env._("Please get in touch with us to agree on a day.")
            }
        problems = super()._get_problems(customer, payload)
        problems |= self._get_item_problems(customer, payload)
        problems = self._get_currency_problems(customer, payload) | problems
        if "item_ids" not in problems:
            problems |= self._get_agreed_problems(customer, payload)
        return problems | self._get_day_problems(payload)

    @api.model
    def _is_offered(self, customer: models.BaseModel) -> bool:
        """Return whether a customer can promise a payment on its page. Who is in
        insolvency proceedings pays by these alone.

        :param customer: elevated, in its company
        """
        company = self.env.company
        is_offered = bool(company.dunning_answer_promise_days)
        return is_offered and not customer._dunning_is_insolvent(company)

    def _describe(self, request):
        # OVERRIDES 'dunning.portal.act'
        described = [(self.env._("Invoices"), self._tell_items(request))]
        schedule, currency = self._get_schedule(request)
        described += self._describe_covered(request, currency)
        described += [
            (
                self.env._("Payment by %s", format_date(self.env, day)),
                format_amount(self.env, amount, currency),
            )
            for day, amount in schedule
        ]
        if note := request.payload.get("note"):
            described.append((self.env._("Message"), note))
        return described

    def _carry_out(self, request):
        # OVERRIDES 'dunning.portal.act'
        items = self._get_items(request)
        schedule, currency = self._get_schedule(request)
        user = self._get_lasting_user(request.partner_id)
        promise = self.env["dunning.promise"].create(
            {
                "partner_id": request.partner_id.id,
                "company_id": self.env.company.id,
                "currency_id": currency.id,
                "move_line_ids": [Command.set(items.ids)],
                "line_ids": [
                    Command.create({"date": day, "amount": amount})
                    for day, amount in schedule
                ],
                "user_id": user.id,
                "promised_by": self._tell_who(request),
                "note": request.payload.get("note"),
                "request_id": request.id,
            }
        )
        request.promise_id = promise
        if promise._is_waiting():
            return self.env._(
                "Thank you. We look at what you propose, and write to you."
            )
        return self.env._(
            "Thank you. We count on it, and confirm it by e-mail; until then we do not "
            "remind you of these invoices."
        )

    def _is_told_for(self, request):
        # EXTENDS 'dunning.portal.act': who approves is told already
        told = super()._is_told_for(request)
        return told and not request.promise_id._is_waiting()

    def _get_refusal_words(self):
        # OVERRIDES 'dunning.portal.act'
        return self.env._(
            "Thank you for your proposal. We cannot agree to this date or these "
            "amounts: please get in touch with us, so that we agree on others."
        )

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    @api.model
    def _get_most_instalments(self) -> int:
        """Return in how many instalments a customer may promise to pay."""
        return max(self.env.company.dunning_answer_instalments, 1)

    @api.model
    def _get_longest_day(self):
        """Return the last day for which a customer may promise a payment."""
        company = self.env.company
        return shift(company._dunning_today(), company.dunning_answer_promise_days)

    @api.model
    def _get_number(self, payload):
        """Return in how many instalments it is to be paid, 0 for what is no number."""
        number = payload.get("number") or 1
        return number if isinstance(number, int) else 0

    def _get_day_problems(self, payload):
        """Return what is wrong with the days, and the number of instalments."""
        problems = {}
        company = self.env.company
        number, most = self._get_number(payload), self._get_most_instalments()
        if not 1 <= number <= most:
            problems["number"] = self.env._("At most %s payments are possible.", most)
        day, last = self._read_day(payload.get("date")), self._get_longest_day()
        if not day:
            problems["date"] = self.env._("Say on which day you will pay.")
        elif day < company._dunning_today():
            problems["date"] = self.env._("This day has passed: choose a later one.")
        elif day > last:
            problems["date"] = self.env._(
                "Choose a day until %s, or get in touch with us.",
                format_date(self.env, last),
            )
        return problems

    def _get_agreed_problems(self, customer, payload):
        """Return what is wrong with items of which nothing is left to promise."""
        items = self._find_open_items(customer, payload)
        if self._get_amount(items):
            return self._get_taken_problems(items)
        if self.env["dunning.promise"]._get_covered(items):
            told = self.env._(
                "Credits of yours cover these invoices: there is nothing to pay. If "
                "they are meant for something else, please get in touch with us."
            )
        else:
            told = self.env._(
                "A payment is agreed for these invoices already, or they are in "
                "dispute: to change that, please get in touch with us."
            )
        return {"item_ids": told}

    def _get_taken_problems(self, items):
        """Return what is wrong with single items of which nothing is left to promise:
        the confirmation would name them."""
        available = self.env["dunning.promise"]._get_available(items)
        taken = items.filtered(
            lambda item: item.currency_id.compare_amounts(available[item], 0) <= 0
        )
        if not taken:
            return {}
        told = self.env._(
            "Take out %s: a payment is agreed for it already, or it is in dispute. To "
            "change that, please get in touch with us.",
            format_list(self.env, [item._dunning_get_number() for item in taken]),
        )
        return {"item_ids": told}

    @api.model
    def _get_amount(self, items):
        """Return how much of the items can be promised: neither what is agreed already
        nor what is in dispute, nor what credits cover."""
        available = self.env["dunning.promise"]._get_available(items)
        amount = sum(left for left in available.values() if left > 0)
        amount -= self.env["dunning.promise"]._get_covered(items)
        return items.currency_id[:1].round(amount) if items else 0

    def _describe_covered(self, request, currency):
        """Return why less than the items is promised, where credits cover a part."""
        covered = self.env["dunning.promise"]._get_covered(self._get_items(request))
        if not covered or request.promise_id:
            return []
        amount = format_amount(self.env, covered, currency)
        return [(self.env._("Covered by credits"), amount)]

    def _get_schedule(self, request):
        """Return what is promised: pairs of day and amount, and the currency.

        :raise UserError: too little for so many payments
        """
        if made := request.promise_id:
            return [
                (line.date, line.amount) for line in made.line_ids
            ], made.currency_id
        items = self._get_items(request)
        currency = items.currency_id[:1]
        day = self._read_day(request.payload.get("date"))
        try:
            return split(
                self._get_amount(items),
                self._get_number(request.payload),
                day,
                digits=currency.decimal_places,
            ), currency
        except InstalmentError as error:
            raise UserError(
                self.env._("This is too little to be paid in so many parts.")
            ) from error
