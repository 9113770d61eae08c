from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...tools.following import FOLLOWING_CONTEXT, is_following

# What the system keeps of them.
KEPT = {"move_ids", "names_all"}
# Whose debts were acknowledged, and which.
ABOUT = {"company_id", "move_ids", "move_line_ids", "names_all", "partner_id"}


class DunningAcknowledgement(models.Model):
    """An act that begins the limitation of items anew: the customer acknowledged in
    writing what it owes, or a court was asked. A reminder or a formal notice does not;
    payments and promises that the customer accepted are known from themselves."""

    _name = "dunning.acknowledgement"
    _description = "Acknowledgement of a Debt"
    _inherit = ["mail.thread", "dunning.of.customer"]
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
        tracking=True,
        ondelete="restrict",
    )
    move_line_ids = fields.Many2many(
        "account.move.line",
        "dunning_acknowledgement_line_rel",
        "acknowledgement_id",
        "line_id",
        string="Items",
        tracking=True,
        domain="[('account_type', '=', 'asset_receivable'),"
        " ('parent_state', '=', 'posted'), ('partner_id', 'child_of', partner_id),"
        " ('company_id', '=', company_id)]",
        help="Left empty, all that is open of what had been invoiced by then is named "
        "when the act is recorded.",
    )
    names_all = fields.Boolean(
        readonly=True,
        copy=False,
        help="No items were chosen: it is about all that was open, and had been "
        "invoiced by its day.",
    )
    move_ids = fields.Many2many(
        "account.move",
        "dunning_acknowledgement_move_rel",
        "acknowledgement_id",
        "move_id",
        readonly=True,
        copy=False,
        help="Entries of which all items are named: so are those that come to them.",
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

    @api.constrains("date", "company_id")
    def _check_date(self):
        for act in self:
            if act.date and act.date > act.company_id._dunning_today():
                raise ValidationError(
                    self.env._("Nothing is acknowledged on a day to come.")
                )

    @api.constrains("move_line_ids", "partner_id", "company_id")
    def _check_items(self):
        for act in self if not is_following(self.env) else self.browse():
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
        if not self.env.su:
            vals_list = [
                {name: vals[name] for name in vals.keys() - KEPT} for vals in vals_list
            ]
        acts = super().create(vals_list)
        acts._name_items()
        acts._adopt_proofs()
        return acts

    def write(self, vals):
        # EXTENDS 'mail': as above, and proof is not taken off, nor given to something
        # else
        if not (self.env.su or ABOUT.isdisjoint(vals)):
            self._check_unproven()
        if not self.env.su:
            vals = {name: vals[name] for name in vals.keys() - KEPT}
        before = {act: act.attachment_ids for act in self if "attachment_ids" in vals}
        # Who chooses items beside a day has said what it is about.
        is_day = "date" in vals and "move_line_ids" not in vals
        days = {act: act.date for act in self if is_day and act.names_all}
        # Nor is one about all whose items have gone.
        chosen = self.filtered("move_line_ids")
        result = super().write(vals)
        for act, files in before.items():
            # Of what belongs to something else, the act has a copy.
            own = (files - act.attachment_ids)._dunning_of(act._name)
            own = own.filtered(lambda file, act=act: file.res_id == act.id)
            if removed := own._dunning_get_proofs():
                removed._dunning_refuse_change()
        if before:
            self._adopt_proofs()
        for act, day in days.items():
            if act.date:
                act._name_until(day)
        if "move_line_ids" in vals and not is_following(self.env):
            # What the system keeps of the choice is its own to write.
            acts_sudo = self.sudo()
            acts_sudo.filtered("move_line_ids").names_all = False
            (chosen | self.filtered("move_line_ids"))._name_items()
        return result

    def copy_data(self, default=None):
        # EXTENDS 'mail': a copy that names nothing would be about all
        if not (default or {}).get("move_line_ids") and (
            gone := self.filtered(lambda act: not (act.move_line_ids or act.names_all))
        ):
            raise UserError(
                self.env._(
                    "Nothing is left of what “%s” was about: record a new one.",
                    gone[:1].name,
                )
            )
        return super().copy_data(default)

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _name_items(self):
        """Name the items that are open where none were chosen: what comes to the
        customer later, by whatever is done to the ledger, was not acknowledged."""
        # Who records it need not see all that the customer owes.
        acts_sudo = self.sudo().with_context(tracking_disable=True, **FOLLOWING_CONTEXT)
        for act_sudo in acts_sudo.filtered(lambda act: not act.move_line_ids):
            act_sudo.move_line_ids = act_sudo._find_items()
            act_sudo.names_all = True
        self._keep_entries()

    def _name_until(self, day):
        """Name what was open on the day of the act, which was another one before: what
        it has named stays as far as it was invoiced by then. What has its proof is
        about nothing more than that says.

        :param day: that it had before
        """
        # Nor who corrects its day.
        act_sudo = self.sudo().with_context(**FOLLOWING_CONTEXT)
        found_sudo = act_sudo.move_line_ids.filtered(lambda x: x.date <= self.date)
        if not act_sudo.attachment_ids:
            found_sudo |= act_sudo._find_items().filtered(lambda x: x.date > day)
        act_sudo.move_line_ids = found_sudo
        act_sudo._keep_entries()

    def _find_items(self):
        """Return what is open of what the customer had been invoiced by the day."""
        return self.env["account.move.line"].search(
            [
                *self.env["res.partner"]._dunning_get_open_domain(),
                ("company_id", "=", self.company_id.id),
                (
                    "partner_id.commercial_partner_id",
                    "=",
                    self.partner_id.commercial_partner_id.id,
                ),
                ("date", "<=", self.date),
            ]
        )

    def _keep_entries(self):
        """Keep which entries are named as a whole."""
        # Who records it need not read them.
        for act_sudo in self.sudo():
            named_sudo = act_sudo.move_line_ids
            act_sudo.move_ids = named_sudo.move_id.filtered(
                lambda move, named=named_sudo: move._dunning_get_items() <= named
            )

    @api.model
    def _follow_reposted(self, moves):
        """Name the items of entries that were changed as drafts and posted again, where
        all of them were named: of a part nobody knows which of the new ones it was.

        :param moves: ``account.move``, elevated
        """
        for act in self.search([("move_ids", "in", moves.ids)]):
            items = (act.move_ids & moves)._dunning_get_items()
            named = items.filtered(
                lambda item, act=act: (
                    item.partner_id.commercial_partner_id == act.partner_id
                )
            )
            if missing := named - act.move_line_ids:
                act.move_line_ids |= missing

    def _check_unproven(self):
        """Refuse to have a proof prove something else.

        :raise UserError: saying what to do instead
        """
        if proven := self.filtered("attachment_ids"):
            raise UserError(
                self.env._(
                    "“%s” has its proof: whose debts it is about, and which, stays as "
                    "it is. Record what else was acknowledged beside it.",
                    proven[:1].name,
                )
            )

    def _adopt_proofs(self):
        """Give the proofs to their act: who may read it, may read them."""
        self.env["ir.attachment"]._dunning_adopt(self, "attachment_ids")
