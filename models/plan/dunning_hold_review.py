from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError

# After so many days somebody looks at a hold that has no end.
REVIEW_DAYS = 30


class DunningHold(models.Model):
    """Holds made by hand say why, and those without end when somebody looks at them
    again: who has made them finds it among the activities on that day."""

    _inherit = "dunning.hold"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    date_review = fields.Date(
        string="Look Again On",
        compute="_compute_date_review",
        store=True,
        readonly=False,
        precompute=True,
        tracking=True,
        help="Day on which somebody decides whether a hold without end goes on.",
    )

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("date_end", "origin")
    def _compute_date_review(self):
        for hold in self:
            if hold.origin != "manual" or hold.date_end or hold.date_released:
                hold.date_review = False
            elif not hold.date_review:
                hold.date_review = hold._get_review_day()

    def _get_review_day(self):
        """Return the day on which a hold made today is looked at again."""
        company = self.company_id or self.env.company
        day = company._dunning_today() + timedelta(days=REVIEW_DAYS)
        return company._dunning_get_working_day(day)

    # ------------------------------------------------------------------
    # CONSTRAINT METHODS
    # ------------------------------------------------------------------

    @api.constrains("date_review")
    def _check_date_review(self):
        for hold in self:
            today = hold.company_id._dunning_today()
            if hold.date_review and hold.date_review < today:
                raise ValidationError(
                    self.env._("Choose today or a later day to look at the hold again.")
                )

    # ------------------------------------------------------------------
    # CRUD METHODS
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS 'account_dunning'
        holds = super().create(vals_list)
        holds._check_reason_given()
        holds._plan_review()
        return holds

    def write(self, vals):
        # EXTENDS 'account_dunning'
        result = super().write(vals)
        if {"reason_id", "note"} & vals.keys():
            self._check_reason_given()
        if {"date_end", "date_released", "date_review"} & vals.keys():
            self._plan_review()
        return result

    def _get_editable_fields(self):
        # EXTENDS 'account_dunning'
        return super()._get_editable_fields() | {"date_review"}

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _check_reason_given(self):
        """Refuse a hold that does not say why, of people.

        :raise ValidationError: neither a reason nor a note is given
        """
        if self.env.su:
            return
        for hold in self:
            said = hold.reason_id or (hold.note or "").strip()
            if hold.origin == "manual" and not said:
                raise ValidationError(
                    self.env._(
                        "Say why %s is put on hold: choose a reason.",
                        hold.partner_id.display_name,
                    )
                )

    def _plan_review(self):
        """Have whoever made a hold without end look at it again on its day."""
        # What is planned goes with the hold, whoever changes it.
        holds_sudo = self.sudo().with_context(mail_activity_quick_update=True)
        for hold_sudo in holds_sudo.filtered(lambda hold: hold.origin == "manual"):
            due = not hold_sudo.date_released and hold_sudo.date_review
            planned_sudo = hold_sudo.activity_ids
            if not due:
                planned_sudo.unlink()
            elif planned_sudo:
                planned_sudo.write({"date_deadline": due})
            else:
                user = hold_sudo.create_uid
                told_sudo = hold_sudo.with_context(lang=user.lang)
                told_sudo.activity_schedule(
                    "mail.mail_activity_data_todo",
                    due,
                    summary=told_sudo.env._("Does this hold go on?"),
                    user_id=user.id,
                )
