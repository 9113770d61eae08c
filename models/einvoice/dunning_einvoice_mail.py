import hashlib
import re

from odoo import api, models
from odoo.exceptions import AccessError
from odoo.tools import email_normalize

from ...tools import einvoice_message
from ...tools.einvoice_message import Document
from ...tools.einvoice_status import REF_LENGTH, clean
from .mail_thread import GATEWAY

SENDERS = "account_dunning.einvoice_senders"


class DunningEinvoiceEvent(models.Model):
    """Messages that come by e-mail. Whoever knows the address may write to it: what
    comes from others than the known senders waits until somebody has looked at it."""

    _inherit = "dunning.einvoice.event"

    # ------------------------------------------------------------------
    # MAIL GATEWAY
    # ------------------------------------------------------------------

    @api.model
    @api.private
    def message_new(
        self,
        msg_dict: dict,
        # pylint: disable-next=unused-argument
        custom_values: dict | None = None,
    ) -> models.BaseModel:
        # OVERRIDES 'mail': attachments are messages of platforms
        if not self.env.su:
            raise AccessError(
                self.env._("Statuses come by the mail server, a file or a platform.")
            )
        documents = [
            self._read_attachment(place, *attachment)
            for place, attachment in enumerate(msg_dict.get("attachments") or [])
        ]
        # A sender is only known by a mail server; users may hand over any e-mail.
        is_known = GATEWAY.is_set(self.env) and self._is_trusted(
            msg_dict.get("email_from")
        )
        receipt = self._receive_all(documents, "mail", is_known)
        if not receipt.events:
            return self._keep_unreadable(msg_dict)
        # Each event has its own; what cannot be read stays with the e-mail.
        left = {document.origin for document, __ in receipt.refused}
        msg_dict["attachments"] = [
            attachment
            for place, attachment in enumerate(msg_dict["attachments"])
            if str(place) in left
        ]
        return receipt.events[:1]

    @api.model
    def _read_attachment(self, place, name, content, *_info):
        """Return an attachment of an e-mail as a document: the mail gateway has decoded
        texts already."""
        if isinstance(content, str):
            content = einvoice_message.encode(content)
        elif not isinstance(content, bytes):
            # An e-mail that was attached: what is in it has come beside it. Written
            # out, e-mails within e-mails would take minutes.
            content = b""
        return Document(einvoice_message.shorten(name), content, origin=str(place))

    @api.model
    def _is_trusted(self, sender):
        """Return whether what a sender says counts at once."""
        # Who is known is for administrators to say.
        parameters_sudo = self.env["ir.config_parameter"].sudo()
        known = (parameters_sudo.get_param(SENDERS) or "").lower()
        known = set(filter(None, re.split(r"[\s,;]+", known)))
        address = email_normalize(sender or "") or ""
        return bool(address) and not known.isdisjoint(
            {address, "@" + address.rpartition("@")[2]}
        )

    @api.model
    def _keep_unreadable(self, msg_dict):
        """Keep an e-mail in which there is no message of a platform, for somebody to
        look at: it is posted on the event, with its attachments."""
        number = clean(msg_dict.get("message_id"))
        ref = hashlib.sha256(number.encode()).hexdigest()[:REF_LENGTH]
        known = self.search([("message_ref", "=", f"mail:{ref}")])
        return known or self.create(
            {
                "message_ref": f"mail:{ref}",
                "source": "mail",
                "sender": clean(msg_dict.get("email_from"), 128),
                "message_number": clean(msg_dict.get("subject"), 128),
                "problem_kind": "unreadable",
            }
        )
