from odoo import models
from odoo.tools import email_normalize
from odoo.tools.mail import email_split_tuples

from ...tools.cleaned_html import clean

# Values of a ``mail.mail`` that are kept as they are.
KEPT_VALUES = ("subject", "email_from", "email_cc", "reply_to")


class DunningAction(models.Model):
    """One e-mail for each recipient, and what is recorded of them."""

    _inherit = "dunning.action"

    # ------------------------------------------------------------------
    # BUSINESS METHODS - RECORDING
    # ------------------------------------------------------------------

    def _create_mails(self, values: dict[models.BaseModel, dict]) -> dict:
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
        bodies = {
            action: clean(vals.get("body") or "") for action, vals in values.items()
        }
        firsts = mails.create(
            [
                {
                    **values[action],
                    **({"body": False} if bodies[action] else {}),
                    **parts[0][0],
                }
                for action, parts in planned.items()
            ]
        )
        for mail, body in zip(firsts, bodies.values(), strict=True):
            if body:
                mail.mail_message_id._dunning_set_cleaned_body(body)
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

    def _prepare_mail_content(self, values: dict, mails: list[tuple]) -> dict:
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
