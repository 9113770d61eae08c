from odoo import fields, models

# Days until the next attempt, by what was chosen.
RETRY_DAYS = {"today": 0, "next": 1, "week": 7}


class DunningOutcomeNoAnswer(models.AbstractModel):
    """Nobody answered: the call is tried again later or, after too many attempts, the
    customer is written to."""

    _name = "dunning.outcome.no_answer"
    _inherit = "dunning.outcome"
    _description = "Outcome of a Call: No Answer"

    _reason = "reason_absent"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _get_next_date(self, dialog):
        # OVERRIDES 'dunning.outcome'
        days = RETRY_DAYS.get(dialog.retry)
        if not days:
            return dialog._get_today() if days == 0 else False
        return dialog._get_working_day(fields.Date.add(dialog._get_today(), days=days))

    def _check(self, dialog):
        # OVERRIDES 'dunning.outcome'
        dialog._check_retry()

    def _record(self, dialog):
        # OVERRIDES 'dunning.outcome'
        action = dialog.action_id
        if dialog.retry == "email" and dialog.fallback_channel:
            action._give_up_call(dialog.fallback_channel)
            return
        if dialog.retry == "email":
            dialog._close_call(attempts=dialog.attempt, email=dialog.email)
            template = self.env.ref("account_dunning.mail_template_call_missed")
            action._send_call_mail(action._render_call_mail(template), dialog.email)
            return
        later = dialog.next_date <= dialog._get_today() and dialog._get_call_time()
        details = {"next_date": fields.Date.to_string(dialog.next_date)}
        if later:
            details["time"] = fields.Datetime.to_string(later)
        action._retry_call(details, dialog.next_date, later, dialog.note)


class DunningOutcomeWrongContact(models.AbstractModel):
    """Somebody else is to be called: the contact is corrected, the call made again."""

    _name = "dunning.outcome.wrong_contact"
    _inherit = "dunning.outcome"
    _description = "Outcome of a Call: Wrong Contact"

    _reason = "reason_wrong_contact"
    _is_repeated = True

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _get_email(self, action):  # pylint: disable=unused-argument
        # OVERRIDES 'dunning.outcome': what is known is the wrong person's
        return False

    def _get_next_date(self, dialog):
        # OVERRIDES 'dunning.outcome'
        return dialog._get_today()

    def _check(self, dialog):
        # OVERRIDES 'dunning.outcome'
        dialog._check_contact()

    def _record(self, dialog):
        # OVERRIDES 'dunning.outcome'
        action = dialog.action_id
        found = (dialog.contact_name, dialog.phone, dialog.email)
        details = {
            "corrected": action._apply_contact(*found),
            "who": dialog.contact_name,
            "email": dialog.email,
            "phone": dialog.phone,
            "next_date": fields.Date.to_string(dialog.next_date),
        }
        action._retry_call(details, dialog.next_date, answered=True)
