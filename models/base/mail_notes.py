from markupsafe import Markup, escape

from odoo import models
from odoo.tools import SQL

from .mail_discreet import COMPANY, DISCREET


# No docstrings: Odoo would take them for those of each model that inherits.
class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    def _dunning_note(self, texts: dict) -> None:
        """Note a text on each of the records, as ``_message_log_batch`` does. The first
        note is made by it, and copied by one statement: Odoo takes as long for each
        note as for an e-mail, and nothing but the text tells one from another.

        :param texts: dict of record id to text, or ``Markup``
        """
        first, others = self[:1], self[1:]
        texts = {record.id: escape(texts[record.id]) for record in self}
        note = first._message_log_batch(bodies=texts)
        note._dunning_copy({record.id: texts[record.id] for record in others})
        others.invalidate_recordset(["message_ids"], flush=False)
        others.modified(["message_ids"])

    def _creation_message(self):
        # EXTENDS 'mail': its "created" is of one gender only in French
        if not self.env["dunning.guard"]._is_ours(self):
            return super()._creation_message()
        name = self.env["ir.model"]._get(self._name).name
        return self.env._("Created: %(record)s", record=name)

    def _message_create(self, values_list):
        # EXTENDS 'mail': who works here is told by the company what visitors of a page
        # have done. With the address of a customer it would be taken for a forgery,
        # and answered to the customer
        if self.env.user.share:
            for values in values_list:
                if values.get("message_type") == "user_notification":
                    self._dunning_set_company_as_author(values)
        return super()._message_create(values_list)

    def _dunning_set_company_as_author(self, values: dict) -> None:
        """Let the company of the record tell what a visitor has done; in place, since
        Odoo sends from the same values."""
        company_sudo = self._dunning_get_company_sudo()
        is_visitor = values.get("author_id") == self.env.user.partner_id.id
        if is_visitor and company_sudo and company_sudo.email:
            author_id = company_sudo.partner_id.id
            sender = company_sudo.email_formatted
            reply_to = self._notify_get_reply_to(default=sender, author_id=author_id)
            values |= {
                "author_id": author_id,
                "email_from": sender,
                "reply_to": reply_to[self.id],
            }
            if self.env.user._is_public():
                # Nobody is called so: the page asks for no login.
                body = Markup(values.get("body") or "")
                values["body"] = body.replace(self.env.user.name, company_sudo.name)

    def _message_compute_author(self, author_id=None, email_from=None):
        # EXTENDS 'mail': what visitors of a page do is told to collectors, though they
        # have no address; without a sender no e-mail leaves
        author_id, email_from = super()._message_compute_author(author_id, email_from)
        if not email_from and (company_sudo := self._dunning_get_company_sudo()):
            email_from = company_sudo.email_formatted or email_from
        return author_id, email_from

    def _dunning_get_company_sudo(self):
        """Return the company whose dunning is spoken of on the record, elevated; None
        where it is none."""
        # Whoever writes need not be allowed to read it.
        companies_sudo = self.env["res.company"].sudo()
        if DISCREET.is_set(self.env):
            return companies_sudo.browse(self.env.context.get(COMPANY))
        if self.env["dunning.guard"]._is_ours(self) and "company_id" in self._fields:
            return self[:1].sudo().company_id
        return None


class MailMessage(models.Model):
    _inherit = "mail.message"

    def _dunning_copy(self, texts: dict) -> None:
        """Copy a note to other records of its model, each with a text of its own. It
        has neither files nor recipients.

        :param texts: dict of record id to ``Markup``
        """
        if not texts:
            return
        self.flush_recordset()
        columns = SQL(", ").join(
            SQL.identifier(field.name)
            for field in self._fields.values()
            if field.store
            and field.column_type
            and field.name not in ("id", "res_id", "body")
        )
        # Cleaned as the field cleans what is written to it, each text once.
        body = self._fields["body"]
        clean = {
            text: body.convert_to_column(text, self) for text in set(texts.values())
        }
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO mail_message (res_id, body, %(columns)s)
                SELECT target_id, text, %(columns)s
                  FROM UNNEST(%(targets)s, %(texts)s) AS copy (target_id, text)
                  JOIN mail_message ON mail_message.id = %(note)s
              ORDER BY target_id
                """,
                columns=columns,
                targets=list(texts),
                texts=[clean[text] for text in texts.values()],
                note=self.id,
            )
        )


class MailMail(models.Model):
    _inherit = "mail.mail"

    def _send(self, *args, **kwargs):
        # EXTENDS 'mail': what is sent of dunning is marked in the notifications, those
        # too that an administrator who sends what waits may not read
        ours_sudo = self.sudo().filtered(lambda mail: mail._dunning_is_ours())
        for mails in (self - ours_sudo, ours_sudo):
            if mails:
                super(MailMail, mails)._send(*args, **kwargs)
        return True

    def _postprocess_sent_message(self, *args, **kwargs):
        # EXTENDS 'mail': as above
        mails_sudo = self.sudo()
        is_ours = all(mail._dunning_is_ours() for mail in mails_sudo)
        mails = mails_sudo if is_ours else self
        return super(MailMail, mails)._postprocess_sent_message(*args, **kwargs)

    def _dunning_is_ours(self):
        """Return whether the mail is about dunning."""
        self.ensure_one()
        threads = self.env["mail.thread"]
        is_ours = (self.model or "").startswith("dunning.")
        return is_ours or threads._dunning_is_discreet(self.subtype_id.id)
