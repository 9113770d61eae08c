from datetime import datetime, time

from pytz import timezone, utc

from odoo import api, fields, models
from odoo.exceptions import UserError


class DunningAbsenceDialog(models.TransientModel):
    """A credit manager says that a collector is away, and who stands in: what users say
    of themselves in their preferences."""

    _name = "dunning.absence.dialog"
    _description = "Absence of a Collector"
    _inherit = ["dunning.guarded"]

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    user_id = fields.Many2one(
        "res.users",
        string="Collector",
        required=True,
        domain=lambda self: self._get_collector_domain(),
    )
    substitute_id = fields.Many2one(
        "res.users",
        compute="_compute_substitute_id",
        store=True,
        readonly=False,
        domain=lambda self: self._get_collector_domain(),
    )
    date_from = fields.Date(
        string="First Day", compute="_compute_absence", store=True, readonly=False
    )
    date_to = fields.Date(
        string="Last Day",
        compute="_compute_absence",
        store=True,
        readonly=False,
        help="Last day away. Leave empty until further notice.",
    )

    is_away = fields.Boolean(compute="_compute_is_away")

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("user_id")
    def _compute_is_away(self):
        for dialog in self:
            # As below.
            user_sudo = dialog.user_id.sudo()
            dialog.is_away = bool(user_sudo.out_of_office_from)

    @api.depends("user_id")
    def _compute_substitute_id(self):
        for dialog in self:
            # Who of the colleagues stands in is for those who lead them.
            user_sudo = dialog.user_id.sudo()
            dialog.substitute_id = user_sudo.dunning_substitute_id

    @api.depends("user_id")
    @api.depends_context("company")
    def _compute_absence(self):
        company = self.env.company
        for dialog in self:
            # As above, who is away when.
            user_sudo = dialog.user_id.sudo()
            start, end = user_sudo.out_of_office_from, user_sudo.out_of_office_to
            dialog.date_from = (
                company._dunning_get_local(start).date()
                if start
                else company._dunning_today()
            )
            dialog.date_to = start and end and company._dunning_get_local(end).date()

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_apply(self) -> dict:
        """Write down the absence: it begins and ends by itself.

        :return: action that closes the dialog
        :raise UserError: the days are in the wrong order, or nobody stands in
        """
        self._check_absence()
        # Managers of dunning need not manage users.
        user_sudo = self.user_id.sudo()
        user_sudo.write(
            {
                "dunning_substitute_id": self.substitute_id.id,
                "out_of_office_from": self._get_moment(self.date_from, time.min),
                "out_of_office_to": self._get_moment(self.date_to, time(23, 59, 59)),
            }
        )
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def action_end(self) -> dict:
        """Write down that the collector is back.

        :return: action that closes the dialog
        """
        self.ensure_one()
        self.check_access("write")
        self.env.company._dunning_check_worker(self.user_id.id)
        # As above.
        user_sudo = self.user_id.sudo()
        user_sudo.write({"out_of_office_from": False, "out_of_office_to": False})
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    @api.model
    def _get_collector_domain(self):
        return [("id", "in", list(self.env.company._dunning_get_workers().able))]

    def _check_absence(self):
        self.ensure_one()
        self.check_access("write")
        company = self.env.company
        if not self.substitute_id or self.substitute_id == self.user_id:
            raise UserError(
                self.env._(
                    "Choose somebody else who stands in for %s.", self.user_id.name
                )
            )
        for user in (self.user_id, self.substitute_id):
            company._dunning_check_worker(user.id)
        if not self.date_from or (self.date_to and self.date_to < self.date_from):
            raise UserError(
                self.env._(
                    "The absence would end before it begins: correct its first or last "
                    "day."
                )
            )

    def _get_moment(self, day, moment):
        """Return a moment of a day where the company works, in UTC."""
        if not day:
            return False
        name = self.env.company._dunning_with_timezone().env.context.get("tz")
        local = timezone(name or self.env.user.tz or "UTC").localize(
            datetime.combine(day, moment)
        )
        return local.astimezone(utc).replace(tzinfo=None)
