from itertools import chain

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_amount

from ...tools.following import is_following
from ...tools.litigation import KINDS, LITIGATION_STAGES, OPEN_LITIGATION
from ...tools.words import OPEN_STATES

# What people may set on an open litigation. A new one, besides, says whose it is.
EDITABLE_FIELDS = {
    "agent_id",
    "move_line_ids",
    "note",
    "reason_id",
    "reference",
    "state",
    "user_id",
}
NEW_FIELDS = {
    "partner_id",
    "company_id",
    "currency_id",
    "kind",
    "date",
    "date_published",
}
# What of the list stands for money, in which order it is shown.
MONEY = ("amount_company", "recovered_company", "left_company", "costs_company")


class DunningLitigation(models.Model):
    """Items that somebody else sees to: a lawyer, an agency, an insurer, or the court
    that has opened insolvency proceedings.

    How it works: all that is open on the items is kept out of dunning; in insolvency
    the whole customer is. What the agent gets paid is read from the ledger
    (``dunning_litigation_settle``); people record what was done
    (``dunning_litigation_act``) and how it ended (``dunning_litigation_decision``).
    """

    _name = "dunning.litigation"
    _description = "Litigation"
    _inherit = ["dunning.withholding"]
    _order = "id desc"

    # What was promised or disputed beside is kept out by that.
    _turn = 9
    _notice_field = "litigation_id"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    kind = fields.Selection(KINDS, required=True, default="lawyer", tracking=True)
    agent_id = fields.Many2one(
        "res.partner",
        string="Handed Over to",
        tracking=True,
        index="btree_not_null",
        ondelete="restrict",
        domain="[('dunning_agent_kind', '!=', False)]",
        help="Lawyer, agency or insurer; in insolvency, the administrator.",
    )
    reference = fields.Char(string="Their Reference", tracking=True)
    note = fields.Text()
    hold_ids = fields.One2many("dunning.hold", "litigation_id", readonly=True)
    notice_ids = fields.One2many("dunning.action", "litigation_id", readonly=True)
    date = fields.Date(
        string="Handed Over on",
        required=True,
        default=lambda self: self.env.company._dunning_today(),
        help="What is paid from that day on was recovered.",
    )
    date_published = fields.Date(
        string="Published on",
        help="Day on which the opening of insolvency proceedings was published.",
    )

    # === Money === #
    amount = fields.Monetary(
        string="Handed Over",
        required=True,
        readonly=True,
        default=0,
        help="What was open on the items when they were handed over.",
    )
    recovered = fields.Monetary(
        readonly=True,
        default=0,
        copy=False,
        help="Money that the ledger shows for the items since they were handed over.",
    )
    amount_left = fields.Monetary(
        string="Left", readonly=True, default=0, copy=False, help="Still open."
    )
    recovered_company = fields.Monetary(
        string="Recovered in Company Currency",
        currency_field="company_currency_id",
        compute="_compute_money_company",
        store=True,
    )
    left_company = fields.Monetary(
        string="Left in Company Currency",
        currency_field="company_currency_id",
        compute="_compute_money_company",
        store=True,
    )

    # === How it ended === #
    state = fields.Selection(
        LITIGATION_STAGES,
        string="Stage",
        required=True,
        default="new",
        copy=False,
        tracking=True,
        group_expand="_expand_stages",
    )
    state_before = fields.Selection(LITIGATION_STAGES, readonly=True, copy=False)
    is_open = fields.Boolean(compute="_compute_is_open")
    closed_by = fields.Selection(
        [
            ("user", "A Decision"),
            ("ledger", "Nothing Left to Pay"),
            ("insolvency", "Insolvency Proceedings"),
            ("currency", "Invoice in Another Currency"),
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
    decision = fields.Text(readonly=True, copy=False, help="Why it ended so.")

    # === Constraints and indexes === #
    _amount_not_negative = models.Constraint(
        "CHECK(amount >= 0)", "What is handed over cannot be less than zero."
    )
    _open_idx = models.Index("(company_id, partner_id) WHERE date_closed IS NULL")

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("state")
    def _compute_is_open(self):
        for litigation in self:
            litigation.is_open = litigation.state in OPEN_LITIGATION

    @api.depends("recovered", "amount_left", "currency_id", "company_id", "date")
    def _compute_money_company(self):
        for litigation in self:
            for name in ("recovered", "left"):
                own = "amount_left" if name == "left" else name
                litigation[f"{name}_company"] = litigation._convert_money(
                    litigation[own]
                )

    def _convert_money(self, amount):
        """Return an amount in company currency, at the rate of the hand-over."""
        self.ensure_one()
        company = self.company_id
        return self.currency_id._convert(
            amount, company.currency_id, company, self.date or fields.Date.today()
        )

    @api.depends("partner_id", "kind", "agent_id", "amount")
    @api.depends_context("lang")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for litigation in chain(*self._by_rights_on_customer()):
            litigation.display_name = self.env._(
                "%(customer)s: %(amount)s, %(agent)s",
                customer=litigation.partner_id.display_name,
                amount=format_amount(
                    self.env, litigation.amount, litigation.currency_id
                ),
                agent=litigation.agent_id.name or kinds.get(litigation.kind),
            )

    @api.model
    def _expand_stages(self, stages, domain):  # pylint: disable=unused-argument
        return [
            stage
            for stage, _label in LITIGATION_STAGES
            if stage in {*OPEN_LITIGATION, *stages}
        ]

    # ------------------------------------------------------------------
    # CRUD METHODS
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS 'base': what is handed over is open, and nobody else's
        litigations = super().create([self._prepare_new(vals) for vals in vals_list])
        if not is_following(self.env):
            litigations._check_free()
            litigations._reserve_items()
        # Amounts and holds are written by the system alone.
        litigations_sudo = litigations.sudo()
        for litigation_sudo in litigations_sudo.filtered(lambda x: not x.amount):
            amounts = litigation_sudo.move_line_ids.mapped("amount_residual_currency")
            litigation_sudo.amount = sum(amounts)
        litigations._begin()
        litigations_sudo._settle()
        litigations_sudo.hold_ids._end_for(litigations_sudo)
        return litigations

    def write(self, vals):
        # EXTENDS 'base': what is handed over besides counts, what is taken out does not
        if not self.env.su:
            self._check_writable(vals)
        if "move_line_ids" not in vals or is_following(self.env):
            return super().write(vals)
        before = {litigation: litigation.move_line_ids for litigation in self}
        result = super().write(vals)
        # What the system writes follows the ledger, whatever is there.
        if not self.env.su:
            self._check_free()
            self._reserve_items()
            for litigation, items in before.items():
                litigation._follow_chosen(items)
        # Holds are written by the system alone.
        litigations_sudo = self.sudo()
        litigations_sudo._settle()
        litigations_sudo.hold_ids._end_for(litigations_sudo)
        return result

    def _prepare_new(self, vals):
        """Return the values of a new litigation, with what follows from them."""
        draft = self.new(
            {name: vals[name] for name in vals if name in EDITABLE_FIELDS | NEW_FIELDS}
        )
        items = draft.move_line_ids._origin
        company = items.company_id[:1] or draft.company_id or self.env.company
        partner = items.partner_id[:1] or draft.partner_id
        self._check_given(draft, items)
        today = company._dunning_today()
        defaults = {
            "partner_id": partner.commercial_partner_id.id,
            "company_id": company.id,
            "currency_id": (items.currency_id[:1] or company.currency_id).id,
            "date": today,
        }
        if draft.date and draft.date > today:
            raise ValidationError(
                self.env._("Items cannot be handed over on a day to come.")
            )
        return defaults | {name: vals[name] for name in vals if vals[name]}

    @api.model
    def _check_given(self, draft, items):
        """Refuse a litigation that does not say about what, or since when.

        :raise ValidationError: saying what is missing
        """
        if is_following(self.env):
            return
        if draft.kind == "insolvency":
            if not draft.date_published:
                raise ValidationError(
                    self.env._(
                        "Enter the day on which the proceedings were published: the "
                        "claim is declared within two months of it."
                    )
                )
            if draft.date_published > self.env.company._dunning_today():
                raise ValidationError(
                    self.env._("The proceedings cannot be published on a day to come.")
                )
        elif not items:
            raise ValidationError(self.env._("Choose the invoices to hand over."))
        self.env["dunning.dispute"]._check_open_items(items)

    def _check_free(self):
        """Refuse items that somebody else sees to already.

        :raise ValidationError: naming the item and who does
        """
        for litigation in self:
            # Others may belong to colleagues whose records the user does not see.
            others_sudo = self.sudo().search(
                [
                    ("id", "!=", litigation.id),
                    ("move_line_ids", "in", litigation.move_line_ids.ids),
                    ("date_closed", "=", False),
                ]
            )
            if litigation.kind == "insolvency":
                others_sudo = others_sudo.filtered(lambda x: x.kind == "insolvency")
            if others_sudo:
                items = others_sudo.move_line_ids & litigation.move_line_ids
                raise ValidationError(
                    self.env._(
                        "“%(item)s” was handed over already: %(litigation)s.",
                        item=items[:1]._dunning_get_number(),
                        litigation=others_sudo[:1].display_name,
                    )
                )

    def _follow_chosen(self, before):
        """Follow that people have chosen other items.

        :param before: the items until then
        """
        self.ensure_one()
        added, removed = self.move_line_ids - before, before - self.move_line_ids
        self.env["dunning.dispute"]._check_open_items(added)
        if not self.move_line_ids and self.kind != "insolvency":
            raise ValidationError(self.env._("Choose the invoices to hand over."))
        amount = self.amount + sum(added.mapped("amount_residual_currency"))
        amount -= sum(removed.mapped("amount_residual_currency"))
        # Amounts are the system's.
        self.sudo().amount = max(amount, 0)

    def _get_editable_fields(self):
        # OVERRIDES 'dunning.protected'
        return EDITABLE_FIELDS if self else (EDITABLE_FIELDS | NEW_FIELDS) - {"state"}

    def _check_writable(self, vals):
        """Refuse to change a closed litigation, and to close one otherwise than by a
        decision.

        :raise UserError: saying what to do instead
        """
        if not (self._get_editable_fields() - {"note"}) & vals.keys():
            return
        if any(not litigation.is_open for litigation in self):
            raise UserError(
                self.env._("This litigation is closed: reopen it to change something.")
            )
        if vals.get("state", "new") not in OPEN_LITIGATION:
            raise UserError(
                self.env._("Close the litigation by its button: say how it ended.")
            )

    def _begin(self):
        """Do what goes with new litigations. Override to add something."""
        for litigation in self.filtered(lambda x: x.kind == "insolvency"):
            litigation._take_over_others()
            litigation._skip_planned()

    def _take_over_others(self):
        """End what was handed over of a customer who is insolvent now: nothing is
        collected beside the proceedings."""
        # They may belong to colleagues whose records the user does not see.
        others_sudo = self.sudo().search(
            [
                ("id", "!=", self.id),
                ("partner_id", "=", self.partner_id.id),
                ("company_id", "=", self.company_id.id),
                ("kind", "!=", "insolvency"),
                ("date_closed", "=", False),
            ]
        )
        others_sudo._close("cancelled", closed_by="insolvency")
        others_sudo._settle()

    def _skip_planned(self):
        """Skip what somebody had planned by hand for who is insolvent now: what is
        planned so stays whatever happens in the ledger."""
        # Colleagues may have planned it.
        actions_sudo = self.env["dunning.action"].sudo()
        planned_sudo = actions_sudo.search(
            [
                ("partner_id", "=", self.partner_id.id),
                ("company_id", "=", self.company_id.id),
                ("kind", "=", "manual"),
                ("state", "in", OPEN_STATES),
            ]
        )
        if planned_sudo:
            planned_sudo.action_skip(self.env._("Insolvency Proceedings"))
