from odoo import models

from ..base.mail_discreet import DISCREET


class DunningAction(models.Model):
    """Letters that are posted by Odoo's service, for companies that have chosen so;
    all others are printed by a person."""

    _inherit = "dunning.action"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _post_letters(self):
        """Hand the letters to the service that prints and posts them.

        :return: the actions whose letter was made; the others have failed
        """
        made = self._make_letters()
        # Collectors need no rights on the queue of the service.
        letters_sudo = self.env["snailmail.letter"].sudo()
        letters_sudo = letters_sudo.with_context(**DISCREET.context)
        letters_sudo = letters_sudo.create(
            [action._prepare_posted_letter() for action in made]
        )
        for action, letter_sudo in zip(made, letters_sudo, strict=True):
            action.sent_message_id = letter_sudo.message_id
            letter_sudo.message_id.record_company_id = action.company_id
        made._record_sendings(
            {
                action: action._prepare_letter_content(post_id=letter_sudo.id)
                for action, letter_sudo in zip(made, letters_sudo, strict=True)
            }
        )
        made._log_on_invoices()
        return made

    def _prepare_posted_letter(self):
        self.ensure_one()
        return {
            "model": "res.partner",
            "res_id": self.partner_id.id,
            "partner_id": self.contact_id.id,
            "company_id": self.company_id.id,
            "user_id": (self.user_id or self.env.user).id,
            "attachment_id": self.letter_id.id,
            # The address is already where a window envelope shows it.
            "cover": False,
        }

    # ------------------------------------------------------------------
    # BUSINESS METHODS - RECORDING
    # ------------------------------------------------------------------

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
