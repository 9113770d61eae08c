from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ...tools.words import RELEASERS
from ..base.dunning_entered import accepts


class DunningStopRelease(models.Model):
    """Somebody who may has let a customer buy although a credit stop holds: who, why,
    until when. It is kept, and can be taken back, not changed."""

    _name = "dunning.stop.release"
    _description = "Release of a Credit Stop"
    _inherit = ["dunning.protected"]
    _rec_name = "partner_id"
    _order = "date_end desc, id desc"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    partner_id = fields.Many2one(
        "res.partner", string="Customer", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company,
        ondelete="restrict",
    )
    reason = fields.Char(required=True)
    date_end = fields.Date(
        string="Until",
        required=True,
        default=lambda self: self.env.company._dunning_today(),
        help="Last day on which the customer may buy.",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Released by",
        required=True,
        readonly=True,
        default=lambda self: self.env.uid,
        ondelete="restrict",
    )
    date_withdrawn = fields.Date(string="Taken back on", readonly=True, copy=False)

    # ------------------------------------------------------------------
    # CONSTRAINT METHODS
    # ------------------------------------------------------------------

    @api.constrains("date_end")
    def _check_date_end(self):
        for release in self:
            if release.date_end < release.company_id._dunning_today():
                raise ValidationError(
                    self.env._(
                        "A release that is over releases nothing: choose a day "
                        "from today on."
                    )
                )

    # ------------------------------------------------------------------
    # CRUD METHODS
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS 'base'
        self._check_new(vals_list)
        return super().create(vals_list)

    def write(self, vals):
        # EXTENDS 'base': what was granted stays as it was
        self._check_editable(vals)
        return super().write(vals)

    def _get_editable_fields(self):
        # OVERRIDES 'dunning.protected'
        return set() if self else {"partner_id", "company_id", "reason", "date_end"}

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    @accepts()
    def action_withdraw(self) -> bool:
        """Take the releases back, and what else releases their customers: the stop
        holds again.

        :raise AccessError: the user may not release credit stops
        :raise UserError: one is taken back already
        """
        self.check_access("read")
        if not (self.env.su or self.env.user.has_group(RELEASERS)):
            raise AccessError(self.env._("You may not release credit stops."))
        if any(release.date_withdrawn for release in self):
            raise UserError(self.env._("This release is taken back already."))
        # Users may not write what became of it.
        for company, releases_sudo in self.sudo().grouped("company_id").items():
            customers = releases_sudo.partner_id
            releases_sudo |= releases_sudo._find_holding(company, customers)
            releases_sudo.write({"date_withdrawn": company._dunning_today()})
        return True

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    @api.model
    def _get_released(self, company, partners) -> dict:
        """Return the releases that hold today: dict of partner id to record."""
        found = self._find_holding(company, partners)
        return {release.partner_id.id: release for release in reversed(found)}

    def _find_holding(self, company, partners):
        """Return all releases that hold today."""
        return self.search(
            [
                ("partner_id", "in", partners.ids),
                ("company_id", "=", company.id),
                ("date_end", ">=", company._dunning_today()),
                ("date_withdrawn", "=", False),
            ]
        )
