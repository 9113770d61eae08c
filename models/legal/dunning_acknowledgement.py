from odoo import api, fields, models
from odoo.exceptions import ValidationError


class DunningAcknowledgement(models.Model):
    """An act that begins the limitation of items anew: the customer acknowledged in
    writing what it owes, or a court was asked. A reminder or a formal notice does not;
    payments and promises that the customer accepted are known from themselves."""

    _name = "dunning.acknowledgement"
    _description = "Acknowledgement of a Debt"
    _inherit = ["mail.thread", "dunning.guarded"]
    _order = "date desc, id desc"
    _check_company_auto = True

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    name = fields.Char(
        string="What Happened",
        required=True,
        help="Such as “Letter of 12 March: asks for time to pay”.",
    )
    kind = fields.Selection(
        [
            ("written", "The Customer Acknowledged It in Writing"),
            ("court", "A Court Was Asked"),
            ("enforcement", "Enforcement Began"),
        ],
        required=True,
        default="written",
        tracking=True,
    )
    date = fields.Date(
        required=True,
        tracking=True,
        default=lambda self: self.env.company._dunning_today(),
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        index=True,
        ondelete="restrict",
    )
    move_line_ids = fields.Many2many(
        "account.move.line",
        "dunning_acknowledgement_line_rel",
        "acknowledgement_id",
        "line_id",
        string="Items",
        domain="[('account_type', '=', 'asset_receivable'),"
        " ('parent_state', '=', 'posted'), ('partner_id', 'child_of', partner_id),"
        " ('company_id', '=', company_id)]",
        help="Empty: all that the customer had been invoiced by then.",
    )
    attachment_ids = fields.Many2many(
        "ir.attachment",
        "dunning_acknowledgement_attachment_rel",
        "acknowledgement_id",
        "attachment_id",
        string="Proof",
    )

    # ------------------------------------------------------------------
    # CONSTRAINT METHODS
    # ------------------------------------------------------------------

    @api.constrains("move_line_ids", "partner_id", "company_id")
    def _check_items(self):
        for act in self:
            others = act.move_line_ids.filtered(
                lambda line, act=act: (
                    line.company_id != act.company_id
                    or line.partner_id.commercial_partner_id
                    != act.partner_id.commercial_partner_id
                )
            )
            if others:
                raise ValidationError(
                    self.env._(
                        "Choose items of %s: those of others are not acknowledged by "
                        "it.",
                        act.partner_id.display_name,
                    )
                )

    # ------------------------------------------------------------------
    # CRUD METHODS
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS 'mail': who reads the act reads its proof
        acts = super().create(vals_list)
        acts._adopt_proofs()
        return acts

    def write(self, vals):
        # EXTENDS 'mail': as above, and proof is not taken off
        before = {act: act.attachment_ids for act in self if "attachment_ids" in vals}
        result = super().write(vals)
        for act, files in before.items():
            # Of what belongs to something else, the act has a copy.
            if removed := (files - act.attachment_ids)._dunning_get_proofs():
                removed._dunning_refuse_change()
        if before:
            self._adopt_proofs()
        return result

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _adopt_proofs(self):
        """Give the proofs to their act: who may read it, may read them."""
        self.env["ir.attachment"]._dunning_adopt(self, "attachment_ids")
