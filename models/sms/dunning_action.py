from odoo import Command, api, models
from odoo.tools import plaintext2html

from ...tools.gsm import to_gsm
from ...tools.phones import is_mobile


class DunningAction(models.Model):
    """SMS: queued as messages of the customer, sent by Odoo's own queue, so that
    what becomes of them comes back by their notification."""

    _inherit = "dunning.action"

    # ------------------------------------------------------------------
    # BUSINESS METHODS - WHAT IS MISSING
    # ------------------------------------------------------------------

    def _get_missing_for_sms(self):
        if not self.level_id.sms_template_id:
            return self.env._(
                "The level has no SMS template: choose one, then send again."
            )
        if not self._get_mobile_number():
            return self._get_missing_number_message()
        if self._get_mobile_partner().phone_sanitized_blacklisted:
            return self.env._("The customer does not wish to receive SMS.")
        return False

    def _get_missing_number_message(self):
        number = self.contact_id.phone or self.partner_id.phone
        if number:
            return self.env._(
                "“%s” is not a mobile number: correct it on the customer or on its "
                "dunning contact, then send again.",
                number,
            )
        return self.env._(
            "The customer has no mobile number: add one to the customer or to its "
            "dunning contact, then send again."
        )

    def _get_mobile_partner(self):
        """Return who has a mobile number: the contact, else the customer."""
        self.ensure_one()
        people = self.contact_id | self.partner_id
        return people.filtered(self._get_mobile_number_of)[:1]

    def _get_mobile_number(self) -> str | bool:
        """Return the mobile number of the contact, else of the customer, in
        international form; False without any."""
        partner = self._get_mobile_partner()
        return bool(partner) and self._get_mobile_number_of(partner)

    @api.model
    def _get_mobile_number_of(self, partner):
        number = partner._phone_format(fname="phone")
        return bool(number) and is_mobile(number) and number

    # ------------------------------------------------------------------
    # BUSINESS METHODS - SENDING
    # ------------------------------------------------------------------

    def _send_sms(self):
        """Queue the SMS of the actions in the customers' chatter.

        :return: the actions that went out; those whose text is empty have failed
        """
        bodies = self._render_sms()
        actions = self.filtered(bodies.get)
        (self - actions)._fail(
            self.env._("The SMS template gives no text: correct it, then send again.")
        )
        # Collectors need no rights on the messages of the system.
        messages_sudo = self.env["mail.message"].sudo()
        messages_sudo = messages_sudo.create(
            [action._prepare_sms_message(bodies[action]) for action in actions]
        )
        for action, message_sudo in zip(actions, messages_sudo, strict=True):
            action.sent_message_id = message_sudo
        actions._queue_sms(bodies)
        actions._log_on_invoices()
        return actions

    def _render_sms(self) -> dict:
        """Return the text of the SMS of each action, in the language of its reader.

        :return: dict of action to text
        """
        texts = {}
        for template, actions in self.grouped(
            lambda action: action.level_id.sms_template_id
        ).items():
            fit = template._dunning_for_actions()
            rendered = fit._render_field("body", actions.ids, compute_lang=True)
            for action in actions:
                texts[action] = to_gsm((rendered[action.id] or "").strip())
        return texts

    def _prepare_sms_message(self, body):
        self.ensure_one()
        author = self._get_author()
        return {
            "model": "res.partner",
            "res_id": self.partner_id.id,
            "record_company_id": self.company_id.id,
            "author_id": author.id,
            "email_from": author.email_formatted,
            "reply_to": False,
            "message_type": "sms",
            "subtype_id": self._dunning_get_subtype_id(),
            "body": plaintext2html(body),
        }

    def _queue_sms(self, bodies):
        """Create the SMS with the notifications that follow what becomes of them."""
        # Collectors may not queue SMS otherwise than by what they do here.
        sms_sudo = self.env["sms.sms"].sudo()
        queue_sudo = sms_sudo.create(
            [
                {
                    "body": bodies[action],
                    "mail_message_id": action.sent_message_id.id,
                    "number": action._get_mobile_number(),
                    "partner_id": action._get_mobile_partner().id,
                }
                for action in self
            ]
        )
        self._record_sendings(
            {
                action: action._prepare_sms_content(bodies[action], sms)
                for action, sms in zip(self, queue_sudo, strict=True)
            }
        )
        # Collectors need no rights on the notifications of the system.
        self.env["mail.notification"].sudo().create(
            [
                {
                    "author_id": sms.mail_message_id.author_id.id,
                    "mail_message_id": sms.mail_message_id.id,
                    "res_partner_id": sms.partner_id.id,
                    "sms_number": sms.number,
                    "notification_type": "sms",
                    "sms_id_int": sms.id,
                    "sms_tracker_ids": [Command.create({"sms_uuid": sms.uuid})],
                    "is_read": True,
                    "notification_status": "ready",
                }
                for sms in queue_sudo
            ]
        )

    # ------------------------------------------------------------------
    # BUSINESS METHODS - RECORDING
    # ------------------------------------------------------------------

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
