from odoo import api, fields, models
from odoo.tools.mail import email_normalize, email_split_tuples

# Values of a ``mail.mail`` that are kept as they are.
KEPT_VALUES = ("subject", "email_from", "email_cc", "reply_to")


class DunningAction(models.Model):
    """What an action sends is recorded as it is sent: see :class:`DunningSending`."""

    _inherit = "dunning.action"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    sending_id = fields.Many2one(
        "dunning.sending",
        string="Sent",
        compute="_compute_sending_id",
        help="What went out by the action, the last time it was carried out.",
    )
    sending_ids = fields.One2many(
        "dunning.sending", "action_id", string="Sendings", readonly=True, copy=False
    )

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("sending_ids.is_beside")
    def _compute_sending_id(self):
        for action in self:
            own = action.sending_ids.filtered(lambda sending: not sending.is_beside)
            action.sending_id = own.sorted("id", reverse=True)[:1]

    # ------------------------------------------------------------------
    # BUSINESS METHODS - RECIPIENTS
    # ------------------------------------------------------------------

    def _get_recipients(self):
        """Return the people to whom the action's e-mail is written, each of whom gets
        one of its own. Override to write to others, or to several."""
        self.ensure_one()
        return self.contact_id

    def _follow_lost_recipients(self, recipients, message):
        """Tell people that one of several addresses was not reached, while others
        were. Override to do more about it.

        :param recipients: ``dunning.sending.recipient``
        :param message: why, in the words of the user
        """
        self.ensure_one()
        addresses = ", ".join(line._format() for line in recipients)
        self._message_log(
            body=self.env._(
                "Did not reach %(addresses)s: %(reason)s",
                addresses=addresses,
                reason=message,
            )
        )

    # ------------------------------------------------------------------
    # BUSINESS METHODS - RECORDING
    # ------------------------------------------------------------------

    def _record_sendings(self, contents):
        """Record what is handed over now.

        :param contents: dict of action to values of ``dunning.sending``, with
            ``recipients`` (list of values of its recipients) and ``files``
            (``ir.attachment``)
        :return: dict of action to ``dunning.sending``
        """
        sendings = self.env["dunning.sending"].create(
            [action._prepare_sending(values) for action, values in contents.items()]
        )
        recorded = dict(zip(contents, sendings, strict=True))
        self.env["dunning.sending.recipient"].create(
            [
                {"sending_id": recorded[action].id, **line}
                for action, values in contents.items()
                for line in values["recipients"]
            ]
        )
        self.env["dunning.sending.file"]._keep(
            [
                (recorded[action], attachment)
                for action, values in contents.items()
                for attachment in values.get("files") or ()
            ]
        )
        return recorded

    def _prepare_sending(self, values):
        self.ensure_one()
        kept = {
            name: value
            for name, value in values.items()
            if name not in ("recipients", "files")
        }
        return {
            "action_id": self.id,
            "partner_id": self.partner_id.id,
            "company_id": self.company_id.id,
            "channel": self.channel,
            **kept,
        }

    # === E-mails === #

    def _create_mails(self, values):
        """Queue e-mails: one for each recipient and one for the copies, all of them
        one message of the customer.

        :param values: dict of action to values of ``mail.mail``
        :return: dict of action to list of pairs of ``mail.mail`` and the values of its
            recipients
        """
        planned = {
            action: action._split_recipients(vals) for action, vals in values.items()
        }
        mails = self.env["mail.mail"]
        firsts = mails.create(
            [{**values[action], **parts[0][0]} for action, parts in planned.items()]
        )
        created = {
            action: [(mail, parts[0][1])]
            for (action, parts), mail in zip(planned.items(), firsts, strict=True)
        }
        others = [
            (action, part) for action, parts in planned.items() for part in parts[1:]
        ]
        vals_list = []
        for action, (part, __) in others:
            [(first, __)] = created[action][:1]
            vals_list.append(
                {
                    "mail_message_id": first.mail_message_id.id,
                    "body_html": values[action]["body_html"],
                    "is_notification": True,
                    "auto_delete": False,
                    **part,
                }
            )
        for (action, part), mail in zip(others, mails.create(vals_list), strict=True):
            created[action].append((mail, part[1]))
        return created

    def _split_recipients(self, vals):
        """Return, for each e-mail to be made, whom it is for as values of
        ``mail.mail``, and the values of its recipients."""
        self.ensure_one()
        partners = self.env["res.partner"].browse(
            id_ for __, id_ in vals.get("recipient_ids") or ()
        )
        parts = [
            (
                {"recipient_ids": [(4, partner.id)], "email_cc": False},
                [self._prepare_recipient(partner)],
            )
            for partner in partners
        ]
        for kind, name in (("to", "email_to"), ("cc", "email_cc")):
            if addresses := vals.get(name):
                alone = {"recipient_ids": [], "email_to": False, "email_cc": False}
                lines = self._prepare_addresses(kind, addresses)
                parts.append((alone | {name: addresses}, lines))
        return parts or [({}, [])]

    def _prepare_recipient(self, partner):
        return {
            "partner_id": partner.id,
            "name": partner.name,
            "address": email_normalize(partner.email) or partner.email,
        }

    def _prepare_addresses(self, kind, addresses):
        return [
            {
                "kind": kind,
                "name": name,
                "address": email_normalize(address) or address,
            }
            for name, address in email_split_tuples(addresses)
        ] or [{"kind": kind, "address": addresses}]

    def _prepare_mail_content(self, values, mails):
        """Return what is recorded of an e-mail.

        :param values: of ``mail.mail``
        :param mails: list of pairs, as of :meth:`_create_mails`
        """
        self.ensure_one()
        first = mails[0][0]
        return {
            "channel": "email",
            "body": values["body_html"],
            "header_id": first.message_id,
            "author_name": first.author_id.name,
            "message_sent_id": first.mail_message_id.id,
            "recipients": [
                {**line, "mail_id": mail.id} for mail, lines in mails for line in lines
            ],
            "files": self.env["ir.attachment"].browse(
                id_ for __, id_ in values["attachment_ids"]
            ),
            **{name: values.get(name) for name in KEPT_VALUES},
        }

    # === SMS and post === #

    def _prepare_sms_content(self, text, sms):
        self.ensure_one()
        return {
            "text": text,
            "author_name": self.sent_message_id.author_id.name,
            "message_sent_id": self.sent_message_id.id,
            "recipients": [
                {
                    "partner_id": sms.partner_id.id,
                    "name": sms.partner_id.name,
                    "address": sms.number,
                    # By which the service tells what became of it.
                    "token": sms.uuid,
                }
            ],
        }

    def _prepare_letter_content(self, **recipient):
        """Return what is recorded of a letter: its PDF says the rest.

        :param recipient: further values of its recipient
        """
        self.ensure_one()
        lines = self._get_address_lines()
        return {
            "author_name": self._get_author().name,
            "message_sent_id": self.sent_message_id.id,
            "recipients": [
                {
                    "partner_id": self._get_addressee().id,
                    "name": lines[0] if lines else False,
                    "address": ", ".join(lines),
                    **recipient,
                }
            ],
            # The letter follows the rights on its action.
            "files": self.letter_id.sudo(),
        }
