from psycopg2 import OperationalError
from psycopg2.errors import QueryCanceled

from odoo import fields, models

from ...models.base.dunning_entered import accepts

TEMPLATE = "account_dunning.mail_template_call_agreement"
# What the confirmation speaks of.
AGREED_FIELDS = (
    "action_id",
    "outcome",
    "reason_id",
    "all_items",
    "line_ids",
    "currency_id",
    "amount",
    "include_others",
    "date",
    "count",
    "interval",
    "schedule_ids",
    "who",
    "means",
    "stop_trading",
    "next_date",
    "email",
)


class DunningCallOutcome(models.TransientModel):
    """What was agreed, confirmed by e-mail: the text is shown, may be edited, and is
    sent as it was shown."""

    _inherit = "dunning.call.outcome"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    confirm = fields.Boolean(string="Confirm by E-mail")
    confirm_subject = fields.Char(string="Subject")
    confirm_body = fields.Html(string="E-mail", sanitize="email_outgoing")

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    @accepts(values="dict")
    def get_confirmation(self, values: dict | None = None):
        """Return the e-mail that confirms what is being agreed, for the screen. It is
        asked for: texts that people have written are evaluated by no compute. Nothing
        is written.

        :param values: dict of what the dialog holds, as it would be saved
        :return: dict of ``subject, body, problem``; the problem says why there is no
            text
        :raise AccessError: the user may not record the outcome of the call, or not read
            what the values name
        """
        agreed = {k: v for k, v in (values or {}).items() if k in AGREED_FIELDS}
        guard = self.env["dunning.guard"]
        guard._check_readable(self.env.companies)
        guard._check_entered(self, agreed)
        guard._check_values(self, agreed)
        dialog = self.new(agreed, origin=self)
        action = dialog.action_id._origin
        action.check_access("write")
        template = self.env.ref(TEMPLATE, raise_if_not_found=False)
        shown = {"subject": False, "body": False, "problem": False}
        if not (template and action):
            return shown
        details = {**dialog._get_details(), "outcome": dialog.outcome}
        try:
            with template._dunning_limit_time():
                rendered = action._render_call_mail(template, details)
        except OperationalError as error:
            if not isinstance(error, QueryCanceled):
                raise
            return shown | {"problem": template._dunning_get_slow()}
        except Exception as error:
            return shown | {"problem": action._get_failure_message(error)}
        return shown | {
            "subject": rendered["subject"],
            "body": action._sanitize_preview(rendered["body_html"]),
        }

    def _send_confirmation(self):
        """Send the confirmation as it was shown."""
        template = self.env.ref(TEMPLATE)
        rendered = self.action_id._render_call_mail(template)
        rendered.update(subject=self.confirm_subject, body_html=self.confirm_body)
        self.action_id._send_call_mail(rendered, self.email)
