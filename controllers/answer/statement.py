from odoo.http import content_disposition, request
from odoo.tools import format_amount, format_date
from odoo.tools.i18n import format_list

from ...tools.words import OPEN_STAGES
from ..portal.frame import Visit, page
from .forms import AnswerForms

# What the statement tells of the past.
MOST_REQUESTS, MOST_DISPUTES = 10, 20


class AnswerStatement(AnswerForms):
    """What can be done, and what has become of it, on the statement of account."""

    def _prepare_statement(self, visit, number):
        # EXTENDS 'account_dunning'
        values = super()._prepare_statement(visit, number)
        act_sudo = visit.env_sudo["dunning.portal.act.promise"]
        return values | {
            "offers_promise": act_sudo._is_offered(visit.customer_sudo),
            "lost_address": visit.customer_sudo._dunning_get_lost_address(),
            "disputes": self._tell_disputes(visit),
            "asked": self._tell_requests(visit),
        }

    def _tell_disputes(self, visit):
        """Return what is told of disputes, open ones first."""
        acts_sudo = visit.env_sudo["dunning.portal.act.dispute_reply"]
        disputes_sudo = acts_sudo._find_disputes(visit.customer_sudo)
        disputes_sudo = disputes_sudo.sorted(
            lambda dispute: (dispute.state not in OPEN_STAGES, -dispute.id)
        )
        return [
            self._tell_dispute(dispute_sudo)
            for dispute_sudo in disputes_sudo[:MOST_DISPUTES]
        ]

    def _tell_dispute(self, dispute_sudo) -> dict:
        """Return what a customer is told of a dispute."""
        return {
            "id": dispute_sudo.id,
            "numbers": ", ".join(dispute_sudo._get_numbers()),
            "amount": dispute_sudo.amount,
            "currency": dispute_sudo.currency_id,
            "reason": dispute_sudo.reason_id.name,
            "date": dispute_sudo.date,
            "stage": self._get_stage(dispute_sudo),
            "is_open": dispute_sudo.state in OPEN_STAGES,
            "waits": dispute_sudo.state == "waiting_customer",
            "is_answered": self._is_answered(dispute_sudo),
        }

    def _is_answered(self, dispute_sudo):
        """Return whether the last word about an open dispute is ours."""
        asked_sudo = dispute_sudo._get_told_requests()
        answers_sudo = dispute_sudo._get_told_answers()
        last = max(answers_sudo.mapped("date"), default=None)
        return (
            dispute_sudo.state in OPEN_STAGES
            and bool(last)
            and all(date <= last for date in asked_sudo.mapped("date"))
        )

    def _get_stage(self, dispute_sudo):
        """Return how a customer is told where a dispute stands, or how it ended."""
        env = request.env
        ends = {"paid": env._("Paid"), "credited": env._("Settled by a credit note")}
        if dispute_sudo.state == "cancelled" and dispute_sudo.closed_by in ends:
            return ends[dispute_sudo.closed_by]
        return {
            "new": env._("Received"),
            "in_process": env._("We are looking into it"),
            "waiting_department": env._("We are looking into it"),
            "waiting_customer": env._("We wait for your answer"),
            "accepted": env._("Accepted"),
            "rejected": env._("Not accepted"),
            "corrected": env._("Corrected"),
            "cancelled": env._("Closed"),
        }[dispute_sudo.state]

    def _tell_requests(self, visit):
        """Return what is told of what was asked for lately."""
        requests_sudo = visit.env_sudo["dunning.portal.request"].search(
            [
                ("partner_id", "=", visit.customer_sudo.id),
                ("company_id", "=", visit.company_sudo.id),
                ("kind", "!=", "comparison"),
            ],
            limit=MOST_REQUESTS,
        )
        ids = {id_ for asked_sudo in requests_sudo for id_ in self._get_ids(asked_sudo)}
        named_sudo = visit.env_sudo["account.move.line"].browse(ids).exists()
        return [
            {
                "title": asked_sudo._get_own_title(),
                "date": asked_sudo.date,
                "state": self._get_state(asked_sudo),
                "numbers": self._get_numbers(asked_sudo, named_sudo),
                "note": asked_sudo.decision_note,
                "payments": self._tell_payments(self._get_own_promise(asked_sudo)),
            }
            for asked_sudo in requests_sudo
        ]

    def _get_ids(self, asked_sudo):
        return (asked_sudo.payload or {}).get("item_ids") or []

    def _get_numbers(self, asked_sudo, named_sudo):
        """Return which invoices were named, as far as they are the customer's now.

        :param named_sudo: the items of all that was asked for which are still there
        """
        ids = self._get_ids(asked_sudo)
        numbers = [
            item_sudo._dunning_get_number()
            for item_sudo in named_sudo.filtered(lambda item: item.id in ids)
            if item_sudo.partner_id.commercial_partner_id == asked_sudo.partner_id
        ]
        return format_list(request.env, [*dict.fromkeys(numbers)]) if numbers else ""

    def _get_state(self, asked_sudo):
        env = request.env
        if asked_sudo.state == "waiting":
            return env._("Waits for your confirmation by e-mail")
        if promise_sudo := self._get_own_promise(asked_sudo):
            return self._get_promise_state(promise_sudo)
        if dispute_sudo := self._get_own_dispute(asked_sudo):
            return self._get_stage(dispute_sudo)
        return {
            "none": env._("Sent")
            if asked_sudo.kind == "invoice"
            else env._("Received"),
            "open": env._("We look at it"),
            "accepted": env._("Accepted"),
            "refused": env._("Not accepted"),
        }[asked_sudo.decision]

    def _get_own_promise(self, asked_sudo):
        """Return the promise that was asked for, unless it has gone on under another
        customer: what that one pays is nobody else's matter."""
        return asked_sudo.promise_id.filtered(
            lambda promise: promise.partner_id == asked_sudo.partner_id
        )

    def _get_own_dispute(self, asked_sudo):
        """Return the dispute that was begun by this, unless it has gone on under
        another customer. What was added to it later was received, no more."""
        return asked_sudo.dispute_id.filtered(
            lambda dispute: (
                asked_sudo.kind == "dispute"
                and dispute.partner_id == asked_sudo.partner_id
            )
        )

    def _get_promise_state(self, promise_sudo):
        """Return what has become of a promise of the customer, in its words."""
        env = request.env
        if promise_sudo.approval in ("waiting", "refused"):
            return {
                "waiting": env._("We look at it"),
                "refused": env._("Not accepted"),
            }[promise_sudo.approval]
        return {
            "open": env._("A payment is agreed"),
            "kept": env._("Kept"),
            "partly_kept": env._("Kept in part"),
            "broken": env._("Not paid in time"),
        }.get(promise_sudo.state, env._("Ended"))

    def _tell_payments(self, promise_sudo):
        """Return what a customer has promised to pay, and when."""
        env = request.env
        return [
            env._(
                "%(amount)s by %(date)s",
                amount=format_amount(env, line_sudo.amount, promise_sudo.currency_id),
                date=format_date(env, line_sudo.date),
            )
            for line_sudo in promise_sudo.line_ids
        ]

    @page("/file/<int(max=2147483647):file_id>")
    def dunning_file(self, visit: Visit, file_id: int, **_values: str):
        """Hand over a file that the customer has sent about a dispute, to be kept,
        never to be shown. What proves a payment shows bank accounts: it is given to
        nobody.

        :param file_id: of the attachment
        """
        acts_sudo = visit.env_sudo["dunning.portal.act.dispute_reply"]
        disputes_sudo = acts_sudo._find_disputes(visit.customer_sudo)
        files_sudo = disputes_sudo._get_told_requests().attachment_ids.filtered(
            lambda file: file.id == file_id
        )
        if not files_sudo:
            raise request.not_found()
        return request.make_response(
            files_sudo.raw,
            [
                # Whatever it says it is, no browser shows it.
                ("Content-Type", "application/octet-stream"),
                ("Content-Length", str(len(files_sudo.raw))),
                ("Content-Disposition", content_disposition(files_sudo.name)),
            ],
        )
