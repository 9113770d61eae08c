from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize

from ..email.dunning_action_email import MAIL_FIELDS, PREVIEWED_FIELDS
from ..text.mail_render_mixin import LOOKED_AT

# Context key: what is being agreed, in the dialog of a call that is not closed yet.
PREVIEWED = "dunning_outcome_details"


class AgreedDetails:
    """What is being agreed in a call, in a context: nobody can send such an object."""

    def __init__(self, details):
        self.details = details


class DunningAction(models.Model):
    """E-mails around a call: copies of invoices, what was agreed, a missed call."""

    _inherit = "dunning.action"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    agreement_block = fields.Html(
        compute="_compute_agreement_block",
        sanitize=False,
        help="What was agreed in the call, for the e-mail that confirms it.",
    )

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("outcome", "outcome_details")
    @api.depends_context("lang", PREVIEWED)
    def _compute_agreement_block(self):
        previewed = self.env.context.get(PREVIEWED)
        for action in self:
            # Only what the screen of the call has put there is told.
            is_agreed = isinstance(previewed, AgreedDetails)
            details = previewed.details if is_agreed else action.outcome_details
            details = {"outcome": action.outcome, **(details or {})}
            action.agreement_block = action._render_agreement(details)

    def _render_agreement(self, details):
        days = {
            key: details.get(key) and self._format_short_day(details[key])
            for key in ("date", "next_date")
        }
        return self._render_content(
            "agreement",
            details={**details, **days},
            amounts=self._format_amounts(details.get("amounts")),
            schedule=[
                (self._format_short_day(day), *self._format_amounts({currency: amount}))
                for day, currency, amount in details.get("schedule") or []
            ],
            means=dict(self._get_means()).get(details.get("means")),
        )

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    @api.model
    def mail_allowed_qweb_expressions(self):
        # EXTENDS 'account_dunning'
        return (*super().mail_allowed_qweb_expressions(), "object.agreement_block")

    def _render_call_mail(self, template, details=None):
        """Return what a template says of the call.

        :param details: what is being agreed, when the call is not closed yet
        """
        self.ensure_one()
        template = template._dunning_for_actions()
        names = PREVIEWED_FIELDS if details else MAIL_FIELDS
        if details:
            template = template.with_context(
                **{PREVIEWED: AgreedDetails(details)}, **LOOKED_AT.context
            )
        return template._generate_template(self.ids, names)[self.id]

    def _send_call_mail(self, rendered, email, attachments=()):
        """Send an e-mail at once, in the customer's chatter.

        :param rendered: what :meth:`_render_call_mail` gave
        :param email: where to
        :param attachments: ``ir.attachment`` to send along
        :raise UserError: the address cannot be one
        """
        self.ensure_one()
        address = email_normalize(email)
        if not address:
            raise UserError(
                self.env._("“%s” is not an e-mail address: correct it.", email or "")
            )
        # Collectors may not queue e-mails otherwise than by what they do here.
        call_sudo = self.sudo()
        known = email_normalize(self.contact_id.email) == address
        values = {
            **call_sudo._prepare_mail_values(rendered),
            "author_id": self.env.user.partner_id.id,
            "attachment_ids": [(4, file.id) for file in attachments],
            "recipient_ids": [(4, self.contact_id.id)] if known else [],
            "email_to": False if known else address,
        }
        mails = call_sudo._create_mails({call_sudo: values})[call_sudo]
        content = call_sudo._prepare_mail_content(values, mails)
        call_sudo._record_sendings({call_sudo: content | {"is_beside": True}})
        # Triggering a scheduled action is reserved to administrators.
        queue_sudo = self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()
        queue_sudo._trigger()

    def _get_left_text(self):
        """Return what undoing the call cannot take back: the e-mails that it sent."""
        beside = self.sending_ids.filtered("is_beside")
        if not beside:
            return False
        return self.env._(
            "What was sent stays sent: %s",
            ", ".join(filter(None, beside.mapped("subject"))),
        )

    def _get_invoice_copies(self, moves):
        """Return the PDFs of invoices, making those that do not exist yet.

        :raise UserError: a PDF cannot be made
        """
        invoices = moves.filtered(lambda move: move.is_sale_document(True))
        if problems := invoices._dunning_make_pdfs():
            raise UserError("\n".join(problems.values()))
        return invoices.invoice_pdf_report_id
