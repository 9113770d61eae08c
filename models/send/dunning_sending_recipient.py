from secrets import token_urlsafe

from odoo import SUPERUSER_ID, api, fields, models
from odoo.fields import NO_ACCESS
from odoo.tools.mail import formataddr

from .dunning_sending import LOST_STATES, SENDING_STATES

# What is noted of a recipient after its sending was written.
NOTED_FIELDS = {"state", "failure", "date_state"}


class DunningSendingRecipient(models.Model):
    """One address of a sending, and what became of it.

    A failure is believed only from who had the sending in hand: Odoo's mail engine, the
    service for SMS or for post, or a bounce that carries the ``token``, which goes to
    this address and to nobody else.
    """

    _name = "dunning.sending.recipient"
    _description = "Recipient of a Dunning Sending"
    _inherit = ["dunning.protected"]
    _order = "sending_id, id"
    _rec_name = "address"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    sending_id = fields.Many2one(
        "dunning.sending", required=True, readonly=True, index=True, ondelete="restrict"
    )
    kind = fields.Selection(
        [("to", "To"), ("cc", "Copy")], required=True, readonly=True, default="to"
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Contact",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    name = fields.Char(readonly=True)
    address = fields.Char(
        readonly=True, help="E-mail address, number or postal address, as it was used."
    )
    state = fields.Selection(
        SENDING_STATES, string="Status", required=True, readonly=True, default="waiting"
    )
    failure = fields.Text(readonly=True)
    date_state = fields.Datetime(
        string="Since", readonly=True, default=lambda self: fields.Datetime.now()
    )
    token = fields.Char(
        required=True,
        readonly=True,
        copy=False,
        default=lambda self: token_urlsafe(24),
        groups=NO_ACCESS,
    )
    mail_id = fields.Many2one(
        "mail.mail",
        string="E-mail",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        groups="base.group_system",
        help="In Odoo's mail queue, as long as it is kept there.",
    )

    post_id = fields.Many2one(
        "snailmail.letter",
        string="Posted Letter",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        groups="base.group_system",
        help="In the queue of Odoo's service, as long as it is kept there.",
    )

    _token_uniq = models.UniqueIndex("(token)")

    # ------------------------------------------------------------------
    # CRUD METHODS
    # ------------------------------------------------------------------

    def write(self, vals):
        # EXTENDS 'base': what was sent stays as it was, but for what becomes of it
        if not NOTED_FIELDS.issuperset(vals):
            self.sending_id._refuse_change()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        self.sending_id._refuse_change()

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _note(self, state: str, failure: str | bool = False) -> None:
        """Note what became of these addresses.

        :param state: one of ``SENDING_STATES``
        :param failure: why, in the words of the user
        """
        changed = self.filtered(lambda line: line.state != state)
        changed.write(
            {"state": state, "failure": failure, "date_state": fields.Datetime.now()}
        )

    def _follow_loss(self, state: str, message: str) -> models.BaseModel:
        """Follow that something has not reached these addresses. An action is taken
        back when it has reached none of those it was written to; otherwise it stays
        done and people are told.

        :param state: ``failed bounced unknown cancelled``
        :param message: why, in the words of the user
        :return: the actions that are taken back
        """
        lost = self.filtered(lambda line: line.state not in LOST_STATES)
        lost._note(state, message)
        failed = self.env["dunning.action"]
        for sending, lines in lost.grouped("sending_id").items():
            action = sending.action_id
            # What was sent again, or goes with a call, decides about nothing.
            if action.sending_id != sending or action.state != "done":
                continue
            if sending._is_lost():
                failed |= action._fail_after_sending(message)
            else:
                action._follow_lost_recipients(lines, message)
        return failed

    @api.model
    def _get_by_sms(self, uuids: list[str]) -> models.BaseModel:
        """Return the recipients of SMS.

        :param uuids: by which the service for SMS knows them
        """
        if not uuids:
            return self.browse()
        return self.search([("token", "in", uuids)])._as_told()

    def _as_told(self) -> models.BaseModel:
        """Return them in the language in which it is told what becomes of them: that
        of who works, or that of the company where nobody does."""
        if not self or self.env.uid != SUPERUSER_ID:
            return self
        company = self.sending_id.action_id.company_id[:1]
        return self.with_context(lang=company._dunning_as_itself().env.lang)

    def _detach(self):
        """Let go of a message that is being deleted: what waits to leave by it does
        not leave, and of what has left it is still told what becomes."""
        waiting = self.filtered(lambda line: line.state == "waiting")
        uuids = [line.token for line in self if line.sending_id.channel == "sms"]
        if uuids:
            queue = self.env["sms.sms"].search(
                [("uuid", "in", uuids), ("state", "=", "outgoing")]
            )
            queue.write({"state": "canceled", "to_delete": True})
            trackers = self.env["sms.tracker"].search([("sms_uuid", "in", uuids)])
            trackers.write({"mail_notification_id": False})
        waiting._follow_deletion()
        waiting.post_id.filtered(lambda letter: letter.state == "pending").cancel()

    def _format(self) -> str:
        """Return the address as it stands in an e-mail."""
        self.ensure_one()
        if not self.address or "@" not in self.address:
            return self.address or self.name or ""
        return formataddr((self.name or "", self.address))
