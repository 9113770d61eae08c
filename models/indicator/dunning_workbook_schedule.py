import logging

from dateutil.relativedelta import relativedelta
from markupsafe import Markup

from odoo import Command, api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import email_normalize

from ...tools.words import READERS

_logger = logging.getLogger(__name__)

STEPS = {
    "day": relativedelta(days=1),
    "week": relativedelta(weeks=1),
    "month": relativedelta(months=1),
    "quarter": relativedelta(months=3),
}
# What mail servers take, whatever they say.
MOST_ATTACHED = 10 * 1024 * 1024


class DunningWorkbookSchedule(models.Model):
    """A workbook that goes to chosen people by e-mail again and again. Each of them
    gets one of their own, made with their own rights: nobody is sent more than they may
    read."""

    _name = "dunning.workbook.schedule"
    _description = "Scheduled Workbook"
    _inherit = ["dunning.guarded", "dunning.workbook.options"]
    _order = "date_next, id"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    name = fields.Char(
        required=True, default=lambda self: self.env._("Aged Balance"), translate=False
    )
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company,
        help="In whose time zone its day begins.",
    )
    interval = fields.Selection(
        [("day", "Day"), ("week", "Week"), ("month", "Month"), ("quarter", "Quarter")],
        string="Every",
        required=True,
        default="month",
    )
    date_next = fields.Date(
        string="Next on",
        required=True,
        default=lambda self: self._get_default_date(),
        help="Made in the morning of that day; of a day off, on the next working day.",
    )
    as_of = fields.Selection(
        [
            ("today", "The Same Day"),
            ("yesterday", "The Day before"),
            ("month_end", "The End of the Month before"),
        ],
        string="Figures of",
        required=True,
        default="today",
    )
    recipient_ids = fields.Many2many(
        "res.users",
        "dunning_workbook_schedule_recipient_rel",
        string="Recipients",
        required=True,
        default=lambda self: [Command.set(self.env.user.filtered("email").ids)],
        help="Users of dunning. Each gets the figures that they may read.",
    )
    date_last = fields.Date(string="Last Sent on", readonly=True, copy=False)
    message = fields.Char(
        string="Left out",
        readonly=True,
        copy=False,
        help="Who got nothing the last time, and why.",
    )

    # ------------------------------------------------------------------
    # CONSTRAINT METHODS
    # ------------------------------------------------------------------

    @api.constrains("recipient_ids", "company_ids")
    def _check_recipients(self):
        for schedule in self:
            if not schedule.recipient_ids:
                raise ValidationError(
                    self.env._("Choose who gets the workbook “%s”.", schedule.name)
                )
            if not schedule.company_ids:
                raise ValidationError(
                    self.env._("Choose the companies of “%s”.", schedule.name)
                )
            for user in schedule.recipient_ids:
                if problem := schedule._find_problem(user):
                    raise ValidationError(problem)

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_send_now(self):
        """Send the workbooks at once, beside the schedule.

        :return: action that says so
        """
        self.check_access("write")
        for schedule in self:
            schedule._order_for_recipients()
        self.env["dunning.workbook"]._trigger_making()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "The workbooks are being made: they leave by e-mail when ready."
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    @api.model
    def _get_default_date(self):
        """Return the first of the next month."""
        today = self.env.company._dunning_today()
        return today + relativedelta(months=1, day=1)

    @api.model
    def _order_due(self):
        """Order the workbooks whose day has come."""
        latest = fields.Date.today() + relativedelta(days=1)
        for schedule in self.search([("date_next", "<=", latest)]):
            today = schedule.company_id._dunning_today()
            day = schedule.company_id._dunning_get_working_day(schedule.date_next)
            if day <= today:
                schedule._order_for_recipients()
                schedule._go_on(today)

    def _go_on(self, today):
        """Set the next day: those that were missed are not made up for."""
        self.ensure_one()
        begin, times = self.date_next, 1
        while self._add_steps(begin, times) <= today:
            times += 1
        self.date_next = self._add_steps(begin, times)

    def _add_steps(self, day, times):
        return day + STEPS[self.interval] * times

    def _order_for_recipients(self):
        """Order a workbook for each recipient who may have one."""
        self.ensure_one()
        left_out = []
        for user in self.with_context(active_test=False).recipient_ids:
            if problem := self._find_problem(user):
                left_out.append(problem)
                continue
            workbook = self.env["dunning.workbook"]._order_new(
                {
                    **self._get_options(),
                    "name": self.name,
                    "date": self._get_date(),
                    "schedule_id": self.id,
                },
                user,
            )
            _logger.debug("Workbook %s ordered for %s", workbook.id, user.login)
        # Who may send it now may not write what the system notes.
        self.sudo().write(
            {
                "message": " ".join(left_out) or False,
                "date_last": self.company_id._dunning_today(),
            }
        )

    def _get_crossing_fields(self):
        # EXTENDS 'dunning.guarded': who works in any of the companies, see below
        return super()._get_crossing_fields() | {"recipient_ids", "user_ids"}

    def _find_problem(self, user):
        """Return why somebody cannot get the workbook, in words; None if they can."""
        # Whoever schedules need not see all users.
        user_sudo = user.sudo()
        if not user_sudo.active or not user_sudo.has_group(READERS):
            return self.env._(
                "%s has no rights on dunning: choose somebody who has.", user_sudo.name
            )
        if not self.company_ids & user_sudo.company_ids:
            return self.env._(
                "%s works in none of the companies: choose somebody who does.",
                user_sudo.name,
            )
        if not email_normalize(user_sudo.email):
            return self.env._("%s has no e-mail address: enter one.", user_sudo.name)
        return None

    def _get_date(self):
        """Return the day of the figures."""
        today = self.company_id._dunning_today()
        match self.as_of:
            case "yesterday":
                return today - relativedelta(days=1)
            case "month_end":
                return today + relativedelta(day=1, days=-1)
        return today


class DunningWorkbook(models.Model):
    """Workbooks of a schedule go by e-mail."""

    _inherit = "dunning.workbook"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    schedule_id = fields.Many2one(
        "dunning.workbook.schedule", readonly=True, ondelete="set null"
    )

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _make_pulsing(self):
        # EXTENDS 'account_dunning': what was lost since it was ordered counts
        schedule = self.schedule_id
        if schedule and (problem := schedule._find_problem(self.user_id)):
            raise UserError(problem)
        return super()._make_pulsing()

    def _fail(self, message):
        # EXTENDS 'account_dunning': whoever has scheduled it sees who got nothing
        result = super()._fail(message)
        if schedule := self.schedule_id:
            name = self.user_id.name
            told = message
            if name not in message:
                told = self.env._("%(what)s: %(details)s", what=name, details=message)
            schedule.message = " ".join(filter(None, (schedule.message, told)))
        return result

    def _deliver(self):
        # EXTENDS 'account_dunning'
        if not self.schedule_id:
            return super()._deliver()
        author = self._as_author()
        link = f"{self.get_base_url()}/odoo/{self._name}/{self.id}"
        attached = self.file_size <= MOST_ATTACHED
        # What leaves is the system's work.
        mail_sudo = self.env["mail.mail"].sudo()
        mail_sudo.create(
            {
                "subject": author._get_subject(),
                "body_html": author._get_body(link, attached),
                "email_from": self.schedule_id.company_id.email_formatted
                or self.env.user.email_formatted,
                "email_to": self.user_id.email_formatted,
                "attachment_ids": self.attachment_id.ids if attached else [],
                "auto_delete": True,
            }
        )
        return None

    def _get_subject(self):
        return self.env._(
            "%(name)s as of %(date)s",
            name=self.name,
            date=self._format_date(self.date),
        )

    def _get_body(self, link, attached):
        """Return the text of the e-mail.

        :param link: address of the workbook in Odoo
        :param attached: whether the file comes with it
        """
        if attached:
            text = self.env._("The aged balance is attached. It is in Odoo as well:")
        else:
            text = self.env._(
                "The aged balance is too large for an e-mail. Get it in Odoo:"
            )
        note = self.env._(
            "It shows what you may read yourself, and is kept for some weeks."
        )
        pattern = Markup('<p>%s <a href="%s">%s</a></p><p>%s</p>')
        return pattern % (text, link, self._get_subject(), note)
