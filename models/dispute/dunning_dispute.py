from itertools import chain

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_amount

from ...tools.words import OPEN_STAGES, STAGES

# What people may set on an open dispute. A new one, besides, says whose it is.
EDITABLE_FIELDS = {
    "amount",
    "contact_id",
    "date_deadline",
    "description",
    "move_line_ids",
    "reason_id",
    "state",
    "user_id",
}
NEW_FIELDS = {"partner_id", "company_id", "currency_id"}
# What the rest of a new one follows from.
GIVEN_FIELDS = {"partner_id", "company_id", "move_line_ids", "reason_id"}
# What decides how much of which item is kept out.
SHARE_FIELDS = {"amount", "move_line_ids"}


class DunningDispute(models.Model):
    """What a customer contests: an amount of some invoices, why, and who looks into it.

    How it works: creating one checks what it is about, copies what its reason says
    (days to settle, documents) and keeps the disputed part out of dunning. People move
    it among the open stages, ask departments (``dunning_dispute_question``) and close
    it by a decision (``dunning_dispute_decision``); the ledger closes it when nothing
    is left to pay (``dunning_dispute_settle``).
    """

    _name = "dunning.dispute"
    _description = "Dispute"
    _inherit = ["dunning.withholding"]
    _order = "id desc"

    # What is contested is kept out before what is promised.
    _turn = 1

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    amount = fields.Monetary(
        string="In Dispute",
        required=True,
        tracking=True,
        help="Part of the items that the customer contests; all that is open on them "
        "unless said otherwise.",
    )
    reason_id = fields.Many2one(required=True)
    description = fields.Html()
    contact_id = fields.Many2one(
        "res.partner",
        string="Customer Contact",
        domain="['|', ('id', '=', partner_id), ('parent_id', '=', partner_id)]",
    )
    user_id = fields.Many2one(
        default=lambda self: self.env.company.dunning_dispute_user_id or self.env.user,
        domain="[('share', '=', False)]",
    )
    department_id = fields.Many2one(related="reason_id.department_id")
    severity = fields.Selection(related="reason_id.severity")
    hold_ids = fields.One2many("dunning.hold", "dispute_id", readonly=True)
    date = fields.Date(
        string="Since",
        required=True,
        readonly=True,
        default=lambda self: self.env.company._dunning_today(),
    )
    date_deadline = fields.Date(
        string="To Settle by",
        tracking=True,
        help="After as many working days as the reason gives.",
    )
    state = fields.Selection(
        STAGES,
        string="Stage",
        required=True,
        default="new",
        copy=False,
        tracking=True,
        group_expand="_expand_stages",
    )

    # === How it ended === #
    state_before = fields.Selection(STAGES, readonly=True, copy=False)
    closed_by = fields.Selection(
        [
            ("user", "A Decision"),
            ("paid", "Paid"),
            ("credited", "Credit Note"),
            ("written_off", "Written Off"),
            ("void", "Invoice Cancelled or Deleted"),
        ],
        string="Closed by",
        readonly=True,
        copy=False,
    )
    closed_user_id = fields.Many2one(
        "res.users",
        string="Decided by",
        readonly=True,
        copy=False,
        ondelete="restrict",
    )
    date_closed = fields.Date(string="Closed on", readonly=True, copy=False)

    # === Constraints and indexes === #
    _amount_positive = models.Constraint(
        "CHECK(amount > 0)", "A disputed amount must be more than zero."
    )

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("partner_id", "amount", "reason_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for dispute in chain(*self._by_rights_on_customer()):
            # Who is asked a question about it has no rights on reasons.
            reason_sudo = dispute.reason_id.sudo()
            dispute.display_name = self.env._(
                "%(customer)s: %(amount)s, %(reason)s",
                customer=dispute.partner_id.display_name,
                amount=format_amount(self.env, dispute.amount, dispute.currency_id),
                reason=reason_sudo.name,
            )

    @api.model
    def _expand_stages(self, stages, domain):  # pylint: disable=unused-argument
        return [stage for stage, _label in STAGES if stage in {*OPEN_STAGES, *stages}]

    @api.onchange("move_line_ids")
    def _onchange_move_line_ids(self):
        if not self._origin:
            self.amount = self._get_disputable(self.move_line_ids._origin)

    @api.onchange("reason_id")
    def _onchange_reason_id(self):
        if self.reason_id and not self._origin:
            self.date_deadline = self._get_deadline(self.company_id, self.reason_id)

    # ------------------------------------------------------------------
    # CRUD METHODS
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS 'base': a dispute has its amount, or is refused
        disputes = super().create([self._prepare_new(vals) for vals in vals_list])
        disputes._begin()
        disputes._reserve_items()
        # Holds are written by the system alone.
        disputes.sudo()._settle()
        disputes._check_held()
        return disputes

    def write(self, vals):
        # EXTENDS 'base': what is contested is shared out anew
        if not self.env.su:
            self._check_writable(vals)
        if "amount" in vals:
            for dispute in self:
                dispute._check_positive(vals["amount"], dispute.currency_id)
        if not SHARE_FIELDS & vals.keys():
            return super().write(vals)
        items, held = self.move_line_ids, self._get_held_beside()
        result = super().write(vals)
        self._reserve_items()
        self._settle()
        # What the system writes follows the ledger, whatever is left there.
        if not self.env.su:
            self._check_open_items(self.move_line_ids - items)
            self._check_held()
            self._check_held_beside(held)
        return result

    def _prepare_new(self, vals):
        """Return the values of a new dispute, with what follows from them."""
        draft = self.new({name: vals[name] for name in vals if name in GIVEN_FIELDS})
        items = draft.move_line_ids._origin
        self._check_given(items, draft.reason_id)
        company = items.company_id[:1]
        partner = items.partner_id[:1].commercial_partner_id.with_company(company)
        defaults = {"partner_id": partner.id, "company_id": company.id}
        if vals.get("amount"):
            self._check_positive(vals["amount"], items.currency_id[:1])
        else:
            defaults["amount"] = self._get_disputable(items)
            self._check_amount_left(defaults["amount"])
        if not vals.get("contact_id"):
            defaults["contact_id"] = partner._dunning_get_contacts()[partner.id].id
        if not vals.get("date_deadline"):
            defaults["date_deadline"] = self._get_deadline(company, draft.reason_id)
        return defaults | {name: vals[name] for name in vals if vals[name]}

    @api.model
    def _get_deadline(self, company, reason):
        """Return the day by which a dispute that begins today should be settled."""
        return company._dunning_add_working_days(reason.delay_days)

    def _get_editable_fields(self):
        # OVERRIDES 'dunning.protected'
        return EDITABLE_FIELDS if self else (EDITABLE_FIELDS | NEW_FIELDS) - {"state"}

    def _check_writable(self, vals):
        """Refuse to change a closed dispute, and to close one otherwise than by a
        decision.

        :raise UserError: saying what to do instead
        """
        if not self._get_editable_fields() & vals.keys():
            return
        if any(dispute.state not in OPEN_STAGES for dispute in self):
            raise UserError(
                self.env._("This dispute is closed: reopen it to change something.")
            )
        if vals.get("state", "new") not in OPEN_STAGES:
            raise UserError(
                self.env._(
                    "Accept, reject, correct or cancel the dispute by its buttons: "
                    "what follows is done with it."
                )
            )

    def _begin(self):
        """Do what goes with new disputes. Override to add something."""

    # ------------------------------------------------------------------
    # BUSINESS METHODS - AMOUNTS
    # ------------------------------------------------------------------

    @api.model
    def _check_given(self, items, reason):
        """Refuse a dispute that does not say about what or why.

        :raise ValidationError: saying what is missing
        """
        if not items:
            raise ValidationError(self.env._("Choose the invoices in dispute."))
        if not reason:
            raise ValidationError(self.env._("Choose the reason of the dispute."))
        self._check_open_items(items)

    @api.model
    def _check_open_items(self, items: models.BaseModel) -> None:
        """Refuse items that need not be disputed.

        :raise ValidationError: naming one of them
        """
        for item in items:
            if item.parent_state != "posted" or item.amount_residual_currency <= 0:
                raise ValidationError(
                    self.env._(
                        "Nothing is to be paid on “%s”: choose among the invoices "
                        "that are still open.",
                        item.display_name,
                    )
                )

    @api.model
    def _check_positive(self, amount, currency):
        """Refuse an amount that is none.

        :raise ValidationError: saying what to correct
        """
        # Said before the database says so: what follows would be an error.
        if currency.compare_amounts(amount or 0, 0) <= 0:
            raise ValidationError(
                self.env._("A disputed amount must be more than zero: correct it.")
            )

    @api.model
    def _check_amount_left(self, amount):
        if amount <= 0:
            raise ValidationError(
                self.env._("All that is open on these items is in dispute already.")
            )

    @api.model
    def _get_disputable(self, items: models.BaseModel) -> float:
        """Return how much of some items can be disputed: what is open on them and in
        no other dispute. What was promised can be."""
        available = self._get_available(items, names=[self._name])
        return sum(amount for amount in available.values() if amount > 0)

    def _check_held(self):
        """Refuse amounts that are not there to be disputed.

        :raise ValidationError: saying how much there is
        """
        for dispute in self:
            currency = dispute.currency_id
            if currency.compare_amounts(dispute.amount, dispute.amount_held) > 0:
                raise ValidationError(
                    self.env._(
                        "%(amount)s cannot be in dispute: what is open and not yet in "
                        "dispute on these items is %(available)s. Lower the amount, "
                        "or add items.",
                        amount=format_amount(self.env, dispute.amount, currency),
                        available=format_amount(
                            self.env, dispute.amount_held, currency
                        ),
                    )
                )

    def _get_held_beside(self):
        """Return what other disputes of the same customers keep out.

        :return: dict of dispute to amount
        """
        # Others may belong to colleagues whose records the user does not see.
        others_sudo = self.sudo().search(
            [
                ("id", "not in", self.ids),
                ("partner_id", "in", self.partner_id.ids),
                ("state", "in", OPEN_STAGES),
            ]
        )
        return {other_sudo: other_sudo.amount_held for other_sudo in others_sudo}

    def _check_held_beside(self, held):
        """Refuse to take from other disputes what they keep out.

        :param held: what they kept out before, see :meth:`_get_held_beside`
        :raise ValidationError: naming the one that would lose
        """
        for other, amount in held.items():
            if other.currency_id.compare_amounts(other.amount_held, amount) < 0:
                raise ValidationError(
                    self.env._(
                        "“%s” is about the same items and needs them: lower the "
                        "amount, or add items.",
                        other.display_name,
                    )
                )
