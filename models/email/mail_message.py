from markupsafe import Markup

from odoo import models
from odoo.tools import SQL


class MailMessage(models.Model):
    _inherit = "mail.message"

    def unlink(self):
        # EXTENDS 'mail': e-mails are deleted with their messages
        if sent := self._dunning_filter_sent():
            sent._dunning_release_mails()
        return super().unlink()

    def _dunning_set_cleaned_body(self, body: str) -> None:
        """Give a new message the text that cleaning would make of it, without cleaning
        it anew: see ``tools/cleaned_html.py``."""
        self._fields["body"]._update_cache(self, Markup(body), dirty=True)
        self.modified(["body"])

    def _dunning_release_mails(self):
        """Have actions refer to the e-mails of these messages no more, as the database
        does: it follows the two references of an action one after the other, in any
        order, and refuses the first where the action has changed and the e-mail is
        gone. People and code cannot do so: what was done cannot be changed."""
        actions = self.env["dunning.action"]
        actions.flush_model(["mail_id", "sent_message_id"])
        self.env.cr.execute(
            SQL(
                """
                UPDATE dunning_action
                   SET mail_id = NULL
                 WHERE sent_message_id = ANY(%s) AND mail_id IS NOT NULL
                """,
                self.ids,
            )
        )
        actions.invalidate_model(["mail_id"], flush=False)
