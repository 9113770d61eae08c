from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

ACTS = [
    ("published", "Insolvency Published"),
    ("sent", "File Sent"),
    ("news", "News from the Agent"),
    ("insurer_declared", "Declared to the Insurer"),
    ("insurer_paid", "Paid by the Insurer"),
    ("order_requested", "Order to Pay Requested"),
    ("order_issued", "Order to Pay Issued"),
    ("order_served", "Order to Pay Served"),
    ("opposition", "Opposition Made"),
    ("opposition_reported", "Opposition Reported by the Court"),
    ("enforceable", "Order Enforceable"),
    ("summons", "Summons"),
    ("judgment", "Judgment"),
    ("enforcement", "Enforcement Act"),
    ("claim_declared", "Claim Declared"),
    ("claim_admitted", "Claim Admitted"),
    ("cost", "Cost"),
    ("other", "Other"),
]
# The stage to which an act leads that hands a new litigation over, of insolvencies
# (True) and of others: what an administrator is sent declares nothing yet.
HANDED_OVER = {("sent", False): "amicable", ("claim_declared", True): "court"}
EDITABLE_FIELDS = {
    "litigation_id",
    "kind",
    "date",
    "note",
    "cost",
    "attachment_ids",
}


class DunningLitigationAct(models.Model):
    """What was done in a litigation, on which day, what it cost, and its document. It
    is proof once recorded: one that is wrong is cancelled, and recorded anew."""

    _name = "dunning.litigation.act"
    _description = "Act of a Litigation"
    _inherit = ["dunning.protected"]
    _order = "date, id"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    litigation_id = fields.Many2one(
        "dunning.litigation", required=True, index=True, ondelete="restrict"
    )
    partner_id = fields.Many2one(related="litigation_id.partner_id")
    company_id = fields.Many2one(related="litigation_id.company_id")
    currency_id = fields.Many2one(related="litigation_id.currency_id")
    kind = fields.Selection(ACTS, string="Act", required=True, default="other")
    date = fields.Date(
        required=True, default=lambda self: self.env.company._dunning_today()
    )
    note = fields.Char(string="Details")
    cost = fields.Monetary(help="What it cost, such as fees of court or bailiff.")
    attachment_ids = fields.Many2many(
        "ir.attachment",
        "dunning_litigation_act_file_rel",
        "act_id",
        "attachment_id",
        string="Documents",
        copy=False,
    )
    is_cancelled = fields.Boolean(string="Cancelled", readonly=True, copy=False)

    # === Constraints and indexes === #
    _cost_not_negative = models.Constraint(
        "CHECK(cost >= 0)", "A cost cannot be less than zero: correct it."
    )

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("kind", "note")
    @api.depends_context("lang")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for act in self:
            act.display_name = " – ".join(filter(None, (kinds.get(act.kind), act.note)))

    # ------------------------------------------------------------------
    # CRUD METHODS
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS 'base': what follows from it follows
        for vals in vals_list:
            self._check_new_values(vals)
            if (vals.get("cost") or 0) < 0:
                # Said before the database says so: what follows would be an error.
                raise ValidationError(
                    self.env._("A cost cannot be less than zero: correct it.")
                )
        acts = super().create(vals_list)
        acts._check_date()
        acts._adopt_documents()
        acts._follow_new()
        return acts

    def write(self, vals):
        # EXTENDS 'base': what was recorded stays as it was
        if vals and not self.env.su:
            self._check_editable(vals)
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_recorded(self):
        raise UserError(
            self.env._("What was done cannot be deleted: cancel the act instead.")
        )

    def _get_editable_fields(self):
        # OVERRIDES 'dunning.protected'
        return set() if self else EDITABLE_FIELDS

    def _check_date(self):
        for act in self:
            if act.date and act.date > act.company_id._dunning_today():
                raise ValidationError(
                    self.env._("Record an act on the day it was done, or later.")
                )

    def _adopt_documents(self):
        """Give documents to their act: who may read it, may read them."""
        for act in self:
            kept = act.attachment_ids._dunning_give_to(act)
            if kept != act.attachment_ids:
                # Written by people once, when they record it.
                act.sudo().attachment_ids = kept

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_cancel(self):
        """Cancel acts that were recorded by mistake; they stay in the history.

        :return: True
        """
        self.litigation_id.check_access("write")
        # Users may not write what was done.
        acts_sudo = self.sudo().filtered(lambda act: not act.is_cancelled)
        acts_sudo.write({"is_cancelled": True})
        for litigation, acts in acts_sudo.grouped("litigation_id").items():
            for act in acts:
                litigation._message_log(
                    body=self.env._("Cancelled: %s", act.display_name)
                )
        acts_sudo._follow_cancelled()
        return True

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _follow_new(self):
        """Do what follows from new acts. Override to add something."""
        for act in self:
            litigation = act.litigation_id
            stage = HANDED_OVER.get((act.kind, litigation.kind == "insolvency"))
            if stage and litigation.state == "new":
                litigation.state = stage

    def _follow_cancelled(self):
        """Take back what followed from acts. Override to add something."""


class DunningLitigation(models.Model):
    """What was done in litigations, and what it has cost."""

    _inherit = "dunning.litigation"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    act_ids = fields.One2many("dunning.litigation.act", "litigation_id", string="Acts")
    costs = fields.Monetary(
        compute="_compute_costs",
        store=True,
        help="Of the acts that were recorded.",
    )
    costs_company = fields.Monetary(
        string="Costs in Company Currency",
        currency_field="company_currency_id",
        compute="_compute_costs",
        store=True,
    )

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("act_ids.cost", "act_ids.is_cancelled", "currency_id", "date")
    def _compute_costs(self):
        for litigation in self:
            acts = litigation.act_ids.filtered(lambda act: not act.is_cancelled)
            litigation.costs = sum(acts.mapped("cost"))
            litigation.costs_company = litigation._convert_money(litigation.costs)

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _begin(self):
        # EXTENDS 'account_dunning': the publication is the first act
        result = super()._begin()
        self.env["dunning.litigation.act"].create(
            [
                {
                    "litigation_id": litigation.id,
                    "kind": "published",
                    "date": litigation.date_published,
                }
                for litigation in self
                if litigation.date_published
            ]
        )
        return result
