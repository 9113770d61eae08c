from datetime import timedelta

from odoo import Command, api, fields, models
from odoo.tools import format_date

# Who pays longer ago than that says it otherwise.
LONGEST_AGO = timedelta(days=730)


class DunningPortalActPaid(models.AbstractModel):
    """I have paid: the collector looks for the payment, and meanwhile the items are not
    dunned, once for each of them."""

    _name = "dunning.portal.act.paid"
    _description = "Say What Was Paid"
    _inherit = "dunning.portal.act"

    _is_decided = True
    # It is a task.
    _is_told = False

    # ------------------------------------------------------------------
    # HOOKS
    # ------------------------------------------------------------------

    def _get_title(self):
        # OVERRIDES 'dunning.portal.act'
        return self.env._("I have paid")

    def _get_problems(self, customer, payload):
        # EXTENDS 'dunning.portal.act'
        problems = super()._get_problems(customer, payload)
        problems |= self._get_item_problems(customer, payload)
        today = self.env.company._dunning_today()
        day = self._read_day(payload.get("date"))
        if not day:
            problems["date"] = self.env._("Say on which day you have paid.")
        elif day > today:
            problems["date"] = self.env._(
                "This day is still to come: to say when you will pay, promise a "
                "payment instead."
            )
        elif day < today - LONGEST_AGO:
            problems["date"] = self.env._("This day is too long ago: correct it.")
        if payload.get("means") not in dict(self._get_means()):
            problems["means"] = self.env._("Say how you have paid.")
        return problems

    def _get_task(self):
        # OVERRIDES 'dunning.portal.act'
        return self.env._("Look for a payment that the customer says it has made")

    def _describe(self, request):
        # OVERRIDES 'dunning.portal.act'
        payload = request.payload
        described = [
            (self.env._("Invoices"), self._tell_items(request)),
            (self.env._("Paid on"), format_date(self.env, payload.get("date"))),
            (self.env._("By"), dict(self._get_means()).get(payload.get("means"))),
            (self.env._("Reference"), payload.get("reference")),
            (self.env._("Message"), payload.get("note")),
        ]
        return [(label, text) for label, text in described if text]

    def _carry_out(self, request):
        # OVERRIDES 'dunning.portal.act'
        items = self._get_items(request)
        request.hold_id = self._hold(request, items)
        request.action_id = self._plan_task(request)
        return self.env._(
            "Thank you. We look for your payment, and get in touch with you if we do "
            "not find it."
        )

    def _accept(self, request):
        # EXTENDS 'dunning.portal.act': the task is done
        result = super()._accept(request)
        self._finish_task(request)
        return result

    def _refuse(self, request):
        # EXTENDS 'dunning.portal.act': dunning goes on
        result = super()._refuse(request)
        request.hold_id.action_release()
        self._finish_task(request)
        return result

    def _get_refusal_words(self):
        # OVERRIDES 'dunning.portal.act'
        return self.env._(
            "We have found no such payment. Please send us a proof of it, or pay what "
            "is due."
        )

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    @api.model
    def _get_means(self) -> list[tuple[str, str]]:
        """Return the means of payment to choose from: codes and labels."""
        return self.env["dunning.action"]._get_means()

    def _hold(self, request, items):
        """Keep the items out of dunning for some days; those that were kept out by the
        same words before are not kept out again."""
        holds = self.env["dunning.hold"]
        company = self.env.company
        before = holds.search(
            [("origin", "=", "paid"), ("move_line_ids", "in", items.ids)]
        )
        items -= before.move_line_ids
        if not items or not company.dunning_answer_hold_days:
            return holds
        return holds.create(
            {
                "partner_id": request.partner_id.id,
                "company_id": company.id,
                "move_line_ids": [Command.set(items.ids)],
                "currency_id": items.currency_id[:1].id,
                "origin": "paid",
                "note": request.text,
                "date_end": company._dunning_add_working_days(
                    company.dunning_answer_hold_days
                ),
            }
        )

    def _plan_task(self, request):
        """Have the collector look for the payment."""
        customer = request.partner_id
        user = self._get_lasting_user(customer)
        title, text = request._tell_to(user)
        return self.env["dunning.action"].create(
            {
                "partner_id": customer.id,
                "company_id": self.env.company.id,
                "user_id": user.id,
                "channel": "task",
                "claims_nothing": True,
                "date": fields.Date.to_string(
                    self.env.company._dunning_get_working_day()
                ),
                "note": f"{title}\n{text}",
            }
        )

    def _finish_task(self, request):
        """Record the task as done."""
        open_task = request.action_id.filtered(lambda task: task.state == "todo")
        if open_task:
            open_task.action_finish()
