from decimal import Decimal

from odoo import Command, api, fields, models
from odoo.tools import format_amount, plaintext2html, remove_accents

from ...tools.words import OPEN_STAGES

# Of reasons that customers give themselves: what is wrong, not that money lacks.
CONTESTED = ("administrative", "logistics", "quality", "price", False)
# What platforms give for customers, who have words of their own here, and what says the
# same as several others that say it better.
UNOFFERED = (
    "account_dunning.reason_einvoice",
    "account_dunning.reason_delivery",
    "account_dunning.reason_credit_note",
)


class DunningPortalActDispute(models.AbstractModel):
    """A dispute, with its amount, reason, words and files."""

    _name = "dunning.portal.act.dispute"
    _description = "Contest Invoices"
    _inherit = "dunning.portal.act"

    # ------------------------------------------------------------------
    # HOOKS
    # ------------------------------------------------------------------

    def _get_title(self):
        # OVERRIDES 'dunning.portal.act'
        return self.env._("I contest an invoice")

    def _get_problems(self, customer, payload):
        # EXTENDS 'dunning.portal.act'
        problems = super()._get_problems(customer, payload)
        problems |= self._get_item_problems(customer, payload)
        problems = self._get_currency_problems(customer, payload) | problems
        if not self._get_reasons().filtered(
            lambda reason: reason.id == payload.get("reason_id")
        ):
            problems["reason_id"] = self.env._("Choose a reason.")
        if not (payload.get("text") or "").strip():
            problems["text"] = self.env._("Say in a few words what is wrong.")
        if "item_ids" not in problems:
            problems |= self._get_amount_problems(customer, payload)
        return problems

    def _describe(self, request):
        # OVERRIDES 'dunning.portal.act'
        payload = request.payload
        items = self._get_items(request)
        reason = self._get_reasons().filtered(lambda r: r.id == payload["reason_id"])
        made = request.dispute_id
        amount = format_amount(
            self.env,
            made.amount or self._get_amount(items, payload),
            items.currency_id[:1],
        )
        described = [
            (self.env._("Invoices"), self._tell_items(request)),
            (self.env._("Amount in dispute"), amount),
            (self.env._("Reason"), reason.name),
            (self.env._("Message"), payload["text"]),
            (self.env._("Files"), ", ".join(request.attachment_ids.mapped("name"))),
        ]
        return [(label, text) for label, text in described if text]

    def _carry_out(self, request):
        # OVERRIDES 'dunning.portal.act'
        payload = request.payload
        items = self._get_items(request)
        user = self.env.company.dunning_dispute_user_id
        dispute = self.env["dunning.dispute"].create(
            {
                "move_line_ids": [Command.set(items.ids)],
                "amount": self._get_amount(items, payload),
                "reason_id": payload["reason_id"],
                "description": plaintext2html(payload["text"]),
                "user_id": (user or self._get_lasting_user(request.partner_id)).id,
                "contact_id": self._get_contact(request).id,
            }
        )
        request.dispute_id = dispute
        dispute._receive_files(request)
        return self.env._(
            "We have received it and look into it. On this page you see how far we "
            "are; until then we do not claim this amount."
        )

    def _is_told_for(self, request):
        # EXTENDS 'dunning.portal.act': who settles it finds it among the activities
        return super()._is_told_for(request) and not request.dispute_id.user_id

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    @api.model
    def _get_reasons(self) -> models.BaseModel:
        """Return the reasons that customers may give in the company."""
        company = self.env.company
        reasons = self.env["dunning.reason"].search(
            [
                "|",
                ("company_id", "=", False),
                ("company_id", "parent_of", company.id),
                ("outcome", "in", ("dispute", False)),
                ("category", "in", CONTESTED),
            ]
        )
        for xmlid in UNOFFERED:
            reasons -= self.env.ref(xmlid, False) or reasons.browse()
        return reasons.sorted(lambda one: (remove_accents(one.name.lower()), one.id))

    @api.model
    def _get_disputable(self, items) -> float:
        """Return how much of the items can still be contested."""
        left = self.env["dunning.dispute"]._get_disputable(items)
        return items.currency_id[:1].round(left) if items else 0

    @api.model
    def _get_amount(self, items, payload):
        """Return the amount in dispute: what is said, else all of it."""
        given = payload.get("amount")
        return float(Decimal(given)) if given else self._get_disputable(items)

    def _get_amount_problems(self, customer, payload):
        """Return what is wrong with the amount."""
        items = self._find_open_items(customer, payload)
        currency, most = items.currency_id[:1], self._get_disputable(items)
        if not most:
            return {"item_ids": self.env._("All of this is in dispute already.")}
        if payload.get("amount_text") and not payload.get("amount"):
            return {"amount": self.env._("Write the amount as in 1234.56.")}
        amount = self._get_amount(items, payload)
        if currency.compare_amounts(amount, 0) <= 0:
            return {"amount": self.env._("The amount must be more than zero.")}
        if currency.compare_amounts(amount, most) > 0:
            return {
                "amount": self.env._(
                    "At most %s of these invoices can be in dispute.",
                    format_amount(self.env, most, currency),
                )
            }
        return {}

    def _get_contact(self, request):
        """Return the contact who contests, if it is one of the customer's."""
        partner = request.user_id.partner_id
        return partner.filtered(
            lambda own: own.commercial_partner_id == request.partner_id
        )


class DunningPortalActReply(models.AbstractModel):
    """An answer about a dispute that runs, and further documents."""

    _name = "dunning.portal.act.dispute_reply"
    _description = "Answer about a Dispute"
    _inherit = "dunning.portal.act"

    # ------------------------------------------------------------------
    # HOOKS
    # ------------------------------------------------------------------

    def _get_title(self):
        # OVERRIDES 'dunning.portal.act'
        return self.env._("About my dispute")

    def _get_problems(self, customer, payload):
        # EXTENDS 'dunning.portal.act'
        problems = super()._get_problems(customer, payload)
        dispute = self._find_disputes(customer).filtered(
            lambda own: own.id == payload.get("dispute_id")
        )
        if not dispute or dispute.state not in OPEN_STAGES:
            problems["text"] = self.env._("This dispute is closed.")
        elif not (payload.get("text") or "").strip() and not payload.get("files"):
            problems["text"] = self.env._("Write something, or choose a file.")
        return problems

    def _describe(self, request):
        # OVERRIDES 'dunning.portal.act'
        described = [
            (self.env._("Dispute"), self._get_dispute(request).display_name),
            (self.env._("Message"), request.payload.get("text")),
            (self.env._("Files"), ", ".join(request.attachment_ids.mapped("name"))),
        ]
        return [(label, text) for label, text in described if text]

    def _carry_out(self, request):
        # OVERRIDES 'dunning.portal.act'
        dispute = self._get_dispute(request)
        request.dispute_id = dispute
        dispute._receive_files(request)
        if text := request.payload.get("text"):
            dispute._message_log(body=plaintext2html(text))
        if dispute.state == "waiting_customer":
            dispute.state = "in_process"
        return self.env._("Thank you. We have added it to your dispute.")

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    @api.model
    def _find_disputes(self, customer: models.BaseModel) -> models.BaseModel:
        """Return the disputes of a customer in the company, the last first."""
        return self.env["dunning.dispute"].search(
            [
                ("partner_id", "=", customer.id),
                ("company_id", "=", self.env.company.id),
            ]
        )

    def _get_dispute(self, request):
        return self._find_disputes(request.partner_id).filtered(
            lambda own: own.id == request.payload.get("dispute_id")
        )


class DunningDispute(models.Model):
    """What customers hand in about disputes on their page."""

    _inherit = "dunning.dispute"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    request_ids = fields.One2many(
        "dunning.portal.request",
        "dispute_id",
        string="From the Customer's Page",
        readonly=True,
    )

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _receive_files(self, request):
        """Add the files of a request as a document of its own."""
        self.ensure_one()
        if not request.attachment_ids:
            return
        user = self.user_id
        env = self.with_context(lang=user.lang or self.env.lang).env
        self.env["dunning.dispute.document"].create(
            {
                "dispute_id": self.id,
                "name": env._("From the customer"),
                "attachment_ids": [Command.set(request.attachment_ids.ids)],
            }
        )


class DunningDisputeDocument(models.Model):
    """What customers have handed in is known by what they asked for, whoever they
    were."""

    _inherit = "dunning.dispute.document"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _get_handed_in(self):
        # EXTENDS 'account_dunning'
        found = super()._get_handed_in()
        for document in self:
            given = document.dispute_id.request_ids.attachment_ids
            known = set(given.mapped("checksum"))
            found |= document.attachment_ids.filtered(
                lambda file, known=known: file.checksum in known
            )
        return found
