from datetime import datetime, time

from pytz import timezone, utc

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ...tools.dates import LAST_WORKED


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
    is_planned = fields.Boolean(compute="_compute_is_away")

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("user_id")
    @api.depends_context("company")
    def _compute_is_away(self):
        today = self.env.company._dunning_today()
        for dialog in self:
            start, _end = dialog._get_absence()
            dialog.is_planned = bool(start and start > today)
            dialog.is_away = bool(start) and not dialog.is_planned

    @api.depends("user_id")
    def _compute_substitute_id(self):
        for dialog in self:
            # Who of the colleagues stands in is for those who lead them.
            user_sudo = dialog.user_id.sudo()
            dialog.substitute_id = user_sudo.dunning_substitute_id

    @api.depends("user_id")
    @api.depends_context("company")
    def _compute_absence(self):
        for dialog in self:
            start, end = dialog._get_absence()
            dialog.date_from = start or self.env.company._dunning_today()
            dialog.date_to = end

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_apply(self) -> dict:
        """Write down the absence: it begins and ends by itself.

        :return: action that closes the dialog, and says what follows and when
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
        reload = {"type": "ir.actions.client", "tag": "soft_reload"}
        if self.date_from <= self.env.company._dunning_today():
            return reload
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "What is open of %(collector)s goes to %(substitute)s on %(date)s.",
                    collector=self.user_id.name,
                    substitute=self.substitute_id.name,
                    date=format_date(self.env, self.date_from),
                ),
                "next": reload,
            },
        }

    def action_end(self) -> dict:
        """Write down that the collector is back, or does not go.

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

    def _get_absence(self):
        """Return the first and the last day of the collector's absence that is not
        over; False for those that are not known."""
        company = self.env.company
        # Who of the colleagues is away when is for those who lead them.
        user_sudo = self.user_id.sudo()
        start, end = (
            moment and company._dunning_get_local(moment).date()
            for moment in (user_sudo.out_of_office_from, user_sudo.out_of_office_to)
        )
        if not start or (end and end < company._dunning_today()):
            return False, False
        return start, end

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
        # Who is away for ever need not be so until the last day there is.
        day = min(day, LAST_WORKED)
        name = self.env.company._dunning_with_timezone().env.context.get("tz")
        local = timezone(name or self.env.user.tz or "UTC").localize(
            datetime.combine(day, moment)
        )
        return local.astimezone(utc).replace(tzinfo=None)
