from odoo import api, models


class MailNotification(models.Model):
    _inherit = "mail.notification"

    @api.model
    def _dunning_tell_failure(self, failure_type: str, details: str | bool) -> str:
        """Return why something did not arrive, in the words of the user."""
        reasons = dict(self._fields["failure_type"]._description_selection(self.env))
        reason = reasons.get(failure_type) or self.env._("Unknown error")
        return f"{reason} ({details})" if details and details != reason else reason
