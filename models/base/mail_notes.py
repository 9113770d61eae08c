from markupsafe import escape

from odoo import models
from odoo.tools import SQL


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
