from odoo import api, fields, models
from odoo.tools import plaintext2html

from ...tools.dates import shift

BATCH = 50


class DunningDisputeQuestion(models.Model):
    """Reminding those who have not answered in time."""

    _inherit = "dunning.dispute.question"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    @api.model
    def _cron_remind(self):
        """Remind those asked whose time is over, on working days, as often as their
        company wants."""
        self.env["dunning.guard"]._check_scheduled()
        questions = self.browse().concat(
            *(
                self.search(self._get_late_domain(company))
                for company in self.env["res.company"].search([])
                if company.dunning_question_reminder_days
                and company._dunning_get_working_day() == company._dunning_today()
            )
        )
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(questions))
        for start in range(0, len(questions), BATCH):
            batch = questions[start : start + BATCH]
            batch._remind()
            if not cron._commit_progress(len(batch)):
                break

    @api.model
    def _get_late_domain(self, company):
        """Return which questions of a company ask for a reminder today."""
        today = company._dunning_today()
        since = shift(today, -company.dunning_question_reminder_days)
        return (
            fields.Domain("state", "=", "open")
            & fields.Domain("dispute_id.company_id", "=", company.id)
            & fields.Domain("date_deadline", "<", today)
            & (
                fields.Domain("date_reminded", "=", False)
                | fields.Domain("date_reminded", "<=", since)
            )
        )

    def _remind(self):
        """Send a reminder to those asked."""
        for question in self:
            user = question.user_id
            dispute = question.dispute_id.with_context(lang=user.lang)
            dispute.message_notify(
                partner_ids=user.partner_id.ids,
                subject=dispute.env._(
                    "Reminder: your answer about “%s” is awaited", dispute.display_name
                ),
                body=plaintext2html(question.question),
            )
            question.date_reminded = question.company_id._dunning_today()
