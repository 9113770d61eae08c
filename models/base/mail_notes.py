from markupsafe import escape

from odoo import models
from odoo.tools import SQL


# No docstrings: Odoo would take them for those of each model that inherits.
class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    def _dunning_note(self, texts: dict) -> None:
        """Note a text on each of the records, as ``_message_log_batch`` does. What
        several records are told is made once, and copied by one statement: Odoo takes
        as long for each note as for an e-mail.

        :param texts: dict of record id to text, or ``Markup``
        """
        texts = {record.id: escape(texts[record.id]) for record in self}
        told = {}
        for id_, text in texts.items():
            told.setdefault(text, id_)
        firsts = self.browse(told.values())
        notes = firsts._message_log_batch(bodies=texts)
        notes = dict(zip(told, notes, strict=True))
        others = self - firsts
        self.env["mail.message"]._dunning_copy(
            [(notes[texts[record.id]], record.id) for record in others]
        )
        others.invalidate_recordset(["message_ids"], flush=False)
        others.modified(["message_ids"])


class MailMessage(models.Model):
    _inherit = "mail.message"

    def _dunning_copy(self, copies: list) -> None:
        """Copy notes to other records of their models. They have neither files nor
        recipients of their own.

        :param copies: list of pairs of note and id of the record
        """
        if not copies:
            return
        self.flush_model()
        columns = SQL(", ").join(
            SQL.identifier(field.name)
            for field in self._fields.values()
            if field.store and field.column_type and field.name not in ("id", "res_id")
        )
        notes, ids = zip(*copies, strict=True)
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO mail_message (res_id, %(columns)s)
                SELECT target_id, %(columns)s
                  FROM UNNEST(%(notes)s, %(targets)s) AS copy (note_id, target_id)
                  JOIN mail_message ON mail_message.id = note_id
              ORDER BY target_id
                """,
                columns=columns,
                notes=[note.id for note in notes],
                targets=list(ids),
            )
        )
