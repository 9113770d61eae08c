from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import html_sanitize

from ...tools.portal_mask import mask_links
from ...tools.words import CHANNELS

SENDING_STATES = [
    ("waiting", "Waiting to Leave"),
    ("sent", "Sent"),
    ("failed", "Not Sent"),
    ("bounced", "Came Back"),
    ("unknown", "Perhaps Sent"),
    ("cancelled", "Stopped"),
]

# What has reached nobody, as far as is known.
LOST_STATES = ("failed", "bounced", "unknown", "cancelled")


class DunningSending(models.Model):
    """What left: the text, to whom, with which files, as it was handed over.

    It is written when an action is carried out and is the proof from then on: what
    becomes of Odoo's mail, of its message in the chatter, of a user or of an invoice's
    PDF changes nothing of it. Nobody changes or deletes it, the system included; only
    what becomes of each of its recipients is noted. See
    :class:`DunningSendingRecipient`.
    """

    _name = "dunning.sending"
    _description = "Dunning Sending"
    _inherit = ["dunning.protected"]
    _order = "id desc"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    action_id = fields.Many2one(
        "dunning.action", required=True, readonly=True, index=True, ondelete="restrict"
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="restrict"
    )
    channel = fields.Selection(CHANNELS, required=True, readonly=True)
    date = fields.Datetime(
        string="Written on",
        required=True,
        readonly=True,
        default=lambda self: fields.Datetime.now(),
    )
    state = fields.Selection(
        SENDING_STATES,
        string="Status",
        compute="_compute_state",
        store=True,
        help="Of those to whom it was written; copies do not count.",
    )

    is_beside = fields.Boolean(
        string="Goes Along",
        readonly=True,
        help="Sent beside what the action does, such as copies promised in a call.",
    )

    # === What left === #
    subject = fields.Char(readonly=True)
    body = fields.Html(string="Text", readonly=True, sanitize=False)
    text = fields.Text(string="SMS Text", readonly=True)
    email_from = fields.Char(string="From", readonly=True)
    email_cc = fields.Char(string="Copy To", readonly=True)
    reply_to = fields.Char(string="Answers To", readonly=True)
    header_id = fields.Char(
        string="Message-ID", readonly=True, help="By which mail servers know it."
    )
    author_name = fields.Char(
        string="In the Name of", readonly=True, help="Whose message it is."
    )
    recipient_ids = fields.One2many(
        "dunning.sending.recipient", "sending_id", readonly=True
    )
    file_ids = fields.One2many(
        "dunning.sending.file", "sending_id", string="Attachments", readonly=True
    )

    recipients = fields.Char(string="To", compute="_compute_recipients")
    file_count = fields.Integer(string="Files", compute="_compute_recipients")
    body_shown = fields.Html(
        string="Text Sent", compute="_compute_body_shown", sanitize=False
    )

    # === Where it went through === #
    message_sent_id = fields.Many2one(
        "mail.message",
        string="Message",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="In the customer's chatter; what is done to it changes nothing here.",
    )

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("recipient_ids.state")
    def _compute_state(self):
        for sending in self:
            states = set(sending._get_addressed().mapped("state"))
            sending.state = next(
                (state for state, __ in SENDING_STATES if state in states), "waiting"
            )

    @api.depends("recipient_ids", "file_ids")
    def _compute_recipients(self):
        for sending in self:
            sending.recipients = sending._format_recipients()
            sending.file_count = len(sending.file_ids)

    @api.depends("body")
    def _compute_body_shown(self):
        for sending in self:
            # As it can be shown in the middle of a screen; who reads it is not the
            # customer, whose links it has.
            body = mask_links(sending.body or "")
            sending.body_shown = html_sanitize(body, sanitize_style=False)

    @api.depends("subject", "channel")
    @api.depends_context("lang")
    def _compute_display_name(self):
        channels = dict(self._fields["channel"]._description_selection(self.env))
        for sending in self:
            sending.display_name = sending.subject or channels.get(sending.channel)

    # ------------------------------------------------------------------
    # CRUD METHODS
    # ------------------------------------------------------------------

    def write(self, vals):
        # EXTENDS 'base': what was sent stays as it was
        if vals:
            self._refuse_change()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        self._refuse_change()

    def _refuse_change(self):
        raise UserError(
            self.env._("What was sent cannot be changed or deleted afterwards.")
        )

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _get_addressed(self):
        """Return the recipients who count: those written to, or those of copies where
        nobody else is."""
        self.ensure_one()
        addressed = self.recipient_ids.filtered(lambda line: line.kind == "to")
        return addressed or self.recipient_ids

    def _is_lost(self):
        """Return whether it has reached, and will reach, none of those it was written
        to."""
        self.ensure_one()
        return all(line.state in LOST_STATES for line in self._get_addressed())

    def _format_recipients(self, kind: str = "to") -> str:
        """Return who was written to, as one text."""
        self.ensure_one()
        lines = self.recipient_ids.filtered(lambda line: line.kind == kind)
        return ", ".join(line._format() for line in lines)
