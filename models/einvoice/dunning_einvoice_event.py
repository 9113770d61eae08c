from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools.einvoice_codes import get_names

SOURCES = [
    ("file", "File"),
    ("mail", "E-mail"),
    ("folder", "Watched Folder"),
    ("peppol", "Peppol"),
    ("other", "Other"),
]
STATES = [("waiting", "Waiting"), ("assigned", "Assigned"), ("ignored", "Ignored")]

PROBLEMS = [
    ("unreadable", "Not Readable"),
    ("no_code", "No Status"),
    ("no_number", "No Invoice Number"),
    ("no_seller", "Seller Not Named"),
    ("unknown_seller", "Seller Unknown"),
    ("purchase", "About a Vendor Bill"),
    ("no_invoice", "No Such Invoice"),
    ("draft", "Invoice Not Posted"),
    ("several", "Several Invoices"),
    ("untrusted", "Sender Not Known"),
    ("taken_back", "Taken Back from an Invoice"),
]

# What may change of an event once it is received: what becomes of it.
CHANGING_FIELDS = {
    "amount",
    "attachment_id",
    "company_id",
    "currency_id",
    "effect",
    "ignored_reason",
    "move_id",
    "problem_kind",
    "state",
}


class DunningEinvoiceEvent(models.Model):
    """What the platform of a buyer has said of an e-invoice: a status with its reasons.

    How it works: messages of whatever source and format are read into statuses
    (``tools/cdar.py``, ``tools/peppol_response.py``), each becomes one event, once
    (``message_ref``), with the document it was read from. The invoice is found by its
    number and its seller (:meth:`_find`); an event without invoice waits. What dunning
    makes of those that have one is :meth:`_apply`'s. Statuses have no order: an event
    says what was said on a date, not where the invoice stands.

    What was received is proof: nobody changes or deletes it, the system included. Only
    what becomes of it is noted.
    """

    _name = "dunning.einvoice.event"
    _description = "E-Invoice Status"
    _inherit = ["dunning.protected", "mail.thread"]
    _order = "date desc, id desc"
    _rec_names_search = ["number", "code"]

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    # === What becomes of it === #
    state = fields.Selection(STATES, required=True, readonly=True, default="waiting")
    problem_kind = fields.Selection(PROBLEMS, string="Waits Because", readonly=True)
    problem = fields.Text(string="Reason", compute="_compute_problem")
    ignored_reason = fields.Char(string="Ignored Because", readonly=True)
    company_id = fields.Many2one(
        "res.company",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="Who sold; empty while it is not known.",
    )
    move_id = fields.Many2one(
        "account.move",
        string="Invoice",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        related="move_id.commercial_partner_id",
        store=True,
        index="btree_not_null",
    )
    effect = fields.Text(
        readonly=True, help="What dunning has made of it; empty when nothing."
    )

    # === What was said === #
    code = fields.Char(string="Status Code", readonly=True, index=True)
    name = fields.Char(string="Status", compute="_compute_name")
    date = fields.Datetime(
        string="Said on",
        required=True,
        readonly=True,
        default=lambda self: fields.Datetime.now(),
    )
    reason_codes = fields.Char(
        readonly=True, help="Sorted, separated by commas; as they were received."
    )
    reason_names = fields.Char(string="Reasons", compute="_compute_name")
    reason_text = fields.Text(
        string="Buyer's Words", readonly=True, help="What the buyer wrote."
    )
    action_codes = fields.Char(
        string="Actions Asked for", readonly=True, help="Sorted, separated by commas."
    )
    amount = fields.Monetary(
        readonly=True,
        help="Of the part that the status is about, taxes included: not approved or "
        "disputed, sent or received. 0 when none is stated.",
    )
    amount_stated = fields.Monetary(
        readonly=True, currency_field="currency_id", help="As it was received."
    )
    amount_kind = fields.Char(
        readonly=True, help="What the stated amount is, as MAPTTC: the approved one."
    )
    currency_id = fields.Many2one("res.currency", readonly=True, ondelete="restrict")
    date_payment = fields.Date(
        string="Paid on", readonly=True, help="When the buyer has sent a payment."
    )

    # === Of which invoice, by which message === #
    number = fields.Char(string="Invoice Number", readonly=True, help="As received.")
    invoice_date = fields.Date(readonly=True, help="As received.")
    document_type = fields.Char(readonly=True, help="Code of UNTDID 1001, as received.")
    seller = fields.Char(
        string="Seller's SIREN",
        readonly=True,
        help="As received; another number for sellers outside of France.",
    )
    seller_ids = fields.Char(
        string="Seller's Identifiers",
        readonly=True,
        help="All that were received, separated by commas.",
    )
    buyer = fields.Char(string="Buyer's SIREN", readonly=True, help="As received.")
    sender = fields.Char(readonly=True, help="Who gave the status, as received.")
    message_number = fields.Char(readonly=True, help="Number of the message.")
    message_ref = fields.Char(
        string="Message Reference",
        required=True,
        readonly=True,
        help="Tells the status from all others: received twice, it is kept once.",
    )
    source = fields.Selection(SOURCES, required=True, readonly=True, default="other")
    attachment_id = fields.Many2one(
        "ir.attachment",
        string="Document",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="As it was received.",
    )

    # === Constraints and indexes === #
    _message_ref_unique = models.UniqueIndex("(message_ref)")
    _waiting_idx = models.Index("(number) WHERE state = 'waiting'")
    _assigned_complete = models.Constraint(
        "CHECK(state != 'assigned' OR (move_id IS NOT NULL AND company_id IS NOT NULL "
        "AND code IS NOT NULL))",
        "A status that is assigned needs an invoice, its company and a code.",
    )

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("code", "reason_codes")
    @api.depends_context("lang")
    def _compute_name(self):
        for event in self:
            event.name = get_names([event.code or ""], self.env.lang)
            event.reason_names = get_names(event._get_reasons(), self.env.lang)

    @api.depends("code", "number")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for event in self:
            parts = (event.name or self.env._("No status"), event.number)
            event.display_name = " – ".join(filter(None, parts))

    @api.depends("problem_kind", "number", "seller", "source", "state")
    @api.depends_context("lang")
    def _compute_problem(self):
        for event in self:
            event.problem = event.problem_kind and event._tell_problem()

    # ------------------------------------------------------------------
    # CRUD METHODS
    # ------------------------------------------------------------------

    def write(self, vals):
        # EXTENDS 'base': what was received stays as it was
        if not self.env.su:
            self._check_editable(vals)
        elif any(
            name in self._fields and self._is_set(name, vals[name])
            for name in self._get_protected(vals) - CHANGING_FIELDS
        ):
            self._refuse_change()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        self._refuse_change()

    def _refuse_change(self):
        raise UserError(
            self.env._(
                "What was said of an invoice is proof: it cannot be changed or deleted."
            )
        )

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _get_reasons(self) -> list[str]:
        """Return the codes of the reasons, as they were received, sorted."""
        self.ensure_one()
        return (self.reason_codes or "").split(",") if self.reason_codes else []

    def _apply(self) -> None:
        """Let dunning follow events that have just got their invoice, all of a batch at
        once. Does nothing by itself: what follows from a status extends it."""

    def _tell_problem(self):
        """Return why an event has no invoice, in words that say what to do."""
        self.ensure_one()
        names = {"number": self.number or "", "seller": self.seller or ""}
        match self.problem_kind:
            case "unreadable":
                return self.env._(
                    "What came by e-mail cannot be read as a status message: see the "
                    "document, and ask the sender for the file of the platform."
                )
            case "no_code":
                return self.env._("The message names no status.")
            case "no_number":
                return self.env._("The message names no invoice.")
            case "no_seller":
                return self.env._(
                    "The message does not say who sold: assign invoice %(number)s by "
                    "hand.",
                    **names,
                )
            case "unknown_seller":
                return self.env._(
                    "No company has the number %(seller)s: complete the company ID or "
                    "the VAT number of yours.",
                    **names,
                )
            case "purchase":
                return self.env._("It is about a bill of a vendor: nothing is due.")
            case "draft":
                return self.env._(
                    "Invoice %(number)s is not posted: it gets the status when it is.",
                    **names,
                )
            case "untrusted" if self.source != "mail":
                return self.env._(
                    "Who brought it was not working in this company: choose the "
                    "company above, see the document, then accept or ignore it."
                )
            case "untrusted":
                return self.env._(
                    "It came by e-mail from a sender who is not known: see the e-mail, "
                    "then accept or ignore it."
                )
            case "taken_back":
                return self.env._(
                    "It was taken back from an invoice: assign it to the right one, or "
                    "ignore it."
                )
            case "several":
                return self.env._(
                    "Several documents have the number %(number)s: assign the right "
                    "one by hand.",
                    **names,
                )
        return self.env._(
            "There is no invoice %(number)s of this seller: it gets the status when "
            "it is posted under this number.",
            **names,
        )
